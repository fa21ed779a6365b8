import { invalidArguments, SnowflakeError, unsupported } from "../../errors";
import { VARCHAR } from "../../sql/ast/dataType";
import { parseExpression } from "../../sql";
import type { ArgumentText, ScalarFunction } from "../../translate/environment";
import type { SystemFunction } from "../../execution/statementModule";
import type { StatementContext } from "../../execution/context";
import type { CurrentTaskRun } from "../../execution/currentTaskRun";
import { taskError } from "../../execution/taskError";
import { literal } from "../../quoting";

/** A function of the running task: most arguments, and its value. */
interface TaskFunction {
  readonly least: number;
  readonly most: number;
  readonly value: (run: CurrentTaskRun, args: readonly string[]) => string | null;
}

const FUNCTIONS: Readonly<Record<string, TaskFunction>> = {
  SYSTEM$CURRENT_USER_TASK_NAME: { least: 0, most: 0, value: (run) => run.fullName },
  SYSTEM$GET_PREDECESSOR_RETURN_VALUE: { least: 0, most: 1, value: (run, [name]) => run.predecessorValue(name) },
  SYSTEM$GET_TASK_GRAPH_CONFIG: { least: 0, most: 1, value: (run, [path]) => configValue(run.graphRun.config, path) },
  SYSTEM$TASK_RUNTIME_INFO: { least: 1, most: 1, value: (run, [key]) => runtimeInfo(run, key!) },
};

/**
 * SYSTEM$CURRENT_USER_TASK_NAME, SYSTEM$GET_PREDECESSOR_RETURN_VALUE, SYSTEM$GET_TASK_GRAPH_CONFIG and
 * SYSTEM$TASK_RUNTIME_INFO: each has a page of its name.
 *
 * @throws SnowflakeError outside of a task
 */
export const TASK_FUNCTIONS: Readonly<Record<string, SystemFunction>> = Object.fromEntries(
  Object.entries(FUNCTIONS).map(([name, found]) => [name, (args, context) => call(name, found, args, context)]),
);

function call(
  own: string,
  found: TaskFunction,
  args: readonly ArgumentText[],
  context: StatementContext,
): ScalarFunction {
  if (args.length < found.least || args.length > found.most) {
    throw invalidArguments(
      own,
      args.map((arg) => arg.type.kind),
    );
  }
  const values = args.map((arg) => {
    if (typeof arg.constant !== "string") throw unsupported(`${own} of a value that is no constant`);
    return arg.constant;
  });
  const run = context.session.task;
  if (!run) throw taskError(`Function ${own} must be called from within a task.`);
  return constant(found.value(run, values));
}

function constant(value: string | null): ScalarFunction {
  const sql = value === null ? "CAST(NULL AS VARCHAR)" : literal(value);
  // Another value in another run of the same text.
  return { kind: "expression", sql, type: VARCHAR, volatility: "volatile" };
}

/** Source: "SYSTEM$TASK_RUNTIME_INFO". */
function runtimeInfo(run: CurrentTaskRun, key: string): string | null {
  const { graphRun, task } = run;
  switch (key.toUpperCase()) {
    case "CURRENT_TASK_NAME":
      return task.name;
    case "CURRENT_ROOT_TASK_NAME":
      return graphRun.rootName;
    case "CURRENT_ROOT_TASK_UUID":
      return graphRun.rootUuid;
    case "CURRENT_TASK_GRAPH_RUN_GROUP_ID":
      return graphRun.groupId;
    case "CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP":
      return timeText(graphRun.scheduledTime);
    case "LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID":
      return graphRun.lastSuccess?.groupId ?? null;
    case "LAST_SUCCESSFUL_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP":
      return graphRun.lastSuccess && timeText(graphRun.lastSuccess.scheduledTime);
    default:
      throw taskError(`Invalid argument '${key}' for function SYSTEM$TASK_RUNTIME_INFO.`);
  }
}

/** In UTC, as any timestamp type reads it. */
function timeText(at: number): string {
  return new Date(at / 1000).toISOString().replace("T", " ").replace("Z", " Z");
}

/**
 * The graph's configuration, or what a path names in it: texts as they are, everything else as compact JSON; NULL for
 * what is not there.
 *
 * @param path as GET_PATH takes it: `a.b[0]['c']`
 */
function configValue(config: string | null, path: string | undefined): string | null {
  if (config === null) return null;
  let value: unknown = JSON.parse(config);
  if (path !== undefined) for (const step of pathSteps(path)) value = member(value, step);
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function member(value: unknown, step: string | number): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const key = String(step);
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function pathSteps(path: string): (string | number)[] {
  const invalid = new SnowflakeError("100079", "22000", `Invalid extraction path '${path}'`);
  let parsed;
  try {
    parsed = parseExpression(path.startsWith("[") ? `c${path}` : `c:${path}`);
  } catch {
    throw invalid;
  }
  if (parsed.kind !== "path") throw invalid;
  return parsed.steps.map((step) => {
    if (step.kind === "key") return step.key;
    if (step.index.kind !== "number") throw invalid;
    return Number(step.index.text);
  });
}
