import type { DuckDBConnection } from "@duckdb/node-api";
import { inDuckDbTransaction } from "./duckdbTransaction";
import { historyOf, rowsOf } from "./layout";
import type { LockTable } from "./lockTable";
import { SqlRunner } from "./sqlRunner";
import type { VersionLog } from "./versionLog";

export interface PurgeResult {
  /** Ended rows removed from among the current ones; the history still has them. */
  readonly marks: number;
  /** Ended row versions removed from the history. */
  readonly versions: number;
}

/**
 * Removes, table by table, ended rows from the current ones, and from the history what lies before the horizon.
 * @param timed see `Storage.purge`
 */
export async function purgeTables(
  connection: DuckDBConnection,
  tables: readonly number[],
  versions: VersionLog,
  locks: LockTable,
  horizonOf: (table: number) => number,
  timed: readonly number[],
): Promise<PurgeResult> {
  const result = { marks: 0, versions: 0 };
  let oldestHorizon = versions.oldestActive();
  for (const table of tables) {
    const owner = { id: "housekeeping" };
    if (!locks.tryAcquire(owner, { id: table, mode: "upkeep" })) {
      oldestHorizon = 0;
      continue;
    }
    try {
      const active = versions.oldestActive();
      const horizon = Math.min(horizonOf(table), active);
      oldestHorizon = Math.min(oldestHorizon, horizon);
      await inDuckDbTransaction(connection, async ({ sql }) => {
        const marks = await sql.run(`DELETE FROM ${rowsOf(table)} WHERE _vt <= ${active}`);
        const ended = await sql.run(`DELETE FROM ${historyOf(table)} WHERE _vt <= ${horizon}`);
        await sql.run("COMMIT");
        result.marks += marks;
        result.versions += ended;
      });
    } finally {
      locks.releaseAll(owner);
    }
  }
  await forgetCommits(new SqlRunner(connection), versions.forgetBefore(oldestHorizon), timed);
  return result;
}

/**
 * The last change of each table stays known, whenever it was.
 * @param timed tables of whose rows it stays known when they were committed, as long as they are there
 */
async function forgetCommits(sql: SqlRunner, before: number, timed: readonly number[]): Promise<void> {
  const kept = timed.flatMap((table) => [rowsOf(table), historyOf(table)].map((rows) => `SELECT _vf FROM ${rows}`));
  const last = `SELECT max(v) FROM (SELECT v, unnest(tables) AS table_id FROM storage.commits) GROUP BY table_id`;
  const needed = [last, ...kept].join(" UNION ");
  await sql.run(`DELETE FROM storage.commits WHERE v < ${before} AND v NOT IN (${needed})`);
}
