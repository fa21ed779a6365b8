import { refuseSharedDatabase } from "./lookup";
import type { CatalogObject, Database, ObjectKind, ObjectOf, Schema } from "../catalog/objects";
import { LikePattern } from "../catalog/likePattern";
import { cannotBePerformed } from "../errors";
import type { Show } from "../sql/ast/statements/metadata";
import { sees } from "./authorize";
import type { StatementContext } from "./context";
import { TEXT, type Outcome } from "./outcome";
import { CREATED_ON, NAME, shown, type ShownColumn } from "./shownColumn";
import { StatementType } from "../account/statementType";

/** SHOW of one kind of object. */
export type ShowHandler = (statement: Show, context: StatementContext) => Promise<Outcome>;

/** Where a listing looks. */
export type ListingScope =
  | { readonly kind: "ACCOUNT" }
  | { readonly kind: "DATABASE"; readonly database: Database }
  | { readonly kind: "SCHEMA"; readonly schema: Schema };

/** Columns of every SHOW TERSE: databases and schemas name only what they lie in. */
export const TERSE: readonly ShownColumn<CatalogObject>[] = [
  CREATED_ON,
  NAME,
  ["kind", TEXT, terseKind],
  ["database_name", TEXT, (object, { instance }) => instance.catalog.pathOf(object).slice(0, -1)[0]],
  ["schema_name", TEXT, (object, { instance }) => instance.catalog.pathOf(object).slice(0, -1)[1]],
];

/**
 * The listing of a kind, with LIKE, IN, STARTS WITH, LIMIT ... FROM and TERSE as every SHOW has them.
 *
 * @param listed which of the objects are
 */
export function listing<K extends CatalogObject["kind"]>(
  kind: K | readonly K[],
  columns: readonly ShownColumn<ObjectOf<K>>[],
  listed?: (object: ObjectOf<K>) => boolean,
): ShowHandler {
  return preparedListing(kind, columns, (objects) => Promise.resolve(objects), listed);
}

/**
 * As `listing`, for columns that show more than the catalog knows.
 *
 * @param prepare the rows of what is listed, fetched once for all of them
 * @param listed which of the objects are
 */
export function preparedListing<K extends CatalogObject["kind"], Row>(
  kind: K | readonly K[],
  columns: readonly ShownColumn<Row>[],
  prepare: (objects: readonly ObjectOf<K>[], context: StatementContext) => Promise<readonly Row[]>,
  listed: (object: ObjectOf<K>) => boolean = () => true,
): ShowHandler {
  const kinds = Array.isArray(kind) ? (kind as readonly K[]) : [kind as K];
  return async (statement, context) => {
    const scope = scopeOf(statement, context, kinds[0]!);
    const { catalog } = context.instance;
    const found = selected(
      statement,
      [
        ...kinds.flatMap((one) => inScope(context, one, scope).filter(listed)),
        ...(kinds[0] === "SCHEMA" ? (informationSchemas(context, scope) as ObjectOf<K>[]) : []),
      ],
      (object) => (scope.kind === "SCHEMA" ? "" : JSON.stringify(catalog.pathOf(object).slice(0, -1))),
    );
    if (statement.terse) return shown(TERSE, found, context, StatementType.SHOW);
    return shown(columns, await prepare(found, context), context, StatementType.SHOW);
  };
}

/** Kind as SHOW TERSE prints it: tables by how long they live, containers not at all. */
function terseKind(object: CatalogObject): string | null {
  if (object.kind === "SCHEMA" || object.kind === "DATABASE") return null;
  if (object.kind !== "TABLE" && object.kind !== "DYNAMIC TABLE") return object.kind;
  return object.sessionId !== undefined ? "TEMPORARY" : object.transient ? "TRANSIENT" : "TABLE";
}

/** Objects of the kind in the scope that the session may see, temporary ones of other sessions left out. */
export function inScope<K extends CatalogObject["kind"]>(
  context: StatementContext,
  kind: K,
  scope: ListingScope,
): ObjectOf<K>[] {
  const { catalog } = context.instance;
  const inSchema = (schema: Schema): ObjectOf<K>[] => catalog.list(kind, schema.id);
  const inDatabase = (database: Database): ObjectOf<K>[] =>
    kind === "SCHEMA" || kind === "DATABASE ROLE"
      ? catalog.list(kind, database.id)
      : catalog.list("SCHEMA", database.id).flatMap((schema) => inSchema(schema));
  const found =
    scope.kind === "SCHEMA"
      ? inSchema(scope.schema)
      : scope.kind === "DATABASE"
        ? inDatabase(scope.database)
        : ACCOUNT_KINDS.has(kind)
          ? catalog.list(kind)
          : catalog.list("DATABASE").flatMap((database) => inDatabase(database));
  return found.filter((object) => {
    if (object.sessionId !== undefined) return object.sessionId === context.session.id;
    return object.kind === "ROLE" || object.kind === "DATABASE ROLE" || sees(context, object);
  });
}

/** The INFORMATION_SCHEMA of a database, which is no object of the catalog. */
export function informationSchemaOf(database: Database): Schema {
  return {
    id: -database.id,
    kind: "SCHEMA",
    parentId: database.id,
    name: "INFORMATION_SCHEMA",
    createdOn: database.createdOn,
    owner: null,
    comment: "Views describing the contents of schemas in this database",
    parameters: {},
    transient: false,
    managedAccess: false,
  };
}

function informationSchemas(context: StatementContext, scope: ListingScope): Schema[] {
  if (scope.kind === "SCHEMA") return [];
  const databases =
    scope.kind === "DATABASE"
      ? [scope.database]
      : context.instance.catalog.list("DATABASE").filter((database) => sees(context, database));
  return databases.map(informationSchemaOf);
}

const ACCOUNT_KINDS: ReadonlySet<ObjectKind> = new Set([
  "DATABASE",
  "WAREHOUSE",
  "ROLE",
  "USER",
  "NOTIFICATION INTEGRATION",
]);

/** The scope that a SHOW names, or the session's. @throws SnowflakeError 002043 when it is not there */
export function scopeOf(statement: Show, context: StatementContext, kind: ObjectKind): ListingScope {
  if (ACCOUNT_KINDS.has(kind)) return { kind: "ACCOUNT" };
  const { scope } = statement;
  const { catalog } = context.instance;
  const database = context.session.databaseId === null ? undefined : catalog.object(context.session.databaseId);
  const schema = context.session.schemaId === null ? undefined : catalog.object(context.session.schemaId);
  if (!scope) {
    const inDatabase = kind === "SCHEMA" || kind === "DATABASE ROLE";
    if (schema?.kind === "SCHEMA" && !inDatabase) return { kind: "SCHEMA", schema };
    return database?.kind === "DATABASE" ? { kind: "DATABASE", database } : { kind: "ACCOUNT" };
  }
  const where = scope.objectKind ?? (kind === "SCHEMA" || kind === "DATABASE ROLE" ? "DATABASE" : "SCHEMA");
  if (where === "ACCOUNT") return { kind: "ACCOUNT" };
  if (where === "DATABASE") {
    const found = scope.name ? catalog.database(scope.name.at(-1)!.name) : database;
    if (scope.name && !found) refuseSharedDatabase(scope.name.at(-1)!.name);
    if (found?.kind !== "DATABASE" || !sees(context, found)) throw cannotBePerformed();
    return { kind: "DATABASE", database: found };
  }
  if (where !== "SCHEMA") throw cannotBePerformed();
  if (!scope.name) {
    if (schema?.kind !== "SCHEMA") throw cannotBePerformed();
    return { kind: "SCHEMA", schema };
  }
  const inDatabase = scope.name.length > 1 ? catalog.database(scope.name[0]!.name) : database;
  if (scope.name.length > 1 && !inDatabase) refuseSharedDatabase(scope.name[0]!.name);
  const found = inDatabase && catalog.schema(inDatabase.id, scope.name.at(-1)!.name);
  if (!found || !sees(context, found)) throw cannotBePerformed();
  return { kind: "SCHEMA", schema: found };
}

/**
 * Applies LIKE, STARTS WITH and LIMIT ... FROM; rows come by place, then by name.
 *
 * @param placeOf text that orders the databases and schemas in which the objects lie
 */
export function selected<T extends { readonly name: string }>(
  statement: Show,
  objects: readonly T[],
  placeOf: (object: T) => string = () => "",
): T[] {
  const like = statement.like === undefined ? undefined : new LikePattern(statement.like);
  const found = objects.filter(
    (object) =>
      (!like || like.test(object.name)) &&
      (statement.startsWith === undefined || object.name.startsWith(statement.startsWith)) &&
      (statement.from === undefined || object.name > statement.from),
  );
  found.sort((a, b) => compare(placeOf(a), placeOf(b)) || compare(a.name, b.name));
  return statement.limit === undefined ? found : found.slice(0, statement.limit);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
