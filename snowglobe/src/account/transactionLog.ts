import type { Microseconds } from "../time";

/** What is known of a transaction, also after its end. */
export interface TransactionRecord {
  /** As CURRENT_TRANSACTION() shows it. */
  readonly id: string;
  /** As BEGIN ... NAME says, or a UUID. */
  readonly name: string;
  readonly user: string;
  readonly sessionId: number;
  readonly startedOn: Microseconds;
  state: "running" | "committed" | "rolled back";
  endedOn?: Microseconds;
}

/** Ended transactions that are remembered. */
const REMEMBERED = 10_000;

/** The account's transactions: those that are open, and the last that ended. Source: "Transactions". */
export class TransactionLog {
  private readonly records = new Map<string, TransactionRecord>();

  begin(record: TransactionRecord): void {
    this.records.set(record.id, record);
    if (this.records.size <= REMEMBERED) return;
    for (const [id, { state }] of this.records) {
      if (state === "running") continue;
      this.records.delete(id);
      if (this.records.size <= REMEMBERED) return;
    }
  }

  end(id: string, state: "committed" | "rolled back", endedOn: Microseconds): void {
    const record = this.records.get(id);
    if (record) Object.assign(record, { state, endedOn });
  }

  find(id: string): TransactionRecord | undefined {
    return this.records.get(id);
  }

  /** Those that have not ended, oldest first. */
  running(): TransactionRecord[] {
    return [...this.records.values()].filter(({ state }) => state === "running");
  }
}
