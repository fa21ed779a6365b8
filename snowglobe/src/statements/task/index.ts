import type { StatementModule } from "../../execution/statementModule";
import { alterTask } from "./alterTask";
import { executeTask } from "./executeTask";
import { describeTask, showTasks } from "./showTasks";
import { createTask } from "./task";
import { TASK_ACTIONS } from "./taskActions";
import { taskDependentsRelation } from "./taskDependentsFunction";
import { TASK_FUNCTIONS } from "./taskFunctions";
import { completeTaskGraphsRelation, currentTaskGraphsRelation } from "./taskGraphFunctions";
import { taskHistoryRelation } from "./taskHistoryFunction";
import { taskHistoryView } from "./taskUsage";
import { taskDdl } from "./taskDdl";

/** Tasks and their graphs. */
export const taskModule: StatementModule = {
  definitions: { createTask, alterTask },
  commands: { executeTask },
  show: { TASKS: showTasks },
  describe: { TASK: describeTask },
  functions: TASK_FUNCTIONS,
  tableFunctions: {
    TASK_HISTORY: taskHistoryRelation,
    TASK_DEPENDENTS: taskDependentsRelation,
    CURRENT_TASK_GRAPHS: currentTaskGraphsRelation,
    COMPLETE_TASK_GRAPHS: completeTaskGraphsRelation,
  },
  accountUsage: { TASK_HISTORY: taskHistoryView },
  acting: TASK_ACTIONS,
  ddl: { TASK: taskDdl },
};
