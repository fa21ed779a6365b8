import type { Catalog } from "../catalog/catalog";
import type { RunSql } from "../catalog/change";
import type { SqlRunner, Storage, Transaction } from "../storage";
import type { Keeping } from "./keeping";
import type { Microseconds } from "../time";

/** Load metadata is kept this long. Source: "COPY INTO <table>", usage notes. */
const KEPT: Microseconds = 64 * 86_400 * 1e6;

/** One file, loaded in whole or in part. */
export interface LoadRecord {
  readonly tableId: number;
  /** The stage's folder and the file's path in it. */
  readonly file: string;
  /** MD5 of its content, in hex. */
  readonly digest: string;
  readonly loadedOn: Microseconds;
}

/** What open transactions have loaded and forgotten: it counts for others once they commit. */
interface Pending {
  readonly forgotten: Set<number>;
  records: LoadRecord[];
}

/** Which files COPY INTO has loaded into which table: asked of the data file, with what open transactions add. */
export class LoadHistory implements Keeping {
  /** `table_id` is the table object's: a replaced table starts anew. */
  readonly table = {
    name: "load_history",
    columns: "table_id BIGINT, file VARCHAR, digest VARCHAR, loaded_on BIGINT",
  };
  private readonly pending = new WeakMap<Transaction, Pending>();

  constructor(private readonly storage: Storage) {}

  /** @returns digests by file: what the table has loaded already, as a transaction sees it */
  async loadedFiles(
    tableId: number,
    now: Microseconds,
    transaction: Transaction | undefined,
  ): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const rows = await this.storage.query(
      "SELECT file, digest FROM catalog.load_history WHERE table_id = $1 AND loaded_on > $2",
      [BigInt(tableId), BigInt(Math.floor(now - KEPT))],
    );
    const own = transaction && this.pending.get(transaction);
    const committed = own?.forgotten.has(tableId) ? [] : rows;
    const found = new Map<string, Set<string>>();
    for (const { file, digest } of [...committed, ...(own?.records ?? []).filter((one) => one.tableId === tableId)]) {
      const digests = found.get(String(file)) ?? new Set();
      found.set(String(file), digests.add(String(digest)));
    }
    return found;
  }

  /** Whether a table has loaded one of some files by now. @param value runs a query and gives its first value */
  async anyLoaded(
    records: readonly LoadRecord[],
    transaction: Transaction | undefined,
    value: (sql: string, parameters: readonly unknown[]) => Promise<unknown>,
  ): Promise<boolean> {
    for (const { tableId, file, digest, loadedOn } of records) {
      if (transaction && this.pending.get(transaction)?.forgotten.has(tableId)) continue;
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
  async record(records: readonly LoadRecord[], transaction: Transaction | undefined, run: RunSql): Promise<void> {
    if (transaction) this.pendingOf(transaction).records.push(...records);
    else await persist(records, run);
  }

  /** What COMMIT has to write besides the rows; undefined where nothing was loaded. */
  commit(transaction: Transaction): ((sql: SqlRunner) => Promise<void>) | undefined {
    const own = this.pending.get(transaction);
    if (!own) return undefined;
    return async (sql) => {
      const run: RunSql = (text, parameters) => sql.run(text, parameters as never);
      for (const tableId of own.forgotten) await forget(tableId, run);
      await persist(own.records, run);
    };
  }

  /** TRUNCATE forgets: the same files may be loaded again. Source: "TRUNCATE TABLE". @param run as for `record` */
  async forgetTable(tableId: number, transaction: Transaction | undefined, run: RunSql): Promise<void> {
    if (!transaction) return forget(tableId, run);
    const own = this.pendingOf(transaction);
    own.forgotten.add(tableId);
    own.records = own.records.filter((record) => record.tableId !== tableId);
  }

  async forgetOld(now: Microseconds, run: RunSql, catalog: Catalog): Promise<void> {
    await run("DELETE FROM catalog.load_history WHERE loaded_on <= $1", [BigInt(Math.floor(now - KEPT))]);
    const tables = await this.storage.query("SELECT DISTINCT table_id FROM catalog.load_history");
    for (const id of tables.map((row) => Number(row.table_id))) if (!catalog.object(id)) await forget(id, run);
  }

  private pendingOf(transaction: Transaction): Pending {
    const found = this.pending.get(transaction) ?? { forgotten: new Set<number>(), records: [] };
    this.pending.set(transaction, found);
    return found;
  }
}

async function forget(tableId: number, run: RunSql): Promise<void> {
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
