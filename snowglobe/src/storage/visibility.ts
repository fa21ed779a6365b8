import { PRIVATE_STAMPS, historyOf, rowsOf } from "./layout";
import { quoteName } from "../quoting";

/** What a statement sees: the commits up to `snapshot`, and its own changes where it has made some. */
export interface VisibleVersions {
  readonly snapshot: number;
  /** The stamp of the own changes, as SQL; absent while there are none. */
  readonly stamp?: string;
}

/** The predicate of the row versions that are visible now. */
export function visible({ snapshot, stamp }: VisibleVersions, alias = ""): string {
  const from = `${alias}_vf`;
  const to = `${alias}_vt`;
  if (stamp === undefined) return `${from} <= ${snapshot} AND ${to} > ${snapshot}`;
  return `(${from} <= ${snapshot} OR ${from} = ${stamp}) AND ${to} > ${snapshot} AND ${to} <> ${stamp}`;
}

function list(columns: readonly string[]): string {
  return columns.map((column) => `${quoteName(column)}, `).join("");
}

/** A FROM item: the table's columns, `_rid`, and `_vf`, the commit that a row's version came with. */
export function currentRows(table: number, columns: readonly string[], view: VisibleVersions): string {
  return `(SELECT ${list(columns)}_rid, _vf FROM ${rowsOf(table)} WHERE ${visible(view)})`;
}

/** A FROM item: what `currentRows` has, as committed at `version`; changes of open transactions are left out. */
export function rowsAt(table: number, columns: readonly string[], version: number): string {
  const select = `SELECT ${list(columns)}_rid, _vf FROM`;
  return (
    `(${select} ${rowsOf(table)} WHERE _vt >= ${PRIVATE_STAMPS} AND _vf <= ${version}` +
    ` UNION ALL ${select} ${historyOf(table)} WHERE _vf <= ${version} AND _vt > ${version})`
  );
}

/** Where the rows are that commits after version `from` up to version `to` brought and took. */
function changedParts(table: number, from: number, to: number): Record<"alive" | "endedLater" | "gone", string> {
  const born = `_vf > ${from} AND _vf <= ${to}`;
  return {
    alive: `FROM ${rowsOf(table)} WHERE ${born} AND _vt >= ${PRIVATE_STAMPS}`,
    endedLater: `FROM ${historyOf(table)} WHERE _vt > ${to} AND ${born}`,
    gone: `FROM ${historyOf(table)} WHERE _vt > ${from} AND _vt <= ${to} AND _vf <= ${from}`,
  };
}

/** As `netChanges`, without `_isupdate`. */
export function changedRows(table: number, columns: readonly string[], from: number, to: number): string {
  const { alive, endedLater, gone } = changedParts(table, from, to);
  const arm = (action: string, rows: string): string =>
    `SELECT ${list(columns)}'${action}' AS _action, _rid, _vf ${rows}`;
  return `(${arm("INSERT", alive)} UNION ALL ${arm("INSERT", endedLater)} UNION ALL ${arm("DELETE", gone)})`;
}

/**
 * A FROM item: the net change after version `from` up to version `to`: the table's columns, `_action` (`INSERT` or
 * `DELETE`), `_isupdate`, and `_rid`. An update is one DELETE and one INSERT of the same `_rid`.
 *
 * The other row of a pair is looked for rather than counted by a window: what a window costs grows with the table,
 * whose size DuckDB takes for that of the change.
 *
 * @see Snowflake documentation, "Introduction to Streams"
 */
export function netChanges(table: number, columns: readonly string[], from: number, to: number): string {
  const { alive, endedLater, gone } = changedParts(table, from, to);
  const arm = (action: string, others: string, rows: string): string =>
    `SELECT ${list(columns)}'${action}' AS _action, _rid IN (${others}) AS _isupdate, _rid, _vf ${rows}`;
  const came = `SELECT _rid ${alive} UNION ALL SELECT _rid ${endedLater}`;
  const went = `SELECT _rid ${gone}`;
  return (
    `(${arm("INSERT", went, alive)} UNION ALL ${arm("INSERT", went, endedLater)}` +
    ` UNION ALL ${arm("DELETE", came, gone)})`
  );
}

/** As `netChanges`, for an append-only stream: the rows as they were first inserted in the window. */
export function appendedRows(table: number, columns: readonly string[], from: number, to: number): string {
  const select = `SELECT ${list(columns)}'INSERT' AS _action, false AS _isupdate, _rid, _vf FROM`;
  const born = `_new AND _vf > ${from} AND _vf <= ${to}`;
  return (
    `(${select} ${rowsOf(table)} WHERE ${born} AND _vt >= ${PRIVATE_STAMPS}` +
    ` UNION ALL ${select} ${historyOf(table)} WHERE _vt > ${from} AND ${born})`
  );
}
