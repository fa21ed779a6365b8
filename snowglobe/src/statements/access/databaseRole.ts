import type { DatabaseRole } from "../../catalog/objects";
import { alreadyExists, compilationError, insufficientPrivileges, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { holds, requireOwnership } from "../../execution/authorize";
import { activeRoles, type Handler, type StatementContext } from "../../execution/context";
import { base, checkOptions, register } from "../../execution/create";
import { databaseOfRole, findDatabaseRole, tryFindDatabaseRole } from "../../execution/lookup";
import { INTEGER, status, succeeded, TEXT } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { listing } from "../../execution/listing";
import { type ShownColumn, COMMENT, CREATED_ON, NAME, OWNER, OWNER_ROLE_TYPE, flag } from "../../execution/shownColumn";
import { qualified } from "../../quoting";

/** Source: "CREATE DATABASE ROLE". It may use its database from the start. */
export const createDatabaseRole: Handler<StatementOf<"createDatabaseRole">> = async (statement, context) => {
  checkOptions(statement, "DATABASE ROLE");
  const properties = new Properties(statement.properties, context);
  const comment = properties.text("COMMENT") ?? "";
  properties.done();
  const database = databaseOfRole(context, statement.name);
  const { name } = statement.name.at(-1)!;
  const existing = context.instance.catalog.find("DATABASE ROLE", database.id, name);
  if (existing && statement.ifNotExists) return status(`${name} already exists, statement succeeded.`);
  if (existing && !statement.orReplace && !statement.orAlter) throw alreadyExists(qualified([database.name, name]));
  if (existing) requireOwnership(context, existing);
  else if (!holds(context, "CREATE DATABASE ROLE", database.id)) {
    throw insufficientPrivileges("database", database.name);
  }
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    if (existing && statement.orAlter) return change.put({ ...existing, comment });
    const role: DatabaseRole = base(context, "DATABASE ROLE", database.id, name, comment, undefined);
    register(context, change, role, existing);
    change.grant({
      privilege: "USAGE",
      objectId: database.id,
      granteeKind: "ROLE",
      granteeId: role.id,
      grantOption: false,
      grantedBy: role.owner ?? "",
      createdOn: context.startedOn,
    });
  });
  return status(`Database role ${name} successfully created.`);
};

/** Source: "ALTER DATABASE ROLE". */
export async function alterDatabaseRole(
  statement: StatementOf<"alterRole">,
  context: StatementContext,
): ReturnType<Handler> {
  const found = tryFindDatabaseRole(context, statement.name);
  if (!found && statement.ifExists) return succeeded();
  const role = found ?? findDatabaseRole(context, statement.name);
  requireOwnership(context, role);
  const changed = altered(statement, role, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
}

function altered({ action }: StatementOf<"alterRole">, role: DatabaseRole, context: StatementContext): DatabaseRole {
  switch (action.action) {
    case "set": {
      const properties = new Properties(action.properties, context);
      const comment = properties.text("COMMENT") ?? role.comment;
      properties.done();
      return { ...role, comment };
    }
    case "unset":
      for (const name of action.names) if (name !== "COMMENT") throw unsupported(`ALTER DATABASE ROLE UNSET ${name}`);
      return { ...role, comment: "" };
    case "renameTo": {
      const { name } = action.name.at(-1)!;
      const database = databaseOfRole(context, action.name);
      if (database.id !== role.parentId) throw compilationError("A database role cannot move to another database.");
      if (context.instance.catalog.find("DATABASE ROLE", database.id, name)) {
        throw alreadyExists(qualified([database.name, name]));
      }
      return { ...role, name };
    }
  }
}

const COLUMNS: readonly ShownColumn<DatabaseRole>[] = [
  CREATED_ON,
  NAME,
  ["is_default", TEXT, () => "N"],
  ["is_current", TEXT, () => "N"],
  ["is_inherited", TEXT, (role, context) => flag(isInherited(role, context))],
  ["granted_to_roles", INTEGER, (role, context) => grantees(role, "ROLE", context)],
  ["granted_to_database_roles", INTEGER, (role, context) => grantees(role, "DATABASE ROLE", context)],
  ["granted_database_roles", INTEGER, heldRoles],
  OWNER,
  COMMENT,
  OWNER_ROLE_TYPE,
];

function isInherited({ id }: DatabaseRole, { session, instance }: StatementContext): boolean {
  return activeRoles(session, instance.catalog).some((own) => instance.privileges.inherited(own).has(id));
}

/** How many roles of a kind it is granted to. */
function grantees({ id }: DatabaseRole, kind: string, { instance: { catalog } }: StatementContext): number {
  return catalog.grantsOn(id).filter((grant) => catalog.object(grant.granteeId)?.kind === kind).length;
}

function heldRoles({ id }: DatabaseRole, { instance: { catalog } }: StatementContext): number {
  return catalog.grantsTo("ROLE", id).filter((grant) => catalog.object(grant.objectId)?.kind === "DATABASE ROLE")
    .length;
}

/** Source: "SHOW DATABASE ROLES". */
export const showDatabaseRoles = listing("DATABASE ROLE", COLUMNS);
