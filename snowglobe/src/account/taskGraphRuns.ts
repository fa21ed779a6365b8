import type { RunSql } from "../catalog/change";
import { runKey, type TaskGraphRun } from "./taskGraphRun";
import { documents, type Keeping, type StoredRow } from "./keeping";
import type { Microseconds } from "../time";

/** How long the last run of a graph can be tried again. Source: "EXECUTE TASK", RETRY LAST. */
export const RETRIABLE: Microseconds = 14 * 86_400 * 1e6;

/** Runs of task graphs: those under way are in the data file with their tasks, so that they go on after a restart. */
export class TaskGraphRuns implements Keeping {
  /** One row when a run begins or is asked for, one when it has ended. */
  readonly table = {
    name: "task_graph_run_log",
    columns: "scheduled BIGINT, id VARCHAR, ended BOOLEAN, doc VARCHAR",
  };
  private readonly ended = new Map<string, TaskGraphRun>();
  private readonly underWay = new Map<string, TaskGraphRun>();
  /** By root. */
  private readonly latest = new Map<string, TaskGraphRun>();
  private readonly latestSuccess = new Map<string, TaskGraphRun>();

  load(rows: readonly StoredRow[]): void {
    for (const ended of [false, true]) {
      const found = documents<TaskGraphRun>(rows.filter((row) => row.ended === ended));
      found.sort((a, b) => a.attemptTime - b.attemptTime || a.attempt - b.attempt);
      for (const run of found) this.keep(run);
    }
  }

  /** Writes a run that was asked for, begins or has ended; it is seen when `keep` was called. */
  async persist(run: TaskGraphRun, sql: RunSql): Promise<void> {
    await sql("INSERT INTO catalog.task_graph_run_log VALUES (?, ?, ?, ?)", [
      BigInt(Math.floor(run.attemptTime)),
      runKey(run),
      run.completedOn !== null,
      JSON.stringify(withoutTasks(run)),
    ]);
  }

  keep(run: TaskGraphRun): void {
    const key = runKey(run);
    if (run.completedOn === null) {
      this.underWay.set(key, run);
      return;
    }
    const kept = withoutTasks(run);
    this.underWay.delete(key);
    this.ended.set(key, kept);
    // A graph whose root was skipped has not run.
    if (kept.state !== "SKIPPED") this.latest.set(run.rootUuid, kept);
    if (kept.state === "SUCCEEDED") this.latestSuccess.set(run.rootUuid, kept);
  }

  /** Whether a run is known that has not ended. */
  isOpen(run: TaskGraphRun): boolean {
    return this.underWay.has(runKey(run));
  }

  /** Runs that have not ended, in the order in which they began. */
  open(): TaskGraphRun[] {
    return [...this.underWay.values()];
  }

  /** Runs that ended after a time. */
  endedSince(time: Microseconds): TaskGraphRun[] {
    return [...this.ended.values()].filter((run) => run.completedOn! > time);
  }

  /** The last run of a root's graph that has ended. */
  last(rootUuid: string): TaskGraphRun | undefined {
    return this.latest.get(rootUuid);
  }

  lastSuccess(rootUuid: string): TaskGraphRun | undefined {
    return this.latestSuccess.get(rootUuid);
  }

  async forgetOld(now: Microseconds, run: RunSql): Promise<void> {
    const oldest = now - RETRIABLE;
    for (const runs of [this.ended, this.latest, this.latestSuccess]) {
      for (const [key, one] of runs) if (one.attemptTime < oldest) runs.delete(key);
    }
    const log = "catalog.task_graph_run_log";
    await run(`DELETE FROM ${log} WHERE NOT ended AND id IN (SELECT id FROM ${log} WHERE ended)`);
    await run(`DELETE FROM ${log} WHERE ended AND scheduled < ?`, [BigInt(Math.floor(oldest))]);
  }
}

function withoutTasks(run: TaskGraphRun): TaskGraphRun {
  return run.completedOn === null ? run : { ...run, tasks: undefined };
}
