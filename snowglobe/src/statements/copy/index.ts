import type { StatementModule } from "../../execution/statementModule";
import { copyHistoryRelation } from "./copyHistoryFunction";
import { copyIntoTable } from "./copyInto";
import { copyIntoLocation } from "./unload";
import { validateRelation } from "./validateFunction";

/** COPY INTO. */
export const copyModule: StatementModule = {
  changes: { copyIntoTable },
  queries: { copyIntoLocation },
  tableFunctions: { COPY_HISTORY: copyHistoryRelation },
  ownTableFunctions: { VALIDATE: validateRelation },
};
