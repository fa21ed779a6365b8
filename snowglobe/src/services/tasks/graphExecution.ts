import { randomUUID } from "node:crypto";
import type { RunSql } from "../../catalog/change";
import type { Task } from "../../catalog/objects";
import { SnowflakeError } from "../../errors";
import type { Instance } from "../../execution/instance";
import { CurrentTaskRun } from "../../execution/currentTaskRun";
import {
  graphState,
  taskVerdict,
  type EndedTask,
  type TaskGraphRun,
  type TaskOutcome,
} from "../../account/taskGraphRun";
import type { TaskRun } from "../../account/taskHistory";
import type { RunningTasks } from "./runningTasks";
import { attemptTask, type AttemptResult } from "./taskAttempt";
import { countFailure, forgetFailures } from "./taskFailures";

/** What a run that its server did not finish ends with: it may have done its work, so it is not done again. */
const INTERRUPTED: AttemptResult = {
  state: "FAILED",
  error: new SnowflakeError("091099", "55000", "The task run was interrupted: the service stopped while it ran."),
};

/** How a graph run is begun, beside what it is. */
export interface ExecutionOptions {
  /** The root's condition has been evaluated: it holds, or failed with this error. */
  readonly condition?: { readonly failure?: SnowflakeError };
}

export interface ExecutedRun {
  readonly run: TaskGraphRun;
  /** The process before this one was stopped while a task ran. */
  readonly interrupted: boolean;
}

/**
 * One run of a task graph: every task when its predecessors have ended, the finalizer at last. It goes on with what a
 * process before this one left of the run. Source: "Create a sequence of tasks with a task graph".
 */
export class GraphExecution {
  private run: TaskGraphRun;
  private readonly tasks: readonly Task[];
  private readonly root: Task;
  private readonly finalizer: Task | undefined;
  private readonly ended: Map<number, EndedTask>;
  private readonly settled = new Map<number, Promise<void>>();
  /** The run's first row is in the data file. */
  private saved: boolean;

  /** @param stop aborted when the server stops */
  constructor(
    private readonly instance: Instance,
    private readonly running: RunningTasks,
    private readonly stop: AbortSignal,
    planned: TaskGraphRun,
    private readonly options: ExecutionOptions,
  ) {
    this.run = { ...planned, state: "EXECUTING", startedOn: planned.startedOn ?? instance.clock.now() };
    this.tasks = planned.tasks!;
    this.root = this.tasks[0]!;
    this.finalizer = this.tasks.find((task) => task.finalizes !== undefined);
    this.ended = new Map(planned.kept.map((one) => [one.taskId, one]));
    this.saved = instance.taskGraphRuns.isOpen(planned);
  }

  /** @throws Error when the server stops meanwhile */
  async execute(): Promise<ExecutedRun> {
    const { taskGraphRuns } = this.instance;
    taskGraphRuns.keep(this.run);
    const interrupted = this.saved && (await this.recover());
    // Otherwise it is saved with the root's row.
    if (!this.saved && this.ended.has(this.root.id)) await this.record(undefined, this.run);
    await Promise.all(this.tasks.filter((task) => task !== this.finalizer).map((task) => this.settle(task)));
    if (this.finalizer && this.finalizes(this.finalizer)) await this.execution(this.finalizer);
    if (this.run.completedOn === null) await this.record(undefined, this.completed());
    return { run: { ...this.run, tasks: this.tasks }, interrupted };
  }

  /** Takes over what has run of the graph before a restart. @returns whether something was running then */
  private async recover(): Promise<boolean> {
    let interrupted = false;
    for (const row of this.instance.taskHistory.ofGraphRun(this.run)) {
      let last = row;
      if (row.completedOn === null) {
        interrupted = true;
        last = this.endedRow(row, INTERRUPTED, null, false);
        await this.record(last);
      }
      const found = (["SUCCEEDED", "SKIPPED", "CANCELLED"] as const).find((state) => state === last.state);
      this.ended.set(last.objectId, {
        taskId: last.objectId,
        outcome: found ?? "FAILED",
        returnValue: last.returnValue,
      });
    }
    return interrupted;
  }

  private finalizes(finalizer: Task): boolean {
    if (!finalizer.started || this.ended.has(finalizer.id)) return false;
    return this.ended.get(this.root.id)?.outcome !== "SKIPPED";
  }

  /** Brings a task to its end, its predecessors first; once. */
  private settle(task: Task): Promise<void> {
    const known = this.settled.get(task.id) ?? this.settleNow(task);
    this.settled.set(task.id, known);
    return known;
  }

  private async settleNow(task: Task): Promise<void> {
    const ids = task.predecessors ?? [];
    const before = this.tasks.filter((one) => ids.includes(one.id));
    await Promise.all(before.map((one) => this.settle(one)));
    if (this.ended.has(task.id)) return;
    const verdict = taskVerdict(
      task,
      before.map((one) => this.ended.get(one.id)!.outcome),
    );
    if (verdict === "RUN") await this.execution(task);
    else this.note(task, verdict, null);
  }

  private note(task: Task, outcome: TaskOutcome, returnValue: string | null): void {
    this.ended.set(task.id, { taskId: task.id, outcome, returnValue });
  }

  private execution(task: Task): Promise<void> {
    return this.running.during(task.id, async (cancel) => {
      const row = this.newRow(task);
      await this.record(row, this.saved ? undefined : this.run);
      const fullName = this.instance.catalog.fullName(task);
      const current = new CurrentTaskRun(task, fullName, this.run, this.ended);
      const condition = task === this.root ? this.options.condition : undefined;
      const result: AttemptResult = condition?.failure
        ? { state: "FAILED", error: condition.failure }
        : await attemptTask(this.instance, current, row.queryId!, condition !== undefined, {
            cancel,
            stop: this.stop,
          });
      // What the stop cut off is recorded at the next start.
      this.stop.throwIfAborted();
      this.note(task, result.state, current.returnValue);
      const last = this.endedRow(row, result, current.returnValue, await this.count(task, result));
      // A task alone is the whole graph.
      await this.record(last, this.tasks.length === 1 ? this.completed() : undefined);
    });
  }

  private completed(): TaskGraphRun {
    const state = graphState(this.root, [...this.ended.values()]);
    return { ...this.run, state, completedOn: this.instance.clock.now() };
  }

  /** Counts a failure when no automatic attempt follows. @returns whether the root has been suspended for it */
  private async count(task: Task, { state }: AttemptResult): Promise<boolean> {
    if (state === "SUCCEEDED") await forgetFailures(this.instance, task.id);
    if (state !== "FAILED" || this.run.retriesLeft > 0) return false;
    return countFailure(this.instance, task.id, this.root.id);
  }

  /** Keeps rows, in one commit. */
  private async record(row: TaskRun | undefined, run?: TaskGraphRun): Promise<void> {
    const { storage, taskHistory, taskGraphRuns } = this.instance;
    await storage.write(undefined, {}, async (writer) => {
      const sql: RunSql = (text, parameters) => writer.run(text, parameters as never);
      if (row) await taskHistory.persist(row, sql);
      if (run) await taskGraphRuns.persist(run, sql);
    });
    if (row) taskHistory.keep(row);
    if (!run) return;
    this.saved = true;
    this.run = run;
    taskGraphRuns.keep(run);
  }

  private newRow(task: Task): TaskRun {
    const { catalog, clock } = this.instance;
    const { run } = this;
    const [databaseName, schemaName, name] = catalog.pathOf(task);
    return {
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
      // A child is due when its predecessors have ended.
      scheduledTime: task === this.root ? run.attemptTime : clock.now(),
      startedOn: clock.now(),
      completedOn: null,
      scheduledFrom: run.scheduledFrom,
      attempt: run.attempt,
      config: run.config,
      rootUuid: run.rootUuid,
      graphVersion: run.graphVersion,
      graphScheduledTime: run.scheduledTime,
      groupId: run.groupId,
      returnValue: null,
    };
  }

  private endedRow(row: TaskRun, result: AttemptResult, returnValue: string | null, suspended: boolean): TaskRun {
    const completedOn = this.instance.clock.now();
    if (result.state === "SKIPPED") {
      return {
        ...row,
        state: "SKIPPED",
        queryId: null,
        errorCode: "0040003",
        errorMessage: "Conditional expression for task evaluated to false.",
        completedOn,
      };
    }
    const error = "error" in result ? result.error : undefined;
    return {
      ...row,
      state: suspended ? "FAILED_AND_AUTO_SUSPENDED" : result.state,
      errorCode: error?.code ?? null,
      errorMessage: error?.message ?? null,
      returnValue,
      completedOn,
    };
  }
}
