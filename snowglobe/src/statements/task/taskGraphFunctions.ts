import type { Database, Task } from "../../catalog/objects";
import { compilationError } from "../../errors";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import type { StatementContext } from "../../execution/context";
import { constantArgument, namedArguments, type NamedArguments } from "../../execution/functionArguments";
import { INTEGER, TEXT, TIMESTAMP } from "../../execution/outcome";
import { newGraphRun } from "./newGraphRun";
import { nextRun } from "../../execution/schedule";
import type { TaskGraphRun } from "../../account/taskGraphRun";
import type { TaskRun } from "../../account/taskHistory";
import { isRoot } from "../../account/taskGraphs";
import { seesRunsOf } from "./taskVisibility";
import { type ShownColumn, shownRelation } from "../../execution/shownColumn";
import type { Microseconds } from "../../time";

/** How long ago a graph run may have ended. Source: "COMPLETE_TASK_GRAPHS". */
const HOUR: Microseconds = 3_600 * 1e6;
/** How far ahead a graph run may be due. Source: "CURRENT_TASK_GRAPHS". */
const AHEAD: Microseconds = 8 * 86_400 * 1e6;
const DEFAULT_LIMIT = 1_000;
const MOST_ROWS = 10_000;

const COLUMNS: readonly ShownColumn<TaskGraphRun>[] = [
  ["ROOT_TASK_NAME", TEXT, (run) => run.rootName],
  ["DATABASE_NAME", TEXT, (run) => run.databaseName],
  ["SCHEMA_NAME", TEXT, (run) => run.schemaName],
  ["STATE", TEXT, (run) => run.state],
  ["FIRST_ERROR_TASK_NAME", TEXT, (run, context) => firstFailed(run, context)?.name],
  ["FIRST_ERROR_CODE", INTEGER, firstErrorCode],
  ["FIRST_ERROR_MESSAGE", TEXT, (run, context) => firstFailed(run, context)?.errorMessage],
  ["SCHEDULED_TIME", TIMESTAMP, (run) => run.attemptTime],
  ["QUERY_START_TIME", TIMESTAMP, (run) => run.startedOn],
  ["NEXT_SCHEDULED_TIME", TIMESTAMP, nextAfter],
  ["COMPLETED_TIME", TIMESTAMP, (run) => run.completedOn],
  ["ROOT_TASK_ID", TEXT, (run) => run.rootUuid],
  ["GRAPH_VERSION", INTEGER, (run) => run.graphVersion],
  ["RUN_ID", INTEGER, (run) => Math.floor(run.scheduledTime / 1000)],
  ["ATTEMPT_NUMBER", INTEGER, (run) => run.attempt],
  ["SCHEDULED_FROM", TEXT, (run) => run.scheduledFrom],
  ["CONFIG", TEXT, (run) => run.config],
  ["GRAPH_RUN_GROUP_ID", TEXT, (run) => (isPlanned(run) ? null : run.groupId)],
  ["BACKFILL_INFO", TEXT],
];

/** INFORMATION_SCHEMA.CURRENT_TASK_GRAPHS(...): graph runs under way, and the next of each started root. */
export function currentTaskGraphsRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const given = namedArguments(args, ["RESULT_LIMIT", "ROOT_TASK_NAME"]);
  const { catalog, taskGraphRuns } = context.instance;
  const upcoming = catalog.list("TASK").flatMap((task) => nextGraphRun(task, context));
  const found = [...taskGraphRuns.open(), ...upcoming].sort((a, b) => b.attemptTime - a.attemptTime);
  return relation("CURRENT_TASK_GRAPHS", database, found, given, context);
}

/** INFORMATION_SCHEMA.COMPLETE_TASK_GRAPHS(...): graph runs that ended in the last hour. */
export function completeTaskGraphsRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const given = namedArguments(args, ["RESULT_LIMIT", "ROOT_TASK_NAME", "ERROR_ONLY"]);
  const errorOnly = /^true$/i.test(constantArgument(given, "ERROR_ONLY") ?? "false");
  const found = context.instance.taskGraphRuns
    .endedSince(context.startedOn - HOUR)
    // A graph whose root was skipped has not run.
    .filter((run) => run.state !== "SKIPPED" && (!errorOnly || run.state !== "SUCCEEDED"))
    .sort((a, b) => b.completedOn! - a.completedOn!);
  return relation("COMPLETE_TASK_GRAPHS", database, found, given, context);
}

function relation(
  name: string,
  database: Database,
  found: readonly TaskGraphRun[],
  given: NamedArguments,
  context: StatementContext,
): SqlRelation {
  const limit = Number(constantArgument(given, "RESULT_LIMIT") ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 0 || limit > MOST_ROWS) {
    throw compilationError("Value for parameter RESULT_LIMIT exceeds maximum allowable value (10,000).");
  }
  const wanted = constantArgument(given, "ROOT_TASK_NAME")?.toUpperCase();
  const rows = found
    .filter((run) => wanted === undefined || run.rootName.toUpperCase() === wanted)
    .filter((run) => seesRunsOf(run.rootId, context))
    .slice(0, limit);
  return shownRelation([database.name, "INFORMATION_SCHEMA", name], COLUMNS, rows, context);
}

function nextGraphRun(task: Task, context: StatementContext): TaskGraphRun[] {
  const at = isRoot(task) ? nextRun(task, context.startedOn) : undefined;
  if (at === undefined || at > context.startedOn + AHEAD) return [];
  return [newGraphRun(context.instance, task, at, "SCHEDULE")];
}

/** The task of a graph run that failed first. */
function firstFailed(run: TaskGraphRun, { instance }: StatementContext): TaskRun | undefined {
  return instance.taskHistory
    .ofGraphRun(run)
    .filter((one) => one.errorCode !== null && one.state !== "SKIPPED")
    .sort((a, b) => (a.completedOn ?? 0) - (b.completedOn ?? 0))[0];
}

function firstErrorCode(run: TaskGraphRun, context: StatementContext): number | undefined {
  const failed = firstFailed(run, context);
  return failed && Number(failed.errorCode);
}

function nextAfter(run: TaskGraphRun, { instance, startedOn }: StatementContext): Microseconds | null | undefined {
  const root = instance.catalog.object(run.rootId);
  return root?.kind === "TASK" ? nextRun(root, Math.max(startedOn, run.attemptTime)) : null;
}

/** Whether it is only planned: the next run of a schedule. */
function isPlanned(run: TaskGraphRun): boolean {
  return run.state === "SCHEDULED" && run.scheduledFrom === "SCHEDULE";
}
