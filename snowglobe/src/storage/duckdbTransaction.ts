import type { SqlRunner } from "./sqlRunner";

/**
 * Runs `work` in one DuckDB transaction; `work` commits it by itself at the right moment. On any error, nothing of it
 * remains.
 *
 * @param sql must not be interruptible: an interrupted BEGIN or ROLLBACK would leave the connection in doubt
 */
export async function inDuckDbTransaction<T>(sql: SqlRunner, work: () => Promise<T>): Promise<T> {
  await sql.run("BEGIN");
  try {
    return await work();
  } catch (error) {
    // A failed COMMIT has ended the transaction already; there is nothing left to roll back then.
    await sql.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
