import type { RunSql } from "../catalog/change";
import { type StatementWriter } from "../storage";
import { documents, type Keeping, type StoredRow } from "./keeping";
import { literal } from "../quoting";
import type { Microseconds } from "../time";

/** Rows are kept this long, by data timestamp. Source: "DYNAMIC_TABLE_REFRESH_HISTORY". */
export const HISTORY_KEPT: Microseconds = 7 * 86_400 * 1e6;

export type RefreshState = "EXECUTING" | "SUCCEEDED" | "FAILED" | "SKIPPED" | "CANCELLED" | "UPSTREAM_FAILED";
export type RefreshAction = "NO_DATA" | "REINITIALIZE" | "FULL" | "INCREMENTAL" | "CUSTOM_INCREMENTAL";
export type RefreshTrigger = "SCHEDULED" | "MANUAL" | "CREATION";

export interface RefreshStatistics {
  readonly numInsertedRows: number;
  readonly numDeletedRows: number;
  readonly numCopiedRows: number;
  readonly compilationTimeMs: number;
  readonly executionTimeMs: number;
}

/** One refresh of one dynamic table. */
export interface RefreshRecord {
  readonly objectId: number;
  readonly name: string;
  readonly schemaName: string;
  readonly databaseName: string;
  readonly state: RefreshState;
  readonly stateCode: string;
  readonly stateMessage: string | null;
  readonly queryId: string | null;
  readonly dataTimestamp: Microseconds;
  readonly startedOn: Microseconds | null;
  readonly endedOn: Microseconds | null;
  readonly completionTarget: Microseconds | null;
  readonly lastCompletedDependency: { readonly qualifiedName: string; readonly dataTimestamp: Microseconds } | null;
  readonly statistics: RefreshStatistics | null;
  /** Of one that failed: how long it took. */
  readonly failedAfter?: Pick<RefreshStatistics, "compilationTimeMs" | "executionTimeMs">;
  readonly action: RefreshAction | null;
  readonly trigger: RefreshTrigger;
  /** Seconds; null for DOWNSTREAM. */
  readonly targetLag: number | null;
  readonly reinitReason: string | null;
  /** The inputs of which rows had changed; files of the first days have none. */
  readonly changedInputs?: readonly object[];
  /** Name of the warehouse it ran on. */
  readonly warehouse?: string;
  /** Name of the user on whose behalf it ran; INVALID for one that is gone. */
  readonly executeAsUser?: string | null;
  readonly secondaryRoles?: readonly string[] | null;
  /** What the written rows were found by: the inputs' changes, or the whole result. Snowflake does not show it. */
  readonly foundBy?: "CHANGES" | "WHOLE RESULT";
}

/** What refreshes did, newest last: in memory, and in the data file by the transaction of the refresh itself. */
export class RefreshHistory implements Keeping {
  readonly table = {
    name: "refresh_history",
    columns: "data_timestamp BIGINT, doc VARCHAR",
  };
  private records: RefreshRecord[] = [];
  /** Refreshes under way, by the table's id: in memory alone. */
  private readonly running = new Map<number, RefreshRecord>();

  load(rows: readonly StoredRow[]): void {
    this.records = documents(rows);
    this.records.sort((a, b) => a.dataTimestamp - b.dataTimestamp);
  }

  /** Writes a record with the statement that the writer works for. */
  persist(record: RefreshRecord, writer: StatementWriter): void {
    const doc = literal(JSON.stringify(record));
    writer.runLast(`INSERT INTO catalog.refresh_history VALUES (${Math.floor(record.dataTimestamp)}, ${doc})`);
  }

  /** Shows a refresh that is under way, until `add` tells how it ended, or `end` that nothing is known of that. */
  begin(record: RefreshRecord): void {
    this.running.set(record.objectId, record);
  }

  end(objectId: number): void {
    this.running.delete(objectId);
  }

  /** Shows a record once its transaction has committed. */
  add(record: RefreshRecord): void {
    this.end(record.objectId);
    this.records.push(record);
  }

  /** Removes what is past its time, in memory and in the data file. */
  async forgetOld(now: Microseconds, run: RunSql): Promise<void> {
    const oldest = now - HISTORY_KEPT;
    this.records = this.records.filter((one) => one.dataTimestamp >= oldest);
    await run(`DELETE FROM catalog.refresh_history WHERE data_timestamp < ${Math.floor(oldest)}`);
  }

  /** All records, oldest first, those under way last. */
  all(): readonly RefreshRecord[] {
    return [...this.records, ...this.running.values()];
  }
}
