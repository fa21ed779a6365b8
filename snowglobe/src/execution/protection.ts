import type { CatalogObject, MaskingPolicy, RelationObject, RowAccessPolicy } from "../catalog/objects";
import { SnowflakeError } from "../errors";
import { parseExpression } from "../sql";
import { dataTypeText, VARCHAR } from "../sql/ast/dataType";
import type { BindEnvironment, PolicyCall, RelationProtection, ScalarFunction } from "../translate/environment";
import type { StatementContext } from "./context";
import { ownerContext } from "./ownerContext";
import type { PolicyColumn } from "./policyUse";
import { effectiveTags } from "./tagging";

/**
 * How the policies of a table or view stand between its rows and a query. Sources: "Understanding row access policies",
 * "Understanding Column-level Security", "Tag-based masking policies".
 *
 * @param environmentOf what the names of a policy's expression mean in its owner's context
 */
export function protectionOf(
  relation: RelationObject,
  context: StatementContext,
  environmentOf: (inside: StatementContext) => BindEnvironment,
): RelationProtection | undefined {
  const { catalog } = context.instance;
  const masks = new Map<string, PolicyCall>();
  for (const column of relation.columns as readonly PolicyColumn[]) {
    const found = maskOf(relation, column, context);
    if (!found) continue;
    const environment = policyEnvironment(found.policy, relation, column, context, environmentOf);
    masks.set(column.name, callOf(found.policy, found.columns, environment));
  }
  const { rowAccess } = relation;
  const policy = rowAccess && catalog.object(rowAccess.policyId);
  const rows =
    policy?.kind === "ROW ACCESS POLICY"
      ? callOf(policy, rowAccess!.columns, policyEnvironment(policy, relation, undefined, context, environmentOf))
      : undefined;
  if (masks.size === 0 && !rows) return undefined;
  return { masks, ...(rows && { rows }) };
}

interface Mask {
  readonly policy: MaskingPolicy;
  readonly columns: readonly string[];
}

/** The policy that masks a column: its own, else one of its tags'. */
function maskOf(relation: RelationObject, column: PolicyColumn, context: StatementContext): Mask | undefined {
  const { catalog } = context.instance;
  const own = column.masking && catalog.object(column.masking.policyId);
  if (own?.kind === "MASKING POLICY") return { policy: own, columns: column.masking!.columns };
  const byTag = effectiveTags(context, relation, column.tags).flatMap(({ tag }) =>
    (tag.maskingPolicies ?? []).map((id) => catalog.object(id)),
  );
  const fitting = byTag.filter(
    (policy): policy is MaskingPolicy =>
      policy?.kind === "MASKING POLICY" && policy.arguments[0]!.type.kind === column.type.kind,
  );
  const [policy, ...others] = fitting;
  if (!policy) return undefined;
  if (others.some((other) => other.id !== policy.id)) {
    throw policyError(`Column ${column.name} is protected by several tag-based masking policies.`);
  }
  const conditional = policy.arguments.slice(1).map(({ name, type }) => {
    const match = relation.columns.find((one) => one.name === name && one.type.kind === type.kind);
    if (match) return name;
    throw policyError(`Masking policy ${policy.name} needs a column ${name} of type ${dataTypeText(type)}.`);
  });
  return { policy, columns: [column.name, ...conditional] };
}

function policyError(message: string): SnowflakeError {
  return new SnowflakeError("003558", "22023", `SQL compilation error:\n${message}`);
}

function callOf(
  policy: MaskingPolicy | RowAccessPolicy,
  columns: readonly string[],
  environment: BindEnvironment,
): PolicyCall {
  return {
    columns,
    parameters: policy.arguments.map(({ name }) => name),
    body: parseExpression(policy.body),
    text: policy.body,
    environment,
  };
}

/**
 * A policy's expression sees names as its owner does, the roles as the session has them, and the database and schema of
 * the protected table as current.
 */
function policyEnvironment(
  policy: CatalogObject,
  relation: RelationObject,
  column: PolicyColumn | undefined,
  context: StatementContext,
  environmentOf: (inside: StatementContext) => BindEnvironment,
): BindEnvironment {
  const { catalog } = context.instance;
  const environment = environmentOf(ownerContext(context, policy));
  const schema = catalog.schemaOf(relation);
  const { roleId } = context.session;
  const invoker = roleId === null ? undefined : catalog.object(roleId);
  const tagOn = (own: PolicyColumn["tags"], name: string | null | undefined): ScalarFunction => {
    const wanted = (name ?? "").toUpperCase().split(".").at(-1);
    const found = effectiveTags(context, relation, own).find(({ tag }) => tag.name.toUpperCase() === wanted);
    return found
      ? { kind: "text", value: found.value }
      : { kind: "expression", sql: "CAST(NULL AS VARCHAR)", type: VARCHAR, volatility: "session" };
  };
  return {
    ...environment,
    session: {
      ...environment.session,
      currentDatabase: catalog.databaseOf(relation).name,
      currentSchema: schema.name,
    },
    resolveScalarFunction: (name, args) => {
      switch (name.map((part) => part.name).join(".")) {
        case "INVOKER_ROLE":
          return { kind: "text", value: invoker?.name ?? "" };
        case "SYSTEM$GET_TAG_ON_CURRENT_COLUMN":
          return tagOn(column?.tags, args[0]?.constant);
        case "SYSTEM$GET_TAG_ON_CURRENT_TABLE":
          return tagOn(undefined, args[0]?.constant);
        default:
          return environment.resolveScalarFunction?.(name, args);
      }
    },
  };
}
