import type { LockOwner } from "./lockTable";

/** What happened to a table under one stamp. */
export interface Touch {
  /** Rows carry the stamp as their `_vf`. */
  inserted: boolean;
  /** Rows carry the stamp as their `_vt`. */
  ended: boolean;
  /** Rows may carry it as both: they were born and ended under it. */
  endedOwn: boolean;
  /** Some of the ended rows are in the history already. */
  logged: boolean;
  /** Some of the ended rows are not yet. */
  unlogged: boolean;
  /** All rows were made anew; see StatementWriter.markRemade. */
  remade?: boolean;
}

export function untouched(): Touch {
  return { inserted: false, ended: false, endedOwn: false, logged: false, unlogged: false };
}

/**
 * An explicit transaction: READ COMMITTED, one statement at a time. Its rows carry a stamp of its own until commit.
 *
 * @see Snowflake documentation, "Transactions"
 */
export class Transaction implements LockOwner {
  readonly touched = new Map<number, Touch>();
  state: "open" | "committed" | "rolled back" = "open";

  constructor(
    /** As CURRENT_TRANSACTION() shows it. */
    readonly id: string,
    /** µs since the epoch. */
    readonly startedAt: number,
    readonly stamp: bigint,
    /** The newest commit when it began: up to where the changes go that it consumes. */
    readonly startVersion: number,
  ) {}

  /** @throws Error when the transaction has ended: a fault of the caller */
  assertOpen(): void {
    if (this.state !== "open") throw new Error(`transaction ${this.id} was ${this.state}`);
  }

  /** Takes over what a successful statement did. */
  merge(touched: ReadonlyMap<number, Touch>): void {
    for (const [table, touch] of touched) {
      const mine = this.touched.get(table);
      if (!mine) this.touched.set(table, { ...touch });
      else {
        mine.inserted ||= touch.inserted;
        mine.ended ||= touch.ended;
        mine.endedOwn ||= touch.endedOwn;
        mine.unlogged ||= touch.unlogged;
      }
    }
  }
}
