import type { DynamicTable, RelationObject, Table } from "../catalog/objects";
import type { StatementContext } from "../execution/context";
import { INTEGER, TEXT, TIMESTAMP } from "../execution/outcome";
import { retentionTime } from "../execution/parameters";
import type { ShownColumn } from "../execution/shownColumn";
import type { DataType } from "../sql/ast/dataType";
import { orNull, yes, type KnownCounts } from "./view";

/**
 * What TABLES and COLUMNS tell of tables, views and their columns, in INFORMATION_SCHEMA as in ACCOUNT_USAGE.
 */

/** A table or view; `stored` where it has rows of its own, `rowCount` where they are counted. */
export interface Relation {
  readonly object: RelationObject;
  readonly stored: Table | DynamicTable | undefined;
  readonly rowCount: number | undefined;
}

export function describedRelation(object: RelationObject, counts: KnownCounts): Relation {
  const stored = object.kind === "VIEW" ? undefined : object;
  return { object, stored, rowCount: stored && counts.get(stored.storageId) };
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

export const TABLE_DESCRIPTION: readonly ShownColumn<Relation>[] = [
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
];

export const TABLE_UPKEEP: readonly ShownColumn<Relation>[] = [
  ["AUTO_CLUSTERING_ON", TEXT, ({ stored }) => stored && yes(stored.clusterBy !== "")],
  ["COMMENT", TEXT, ({ object }) => orNull(object.comment)],
];

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
export interface ColumnOf {
  readonly relation: RelationObject;
  readonly column: RelationObject["columns"][number];
  /** From 1. */
  readonly position: number;
}

export function columnsOf(relation: RelationObject): ColumnOf[] {
  return relation.columns.map((column, index) => ({ relation, column, position: index + 1 }));
}

/** Length in characters, of text, or in bytes, of BINARY. */
function lengthOf(type: DataType): number | null {
  return type.kind === "VARCHAR" || type.kind === "BINARY" ? type.length : null;
}

function byteLengthOf(type: DataType): number | null {
  return type.kind === "VARCHAR" ? Math.min(type.length * 4, 16_777_216) : lengthOf(type);
}

export const COLUMN_DESCRIPTION: readonly ShownColumn<ColumnOf>[] = [
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
];

export const COLUMN_KIND: readonly ShownColumn<ColumnOf>[] = [
  ["DATA_TYPE_ALIAS", TEXT],
  ["EXPRESSION", TEXT],
  ["KIND", TEXT, () => "COLUMN"],
];
