import type { DynamicTable } from "../../catalog/objects";
import { targetLagText } from "../../refresh/targetLag";
import { holds } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { BOOLEAN, INTEGER, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
import { listing, roleType } from "../../execution/listing";
import { rowCounts } from "../table/showRelations";

const COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["name", TEXT],
  ["reserved", TEXT],
  ["database_name", TEXT],
  ["schema_name", TEXT],
  ["cluster_by", TEXT],
  ["rows", INTEGER],
  ["bytes", INTEGER],
  ["owner", TEXT],
  ["target_lag", TEXT],
  ["refresh_mode", TEXT],
  ["refresh_mode_reason", TEXT],
  ["warehouse", TEXT],
  ["comment", TEXT],
  ["text", TEXT],
  ["automatic_clustering", TEXT],
  ["scheduling_state", TEXT],
  ["last_suspended_on", TIMESTAMP],
  ["is_clone", BOOLEAN],
  ["is_replica", BOOLEAN],
  ["is_iceberg", BOOLEAN],
  ["data_timestamp", TIMESTAMP],
  ["owner_role_type", TEXT],
  ["initialization_warehouse", TEXT],
  ["scheduler", TEXT],
  ["immutable_where", TEXT],
  ["execute_as_user", TEXT],
  ["secondary_role_names", TEXT],
];

/** Source: "SHOW DYNAMIC TABLES". Without MONITOR on a table, what tells how it is refreshed is hidden. */
export const showDynamicTables = listing("DYNAMIC TABLE", COLUMNS, row, rowCounts);

function row(table: DynamicTable, context: StatementContext, counts: ReadonlyMap<number, number>): Cell[] {
  const [database, schema] = context.instance.catalog.pathOf(table);
  const monitored = holds(context, "MONITOR", table.id);
  const only = (cell: Cell): Cell => (monitored ? cell : null);
  return [
    table.createdOn,
    table.name,
    "",
    database,
    schema,
    table.clusterBy,
    counts.get(table.storageId),
    context.instance.rowCounts.bytes(table.storageId),
    table.owner,
    targetLagText(table.targetLag),
    table.refreshMode,
    table.refreshModeReason,
    only(table.warehouse),
    table.comment,
    only(table.text),
    "OFF",
    only(table.suspended ? "SUSPENDED" : "RUNNING"),
    only(table.suspended?.on ?? null),
    table.isClone,
    false,
    false,
    table.content?.dataTimestamp ?? null,
    roleType(table),
    table.initializationWarehouse,
    table.scheduler,
    table.frozenWhere ?? null,
    null,
    null,
  ];
}
