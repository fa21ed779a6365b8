import type { StatementModule } from "../../execution/statementModule";
import { grantOwnership, grantPrivileges, grantRole } from "./grant";
import { alterRole, createRole, showRoles } from "./role";
import { showGrants } from "./showGrants";
import { alterUser, createUser, describeUser, showUsers } from "./user";

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
  show: { ROLES: showRoles, USERS: showUsers },
  describe: { USER: describeUser },
};
