import type { Task } from "../catalog/objects";
import type { CancelAlarm } from "../clock";
import type { Instance } from "../execution/instance";
import { newGraphRun } from "../statements/task/newGraphRun";
import { nextAttempt } from "../statements/task/retry";
import { nextRun } from "../execution/schedule";
import type { TaskGraphRun } from "../account/taskGraphRun";
import { isRoot } from "../account/taskGraphs";
import { GraphExecution, type ExecutedRun, type ExecutionOptions } from "./tasks/graphExecution";
import { RunningTasks } from "./tasks/runningTasks";
import { Triggers } from "./tasks/triggers";
import type { Microseconds } from "../time";

/** A run that is later than this has been missed. */
const LATE: Microseconds = 1e6;

/**
 * Runs task graphs: on the schedules of their roots, when there is new data, and by EXECUTE TASK. Schedules are derived
 * from the catalog, so that they go on after a restart, as does a graph that was half run. Source: "Introduction to
 * tasks", "Create a sequence of tasks with a task graph".
 */
export class TaskRunner {
  private cancel: CancelAlarm | undefined;
  private armedFor: Microseconds | undefined;
  private readonly abort = new AbortController();
  private readonly running = new RunningTasks();
  private readonly triggers: Triggers;
  /** By root id, how many of its graph's runs are under way. */
  private readonly active = new Map<number, number>();
  /** By root id, runs by hand that wait for the one under way. */
  private readonly waiting = new Map<number, TaskGraphRun[]>();
  private readonly requests = new Set<CancelAlarm>();
  /** Up to when scheduled runs have been started. */
  private doneUntil: Microseconds;

  /** @param onError told of what is no failure of a task itself, which the history records */
  constructor(
    private readonly instance: Instance,
    private readonly onError: (error: unknown) => void,
  ) {
    this.doneUntil = instance.clock.now();
    this.triggers = new Triggers(
      instance,
      (root) => !this.mayBegin(root),
      (root, at, failure) =>
        this.guarded(() => this.run(newGraphRun(instance, root, at, "TRIGGER"), { condition: { failure } })),
      this.abort.signal,
    );
    instance.onCatalogChange(() => this.arm());
  }

  /** Also goes on with the graphs that a process before this one left half run. */
  start(): void {
    this.instance.taskRequests.serveBy({
      run: (run) => this.request(run),
      cancel: (taskId) => this.running.cancel(taskId),
    });
    for (const run of this.instance.taskGraphRuns.open()) this.request(run);
    this.triggers.start();
    this.arm();
  }

  stop(): void {
    this.instance.taskRequests.serveBy(undefined);
    this.abort.abort();
    this.cancel?.();
    for (const cancel of this.requests) cancel();
  }

  private async guarded(body: () => Promise<unknown>): Promise<void> {
    try {
      await body();
    } catch (error) {
      if (!this.abort.signal.aborted) this.onError(error);
    }
  }

  /** Runs a graph as soon as possible, outside of the statement that asks for it. */
  private request(run: TaskGraphRun): void {
    const cancel = this.instance.clock.alarm(this.instance.clock.now(), async () => {
      this.requests.delete(cancel);
      await this.guarded(() => this.runInTurn(run));
    });
    this.requests.add(cancel);
  }

  /** A run by hand waits for the one under way. */
  private async runInTurn(run: TaskGraphRun): Promise<void> {
    const root = run.tasks![0]!;
    if (this.mayBegin(root)) return this.run(run);
    this.waiting.set(root.id, [...(this.waiting.get(root.id) ?? []), run]);
  }

  /**
   * One run of a graph at a time; where runs may overlap, the root still does not run beside itself. Source: "CREATE
   * TASK", ALLOW_OVERLAPPING_EXECUTION.
   */
  private mayBegin(root: Task): boolean {
    return root.allowOverlapping ? !this.running.has(root.id) : !this.active.has(root.id);
  }

  /** Sets the alarm for the next time at which some root is due. */
  private arm(): void {
    if (this.abort.signal.aborted) return;
    const times = this.instance.catalog.list("TASK").flatMap((task) => this.dueAfterDone(task) ?? []);
    const next = times.length === 0 ? undefined : Math.min(...times);
    if (next === this.armedFor) return;
    this.cancel?.();
    this.armedFor = next;
    this.cancel = next === undefined ? undefined : this.instance.clock.alarm(next, () => this.tick(next));
  }

  private dueAfterDone(task: Task): Microseconds | undefined {
    return isRoot(task) ? nextRun(task, Math.max(this.doneUntil, task.resumedOn ?? 0)) : undefined;
  }

  private async tick(at: Microseconds): Promise<void> {
    this.armedFor = undefined;
    const due = this.instance.catalog.list("TASK").filter((task) => this.dueAfterDone(task) === at);
    // After a sleep of the machine only the latest time counts: what was missed is not made up for.
    this.doneUntil = Math.max(this.doneUntil, at, this.instance.clock.now() - LATE);
    const runs = due
      // A time that comes while the graph still runs is left out. Source: "Introduction to tasks", task scheduling.
      .filter((root) => this.mayBegin(root))
      .map((root) => this.guarded(() => this.run(newGraphRun(this.instance, root, at, "SCHEDULE"))));
    // Other times go on while these run.
    this.arm();
    await Promise.all(runs);
    this.arm();
  }

  /** A graph run with its automatic retries; then what waited for it. */
  private async run(first: TaskGraphRun, options: ExecutionOptions = {}): Promise<void> {
    const { rootId } = first;
    this.active.set(rootId, (this.active.get(rootId) ?? 0) + 1);
    try {
      let { run, interrupted } = await this.execute(first, options);
      while (run.state === "FAILED" && run.retriesLeft > 0 && !interrupted) {
        const retry = nextAttempt(this.instance, run, run.tasks!, "AUTOMATIC RETRY", this.instance.clock.now());
        ({ run, interrupted } = await this.execute(retry));
      }
    } finally {
      const left = this.active.get(rootId)! - 1;
      if (left === 0) this.active.delete(rootId);
      else this.active.set(rootId, left);
    }
    const waiting = this.waiting.get(rootId) ?? [];
    this.waiting.delete(rootId);
    for (const next of waiting) await this.runInTurn(next);
    this.triggers.arm();
  }

  private execute(run: TaskGraphRun, options: ExecutionOptions = {}): Promise<ExecutedRun> {
    return new GraphExecution(this.instance, this.running, this.abort.signal, run, options).execute();
  }
}
