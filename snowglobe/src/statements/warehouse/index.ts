import type { StatementModule } from "../../execution/statementModule";
import { describeWarehouse } from "./describeWarehouse";
import { alterWarehouse, createWarehouse, showWarehouses } from "./warehouse";
import { warehouseDdl } from "./warehouseDdl";

/** A warehouse: CREATE, ALTER, SHOW. */
export const warehouseModule: StatementModule = {
  definitions: { createWarehouse, alterWarehouse },
  show: { WAREHOUSES: showWarehouses },
  describe: { WAREHOUSE: describeWarehouse },
  ddl: { WAREHOUSE: warehouseDdl },
};
