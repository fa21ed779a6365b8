import type { Database, Task } from "../../catalog/objects";
import { invalidValue } from "../../errors";
import { parseObjectName } from "../../sql";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import type { StatementContext } from "../../execution/context";
import { constantArgument, instantArgument, literalTime, namedArguments } from "../../execution/functionArguments";
import { INTEGER, TEXT, TIMESTAMP } from "../../execution/outcome";
import { nextRun } from "../../execution/schedule";
import { isRoot } from "../../account/taskGraphs";
import type { TaskRun } from "../../account/taskHistory";
import { seesRunsOf } from "./taskVisibility";
import { type ShownColumn, shownRelation, physicalName } from "../../execution/shownColumn";

const WEEK = 7 * 86_400 * 1e6;

export const COLUMNS: readonly ShownColumn<TaskRun>[] = [
  ["QUERY_ID", TEXT, (run) => run.queryId],
  ["NAME", TEXT, (run) => run.name],
  ["DATABASE_NAME", TEXT, (run) => run.databaseName],
  ["SCHEMA_NAME", TEXT, (run) => run.schemaName],
  ["QUERY_TEXT", TEXT, (run) => run.queryText],
  ["CONDITION_TEXT", TEXT, (run) => run.conditionText],
  ["STATE", TEXT, (run) => run.state],
  ["ERROR_CODE", TEXT, (run) => run.errorCode],
  ["ERROR_MESSAGE", TEXT, (run) => run.errorMessage],
  ["SCHEDULED_TIME", TIMESTAMP, (run) => run.scheduledTime],
  ["QUERY_START_TIME", TIMESTAMP, (run) => run.startedOn],
  ["NEXT_SCHEDULED_TIME", TIMESTAMP, nextAfter],
  ["COMPLETED_TIME", TIMESTAMP, (run) => run.completedOn],
  ["ROOT_TASK_ID", TEXT, (run) => run.rootUuid],
  ["GRAPH_VERSION", INTEGER, (run) => run.graphVersion],
  ["RUN_ID", INTEGER, (run) => Math.floor(run.graphScheduledTime / 1000)],
  ["RETURN_VALUE", TEXT, (run) => run.returnValue],
  ["SCHEDULED_FROM", TEXT, (run) => run.scheduledFrom],
  ["ATTEMPT_NUMBER", INTEGER, (run) => run.attempt],
  ["CONFIG", TEXT, (run) => run.config],
  ["QUERY_HASH", TEXT],
  ["QUERY_HASH_VERSION", INTEGER],
  ["QUERY_PARAMETERIZED_HASH", TEXT],
  ["QUERY_PARAMETERIZED_HASH_VERSION", INTEGER],
  ["GRAPH_RUN_GROUP_ID", TEXT, (run) => (run.state === "SCHEDULED" ? null : run.groupId)],
  ["BACKFILL_INFO", TEXT],
];

/**
 * INFORMATION_SCHEMA.TASK_HISTORY(...): runs of the database's tasks, newest first, with the next run of each started
 * task on a schedule. Source: "TASK_HISTORY".
 */
export function taskHistoryRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const given = namedArguments(args, [
    "SCHEDULED_TIME_RANGE_START",
    "SCHEDULED_TIME_RANGE_END",
    "RESULT_LIMIT",
    "TASK_NAME",
    "ERROR_ONLY",
    "ROOT_TASK_ID",
    "DATABASE_NAME",
    "SCHEMA_NAME",
  ]);
  const limit = Number(constantArgument(given, "RESULT_LIMIT") ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw invalidValue(String(limit), "RESULT_LIMIT");
  const wanted = (argument: string): ((value: string) => boolean) => {
    const text = constantArgument(given, argument);
    if (!text) return () => true;
    const name = argument === "ROOT_TASK_ID" ? text : parseObjectName(text).at(-1)!.name;
    return (value) => value.toUpperCase() === name.toUpperCase();
  };
  const isNamed = wanted("TASK_NAME");
  const inSchema = wanted("SCHEMA_NAME");
  const inDatabase = wanted("DATABASE_NAME");
  const ofRoot = wanted("ROOT_TASK_ID");
  const errorOnly = /^true$/i.test(constantArgument(given, "ERROR_ONLY") ?? "false");
  const { catalog, taskHistory } = context.instance;
  const upcoming = catalog.list("TASK").flatMap((task) => nextRunOf(task, context));
  const found = [...taskHistory.all(), ...upcoming].filter(
    (run) =>
      run.databaseName === database.name &&
      isNamed(run.name) &&
      inSchema(run.schemaName) &&
      inDatabase(run.databaseName) &&
      ofRoot(run.rootUuid) &&
      (!errorOnly || ["FAILED", "FAILED_AND_AUTO_SUSPENDED", "CANCELLED"].includes(run.state)) &&
      seesRunsOf(run.objectId, context),
  );
  const relation = shownRelation([database.name, "INFORMATION_SCHEMA", "TASK_HISTORY"], COLUMNS, found, context);
  const at = `h.${physicalName(relation, "SCHEDULED_TIME")}`;
  const start = instantArgument(given, "SCHEDULED_TIME_RANGE_START", context) ?? literalTime(context.startedOn - WEEK);
  const end = instantArgument(given, "SCHEDULED_TIME_RANGE_END", context);
  const until = end === undefined ? "" : ` AND ${at} <= ${end}`;
  return {
    ...relation,
    sql: `(SELECT * FROM ${relation.sql} AS h WHERE ${at} >= ${start}${until} ORDER BY ${at} DESC LIMIT ${limit})`,
  };
}

function nextRunOf(task: Task, context: StatementContext): TaskRun[] {
  const at = isRoot(task) ? nextRun(task, context.startedOn) : undefined;
  if (at === undefined) return [];
  const [databaseName, schemaName, name] = context.instance.catalog.pathOf(task);
  return [
    {
      id: "",
      objectId: task.id,
      taskUuid: task.uuid,
      name: name!,
      schemaName: schemaName!,
      databaseName: databaseName!,
      queryId: null,
      queryText: task.definition,
      conditionText: task.condition,
      state: "SCHEDULED",
      errorCode: null,
      errorMessage: null,
      scheduledTime: at,
      startedOn: null,
      completedOn: null,
      scheduledFrom: "SCHEDULE",
      attempt: 1,
      config: task.config,
      rootUuid: task.uuid,
      graphVersion: task.graphVersion?.number ?? 1,
      graphScheduledTime: at,
      groupId: "",
      returnValue: null,
    },
  ];
}

/** When the task runs next after a run that its schedule began. */
function nextAfter(run: TaskRun, { instance }: StatementContext): number | null | undefined {
  if (run.scheduledFrom !== "SCHEDULE") return null;
  const task = instance.catalog.object(run.objectId);
  return task?.kind === "TASK" ? nextRun(task, run.scheduledTime) : undefined;
}
