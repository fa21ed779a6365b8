import type { Role } from "../../catalog/objects";
import { activeRoles, type StatementContext } from "../../execution/context";
import { BOOLEAN, VARCHAR } from "../../sql/ast/dataType";
import { SnowflakeError } from "../../errors";
import type { ArgumentText, ScalarFunction } from "../../translate/environment";
import { literal } from "../../quoting";

/** Ids of the roles in the hierarchy of those that count for whoever reads: not those of a view's owner. */
function rolesInSession({ session, instance }: StatementContext): Set<number> {
  const roles = activeRoles(session.invoker ?? session, instance.catalog);
  return new Set(roles.flatMap((role: Role) => [...instance.privileges.inherited(role)]));
}

function isOneOf(name: string, args: readonly ArgumentText[], names: readonly string[]): ScalarFunction {
  if (args.length !== 1) {
    throw new SnowflakeError(
      "000939",
      "22023",
      `SQL compilation error:\nincorrect argument count for function [${name}]: expected 1, got ${args.length}`,
    );
  }
  const list = names.map(literal).join(", ");
  const template = `CASE WHEN $0 IS NULL THEN NULL ELSE list_contains(CAST([${list}] AS VARCHAR[]), $0) END`;
  return { kind: "template", template, type: BOOLEAN, volatility: "session" };
}

/** IS_ROLE_IN_SESSION(name), where name may be a column. Source: "IS_ROLE_IN_SESSION". */
export function isRoleInSession(args: readonly ArgumentText[], context: StatementContext): ScalarFunction {
  const { catalog } = context.instance;
  const names = [...rolesInSession(context)].map((id) => catalog.object(id)).filter((role) => role?.kind === "ROLE");
  return isOneOf(
    "IS_ROLE_IN_SESSION",
    args,
    names.map((role) => role!.name),
  );
}

/**
 * IS_DATABASE_ROLE_IN_SESSION(name): a role of the current database, which in a policy is the protected table's. Source:
 * "IS_DATABASE_ROLE_IN_SESSION".
 */
export function isDatabaseRoleInSession(args: readonly ArgumentText[], context: StatementContext): ScalarFunction {
  const { catalog } = context.instance;
  const names = [...rolesInSession(context)]
    .map((id) => catalog.object(id))
    .filter((role) => role?.kind === "DATABASE ROLE" && role.parentId === context.session.databaseId);
  return isOneOf(
    "IS_DATABASE_ROLE_IN_SESSION",
    args,
    names.map((role) => role!.name),
  );
}

/** INVOKER_ROLE(): whose rights read, in a view its owner's. Source: "INVOKER_ROLE". */
export function invokerRole(_: readonly ArgumentText[], { session, instance }: StatementContext): ScalarFunction {
  const role = session.roleId === null ? undefined : instance.catalog.object(session.roleId);
  const sql = role ? literal(role.name) : "CAST(NULL AS VARCHAR)";
  return { kind: "expression", sql, type: VARCHAR, volatility: "session" };
}
