import type { DynamicTable, User } from "../catalog/objects";
import { ACCOUNT } from "../catalog/privileges";
import { insufficientPrivileges, SnowflakeError } from "../errors";
import { rolesOfUser } from "../execution/context";
import type { Instance } from "../execution/instance";

/** On whose behalf a refresh runs: beside the owner's role, this user's secondary roles count. */
export interface RefreshUser {
  readonly user: User;
  readonly secondaryRoles: "ALL" | "NONE";
  /** Of REFRESH COPY SESSION: the session's warehouse. */
  readonly warehouse?: string;
}

/** A user's secondary roles, where nothing else is said. Source: "CREATE USER", DEFAULT_SECONDARY_ROLES. */
export function defaultSecondaryRoles({ properties }: User): "ALL" | "NONE" {
  return properties.DEFAULT_SECONDARY_ROLES === "ALL" ? "ALL" : "NONE";
}

/** The user of EXECUTE AS USER; undefined where the table has none, or the user is gone. */
export function executingUser(
  { executeAs }: Pick<DynamicTable, "executeAs">,
  { catalog }: Instance,
): RefreshUser | undefined {
  const user = executeAs && catalog.object(executeAs.userId);
  if (user?.kind !== "USER") return undefined;
  return { user, secondaryRoles: executeAs!.secondaryRoles ?? defaultSecondaryRoles(user) };
}

/** What SHOW and the histories print of it: the user, INVALID for one that is gone, and its secondary roles. */
export function shownUser(
  table: Pick<DynamicTable, "executeAs">,
  instance: Instance,
): { readonly executeAsUser: string | null; readonly secondaryRoles: readonly string[] | null } {
  const { executeAs } = table;
  if (!executeAs) return { executeAsUser: null, secondaryRoles: null };
  const found = executingUser(table, instance);
  return { executeAsUser: found?.user.name ?? "INVALID", secondaryRoles: found ? [found.secondaryRoles] : null };
}

/**
 * Checks that a table may be refreshed as its user: the owner's role needs IMPERSONATE on the user, who must have that
 * role. Source: "Dynamic table access control", EXECUTE AS USER.
 *
 * @throws SnowflakeError when it may not, or the user is gone
 */
export function requireExecutingUser(
  table: Pick<DynamicTable, "executeAs" | "owner">,
  { catalog, privileges }: Instance,
): void {
  if (!table.executeAs) return;
  const user = catalog.object(table.executeAs.userId);
  if (user?.kind !== "USER") {
    throw new SnowflakeError(
      "002003",
      "02000",
      "SQL compilation error:\nThe user of EXECUTE AS USER does not exist or not authorized.",
    );
  }
  const owner = table.owner === null ? undefined : catalog.find("ROLE", ACCOUNT, table.owner);
  const impersonates = owner !== undefined && privileges.holds([owner], "IMPERSONATE", user.id);
  const hasRole =
    owner !== undefined && rolesOfUser(user, catalog).some((own) => privileges.inherited(own).has(owner.id));
  if (!impersonates || !hasRole) throw insufficientPrivileges("user", user.name);
}
