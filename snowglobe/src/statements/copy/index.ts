import type { StatementModule } from "../../execution/statementModule";
import { copyIntoTable } from "./copyInto";
import { copyIntoLocation } from "./unload";
import { validateRelation } from "./validateFunction";

/** COPY INTO. */
export const copyModule: StatementModule = {
  handlers: { copyIntoTable, copyIntoLocation },
  ownTableFunctions: { VALIDATE: validateRelation },
};
