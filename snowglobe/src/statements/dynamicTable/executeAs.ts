import type { DynamicTable } from "../../catalog/objects";
import { unsupported } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { findOnAccount } from "../../execution/lookup";
import { executingUser, requireExecutingUser, type RefreshUser } from "../../refresh/refreshUser";
import type { ExecuteAsUser } from "../../sql/ast/statements/dynamicTable";

/**
 * What a dynamic table keeps of EXECUTE AS USER. Source: "Dynamic table access control", EXECUTE AS USER.
 *
 * @param owner name of the role that owns the table
 * @throws SnowflakeError for a user that is not there, or on whose behalf the role may not act
 */
export function executeAsOf(
  clause: ExecuteAsUser,
  owner: string | null,
  context: StatementContext,
): NonNullable<DynamicTable["executeAs"]> {
  const { secondaryRoles } = clause;
  if (typeof secondaryRoles === "object") throw unsupported("USE SECONDARY ROLES with a list");
  const user = findOnAccount(context, "USER", [clause.user]);
  const executeAs = { userId: user.id, ...(secondaryRoles && { secondaryRoles }) };
  requireExecutingUser({ executeAs, owner }, context.instance);
  return executeAs;
}

/** Whose rights the query is bound with, when the table is made: as its refreshes will be. */
export function actingAs(clause: ExecuteAsUser, context: StatementContext): RefreshUser {
  const { secondaryRoles } = clause;
  if (typeof secondaryRoles === "object") throw unsupported("USE SECONDARY ROLES with a list");
  const { id: userId } = findOnAccount(context, "USER", [clause.user]);
  return executingUser({ executeAs: { userId, ...(secondaryRoles && { secondaryRoles }) } }, context.instance)!;
}
