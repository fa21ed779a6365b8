import type { Column, Database, DynamicTable, RelationObject, Table, View } from "../catalog/objects";
import { doesNotExist, unsupported } from "../errors";
import { qualified } from "../catalog/names";
import type { DataType } from "../sql/ast/dataType";
import type { SqlRelation } from "../translate/environment";
import type { StatementContext } from "../execution/context";
import { INTEGER, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../execution/outcome";
import { retentionTime } from "../execution/parameters";
import { informationSchemaOf, inScope } from "../execution/listing";
import { sees, viewText } from "../execution/authorize";
import { relationOf } from "../execution/sqlRelation";
import { REFERENTIAL_CONSTRAINTS, TABLE_CONSTRAINTS } from "./constraints";
import { APPLICABLE_ROLES, ENABLED_ROLES, OBJECT_PRIVILEGES, TABLE_PRIVILEGES, USAGE_PRIVILEGES } from "./privileges";
import { FILE_FORMATS, FUNCTIONS, PROCEDURES, SEQUENCES, STAGES } from "./schemaObjects";
import { viewOf, yes, type InformationView, type KnownCounts } from "./view";

/** A view of a database's INFORMATION_SCHEMA. Source: "Snowflake Information Schema". */
export function informationSchemaView(
  name: string,
  context: StatementContext,
  database: Database,
  counts: KnownCounts,
): SqlRelation {
  const view = VIEWS[name];
  const path = [database.name, "INFORMATION_SCHEMA", name];
  if (!view && NOT_PROVIDED.has(name)) throw unsupported(`INFORMATION_SCHEMA.${name}`);
  if (!view) throw doesNotExist("Object", qualified(path));
  return relationOf(path, view.columns, view.rows(context, database, counts));
}

function relations(context: StatementContext, database: Database): RelationObject[] {
  return (["TABLE", "DYNAMIC TABLE", "VIEW"] as const).flatMap((kind) =>
    inScope(context, kind, { kind: "DATABASE", database }),
  );
}

function schemaName(context: StatementContext, object: RelationObject): string {
  return context.instance.catalog.schemaOf(object).name;
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

const TABLES: InformationView = {
  columns: [
    ["TABLE_CATALOG", TEXT],
    ["TABLE_SCHEMA", TEXT],
    ["TABLE_NAME", TEXT],
    ["TABLE_OWNER", TEXT],
    ["TABLE_TYPE", TEXT],
    ["IS_TRANSIENT", TEXT],
    ["CLUSTERING_KEY", TEXT],
    ["ROW_COUNT", INTEGER],
    ["BYTES", INTEGER],
    ["RETENTION_TIME", INTEGER],
    ["SELF_REFERENCING_COLUMN_NAME", TEXT],
    ["REFERENCE_GENERATION", TEXT],
    ["USER_DEFINED_TYPE_CATALOG", TEXT],
    ["USER_DEFINED_TYPE_SCHEMA", TEXT],
    ["USER_DEFINED_TYPE_NAME", TEXT],
    ["IS_INSERTABLE_INTO", TEXT],
    ["IS_TYPED", TEXT],
    ["COMMIT_ACTION", TEXT],
    ["CREATED", TIMESTAMP],
    ["LAST_ALTERED", TIMESTAMP],
    ["LAST_DDL", TIMESTAMP],
    ["LAST_DDL_BY", TEXT],
    ["AUTO_CLUSTERING_ON", TEXT],
    ["COMMENT", TEXT],
    ["IS_TEMPORARY", TEXT],
    ["IS_ICEBERG", TEXT],
    ["IS_DYNAMIC", TEXT],
    ["IS_IMMUTABLE", TEXT],
    ["IS_HYBRID", TEXT],
  ],
  rows: (context, database, counts) =>
    relations(context, database).map((object) => {
      const stored: Table | DynamicTable | undefined = object.kind === "VIEW" ? undefined : object;
      return [
        database.name,
        schemaName(context, object),
        object.name,
        object.owner,
        tableType(object),
        stored ? yes(stored.transient) : null,
        stored?.clusterBy ? stored.clusterBy : null,
        stored ? counts.get(stored.storageId) : null,
        stored ? context.instance.rowCounts.bytes(stored.storageId) : null,
        stored ? Number(retentionTime(context, stored)) : null,
        null,
        null,
        null,
        null,
        null,
        yes(object.kind === "TABLE"),
        "YES",
        null,
        object.createdOn,
        lastAltered(context, object),
        object.createdOn,
        object.owner,
        stored ? yes(stored.clusterBy !== "") : null,
        object.comment === "" ? null : object.comment,
        yes(object.sessionId !== undefined),
        "NO",
        yes(object.kind === "DYNAMIC TABLE"),
        "NO",
        "NO",
      ];
    }),
};

const VIEWS_VIEW: InformationView = {
  columns: [
    ["TABLE_CATALOG", TEXT],
    ["TABLE_SCHEMA", TEXT],
    ["TABLE_NAME", TEXT],
    ["TABLE_OWNER", TEXT],
    ["VIEW_DEFINITION", TEXT],
    ["CHECK_OPTION", TEXT],
    ["IS_UPDATABLE", TEXT],
    ["INSERTABLE_INTO", TEXT],
    ["IS_SECURE", TEXT],
    ["CREATED", TIMESTAMP],
    ["LAST_ALTERED", TIMESTAMP],
    ["COMMENT", TEXT],
  ],
  rows: (context, database) =>
    inScope(context, "VIEW", { kind: "DATABASE", database }).map((view: View) => [
      database.name,
      schemaName(context, view),
      view.name,
      view.owner,
      viewText(context, view),
      "NONE",
      "NO",
      "NO",
      yes(view.secure),
      view.createdOn,
      view.createdOn,
      view.comment === "" ? null : view.comment,
    ]),
};

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

const COLUMNS: InformationView = {
  columns: [
    ["TABLE_CATALOG", TEXT],
    ["TABLE_SCHEMA", TEXT],
    ["TABLE_NAME", TEXT],
    ["COLUMN_NAME", TEXT],
    ["ORDINAL_POSITION", INTEGER],
    ["COLUMN_DEFAULT", TEXT],
    ["IS_NULLABLE", TEXT],
    ["DATA_TYPE", TEXT],
    ["CHARACTER_MAXIMUM_LENGTH", INTEGER],
    ["CHARACTER_OCTET_LENGTH", INTEGER],
    ["NUMERIC_PRECISION", INTEGER],
    ["NUMERIC_PRECISION_RADIX", INTEGER],
    ["NUMERIC_SCALE", INTEGER],
    ["DATETIME_PRECISION", INTEGER],
    ...NOT_APPLICABLE.map((name): ColumnSpec => [name, TEXT]),
    ["IS_SELF_REFERENCING", TEXT],
    ["IS_IDENTITY", TEXT],
    ["IDENTITY_GENERATION", TEXT],
    ["IDENTITY_START", TEXT],
    ["IDENTITY_INCREMENT", TEXT],
    ["IDENTITY_MAXIMUM", TEXT],
    ["IDENTITY_MINIMUM", TEXT],
    ["IDENTITY_CYCLE", TEXT],
    ["IDENTITY_ORDERED", TEXT],
    ["SCHEMA_EVOLUTION_RECORD", TEXT],
    ["COMMENT", TEXT],
    ["DATA_TYPE_ALIAS", TEXT],
    ["EXPRESSION", TEXT],
    ["KIND", TEXT],
  ],
  rows: (context, database) =>
    relations(context, database).flatMap((object) =>
      object.columns.map((column, index) => [
        database.name,
        schemaName(context, object),
        object.name,
        column.name,
        index + 1,
        ...columnCells(column),
      ]),
    ),
};

function columnCells(column: Omit<Column, "physical">): Cell[] {
  const { type } = column;
  const text = type.kind === "VARCHAR" || type.kind === "BINARY";
  return [
    column.identity ? null : column.defaultText,
    yes(column.nullable),
    dataTypeName(type),
    text ? type.length : null,
    text ? (type.kind === "VARCHAR" ? Math.min(type.length * 4, 16_777_216) : type.length) : null,
    type.kind === "NUMBER" ? type.precision : null,
    type.kind === "NUMBER" ? 10 : null,
    type.kind === "NUMBER" ? type.scale : null,
    "scale" in type && type.kind !== "NUMBER" ? type.scale : null,
    ...NOT_APPLICABLE.map(() => null),
    "NO",
    yes(column.identity !== undefined),
    column.identity && "BY DEFAULT",
    column.identity && String(column.identity.start),
    column.identity && String(column.identity.increment),
    null,
    null,
    column.identity && "NO",
    column.identity && yes(column.identity.ordered),
    null,
    column.comment === "" ? null : column.comment,
    null,
    null,
    "COLUMN",
  ];
}

const SCHEMATA: InformationView = {
  columns: [
    ["CATALOG_NAME", TEXT],
    ["SCHEMA_NAME", TEXT],
    ["SCHEMA_OWNER", TEXT],
    ["IS_TRANSIENT", TEXT],
    ["IS_MANAGED_ACCESS", TEXT],
    ["RETENTION_TIME", INTEGER],
    ["CREATED", TIMESTAMP],
    ["LAST_ALTERED", TIMESTAMP],
    ["COMMENT", TEXT],
  ],
  rows: (context, database) =>
    [...inScope(context, "SCHEMA", { kind: "DATABASE", database }), informationSchemaOf(database)].map((schema) => [
      database.name,
      schema.name,
      schema.owner,
      yes(schema.transient),
      yes(schema.managedAccess),
      Number(retentionTime(context, schema)),
      schema.createdOn,
      schema.createdOn,
      schema.comment === "" ? null : schema.comment,
    ]),
};

const DATABASES: InformationView = {
  columns: [
    ["DATABASE_NAME", TEXT],
    ["DATABASE_OWNER", TEXT],
    ["IS_TRANSIENT", TEXT],
    ["COMMENT", TEXT],
    ["CREATED", TIMESTAMP],
    ["LAST_ALTERED", TIMESTAMP],
    ["RETENTION_TIME", INTEGER],
    ["TYPE", TEXT],
  ],
  rows: (context) =>
    context.instance.catalog
      .list("DATABASE")
      .filter((database) => sees(context, database))
      .map((database) => [
        database.name,
        database.owner,
        yes(database.transient),
        database.comment === "" ? null : database.comment,
        database.createdOn,
        database.createdOn,
        Number(retentionTime(context, database)),
        "STANDARD",
      ]),
};

/** Views that Snowflake has and this server does not: refused by name, so that nobody takes them for misspelt. */
const NOT_PROVIDED: ReadonlySet<string> = new Set([
  "CLASS_INSTANCES",
  "ELEMENT_TYPES",
  "EVENT_TABLES",
  "EXTERNAL_TABLES",
  "FIELDS",
  "HYBRID_TABLES",
  "LOAD_HISTORY",
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
};
