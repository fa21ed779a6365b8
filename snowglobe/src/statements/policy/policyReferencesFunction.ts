import type { Database } from "../../catalog/objects";
import { ACCOUNT } from "../../catalog/privileges";
import { compilationError, doesNotExist, unsupported } from "../../errors";
import { holds, owns } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { constantArgument, namedArguments } from "../../execution/functionArguments";
import { findRelation, tryFind } from "../../execution/lookup";
import { TEXT } from "../../execution/outcome";
import { type ShownColumn, databaseName, schemaName, shownRelation } from "../../execution/shownColumn";
import { parseObjectName } from "../../sql";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { policyReferences, type PolicyReference } from "./policyReferences";
import { policyKind } from "./showPolicies";

export const COLUMNS: readonly ShownColumn<PolicyReference>[] = [
  ["POLICY_DB", TEXT, ({ policy }, context) => databaseName(policy, context)],
  ["POLICY_SCHEMA", TEXT, ({ policy }, context) => schemaName(policy, context)],
  ["POLICY_NAME", TEXT, ({ policy }) => policy.name],
  ["POLICY_KIND", TEXT, ({ policy }) => policyKind(policy)],
  ["REF_DATABASE_NAME", TEXT, ({ on }, context) => databaseName(on, context)],
  ["REF_SCHEMA_NAME", TEXT, ({ on }, context) => schemaName(on, context)],
  ["REF_ENTITY_NAME", TEXT, ({ on }) => on.name],
  ["REF_ENTITY_DOMAIN", TEXT, ({ on }) => (on.kind === "DYNAMIC TABLE" ? "TABLE" : on.kind)],
  ["REF_COLUMN_NAME", TEXT, ({ column }) => column],
  ["REF_ARG_COLUMN_NAMES", TEXT, ({ columns }) => (columns.length > 0 ? JSON.stringify(columns) : null)],
  ["TAG_DATABASE", TEXT, ({ on }, context) => (on.kind === "TAG" ? databaseName(on, context) : null)],
  ["TAG_SCHEMA", TEXT, ({ on }, context) => (on.kind === "TAG" ? schemaName(on, context) : null)],
  ["TAG_NAME", TEXT, ({ on }) => (on.kind === "TAG" ? on.name : null)],
  ["POLICY_STATUS", TEXT, () => "ACTIVE"],
];

/** INFORMATION_SCHEMA.POLICY_REFERENCES(...): of a policy, or of a table, view or tag. Source: "POLICY_REFERENCES". */
export function policyReferencesRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const given = namedArguments(args, ["POLICY_NAME", "POLICY_KIND", "REF_ENTITY_NAME", "REF_ENTITY_DOMAIN"]);
  if (constantArgument(given, "POLICY_KIND")) throw unsupported("POLICY_REFERENCES of a POLICY_KIND");
  const policy = constantArgument(given, "POLICY_NAME");
  const entity = constantArgument(given, "REF_ENTITY_NAME");
  const domain = constantArgument(given, "REF_ENTITY_DOMAIN");
  if ((policy === undefined) === (entity === undefined) || (entity === undefined) !== (domain === undefined)) {
    throw compilationError(
      "POLICY_REFERENCES takes POLICY_NAME, or REF_ENTITY_NAME and REF_ENTITY_DOMAIN.",
      "001015",
      "22023",
    );
  }
  const wanted = policy ? policyId(policy, context) : entityId(entity!, domain!, context);
  const found = policyReferences(context.instance.catalog).filter(
    (one) => (policy ? one.policy.id : one.on.id) === wanted && mayKnow(one, context),
  );
  return shownRelation([database.name, "INFORMATION_SCHEMA", "POLICY_REFERENCES"], COLUMNS, found, context);
}

function policyId(name: string, context: StatementContext): number {
  const parsed = parseObjectName(name);
  for (const kind of ["MASKING POLICY", "ROW ACCESS POLICY"] as const) {
    const found = tryFind(context, kind, parsed, "SELECT");
    if (found) return found.id;
  }
  throw doesNotExist("Policy", name);
}

function entityId(name: string, domain: string, context: StatementContext): number {
  const parsed = parseObjectName(name);
  switch (domain.toUpperCase()) {
    case "TABLE":
    case "VIEW":
      return findRelation(context, parsed, "SELECT").id;
    case "TAG": {
      const tag = tryFind(context, "TAG", parsed, "SELECT");
      if (!tag) throw doesNotExist("Tag", name);
      return tag.id;
    }
    default:
      throw unsupported(`POLICY_REFERENCES of ${domain.toUpperCase()}`);
  }
}

/** Source: "POLICY_REFERENCES", usage notes. */
function mayKnow({ policy, on }: PolicyReference, context: StatementContext): boolean {
  if (holds(context, `APPLY ${policy.kind}`, ACCOUNT)) return true;
  return owns(context, on) && holds(context, "APPLY", policy.id);
}
