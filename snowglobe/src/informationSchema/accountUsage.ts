import type { Database, Schema, View } from "../catalog/objects";
import {
  CREATED,
  DELETED,
  OWNER_TYPE,
  everyObject,
  identity,
  usageView,
  without,
  type UsageView,
} from "../execution/accountUsage";
import { INTEGER, TEXT, TIMESTAMP } from "../execution/outcome";
import { retentionTime } from "../execution/parameters";
import type { ShownColumn } from "../execution/shownColumn";
import { OBJECT } from "../sql/ast/dataType";
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
import { orNull, yes } from "./view";

const RELATIONS = ["TABLE", "DYNAMIC TABLE", "VIEW"] as const;

/** A column of an object's, for rows that have the object. */
function of<Row, Inner>([name, type, value]: ShownColumn<Inner>, inner: (row: Row) => Inner): ShownColumn<Row> {
  return [name, type, (row, context) => value?.(inner(row), context)];
}

/** Source: "TABLES view" of Account Usage. */
const TABLES = usageView<Relation>(
  (context, counts) => everyObject(context, ...RELATIONS).map((object) => describedRelation(object, counts)),
  [
    ...identity("TABLE", ({ object }: Relation) => object),
    ...TABLE_DESCRIPTION,
    of(DELETED, ({ object }) => object),
    ...TABLE_UPKEEP,
    of(OWNER_TYPE, ({ object }) => object),
    ["INSTANCE_ID", INTEGER],
    ["IS_ICEBERG", TEXT, () => "NO"],
    ["IS_DYNAMIC", TEXT, ({ object }) => yes(object.kind === "DYNAMIC TABLE")],
    ["IS_HYBRID", TEXT, () => "NO"],
    ...without<Relation>(INTEGER, "ARCHIVE_STORAGE_COOL_ROW_COUNT", "ARCHIVE_STORAGE_COOL_BYTES"),
    ...without<Relation>(INTEGER, "ARCHIVE_STORAGE_COLD_ROW_COUNT", "ARCHIVE_STORAGE_COLD_BYTES"),
  ],
);

const TABLE_OF_COLUMN = identity("TABLE", ({ relation }: ColumnOf) => relation);

/** Columns of what is dropped are dropped with it. Source: "COLUMNS view" of Account Usage. */
const COLUMNS = usageView<ColumnOf>(
  (context) => everyObject(context, ...RELATIONS).flatMap(columnsOf),
  [
    // Unique within its table alone, as columns are not objects of the catalog.
    ["COLUMN_ID", INTEGER, ({ position }) => position],
    ["COLUMN_NAME", TEXT, ({ column }) => column.name],
    ...TABLE_OF_COLUMN,
    ...COLUMN_DESCRIPTION,
    of(DELETED, ({ relation }) => relation),
    ...COLUMN_KIND,
  ],
);

/** Source: "VIEWS view" of Account Usage. */
const VIEWS = usageView<View>(
  (context) => everyObject(context, "VIEW"),
  [
    ...identity("TABLE", (view: View) => view),
    ["TABLE_OWNER", TEXT, ({ owner }) => owner],
    ["VIEW_DEFINITION", TEXT, ({ text }) => text],
    ["CHECK_OPTION", TEXT, () => "NONE"],
    ["IS_UPDATABLE", TEXT, () => "NO"],
    ["INSERTABLE_INTO", TEXT, () => "NO"],
    ["IS_SECURE", TEXT, ({ secure }) => yes(secure)],
    CREATED,
    ["LAST_ALTERED", TIMESTAMP, ({ createdOn }) => createdOn],
    ["LAST_DDL", TIMESTAMP, ({ createdOn, droppedOn }) => droppedOn ?? createdOn],
    ["LAST_DDL_BY", TEXT],
    DELETED,
    ["COMMENT", TEXT, ({ comment }) => orNull(comment)],
    ["INSTANCE_ID", INTEGER],
    OWNER_TYPE,
  ],
);

/** Source: "SCHEMATA view" of Account Usage. */
const SCHEMATA = usageView<Schema>(
  (context) => everyObject(context, "SCHEMA"),
  [
    ["SCHEMA_ID", INTEGER, ({ id }) => id],
    ["SCHEMA_NAME", TEXT, ({ name }) => name],
    ["CATALOG_ID", INTEGER, ({ parentId }) => parentId],
    ["CATALOG_NAME", TEXT, (schema, { instance }) => instance.catalog.object(schema.parentId)?.name],
    ["SCHEMA_OWNER", TEXT, ({ owner }) => owner],
    ["RETENTION_TIME", INTEGER, (schema, context) => Number(retentionTime(context, schema))],
    ["IS_TRANSIENT", TEXT, ({ transient }) => yes(transient)],
    ["IS_MANAGED_ACCESS", TEXT, ({ managedAccess }) => yes(managedAccess)],
    ...without<Schema>(TEXT, "DEFAULT_CHARACTER_SET_CATALOG", "DEFAULT_CHARACTER_SET_SCHEMA"),
    ...without<Schema>(TEXT, "DEFAULT_CHARACTER_SET_NAME", "SQL_PATH"),
    ["COMMENT", TEXT, ({ comment }) => orNull(comment)],
    CREATED,
    ["LAST_ALTERED", TIMESTAMP, ({ createdOn }) => createdOn],
    DELETED,
    ["SCHEMA_TYPE", TEXT, () => "STANDARD"],
    OWNER_TYPE,
    ["VERSION_NAME", TEXT],
    ["VERSIONED_SCHEMA_ID", INTEGER],
    ["OBJECT_VISIBILITY", OBJECT],
  ],
);

/** Source: "DATABASES view" of Account Usage. */
const DATABASES = usageView<Database>(
  (context) => everyObject(context, "DATABASE"),
  [
    ["DATABASE_ID", INTEGER, ({ id }) => id],
    ["DATABASE_NAME", TEXT, ({ name }) => name],
    ["DATABASE_OWNER", TEXT, ({ owner }) => owner],
    ["IS_TRANSIENT", TEXT, ({ transient }) => yes(transient)],
    ["COMMENT", TEXT, ({ comment }) => orNull(comment)],
    CREATED,
    ["LAST_ALTERED", TIMESTAMP, ({ createdOn }) => createdOn],
    DELETED,
    ["RETENTION_TIME", INTEGER, (database, context) => Number(retentionTime(context, database))],
    ["RESOURCE_GROUP", TEXT],
    ["TYPE", TEXT, () => "STANDARD"],
    OWNER_TYPE,
    ["OBJECT_VISIBILITY", OBJECT],
  ],
);

/** Views of databases, schemas, tables and their columns. */
export const CONTAINER_USAGE: Readonly<Record<string, UsageView>> = { TABLES, COLUMNS, VIEWS, SCHEMATA, DATABASES };
