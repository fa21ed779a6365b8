import type { StatementModule } from "../../execution/statementModule";
import { describeRelation } from "../table/describeRelation";
import { alterDynamicTable } from "./alterDynamicTable";
import { createDynamicTable } from "./dynamicTable";
import { dynamicTablesRelation } from "./dynamicTablesFunction";
import { explainChanges } from "./explainChanges";
import { graphHistoryRelation } from "./graphHistoryFunction";
import { refreshHistoryRelation } from "./refreshHistoryFunction";
import { showDynamicTables } from "./showDynamicTables";
import { dynamicTableDdl } from "./dynamicTableDdl";

/** Dynamic tables. */
export const dynamicTableModule: StatementModule = {
  definitions: { createDynamicTable, alterDynamicTable },
  queries: { explainChanges },
  show: { "DYNAMIC TABLES": showDynamicTables },
  describe: { "DYNAMIC TABLE": describeRelation },
  tableFunctions: {
    DYNAMIC_TABLES: dynamicTablesRelation,
    DYNAMIC_TABLE_REFRESH_HISTORY: refreshHistoryRelation,
    DYNAMIC_TABLE_GRAPH_HISTORY: graphHistoryRelation,
  },
  ddl: { "DYNAMIC TABLE": dynamicTableDdl },
};
