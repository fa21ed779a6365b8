/** What EXPLAIN CHANGES says of a refresh is what the refresh then does: action, reason, and whether it fails. */
import type { RefreshRecord } from "../../src/account/refreshHistory";
import type { DynamicTable } from "../../src/catalog/objects";
import { predictRefresh, type Prediction } from "../../src/statements/dynamicTable/predictRefresh";
import { dynamicTables } from "./objects";
import type { World } from "./world";

/** The predictions for all tables, and how many records of refreshes there were. */
export interface Predicted {
  readonly of: ReadonlyMap<number, Prediction>;
  readonly records: number;
}

export async function predictAll(world: World): Promise<Predicted> {
  const { instance } = world.account;
  const of = new Map<number, Prediction>();
  for (const table of dynamicTables(world.account)) {
    of.set(table.id, await predictRefresh(instance, table, new AbortController().signal));
  }
  return { of, records: finished(world).length };
}

/** Compares the refreshes that have ended since with what was predicted: the first one of each table. */
export function checkPredictions(world: World, { of, records }: Predicted): void {
  const seen = new Set<number>();
  const fresh = finished(world).slice(records);
  for (const record of fresh) {
    const prediction = of.get(record.objectId);
    if (!prediction || record.trigger === "CREATION" || seen.has(record.objectId)) continue;
    seen.add(record.objectId);
    check(world, record, prediction, fresh);
  }
}

function finished(world: World): RefreshRecord[] {
  return world.account.instance.refreshHistory.all().filter((record) => record.state !== "EXECUTING");
}

function check(world: World, record: RefreshRecord, prediction: Prediction, fresh: readonly RefreshRecord[]): void {
  const failed = record.state !== "SUCCEEDED";
  if (prediction.failure) {
    if (failed) return world.coverage.count("prediction: failure");
    return world.fail(`${record.name} was refreshed, its prediction was ${prediction.failure.message}`);
  }
  // One that fails after it has started did what was predicted.
  if (failed) return;
  if (record.action === prediction.action && record.reinitReason === prediction.reason) {
    return world.coverage.count(`prediction: ${prediction.action}`);
  }
  // What lies behind a boundary goes its own ways, which no prediction knows.
  const { wrappedInputs = [] } = world.account.instance.catalog.object(record.objectId) as DynamicTable;
  if (fresh.some((one) => wrappedInputs.includes(one.objectId))) {
    return world.coverage.count("prediction: beyond a boundary");
  }
  // Whether the rows of what it reads really change, no prediction tells.
  if (record.action === "NO_DATA" && readsWhatStayed(world, record, fresh)) {
    return world.coverage.count("prediction: changes that are none");
  }
  world.fail(
    `${record.name}: ${record.action} (${record.reinitReason}) was predicted as ${prediction.action} (${prediction.reason})`,
  );
}

/** Whether a dynamic table that it reads has the same rows as before, refreshed or not. */
function readsWhatStayed(world: World, { objectId }: RefreshRecord, fresh: readonly RefreshRecord[]): boolean {
  const { catalog } = world.account.instance;
  const table = catalog.object(objectId) as DynamicTable;
  // A scheduled cycle leaves suspended tables alone.
  const reads = table.inputs.map((id) => catalog.object(id));
  if (reads.some((input) => input?.kind === "DYNAMIC TABLE" && input.suspended)) return true;
  return fresh.some(
    ({ objectId: id, action, statistics }) =>
      table.inputs.includes(id) &&
      (action === "NO_DATA" || statistics!.numInsertedRows + statistics!.numDeletedRows === 0 || action === "FULL"),
  );
}
