import { viewText } from "../../execution/authorize";
import { identityText } from "../../execution/numberSource";
import type { DynamicTable, RelationObject, Table, View } from "../../catalog/objects";
import { LikePattern } from "../../catalog/likePattern";
import { dataTypeText, type DataType } from "../../sql/ast/dataType";
import type { StatementContext } from "../../execution/context";
import { findDatabase, findRelation, findSchema } from "../../execution/lookup";
import { INTEGER, rows, TEXT, TIMESTAMP, type ColumnSpec } from "../../execution/outcome";
import { retentionTime } from "../../execution/parameters";
import { currentFlag, inScope, listing, roleType, scopeOf, type ShowHandler } from "../../execution/listing";
import { StatementType } from "../../account/statementType";

/** Row counts of what is listed, by storage id. */
type Counts = ReadonlyMap<number, number>;

export function rowCounts(objects: readonly RelationObject[], context: StatementContext): Promise<Counts> {
  return context.instance.rowCounts.of(objects.flatMap((one) => (one.kind === "VIEW" ? [] : [one.storageId])));
}

function path(object: RelationObject, context: StatementContext): readonly [database: string, schema: string] {
  const [database, schema] = context.instance.catalog.pathOf(object);
  return [database!, schema!];
}

/** TABLE, TRANSIENT or TEMPORARY, as SHOW TABLES says. */
export function tableKind(table: Table | DynamicTable): string {
  return table.sessionId !== undefined ? "TEMPORARY" : table.transient ? "TRANSIENT" : "TABLE";
}

const TABLE_COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["name", TEXT],
  ["database_name", TEXT],
  ["schema_name", TEXT],
  ["kind", TEXT],
  ["comment", TEXT],
  ["cluster_by", TEXT],
  ["rows", INTEGER],
  ["bytes", INTEGER],
  ["owner", TEXT],
  ["retention_time", TEXT],
  ["automatic_clustering", TEXT],
  ["change_tracking", TEXT],
  ["search_optimization", TEXT],
  ["search_optimization_progress", TEXT],
  ["search_optimization_bytes", TEXT],
  ["is_external", TEXT],
  ["enable_schema_evolution", TEXT],
  ["owner_role_type", TEXT],
  ["is_event", TEXT],
  ["budget", TEXT],
  ["is_hybrid", TEXT],
  ["is_iceberg", TEXT],
  ["is_dynamic", TEXT],
  ["is_immutable", TEXT],
];

/** Source: "SHOW TABLES": dynamic tables are among them. */
export const showTables = listing(
  ["TABLE", "DYNAMIC TABLE"],
  TABLE_COLUMNS,
  (table, context, counts: Counts) => [
    table.createdOn,
    table.name,
    ...path(table, context),
    tableKind(table),
    table.comment,
    table.clusterBy,
    counts.get(table.storageId),
    context.instance.rowCounts.bytes(table.storageId),
    table.owner,
    retentionTime(context, table),
    table.clusterBy === "" ? "OFF" : "ON",
    table.changeTracking ? "ON" : "OFF",
    "OFF",
    null,
    null,
    "N",
    "N",
    roleType(table),
    "N",
    null,
    "N",
    "N",
    currentFlag(table.kind === "DYNAMIC TABLE"),
    "N",
  ],
  rowCounts,
);

const VIEW_COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["name", TEXT],
  ["reserved", TEXT],
  ["database_name", TEXT],
  ["schema_name", TEXT],
  ["owner", TEXT],
  ["comment", TEXT],
  ["text", TEXT],
  ["is_secure", TEXT],
  ["is_materialized", TEXT],
  ["owner_role_type", TEXT],
  ["change_tracking", TEXT],
];

/** Source: "SHOW VIEWS". */
export const showViews = listing("VIEW", VIEW_COLUMNS, (view: View, context) => [
  view.createdOn,
  view.name,
  "",
  ...path(view, context),
  view.owner,
  view.comment,
  viewText(context, view) ?? "",
  String(view.secure),
  "false",
  roleType(view),
  view.changeTracking ? "ON" : "OFF",
]);

const OBJECT_COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["name", TEXT],
  ["database_name", TEXT],
  ["schema_name", TEXT],
  ["kind", TEXT],
  ["comment", TEXT],
  ["cluster_by", TEXT],
  ["rows", INTEGER],
  ["bytes", INTEGER],
  ["owner", TEXT],
  ["retention_time", TEXT],
  ["owner_role_type", TEXT],
  ["is_hybrid", TEXT],
  ["is_dynamic", TEXT],
  ["is_iceberg", TEXT],
  ["is_interactive", TEXT],
];

/** Source: "SHOW OBJECTS": tables, dynamic tables and views. */
export const showObjects = listing(
  ["TABLE", "DYNAMIC TABLE", "VIEW"],
  OBJECT_COLUMNS,
  (object, context, counts: Counts) => [
    object.createdOn,
    object.name,
    ...path(object, context),
    // Transient and temporary ones are tables here: dbt knows its own by this word.
    object.kind === "VIEW" ? "VIEW" : "TABLE",
    object.comment,
    object.kind === "VIEW" ? "" : object.clusterBy,
    object.kind === "VIEW" ? null : counts.get(object.storageId),
    object.kind === "VIEW" ? null : context.instance.rowCounts.bytes(object.storageId),
    object.owner,
    object.kind === "VIEW" ? "" : retentionTime(context, object),
    roleType(object),
    "N",
    currentFlag(object.kind === "DYNAMIC TABLE"),
    "N",
    "N",
  ],
  rowCounts,
);

const COLUMN_COLUMNS: readonly ColumnSpec[] = [
  ["table_name", TEXT],
  ["schema_name", TEXT],
  ["column_name", TEXT],
  ["data_type", TEXT],
  ["null?", TEXT],
  ["default", TEXT],
  ["kind", TEXT],
  ["expression", TEXT],
  ["comment", TEXT],
  ["database_name", TEXT],
  ["autoincrement", TEXT],
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
  return rows(
    COLUMN_COLUMNS,
    relations.flatMap((relation) => {
      const [database, schema] = path(relation, context);
      return relation.columns
        .filter((column) => !like || like.test(column.name))
        .map((column) => [
          relation.name,
          schema,
          column.name,
          typeJson(column.type, column.nullable),
          column.nullable ? "true" : "NOT_NULL",
          column.defaultText ?? "",
          "COLUMN",
          "",
          column.comment,
          database,
          column.identity ? identityText(column.identity) : "",
        ]);
    }),
    StatementType.SHOW,
  );
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
