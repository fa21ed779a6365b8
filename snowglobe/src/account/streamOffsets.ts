import type { RunSql } from "../catalog/change";
import type { Transaction } from "../storage";
import type { Catalog } from "../catalog/catalog";
import { idsOf, type Keeping, type StoredRow } from "./keeping";
import type { Microseconds } from "../time";

/** Where a stream stands. Each part only ever moves in one direction. */
export interface StreamPosition {
  /** Version between two commits: the stream shows what came after it. */
  readonly offset: number;
  /** The rows that were there when the stream was made are still to be shown (SHOW_INITIAL_ROWS). */
  readonly initial: boolean;
  /** When the stream was made, consumed or found empty last: from here on it grows stale. */
  readonly freshOn: Microseconds;
  /** The history that it needs is given up. */
  readonly stale: boolean;
}

/** The changes that a stream shows to a statement. */
export interface StreamWindow {
  /** Version after which changes are shown. */
  readonly from: number;
  /** Version up to which they are shown. */
  readonly to: number;
  /** Shown are the rows as of `from` instead. */
  readonly initial: boolean;
}

interface TransactionWindow extends StreamWindow {
  /** A statement of the transaction has consumed it: it holds the stream's lock, and COMMIT moves the offset. */
  readonly consumed: boolean;
}

/**
 * Positions of all streams. They are not part of the catalog's objects because they move with the data, in the
 * transaction that consumes the stream. Source: "Introduction to streams", repeatable read isolation.
 */
export class StreamOffsets implements Keeping {
  /** Where streams stand: a log of which the furthest position counts, so that rows may be added in any order. */
  readonly table = {
    name: "stream_offset_log",
    columns: "stream_id BIGINT, position BIGINT, initial BOOLEAN, fresh_on BIGINT, stale BOOLEAN",
  };
  private readonly positions = new Map<number, StreamPosition>();
  /** Moved in memory alone; see `keepFresh`. */
  private readonly unsaved = new Set<number>();
  /** What open transactions have seen of streams: the same until they end. */
  private readonly windows = new Map<Transaction, Map<number, TransactionWindow>>();

  /** Brings the positions back. @param rows of the log, in any order */
  load(rows: readonly StoredRow[]): void {
    for (const row of rows) {
      this.publish(Number(row.stream_id), {
        offset: Number(row.position),
        initial: Boolean(row.initial),
        freshOn: Number(row.fresh_on),
        stale: Boolean(row.stale),
      });
    }
  }

  /** @throws Error for an unknown stream: ids come from the catalog */
  of(streamId: number): StreamPosition {
    const position = this.positions.get(streamId);
    if (!position) throw new Error(`stream ${streamId} has no position`);
    return position;
  }

  /** Writes a position in the transaction of the rows that go with it. `publish` must follow when it has committed. */
  async persist(streamId: number, position: StreamPosition, run: RunSql): Promise<void> {
    await run("INSERT INTO catalog.stream_offset_log VALUES ($1, $2, $3, $4, $5)", [
      BigInt(streamId),
      BigInt(position.offset),
      position.initial,
      BigInt(Math.trunc(position.freshOn)),
      position.stale,
    ]);
  }

  /** Shows a durable position to everybody. */
  publish(streamId: number, position: StreamPosition): void {
    const known = this.positions.get(streamId);
    this.positions.set(streamId, {
      offset: Math.max(known?.offset ?? 0, position.offset),
      initial: (known?.initial ?? true) && position.initial,
      freshOn: Math.max(known?.freshOn ?? 0, position.freshOn),
      stale: (known?.stale ?? false) || position.stale,
    });
  }

  /**
   * Notes that nothing came up to `version`, which keeps a stream from growing stale. Housekeeping writes it down: until
   * then a crash loses no more than some freshness.
   */
  keepFresh(streamId: number, version: number, now: Microseconds): void {
    this.publish(streamId, { ...this.of(streamId), offset: version, freshOn: now });
    this.unsaved.add(streamId);
  }

  /** Gives up the history of a stream. */
  async markStale(streamId: number, run: RunSql): Promise<void> {
    const position = { ...this.of(streamId), stale: true };
    await this.persist(streamId, position, run);
    this.publish(streamId, position);
  }

  /** Writes what is in memory alone, and removes from the log what is overtaken or belongs to no stream any more. */
  async forgetOld(_: Microseconds, run: RunSql, catalog: Catalog): Promise<void> {
    const streamIds = idsOf(catalog, "STREAM");
    for (const id of this.unsaved) if (streamIds.has(id)) await this.persist(id, this.of(id), run);
    this.unsaved.clear();
    for (const id of this.positions.keys()) {
      if (streamIds.has(id)) continue;
      this.positions.delete(id);
      await run("DELETE FROM catalog.stream_offset_log WHERE stream_id = $1", [BigInt(id)]);
    }
    await run(
      `DELETE FROM catalog.stream_offset_log r WHERE EXISTS (
         FROM catalog.stream_offset_log o WHERE o.stream_id = r.stream_id AND o.rowid > r.rowid AND o.position >= r.position
          AND o.fresh_on >= r.fresh_on AND (r.initial OR NOT o.initial) AND (o.stale OR NOT r.stale))`,
    );
  }

  /**
   * What a statement sees of a stream: up to its snapshot or, in a transaction, up to where that began, the same for all
   * of its statements.
   */
  window(streamId: number, snapshot: number, transaction: Transaction | undefined): StreamWindow {
    const { offset, initial } = this.of(streamId);
    if (!transaction) return { from: offset, to: Math.max(offset, snapshot), initial };
    const windows = this.windowsOf(transaction);
    const known = windows.get(streamId);
    if (known) return known;
    const made = { from: offset, to: Math.max(offset, transaction.startVersion), initial, consumed: false };
    windows.set(streamId, made);
    return made;
  }

  /**
   * Called by a statement that consumes the stream, once it holds the stream's lock: what another transaction has
   * consumed since this one looked at the stream must not be consumed twice.
   */
  lookAgain(streamId: number, transaction: Transaction): void {
    const windows = this.windowsOf(transaction);
    if (windows.get(streamId)?.consumed === false) windows.delete(streamId);
  }

  /** Notes that COMMIT will move the offset. */
  consumeAtCommit(streamId: number, transaction: Transaction): void {
    this.windowsOf(transaction).set(streamId, { ...this.window(streamId, 0, transaction), consumed: true });
  }

  /** The streams that a transaction has consumed so far. */
  consumedIn(transaction: Transaction): (readonly [streamId: number, window: StreamWindow])[] {
    return [...(this.windows.get(transaction) ?? [])].filter(([, window]) => window.consumed);
  }

  /** The oldest version of a stream that anybody may still ask for. */
  oldest(streamId: number): number {
    let oldest = this.of(streamId).offset;
    for (const [transaction, windows] of this.windows) {
      if (transaction.state !== "open") this.windows.delete(transaction);
      else oldest = Math.min(oldest, windows.get(streamId)?.from ?? oldest);
    }
    return oldest;
  }

  private windowsOf(transaction: Transaction): Map<number, TransactionWindow> {
    const known = this.windows.get(transaction);
    if (known) return known;
    const made = new Map<number, TransactionWindow>();
    this.windows.set(transaction, made);
    return made;
  }
}
