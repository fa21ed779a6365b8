import type { StatementModule } from "../../execution/statementModule";
import { alterWarehouse, createWarehouse, showWarehouses } from "./warehouse";
import { warehouseDdl } from "./warehouseDdl";

/** A warehouse: CREATE, ALTER, SHOW. */
export const warehouseModule: StatementModule = {
  definitions: { createWarehouse, alterWarehouse },
  show: { WAREHOUSES: showWarehouses },
  ddl: { WAREHOUSE: warehouseDdl },
};
