import type { Grant } from "../../catalog/objects";
import { ACCOUNT, ALERT_VIEWER } from "../../catalog/privileges";
import { unsupported } from "../../errors";
import type { ObjectName } from "../../sql/ast/identifier";
import type { GrantRole } from "../../sql/ast/statements/security";
import { currentRole, requireOnAccount } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { findOnAccount, nameText } from "../../execution/lookup";
import { succeeded } from "../../execution/outcome";

/** The one role of the database SNOWFLAKE that this server has, as grants show it. */
export const ALERT_VIEWER_NAME = "SNOWFLAKE.ALERT_VIEWER";

/** Whether a database role is one of the database SNOWFLAKE. @throws SnowflakeError for those that are not done */
export function isAlertViewerRole(role: ObjectName): boolean {
  if (role.length < 2 || role[0]!.name !== "SNOWFLAKE") return false;
  if (nameText(role) !== ALERT_VIEWER_NAME) throw unsupported(`DATABASE ROLE ${nameText(role)}`);
  return true;
}

/**
 * GRANT and REVOKE of the database role SNOWFLAKE.ALERT_VIEWER. Sources: "GRANT DATABASE ROLE", "SNOWFLAKE database
 * roles".
 */
export const grantAlertViewer: Handler<GrantRole> = async (statement, context) => {
  if (statement.grantee.kind !== "ROLE") throw unsupported(`a database role for a ${statement.grantee.kind}`);
  const role = findOnAccount(context, "ROLE", statement.grantee.name);
  requireOnAccount(context, "MANAGE GRANTS");
  const grant: Grant = {
    privilege: ALERT_VIEWER,
    objectId: ACCOUNT,
    granteeKind: "ROLE",
    granteeId: role.id,
    grantOption: false,
    grantedBy: currentRole(context),
    createdOn: context.startedOn,
  };
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    if (statement.kind === "grantRole") change.grant(grant);
    else change.revoke(grant);
  });
  return succeeded();
};

/** Who has been granted SNOWFLAKE.ALERT_VIEWER. */
export function alertViewerGrants({ instance }: StatementContext): Grant[] {
  return instance.catalog.grantsOn(ACCOUNT).filter((grant) => grant.privilege === ALERT_VIEWER);
}
