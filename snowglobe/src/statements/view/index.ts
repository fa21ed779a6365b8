import type { StatementModule } from "../../execution/statementModule";
import { describeRelation } from "../table/describeRelation";
import { showViews } from "./showViews";
import { alterView, createView } from "./view";
import { viewDdl } from "./viewDdl";

/** Views. */
export const viewModule: StatementModule = {
  definitions: { createView, alterView },
  show: { VIEWS: showViews },
  describe: { VIEW: describeRelation },
  ddl: { VIEW: viewDdl },
};
