import { identityText } from "../../execution/numberSource";
import type { DynamicTable, RelationObject, Table } from "../../catalog/objects";
import { LikePattern } from "../../catalog/likePattern";
import { dataTypeText, type DataType } from "../../sql/ast/dataType";
import type { StatementContext } from "../../execution/context";
import { findDatabase, findRelation, findSchema } from "../../execution/lookup";
import { INTEGER, TEXT } from "../../execution/outcome";
import { retentionTime } from "../../execution/parameters";
import { inScope, scopeOf, type ShowHandler, preparedListing } from "../../execution/listing";
import { StatementType } from "../../account/statementType";
import {
  type ShownColumn,
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  COMMENT,
  OWNER,
  OWNER_ROLE_TYPE,
  shown,
  flag,
  schemaName,
  databaseName,
} from "../../execution/shownColumn";

/** An object with the number of its rows, which only storage knows. */
export type Counted<T> = T & { readonly rowCount: number | undefined };

/** @returns the objects with their row counts; views have none */
export async function counted<T extends RelationObject>(
  objects: readonly T[],
  context: StatementContext,
): Promise<Counted<T>[]> {
  const stored = objects.flatMap((one) => (one.kind === "VIEW" ? [] : [one.storageId]));
  const counts = await context.instance.rowCounts.of(stored);
  return objects.map((one) => ({ ...one, rowCount: one.kind === "VIEW" ? undefined : counts.get(one.storageId) }));
}

/** TABLE, TRANSIENT or TEMPORARY, as SHOW TABLES says. */
function tableKind(table: Table | DynamicTable): string {
  return table.sessionId !== undefined ? "TEMPORARY" : table.transient ? "TRANSIENT" : "TABLE";
}

const TABLE_COLUMNS: readonly ShownColumn<Counted<Table | DynamicTable>>[] = [
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  ["kind", TEXT, tableKind],
  COMMENT,
  ["cluster_by", TEXT, (table) => table.clusterBy],
  ["rows", INTEGER, (table) => table.rowCount],
  ["bytes", INTEGER, (table, context) => context.instance.rowCounts.bytes(table.storageId)],
  OWNER,
  ["retention_time", TEXT, (table, context) => retentionTime(context, table)],
  ["automatic_clustering", TEXT, (table) => (table.clusterBy === "" ? "OFF" : "ON")],
  ["change_tracking", TEXT, (table) => (table.changeTracking ? "ON" : "OFF")],
  ["search_optimization", TEXT, () => "OFF"],
  ["search_optimization_progress", TEXT],
  ["search_optimization_bytes", TEXT],
  ["is_external", TEXT, () => "N"],
  ["enable_schema_evolution", TEXT, (table) => flag(table.kind === "TABLE" && table.schemaEvolution === true)],
  OWNER_ROLE_TYPE,
  ["is_event", TEXT, () => "N"],
  ["budget", TEXT],
  ["is_hybrid", TEXT, () => "N"],
  ["is_iceberg", TEXT, () => "N"],
  ["is_dynamic", TEXT, (table) => flag(table.kind === "DYNAMIC TABLE")],
  ["is_immutable", TEXT, () => "N"],
];

/** Source: "SHOW TABLES": dynamic tables are among them. */
export const showTables = preparedListing(["TABLE", "DYNAMIC TABLE"], TABLE_COLUMNS, counted);

const OBJECT_COLUMNS: readonly ShownColumn<Counted<RelationObject>>[] = [
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  // Transient and temporary ones are tables here: dbt knows its own by this word.
  ["kind", TEXT, (object) => (object.kind === "VIEW" ? "VIEW" : "TABLE")],
  COMMENT,
  ["cluster_by", TEXT, (object) => (object.kind === "VIEW" ? "" : object.clusterBy)],
  ["rows", INTEGER, (object) => object.rowCount],
  [
    "bytes",
    INTEGER,
    (object, context) => (object.kind === "VIEW" ? null : context.instance.rowCounts.bytes(object.storageId)),
  ],
  OWNER,
  ["retention_time", TEXT, (object, context) => (object.kind === "VIEW" ? "" : retentionTime(context, object))],
  OWNER_ROLE_TYPE,
  ["is_hybrid", TEXT, () => "N"],
  ["is_dynamic", TEXT, (object) => flag(object.kind === "DYNAMIC TABLE")],
  ["is_iceberg", TEXT, () => "N"],
  ["is_interactive", TEXT, () => "N"],
];

/** Source: "SHOW OBJECTS": tables, dynamic tables and views. */
export const showObjects = preparedListing(["TABLE", "DYNAMIC TABLE", "VIEW"], OBJECT_COLUMNS, counted);

/** A column and the table or view that it is of. */
interface ColumnOf {
  readonly relation: RelationObject;
  readonly column: RelationObject["columns"][number];
}

const COLUMN_COLUMNS: readonly ShownColumn<ColumnOf>[] = [
  ["table_name", TEXT, ({ relation }) => relation.name],
  ["schema_name", TEXT, ({ relation }, context) => schemaName(relation, context)],
  ["column_name", TEXT, ({ column }) => column.name],
  ["data_type", TEXT, ({ column }) => typeJson(column.type, column.nullable)],
  ["null?", TEXT, ({ column }) => (column.nullable ? "true" : "NOT_NULL")],
  ["default", TEXT, ({ column }) => column.defaultText ?? ""],
  ["kind", TEXT, () => "COLUMN"],
  ["expression", TEXT, () => ""],
  ["comment", TEXT, ({ column }) => column.comment],
  ["database_name", TEXT, ({ relation }, context) => databaseName(relation, context)],
  ["autoincrement", TEXT, ({ column }) => (column.identity ? identityText(column.identity) : "")],
];

/** Source: "SHOW COLUMNS". LIKE is matched against the columns' names. */
export const showColumns: ShowHandler = async (statement, context) => {
  const like = statement.like === undefined ? undefined : new LikePattern(statement.like);
  const { scope } = statement;
  const kind = scope?.objectKind ?? "TABLE";
  const relations =
    scope?.name && (kind === "TABLE" || kind === "VIEW" || kind === "DYNAMIC TABLE")
      ? [findRelation(context, scope.name, "SHOW COLUMNS")]
      : (["TABLE", "VIEW", "DYNAMIC TABLE"] as const).flatMap((one) =>
          inScope(context, one, scope?.name ? named(kind, statement, context) : scopeOf(statement, context, one)),
        );
  const found = relations.flatMap((relation) =>
    relation.columns.filter((column) => !like || like.test(column.name)).map((column) => ({ relation, column })),
  );
  return shown(COLUMN_COLUMNS, found, context, StatementType.SHOW);
};

function named(kind: string, statement: Parameters<ShowHandler>[0], context: StatementContext) {
  const name = statement.scope!.name!;
  return kind === "DATABASE"
    ? ({ kind: "DATABASE", database: findDatabase(context, name.at(-1)!.name) } as const)
    : ({ kind: "SCHEMA", schema: findSchema(context, name, "SHOW COLUMNS") } as const);
}

/** A type as SHOW COLUMNS prints it: a JSON object. */
function typeJson(type: DataType, nullable: boolean): string {
  switch (type.kind) {
    case "NUMBER":
      return JSON.stringify({ type: "FIXED", precision: type.precision, scale: type.scale, nullable });
    case "FLOAT":
      return JSON.stringify({ type: "REAL", nullable });
    case "VARCHAR":
      return JSON.stringify({
        type: "TEXT",
        length: type.length,
        byteLength: Math.min(type.length * 4, 16_777_216),
        nullable,
        fixed: false,
      });
    case "BINARY":
      return JSON.stringify({ type: "BINARY", length: type.length, byteLength: type.length, nullable, fixed: true });
    case "TIME":
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_TZ":
      return JSON.stringify({ type: type.kind, precision: 0, scale: type.scale, nullable });
    default:
      return JSON.stringify({ type: dataTypeText(type), nullable });
  }
}
