import type { Microseconds } from "../time";

/** Statements remembered. */
const REMEMBERED = 10_000;

/** What is known of a statement that ran: for time travel by statement and for the history. */
export interface QueryRecord {
  readonly queryId: string;
  readonly user: string;
  readonly sessionId: number;
  readonly text: string;
  /** As QUERY_HISTORY calls it: SELECT, CREATE_TABLE ... */
  readonly queryType: string;
  readonly databaseName: string | null;
  readonly schemaName: string | null;
  readonly roleName: string | null;
  readonly warehouse: {
    readonly id: number;
    readonly name: string;
    readonly size: string;
    readonly type: string;
  } | null;
  readonly queryTag: string;
  readonly startedOn: Microseconds;
  /** Newest version when the statement began: what BEFORE(STATEMENT => ...) reads. */
  readonly versionBefore: number;
  /** Newest version when it ended: what AT(STATEMENT => ...) reads. Undefined while it runs. */
  versionAfter?: number;
  endedOn?: Microseconds;
  error?: { readonly code: string; readonly message: string };
  rowsProduced?: number;
  rowsInserted?: number;
  /** Of the transaction in which the statement ran, or that it began. */
  transactionId?: string;
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

  /** The oldest first. */
  all(): Iterable<QueryRecord> {
    return this.records.values();
  }
}
