import { ACCOUNT, ALERT_VIEWER } from "../../catalog/privileges";
import { holds } from "../../execution/authorize";
import { activeRoles, type StatementContext } from "../../execution/context";

/** Whether the session acts with ACCOUNTADMIN, directly or by a role that inherits it. */
export function isAccountAdmin({ session, instance }: StatementContext): boolean {
  const { catalog, privileges } = instance;
  const admin = catalog.find("ROLE", ACCOUNT, "ACCOUNTADMIN");
  return admin !== undefined && activeRoles(session, catalog).some((role) => privileges.inherited(role).has(admin.id));
}

/** Whether the session may call SNOWFLAKE.ALERT.*: with the database role SNOWFLAKE.ALERT_VIEWER, or as ACCOUNTADMIN. */
export function isAlertViewer(context: StatementContext): boolean {
  return holds(context, ALERT_VIEWER, ACCOUNT) || isAccountAdmin(context);
}
