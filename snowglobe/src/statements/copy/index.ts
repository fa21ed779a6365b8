import type { StatementModule } from "../../execution/statementModule";
import { copyIntoTable } from "./copyInto";
import { validateRelation } from "./validateFunction";

/** COPY INTO. */
export const copyModule: StatementModule = {
  handlers: { copyIntoTable },
  ownTableFunctions: { VALIDATE: validateRelation },
};
