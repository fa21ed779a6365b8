import type { RunSql } from "../catalog/change";
import type { Catalog } from "../catalog/catalog";
import type { SqlRunner, Transaction } from "../storage";
import type { Keeping } from "./keeping";
import type { Microseconds } from "../time";

/** Source: "COPY_HISTORY": what it shows of the last fortnight. */
const COPIES_SHOWN: Microseconds = 14 * 86_400 * 1e6;

/** What a COPY has made of one file. */
export interface CopiedFile {
  readonly tableId: number;
  /** Path in the stage. */
  readonly file: string;
  /** The stage, as COPY_HISTORY shows it. */
  readonly stage: string;
  readonly loadedOn: Microseconds;
  readonly loaded: number;
  readonly parsed: number;
  /** Bytes. */
  readonly size: number;
  readonly errors: number;
  readonly errorLimit: number;
  readonly status: "Loaded" | "Load failed" | "Partially loaded";
  readonly first?: {
    readonly message: string;
    readonly line?: number | null;
    readonly character?: number | null;
    readonly column?: string | null;
  };
}

/**
 * The loads that COPY_HISTORY and LOAD_HISTORY show. They are written with the rows themselves, and asked of the data file:
 * a load that is rolled back was none.
 */
export class CopyHistory implements Keeping {
  readonly table = {
    name: "copy_history",
    columns: `table_id BIGINT, file VARCHAR, stage VARCHAR, loaded_on BIGINT, loaded BIGINT, parsed BIGINT, size BIGINT,
      errors BIGINT, error_limit BIGINT, status VARCHAR, message VARCHAR, line BIGINT, position BIGINT, column_name VARCHAR`,
  };

  private readonly pending = new WeakMap<Transaction, ((run: RunSql) => Promise<void>)[]>();

  /** @param run runs SQL that is committed with the rows, where the session has no transaction open */
  record(files: readonly CopiedFile[], transaction: Transaction | undefined, run: RunSql): Promise<void> {
    return this.write((sql) => persist(files, sql), transaction, run);
  }

  /** TRUNCATE forgets. Source: "COPY_HISTORY", usage notes. @param run as for `record` */
  forgetTable(tableId: number, transaction: Transaction | undefined, run: RunSql): Promise<void> {
    const sql = "DELETE FROM catalog.copy_history WHERE table_id = $1";
    return this.write((now) => now(sql, [BigInt(tableId)]) as Promise<void>, transaction, run);
  }

  private async write(
    change: (run: RunSql) => Promise<void>,
    transaction: Transaction | undefined,
    run: RunSql,
  ): Promise<void> {
    if (!transaction) return change(run);
    this.pending.set(transaction, [...(this.pending.get(transaction) ?? []), change]);
  }

  /** What COMMIT has to write besides the rows. */
  async commit(transaction: Transaction, sql: SqlRunner): Promise<void> {
    const run: RunSql = (text, parameters) => sql.run(text, parameters as never);
    for (const change of this.pending.get(transaction) ?? []) await change(run);
  }

  async forgetOld(now: Microseconds, run: RunSql, catalog: Catalog): Promise<void> {
    await run("DELETE FROM catalog.copy_history WHERE loaded_on <= $1", [BigInt(Math.floor(now - COPIES_SHOWN))]);
    const known = [...catalog.all()].filter(({ kind }) => kind === "TABLE").map(({ id }) => id);
    await run(
      `DELETE FROM catalog.copy_history WHERE table_id NOT IN (SELECT unnest(CAST([${known.join(", ")}] AS BIGINT[])))`,
    );
  }
}

async function persist(files: readonly CopiedFile[], run: RunSql): Promise<void> {
  for (const one of files) {
    const numbers = [one.loadedOn, one.loaded, one.parsed, one.size, one.errors, one.errorLimit];
    const { message = null, line = null, character = null, column = null } = one.first ?? {};
    const count = (value: number | null): bigint | null => (value === null ? null : BigInt(Math.floor(value)));
    await run("INSERT INTO catalog.copy_history VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)", [
      ...[BigInt(one.tableId), one.file, one.stage, ...numbers.map(count), one.status, message],
      ...[count(line), count(character), column],
    ]);
  }
}
