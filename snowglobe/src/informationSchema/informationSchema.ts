import type { Database, RelationObject, View, Schema } from "../catalog/objects";
import { LOAD_HISTORY } from "./loadHistory";
import { REFERENTIAL_CONSTRAINTS, TABLE_CONSTRAINTS } from "./constraints";
import { APPLICABLE_ROLES, ENABLED_ROLES, OBJECT_PRIVILEGES, TABLE_PRIVILEGES, USAGE_PRIVILEGES } from "./privileges";
import { FILE_FORMATS, FUNCTIONS, PROCEDURES, SEQUENCES, STAGES } from "./schemaObjects";
import {
  COLUMN_DESCRIPTION,
  COLUMN_KIND,
  TABLE_DESCRIPTION,
  TABLE_UPKEEP,
  columnsOf,
  describedRelation,
  type ColumnOf,
  type Relation,
} from "./relationDescription";
import { orNull, viewOf, yes, type InformationView, type KnownCounts, place } from "./view";
import { doesNotExist, unsupported } from "../errors";
import type { SqlRelation } from "../translate/environment";
import type { StatementContext } from "../execution/context";
import { INTEGER, TEXT, TIMESTAMP } from "../execution/outcome";
import { retentionTime } from "../execution/parameters";
import { informationSchemaOf, inScope } from "../execution/listing";
import { sees, viewText } from "../execution/authorize";
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

const TABLES = viewOf<Relation>(
  (context, database, counts) => relations(context, database).map((object) => describedRelation(object, counts)),
  [
    ...place("TABLE", (row: Relation) => row.object),
    ...TABLE_DESCRIPTION,
    ...TABLE_UPKEEP,
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

const COLUMNS = viewOf<ColumnOf>(
  (context, database) => relations(context, database).flatMap(columnsOf),
  [
    ...place("TABLE", (row: ColumnOf) => row.relation),
    ["COLUMN_NAME", TEXT, ({ column }) => column.name],
    ...COLUMN_DESCRIPTION,
    ...COLUMN_KIND,
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
