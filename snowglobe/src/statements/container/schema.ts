import type { CatalogChange } from "../../catalog/change";
import type { Schema } from "../../catalog/objects";
import { alreadyExists, insufficientPrivileges } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { holds, requireOwnership, sees } from "../../execution/authorize";
import { cloneContainer, type Tags } from "./cloneContainer";
import { alterContainer } from "./container";
import type { Handler } from "../../execution/context";
import { base, cannotToggleTransient, checkOptions, register } from "../../execution/create";
import { currentDatabase, findDatabase, findSchema } from "../../execution/lookup";
import { rows, status, TEXT, TIMESTAMP } from "../../execution/outcome";
import { retentionTime } from "../../execution/parameters";
import { Properties } from "../../execution/properties";
import { listing } from "../../execution/listing";
import { StatementType } from "../../account/statementType";
import {
  type ShownColumn,
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  COMMENT,
  OWNER_ROLE_TYPE,
  flag,
} from "../../execution/shownColumn";
import { quoteIfNeeded } from "../../quoting";

export const createSchema: Handler<StatementOf<"createSchema">> = async (statement, context) => {
  checkOptions(statement, "SCHEMA");
  const { catalog } = context.instance;
  const database =
    statement.name.length > 1
      ? findDatabase(context, statement.name[0]!.name)
      : currentDatabase(context, "CREATE SCHEMA");
  const name = statement.name.at(-1)!.name;
  const existing = catalog.schema(database.id, name);
  const altered = statement.orAlter ? existing : undefined;
  if (existing && !statement.orReplace && !altered) {
    if (statement.ifNotExists) return status(`${quoteIfNeeded(name)} already exists, statement succeeded.`);
    throw alreadyExists(catalog.fullName(existing));
  }
  if (!holds(context, "USAGE", database.id) || !holds(context, "CREATE SCHEMA", database.id)) {
    throw insufficientPrivileges("database", database.name);
  }
  if (existing) requireOwnership(context, existing);
  const properties = new Properties(statement.properties, context);
  const schema: Schema = {
    ...(altered
      ? { ...altered, comment: properties.text("COMMENT") ?? "" }
      : base(context, "SCHEMA", database.id, name, properties.text("COMMENT"), undefined, statement.tags)),
    transient: statement.transient || database.transient,
    managedAccess: statement.managedAccess,
    parameters: properties.parameters("SCHEMA"),
  };
  properties.done();
  if (altered) {
    if (altered.transient !== schema.transient) throw cannotToggleTransient(name);
    await context.instance.change({ signal: context.signal }, async (_, begin) => {
      register(context, await begin(), schema);
    });
    return status(`Schema ${quoteIfNeeded(name)} successfully created.`);
  }
  if (statement.clone) {
    const source = findSchema(context, statement.clone.name, "CREATE SCHEMA");
    const clone: Schema = {
      ...schema,
      comment: properties.has("COMMENT") ? schema.comment : source.comment,
      parameters: { ...source.parameters, ...schema.parameters },
      managedAccess: statement.managedAccess || source.managedAccess,
    };
    const put = (change: CatalogChange, tags: Tags): void => register(context, change, { ...clone, ...tags }, existing);
    await cloneContainer(source, clone, statement.clone, put, context);
  } else {
    await context.instance.change({ signal: context.signal }, async (_, begin) => {
      register(context, await begin(), schema, existing);
    });
  }
  // A new schema becomes the session's. Source: "CREATE SCHEMA", usage notes.
  context.session.databaseId = database.id;
  context.session.schemaId = schema.id;
  return status(`Schema ${quoteIfNeeded(name)} successfully created.`);
};

export const alterSchema: Handler<StatementOf<"alterSchema">> = (statement, context) =>
  alterContainer(statement, context, "SCHEMA", () => findSchema(context, statement.name, "ALTER SCHEMA"));

const COLUMNS: readonly ShownColumn<Schema>[] = [
  CREATED_ON,
  NAME,
  ["is_default", TEXT, () => "N"],
  ["is_current", TEXT, (schema, context) => flag(context.session.schemaId === schema.id)],
  DATABASE_NAME,
  ["owner", TEXT, (schema) => schema.owner ?? ""],
  COMMENT,
  ["options", TEXT, optionsText],
  ["retention_time", TEXT, (schema, context) => retentionTime(context, schema)],
  OWNER_ROLE_TYPE,
  ["budget", TEXT],
];

/** Source: "SHOW SCHEMAS". */
export const showSchemas = listing("SCHEMA", COLUMNS);

function optionsText({ transient, managedAccess }: Schema): string {
  return [...(transient ? ["TRANSIENT"] : []), ...(managedAccess ? ["MANAGED ACCESS"] : [])].join(", ");
}

/** Source: "DESCRIBE SCHEMA": the objects in it. */
export const describeSchema: Handler<StatementOf<"describe">> = async (statement, context) => {
  const schema = findSchema(context, statement.name, "DESCRIBE SCHEMA");
  const objects = context.instance.catalog
    .childrenOf(schema.id)
    .filter((object) => sees(context, object))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return rows(
    [
      ["created_on", TIMESTAMP],
      ["name", TEXT],
      ["kind", TEXT],
    ],
    objects.map((object) => [object.createdOn, object.name, object.kind]),
    StatementType.DESCRIBE,
  );
};
