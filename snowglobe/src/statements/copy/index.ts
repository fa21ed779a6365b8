import type { StatementModule } from "../../execution/statementModule";
import { copyIntoTable } from "./copyInto";

/** COPY INTO. */
export const copyModule: StatementModule = {
  handlers: { copyIntoTable },
};
