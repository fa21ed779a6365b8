import type { TaskRun } from "../../account/taskHistory";
import { usageView } from "../../execution/accountUsage";
import type { StatementContext } from "../../execution/context";
import { INTEGER } from "../../execution/outcome";
import type { ShownColumn } from "../../execution/shownColumn";
import { OBJECT } from "../../sql/ast/dataType";
import { COLUMNS } from "./taskHistoryFunction";

/** Schema or database of the run's task, while the catalog still has the task. */
const placeOf =
  (part: "schemaOf" | "databaseOf") =>
  ({ objectId }: TaskRun, { instance: { catalog } }: StatementContext): number | undefined => {
    const task = catalog.object(objectId);
    return task && catalog[part](task).id;
  };

const OWN: readonly ShownColumn<TaskRun>[] = [
  ["TASK_SCHEMA_ID", INTEGER, placeOf("schemaOf")],
  ["TASK_DATABASE_ID", INTEGER, placeOf("databaseOf")],
  ["INSTANCE_ID", INTEGER],
  ["BACKFILL_INFO", OBJECT],
  ["SPCS_JOB_ID", INTEGER],
];

/** The view's columns in their order. */
const NAMES = `NAME QUERY_TEXT CONDITION_TEXT SCHEMA_NAME TASK_SCHEMA_ID DATABASE_NAME TASK_DATABASE_ID SCHEDULED_TIME
  COMPLETED_TIME STATE RETURN_VALUE QUERY_ID QUERY_START_TIME ERROR_CODE ERROR_MESSAGE GRAPH_VERSION RUN_ID
  ROOT_TASK_ID SCHEDULED_FROM ATTEMPT_NUMBER INSTANCE_ID CONFIG QUERY_HASH QUERY_HASH_VERSION
  QUERY_PARAMETERIZED_HASH QUERY_PARAMETERIZED_HASH_VERSION GRAPH_RUN_GROUP_ID BACKFILL_INFO SPCS_JOB_ID`.split(/\s+/);

const KNOWN = new Map([...COLUMNS, ...OWN].map((column) => [column[0], column]));

/** Runs that have ended. Source: "TASK_HISTORY view". */
export const taskHistoryView = usageView<TaskRun>(
  ({ instance }) => [...instance.taskHistory.all()].filter(({ completedOn }) => completedOn !== null),
  NAMES.map((name) => KNOWN.get(name)!),
);
