import type { BaseObject, ColumnAttachments, MaskingPolicy, PolicyUse, RelationObject } from "../catalog/objects";
import { ACCOUNT } from "../catalog/privileges";
import { qualified, quoteIfNeeded, quoteString } from "../quoting";
import { holds } from "./authorize";
import type { StatementContext } from "./context";

/**
 * The clauses that set tags and policies again. Who may not apply those of a kind reads that there are some, not which.
 * Source: "GET_DDL", table and view objects with a tag or policy.
 */

/** What is attached to a column: its masking policy and its tags. */
export function columnAttachments({ masking, tags }: ColumnAttachments, context: StatementContext): string[] {
  const policy = masking && policyName("MASKING POLICY", masking, context);
  const using = masking && masking.columns.length > 1 ? ` USING (${columnNames(masking.columns)})` : "";
  return [...(policy === undefined ? [] : [`WITH MASKING POLICY ${policy}${using}`]), ...tagClauses(tags, context)];
}

/** What is attached to a table or view as a whole: its row access policy and its tags. */
export function relationAttachments({ rowAccess, tags }: RelationObject, context: StatementContext): string[] {
  const policy = rowAccess && policyName("ROW ACCESS POLICY", rowAccess, context);
  return [
    ...(policy === undefined ? [] : [`WITH ROW ACCESS POLICY ${policy} ON (${columnNames(rowAccess!.columns)})`]),
    ...tagClauses(tags, context),
  ];
}

/** `MASKING POLICY p` of each policy of a tag. */
export function maskingPolicies(policies: readonly MaskingPolicy["id"][], context: StatementContext): string[] {
  return policies.map((policyId) => `masking policy ${policyName("MASKING POLICY", { policyId }, context)}`);
}

/** Tags by their names, in order. */
function tagClauses(tags: BaseObject["tags"], context: StatementContext): string[] {
  const assignments = tagAssignments(tags, context);
  return assignments.length === 0 ? [] : [`WITH TAG (${assignments.join(", ")})`];
}

/** `name='value'` of each tag that is not dropped. */
export function tagAssignments(tags: BaseObject["tags"], context: StatementContext): string[] {
  const { catalog } = context.instance;
  const known = holds(context, "APPLY TAG", ACCOUNT);
  return (tags ?? [])
    .flatMap(({ tagId, value }) => {
      const tag = catalog.object(tagId);
      return tag?.kind === "TAG" && tag.droppedOn === undefined ? [{ tag, value }] : [];
    })
    .sort((a, b) => (a.tag.name < b.tag.name ? -1 : 1))
    .map(({ tag, value }) =>
      known ? `${qualified(catalog.pathOf(tag))}=${quoteString(value)}` : "#UNKNOWN_TAG='#UNKNOWN_VALUE'",
    );
}

function policyName(
  kind: "MASKING POLICY" | "ROW ACCESS POLICY",
  { policyId }: Pick<PolicyUse, "policyId">,
  context: StatementContext,
): string | undefined {
  const { catalog } = context.instance;
  const policy = catalog.object(policyId);
  if (!policy) return undefined;
  return holds(context, `APPLY ${kind}`, ACCOUNT) ? qualified(catalog.pathOf(policy)) : "#UNKNOWN_POLICY";
}

function columnNames(names: readonly string[]): string {
  return names.map(quoteIfNeeded).join(", ");
}
