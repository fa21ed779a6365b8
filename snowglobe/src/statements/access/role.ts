import type { Role, Grant } from "../../catalog/objects";
import { SYSTEM_ROLE_PRIVILEGES } from "../../catalog/privileges";
import { compilationError, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { requireOwnership } from "../../execution/authorize";
import { rolesOfUser, type Handler, type StatementContext } from "../../execution/context";
import { planCreateOnAccount, register, renamedOnAccount } from "../../execution/create";
import { alterDatabaseRole } from "./databaseRole";
import { findOnAccount, tryFindOnAccount } from "../../execution/lookup";
import { INTEGER, status, succeeded, TEXT } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { listing } from "../../execution/listing";
import { type ShownColumn, CREATED_ON, NAME, COMMENT, flag } from "../../execution/shownColumn";

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
  if (statement.databaseRole) return alterDatabaseRole(statement, context);
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
  }
}

const COLUMNS: readonly ShownColumn<Role>[] = [
  CREATED_ON,
  NAME,
  ["is_default", TEXT, () => "N"],
  ["is_current", TEXT, (role, context) => flag(context.session.roleId === role.id)],
  ["is_inherited", TEXT, (role, context) => flag(isInherited(role, context) && context.session.roleId !== role.id)],
  ["assigned_to_users", INTEGER, (role, context) => grantedTo("USER", role, context)],
  ["granted_to_roles", INTEGER, (role, context) => grantedTo("ROLE", role, context)],
  ["granted_roles", INTEGER, grantedRoles],
  ["owner", TEXT, (role) => role.owner ?? ""],
  COMMENT,
];

/** Source: "SHOW ROLES". */
export const showRoles = listing("ROLE", COLUMNS);

/** Whether the session may use it by another role of its user's. */
function isInherited(role: Role, { instance: { catalog, privileges }, session }: StatementContext): boolean {
  return rolesOfUser(session.user, catalog).some((own) => privileges.inherited(own).has(role.id));
}

function grantedTo(kind: Grant["granteeKind"], role: Role, { instance }: StatementContext): number {
  return instance.catalog.grantsOn(role.id).filter((grant) => grant.granteeKind === kind).length;
}

function grantedRoles(role: Role, { instance: { catalog } }: StatementContext): number {
  return catalog.grantsTo("ROLE", role.id).filter((grant) => catalog.object(grant.objectId)?.kind === "ROLE").length;
}
