import type { DatabaseRole, Grant, Role, User } from "../../catalog/objects";
import { ACCOUNT } from "../../catalog/privileges";
import { OWNER_TYPE, everyObject, usageView, without, type UsageView } from "../../execution/accountUsage";
import type { StatementContext } from "../../execution/context";
import { ownershipOf } from "../../execution/grants";
import { BOOLEAN, INTEGER, TEXT, TIMESTAMP } from "../../execution/outcome";
import type { ShownColumn } from "../../execution/shownColumn";
import { VARIANT } from "../../sql/ast/dataType";
import { grantKind } from "./showGrants";
import { SNOWFLAKE_RIGHTS } from "./snowflakeDatabase";

const roleType = ({ kind }: Role | DatabaseRole): string => (kind === "ROLE" ? "ROLE" : "DATABASE_ROLE");

/** Source: "ROLES view". */
const ROLES: readonly ShownColumn<Role | DatabaseRole>[] = [
  ["ROLE_ID", INTEGER, ({ id }) => id],
  ["CREATED_ON", TIMESTAMP, ({ createdOn }) => createdOn],
  ["DELETED_ON", TIMESTAMP, ({ droppedOn }) => droppedOn],
  ["NAME", TEXT, ({ name }) => name],
  ["COMMENT", TEXT, ({ comment }) => comment],
  ["OWNER", TEXT, ({ owner }) => owner],
  ["ROLE_TYPE", TEXT, roleType],
  [
    "ROLE_DATABASE_NAME",
    TEXT,
    ({ kind, parentId }, { instance }) => (kind === "ROLE" ? null : instance.catalog.object(parentId)?.name),
  ],
  ["ROLE_INSTANCE_ID", INTEGER],
  OWNER_TYPE,
  ["IS_FROM_ORGANIZATION_USER_GROUP", BOOLEAN, () => false],
];

const property =
  (name: string) =>
  ({ properties }: User): string | undefined =>
    properties[name];

/** Source: "USERS view". */
const USERS: readonly ShownColumn<User>[] = [
  ["USER_ID", INTEGER, ({ id }) => id],
  ["NAME", TEXT, ({ name }) => name],
  ["CREATED_ON", TIMESTAMP, ({ createdOn }) => createdOn],
  ["DELETED_ON", TIMESTAMP, ({ droppedOn }) => droppedOn],
  ["LOGIN_NAME", TEXT, ({ properties, name }) => properties.LOGIN_NAME ?? name],
  ["DISPLAY_NAME", TEXT, ({ properties, name }) => properties.DISPLAY_NAME ?? name],
  ["FIRST_NAME", TEXT, property("FIRST_NAME")],
  ["LAST_NAME", TEXT, property("LAST_NAME")],
  ["EMAIL", TEXT, property("EMAIL")],
  ["MUST_CHANGE_PASSWORD", BOOLEAN, () => false],
  ["HAS_PASSWORD", BOOLEAN, ({ passwordHash }) => passwordHash !== null],
  ["COMMENT", TEXT, ({ comment }) => comment || null],
  ["DISABLED", VARIANT, ({ disabled }) => String(disabled)],
  ["SNOWFLAKE_LOCK", VARIANT, () => "false"],
  ["DEFAULT_WAREHOUSE", TEXT, property("DEFAULT_WAREHOUSE")],
  ["DEFAULT_NAMESPACE", TEXT, property("DEFAULT_NAMESPACE")],
  ["DEFAULT_ROLE", TEXT, property("DEFAULT_ROLE")],
  ["EXT_AUTHN_DUO", BOOLEAN, () => false],
  ["EXT_AUTHN_UID", TEXT],
  ["HAS_MFA", BOOLEAN, () => false],
  ...without<User>(TIMESTAMP, "BYPASS_MFA_UNTIL", "LAST_SUCCESS_LOGIN", "EXPIRES_AT", "LOCKED_UNTIL_TIME"),
  ["HAS_RSA_PUBLIC_KEY", BOOLEAN, ({ properties }) => "RSA_PUBLIC_KEY" in properties],
  ["PASSWORD_LAST_SET_TIME", TIMESTAMP],
  ["OWNER", TEXT, ({ owner }) => owner],
  ["DEFAULT_SECONDARY_ROLE", TEXT, property("DEFAULT_SECONDARY_ROLES")],
  ["HAS_PAT", BOOLEAN, ({ tokens }) => (tokens ?? []).length > 0],
  ["HAS_WORKLOAD_IDENTITY", BOOLEAN, () => false],
  ["TYPE", TEXT, property("TYPE")],
  ["DATABASE_NAME", TEXT],
  ["DATABASE_ID", INTEGER],
  ["SCHEMA_NAME", TEXT],
  ["SCHEMA_ID", INTEGER],
  ["IS_FROM_ORGANIZATION_USER", BOOLEAN, () => false],
];

/** A grant to a role, with what it is on. */
interface RoleGrant extends Grant {
  readonly on: { readonly kind: string; readonly path: readonly string[] };
  readonly to: Role | DatabaseRole;
}

/** Grants in force and ownership, of what is not dropped: those taken back are not remembered. */
function roleGrants({ instance: { catalog, accountName } }: StatementContext): RoleGrant[] {
  const found: RoleGrant[] = [];
  const add = (grants: readonly Grant[], on: RoleGrant["on"]): void => {
    for (const grant of grants) {
      const to = catalog.object(grant.granteeId);
      if (to?.kind !== "ROLE" && to?.kind !== "DATABASE ROLE") continue;
      const right = SNOWFLAKE_RIGHTS.get(grant.privilege);
      if (!right) found.push({ ...grant, on, to });
      else found.push({ ...grant, privilege: "USAGE", on: { kind: right.grantedOn, path: right.name.split(".") }, to });
    }
  };
  add(catalog.grantsOn(ACCOUNT), { kind: "ACCOUNT", path: [accountName] });
  for (const object of catalog.all()) {
    if (object.droppedOn !== undefined || object.sessionId !== undefined) continue;
    const on = { kind: grantKind(object.kind), path: catalog.pathOf(object) };
    add([...ownershipOf(object, catalog), ...catalog.grantsOn(object.id)], on);
  }
  return found;
}

/** Source: "GRANTS_TO_ROLES view". */
const GRANTS_TO_ROLES: readonly ShownColumn<RoleGrant>[] = [
  ["CREATED_ON", TIMESTAMP, ({ createdOn }) => createdOn],
  ["MODIFIED_ON", TIMESTAMP, ({ createdOn }) => createdOn],
  ["PRIVILEGE", TEXT, ({ privilege }) => privilege],
  ["GRANTED_ON", TEXT, ({ on }) => on.kind],
  ["NAME", TEXT, ({ on }) => on.path.at(-1)],
  ["TABLE_CATALOG", TEXT, ({ on }) => (on.path.length > 1 ? on.path[0] : null)],
  ["TABLE_SCHEMA", TEXT, ({ on }) => (on.path.length > 2 ? on.path[1] : null)],
  ["GRANTED_TO", TEXT, ({ to }) => (to.kind === "ROLE" ? "ACCOUNT ROLE" : "DATABASE_ROLE")],
  ["GRANTEE_NAME", TEXT, ({ to }) => to.name],
  ["GRANT_OPTION", BOOLEAN, ({ grantOption }) => grantOption],
  ["GRANTED_BY", TEXT, ({ grantedBy }) => grantedBy],
  ["DELETED_ON", TIMESTAMP],
  ["GRANTED_BY_ROLE_TYPE", TEXT, ({ grantedBy }) => (grantedBy ? "ROLE" : null)],
  ["OBJECT_INSTANCE", TEXT],
];

/** A role that a user has. */
interface UserGrant extends Grant {
  readonly role: string;
  readonly user: string;
}

function userGrants(context: StatementContext): UserGrant[] {
  const { catalog } = context.instance;
  return catalog.list("USER").flatMap((user) =>
    catalog.grantsTo("USER", user.id).flatMap((grant) => {
      const role = catalog.object(grant.objectId);
      return role?.kind === "ROLE" ? [{ ...grant, role: role.name, user: user.name }] : [];
    }),
  );
}

/** Source: "GRANTS_TO_USERS view". */
const GRANTS_TO_USERS: readonly ShownColumn<UserGrant>[] = [
  ["CREATED_ON", TIMESTAMP, ({ createdOn }) => createdOn],
  ["DELETED_ON", TIMESTAMP],
  ["ROLE", TEXT, ({ role }) => role],
  ["GRANTED_TO", TEXT, () => "USER"],
  ["GRANTEE_NAME", TEXT, ({ user }) => user],
  ["GRANTED_BY", TEXT, ({ grantedBy }) => grantedBy],
];

/** Roles, users, and who has been granted what. */
export const ACCESS_USAGE: Readonly<Record<string, UsageView>> = {
  ROLES: usageView<Role | DatabaseRole>((context) => everyObject(context, "ROLE", "DATABASE ROLE"), ROLES),
  USERS: usageView<User>((context) => everyObject(context, "USER"), USERS),
  GRANTS_TO_ROLES: usageView(roleGrants, GRANTS_TO_ROLES),
  GRANTS_TO_USERS: usageView(userGrants, GRANTS_TO_USERS),
};
