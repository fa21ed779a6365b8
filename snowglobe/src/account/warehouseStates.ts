import type { Warehouse } from "../catalog/objects";
import type { Microseconds } from "../time";

/**
 * Which warehouses run. In memory only: after a restart all are suspended, as they would be after a while anyway. A
 * warehouse that has been idle for its AUTO_SUSPEND counts as suspended from then on. Source: "Overview of warehouses".
 */
export class WarehouseStates {
  private readonly running = new Map<number, { readonly since: Microseconds; lastUsed: Microseconds }>();

  /** When the warehouse was started last; undefined while it is suspended. */
  startedOn(warehouse: Warehouse, now: Microseconds): Microseconds | undefined {
    const state = this.running.get(warehouse.id);
    if (!state) return undefined;
    const idle = now - state.lastUsed;
    return warehouse.autoSuspend > 0 && idle > warehouse.autoSuspend * 1e6 ? undefined : state.since;
  }

  start(warehouse: Warehouse, now: Microseconds): void {
    const since = this.startedOn(warehouse, now) ?? now;
    this.running.set(warehouse.id, { since, lastUsed: now });
  }

  suspend(warehouse: Warehouse): void {
    this.running.delete(warehouse.id);
  }
}
