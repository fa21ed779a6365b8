import type { CatalogChange } from "../../catalog/change";
import type { DynamicTable } from "../../catalog/objects";
import { parameterDefinition } from "../../catalog/parameters";
import { compilationError, unsupported } from "../../errors";
import { parseTargetLag } from "../../refresh/targetLag";
import type { StatementOf } from "../../sql/ast/statement";
import { requireOwnership, requirePrivilege } from "../authorize";
import { renamed } from "../alterTable";
import type { Handler, StatementContext } from "../context";
import { requireLag, warehouseOf } from "./dynamicTable";
import { find, tryFind } from "../lookup";
import { INTEGER, rows, succeeded, TEXT, TIMESTAMP, type Outcome } from "../outcome";
import { Properties } from "../properties";
import { downstreamOf, resume, suspend, upstreamOf } from "./dynamicTableGraph";
import { pointNow, refreshPipeline, requireSuccess } from "./refreshPipeline";
import { StatementType } from "../statementType";

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
      await alter(table, context, (_, change) => suspend(context.instance, table, "USER_SUSPENDED", change));
      return succeeded();
    case "resume":
      requirePrivilege(context, table, "OPERATE");
      requireResumable(table, context);
      await alter(table, context, (_, change) => resume(context.instance, table, change));
      return succeeded();
    case "set": {
      const next = set(statement, table, context);
      await alter(table, context, (now, change) => change.put({ ...now, ...next }));
      return succeeded();
    }
    case "unset":
      requireOwnership(context, table);
      await alter(table, context, (now, change) => change.put(unset(action.names, now)));
      return succeeded();
    case "renameTo": {
      requireOwnership(context, table);
      await alter(table, context, (now, change) => change.put(renamed(action.name, now, context)));
      return succeeded();
    }
    default:
      throw unsupported(`ALTER DYNAMIC TABLE ${action.action}`);
  }
};

/** Changes the catalog's object as it is when the lock is held: a refresh may have ended since the statement began. */
async function alter(
  table: DynamicTable,
  context: StatementContext,
  body: (now: DynamicTable, change: CatalogChange) => void,
): Promise<void> {
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    body(change.object(table.id) as DynamicTable, change);
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

function requireResumable(table: DynamicTable, context: StatementContext): void {
  const blocked = upstreamOf(context.instance, table).find((one) => one.suspended);
  if (!blocked) return;
  throw compilationError(
    `Dynamic table '${table.name}' cannot be resumed: its upstream dynamic table '${blocked.name}' is suspended.`,
    "002719",
    "42601",
  );
}

function set(
  statement: StatementOf<"alterDynamicTable">,
  table: DynamicTable,
  context: StatementContext,
): Partial<DynamicTable> {
  const { action } = statement;
  if (action.action !== "set") return {};
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
  const changed: Partial<DynamicTable> = {
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
