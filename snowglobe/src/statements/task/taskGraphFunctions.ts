import type { Database, Microseconds, Task } from "../../catalog/objects";
import { compilationError } from "../../errors";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import type { StatementContext } from "../../execution/context";
import { constantArgument, namedArguments, type NamedArguments } from "../../execution/functionArguments";
import { INTEGER, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
import { relationOf } from "../../execution/sqlRelation";
import { newGraphRun } from "./newGraphRun";
import { nextRun } from "../../execution/schedule";
import type { TaskGraphRun } from "../../account/taskGraphRun";
import { isRoot } from "../../account/taskGraphs";
import { seesRunsOf } from "./taskVisibility";

/** How long ago a graph run may have ended. Source: "COMPLETE_TASK_GRAPHS". */
const HOUR: Microseconds = 3_600 * 1e6;
/** How far ahead a graph run may be due. Source: "CURRENT_TASK_GRAPHS". */
const AHEAD: Microseconds = 8 * 86_400 * 1e6;
const DEFAULT_LIMIT = 1_000;
const MOST_ROWS = 10_000;

const COLUMNS: readonly ColumnSpec[] = [
  ["ROOT_TASK_NAME", TEXT],
  ["DATABASE_NAME", TEXT],
  ["SCHEMA_NAME", TEXT],
  ["STATE", TEXT],
  ["FIRST_ERROR_TASK_NAME", TEXT],
  ["FIRST_ERROR_CODE", INTEGER],
  ["FIRST_ERROR_MESSAGE", TEXT],
  ["SCHEDULED_TIME", TIMESTAMP],
  ["QUERY_START_TIME", TIMESTAMP],
  ["NEXT_SCHEDULED_TIME", TIMESTAMP],
  ["COMPLETED_TIME", TIMESTAMP],
  ["ROOT_TASK_ID", TEXT],
  ["GRAPH_VERSION", INTEGER],
  ["RUN_ID", INTEGER],
  ["ATTEMPT_NUMBER", INTEGER],
  ["SCHEDULED_FROM", TEXT],
  ["CONFIG", TEXT],
  ["GRAPH_RUN_GROUP_ID", TEXT],
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
  return relationOf(
    [database.name, "INFORMATION_SCHEMA", name],
    COLUMNS,
    rows.map((run) => row(run, context)),
  );
}

function nextGraphRun(task: Task, context: StatementContext): TaskGraphRun[] {
  const at = isRoot(task) ? nextRun(task, context.startedOn) : undefined;
  if (at === undefined || at > context.startedOn + AHEAD) return [];
  return [newGraphRun(context.instance, task, at, "SCHEDULE")];
}

function row(run: TaskGraphRun, context: StatementContext): Cell[] {
  const { catalog, taskHistory } = context.instance;
  const failed = taskHistory
    .ofGraphRun(run)
    .filter((one) => one.errorCode !== null && one.state !== "SKIPPED")
    .sort((a, b) => (a.completedOn ?? 0) - (b.completedOn ?? 0))[0];
  const root = catalog.object(run.rootId);
  const planned = run.state === "SCHEDULED" && run.scheduledFrom === "SCHEDULE";
  return [
    run.rootName,
    run.databaseName,
    run.schemaName,
    run.state,
    failed?.name,
    failed && Number(failed.errorCode),
    failed?.errorMessage,
    run.attemptTime,
    run.startedOn,
    root?.kind === "TASK" ? nextRun(root, Math.max(context.startedOn, run.attemptTime)) : null,
    run.completedOn,
    run.rootUuid,
    run.graphVersion,
    Math.floor(run.scheduledTime / 1000),
    run.attempt,
    run.scheduledFrom,
    run.config,
    planned ? null : run.groupId,
    null,
  ];
}
