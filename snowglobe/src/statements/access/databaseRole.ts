import type { Grant } from "../../catalog/objects";
import { ACCOUNT, ALERT_VIEWER } from "../../catalog/privileges";
import { unsupported } from "../../errors";
import type { ObjectName } from "../../sql/ast/identifier";
import type { GrantRole } from "../../sql/ast/statements/security";
import { currentRole, requireOnAccount } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { findOnAccount, nameText } from "../../execution/lookup";
import { succeeded } from "../../execution/outcome";

/** The one database role that this server has, as grants show it. */
export const ALERT_VIEWER_NAME = "SNOWFLAKE.ALERT_VIEWER";

/** @throws SnowflakeError for every database role but SNOWFLAKE.ALERT_VIEWER */
export function requireAlertViewer(role: ObjectName): void {
  if (nameText(role) !== ALERT_VIEWER_NAME) throw unsupported(`DATABASE ROLE ${nameText(role)}`);
}

/**
 * GRANT and REVOKE of the database role SNOWFLAKE.ALERT_VIEWER. Sources: "GRANT DATABASE ROLE", "SNOWFLAKE database
 * roles".
 */
export const grantDatabaseRole: Handler<GrantRole> = async (statement, context) => {
  requireAlertViewer(statement.role);
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
