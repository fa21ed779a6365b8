import { cannotBePerformed, SnowflakeError, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { sees } from "../../execution/authorize";
import { rolesOfUser, type Handler, type StatementContext } from "../../execution/context";
import { refuseSharedDatabase, tryFindOnAccount } from "../../execution/lookup";
import { succeeded } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";

/** USE ROLE | WAREHOUSE | DATABASE | SCHEMA. Source: "USE <object>". */
export const use: Handler<StatementOf<"use">> = async (statement, context) => {
  switch (statement.objectKind) {
    case "ROLE":
      useRole(statement, context);
      return succeeded(StatementType.USE);
    case "WAREHOUSE": {
      const warehouse = tryFindOnAccount(context, "WAREHOUSE", statement.name);
      if (!warehouse) throw cannotBePerformed();
      context.session.warehouseId = warehouse.id;
      return succeeded(StatementType.USE_WAREHOUSE);
    }
    case "DATABASE": {
      const { name } = statement.name.at(-1)!;
      const database = context.instance.catalog.database(name);
      if (!database) refuseSharedDatabase(name);
      if (!database || !sees(context, database)) throw cannotBePerformed();
      context.session.databaseId = database.id;
      const open = context.instance.catalog.schema(database.id, "PUBLIC");
      context.session.schemaId = open && sees(context, open) ? open.id : null;
      return succeeded(StatementType.USE_DATABASE);
    }
    case "SCHEMA":
      useSchema(statement, context);
      return succeeded(StatementType.USE_SCHEMA);
  }
};

function useRole(statement: StatementOf<"use">, context: StatementContext): void {
  const { catalog, privileges } = context.instance;
  const role = tryFindOnAccount(context, "ROLE", statement.name);
  if (!role) throw cannotBePerformed();
  const granted = rolesOfUser(context.session.user, catalog).some((own) => privileges.inherited(own).has(role.id));
  if (!granted) {
    throw new SnowflakeError(
      "003013",
      "42501",
      `SQL access control error:\nRequested role '${role.name}' is not assigned to the executing user. Specify another role to activate.`,
    );
  }
  context.session.roleId = role.id;
}

function useSchema(statement: StatementOf<"use">, context: StatementContext): void {
  const { catalog } = context.instance;
  const [first, second] = statement.name;
  const database = second
    ? catalog.database(first!.name)
    : context.session.databaseId === null
      ? undefined
      : catalog.object(context.session.databaseId);
  if (second && !database) refuseSharedDatabase(first!.name);
  const schema = database?.kind === "DATABASE" ? catalog.schema(database.id, (second ?? first)!.name) : undefined;
  if (!schema || !sees(context, schema)) throw cannotBePerformed();
  context.session.databaseId = schema.parentId;
  context.session.schemaId = schema.id;
}

/** Source: "USE SECONDARY ROLES". */
export const useSecondaryRoles: Handler<StatementOf<"useSecondaryRoles">> = async (statement, context) => {
  if (typeof statement.roles !== "string") throw unsupported("USE SECONDARY ROLES with a list");
  context.session.secondaryRoles = statement.roles;
  return succeeded(StatementType.USE);
};
