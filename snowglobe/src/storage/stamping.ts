import { INFINITE, historyOf, rowsOf } from "./layout";
import type { SqlRunner } from "./sqlRunner";
import type { Touch } from "./transaction";

type Stamp = bigint | number;
type Touched = ReadonlyMap<number, Touch>;

/**
 * Appends the rows that were ended under `stamp` to the history, and drops those that were born under it too: nobody
 * else ever saw them.
 */
export async function logEnded(sql: SqlRunner, touched: Touched, stamp: Stamp): Promise<void> {
  for (const [table, touch] of touched) {
    if (!touch.unlogged) continue;
    const butLogged = touch.logged
      ? ` AND NOT EXISTS (FROM ${historyOf(table)} h WHERE h._vt = ${stamp} AND h._rid = t._rid AND h._vf = t._vf)`
      : "";
    await sql.run(
      `INSERT INTO ${historyOf(table)} SELECT * FROM ${rowsOf(table)} t` +
        ` WHERE t._vt = ${stamp} AND t._vf <> ${stamp}${butLogged}`,
    );
    touch.logged = true;
    touch.unlogged = false;
    if (touch.endedOwn) await sql.run(`DELETE FROM ${rowsOf(table)} WHERE _vf = ${stamp} AND _vt = ${stamp}`);
  }
}

/** Replaces a stamp by another, in logged tables. */
export async function restamp(sql: SqlRunner, touched: Touched, from: Stamp, to: Stamp): Promise<void> {
  for (const [table, touch] of touched) {
    if (touch.inserted) await sql.run(`UPDATE ${rowsOf(table)} SET _vf = ${to} WHERE _vf = ${from}`);
    if (touch.ended) {
      await sql.run(`UPDATE ${rowsOf(table)} SET _vt = ${to} WHERE _vt = ${from}`);
      await sql.run(`UPDATE ${historyOf(table)} SET _vt = ${to} WHERE _vt = ${from}`);
    }
  }
}

/** Removes all traces of a private stamp, or of every stamp from `stamp` on with `orLater`. */
export async function undo(sql: SqlRunner, table: number, stamp: bigint, orLater = false): Promise<void> {
  const is = orLater ? ">=" : "=";
  await sql.run(`DELETE FROM ${rowsOf(table)} WHERE _vf ${is} ${stamp}`);
  await sql.run(`UPDATE ${rowsOf(table)} SET _vt = ${INFINITE} WHERE _vt ${is} ${stamp} AND _vt < ${INFINITE}`);
}
