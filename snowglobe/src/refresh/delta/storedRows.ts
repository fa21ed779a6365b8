import type { StatementWriter } from "../../storage";
import { ROW_ID } from "../rowIdentity";

/** The stored result of a query. */
export interface StoredResult {
  readonly storageId: number;
  /** A FROM item: the rows that a refresh may change, as the statement sees them now. */
  readonly rows: () => string;
  /** Physical columns, in the order of the query's. */
  readonly columns: readonly string[];
  /** Rows have the ids of the rows that they stem from (see carryRowId); else they are known by their values. */
  readonly byRowId: boolean;
  /** Columns of which no two rows have the same values; a row that comes with those of one that goes is its next version. */
  readonly keys?: readonly string[];
  /** A row that goes and one with the same values that comes are both written: the arms are not netted against each other. */
  readonly rewrites?: boolean;
}

/** How many rows a refresh changed. */
export interface RowChanges {
  readonly inserted: number;
  readonly deleted: number;
}

/**
 * Writes the difference that counted rows make: a row whose counts sum up to less than zero goes, one with more comes, any
 * other is not touched and keeps its identity. Rows are compared by their values, never by a hash of them.
 *
 * @param arms queries of the result's columns, the row id if the result has it, and the count
 * @returns undefined, with nothing written, when a row that should go is not there: the arms did not start from what is
 *   stored
 */
export async function applyDifference(
  stored: StoredResult,
  arms: readonly string[],
  writer: StatementWriter,
): Promise<RowChanges | undefined> {
  if (arms.length === 0) return NOTHING;
  const columns = stored.columns.join(", ");
  const row = stored.byRowId ? `${columns}, ${ROW_ID}` : columns;
  const numbered = arms.map((arm, at) => `SELECT *, ${at} FROM (${arm})`);
  const { name: net, count } = await writer.materialize(
    `SELECT ${row}, CAST(sum(n) AS BIGINT) AS n FROM (SELECT * FROM (${numbered.join(" UNION ALL ")}) AS q(${row}, n, arm))` +
      ` GROUP BY ${row}${stored.rewrites ? ", arm" : ""} HAVING sum(n) <> 0`,
  );
  if (count === 0) return NOTHING;
  const going = Number(await writer.value(`SELECT coalesce(sum(-n) FILTER (n < 0), 0) FROM ${net}`));
  const gone = going > 0 ? await goneRows(stored, net, writer) : undefined;
  if (gone && gone.count !== going) return undefined;
  return writer.applyDelta(stored.storageId, gone && `SELECT _rid FROM ${gone.name}`, {
    columns: stored.columns,
    select: comingRows(stored, net, gone?.name),
  });
}

const NOTHING: RowChanges = { inserted: 0, deleted: 0 };

/** Ids, and keys, of stored rows that go: as many of each as its count says. */
async function goneRows(
  stored: StoredResult,
  net: string,
  writer: StatementWriter,
): Promise<{ name: string; count: number }> {
  const current = `${stored.rows()} AS t`;
  const d = `(SELECT *, row_number() OVER () AS i FROM ${net} WHERE n < 0) AS d`;
  if (stored.byRowId) return writer.materialize(`SELECT t._rid FROM ${current} JOIN ${d} ON t._rid = d.${ROW_ID}`);
  const by = stored.keys ?? stored.columns;
  const kept = ["t._rid", ...(stored.keys ?? []).map((key) => `t.${key}`)];
  return writer.materialize(
    `SELECT ${kept.join(", ")} FROM ${current} JOIN ${d} ON ${sameValues(by, "t", "d")}` +
      (stored.keys ? "" : " QUALIFY row_number() OVER (PARTITION BY d.i ORDER BY t._rid) <= -d.n"),
  );
}

function comingRows(stored: StoredResult, net: string, gone: string | undefined): string {
  const list = stored.columns.map((column) => `d.${column}`).join(", ");
  if (stored.byRowId) return `SELECT ${list}, d.${ROW_ID} FROM ${net} AS d WHERE d.n > 0`;
  if (stored.keys) {
    if (gone === undefined) return `SELECT ${list}, NULL::BIGINT FROM ${net} AS d WHERE d.n > 0`;
    return `SELECT ${list}, g._rid FROM ${net} AS d LEFT JOIN ${gone} AS g ON ${sameValues(stored.keys, "d", "g")} WHERE d.n > 0`;
  }
  return `SELECT ${list}, NULL::BIGINT FROM (SELECT *, unnest(range(n)) AS i FROM ${net} WHERE n > 0) AS d`;
}

function sameValues(columns: readonly string[], a: string, b: string): string {
  // Without a key there is one row.
  if (columns.length === 0) return "true";
  return columns.map((column) => `${a}.${column} IS NOT DISTINCT FROM ${b}.${column}`).join(" AND ");
}
