import type { Microseconds } from "../catalog/objects";

/** Statements remembered. */
const REMEMBERED = 10_000;

/** What is known of a statement that ran: for time travel by statement and for the history. */
export interface QueryRecord {
  readonly queryId: string;
  readonly user: string;
  readonly sessionId: number;
  readonly text: string;
  readonly startedOn: Microseconds;
  /** Newest version when the statement began: what BEFORE(STATEMENT => ...) reads. */
  readonly versionBefore: number;
  /** Newest version when it ended: what AT(STATEMENT => ...) reads. Undefined while it runs. */
  versionAfter?: number;
  endedOn?: Microseconds;
  error?: string;
}

/** The latest statements of all sessions. In memory: it ends with the process. */
export class QueryHistory {
  private readonly records = new Map<string, QueryRecord>();

  add(record: QueryRecord): void {
    this.records.set(record.queryId, record);
    for (const id of this.records.keys()) {
      if (this.records.size <= REMEMBERED) break;
      this.records.delete(id);
    }
  }

  find(queryId: string): QueryRecord | undefined {
    return this.records.get(queryId);
  }
}
