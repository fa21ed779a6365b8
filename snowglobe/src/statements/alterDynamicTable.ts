import type { DynamicTable, SuspendReason } from "../catalog/objects";
import { parameterDefinition } from "../catalog/parameters";
import { compilationError, unsupported } from "../errors";
import { parseTargetLag } from "../refresh/targetLag";
import type { StatementOf } from "../sql/ast/statement";
import { requireOwnership, requirePrivilege } from "./authorize";
import { renamed } from "./alterTable";
import type { Handler, StatementContext } from "./context";
import { requireLag, warehouseOf } from "./dynamicTable";
import { find, tryFind } from "./lookup";
import { INTEGER, rows, succeeded, TEXT, TIMESTAMP, type Outcome } from "./outcome";
import { Properties } from "./properties";
import { downstreamOf, pointNow, refreshPipeline, requireSuccess, upstreamOf } from "./refreshPipeline";
import { StatementType } from "./statementType";

/** ALTER DYNAMIC TABLE. Source: "ALTER DYNAMIC TABLE". */
export const alterDynamicTable: Handler<StatementOf<"alterDynamicTable">> = async (statement, context) => {
  const table = tryFind(context, "DYNAMIC TABLE", statement.name, "ALTER DYNAMIC TABLE");
  if (!table) {
    if (statement.ifExists) return succeeded();
    return find(context, "DYNAMIC TABLE", statement.name, "ALTER DYNAMIC TABLE") as never;
  }
  const { action } = statement;
  switch (action.action) {
    case "refresh":
      requirePrivilege(context, table, "OPERATE");
      return refresh(table, context);
    case "suspend":
      requirePrivilege(context, table, "OPERATE");
      await put(suspended(table, "USER_SUSPENDED", context), context);
      return succeeded();
    case "resume":
      requirePrivilege(context, table, "OPERATE");
      await put(resumed(table, context), context);
      return succeeded();
    case "set":
      await put([set(statement, table, context)], context);
      return succeeded();
    case "unset":
      requireOwnership(context, table);
      await put([unset(action.names, table)], context);
      return succeeded();
    case "renameTo":
      requireOwnership(context, table);
      await put([renamed(action.name, table, context)], context);
      return succeeded();
    default:
      throw unsupported(`ALTER DYNAMIC TABLE ${action.action}`);
  }
};

async function put(tables: readonly DynamicTable[], context: StatementContext): Promise<void> {
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    for (const table of tables) {
      // A refresh may have ended since: the content's state is its own.
      const now = change.object(table.id) as DynamicTable;
      change.put({ ...table, content: now.content, inputs: now.inputs });
    }
  });
}

/** Refreshes by hand: upstream first, also where suspended. */
async function refresh(table: DynamicTable, context: StatementContext): Promise<Outcome> {
  const point = pointNow(context.instance, "MANUAL", context.signal);
  const records = await refreshPipeline(context.instance, [table.id], point);
  requireSuccess(records);
  const own = records.find((record) => record.objectId === table.id);
  return rows(
    [
      ["refreshed_dynamic_table_count", INTEGER],
      ["data_timestamp", TIMESTAMP],
      ["statistics", TEXT],
    ],
    [[records.length, point.dataTimestamp, JSON.stringify(own?.statistics ?? {})]],
    StatementType.DDL,
  );
}

/** The table and all that reads it, directly or not. */
function cascade(table: DynamicTable, context: StatementContext): DynamicTable[] {
  const found = new Map<number, DynamicTable>([[table.id, table]]);
  for (const one of found.values()) {
    for (const next of downstreamOf(context.instance, one.id)) found.set(next.id, next);
  }
  return [...found.values()];
}

function suspended(table: DynamicTable, reason: SuspendReason, context: StatementContext): DynamicTable[] {
  const on = context.startedOn;
  return cascade(table, context)
    .filter((one) => one.id === table.id || !one.suspended)
    .map((one) => ({
      ...one,
      suspended: { reason: one.id === table.id ? reason : "UPSTREAM_USER_SUSPENDED", on },
    }));
}

/** Resuming goes on to what was suspended only because this was. */
function resumed(table: DynamicTable, context: StatementContext): DynamicTable[] {
  const blocked = upstreamOf(context.instance, table).find((one) => one.suspended);
  if (blocked) {
    throw compilationError(
      `Dynamic table '${table.name}' cannot be resumed: its upstream dynamic table '${blocked.name}' is suspended.`,
      "002719",
      "42601",
    );
  }
  return cascade(table, context)
    .filter((one) => one.id === table.id || one.suspended?.reason.startsWith("UPSTREAM_"))
    .map((one) => ({ ...one, suspended: null, failures: 0, resumedOn: context.startedOn }));
}

function set(
  statement: StatementOf<"alterDynamicTable">,
  table: DynamicTable,
  context: StatementContext,
): DynamicTable {
  const { action } = statement;
  if (action.action !== "set") return table;
  requirePrivilege(context, table, "OPERATE");
  const properties = new Properties(action.properties, context);
  const lagText = properties.text("TARGET_LAG");
  const targetLag = lagText === undefined ? table.targetLag : parseTargetLag(lagText);
  if (lagText !== undefined) {
    requireLag(targetLag, upstreamOf(context.instance, table), table.name);
    for (const reader of downstreamOf(context.instance, table.id)) {
      requireLag(reader.targetLag, [{ ...table, targetLag }], reader.name);
    }
  }
  const warehouse = properties.text("WAREHOUSE");
  const initialization = properties.text("INITIALIZATION_WAREHOUSE");
  const changed: DynamicTable = {
    ...table,
    targetLag,
    warehouse: warehouse === undefined ? table.warehouse : warehouseOf(warehouse, context),
    initializationWarehouse:
      initialization === undefined ? table.initializationWarehouse : warehouseOf(initialization, context),
    scheduler: properties.word("SCHEDULER", "ENABLE", "DISABLE") ?? table.scheduler,
    comment: properties.text("COMMENT") ?? table.comment,
    parameters: { ...table.parameters, ...properties.parameters("TABLE") },
  };
  properties.done();
  return changed;
}

function unset(names: readonly string[], table: DynamicTable): DynamicTable {
  for (const name of names) {
    if (!["COMMENT", "INITIALIZATION_WAREHOUSE"].includes(name) && !parameterDefinition(name)) {
      throw unsupported(`ALTER DYNAMIC TABLE UNSET ${name}`);
    }
  }
  return {
    ...table,
    comment: names.includes("COMMENT") ? "" : table.comment,
    initializationWarehouse: names.includes("INITIALIZATION_WAREHOUSE") ? null : table.initializationWarehouse,
    parameters: Object.fromEntries(Object.entries(table.parameters).filter(([name]) => !names.includes(name))),
  };
}
