import type { DynamicTable } from "../../catalog/objects";
import { shownUser } from "../../refresh/refreshUser";
import { targetLagText } from "../../refresh/targetLag";
import { holds } from "../../execution/authorize";
import { BOOLEAN, INTEGER, TEXT, TIMESTAMP, type Cell } from "../../execution/outcome";
import { preparedListing } from "../../execution/listing";
import { type Counted, counted } from "../table/showRelations";
import type { DataType } from "../../sql/ast/dataType";
import {
  type ShownColumn,
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  OWNER_ROLE_TYPE,
} from "../../execution/shownColumn";

/** A column that is hidden from a role without MONITOR on the table. */
function monitored(name: string, type: DataType, value: (table: DynamicTable) => Cell): ShownColumn<DynamicTable> {
  return [name, type, (table, context) => (holds(context, "MONITOR", table.id) ? value(table) : null)];
}

const COLUMNS: readonly ShownColumn<Counted<DynamicTable>>[] = [
  CREATED_ON,
  NAME,
  ["reserved", TEXT, () => ""],
  DATABASE_NAME,
  SCHEMA_NAME,
  ["cluster_by", TEXT, (table) => table.clusterBy],
  ["rows", INTEGER, (table) => table.rowCount],
  ["bytes", INTEGER, (table, context) => context.instance.rowCounts.bytes(table.storageId)],
  OWNER,
  ["target_lag", TEXT, (table) => targetLagText(table.targetLag)],
  ["refresh_mode", TEXT, (table) => table.refreshMode],
  ["refresh_mode_reason", TEXT, (table) => table.refreshModeReason],
  monitored("warehouse", TEXT, (table) => table.warehouse),
  COMMENT,
  monitored("text", TEXT, (table) => table.text),
  [
    "automatic_clustering",
    TEXT,
    ({ clusterBy, reclusterSuspended }) => (clusterBy === "" || reclusterSuspended ? "OFF" : "ON"),
  ],
  monitored("scheduling_state", TEXT, (table) => (table.suspended ? "SUSPENDED" : "RUNNING")),
  monitored("last_suspended_on", TIMESTAMP, (table) => table.suspended?.on ?? null),
  ["is_clone", BOOLEAN, (table) => table.isClone],
  ["is_replica", BOOLEAN, () => false],
  ["is_iceberg", BOOLEAN, () => false],
  ["data_timestamp", TIMESTAMP, (table) => table.content?.dataTimestamp ?? null],
  OWNER_ROLE_TYPE,
  ["initialization_warehouse", TEXT, (table) => table.initializationWarehouse],
  ["scheduler", TEXT, (table) => table.scheduler],
  ["immutable_where", TEXT, (table) => table.frozenWhere ?? null],
  ["execute_as_user", TEXT, (table, { instance }) => shownUser(table, instance).executeAsUser],
  [
    "secondary_role_names",
    TEXT,
    (table, { instance }) => shownUser(table, instance).secondaryRoles?.join(", ") ?? null,
  ],
];

/** Source: "SHOW DYNAMIC TABLES". Without MONITOR on a table, what tells how it is refreshed is hidden. */
export const showDynamicTables = preparedListing("DYNAMIC TABLE", COLUMNS, counted);
