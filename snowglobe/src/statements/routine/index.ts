import type { StatementModule } from "../../execution/statementModule";
import { alterRoutine } from "./alterRoutine";
import { createFunction, createProcedure } from "./createRoutine";
import { showAllFunctions } from "./showAllFunctions";
import { describeRoutine, showFunctions, showProcedures } from "./showRoutines";
import { routineDdl } from "./routineDdl";

/** Functions in SQL and procedures in Snowflake Scripting. */
export const routineModule: StatementModule = {
  definitions: { createFunction, createProcedure, alterFunction: alterRoutine, alterProcedure: alterRoutine },
  show: {
    FUNCTIONS: showAllFunctions,
    "USER FUNCTIONS": showFunctions,
    PROCEDURES: showProcedures,
    "USER PROCEDURES": showProcedures,
  },
  describe: { FUNCTION: describeRoutine, PROCEDURE: describeRoutine },
  ddl: { FUNCTION: routineDdl, PROCEDURE: routineDdl },
};
