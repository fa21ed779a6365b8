import type { StatementModule } from "../../execution/statementModule";
import { copyIntoTable } from "./copyInto";
import { copyIntoLocation } from "./unload";
import { validateRelation } from "./validateFunction";

/** COPY INTO. */
export const copyModule: StatementModule = {
  changes: { copyIntoTable },
  queries: { copyIntoLocation },
  ownTableFunctions: { VALIDATE: validateRelation },
};
