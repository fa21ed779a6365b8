import type { DuckDBConnection } from "@duckdb/node-api";
import { PendingBegin, SqlRunner } from "./sqlRunner";

/** What a DuckDB transaction runs its statements by; the first of them begins it. */
export interface DuckDbTransaction {
  /** Not interruptible: what must not be left half done. */
  readonly sql: SqlRunner;
  /** Ends with the signal. */
  readonly interruptible: SqlRunner;
}

/**
 * Runs `work` in one DuckDB transaction; `work` commits it by itself at the right moment. On any error, nothing of it
 * remains.
 */
export async function inDuckDbTransaction<T>(
  connection: DuckDBConnection,
  work: (transaction: DuckDbTransaction) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const begin = new PendingBegin();
  try {
    return await work({
      sql: new SqlRunner(connection, undefined, begin),
      interruptible: new SqlRunner(connection, signal, begin),
    });
  } catch (error) {
    // There may be nothing to roll back: a failed COMMIT has ended the transaction already, and an interrupt may have
    // come before it began.
    if (!begin.take()) await new SqlRunner(connection).run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
