import type { RunSql } from "../../catalog/change";
import type { Microseconds } from "../../catalog/objects";
import type { Storage } from "../../storage";

/** Rows are kept this long. Source: "TASK_HISTORY". */
const KEPT: Microseconds = 7 * 86_400 * 1e6;

export type TaskRunState =
  "SCHEDULED" | "EXECUTING" | "SUCCEEDED" | "FAILED" | "FAILED_AND_AUTO_SUSPENDED" | "CANCELLED" | "SKIPPED";
export type ScheduledFrom = "SCHEDULE" | "EXECUTE_TASK" | "AUTOMATIC RETRY" | "TRIGGER";

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
}

export const TASK_HISTORY_TABLE =
  "CREATE TABLE IF NOT EXISTS catalog.task_history (scheduled BIGINT, id VARCHAR, doc VARCHAR)";

/** What tasks did: runs that ended are in the data file, too. */
export class TaskHistory {
  private readonly runs = new Map<string, TaskRun>();

  constructor(private readonly storage: Storage) {}

  load(docs: readonly string[]): void {
    const found = docs.map((doc) => JSON.parse(doc) as TaskRun);
    found.sort((a, b) => a.scheduledTime - b.scheduledTime);
    for (const run of found) this.runs.set(run.id, run);
  }

  /** Shows a run that has not ended. */
  begin(run: TaskRun): void {
    this.runs.set(run.id, run);
  }

  /** Keeps a run that has ended. */
  async end(run: TaskRun): Promise<void> {
    await this.storage.write(undefined, {}, async (writer) => {
      await writer.run("INSERT INTO catalog.task_history VALUES (?, ?, ?)", [
        BigInt(Math.floor(run.scheduledTime)),
        run.id,
        JSON.stringify(run),
      ]);
    });
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
}
