/** The history of scheduled refreshes has no gap and no row too many. */
import type { DynamicTable } from "../../src/catalog/objects";
import { refreshPeriod } from "../../src/refresh/targetLag";
import { time } from "./dynamicTableChecks";
import { dynamicTables } from "./objects";
import type { World } from "./world";

/** Ids of the tables that a cycle has to refresh, or to say why not. */
export function refreshesExpectedAt(world: World, at: number): ReadonlySet<number> {
  const tables = dynamicTables(world.account);
  const expected = new Set<number>();
  const { catalog } = world.account.instance;
  // By name: a table that was replaced since has another id.
  const reads = (table: DynamicTable, name: string): boolean =>
    table.inputs.some(
      (id) =>
        !table.wrappedInputs?.includes(id) &&
        catalog.object(id)?.kind === "DYNAMIC TABLE" &&
        catalog.object(id)!.name === name,
    );
  const visit = (table: DynamicTable): void => {
    if (expected.has(table.id)) return;
    if (!table.suspended) expected.add(table.id);
    for (const upstream of tables) if (reads(table, upstream.name)) visit(upstream);
  };
  tables.filter((table) => isDue(table, at)).forEach(visit);
  return expected;
}

function isDue({ targetLag, scheduler, suspended }: DynamicTable, at: number): boolean {
  if (scheduler === "DISABLE" || targetLag?.kind !== "TIME" || suspended) return false;
  return at % (refreshPeriod(targetLag.seconds) * 1e6) === 0;
}

/** Each expected table has one row of the cycle in the history, and no other has. */
export function expectCycle(world: World, at: number, expected: ReadonlySet<number>): void {
  const records = world.account.instance.refreshHistory
    .all()
    .filter((record) => record.trigger === "SCHEDULED" && record.dataTimestamp === at);
  const counts = new Map<number, number>();
  for (const { objectId } of records) counts.set(objectId, (counts.get(objectId) ?? 0) + 1);
  for (const table of dynamicTables(world.account)) {
    const count = counts.get(table.id) ?? 0;
    // A table that failed too often takes those that read it out of the cycle.
    const least = expected.has(table.id) && !table.suspended ? 1 : 0;
    const most = expected.has(table.id) ? 1 : 0;
    if (count < least || count > most) {
      world.fail(
        `${table.name} has ${count} rows in its history for the cycle at ${time(at)}, not ${least} to ${most}`,
      );
    }
  }
  world.coverage.count("refresh: cycles");
}
