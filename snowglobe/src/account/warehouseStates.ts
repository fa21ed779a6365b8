import type { Microseconds, Warehouse } from "../catalog/objects";
import { noActiveWarehouse, SnowflakeError } from "../errors";
import { requirePrivilege, sees } from "../execution/authorize";
import type { StatementContext } from "../execution/context";

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

/**
 * What a statement that reads or writes tables needs: a warehouse of the session's that it may use, resumed if need be.
 * @throws SnowflakeError 000606 without one
 */
export function useWarehouse(context: StatementContext): void {
  const { warehouseId, serverless } = context.session;
  if (serverless) return;
  const warehouse = warehouseId === null ? undefined : context.instance.catalog.object(warehouseId);
  // One that the role knows nothing of is not active for it either: after USE ROLE, say.
  if (warehouse?.kind !== "WAREHOUSE" || !sees(context, warehouse)) throw noActiveWarehouse();
  requirePrivilege(context, warehouse, "USAGE");
  const states = context.instance.warehouses;
  if (!warehouse.autoResume && states.startedOn(warehouse, context.startedOn) === undefined) {
    throw new SnowflakeError(
      "000607",
      "57P03",
      `Warehouse '${warehouse.name}' is suspended and cannot be resumed automatically: AUTO_RESUME is off. Run 'ALTER WAREHOUSE ${warehouse.name} RESUME'.`,
    );
  }
  states.start(warehouse, context.startedOn);
}
