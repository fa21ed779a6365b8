import { noActiveWarehouse, SnowflakeError } from "../errors";
import { requirePrivilege, sees } from "./authorize";
import type { StatementContext } from "./context";

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
