import { SnowflakeError } from "../errors";
import type { Column, DynamicTable } from "../catalog/objects";
import { bindTable, inputsOfTable, type BoundTable } from "./dynamicTableGraph";
import type { Instance } from "../execution/instance";
import type { RefreshRecord } from "../account/refreshHistory";
import type { RefreshUser } from "./refreshUser";
import { recordNotRun, refreshDynamicTable, type RefreshPoint } from "./refreshDynamicTable";

/**
 * Refreshes tables and all that they read from, upstream first and all at one data timestamp, so that both arms of a
 * diamond see the same state. A table that cannot be refreshed leaves what depends on it as it was.
 *
 * Source: "Data consistency and pipeline boundaries".
 */
export function refreshPipeline(
  instance: Instance,
  targets: readonly number[],
  point: RefreshPoint,
): Promise<RefreshRecord[]> {
  return instance.refreshes.run(() => refreshInOrder(instance, targets, point));
}

/** As refreshPipeline, for who holds the queue of refreshes. */
export async function refreshInOrder(
  instance: Instance,
  targets: readonly number[],
  point: RefreshPoint,
): Promise<RefreshRecord[]> {
  const records: RefreshRecord[] = [];
  const failed = new Set<number>();
  const reshaped = new Set<number>();
  for (const step of upstreamFirst(instance, targets, point)) {
    const table = instance.catalog.object(step.id);
    if (table?.kind !== "DYNAMIC TABLE" || table.droppedOn !== undefined) continue;
    if (isThere(table, point)) continue;
    // A scheduled cycle leaves suspended tables alone; what depends on them reads what they have.
    if (point.trigger === "SCHEDULED" && table.suspended) continue;
    // What it reads may have got other columns just now.
    const as = step.inputs.some((input) => reshaped.has(input))
      ? bindTable(instance, table, point.dataTimestamp, point.as)
      : step.as;
    const failedInputs = step.inputs.filter((input) => failed.has(input));
    const record =
      failedInputs.length > 0
        ? await recordNotRun(instance, step.id, point, "UPSTREAM_FAILED", failedInputs)
        : await refreshDynamicTable(instance, step.id, as, point);
    if (columnsOf(instance, step.id) !== table.columns) reshaped.add(step.id);
    if (record.state !== "SUCCEEDED") failed.add(step.id);
    records.push(record);
  }
  return records;
}

/**
 * Another cycle has brought the table here already, or beyond. A virtual clock may stand still between two refreshes by
 * hand: these go by what has changed since.
 */
function isThere(table: DynamicTable, point: RefreshPoint): boolean {
  if (!table.content) return false;
  const { dataTimestamp } = table.content;
  return point.trigger === "MANUAL" ? dataTimestamp > point.dataTimestamp : dataTimestamp >= point.dataTimestamp;
}

/** The point that a refresh which starts now brings its pipeline to. */
export function pointNow(
  instance: Instance,
  trigger: RefreshPoint["trigger"],
  signal?: AbortSignal,
  as?: RefreshUser,
): RefreshPoint {
  const version = instance.storage.lastVersion;
  return { dataTimestamp: instance.clock.now(), version, trigger, signal, ...(as && { as }) };
}

/**
 * Source: "Error code reference for dynamic tables", 002753.
 *
 * @param targets ids of the tables that were asked for, where that is not all of them
 * @throws SnowflakeError with the first failure's text
 */
export function requireSuccess(records: readonly RefreshRecord[], targets?: readonly number[]): void {
  const failure = records.find((record) => record.state === "FAILED");
  if (!failure) return;
  if (targets && !targets.includes(failure.objectId)) {
    throw new SnowflakeError(
      "002753",
      "42601",
      `Manual refresh failed because an upstream dynamic table failed to refresh. ${failure.name}: ${failure.stateMessage ?? ""}`,
    );
  }
  throw new SnowflakeError(
    "002716",
    "42601",
    `Failed to refresh dynamic table with refresh_trigger ${failure.trigger} at data_timestamp ${new Date(
      failure.dataTimestamp / 1000,
    ).toISOString()} because of the error: ${failure.stateMessage ?? ""}`,
  );
}

/** One table of a cycle. */
interface Step {
  readonly id: number;
  readonly as: BoundTable;
  readonly inputs: readonly number[];
}

/**
 * The order follows from what the queries mean now, not from what they read at their last refresh. A table out of the
 * schedule is only refreshed where it is asked for, and without what it reads. Source: "Manage dynamic tables", SCHEDULER.
 */
function upstreamFirst(instance: Instance, targets: readonly number[], point: RefreshPoint): Step[] {
  const order: Step[] = [];
  const seen = new Set<number>();
  const visit = (id: number): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const table = instance.catalog.object(id);
    if (table?.kind !== "DYNAMIC TABLE" || table.droppedOn !== undefined) return;
    const as = bindTable(instance, table, point.dataTimestamp, point.as);
    const inputs = inputsOfTable(instance, table, as);
    if (table.scheduler !== "DISABLE") inputs.filter((input) => isScheduled(instance, input)).forEach(visit);
    order.push({ id, as, inputs });
  };
  targets.forEach(visit);
  return order;
}

function isScheduled(instance: Instance, id: number): boolean {
  const object = instance.catalog.object(id);
  return object?.kind === "DYNAMIC TABLE" && object.scheduler !== "DISABLE";
}

function columnsOf(instance: Instance, id: number): readonly Column[] | undefined {
  const object = instance.catalog.object(id);
  return object?.kind === "DYNAMIC TABLE" ? object.columns : undefined;
}
