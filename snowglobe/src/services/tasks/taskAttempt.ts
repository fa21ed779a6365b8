import { randomUUID } from "node:crypto";
import type { Task } from "../../catalog/objects";
import { SnowflakeError } from "../../errors";
import type { Session } from "../../session/session";
import { openSystemSession } from "../../session/systemSession";
import type { Instance } from "../../execution/instance";
import type { CurrentTaskRun } from "../../execution/currentTaskRun";
import { taskParameter } from "../../statements/task/taskParameter";
import { mayRun } from "../../statements/task/taskPrivileges";
import { translateDuckDbError } from "../../translate";

/** Longest time that a run may take, in milliseconds: 7 days. */
const LONGEST_TIMEOUT_MS = 604_800_000;

export type AttemptResult =
  | { readonly state: "SUCCEEDED" | "SKIPPED" }
  | { readonly state: "FAILED" | "CANCELLED"; readonly error: SnowflakeError };

/** Why an attempt is stopped before its end. */
export interface AttemptSignals {
  readonly cancel: AbortSignal;
  /** The server stops: the result does not matter any more. */
  readonly stop: AbortSignal;
}

/**
 * Runs a task once, as its owner: the condition, then the body, within its time limit.
 *
 * @param queryId of the body
 * @param conditionSeen the condition has just been seen to hold
 */
export async function attemptTask(
  instance: Instance,
  current: CurrentTaskRun,
  queryId: string,
  conditionSeen: boolean,
  signals: AttemptSignals,
): Promise<AttemptResult> {
  const { task } = current;
  const refusal = mayRun(instance, task);
  if (refusal) return { state: "FAILED", error: refusal };
  const limit = taskParameter(instance, task, "USER_TASK_TIMEOUT_MS");
  // 0 is no limit but the longest one. Source: "Parameters", USER_TASK_TIMEOUT_MS.
  const milliseconds = limit > 0 ? limit : LONGEST_TIMEOUT_MS;
  const timeout = new AbortController();
  const disarm = instance.clock.alarm(instance.clock.now() + milliseconds * 1000, async () => timeout.abort());
  const signal = AbortSignal.any([signals.cancel, signals.stop, timeout.signal]);
  const session = openSystemSession(instance, task, task.warehouse, { task: current });
  try {
    if (task.condition !== null && !conditionSeen && !(await holds(session, task.condition, signal))) {
      return { state: "SKIPPED" };
    }
    await session.execute({ sqlText: task.definition, queryId, describeOnly: false, signal });
    return { state: "SUCCEEDED" };
  } catch (error) {
    if (signals.cancel.aborted) return { state: "CANCELLED", error: translateDuckDbError(error) };
    return { state: "FAILED", error: timeout.signal.aborted ? timedOut(milliseconds) : translateDuckDbError(error) };
  } finally {
    disarm();
    // Rolls back what the body left open, drops its temporary objects.
    await session.close();
  }
}

/** Whether the condition of a triggered task holds now. @throws SnowflakeError when it cannot be evaluated */
export async function conditionHolds(instance: Instance, task: Task, stop: AbortSignal): Promise<boolean> {
  const session = openSystemSession(instance, task, task.warehouse);
  try {
    return await holds(session, task.condition!, stop);
  } finally {
    await session.close();
  }
}

/** The condition is run as a query, as the task's owner sees it. NULL is false. */
async function holds(session: Session, condition: string, signal: AbortSignal): Promise<boolean> {
  const sqlText = `SELECT (${condition}\n)::BOOLEAN`;
  const result = await session.execute({ sqlText, queryId: randomUUID(), describeOnly: false, signal });
  return result.chunks[0]!.json === '["1"]';
}

function timedOut(milliseconds: number): SnowflakeError {
  return new SnowflakeError(
    "000630",
    "57014",
    `Statement reached its statement or warehouse timeout of ${Math.ceil(milliseconds / 1000)} second(s) and was canceled.`,
  );
}
