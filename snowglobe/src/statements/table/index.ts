import type { StatementModule } from "../../execution/statementModule";
import { alterTable } from "./alterTable";
import { describeRelation } from "./describeRelation";
import { showColumns, showObjects, showTables } from "./showRelations";
import { showExportedKeys, showImportedKeys, showPrimaryKeys, showUniqueKeys } from "./showKeys";
import { createTable } from "./table";
import { tableDdl } from "./tableDdl";

/** Tables, and what all relations have in common. */
export const tableModule: StatementModule = {
  definitions: { createTable, alterTable },
  show: {
    "PRIMARY KEYS": showPrimaryKeys,
    "UNIQUE KEYS": showUniqueKeys,
    "IMPORTED KEYS": showImportedKeys,
    "EXPORTED KEYS": showExportedKeys,
    TABLES: showTables,
    OBJECTS: showObjects,
    COLUMNS: showColumns,
  },
  describe: { TABLE: describeRelation },
  ddl: { TABLE: tableDdl },
};
