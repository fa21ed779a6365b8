import { randomUUID } from "node:crypto";
import type { Microseconds, Task } from "../catalog/objects";
import { PARAMETERS } from "../catalog/parameters";
import type { CancelAlarm } from "../clock";
import type { SnowflakeError } from "../errors";
import type { Session } from "../session/session";
import { openSystemSession } from "../session/systemSession";
import type { Instance } from "../statements/instance";
import { nextRun } from "../statements/task/schedule";
import type { ScheduledFrom, TaskRun } from "../statements/task/taskHistory";
import { mayRun } from "../statements/task/taskPrivileges";
import { translateDuckDbError } from "../translate";

/** A run that is later than this has been missed. */
const LATE: Microseconds = 1e6;
/** How often triggered tasks are looked at. A look is free while nothing was committed. */
const LOOK_EVERY: Microseconds = 1e6;

/** Longest time that a run may take, in milliseconds: 7 days. */
const LONGEST_TIMEOUT_MS = 604_800_000;

/** What is known of a triggered task since it was resumed. */
interface Watch {
  /** Its resumption: another one begins anew. */
  readonly resumedOn: Microseconds;
  /** Newest version for which the condition was false; -1: not evaluated since the last run. */
  version: number;
  /** Start of the last run. */
  lastRun: Microseconds | undefined;
}

/**
 * Runs tasks: on their schedules, when there is new data, and by EXECUTE TASK. Schedules are derived from the catalog,
 * so that they go on after a restart. Source: "Introduction to tasks", "Triggered tasks".
 */
export class TaskRunner {
  private cancel: CancelAlarm | undefined;
  private armedFor: Microseconds | undefined;
  private stopped = false;
  /** Ids of tasks that run, with how often. */
  private readonly running = new Map<number, number>();
  private readonly watches = new Map<number, Watch>();
  private readonly requests = new Set<CancelAlarm>();
  private readonly abort = new AbortController();
  /** Up to when scheduled runs have been started. */
  private doneUntil: Microseconds;

  /** @param onError told of what is no failure of a task itself, which the history records */
  constructor(
    private readonly instance: Instance,
    private readonly onError: (error: unknown) => void,
  ) {
    this.doneUntil = instance.clock.now();
    instance.onCatalogChange(() => this.arm());
  }

  start(): void {
    this.instance.taskRequests.onRequest(({ taskId, at, config }) => {
      const cancel = this.instance.clock.alarm(at, async () => {
        this.requests.delete(cancel);
        const task = this.task(taskId);
        if (task) await this.guarded(() => this.run({ ...task, config }, at, "EXECUTE_TASK"));
      });
      this.requests.add(cancel);
    });
    this.arm();
  }

  stop(): void {
    this.stopped = true;
    this.cancel?.();
    for (const cancel of this.requests) cancel();
    this.instance.taskRequests.onRequest(undefined);
    this.abort.abort();
  }

  private task(id: number): Task | undefined {
    const found = this.instance.catalog.object(id);
    return found?.kind === "TASK" && found.droppedOn === undefined ? found : undefined;
  }

  private async guarded(body: () => Promise<unknown>): Promise<void> {
    try {
      await body();
    } catch (error) {
      if (!this.stopped) this.onError(error);
    }
  }

  /** Sets the alarm for the next time at which some task may be due. */
  private arm(): void {
    if (this.stopped) return;
    const next = this.nextTick();
    if (next === this.armedFor) return;
    this.cancel?.();
    this.armedFor = next;
    this.cancel = next === undefined ? undefined : this.instance.clock.alarm(next, () => this.tick(next));
  }

  private nextTick(): Microseconds | undefined {
    const now = this.instance.clock.now();
    const times = this.instance.catalog.list("TASK").flatMap((task) => {
      if (!task.started) return [];
      if (isTriggered(task)) return [(Math.floor(now / LOOK_EVERY) + 1) * LOOK_EVERY];
      return nextRun(task, Math.max(this.doneUntil, task.resumedOn ?? 0)) ?? [];
    });
    return times.length === 0 ? undefined : Math.min(...times);
  }

  private async tick(at: Microseconds): Promise<void> {
    this.armedFor = undefined;
    await this.guarded(async () => {
      const tasks = this.instance.catalog.list("TASK").filter((task) => task.started);
      const due = tasks.filter(
        (task) => !isTriggered(task) && nextRun(task, Math.max(this.doneUntil, task.resumedOn ?? 0)) === at,
      );
      // After a sleep of the machine only the latest time counts: what was missed is not made up for.
      this.doneUntil = Math.max(this.doneUntil, at, this.instance.clock.now() - LATE);
      const runs = [
        // A time that comes while the task still runs is left out. Source: "Introduction to tasks", task scheduling.
        ...due
          .filter((task) => task.allowOverlapping || !this.running.has(task.id))
          .map((task) => this.guarded(() => this.run(task, at, "SCHEDULE"))),
        ...tasks.filter(isTriggered).map((task) => this.guarded(() => this.look(task, at))),
      ];
      // Other times go on while these run.
      this.arm();
      await Promise.all(runs);
    });
    this.arm();
  }

  /** Looks whether a triggered task has something to do: not while it runs, nor before its minimum interval is over. */
  private async look(task: Task, at: Microseconds): Promise<void> {
    if (this.running.has(task.id)) return;
    let watch = this.watches.get(task.id);
    if (!watch || watch.resumedOn !== task.resumedOn) {
      watch = { resumedOn: task.resumedOn ?? 0, version: -1, lastRun: watch?.lastRun };
      this.watches.set(task.id, watch);
    }
    const pause = this.parameter(task, "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS") * 1e6;
    if (watch.lastRun !== undefined && at < watch.lastRun + pause) return;
    const version = this.instance.storage.lastVersion;
    if (watch.version === version) return;
    this.enter(task.id);
    try {
      let holds = false;
      let failure: unknown;
      try {
        holds = await this.conditionHolds(task);
      } catch (error) {
        failure = error;
      }
      watch.version = version;
      if (!holds && failure === undefined) return;
      watch.lastRun = at;
      watch.version = -1;
      await this.run(task, at, "TRIGGER", failure);
    } finally {
      this.leave(task.id);
    }
  }

  private enter(id: number): void {
    this.running.set(id, (this.running.get(id) ?? 0) + 1);
  }

  private leave(id: number): void {
    const left = this.running.get(id)! - 1;
    if (left === 0) this.running.delete(id);
    else this.running.set(id, left);
  }

  /** Any boolean expression: it is run as a query, as the task's owner sees it. NULL is false. */
  private async conditionHolds(task: Task): Promise<boolean> {
    const session = openSystemSession(this.instance, task, task.warehouse);
    try {
      const result = await this.execute(session, `SELECT (${task.condition!}\n)::BOOLEAN`, randomUUID());
      return result.chunks[0]!.json === '["1"]';
    } finally {
      await session.close();
    }
  }

  private execute(session: Session, sqlText: string, queryId: string, signal = this.abort.signal) {
    return session.execute({ sqlText, queryId, describeOnly: false, signal });
  }

  /**
   * One run with its retries, and what follows from its end.
   *
   * @param failure of a trigger's condition: the run fails with it
   */
  private async run(
    task: Task,
    scheduledTime: Microseconds,
    scheduledFrom: ScheduledFrom,
    failure?: unknown,
  ): Promise<void> {
    this.enter(task.id);
    try {
      const attempts = 1 + this.parameter(task, "TASK_AUTO_RETRY_ATTEMPTS");
      for (let attempt = 1; ; attempt++) {
        const from = attempt === 1 ? scheduledFrom : "AUTOMATIC RETRY";
        const run = this.begin(task, scheduledTime, from, attempt);
        const error = await this.attempt(task, run, failure);
        if (this.stopped) return;
        if (error === "skipped") return await this.end(run, { state: "SKIPPED" });
        if (!error) {
          await this.countFailures(task.id, 0);
          return await this.end(run, { state: "SUCCEEDED" });
        }
        const last = attempt === attempts;
        const suspended = last && (await this.countFailures(task.id, 1));
        const state = suspended ? "FAILED_AND_AUTO_SUSPENDED" : "FAILED";
        await this.end(run, { state, errorCode: error.code, errorMessage: error.message });
        if (last) return;
      }
    } finally {
      this.leave(task.id);
    }
  }

  private begin(task: Task, scheduledTime: Microseconds, scheduledFrom: ScheduledFrom, attempt: number): TaskRun {
    const [databaseName, schemaName, name] = this.instance.catalog.pathOf(task);
    const run: TaskRun = {
      id: randomUUID(),
      objectId: task.id,
      taskUuid: task.uuid,
      name: name!,
      schemaName: schemaName!,
      databaseName: databaseName!,
      queryId: randomUUID(),
      queryText: task.definition,
      conditionText: task.condition,
      state: "EXECUTING",
      errorCode: null,
      errorMessage: null,
      scheduledTime,
      startedOn: this.instance.clock.now(),
      completedOn: null,
      scheduledFrom,
      attempt,
      config: task.config,
    };
    this.instance.taskHistory.begin(run);
    return run;
  }

  private end(run: TaskRun, outcome: Partial<TaskRun>): Promise<void> {
    return this.instance.taskHistory.end({ ...run, ...outcome, completedOn: this.instance.clock.now() });
  }

  /** Runs the body once. @returns its error; undefined when all is well */
  private async attempt(task: Task, run: TaskRun, failure: unknown): Promise<SnowflakeError | "skipped" | undefined> {
    if (failure !== undefined) return translateDuckDbError(failure);
    const refusal = mayRun(this.instance, task);
    if (refusal) return refusal;
    const limit = this.parameter(task, "USER_TASK_TIMEOUT_MS");
    const timeout = new AbortController();
    // 0 is no limit but the longest one. Source: "Parameters", USER_TASK_TIMEOUT_MS.
    const ends = this.instance.clock.now() + (limit > 0 ? limit : LONGEST_TIMEOUT_MS) * 1000;
    const cancel = this.instance.clock.alarm(ends, async () => timeout.abort());
    const session = openSystemSession(this.instance, task, task.warehouse);
    try {
      // A trigger's condition has just been seen to hold.
      if (task.condition !== null && run.scheduledFrom !== "TRIGGER" && !(await this.conditionHolds(task))) {
        return "skipped";
      }
      const signal = AbortSignal.any([this.abort.signal, timeout.signal]);
      await this.execute(session, task.definition, run.queryId!, signal);
      return undefined;
    } catch (error) {
      return translateDuckDbError(error);
    } finally {
      cancel();
      // Rolls back what the body left open, drops its temporary objects.
      await session.close();
    }
  }

  /**
   * Counts consecutive failures in the catalog.
   *
   * @param failed 1, or 0 for a success, which begins anew
   * @returns whether the task has been suspended for them
   */
  private async countFailures(id: number, failed: 0 | 1): Promise<boolean> {
    const seen = this.task(id);
    if (!seen || (failed === 0 && seen.failures === 0)) return false;
    const most = this.parameter(seen, "SUSPEND_TASK_AFTER_NUM_FAILURES");
    let suspended = false;
    await this.instance.change({}, async (_, begin) => {
      const change = await begin();
      const now = change.object(id);
      if (now?.kind !== "TASK") return;
      const failures = failed === 0 ? 0 : now.failures + 1;
      suspended = failed === 1 && most > 0 && failures >= most && now.started;
      change.put({
        ...now,
        failures,
        ...(suspended && {
          started: false,
          suspendedOn: this.instance.clock.now(),
          suspendedReason: "SUSPENDED_DUE_TO_ERRORS" as const,
        }),
      });
    });
    return suspended;
  }

  /** A task's parameter: its own, its schema's, its database's, or the default. */
  private parameter(task: Task, name: string): number {
    const { catalog } = this.instance;
    for (const at of [task, catalog.schemaOf(task), catalog.databaseOf(task)]) {
      const value = at.parameters[name];
      if (value !== undefined) return Number(value);
    }
    return Number(PARAMETERS.find((one) => one.name === name)!.default);
  }
}

/** A task with a condition and no schedule runs when there is new data. */
function isTriggered(task: Task): boolean {
  return task.schedule === null && task.condition !== null;
}
