import type { Role } from "../../catalog/objects";
import { SYSTEM_ROLE_PRIVILEGES } from "../../catalog/privileges";
import { compilationError, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { requireOwnership } from "../../execution/authorize";
import { rolesOfUser, type Handler } from "../../execution/context";
import { planCreateOnAccount, register, renamedOnAccount } from "../../execution/create";
import { findOnAccount, tryFindOnAccount } from "../../execution/lookup";
import { INTEGER, status, succeeded, TEXT, TIMESTAMP, type ColumnSpec } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { currentFlag, listing } from "../../execution/listing";

/** Roles that the account is made with: nobody drops or renames them. */
export function isSystemRole(name: string): boolean {
  return name === "PUBLIC" || name in SYSTEM_ROLE_PRIVILEGES;
}

export const createRole: Handler<StatementOf<"createRole">> = async (statement, context) => {
  const plan = planCreateOnAccount(context, "ROLE", statement.name, statement);
  if (plan.kind === "exists") return status(`${plan.name} already exists, statement succeeded.`);
  const properties = new Properties(statement.properties, context);
  const role: Role = { ...plan.base, comment: properties.text("COMMENT") ?? "" };
  properties.done();
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), role, plan.replaced);
  });
  return status(`Role ${role.name} successfully created.`);
};

export const alterRole: Handler<StatementOf<"alterRole">> = async (statement, context) => {
  if (statement.databaseRole) throw unsupported("ALTER DATABASE ROLE");
  const role = tryFindOnAccount(context, "ROLE", statement.name);
  if (!role) {
    if (statement.ifExists) return succeeded();
    return findOnAccount(context, "ROLE", statement.name) as never;
  }
  requireOwnership(context, role);
  const changed = alter(statement, role, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    change.put(changed);
    if (changed.name === role.name) return;
    // Objects name their owner: they follow the role's new name.
    for (const object of context.instance.catalog.all()) {
      if (object.owner === role.name && object.id !== role.id) change.put({ ...object, owner: changed.name });
    }
  });
  return succeeded();
};

function alter(statement: StatementOf<"alterRole">, role: Role, context: Parameters<typeof createRole>[1]): Role {
  const { action } = statement;
  switch (action.action) {
    case "set": {
      const properties = new Properties(action.properties, context);
      const comment = properties.text("COMMENT") ?? role.comment;
      properties.done();
      return { ...role, comment };
    }
    case "unset":
      for (const name of action.names) if (name !== "COMMENT") throw unsupported(`ALTER ROLE UNSET ${name}`);
      return { ...role, comment: action.names.includes("COMMENT") ? "" : role.comment };
    case "renameTo": {
      if (isSystemRole(role.name)) throw compilationError(`Cannot rename system role ${role.name}`);
      return renamedOnAccount(context, role, action.name);
    }
    default:
      throw unsupported(`ALTER ROLE ${action.action}`);
  }
}

const COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["name", TEXT],
  ["is_default", TEXT],
  ["is_current", TEXT],
  ["is_inherited", TEXT],
  ["assigned_to_users", INTEGER],
  ["granted_to_roles", INTEGER],
  ["granted_roles", INTEGER],
  ["owner", TEXT],
  ["comment", TEXT],
];

/** Source: "SHOW ROLES". */
export const showRoles = listing("ROLE", COLUMNS, (role, context) => {
  const { catalog, privileges } = context.instance;
  const grants = catalog.grantsOn(role.id);
  const inherited = rolesOfUser(context.session.user, catalog).some((own) => privileges.inherited(own).has(role.id));
  const held = catalog.grantsTo("ROLE", role.id).filter((grant) => catalog.object(grant.objectId)?.kind === "ROLE");
  return [
    role.createdOn,
    role.name,
    "N",
    currentFlag(context.session.roleId === role.id),
    currentFlag(inherited && context.session.roleId !== role.id),
    grants.filter((grant) => grant.granteeKind === "USER").length,
    grants.filter((grant) => grant.granteeKind === "ROLE").length,
    held.length,
    role.owner ?? "",
    role.comment,
  ];
});
