import type { DynamicTable } from "../catalog/objects";
import { SnowflakeError } from "../errors";
import { translateDuckDbError } from "../translate";
import type { Instance } from "./instance";
import {
  bindContent,
  contentAfter,
  decideAction,
  inputsOf,
  writeContent,
  type RowChanges,
} from "./dynamicTableContent";
import type { RefreshAction, RefreshRecord, RefreshState, RefreshTrigger } from "./refreshHistory";
import { systemContext } from "./systemContext";

/** Scheduled failures in a row after which a table is suspended. Source: "Suspend or resume dynamic tables". */
const FAILURES_BEFORE_SUSPENSION = 5;

/** One cycle of a pipeline: all its tables are brought to this point. */
export interface RefreshPoint {
  /** Microseconds since 1970-01-01 UTC. */
  readonly dataTimestamp: number;
  /** The newest version at that time. */
  readonly version: number;
  readonly trigger: RefreshTrigger;
  readonly signal?: AbortSignal;
}

/** Refreshes one dynamic table, whose inputs have been refreshed. The row of its history is written with the rows. */
export async function refreshDynamicTable(
  instance: Instance,
  tableId: number,
  point: RefreshPoint,
): Promise<RefreshRecord> {
  const table = instance.catalog.require("DYNAMIC TABLE", tableId);
  const context = systemContext(instance, table, { signal: point.signal });
  const startedOn = instance.clock.now();
  const started = performance.now();
  try {
    const bound = bindContent(table, context, point.dataTimestamp);
    requireSameShape(table, bound.columns);
    const compiled = performance.now();
    const inputs = inputsOf(bound, point.version, context);
    const { action, reinitReason } = decideAction(table, inputs, context);
    const content = contentAfter(inputs, point.dataTimestamp);
    const locks = action === "NO_DATA" ? [] : [{ id: table.storageId, mode: "exclusive" as const, name: table.name }];
    let record: RefreshRecord | undefined;
    await instance.change({ locks, signal: point.signal }, async (writer, begin) => {
      const before = Number(await rowsBefore(table, action, writer));
      const changes: RowChanges =
        action === "NO_DATA"
          ? { inserted: 0, deleted: 0 }
          : await writeContent(table, bound, inputs, action, writer, context);
      const change = await begin();
      const now = change.object(tableId) as DynamicTable;
      change.put({ ...now, content, failures: 0, inputs: inputs.map((input) => input.object.id) });
      record = {
        ...recordOf(instance, table, point, startedOn),
        state: "SUCCEEDED",
        stateCode: "SUCCESS",
        stateMessage: null,
        queryId: action === "NO_DATA" ? null : context.queryId,
        action,
        reinitReason,
        lastCompletedDependency: lastDependency(instance, inputs),
        statistics: {
          ...counted(action, changes, before),
          compilationTimeMs: Math.round(compiled - started),
          executionTimeMs: Math.round(performance.now() - compiled),
        },
      };
      await instance.refreshHistory.persist(record, (sql, parameters) => writer.run(sql, parameters as never));
    });
    instance.refreshHistory.add(record!);
    return record!;
  } catch (error) {
    return failed(instance, table, point, startedOn, translateDuckDbError(error), context.queryId);
  }
}

/** A refresh that did not run, because an input's refresh failed or the previous cycle was still under way. */
export async function recordNotRun(
  instance: Instance,
  tableId: number,
  point: RefreshPoint,
  state: Extract<RefreshState, "UPSTREAM_FAILED" | "SKIPPED">,
): Promise<RefreshRecord> {
  const table = instance.catalog.require("DYNAMIC TABLE", tableId);
  const record: RefreshRecord = {
    ...recordOf(instance, table, point, instance.clock.now()),
    startedOn: null,
    endedOn: null,
    state,
    stateCode: state,
    stateMessage: state === "UPSTREAM_FAILED" ? "An upstream dynamic table failed to refresh." : null,
    queryId: null,
    action: null,
    reinitReason: null,
    lastCompletedDependency: null,
    statistics: null,
  };
  await save(instance, record, undefined);
  return record;
}

async function failed(
  instance: Instance,
  table: DynamicTable,
  point: RefreshPoint,
  startedOn: number,
  error: SnowflakeError,
  queryId: string,
): Promise<RefreshRecord> {
  const record: RefreshRecord = {
    ...recordOf(instance, table, point, startedOn),
    state: "FAILED",
    stateCode: "USER_ERROR",
    stateMessage: error.message,
    queryId,
    action: null,
    reinitReason: null,
    lastCompletedDependency: null,
    statistics: null,
  };
  await save(instance, record, (now) => {
    // Only scheduled refreshes count, and only a success starts the count anew.
    const failures = point.trigger === "SCHEDULED" ? now.failures + 1 : now.failures;
    const suspended =
      failures >= FAILURES_BEFORE_SUSPENSION && !now.suspended
        ? { reason: "SUSPENDED_DUE_TO_ERRORS" as const, on: instance.clock.now() }
        : now.suspended;
    return { ...now, failures, suspended };
  });
  return record;
}

async function save(
  instance: Instance,
  record: RefreshRecord,
  next: ((now: DynamicTable) => DynamicTable) | undefined,
): Promise<void> {
  await instance.change({}, async (writer, begin) => {
    if (next) {
      const change = await begin();
      const now = change.object(record.objectId);
      if (now?.kind === "DYNAMIC TABLE") change.put(next(now));
    }
    await instance.refreshHistory.persist(record, (sql, parameters) => writer.run(sql, parameters as never));
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
  };
}

function lastDependency(
  instance: Instance,
  inputs: ReturnType<typeof inputsOf>,
): RefreshRecord["lastCompletedDependency"] {
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
  changes: RowChanges,
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
): Promise<unknown> {
  if (action !== "FULL" || !table.content) return 0;
  return writer.value(`SELECT count(*) FROM ${writer.current(table.storageId)} AS t`);
}

/** @throws SnowflakeError when the query does not give the table's columns any more */
function requireSameShape(table: DynamicTable, columns: readonly { readonly name: string }[]): void {
  if (columns.length === table.columns.length) return;
  throw new SnowflakeError(
    "002057",
    "42601",
    `SQL compilation error:\nDynamic table '${table.name}' has ${table.columns.length} columns but its query now gives ${columns.length}: recreate it.`,
  );
}
