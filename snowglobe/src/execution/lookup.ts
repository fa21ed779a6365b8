import type { CatalogObject, Database, DatabaseRole, ObjectOf, RelationObject, Schema } from "../catalog/objects";
import { ACCOUNT } from "../catalog/privileges";
import { doesNotExist, noCurrentDatabase, noCurrentSchema, compilationError, unsupported, wrongKind } from "../errors";
import type { ObjectName } from "../sql/ast/identifier";
import { holds, sees, shownKind } from "./authorize";
import type { StatementContext } from "./context";
import { qualified, quoteIfNeeded } from "../quoting";

/**
 * From names to objects: missing parts come from the session, and what the role may not see does not exist.
 * Source: "Object name resolution".
 */

/** Kinds that lie in a schema. */
export type SchemaObjectKind =
  | "TABLE"
  | "VIEW"
  | "DYNAMIC TABLE"
  | "STREAM"
  | "STAGE"
  | "FILE FORMAT"
  | "TASK"
  | "ALERT"
  | "SEQUENCE"
  | "FUNCTION"
  | "PROCEDURE"
  | "TAG"
  | "MASKING POLICY"
  | "ROW ACCESS POLICY";
/** Kinds that lie in the account. */
export type AccountObjectKind = "DATABASE" | "WAREHOUSE" | "ROLE" | "USER" | "NOTIFICATION INTEGRATION";

/** Where a new object goes, or an object is looked for: its schema and its own name. */
export interface Place {
  readonly schema: Schema;
  readonly name: string;
}

export function nameText(name: ObjectName): string {
  return qualified(name.map((part) => part.name));
}

export function currentDatabase(context: StatementContext, verb: string): Database {
  const { databaseId } = context.session;
  const found = databaseId === null ? undefined : context.instance.catalog.object(databaseId);
  if (found?.kind !== "DATABASE" || found.droppedOn !== undefined) throw noCurrentDatabase(verb);
  return found;
}

function currentSchema(context: StatementContext, verb: string): Schema {
  const database = currentDatabase(context, verb);
  const { schemaId } = context.session;
  const found = schemaId === null ? undefined : context.instance.catalog.object(schemaId);
  if (found?.kind !== "SCHEMA" || found.droppedOn !== undefined || found.parentId !== database.id) {
    throw noCurrentSchema(verb);
  }
  return found;
}

/** Databases that every account has. Source: "SNOWFLAKE database", "Sample data sets". */
const SHARED_DATABASES: ReadonlySet<string> = new Set(["SNOWFLAKE", "SNOWFLAKE_SAMPLE_DATA"]);

/** @throws SnowflakeError for a database that Snowflake has and this server has not */
export function refuseSharedDatabase(name: string): void {
  if (SHARED_DATABASES.has(name)) throw unsupported(`database ${name}`);
}

export function findDatabase(context: StatementContext, name: string): Database {
  const found = context.instance.catalog.database(name);
  if (!found) refuseSharedDatabase(name);
  if (!found || !sees(context, found)) throw doesNotExist("Database", quoteIfNeeded(name));
  return found;
}

/** The database of a database role's name: the one that it names, or the current one. */
export function databaseOfRole(context: StatementContext, name: ObjectName): Database {
  return name.length > 1 ? findDatabase(context, name[0]!.name) : currentDatabase(context, "DATABASE ROLE");
}

/** A database role by one or two parts; who sees the database sees its roles. Source: "SHOW DATABASE ROLES". */
export function tryFindDatabaseRole(context: StatementContext, name: ObjectName): DatabaseRole | undefined {
  return context.instance.catalog.find("DATABASE ROLE", databaseOfRole(context, name).id, name.at(-1)!.name);
}

export function findDatabaseRole(context: StatementContext, name: ObjectName): DatabaseRole {
  const found = tryFindDatabaseRole(context, name);
  if (found) return found;
  throw doesNotExist("Database role", qualified([databaseOfRole(context, name).name, name.at(-1)!.name]));
}

/** A schema by one or two parts. */
export function findSchema(context: StatementContext, name: ObjectName, verb: string): Schema {
  const last = name.at(-1)!;
  const database = name.length > 1 ? findDatabase(context, name[0]!.name) : currentDatabase(context, verb);
  const found = context.instance.catalog.schema(database.id, last.name);
  if (!found || !sees(context, found)) {
    throw doesNotExist("Schema", qualified([database.name, last.name]));
  }
  return found;
}

/** Splits a name of one to three parts into its schema and its last part. */
export function place(context: StatementContext, name: ObjectName, verb: string): Place {
  if (name.length > 3) throw compilationError(`Invalid object name '${nameText(name)}'`);
  const last = name.at(-1)!;
  const schema = name.length === 1 ? currentSchema(context, verb) : findSchema(context, name.slice(0, -1), verb);
  return { schema, name: last.name };
}

/** An object of a schema; undefined when it is not there or not to be seen. */
export function tryFind<K extends SchemaObjectKind>(
  context: StatementContext,
  kind: K,
  name: ObjectName,
  verb: string,
): ObjectOf<K> | undefined {
  const at = place(context, name, verb);
  const found = context.instance.catalog.find(kind, at.schema.id, at.name, context.session.id);
  return found && usable(context, found) ? found : undefined;
}

export function find<K extends SchemaObjectKind>(
  context: StatementContext,
  kind: K,
  name: ObjectName,
  verb: string,
): ObjectOf<K> {
  const found = tryFind(context, kind, name, verb);
  if (!found) throw missing(context, kind, name, verb);
  return found;
}

/** The "does not exist" error with the full name, as Snowflake prints it. */
export function missing(context: StatementContext, kind: CatalogObject["kind"], name: ObjectName, verb: string): Error {
  const at = place(context, name, verb);
  return doesNotExist(shownKind({ kind }), qualified([...context.instance.catalog.pathOf(at.schema), at.name]));
}

/** A table, view or dynamic table. */
export function tryFindRelation(context: StatementContext, name: ObjectName, verb: string): RelationObject | undefined {
  const at = place(context, name, verb);
  const found = context.instance.catalog.relation(at.schema.id, at.name, context.session.id);
  return found && usable(context, found) ? found : undefined;
}

export function findRelation(context: StatementContext, name: ObjectName, verb: string): RelationObject {
  const found = tryFindRelation(context, name, verb);
  if (found) return found;
  if (tryFind(context, "STREAM", name, verb)) throw wrongKind("STREAM", "TABLE");
  throw missing(context, "TABLE", name, verb);
}

/** Using an object also takes USAGE (or ownership) on its schema and database. */
function usable(context: StatementContext, object: CatalogObject): boolean {
  if (object.sessionId === context.session.id) return true;
  const { catalog } = context.instance;
  const schema = catalog.schemaOf(object);
  return (
    sees(context, object) &&
    holds(context, "USAGE", schema.id) &&
    holds(context, "USAGE", catalog.databaseOf(object).id)
  );
}

export function tryFindOnAccount<K extends AccountObjectKind>(
  context: StatementContext,
  kind: K,
  name: ObjectName,
): ObjectOf<K> | undefined {
  const found = context.instance.catalog.find(kind, ACCOUNT, name.at(-1)!.name);
  // Roles and users are known to everybody: grants name them.
  const open = kind === "ROLE" || kind === "USER";
  return found && (open || sees(context, found)) ? found : undefined;
}

export function findOnAccount<K extends AccountObjectKind>(
  context: StatementContext,
  kind: K,
  name: ObjectName,
): ObjectOf<K> {
  const found = tryFindOnAccount(context, kind, name);
  if (!found) throw doesNotExist(shownKind({ kind }), nameText(name));
  return found;
}
