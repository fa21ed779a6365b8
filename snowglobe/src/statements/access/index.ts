import type { StatementModule } from "../../execution/statementModule";
import { ACCESS_USAGE } from "./accessUsage";
import { showAccessTokens } from "./accessTokens";
import { grantOwnership, grantPrivileges, grantRole } from "./grant";
import { invokerRole, isDatabaseRoleInSession, isRoleInSession } from "./roleFunctions";
import { alterRole, createRole, showRoles } from "./role";
import { showGrants } from "./showGrants";
import { createDatabaseRole, showDatabaseRoles } from "./databaseRole";
import { describeUser } from "./describeUser";
import { alterUser, createUser, showUsers } from "./user";

/** Users, roles, and what they may do. */
export const accessModule: StatementModule = {
  definitions: {
    createRole,
    createDatabaseRole,
    alterRole,
    createUser,
    alterUser,
    grantPrivileges,
    revokePrivileges: grantPrivileges,
    grantRole,
    revokeRole: grantRole,
    grantOwnership,
  },
  queries: { showGrants },
  show: {
    ROLES: showRoles,
    "DATABASE ROLES": showDatabaseRoles,
    USERS: showUsers,
    "USER PROGRAMMATIC ACCESS TOKENS": showAccessTokens,
  },
  describe: { USER: describeUser },
  functions: {
    IS_ROLE_IN_SESSION: isRoleInSession,
    IS_DATABASE_ROLE_IN_SESSION: isDatabaseRoleInSession,
    INVOKER_ROLE: invokerRole,
  },
  accountUsage: ACCESS_USAGE,
};
