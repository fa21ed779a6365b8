import { dataTypeText } from "../ast/dataType";
import type { ObjectName } from "../ast/identifier";
import type { StatementOf } from "../ast/statement";
import type { AttachmentAction } from "../ast/statements/attachment";
import type { AlterPolicy } from "../ast/statements/policy";
import type { AlterTag } from "../ast/statements/tag";
import { printMaskingPolicyUse, printRowAccessPolicyUse, printTag } from "./attachments";
import { printHead } from "./head";
import { printIdentifier, printObjectName, words } from "./name";
import { printProperties } from "./property";
import { printExpression } from "./query";
import { quoteString, quoteIfNeeded } from "../../quoting";

export type GovernanceKind =
  | "createTag"
  | "alterTag"
  | "createMaskingPolicy"
  | "createRowAccessPolicy"
  | "alterMaskingPolicy"
  | "alterRowAccessPolicy"
  | "alterAttachments";

/** Tags, policies, and what attaches them. */
export function printGovernance(statement: StatementOf<GovernanceKind>): string {
  switch (statement.kind) {
    case "createTag":
      return words(
        printHead(statement, "TAG"),
        statement.allowedValues && `ALLOWED_VALUES ${texts(statement.allowedValues)}`,
        printProperties(statement.properties),
      );
    case "alterTag":
      return words("ALTER TAG", target(statement), tagAction(statement.action));
    case "createMaskingPolicy":
    case "createRowAccessPolicy": {
      const args = statement.arguments.map(({ name, type }) => `${printIdentifier(name)} ${dataTypeText(type)}`);
      return words(
        printHead(statement, policyKind(statement.kind)),
        `AS (${args.join(", ")}) RETURNS ${dataTypeText(statement.returns)}`,
        `-> ${printExpression(statement.body.expression)}`,
        printProperties(statement.properties),
      );
    }
    case "alterMaskingPolicy":
    case "alterRowAccessPolicy":
      return words("ALTER", policyKind(statement.kind), target(statement), policyAction(statement.action));
    case "alterAttachments":
      return words(
        `ALTER ${statement.objectKind}`,
        target(statement),
        statement.argumentTypes && `(${statement.argumentTypes.join(", ")})`,
        attachmentActions(statement.actions),
      );
  }
}

function policyKind(kind: Exclude<GovernanceKind, "createTag" | "alterTag" | "alterAttachments">): string {
  return kind.endsWith("MaskingPolicy") ? "MASKING POLICY" : "ROW ACCESS POLICY";
}

function target({ ifExists, name }: Pick<AlterTag, "ifExists" | "name">): string {
  return words(ifExists && "IF EXISTS", printObjectName(name));
}

function texts(values: readonly string[]): string {
  return values.map(quoteString).join(", ");
}

type Common = Extract<AlterTag["action"], AlterPolicy["action"]>;

function commonAction(action: Common): string {
  switch (action.action) {
    case "renameTo":
      return `RENAME TO ${printObjectName(action.name)}`;
    case "set":
      return `SET ${printProperties(action.properties)}`;
    case "unset":
      return `UNSET ${action.names.map(quoteIfNeeded).join(", ")}`;
  }
}

function tagAction(action: AlterTag["action"]): string {
  switch (action.action) {
    case "setAllowedValues":
      return words(`SET ALLOWED_VALUES ${texts(action.values)}`, printProperties(action.properties));
    case "addAllowedValues":
      return `ADD ALLOWED_VALUES ${texts(action.values)}`;
    case "dropAllowedValues":
      return `DROP ALLOWED_VALUES ${texts(action.values)}`;
    case "setMaskingPolicies":
      return words("SET", policies(action.policies), action.force && "FORCE");
    case "unsetMaskingPolicies":
      return words("UNSET", policies(action.policies));
    default:
      return commonAction(action);
  }
}

function policies(names: readonly ObjectName[]): string {
  return names.map((name) => `MASKING POLICY ${printObjectName(name)}`).join(", ");
}

function policyAction(action: AlterPolicy["action"]): string {
  return action.action === "setBody" ? `SET BODY -> ${printExpression(action.body.expression)}` : commonAction(action);
}

function attachmentActions(actions: readonly AttachmentAction[]): string {
  const columns = actions.flatMap((action) =>
    "column" in action && action.column ? [`COLUMN ${printIdentifier(action.column)} ${attachmentAction(action)}`] : [],
  );
  return columns.length > 0 ? `MODIFY ${columns.join(", ")}` : actions.map(attachmentAction).join(", ");
}

function attachmentAction(action: AttachmentAction): string {
  switch (action.action) {
    case "setTags":
      return `SET TAG ${action.tags.map(printTag).join(", ")}`;
    case "unsetTags":
      return `UNSET TAG ${action.names.map(printObjectName).join(", ")}`;
    case "setMaskingPolicy":
      return words(`SET ${printMaskingPolicyUse(action.use)}`, action.force && "FORCE");
    case "unsetMaskingPolicy":
      return "UNSET MASKING POLICY";
    case "addRowAccessPolicy":
      return `ADD ${printRowAccessPolicyUse(action.use)}`;
    case "dropRowAccessPolicy":
      return `DROP ROW ACCESS POLICY ${printObjectName(action.policy)}`;
    case "dropAllRowAccessPolicies":
      return "DROP ALL ROW ACCESS POLICIES";
  }
}
