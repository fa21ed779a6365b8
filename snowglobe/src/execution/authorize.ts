import { ACCOUNT } from "../catalog/privileges";
import type { CatalogObject, View } from "../catalog/objects";
import { doesNotExist, insufficientPrivileges, SnowflakeError } from "../errors";
import { activeRoles, type StatementContext } from "./context";

/**
 * Checks of who may do what, with Snowflake's errors: what a role may not see at all is said not to exist, what it sees
 * but may not do is refused by name. Source: "Overview of access control".
 */

/** The name of the session's primary role: it owns what the session makes. */
export function currentRole(context: StatementContext): string {
  const { session, instance } = context;
  const role = activeRoles(session, instance.catalog).find(({ id }) => id === session.roleId);
  if (!role) {
    throw new SnowflakeError(
      "003001",
      "42501",
      "SQL access control error:\nThis session has no role. Call 'USE ROLE'.",
    );
  }
  return role.name;
}

/** Whether the session acts with ACCOUNTADMIN. */
export function isAccountAdministrator({ session, instance }: StatementContext): boolean {
  return activeRoles(session, instance.catalog).some((role) => role.name === "ACCOUNTADMIN");
}

export function holds(context: StatementContext, privilege: string, objectId: number): boolean {
  return context.instance.privileges.holds(activeRoles(context.session, context.instance.catalog), privilege, objectId);
}

export function owns(context: StatementContext, object: CatalogObject): boolean {
  return context.instance.privileges.owns(activeRoles(context.session, context.instance.catalog), object);
}

/** Whether the session may know of the object: any privilege on it or, for a container, on something in it. */
export function sees(context: StatementContext, object: CatalogObject): boolean {
  if (object.sessionId !== undefined) return object.sessionId === context.session.id;
  const { catalog, privileges } = context.instance;
  return privileges.seesWithin(activeRoles(context.session, catalog), object);
}

/** A view's text; that of a secure view is for its owner's eyes. Source: "Working with secure views". */
export function viewText(context: StatementContext, view: View): string | null {
  return view.secure && !owns(context, view) ? null : view.text;
}

/** @throws SnowflakeError unless the session holds one of the privileges on the object, or owns it */
export function requirePrivilege(context: StatementContext, object: CatalogObject, ...privileges: string[]): void {
  if (object.sessionId === context.session.id) return;
  if (privileges.some((privilege) => holds(context, privilege, object.id))) return;
  throw refusal(context, object);
}

export function requireOwnership(context: StatementContext, object: CatalogObject): void {
  if (object.sessionId === context.session.id || owns(context, object)) return;
  throw refusal(context, object);
}

/** @throws SnowflakeError unless the session holds the privilege on the account */
export function requireOnAccount(context: StatementContext, ...privileges: string[]): void {
  if (privileges.some((privilege) => holds(context, privilege, ACCOUNT))) return;
  throw insufficientPrivileges("account", context.instance.accountName);
}

/** The error for an object that the session may not use in this way. */
function refusal(context: StatementContext, object: CatalogObject): SnowflakeError {
  const name = context.instance.catalog.fullName(object);
  if (!sees(context, object)) return doesNotExist(shownKind(object), name);
  return insufficientPrivileges(
    object.kind === "DYNAMIC TABLE" ? "dynamic table" : object.kind.toLowerCase(),
    object.name,
  );
}

/** The word for a kind in "... does not exist or not authorized". */
export function shownKind(object: Pick<CatalogObject, "kind">): string {
  switch (object.kind) {
    case "TABLE":
    case "VIEW":
    case "DYNAMIC TABLE":
      return "Object";
    case "NOTIFICATION INTEGRATION":
      return "Integration";
    default:
      return object.kind.charAt(0) + object.kind.slice(1).toLowerCase();
  }
}
