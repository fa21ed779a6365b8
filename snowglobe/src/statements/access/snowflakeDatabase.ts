import type { Grant } from "../../catalog/objects";
import { ACCOUNT, ALERT_VIEWER, IMPORTED_PRIVILEGES } from "../../catalog/privileges";
import { compilationError, unsupported } from "../../errors";
import type { ObjectName } from "../../sql/ast/identifier";
import type { Grantee, GrantPrivileges, GrantRole } from "../../sql/ast/statements/security";
import { SNOWFLAKE } from "../../execution/accountUsage";
import { currentRole, requireOnAccount } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { findOnAccount, nameText } from "../../execution/lookup";
import { succeeded, type Outcome } from "../../execution/outcome";

/** The one role of the database SNOWFLAKE that this server has, as grants show it. */
export const ALERT_VIEWER_NAME = "SNOWFLAKE.ALERT_VIEWER";

/** Rights to the database SNOWFLAKE, which are kept as privileges on the account, as SHOW GRANTS has them. */
export const SNOWFLAKE_RIGHTS: ReadonlyMap<string, { readonly grantedOn: string; readonly name: string }> = new Map([
  [ALERT_VIEWER, { grantedOn: "DATABASE_ROLE", name: ALERT_VIEWER_NAME }],
  [IMPORTED_PRIVILEGES, { grantedOn: "DATABASE", name: SNOWFLAKE }],
]);

/** Whether a database role is one of the database SNOWFLAKE. @throws SnowflakeError for those that are not done */
export function isAlertViewerRole(role: ObjectName): boolean {
  if (role.length < 2 || role[0]!.name !== SNOWFLAKE) return false;
  if (nameText(role) !== ALERT_VIEWER_NAME) throw unsupported(`DATABASE ROLE ${nameText(role)}`);
  return true;
}

/**
 * GRANT and REVOKE of the database role SNOWFLAKE.ALERT_VIEWER. Sources: "GRANT DATABASE ROLE", "SNOWFLAKE database
 * roles".
 */
export const grantAlertViewer: Handler<GrantRole> = (statement, context) =>
  change(ALERT_VIEWER, statement.grantee, statement.kind === "grantRole", context);

/** Whether privileges are on the database SNOWFLAKE, which the account has beside its own. */
export function isOnSnowflake({ on }: GrantPrivileges): boolean {
  return on.kind === "object" && on.objectKind === "DATABASE" && nameText(on.name) === SNOWFLAKE;
}

/** GRANT and REVOKE of IMPORTED PRIVILEGES. Source: "Enabling other roles to use schemas in the SNOWFLAKE database". */
export const grantImported: Handler<GrantPrivileges> = (statement, context) => {
  const [privilege, ...more] = statement.privileges === "ALL" ? ["ALL"] : statement.privileges;
  if (privilege !== "IMPORTED PRIVILEGES" || more.length > 0) {
    throw compilationError("On the database SNOWFLAKE only IMPORTED PRIVILEGES can be granted.", "003008", "42601");
  }
  if (statement.grantOption) throw unsupported("IMPORTED PRIVILEGES WITH GRANT OPTION");
  return change(IMPORTED_PRIVILEGES, statement.grantee, statement.kind === "grantPrivileges", context);
};

async function change(privilege: string, grantee: Grantee, give: boolean, context: StatementContext): Promise<Outcome> {
  if (grantee.kind !== "ROLE") throw unsupported(`rights to the database SNOWFLAKE for a ${grantee.kind}`);
  const role = findOnAccount(context, "ROLE", grantee.name);
  requireOnAccount(context, "MANAGE GRANTS");
  const grant: Grant = {
    privilege,
    objectId: ACCOUNT,
    granteeKind: "ROLE",
    granteeId: role.id,
    grantOption: false,
    grantedBy: currentRole(context),
    createdOn: context.startedOn,
  };
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const changed = await begin();
    if (give) changed.grant(grant);
    else changed.revoke(grant);
  });
  return succeeded();
}

/** Who has been granted SNOWFLAKE.ALERT_VIEWER. */
export function alertViewerGrants({ instance }: StatementContext): Grant[] {
  return instance.catalog.grantsOn(ACCOUNT).filter((grant) => grant.privilege === ALERT_VIEWER);
}
