import type { Database, DynamicTable, RelationObject, Table, View, Schema } from "../catalog/objects";
import { LOAD_HISTORY } from "./loadHistory";
import { REFERENTIAL_CONSTRAINTS, TABLE_CONSTRAINTS } from "./constraints";
import { APPLICABLE_ROLES, ENABLED_ROLES, OBJECT_PRIVILEGES, TABLE_PRIVILEGES, USAGE_PRIVILEGES } from "./privileges";
import { FILE_FORMATS, FUNCTIONS, PROCEDURES, SEQUENCES, STAGES } from "./schemaObjects";
import { orNull, viewOf, yes, type InformationView, type KnownCounts, place } from "./view";
import { doesNotExist, unsupported } from "../errors";
import type { DataType } from "../sql/ast/dataType";
import type { SqlRelation } from "../translate/environment";
import type { StatementContext } from "../execution/context";
import { INTEGER, TEXT, TIMESTAMP } from "../execution/outcome";
import { retentionTime } from "../execution/parameters";
import { informationSchemaOf, inScope } from "../execution/listing";
import { sees, viewText } from "../execution/authorize";
import type { ShownColumn } from "../execution/shownColumn";
import { qualified } from "../quoting";

/** A view of a database's INFORMATION_SCHEMA. Source: "Snowflake Information Schema". */
export function informationSchemaView(
  name: string,
  context: StatementContext,
  database: Database,
  counts: KnownCounts,
): SqlRelation {
  const make = VIEWS[name];
  const path = [database.name, "INFORMATION_SCHEMA", name];
  if (!make && NOT_PROVIDED.has(name)) throw unsupported(`INFORMATION_SCHEMA.${name}`);
  if (!make) throw doesNotExist("Object", qualified(path));
  return make(path, context, database, counts);
}

function relations(context: StatementContext, database: Database): RelationObject[] {
  return (["TABLE", "DYNAMIC TABLE", "VIEW"] as const).flatMap((kind) =>
    inScope(context, kind, { kind: "DATABASE", database }),
  );
}

/** When rows or definition changed last. */
function lastAltered(context: StatementContext, object: RelationObject): number {
  if (object.kind === "VIEW") return object.createdOn;
  const { storage } = context.instance;
  return storage.commitTime(storage.lastChange(object.storageId)) ?? object.createdOn;
}

function tableType(object: RelationObject): string {
  if (object.kind === "VIEW") return "VIEW";
  return object.sessionId === undefined ? "BASE TABLE" : "TEMPORARY TABLE";
}

/** A table or view; `stored` where it has rows of its own, `rowCount` where they are counted. */
interface Relation {
  readonly object: RelationObject;
  readonly stored: Table | DynamicTable | undefined;
  readonly rowCount: number | undefined;
}

const TABLES = viewOf<Relation>(
  (context, database, counts) =>
    relations(context, database).map((object) => {
      const stored = object.kind === "VIEW" ? undefined : object;
      return { object, stored, rowCount: stored && counts.get(stored.storageId) };
    }),
  [
    ...place("TABLE", (row: Relation) => row.object),
    ["TABLE_OWNER", TEXT, ({ object }) => object.owner],
    ["TABLE_TYPE", TEXT, ({ object }) => tableType(object)],
    ["IS_TRANSIENT", TEXT, ({ stored }) => stored && yes(stored.transient)],
    ["CLUSTERING_KEY", TEXT, ({ stored }) => stored?.clusterBy || null],
    ["ROW_COUNT", INTEGER, ({ rowCount }) => rowCount],
    ["BYTES", INTEGER, ({ stored }, { instance }) => stored && instance.rowCounts.bytes(stored.storageId)],
    ["RETENTION_TIME", INTEGER, ({ stored }, context) => stored && Number(retentionTime(context, stored))],
    ["SELF_REFERENCING_COLUMN_NAME", TEXT],
    ["REFERENCE_GENERATION", TEXT],
    ["USER_DEFINED_TYPE_CATALOG", TEXT],
    ["USER_DEFINED_TYPE_SCHEMA", TEXT],
    ["USER_DEFINED_TYPE_NAME", TEXT],
    ["IS_INSERTABLE_INTO", TEXT, ({ object }) => yes(object.kind === "TABLE")],
    ["IS_TYPED", TEXT, () => "YES"],
    ["COMMIT_ACTION", TEXT],
    ["CREATED", TIMESTAMP, ({ object }) => object.createdOn],
    ["LAST_ALTERED", TIMESTAMP, ({ object }, context) => lastAltered(context, object)],
    ["LAST_DDL", TIMESTAMP, ({ object }) => object.createdOn],
    ["LAST_DDL_BY", TEXT, ({ object }) => object.owner],
    ["AUTO_CLUSTERING_ON", TEXT, ({ stored }) => stored && yes(stored.clusterBy !== "")],
    ["COMMENT", TEXT, ({ object }) => orNull(object.comment)],
    ["IS_TEMPORARY", TEXT, ({ object }) => yes(object.sessionId !== undefined)],
    ["IS_ICEBERG", TEXT, () => "NO"],
    ["IS_DYNAMIC", TEXT, ({ object }) => yes(object.kind === "DYNAMIC TABLE")],
    ["IS_IMMUTABLE", TEXT, () => "NO"],
    ["IS_HYBRID", TEXT, () => "NO"],
  ],
);

const VIEWS_VIEW = viewOf<View>(
  (context, database) => inScope(context, "VIEW", { kind: "DATABASE", database }),
  [
    ...place("TABLE", (object: View) => object),
    ["TABLE_OWNER", TEXT, (object) => object.owner],
    ["VIEW_DEFINITION", TEXT, (object, context) => viewText(context, object)],
    ["CHECK_OPTION", TEXT, () => "NONE"],
    ["IS_UPDATABLE", TEXT, () => "NO"],
    ["INSERTABLE_INTO", TEXT, () => "NO"],
    ["IS_SECURE", TEXT, (object) => yes(object.secure)],
    ["CREATED", TIMESTAMP, (object) => object.createdOn],
    ["LAST_ALTERED", TIMESTAMP, (object) => object.createdOn],
    ["COMMENT", TEXT, ({ comment }) => orNull(comment)],
  ],
);

/** A type's name alone, as the DATA_TYPE column gives it. */
function dataTypeName(type: DataType): string {
  return type.kind === "VARCHAR" ? "TEXT" : type.kind;
}

/** Columns of the SQL standard that Snowflake has no values for. Source: "COLUMNS view". */
const NOT_APPLICABLE = [
  ...["INTERVAL_TYPE", "INTERVAL_PRECISION", "CHARACTER_SET_CATALOG", "CHARACTER_SET_SCHEMA", "CHARACTER_SET_NAME"],
  ...["COLLATION_CATALOG", "COLLATION_SCHEMA", "COLLATION_NAME", "DOMAIN_CATALOG", "DOMAIN_SCHEMA", "DOMAIN_NAME"],
  ...["UDT_CATALOG", "UDT_SCHEMA", "UDT_NAME", "SCOPE_CATALOG", "SCOPE_SCHEMA", "SCOPE_NAME"],
  ...["MAXIMUM_CARDINALITY", "DTD_IDENTIFIER"],
];

/** A column and what it is of. */
interface ColumnOf {
  readonly relation: RelationObject;
  readonly column: RelationObject["columns"][number];
  /** From 1. */
  readonly position: number;
}

/** Length in characters, of text, or in bytes, of BINARY. */
function lengthOf(type: DataType): number | null {
  return type.kind === "VARCHAR" || type.kind === "BINARY" ? type.length : null;
}

function byteLengthOf(type: DataType): number | null {
  return type.kind === "VARCHAR" ? Math.min(type.length * 4, 16_777_216) : lengthOf(type);
}

const COLUMNS = viewOf<ColumnOf>(
  (context, database) =>
    relations(context, database).flatMap((relation) =>
      relation.columns.map((column, index) => ({ relation, column, position: index + 1 })),
    ),
  [
    ...place("TABLE", (row: ColumnOf) => row.relation),
    ["COLUMN_NAME", TEXT, ({ column }) => column.name],
    ["ORDINAL_POSITION", INTEGER, ({ position }) => position],
    ["COLUMN_DEFAULT", TEXT, ({ column }) => (column.identity ? null : column.defaultText)],
    ["IS_NULLABLE", TEXT, ({ column }) => yes(column.nullable)],
    ["DATA_TYPE", TEXT, ({ column }) => dataTypeName(column.type)],
    ["CHARACTER_MAXIMUM_LENGTH", INTEGER, ({ column }) => lengthOf(column.type)],
    ["CHARACTER_OCTET_LENGTH", INTEGER, ({ column }) => byteLengthOf(column.type)],
    ["NUMERIC_PRECISION", INTEGER, ({ column: { type } }) => (type.kind === "NUMBER" ? type.precision : null)],
    ["NUMERIC_PRECISION_RADIX", INTEGER, ({ column: { type } }) => (type.kind === "NUMBER" ? 10 : null)],
    ["NUMERIC_SCALE", INTEGER, ({ column: { type } }) => (type.kind === "NUMBER" ? type.scale : null)],
    [
      "DATETIME_PRECISION",
      INTEGER,
      ({ column: { type } }) => ("scale" in type && type.kind !== "NUMBER" ? type.scale : null),
    ],
    ...NOT_APPLICABLE.map((name): ShownColumn<ColumnOf> => [name, TEXT]),
    ["IS_SELF_REFERENCING", TEXT, () => "NO"],
    ["IS_IDENTITY", TEXT, ({ column }) => yes(column.identity !== undefined)],
    ["IDENTITY_GENERATION", TEXT, ({ column }) => column.identity && "BY DEFAULT"],
    ["IDENTITY_START", TEXT, ({ column }) => column.identity && String(column.identity.start)],
    ["IDENTITY_INCREMENT", TEXT, ({ column }) => column.identity && String(column.identity.increment)],
    ["IDENTITY_MAXIMUM", TEXT],
    ["IDENTITY_MINIMUM", TEXT],
    ["IDENTITY_CYCLE", TEXT, ({ column }) => column.identity && "NO"],
    ["IDENTITY_ORDERED", TEXT, ({ column }) => column.identity && yes(column.identity.ordered)],
    ["SCHEMA_EVOLUTION_RECORD", TEXT, ({ column }) => column.evolution],
    ["COMMENT", TEXT, ({ column }) => orNull(column.comment)],
    ["DATA_TYPE_ALIAS", TEXT],
    ["EXPRESSION", TEXT],
    ["KIND", TEXT, () => "COLUMN"],
  ],
);

const SCHEMATA = viewOf<Schema>(
  (context, database) => [...inScope(context, "SCHEMA", { kind: "DATABASE", database }), informationSchemaOf(database)],
  [
    ["CATALOG_NAME", TEXT, (schema, { instance }) => instance.catalog.databaseOf(schema).name],
    ["SCHEMA_NAME", TEXT, (schema) => schema.name],
    ["SCHEMA_OWNER", TEXT, (schema) => schema.owner],
    ["IS_TRANSIENT", TEXT, (schema) => yes(schema.transient)],
    ["IS_MANAGED_ACCESS", TEXT, (schema) => yes(schema.managedAccess)],
    ["RETENTION_TIME", INTEGER, (schema, context) => Number(retentionTime(context, schema))],
    ["CREATED", TIMESTAMP, (schema) => schema.createdOn],
    ["LAST_ALTERED", TIMESTAMP, (schema) => schema.createdOn],
    ["COMMENT", TEXT, ({ comment }) => orNull(comment)],
  ],
);

const DATABASES = viewOf<Database>(
  (context) => context.instance.catalog.list("DATABASE").filter((database) => sees(context, database)),
  [
    ["DATABASE_NAME", TEXT, (database) => database.name],
    ["DATABASE_OWNER", TEXT, (database) => database.owner],
    ["IS_TRANSIENT", TEXT, (database) => yes(database.transient)],
    ["COMMENT", TEXT, ({ comment }) => orNull(comment)],
    ["CREATED", TIMESTAMP, (database) => database.createdOn],
    ["LAST_ALTERED", TIMESTAMP, (database) => database.createdOn],
    ["RETENTION_TIME", INTEGER, (database, context) => Number(retentionTime(context, database))],
    ["TYPE", TEXT, () => "STANDARD"],
  ],
);

/** Views that Snowflake has and this server does not: refused by name, so that nobody takes them for misspelt. */
const NOT_PROVIDED: ReadonlySet<string> = new Set([
  "CLASS_INSTANCES",
  "ELEMENT_TYPES",
  "EVENT_TABLES",
  "EXTERNAL_TABLES",
  "FIELDS",
  "HYBRID_TABLES",
  "PACKAGES",
  "PIPES",
  "REPLICATION_DATABASES",
  "SERVICES",
  "STREAMLITS",
  "TABLE_STORAGE_METRICS",
]);

const VIEWS: Readonly<Record<string, InformationView>> = {
  TABLES,
  VIEWS: VIEWS_VIEW,
  COLUMNS,
  SCHEMATA,
  DATABASES,
  INFORMATION_SCHEMA_CATALOG_NAME: viewOf((_, database) => [database], [["CATALOG_NAME", TEXT, ({ name }) => name]]),
  TABLE_CONSTRAINTS,
  REFERENTIAL_CONSTRAINTS,
  OBJECT_PRIVILEGES,
  TABLE_PRIVILEGES,
  USAGE_PRIVILEGES,
  APPLICABLE_ROLES,
  ENABLED_ROLES,
  FUNCTIONS,
  PROCEDURES,
  SEQUENCES,
  STAGES,
  FILE_FORMATS,
  LOAD_HISTORY,
};
