import type { RunSql } from "../catalog/change";
import { documents, type Keeping, type StoredRow } from "./keeping";
import type { Microseconds } from "../time";

/** Rows are kept this long. Source: "TASK_HISTORY". */
const KEPT: Microseconds = 7 * 86_400 * 1e6;

export type TaskRunState =
  "SCHEDULED" | "EXECUTING" | "SUCCEEDED" | "FAILED" | "FAILED_AND_AUTO_SUSPENDED" | "CANCELLED" | "SKIPPED";
export type ScheduledFrom = "SCHEDULE" | "EXECUTE_TASK" | "MANUAL RETRY" | "AUTOMATIC RETRY" | "TRIGGER";

/** One run of one task. */
export interface TaskRun {
  readonly id: string;
  readonly objectId: number;
  readonly taskUuid: string;
  readonly name: string;
  readonly schemaName: string;
  readonly databaseName: string;
  readonly queryId: string | null;
  readonly queryText: string;
  readonly conditionText: string | null;
  readonly state: TaskRunState;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly scheduledTime: Microseconds;
  readonly startedOn: Microseconds | null;
  readonly completedOn: Microseconds | null;
  readonly scheduledFrom: ScheduledFrom;
  readonly attempt: number;
  readonly config: string | null;
  readonly rootUuid: string;
  readonly graphVersion: number;
  /** When the first attempt of the graph run was due. */
  readonly graphScheduledTime: Microseconds;
  /** GRAPH_RUN_GROUP_ID. */
  readonly groupId: string;
  readonly returnValue: string | null;
}

/**
 * What tasks did: one row in the data file when a run begins, so that it is never done again after a restart, and one
 * when it has ended.
 */
export class TaskHistory implements Keeping {
  readonly table = {
    name: "task_history",
    columns: "scheduled BIGINT, id VARCHAR, doc VARCHAR",
  };
  private readonly runs = new Map<string, TaskRun>();

  load(rows: readonly StoredRow[]): void {
    const found = documents<TaskRun>(rows).map(asGraphRun);
    const ended = (run: TaskRun): number => (run.completedOn === null ? 0 : 1);
    found.sort((a, b) => a.scheduledTime - b.scheduledTime || ended(a) - ended(b));
    for (const run of found) this.keep(run);
  }

  /** Writes a run that begins or has ended; it is seen when `keep` was called. */
  async persist(run: TaskRun, sql: RunSql): Promise<void> {
    await sql("INSERT INTO catalog.task_history VALUES (?, ?, ?)", [
      BigInt(Math.floor(run.scheduledTime)),
      run.id,
      JSON.stringify(run),
    ]);
  }

  keep(run: TaskRun): void {
    this.runs.set(run.id, run);
  }

  async forgetOld(now: Microseconds, run: RunSql): Promise<void> {
    const oldest = now - KEPT;
    for (const one of this.runs.values()) if (one.scheduledTime < oldest) this.runs.delete(one.id);
    await run("DELETE FROM catalog.task_history WHERE scheduled < ?", [BigInt(Math.floor(oldest))]);
  }

  all(): readonly TaskRun[] {
    return [...this.runs.values()];
  }

  /** Runs of one attempt of a graph. */
  ofGraphRun(run: { readonly groupId: string; readonly attempt: number }): TaskRun[] {
    return this.all().filter((one) => one.groupId === run.groupId && one.attempt === run.attempt);
  }
}

/** Data files from before task graphs know of tasks alone. */
function asGraphRun(run: TaskRun): TaskRun {
  if (run.groupId !== undefined) return run;
  return {
    ...run,
    rootUuid: run.taskUuid,
    graphVersion: 1,
    graphScheduledTime: run.scheduledTime,
    groupId: run.id,
    returnValue: null,
  };
}
