import type { StatementModule } from "../../execution/statementModule";
import { alterTable } from "./alterTable";
import { describeRelation } from "./describeRelation";
import { showColumns, showObjects, showTables } from "./showRelations";
import { createTable } from "./table";

/** Tables, and what all relations have in common. */
export const tableModule: StatementModule = {
  handlers: { createTable, alterTable },
  show: { TABLES: showTables, OBJECTS: showObjects, COLUMNS: showColumns },
  describe: { TABLE: describeRelation },
};
