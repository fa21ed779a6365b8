import type { CatalogChange } from "../catalog/change";
import type { DynamicTable } from "../catalog/objects";
import { SnowflakeError } from "../errors";
import { translateDuckDbError } from "../translate";
import type { Instance } from "../execution/instance";
import type { StatementContext } from "../execution/context";
import { changedInputs } from "./changedInputs";
import { evolveColumns } from "./columnEvolution";
import { contentAfter, wrappedIdsOf, type BoundContent, type Input } from "./dynamicTableContent";
import { suspend, type BoundTable } from "./dynamicTableGraph";
import { listed, queryInputs, requireNotBehindViews } from "./queryInputs";
import { activeRows } from "./frozenRegion";
import { planRefresh } from "./planRefresh";
import type { RefreshAction, RefreshRecord, RefreshState, RefreshTrigger } from "../account/refreshHistory";
import { shownUser, type RefreshUser } from "./refreshUser";
import { systemContext } from "./systemContext";
import { writeContent, type WrittenContent } from "./writeContent";

/** Scheduled failures in a row after which a table is suspended. Source: "Suspend or resume dynamic tables". */
const FAILURES_BEFORE_SUSPENSION = 5;

const NO_CHANGES: WrittenContent = { inserted: 0, deleted: 0, foundBy: "CHANGES" };
/** What the record of a refresh holds that has changed nothing. */
const NOTHING_DONE = {
  stateMessage: null,
  queryId: null,
  action: null,
  reinitReason: null,
  lastCompletedDependency: null,
  statistics: null,
} as const;

/** One cycle of a pipeline: all its tables are brought to this point. */
export interface RefreshPoint {
  /** Microseconds since 1970-01-01 UTC. */
  readonly dataTimestamp: number;
  /** The newest version at that time. */
  readonly version: number;
  readonly trigger: RefreshTrigger;
  readonly signal?: AbortSignal;
  /** Of REFRESH COPY SESSION: whose session was copied. */
  readonly as?: RefreshUser;
}

/**
 * Refreshes one dynamic table, whose inputs have been refreshed. The row of its history is written with the rows.
 *
 * @param as the table's query, bound for the point's data timestamp
 */
export async function refreshDynamicTable(
  instance: Instance,
  tableId: number,
  as: BoundTable,
  point: RefreshPoint,
): Promise<RefreshRecord> {
  const table = instance.catalog.require("DYNAMIC TABLE", tableId);
  const context = systemContext(instance, table, { signal: point.signal, as: point.as });
  const startedOn = instance.clock.now();
  const started = performance.now();
  let compiled: number | undefined;
  instance.refreshHistory.begin({
    ...recordOf(instance, table, point, startedOn),
    ...NOTHING_DONE,
    endedOn: null,
    state: "EXECUTING",
    stateCode: "EXECUTING",
    queryId: context.queryId,
  });
  try {
    if (!as.bound) throw as.error;
    const { bound } = as;
    const plan = await planRefresh(table, bound, point.version, context, undefined, point.as);
    const { action, reinitReason, inputs, evolution, warehouse } = plan;
    const reads = readsNow(table, bound, context);
    const content = contentAfter(bound, inputs, point.dataTimestamp, table.content);
    const shaped: DynamicTable = evolution
      ? { ...table, columns: evolution.columns, nextColumn: evolution.nextColumn }
      : table;
    const compiledOn = performance.now();
    compiled = compiledOn;
    const mode = evolution ? ("ddl" as const) : ("exclusive" as const);
    const locks = action === "NO_DATA" && !evolution ? [] : [{ id: table.storageId, mode, name: table.name }];
    let record: RefreshRecord | undefined;
    await instance.change({ locks, signal: point.signal }, async (writer, begin) => {
      const before = Number(await rowsBefore(table, action, writer, context));
      if (evolution) await evolveColumns(table.storageId, evolution, writer);
      const changes =
        action === "NO_DATA"
          ? { ...NO_CHANGES, groupsKeptFor: table.content?.groupsKeptFor }
          : await writeContent(shaped, bound, inputs, action, writer, context);
      if (action === "REINITIALIZE") writer.markRemade(table.storageId);
      const changed =
        action === "NO_DATA" ? undefined : await changedInputs({ ...table, reads }, inputs, writer, context);
      const change = await begin();
      const now = change.object(tableId);
      if (now?.kind !== "DYNAMIC TABLE" || now.storageId !== table.storageId) throw dropped(table);
      const { columns, nextColumn } = evolution ? shaped : now;
      const read = inputs.map((input) => input.object.id);
      change.put({
        ...now,
        columns,
        nextColumn,
        content: { ...content, groupsKeptFor: changes.groupsKeptFor },
        failures: 0,
        reinitialize: undefined,
        inputs: read,
        wrappedInputs: wrappedIdsOf(bound.query),
        reads,
      });
      record = {
        ...recordOf(instance, table, point, startedOn),
        state: "SUCCEEDED",
        stateCode: "SUCCESS",
        stateMessage: null,
        queryId: action === "NO_DATA" ? null : context.queryId,
        action,
        reinitReason,
        warehouse,
        ...(action === "INCREMENTAL" ? { foundBy: changes.foundBy } : {}),
        ...(changed && { changedInputs: changed }),
        lastCompletedDependency: lastDependency(instance, inputs),
        statistics: {
          ...counted(action, changes, before),
          compilationTimeMs: Math.round(compiledOn - started),
          executionTimeMs: Math.round(performance.now() - compiledOn),
        },
      };
      instance.refreshHistory.persist(record, writer);
    });
    instance.refreshHistory.add(record!);
    return record!;
  } catch (error) {
    const ended = performance.now();
    const failedAfter = {
      compilationTimeMs: Math.round((compiled ?? ended) - started),
      executionTimeMs: Math.round(ended - (compiled ?? ended)),
    };
    return await failed(instance, table, point, startedOn, translateDuckDbError(error), context.queryId, failedAfter);
  } finally {
    instance.refreshHistory.end(tableId);
  }
}

/** What the query names itself. @throws SnowflakeError when a view has come between the table and a dynamic table */
function readsNow(table: DynamicTable, bound: BoundContent, context: StatementContext): DynamicTable["reads"] {
  if (table.content?.definition === bound.definition) return table.reads;
  const inputs = queryInputs(table, context);
  requireNotBehindViews(inputs, table.name);
  return listed(inputs, ({ object }) => context.instance.catalog.fullName(object));
}

function dropped(table: DynamicTable): SnowflakeError {
  return new SnowflakeError("002003", "02000", `Dynamic table '${table.name}' was dropped while it was refreshed.`);
}

/**
 * A refresh that did not run, because an input's refresh failed or the previous cycle was still under way.
 *
 * @param failedInputs ids of those inputs. Source: "Error code reference for dynamic tables", 002753
 */
export async function recordNotRun(
  instance: Instance,
  tableId: number,
  point: RefreshPoint,
  state: Extract<RefreshState, "UPSTREAM_FAILED" | "SKIPPED">,
  failedInputs: readonly number[] = [],
): Promise<RefreshRecord> {
  const { catalog } = instance;
  const table = catalog.require("DYNAMIC TABLE", tableId);
  const inputs = failedInputs.map((id) => catalog.fullName(catalog.object(id)!));
  const record: RefreshRecord = {
    ...recordOf(instance, table, point, instance.clock.now()),
    ...NOTHING_DONE,
    startedOn: null,
    endedOn: null,
    state,
    ...(state === "UPSTREAM_FAILED"
      ? {
          stateCode: "UPSTREAM_FAILURE",
          stateMessage: `Skipped refreshing because an input dynamic table failed. Some inputs failed to refresh: [${inputs.join(", ")}].`,
          action: "NO_DATA",
        }
      : { stateCode: "NOT_EFFECTIVE_TICK_TO_REFRESH" }),
  };
  await save(instance, record);
  return record;
}

async function failed(
  instance: Instance,
  table: DynamicTable,
  point: RefreshPoint,
  startedOn: number,
  error: SnowflakeError,
  queryId: string,
  failedAfter: RefreshRecord["failedAfter"],
): Promise<RefreshRecord> {
  const record: RefreshRecord = {
    ...recordOf(instance, table, point, startedOn),
    ...NOTHING_DONE,
    state: "FAILED",
    stateCode: error.code,
    stateMessage: error.message,
    queryId,
    failedAfter,
  };
  await save(instance, record, (change) => {
    // Only scheduled refreshes count, and only a success starts the count anew.
    const now = change.object(table.id);
    if (point.trigger !== "SCHEDULED" || now?.kind !== "DYNAMIC TABLE") return;
    const failures = now.failures + 1;
    change.put({ ...now, failures });
    if (failures >= FAILURES_BEFORE_SUSPENSION && !now.suspended && now.droppedOn === undefined) {
      suspend(instance, table, "SUSPENDED_DUE_TO_ERRORS", change);
    }
  });
  return record;
}

async function save(instance: Instance, record: RefreshRecord, also?: (change: CatalogChange) => void): Promise<void> {
  await instance.change({}, async (writer, begin) => {
    also?.(await begin());
    instance.refreshHistory.persist(record, writer);
  });
  instance.refreshHistory.add(record);
}

/** What every record of a table has, whatever came of the refresh. */
export function recordOf(
  instance: Instance,
  table: DynamicTable,
  point: RefreshPoint,
  startedOn: number,
): Pick<
  RefreshRecord,
  | "objectId"
  | "name"
  | "schemaName"
  | "databaseName"
  | "dataTimestamp"
  | "startedOn"
  | "endedOn"
  | "completionTarget"
  | "trigger"
  | "targetLag"
  | "warehouse"
  | "executeAsUser"
  | "secondaryRoles"
> {
  const [databaseName, schemaName] = instance.catalog.pathOf(table);
  const lag = table.targetLag?.kind === "TIME" ? table.targetLag.seconds : null;
  return {
    objectId: table.id,
    name: table.name,
    schemaName: schemaName!,
    databaseName: databaseName!,
    dataTimestamp: point.dataTimestamp,
    startedOn,
    endedOn: instance.clock.now(),
    completionTarget: lag !== null && table.content ? table.content.dataTimestamp + lag * 1e6 : null,
    trigger: point.trigger,
    targetLag: lag,
    warehouse: point.as?.warehouse ?? table.warehouse,
    ...(point.as
      ? { executeAsUser: point.as.user.name, secondaryRoles: [point.as.secondaryRoles] }
      : shownUser(table, instance)),
  };
}

function lastDependency(instance: Instance, inputs: readonly Input[]): RefreshRecord["lastCompletedDependency"] {
  let last: RefreshRecord["lastCompletedDependency"] = null;
  for (const { object } of inputs) {
    if (object.kind !== "DYNAMIC TABLE" || !object.content) continue;
    const { dataTimestamp } = object.content;
    if (!last || dataTimestamp > last.dataTimestamp) {
      last = { qualifiedName: instance.catalog.fullName(object), dataTimestamp };
    }
  }
  return last;
}

/** A FULL refresh replaces all rows as far as Snowflake's counts go, whatever of them was really written here. */
function counted(
  action: RefreshAction,
  changes: WrittenContent,
  before: number,
): { numInsertedRows: number; numDeletedRows: number; numCopiedRows: number } {
  if (action !== "FULL") {
    return { numInsertedRows: changes.inserted, numDeletedRows: changes.deleted, numCopiedRows: 0 };
  }
  return { numInsertedRows: before - changes.deleted + changes.inserted, numDeletedRows: before, numCopiedRows: 0 };
}

async function rowsBefore(
  table: DynamicTable,
  action: RefreshAction,
  writer: Parameters<typeof writeContent>[4],
  context: StatementContext,
): Promise<unknown> {
  if (action !== "FULL" || !table.content) return 0;
  return writer.value(`SELECT count(*) FROM ${activeRows(table, writer, context)} AS t`);
}
