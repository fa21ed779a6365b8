import type { StatementModule } from "../../execution/statementModule";
import { showParameters } from "../../execution/parameters";
import { comment } from "./comment";
import { drop, undrop } from "./drop";
import { getDdl } from "./getDdl";
import { EMPTY_LISTINGS } from "./showEmpty";

/** What objects of many kinds have in common. */
export const objectModule: StatementModule = {
  definitions: { drop, undrop, comment },
  functions: { GET_DDL: getDdl },
  show: { PARAMETERS: showParameters, ...EMPTY_LISTINGS },
};
