import type { StatementModule } from "../../execution/statementModule";
import { showParameters } from "../../execution/parameters";
import { comment } from "./comment";
import { drop, undrop } from "./drop";
import { showEmpty } from "./showEmpty";

/** What objects of many kinds have in common. */
export const objectModule: StatementModule = {
  handlers: { drop, undrop, comment },
  show: {
    PARAMETERS: showParameters,
    "REPLICATION DATABASES": showEmpty,
  },
};
