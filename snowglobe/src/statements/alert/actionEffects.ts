import { parseStatement } from "../../sql";
import { SENDERS } from "../notification/sendNotification";
import { nodesOf } from "../../sql/syntaxNodes";

/** Statements that change something other than rows, or may. */
const OTHER = /^(create|alter|drop|undrop|comment|grant|revoke|execute|copyIntoLocation|put|remove)/;

/** Whether all that an action commits are rows and mails: then the record of its run can go into its first commit. */
export function carriesRecord(action: string): boolean {
  for (const node of nodesOf(parseStatement(action))) {
    if (typeof node.kind !== "string") continue;
    if (OTHER.test(node.kind) || (node.kind === "call" && "procedure" in node && !sends(node.procedure))) return false;
  }
  return true;
}

function sends(procedure: unknown): boolean {
  const { name } = procedure as { readonly name: readonly { readonly name: string }[] };
  return name.length === 1 && Object.hasOwn(SENDERS, name[0]!.name);
}
