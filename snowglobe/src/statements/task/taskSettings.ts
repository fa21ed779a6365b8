import type { Task } from "../../catalog/objects";
import { parameterDefinition } from "../../catalog/parameters";
import { compilationError, invalidValue, unsupported } from "../../errors";
import type { Property } from "../../sql/ast/property";
import type { StatementContext } from "../../execution/context";
import { warehouseOf } from "../dynamicTable/settings";
import { Properties } from "../../execution/properties";
import { parseSchedule, requireTargetInterval } from "../../execution/schedule";
import { requireConfig } from "./taskConfig";
import { isTriggered } from "../../account/taskGraphs";

/** A task with the properties of CREATE TASK or ALTER TASK ... SET. @throws SnowflakeError for values out of range */
export function withSettings(before: Task, given: readonly Property[], context: StatementContext): Task {
  const properties = new Properties(given, context);
  const warehouse = properties.name("WAREHOUSE");
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
  if (config !== undefined) requireConfig(config);
  requireRange(next, "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS", 10, 604_800);
  requireRange(next, "USER_TASK_TIMEOUT_MS", 0, 604_800_000);
  requireRange(next, "TASK_AUTO_RETRY_ATTEMPTS", 0, 30);
  requireRange(next, "SUSPEND_TASK_AFTER_NUM_FAILURES", 0, Number.MAX_SAFE_INTEGER);
  return next;
}

/** A task as ALTER TASK ... UNSET leaves it. */
export function withoutSettings(task: Task, names: readonly string[]): Task {
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
  return next;
}

/** What a task must have to run at all. Source: "Triggered tasks": serverless ones need a target. */
export function requireWhole(task: Task): void {
  if (task.warehouse !== null && task.targetCompletionInterval !== null) {
    throw compilationError(
      "WAREHOUSE and TARGET_COMPLETION_INTERVAL cannot be given both: the second is for serverless tasks",
    );
  }
  if (isTriggered(task) && task.warehouse === null && task.targetCompletionInterval === null) {
    throw compilationError("Serverless triggered tasks need TARGET_COMPLETION_INTERVAL");
  }
}

function requireRange(task: Task, parameter: string, least: number, most: number): void {
  const value = task.parameters[parameter];
  if (value !== undefined && (Number(value) < least || Number(value) > most)) {
    throw invalidValue(String(value), parameter);
  }
}
