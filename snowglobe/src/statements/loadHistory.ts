import type { RunSql } from "../catalog/change";
import type { Microseconds } from "../catalog/objects";
import type { SqlRunner, Storage, Transaction } from "../storage";

/** Load metadata is kept this long. Source: "COPY INTO <table>", usage notes. */
const KEPT: Microseconds = 64 * 86_400 * 1e6;

/** Which files COPY INTO has loaded into which table. `table_id` is the table object's: a replaced table starts anew. */
export const LOAD_HISTORY_TABLE =
  "CREATE TABLE IF NOT EXISTS catalog.load_history (table_id BIGINT, file VARCHAR, digest VARCHAR, loaded_on BIGINT)";

/** One file, loaded in whole or in part. */
export interface LoadRecord {
  readonly tableId: number;
  /** The stage's folder and the file's path in it. */
  readonly file: string;
  /** MD5 of its content, in hex. */
  readonly digest: string;
  readonly loadedOn: Microseconds;
}

/** What open transactions have loaded: it counts for others once they commit. */
const pending = new WeakMap<Transaction, LoadRecord[]>();

/** @returns digests by file: what the table has loaded already, as a transaction sees it */
export async function loadedFiles(
  storage: Storage,
  tableId: number,
  now: Microseconds,
  transaction: Transaction | undefined,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await storage.query(
    "SELECT file, digest FROM catalog.load_history WHERE table_id = $1 AND loaded_on > $2",
    [BigInt(tableId), BigInt(Math.floor(now - KEPT))],
  );
  const own = (transaction && pending.get(transaction)) ?? [];
  const found = new Map<string, Set<string>>();
  for (const { file, digest } of [...rows, ...own.filter((one) => one.tableId === tableId)]) {
    const digests = found.get(String(file)) ?? new Set();
    found.set(String(file), digests.add(String(digest)));
  }
  return found;
}

/** Whether a table has loaded one of some files. @param value runs a query and gives its first value */
export async function anyLoaded(
  records: readonly LoadRecord[],
  value: (sql: string, parameters: readonly unknown[]) => Promise<unknown>,
): Promise<boolean> {
  for (const { tableId, file, digest, loadedOn } of records) {
    const count = await value(
      "SELECT count(*) FROM catalog.load_history WHERE table_id = $1 AND file = $2 AND digest = $3 AND loaded_on > $4",
      [BigInt(tableId), file, digest, BigInt(Math.floor(loadedOn - KEPT))],
    );
    if (Number(count) > 0) return true;
  }
  return false;
}

/**
 * Notes what a COPY has loaded: with its own commit, or with the commit of the transaction that it is part of.
 *
 * @param run runs SQL in the transaction of the rows themselves
 */
export async function recordLoads(
  records: readonly LoadRecord[],
  transaction: Transaction | undefined,
  run: RunSql,
): Promise<void> {
  if (transaction) pending.set(transaction, [...(pending.get(transaction) ?? []), ...records]);
  else await persist(records, run);
}

/** What COMMIT has to write besides the rows; undefined where nothing was loaded. */
export function commitLoads(transaction: Transaction): ((sql: SqlRunner) => Promise<void>) | undefined {
  const records = pending.get(transaction);
  return records && ((sql) => persist(records, async (text, parameters) => sql.run(text, parameters as never)));
}

/** TRUNCATE forgets: the same files may be loaded again. Source: "TRUNCATE TABLE". */
export async function forgetLoads(tableId: number, run: RunSql): Promise<void> {
  await run("DELETE FROM catalog.load_history WHERE table_id = $1", [BigInt(tableId)]);
}

async function persist(records: readonly LoadRecord[], run: RunSql): Promise<void> {
  for (const { tableId, file, digest, loadedOn } of records) {
    await run("INSERT INTO catalog.load_history VALUES ($1, $2, $3, $4)", [
      BigInt(tableId),
      file,
      digest,
      BigInt(Math.floor(loadedOn)),
    ]);
  }
}
