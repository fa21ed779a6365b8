import { PRIVATE_STAMPS, historyOf, quoted, rowsOf } from "./layout";

/** What a statement sees: the commits up to `snapshot`, and its own changes where it has made some. */
export interface View {
  readonly snapshot: number;
  /** The stamp of the own changes, as SQL; absent while there are none. */
  readonly stamp?: string;
}

/** The predicate of the row versions that are visible now. */
export function visible({ snapshot, stamp }: View, alias = ""): string {
  const from = `${alias}_vf`;
  const to = `${alias}_vt`;
  if (stamp === undefined) return `${from} <= ${snapshot} AND ${to} > ${snapshot}`;
  return `(${from} <= ${snapshot} OR ${from} = ${stamp}) AND ${to} > ${snapshot} AND ${to} <> ${stamp}`;
}

function list(columns: readonly string[]): string {
  return columns.map((column) => `${quoted(column)}, `).join("");
}

/** A FROM item: the table's columns and `_rid`. */
export function currentRows(table: number, columns: readonly string[], view: View): string {
  return `(SELECT ${list(columns)}_rid FROM ${rowsOf(table)} WHERE ${visible(view)})`;
}

/** A FROM item: the table's columns and `_rid` as committed at `version`; changes of open transactions are left out. */
export function rowsAt(table: number, columns: readonly string[], version: number): string {
  const select = `SELECT ${list(columns)}_rid FROM`;
  return (
    `(${select} ${rowsOf(table)} WHERE _vt >= ${PRIVATE_STAMPS} AND _vf <= ${version}` +
    ` UNION ALL ${select} ${historyOf(table)} WHERE _vf <= ${version} AND _vt > ${version})`
  );
}

export interface ChangesOptions {
  /** Leave out rows that were updated to the values they had. */
  readonly dropUnchanged?: boolean;
}

/**
 * A FROM item: the net change after version `from` up to version `to`: the table's columns, `_action` (`INSERT` or
 * `DELETE`), `_isupdate`, and `_rid`. An update is one DELETE and one INSERT of the same `_rid`.
 *
 * @see Snowflake documentation, "Introduction to Streams"
 */
export function netChanges(
  table: number,
  columns: readonly string[],
  from: number,
  to: number,
  options: ChangesOptions = {},
): string {
  const names = list(columns);
  const born = `_vf > ${from} AND _vf <= ${to}`;
  const pair = options.dropUnchanged
    ? `SELECT *, count(*) OVER (PARTITION BY ${names}_rid) = 2 AS _same FROM `
    : "SELECT * FROM ";
  const all =
    `(SELECT ${names}_rid, 'INSERT' AS _action FROM ${rowsOf(table)}` +
    ` WHERE ${born} AND _vt >= ${PRIVATE_STAMPS}` +
    ` UNION ALL SELECT ${names}_rid, CASE WHEN _vf > ${from} THEN 'INSERT' ELSE 'DELETE' END FROM ${historyOf(table)}` +
    ` WHERE _vt > ${from} AND ((${born} AND _vt > ${to}) OR (_vf <= ${from} AND _vt <= ${to})))`;
  const keep = options.dropUnchanged ? " WHERE NOT _same" : "";
  return (
    `(SELECT ${names}_action, count(*) OVER (PARTITION BY _rid) = 2 AS _isupdate, _rid` +
    ` FROM (${pair}${all})${keep})`
  );
}

/** As `netChanges`, for an append-only stream: the rows as they were first inserted in the window. */
export function appendedRows(table: number, columns: readonly string[], from: number, to: number): string {
  const select = `SELECT ${list(columns)}'INSERT' AS _action, false AS _isupdate, _rid FROM`;
  const born = `_new AND _vf > ${from} AND _vf <= ${to}`;
  return (
    `(${select} ${rowsOf(table)} WHERE ${born} AND _vt >= ${PRIVATE_STAMPS}` +
    ` UNION ALL ${select} ${historyOf(table)} WHERE _vt > ${from} AND ${born})`
  );
}
