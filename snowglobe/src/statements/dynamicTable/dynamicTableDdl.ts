import type { Column, DynamicTable } from "../../catalog/objects";
import type { StatementContext } from "../../execution/context";
import { columnAttachments, relationAttachments } from "../../execution/attachmentDdl";
import { commentClause, parameterClauses, type DdlWriter } from "../../execution/ddl";
import { quoteString } from "../../sql";
import { dataTypeText } from "../../sql/ast/dataType";
import { quoteIfNeeded } from "../../quoting";
import { clusterByClause } from "../../execution/clusteringKey";

/** CREATE DYNAMIC TABLE with its column list. Source: "GET_DDL". */
export const dynamicTableDdl: DdlWriter<DynamicTable> = (table, name, context) => {
  const clauses = [
    table.targetLag && `target_lag = ${lagText(table.targetLag)}`,
    table.scheduler !== null && table.targetLag === null && `scheduler = ${table.scheduler}`,
    !table.refreshUsing && `refresh_mode = ${table.requestedRefreshMode}`,
    `initialize = ${table.initialize}`,
    `warehouse = ${quoteIfNeeded(table.warehouse)}`,
    table.initializationWarehouse !== null &&
      `initialization_warehouse = ${quoteIfNeeded(table.initializationWarehouse)}`,
    clusterByClause(table),
    ...parameterClauses(table),
    ...relationAttachments(table, context),
    commentClause(table),
    table.requireUser && "require user",
    table.frozenWhere !== undefined && `frozen where (${table.frozenWhere})`,
  ].filter(Boolean);
  const columns = table.columns.map((column) => columnText(column, table, context));
  const content = table.refreshUsing ? `refresh using (${table.queryText})` : `as\n${table.queryText}`;
  const kind = `${table.transient ? "transient " : ""}dynamic table`;
  return `create or replace ${kind} ${name}(\n\t${columns.join(",\n\t")}\n) ${clauses.join(" ")}\n ${content};`;
};

function lagText(lag: NonNullable<DynamicTable["targetLag"]>): string {
  return lag.kind === "DOWNSTREAM" ? "DOWNSTREAM" : quoteString(lag.text);
}

/** A type stands where CREATE gave one: values are cast to it. */
function columnText(column: Column, table: DynamicTable, context: StatementContext): string {
  const { name, type, physical, comment } = column;
  const typed = table.refreshUsing || table.typedColumns?.includes(physical);
  return [
    quoteIfNeeded(name),
    typed && dataTypeText(type),
    ...columnAttachments(column, context),
    comment !== "" && `COMMENT ${quoteString(comment)}`,
  ]
    .filter(Boolean)
    .join(" ");
}
