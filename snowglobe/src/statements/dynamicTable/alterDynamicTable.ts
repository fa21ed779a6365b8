import type { CatalogChange } from "../../catalog/change";
import type { DynamicTable } from "../../catalog/objects";
import { parameterDefinition } from "../../catalog/parameters";
import { compilationError, unsupported } from "../../errors";
import { parseTargetLag } from "../../refresh/targetLag";
import type { Property } from "../../sql/ast/property";
import type { StatementOf } from "../../sql/ast/statement";
import { alterTable, exchangeNames, renamed } from "../table/alterTable";
import { requireOwnership, requirePrivilege } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { find, findRelation, tryFind } from "../../execution/lookup";
import { succeeded, type Outcome } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { withRowTimes } from "../../execution/rowTimestamp";
import { downstreamOf, resume, suspend, upstreamOf } from "../../refresh/dynamicTableGraph";
import { bindContent } from "../../refresh/dynamicTableContent";
import { requireFrozenRegion, whyThawed } from "../../refresh/frozenRegion";
import { systemContext } from "../../refresh/systemContext";
import { executeAsOf } from "./executeAs";
import { refreshByHand } from "./manualRefresh";
import { lagWithoutSchedule, requireLag, UNSUPPORTED_PROPERTIES, warehouseOf } from "./settings";
import { clusteringKey } from "../../execution/clusteringKey";

const VERB = "ALTER DYNAMIC TABLE";

/** ALTER DYNAMIC TABLE. Source: "ALTER DYNAMIC TABLE". */
export const alterDynamicTable: Handler<StatementOf<"alterDynamicTable">> = async (statement, context) => {
  const { action } = statement;
  if (action.action === "refresh") {
    return refreshByHand([statement.name, ...action.others], statement.ifExists, action.copySession, context);
  }
  const table = tryFind(context, "DYNAMIC TABLE", statement.name, VERB);
  if (!table) {
    if (statement.ifExists) return succeeded();
    return find(context, "DYNAMIC TABLE", statement.name, VERB) as never;
  }
  switch (action.action) {
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
      const next = set(action.properties, table, context);
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
    case "swapWith":
      return swap(table, action.name, context);
    case "alterColumns":
      return alterTable({ ...statement, kind: "alterTable", actions: action.columns }, context);
    case "clusterBy":
    case "dropClusteringKey": {
      requireOwnership(context, table);
      const clusterBy = action.action === "clusterBy" ? clusteringKey(action.expressions, table.columns, context) : "";
      await alter(table, context, (now, change) => change.put({ ...now, clusterBy }));
      return succeeded();
    }
    // Nothing is clustered here; SHOW tells whether it would be.
    case "suspendRecluster":
    case "resumeRecluster": {
      requireOwnership(context, table);
      const reclusterSuspended = action.action === "suspendRecluster";
      await alter(table, context, (now, change) => change.put({ ...now, reclusterSuspended }));
      return succeeded();
    }
    case "setFrozenWhere":
      return freeze(table, action.condition.text, context);
    case "unsetFrozenWhere":
      return freeze(table, undefined, context);
    case "setExecuteAs":
    case "unsetExecuteAs": {
      requireOwnership(context, table);
      const executeAs =
        action.action === "setExecuteAs" ? executeAsOf(action.executeAs, table.owner, context) : undefined;
      await alter(table, context, (now, change) => change.put({ ...now, executeAs }));
      return succeeded();
    }
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

/** What a table will be once an action is done, as far as its refreshes go; nothing is changed. */
export async function alteredDefinition(
  table: DynamicTable,
  action: StatementOf<"alterDynamicTable">["action"],
  context: StatementContext,
): Promise<DynamicTable> {
  switch (action.action) {
    case "set":
      return { ...table, ...set(action.properties, table, context) };
    case "unset":
      requireOwnership(context, table);
      return unset(action.names, table);
    case "setFrozenWhere":
    case "unsetFrozenWhere": {
      const frozenWhere = action.action === "setFrozenWhere" ? action.condition.text : undefined;
      const { next, inside } = frozen(table, frozenWhere, context);
      const { instance, signal } = context;
      const thawed = await instance.storage.read(undefined, signal, (reader) => whyThawed(table, next, reader, inside));
      return { ...next, reinitialize: thawed ?? table.reinitialize };
    }
    default:
      requirePrivilege(context, table, "OPERATE");
      return table;
  }
}

/** @throws SnowflakeError for a predicate that a table cannot have */
function frozen(
  table: DynamicTable,
  frozenWhere: string | undefined,
  context: StatementContext,
): { readonly next: DynamicTable; readonly inside: StatementContext } {
  requireOwnership(context, table);
  const inside = systemContext(context.instance, table, { signal: context.signal });
  const next: DynamicTable = { ...table, frozenWhere };
  if (frozenWhere !== undefined) requireFrozenRegion(next, bindContent(table, inside, context.startedOn).query, inside);
  return { next, inside };
}

/** SET and UNSET of FROZEN WHERE. Source: "Frozen regions and backfill", add or remove a frozen region. */
async function freeze(
  table: DynamicTable,
  frozenWhere: string | undefined,
  context: StatementContext,
): Promise<Outcome> {
  const { instance, signal } = context;
  const { next, inside } = frozen(table, frozenWhere, context);
  await instance.refreshes.run(() =>
    instance.change({ signal }, async (writer, begin) => {
      const thawed = await whyThawed(table, next, writer, inside);
      const change = await begin();
      const now = change.object(table.id) as DynamicTable;
      change.put({ ...now, frozenWhere, reinitialize: thawed ?? now.reinitialize });
    }),
  );
  return succeeded();
}

/** Exchanges the names of two dynamic tables. Source: "Modify dynamic tables", swap. */
async function swap(
  table: DynamicTable,
  name: Parameters<typeof findRelation>[1],
  context: StatementContext,
): Promise<Outcome> {
  const other = findRelation(context, name, VERB);
  if (other.kind !== "DYNAMIC TABLE") {
    throw compilationError(`Dynamic table '${table.name}' can only be swapped with another dynamic table.`);
  }
  requireOwnership(context, table);
  requireOwnership(context, other);
  await exchangeNames(table, other, context);
  return succeeded();
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

/** What needs no more than OPERATE; everything else is the owner's. Source: "Dynamic table access control". */
const OPERABLE = new Set(["TARGET_LAG", "WAREHOUSE", "INITIALIZATION_WAREHOUSE", "SCHEDULER"]);

function set(given: readonly Property[], table: DynamicTable, context: StatementContext): Partial<DynamicTable> {
  if (given.every((property) => OPERABLE.has(property.name))) requirePrivilege(context, table, "OPERATE");
  else requireOwnership(context, table);
  const properties = new Properties(given, context);
  properties.refuse(...UNSUPPORTED_PROPERTIES);
  if (properties.has("REFRESH_MODE") || properties.has("INITIALIZE")) {
    throw compilationError(
      `REFRESH_MODE and INITIALIZE of dynamic table '${table.name}' cannot be altered: use CREATE OR REPLACE DYNAMIC TABLE.`,
    );
  }
  const warehouse = properties.name("WAREHOUSE");
  const initialization = properties.name("INITIALIZATION_WAREHOUSE");
  const changed: Partial<DynamicTable> = {
    ...schedule(properties, table, context),
    warehouse: warehouse === undefined ? table.warehouse : warehouseOf(warehouse, context),
    initializationWarehouse:
      initialization === undefined ? table.initializationWarehouse : warehouseOf(initialization, context),
    comment: properties.text("COMMENT") ?? table.comment,
    parameters: { ...table.parameters, ...properties.parameters("TABLE") },
    ...withRowTimes(table, properties.boolean("ROW_TIMESTAMP"), context),
  };
  properties.done();
  return changed;
}

/**
 * TARGET_LAG and SCHEDULER: without the schedule there is no lag, and a lag brings the schedule back. Source: "Manage
 * dynamic tables", SCHEDULER = DISABLE vs. SUSPEND.
 */
function schedule(
  properties: Properties,
  table: DynamicTable,
  context: StatementContext,
): Pick<DynamicTable, "targetLag" | "scheduler"> {
  const lagText = properties.text("TARGET_LAG");
  const given = properties.word("SCHEDULER", "ENABLE", "DISABLE");
  if (lagText !== undefined && given === "DISABLE") throw lagWithoutSchedule();
  // A lag brings a table back that was out of the schedule.
  const before = lagText !== undefined && table.scheduler === "DISABLE" ? "ENABLE" : table.scheduler;
  const scheduler = given ?? before;
  if (scheduler === "DISABLE") return { scheduler, targetLag: null };
  const targetLag = lagText === undefined ? table.targetLag : parseTargetLag(lagText);
  if (targetLag === null) throw compilationError("Missing option(s): [TARGET_LAG]", "002139", "42601");
  if (lagText !== undefined) {
    requireLag(targetLag, upstreamOf(context.instance, table), table.name);
    for (const reader of downstreamOf(context.instance, table.id)) {
      requireLag(reader.targetLag, [{ ...table, targetLag }], reader.name);
    }
  }
  return { scheduler, targetLag };
}

function unset(names: readonly string[], table: DynamicTable): DynamicTable {
  for (const name of names) {
    if (!["COMMENT", "INITIALIZATION_WAREHOUSE", "ROW_TIMESTAMP"].includes(name) && !parameterDefinition(name)) {
      throw unsupported(`${VERB} UNSET ${name}`);
    }
  }
  return {
    ...table,
    comment: names.includes("COMMENT") ? "" : table.comment,
    rowTimesSince: names.includes("ROW_TIMESTAMP") ? undefined : table.rowTimesSince,
    initializationWarehouse: names.includes("INITIALIZATION_WAREHOUSE") ? null : table.initializationWarehouse,
    parameters: Object.fromEntries(Object.entries(table.parameters).filter(([name]) => !names.includes(name))),
  };
}
