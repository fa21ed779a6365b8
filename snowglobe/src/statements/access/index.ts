import type { StatementModule } from "../../execution/statementModule";
import { showAccessTokens } from "./accessTokens";
import { grantOwnership, grantPrivileges, grantRole } from "./grant";
import { alterRole, createRole, showRoles } from "./role";
import { showGrants } from "./showGrants";
import { describeUser } from "./describeUser";
import { alterUser, createUser, showUsers } from "./user";

/** Users, roles, and what they may do. */
export const accessModule: StatementModule = {
  handlers: {
    createRole,
    alterRole,
    createUser,
    alterUser,
    showGrants,
    grantPrivileges,
    revokePrivileges: grantPrivileges,
    grantRole,
    revokeRole: grantRole,
    grantOwnership,
  },
  show: { ROLES: showRoles, USERS: showUsers, "USER PROGRAMMATIC ACCESS TOKENS": showAccessTokens },
  describe: { USER: describeUser },
};
