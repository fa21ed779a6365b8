import { randomUUID } from "node:crypto";
import { quoteIfNeeded } from "../../catalog/names";
import type { Task } from "../../catalog/objects";
import { parameterDefinition } from "../../catalog/parameters";
import { ACCOUNT } from "../../catalog/privileges";
import { compilationError, insufficientPrivileges, invalidValue, SnowflakeError, unsupported } from "../../errors";
import type { Property } from "../../sql/ast/property";
import type { StatementOf, Statement } from "../../sql/ast/statement";
import { holds, requireOwnership, requirePrivilege } from "../authorize";
import type { Handler, StatementContext } from "../context";
import { planCreate, register } from "../create";
import { warehouseOf } from "../dynamicTable/dynamicTable";
import { find, tryFind } from "../lookup";
import { status, succeeded } from "../outcome";
import { Properties } from "../properties";
import { parseSchedule, requireTargetInterval } from "./schedule";
import { mayRun } from "./taskPrivileges";

/** CREATE TASK: made suspended. Task graphs are refused by name. Source: "CREATE TASK". */
export const createTask: Handler<StatementOf<"createTask">> = async (statement, context) => {
  if (statement.clone) throw unsupported("CREATE TASK ... CLONE");
  if (statement.after.length > 0) throw unsupported("CREATE TASK ... AFTER");
  if (statement.finalize) throw unsupported("CREATE TASK ... FINALIZE");
  if (statement.tags.length > 0) throw unsupported("TAG");
  const plan = planCreate(context, "TASK", statement.name, statement);
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  requireSupported(statement.body!.statement);
  const fresh: Task = {
    ...plan.base,
    uuid: randomUUID(),
    warehouse: null,
    schedule: null,
    targetCompletionInterval: null,
    condition: statement.when?.text ?? null,
    definition: statement.body!.text,
    allowOverlapping: false,
    config: null,
    started: false,
    resumedOn: null,
    suspendedOn: null,
    suspendedReason: null,
    failures: 0,
  };
  const task = withSettings(fresh, statement.properties, context);
  requireWhole(task);
  if (task.warehouse === null && !holds(context, "EXECUTE MANAGED TASK", ACCOUNT)) {
    throw insufficientPrivileges("account", context.instance.accountName);
  }
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), task, plan.replaced);
  });
  return status(`Task ${quoteIfNeeded(task.name)} successfully created.`);
};

function requireSupported(body: Statement): void {
  if (body.kind === "unsupportedStatement") throw unsupported(body.feature);
}

/** What a task must have to run at all. Source: "Triggered tasks": serverless ones need a target. */
function requireWhole(task: Task): void {
  if (task.warehouse !== null && task.targetCompletionInterval !== null) {
    throw compilationError(
      "WAREHOUSE and TARGET_COMPLETION_INTERVAL cannot be given both: the second is for serverless tasks",
    );
  }
  const triggered = task.schedule === null && task.condition !== null;
  if (triggered && task.warehouse === null && task.targetCompletionInterval === null) {
    throw compilationError("Serverless triggered tasks need TARGET_COMPLETION_INTERVAL");
  }
}

function withSettings(before: Task, given: readonly Property[], context: StatementContext): Task {
  const properties = new Properties(given, context);
  const warehouse = properties.text("WAREHOUSE");
  const schedule = properties.text("SCHEDULE");
  const target = properties.text("TARGET_COMPLETION_INTERVAL");
  const config = properties.text("CONFIG");
  properties.refuse(
    "ERROR_INTEGRATION",
    "SUCCESS_INTEGRATION",
    "LOG_EVENT_LEVEL",
    "SCHEDULING_MODE",
    "OVERLAP_POLICY",
    "SERVERLESS_TASK_MIN_STATEMENT_SIZE",
    "SERVERLESS_TASK_MAX_STATEMENT_SIZE",
  );
  const next: Task = {
    ...before,
    warehouse: warehouse === undefined ? before.warehouse : warehouseOf(warehouse, context),
    schedule: schedule ?? before.schedule,
    targetCompletionInterval: target ?? before.targetCompletionInterval,
    config: config ?? before.config,
    allowOverlapping: properties.boolean("ALLOW_OVERLAPPING_EXECUTION") ?? before.allowOverlapping,
    comment: properties.text("COMMENT") ?? before.comment,
    parameters: { ...before.parameters, ...properties.parameters("TASK") },
  };
  properties.done();
  if (schedule !== undefined) parseSchedule(schedule);
  if (target !== undefined) requireTargetInterval(target);
  if (config !== undefined) requireObject(config);
  requireRange(next, "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS", 10, 604_800);
  requireRange(next, "USER_TASK_TIMEOUT_MS", 0, 604_800_000);
  requireRange(next, "TASK_AUTO_RETRY_ATTEMPTS", 0, 30);
  requireRange(next, "SUSPEND_TASK_AFTER_NUM_FAILURES", 0, Number.MAX_SAFE_INTEGER);
  return next;
}

function requireRange(task: Task, parameter: string, least: number, most: number): void {
  const value = task.parameters[parameter];
  if (value !== undefined && (Number(value) < least || Number(value) > most)) {
    throw invalidValue(String(value), parameter);
  }
}

function requireObject(config: string): void {
  try {
    const parsed: unknown = JSON.parse(config);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return;
  } catch {
    // Said below.
  }
  throw invalidValue(config, "CONFIG");
}

/** Source: "ALTER TASK". */
export const alterTask: Handler<StatementOf<"alterTask">> = async (statement, context) => {
  const task = tryFind(context, "TASK", statement.name, "ALTER TASK");
  if (!task) {
    if (statement.ifExists) return succeeded();
    return find(context, "TASK", statement.name, "ALTER TASK") as never;
  }
  const changed = altered(task, statement, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
};

function altered(task: Task, statement: StatementOf<"alterTask">, context: StatementContext): Task {
  const { action } = statement;
  const now = context.startedOn;
  switch (action.action) {
    case "resume":
      requirePrivilege(context, task, "OPERATE");
      return task.started ? task : resumed(task, context);
    case "suspend":
      requirePrivilege(context, task, "OPERATE");
      return task.started ? { ...task, started: false, suspendedOn: now, suspendedReason: "USER_SUSPENDED" } : task;
    default:
      requireOwnership(context, task);
      requireSuspended(task, context);
      return redefined(task, statement, context);
  }
}

function resumed(task: Task, context: StatementContext): Task {
  if (task.schedule === null && task.condition === null) {
    throw compilationError(`Task '${task.name}' cannot be resumed: it has neither a schedule nor a condition`);
  }
  const refusal = mayRun(context.instance, task);
  if (refusal) throw refusal;
  return { ...task, started: true, resumedOn: context.startedOn, failures: 0 };
}

/** A definition changes only while nothing can run by it. Source: "Create a sequence of tasks with a task graph", versioning. */
function requireSuspended(task: Task, context: StatementContext): void {
  if (!task.started) return;
  const name = context.instance.catalog.fullName(task);
  throw new SnowflakeError(
    "091090",
    "55000",
    `Unable to update graph with root task ${name} since that root task is not suspended.`,
  );
}

function redefined(task: Task, statement: StatementOf<"alterTask">, context: StatementContext): Task {
  const { action } = statement;
  switch (action.action) {
    case "set": {
      const next = withSettings(task, action.properties, context);
      requireWhole(next);
      return next;
    }
    case "unset":
      return unset(task, action.names);
    case "modifyAs":
      requireSupported(action.body.statement);
      return { ...task, definition: action.body.text };
    case "modifyWhen":
      return { ...task, condition: action.when.text };
    case "removeWhen":
      return { ...task, condition: null };
    default:
      throw unsupported(`ALTER TASK ${action.action}`);
  }
}

function unset(task: Task, names: readonly string[]): Task {
  let next = task;
  for (const name of names) {
    if (name === "WAREHOUSE") next = { ...next, warehouse: null };
    else if (name === "SCHEDULE") next = { ...next, schedule: null };
    else if (name === "TARGET_COMPLETION_INTERVAL") next = { ...next, targetCompletionInterval: null };
    else if (name === "CONFIG") next = { ...next, config: null };
    else if (name === "COMMENT") next = { ...next, comment: "" };
    else if (name === "ALLOW_OVERLAPPING_EXECUTION") next = { ...next, allowOverlapping: false };
    else if (parameterDefinition(name)) {
      next = {
        ...next,
        parameters: Object.fromEntries(Object.entries(next.parameters).filter(([own]) => own !== name)),
      };
    } else throw unsupported(`ALTER TASK UNSET ${name}`);
  }
  requireWhole(next);
  return next;
}

/** EXECUTE TASK: one run, also of a suspended task, as soon as possible. Source: "EXECUTE TASK". */
export const executeTask: Handler<StatementOf<"executeTask">> = async (statement, context) => {
  if (statement.retryLast) throw unsupported("EXECUTE TASK ... RETRY LAST");
  const task = find(context, "TASK", statement.name, "EXECUTE TASK");
  requirePrivilege(context, task, "OPERATE");
  const refusal = mayRun(context.instance, task);
  if (refusal) throw refusal;
  if (statement.config !== undefined) requireObject(statement.config);
  context.instance.taskRequests.request({
    taskId: task.id,
    at: context.startedOn,
    config: statement.config ?? task.config,
  });
  return status(`Task ${quoteIfNeeded(task.name)} is scheduled to run immediately.`);
};
