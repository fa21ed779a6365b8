import type { CatalogChange } from "../../catalog/change";
import type { Database } from "../../catalog/objects";
import type { StatementOf } from "../../sql/ast/statement";
import { alreadyExists } from "../../errors";
import { findDatabase } from "../../execution/lookup";
import { cannotToggleTransient, base, planCreateOnAccount, register } from "../../execution/create";
import { cloneContainer, type Tags } from "./cloneContainer";
import { alterContainer } from "./container";
import type { Handler } from "../../execution/context";
import { rows, status, TEXT, TIMESTAMP } from "../../execution/outcome";
import { retentionTime } from "../../execution/parameters";
import { Properties } from "../../execution/properties";
import { informationSchemaOf, inScope, listing } from "../../execution/listing";
import { StatementType } from "../../account/statementType";
import { type ShownColumn, CREATED_ON, NAME, OWNER, COMMENT, OWNER_ROLE_TYPE, flag } from "../../execution/shownColumn";

export const createDatabase: Handler<StatementOf<"createDatabase">> = async (statement, context) => {
  // Every account has it, as a share. Source: "SNOWFLAKE database".
  if (statement.name.at(-1)!.name === "SNOWFLAKE") throw alreadyExists("SNOWFLAKE");
  const plan = planCreateOnAccount(context, "DATABASE", statement.name, statement);
  if (plan.kind === "exists") return status(`${plan.name} already exists, statement succeeded.`);
  const properties = new Properties(statement.properties, context);
  const database: Database = {
    ...plan.base,
    transient: statement.transient,
    comment: properties.text("COMMENT") ?? "",
    parameters: properties.parameters("DATABASE"),
  };
  properties.done();
  if (statement.clone) {
    const source = findDatabase(context, statement.clone.name.at(-1)!.name);
    const clone: Database = {
      ...database,
      comment: properties.has("COMMENT") ? database.comment : source.comment,
      parameters: { ...source.parameters, ...database.parameters },
    };
    const put = (change: CatalogChange, tags: Tags): void =>
      register(context, change, { ...clone, ...tags }, plan.replaced);
    await cloneContainer(source, clone, statement.clone, put, context);
    context.session.databaseId = clone.id;
    context.session.schemaId = context.instance.catalog.schema(clone.id, "PUBLIC")?.id ?? null;
    return status(`Database ${clone.name} successfully created.`);
  }
  if (plan.altered) {
    if (plan.altered.transient !== database.transient) throw cannotToggleTransient(database.name);
    await context.instance.change({ signal: context.signal }, async (_, begin) => {
      register(context, await begin(), database);
    });
    return status(`Database ${database.name} successfully created.`);
  }
  const open = base(context, "SCHEMA", database.id, "PUBLIC", "", undefined);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    register(context, change, database, plan.replaced);
    register(context, change, { ...open, transient: statement.transient, managedAccess: false });
  });
  // A new database becomes the session's, with its PUBLIC schema. Source: "CREATE DATABASE", usage notes.
  context.session.databaseId = database.id;
  context.session.schemaId = open.id;
  return status(`Database ${database.name} successfully created.`);
};

export const alterDatabase: Handler<StatementOf<"alterDatabase">> = (statement, context) =>
  alterContainer(statement, context, "DATABASE", () => findDatabase(context, statement.name.at(-1)!.name));

const COLUMNS: readonly ShownColumn<Database>[] = [
  CREATED_ON,
  NAME,
  ["is_default", TEXT, () => "N"],
  ["is_current", TEXT, (database, context) => flag(context.session.databaseId === database.id)],
  ["origin", TEXT, () => ""],
  OWNER,
  COMMENT,
  ["options", TEXT, (database) => (database.transient ? "TRANSIENT" : "")],
  ["retention_time", TEXT, (database, context) => retentionTime(context, database)],
  ["kind", TEXT, () => "STANDARD"],
  ["budget", TEXT],
  OWNER_ROLE_TYPE,
];

/** Source: "SHOW DATABASES". */
export const showDatabases = listing("DATABASE", COLUMNS);

/** Source: "DESCRIBE DATABASE": the schemas in it. */
export const describeDatabase: Handler<StatementOf<"describe">> = async (statement, context) => {
  const database = findDatabase(context, statement.name.at(-1)!.name);
  const schemas = [...inScope(context, "SCHEMA", { kind: "DATABASE", database }), informationSchemaOf(database)];
  return rows(
    [
      ["created_on", TIMESTAMP],
      ["name", TEXT],
      ["kind", TEXT],
    ],
    schemas.map((schema) => [schema.createdOn, schema.name, schema.kind]),
    StatementType.DESCRIBE,
  );
};
