import type { RunSql } from "../../catalog/change";
import type { Stream } from "../../catalog/objects";
import type { LockNeed, SqlRunner, StatementWriter, Transaction } from "../../storage";
import { scansOf, type BoundExpression, type Plan } from "../../translate";
import type { StatementContext } from "../../execution/context";
import type { Instance } from "../../execution/instance";
import type { StreamPosition, StreamWindow } from "../../account/streamOffsets";

/**
 * The streams that a DML statement reads, and with that consumes: all of their changes, whatever the statement does with
 * them, when its transaction commits. Source: "Introduction to streams", data flow and offset storage.
 */
export class StreamConsumption {
  private after: (readonly [Stream, StreamPosition])[] = [];
  private readonly transaction: Transaction | undefined;

  constructor(
    private readonly context: StatementContext,
    private readonly streams: readonly Stream[],
  ) {
    this.transaction = context.session.transaction?.storage;
  }

  /** A stream is locked until the transaction that consumes it ends. */
  get locks(): LockNeed[] {
    return this.streams.map((stream) => ({ id: stream.id, mode: "exclusive", name: stream.name }));
  }

  /** Runs the statement's work, whose locks are held by now, and writes the new offsets with it. */
  async around<T>(writer: StatementWriter, work: () => Promise<T>): Promise<T> {
    const { streamOffsets, clock } = this.context.instance;
    if (this.transaction) {
      for (const stream of this.streams) streamOffsets.lookAgain(stream.id, this.transaction);
      return work();
    }
    this.after = this.streams.map((stream) => {
      const window = streamOffsets.window(stream.id, writer.snapshot, undefined);
      return [stream, positionAfter(window, clock.now())] as const;
    });
    const value = await work();
    for (const [stream, position] of this.after) {
      await streamOffsets.persist(stream.id, position, (sql, values) => writer.run(sql, values as never));
    }
    return value;
  }

  /** For the moment when a statement that is no part of a transaction is durable. */
  readonly committed = (): void => {
    for (const [stream, position] of this.after) this.context.instance.streamOffsets.publish(stream.id, position);
  };

  /** For the moment when a statement of a transaction has succeeded. */
  succeeded(): void {
    if (!this.transaction) return;
    for (const stream of this.streams) {
      this.context.instance.streamOffsets.consumeAtCommit(stream.id, this.transaction);
    }
  }
}

/** What COMMIT has to do for the streams that the transaction has consumed; undefined where it consumed none. */
export function commitConsumption(
  instance: Instance,
  transaction: Transaction,
): { readonly persist: (sql: SqlRunner) => Promise<void>; readonly committed: () => void } | undefined {
  const { streamOffsets, clock } = instance;
  const after = streamOffsets
    .consumedIn(transaction)
    .map(([id, window]) => [id, positionAfter(window, clock.now())] as const);
  if (after.length === 0) return undefined;
  return {
    persist: async (sql) => {
      const run: RunSql = (text, values) => sql.run(text, values as never);
      for (const [id, position] of after) await streamOffsets.persist(id, position, run);
    },
    committed: () => {
      for (const [id, position] of after) streamOffsets.publish(id, position);
    },
  };
}

/** Initial rows are those of the stream's start: what has changed since is still to come. */
function positionAfter(window: StreamWindow, now: number): StreamPosition {
  return { offset: window.initial ? window.from : window.to, initial: false, freshOn: now, stale: false };
}

/** The streams that plans and expressions read, through views too. */
export function streamsRead(
  context: StatementContext,
  plans: readonly Plan[],
  expressions: readonly (BoundExpression | undefined)[] = [],
): Stream[] {
  const rows = [expressions.filter((one): one is BoundExpression => one !== undefined)];
  const scans = [...plans, { kind: "values", columns: [], rows } satisfies Plan].flatMap((plan) => scansOf(plan));
  const ids = new Set(scans.flatMap((scan) => (scan.relation.kind === "stream" ? [scan.relation.id] : [])));
  return [...ids].map((id) => context.instance.catalog.require("STREAM", id));
}
