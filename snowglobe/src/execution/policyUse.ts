import type { ColumnAttachments, MaskingPolicy, PolicyUse, RowAccessPolicy } from "../catalog/objects";
import { ACCOUNT } from "../catalog/privileges";
import { compilationError, insufficientPrivileges, invalidIdentifier } from "../errors";
import { dataTypeText, type DataType } from "../sql/ast/dataType";
import type {
  ColumnAttachments as AttachedInStatement,
  MaskingPolicyUse,
  RowAccessPolicyUse,
} from "../sql/ast/statements/common";
import { holds } from "./authorize";
import type { StatementContext } from "./context";
import { find } from "./lookup";
import { withTags } from "./tagging";

/** A column as policies see it. */
export interface PolicyColumn extends ColumnAttachments {
  readonly name: string;
  readonly type: DataType;
}

/** What a relation has of columns and policies. */
interface Protected {
  readonly columns: readonly PolicyColumn[];
  readonly rowAccess?: PolicyUse;
}

/** @throws SnowflakeError without APPLY on the policy or on all of its kind */
function requireApply(context: StatementContext, policy: MaskingPolicy | RowAccessPolicy): void {
  if (holds(context, `APPLY ${policy.kind}`, ACCOUNT) || holds(context, "APPLY", policy.id)) return;
  throw insufficientPrivileges(policy.kind.toLowerCase(), policy.name);
}

/** The columns that a policy's arguments stand for, of the arguments' types. */
function argumentColumns(
  policy: MaskingPolicy | RowAccessPolicy,
  names: readonly string[],
  columns: readonly PolicyColumn[],
): readonly string[] {
  if (names.length !== policy.arguments.length) {
    throw compilationError(
      `Policy ${policy.name} takes ${policy.arguments.length} argument(s), not ${names.length}: name a column for each.`,
      "003552",
      "22023",
    );
  }
  for (const [index, name] of names.entries()) {
    const column = columns.find((one) => one.name === name);
    if (!column) throw invalidIdentifier(name);
    const { type } = policy.arguments[index]!;
    if (type.kind === column.type.kind) continue;
    throw compilationError(
      `Column ${name} is of type ${dataTypeText(column.type)}, and policy ${policy.name} takes ${dataTypeText(type)}.`,
      "003553",
      "22023",
    );
  }
  return names;
}

/** @throws SnowflakeError for a column that both kinds of policies would read. Source: "CREATE MASKING POLICY" */
function requireNotShared(context: StatementContext, { columns, rowAccess }: Protected): void {
  if (!rowAccess) return;
  for (const { masking } of columns) {
    if (!masking) continue;
    const policy = context.instance.catalog.object(masking.policyId);
    if (policy?.kind === "MASKING POLICY" && policy.exemptOtherPolicies) continue;
    const shared = masking.columns.find((name) => rowAccess.columns.includes(name));
    if (shared === undefined) continue;
    throw compilationError(
      `Column ${shared} cannot be in the signature of a masking policy and of a row access policy at the same time.`,
      "003554",
      "22023",
    );
  }
}

/** A column with the masking policy that a statement gives it. */
export function maskedColumn<T extends PolicyColumn>(
  context: StatementContext,
  column: T,
  relation: Protected,
  { policy: name, using }: MaskingPolicyUse,
  force = false,
): T {
  const policy = find(context, "MASKING POLICY", name, "SET MASKING POLICY");
  requireApply(context, policy);
  if (column.masking && !force) {
    throw compilationError(
      "Specified column already attached to another masking policy. A column cannot be attached to multiple masking policies. Please drop the current association in order to attach a new masking policy.",
      "003538",
      "22023",
    );
  }
  const columns = using?.map((one) => one.name) ?? [column.name];
  if (columns[0] !== column.name) {
    throw compilationError(`The first column of USING must be the masked one, ${column.name}.`, "003555", "22023");
  }
  const masking = { policyId: policy.id, columns: argumentColumns(policy, columns, relation.columns) };
  const masked = { ...column, masking };
  const all = relation.columns.map((one) => (one.name === column.name ? masked : one));
  const conditional = columns.slice(1).find((one) => all.some((other) => other.name === one && other.masking));
  if (conditional !== undefined) {
    throw compilationError(
      `Column ${conditional} is masked itself and cannot be a conditional column of a masking policy.`,
      "003556",
      "22023",
    );
  }
  requireNotShared(context, { ...relation, columns: all });
  return masked;
}

/** @throws SnowflakeError without the right to take the column's policy away */
export function unmaskedColumn<T extends PolicyColumn>(context: StatementContext, column: T): T {
  const { masking, ...rest } = column;
  const policy = masking && context.instance.catalog.object(masking.policyId);
  if (policy?.kind === "MASKING POLICY") requireApply(context, policy);
  return rest as T;
}

/** A column with the tags and the policy that its definition attaches. */
export function withAttached<T extends PolicyColumn>(
  context: StatementContext,
  column: T,
  relation: Protected,
  definition: AttachedInStatement,
): T {
  const tags = withTags(context, column.tags, definition.tags);
  const tagged = tags ? { ...column, tags } : column;
  if (!definition.maskingPolicy) return tagged;
  const columns = relation.columns.some(({ name }) => name === column.name)
    ? relation.columns
    : [...relation.columns, column];
  return maskedColumn(context, tagged, { ...relation, columns }, definition.maskingPolicy);
}

/** The columns with what their definitions attach. @param definitions one for each column, or none */
export function withAttachments<T extends PolicyColumn>(
  context: StatementContext,
  columns: readonly T[],
  definitions: readonly AttachedInStatement[],
): T[] {
  return columns.map((column, index) => {
    const definition = definitions[index];
    return definition ? withAttached(context, column, { columns }, definition) : column;
  });
}

/** The row access policy that a statement gives to a relation. */
export function rowAccessUse(
  context: StatementContext,
  relation: Protected,
  { policy: name, columns }: RowAccessPolicyUse,
): PolicyUse {
  const policy = find(context, "ROW ACCESS POLICY", name, "ADD ROW ACCESS POLICY");
  requireApply(context, policy);
  if (relation.rowAccess) {
    throw compilationError(
      "Object already has a row access policy. A table or view can have one: drop it first.",
      "003557",
      "22023",
    );
  }
  const names = columns.map((one) => one.name);
  const use = { policyId: policy.id, columns: argumentColumns(policy, names, relation.columns) };
  requireNotShared(context, { ...relation, rowAccess: use });
  return use;
}

/** Checks that the session may take a relation's row access policy away. */
export function requireRemovableRowAccess(context: StatementContext, use: PolicyUse): void {
  const policy = context.instance.catalog.object(use.policyId);
  if (policy?.kind === "ROW ACCESS POLICY") requireApply(context, policy);
}

/** A column's policies after it has another name. */
export function renamedInPolicies(use: PolicyUse, from: string, to: string): PolicyUse {
  return { ...use, columns: use.columns.map((name) => (name === from ? to : name)) };
}
