import type { DynamicTable } from "../catalog/objects";
import { SnowflakeError } from "../errors";
import type { Instance } from "./instance";
import type { RefreshRecord } from "./refreshHistory";
import { recordNotRun, refreshDynamicTable, type RefreshPoint } from "./refreshDynamicTable";

/**
 * Refreshes tables and all that they read from, upstream first and all at one data timestamp, so that both arms of a
 * diamond see the same state. A table that cannot be refreshed leaves what depends on it as it was.
 *
 * Source: "Data consistency and pipeline boundaries".
 */
export async function refreshPipeline(
  instance: Instance,
  targets: readonly number[],
  point: RefreshPoint,
): Promise<RefreshRecord[]> {
  return instance.refreshes.run(async () => {
    const records: RefreshRecord[] = [];
    const failed = new Set<number>();
    for (const id of upstreamFirst(instance, targets)) {
      const table = instance.catalog.object(id);
      if (table?.kind !== "DYNAMIC TABLE" || table.droppedOn !== undefined) continue;
      if (isThere(table, point)) continue;
      // A scheduled cycle leaves suspended tables alone; what depends on them reads what they have.
      if (point.trigger === "SCHEDULED" && table.suspended) continue;
      const record = table.inputs.some((input) => failed.has(input))
        ? await recordNotRun(instance, id, point, "UPSTREAM_FAILED")
        : await refreshDynamicTable(instance, id, point);
      if (record.state !== "SUCCEEDED") failed.add(id);
      records.push(record);
    }
    return records;
  });
}

/**
 * Another cycle has brought the table here already, or beyond. A virtual clock may stand still between two refreshes by
 * hand: these go by what has changed since.
 */
function isThere(table: DynamicTable, point: RefreshPoint): boolean {
  if (!table.content) return false;
  const { dataTimestamp } = table.content;
  return point.trigger === "SCHEDULED" ? dataTimestamp >= point.dataTimestamp : dataTimestamp > point.dataTimestamp;
}

/** The point that a refresh which starts now brings its pipeline to. */
export function pointNow(instance: Instance, trigger: RefreshPoint["trigger"], signal?: AbortSignal): RefreshPoint {
  return { dataTimestamp: instance.clock.now(), version: instance.storage.lastVersion, trigger, signal };
}

/** @throws SnowflakeError with the first failure's text */
export function requireSuccess(records: readonly RefreshRecord[]): void {
  const failure = records.find((record) => record.state === "FAILED");
  if (!failure) return;
  throw new SnowflakeError(
    "002716",
    "42601",
    `Failed to refresh dynamic table with refresh_trigger ${failure.trigger} at data_timestamp ${new Date(
      failure.dataTimestamp / 1000,
    ).toISOString()} because of the error: ${failure.stateMessage ?? ""}`,
  );
}

/** Dynamic tables that a table's query reads, as of its last refresh or creation. */
export function upstreamOf(instance: Instance, table: DynamicTable): DynamicTable[] {
  return table.inputs
    .map((id) => instance.catalog.object(id))
    .filter((input): input is DynamicTable => input?.kind === "DYNAMIC TABLE" && input.droppedOn === undefined);
}

/** Dynamic tables that read a table directly. */
export function downstreamOf(instance: Instance, tableId: number): DynamicTable[] {
  return instance.catalog.list("DYNAMIC TABLE").filter((table) => table.inputs.includes(tableId));
}

function upstreamFirst(instance: Instance, targets: readonly number[]): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  const visit = (id: number): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const table = instance.catalog.object(id);
    if (table?.kind !== "DYNAMIC TABLE") return;
    for (const input of upstreamOf(instance, table)) visit(input.id);
    order.push(id);
  };
  targets.forEach(visit);
  return order;
}
