import type { DuckDBConnection, DuckDBDataChunk, DuckDBValue, JS } from "@duckdb/node-api";
import { StatementType } from "@duckdb/node-api";
import { KeptPlans } from "./keptPlans";
import { canceled } from "./storageErrors";

/** Positional values for `$1`, `$2` ... */
export type SqlParameters = readonly DuckDBValue[];

/** A whole result by columns, with DuckDB's own type names. */
export interface ColumnarResult {
  readonly names: readonly string[];
  readonly types: readonly string[];
  /** One array per column; BIGINT and wider come as bigint, dates and timestamps as Date, decimals as number. */
  readonly columns: readonly (readonly JS[])[];
}

/** Name and DuckDB type of a result column, learned without running the query. */
export interface ColumnDescription {
  readonly name: string;
  readonly type: string;
}

/** A transaction that begins together with its first statement, which saves a round trip; shared by its runners. */
export class PendingBegin {
  private pending = true;

  /** @returns true once */
  take(): boolean {
    const { pending } = this;
    this.pending = false;
    return pending;
  }
}

/** See SqlRunner.chunks. */
export interface ChunkOptions {
  readonly readsTables?: boolean;
  readonly parameters?: SqlParameters;
}

/** How often an interrupt is repeated until the running statement notices it. */
const INTERRUPT_EVERY_MS = 10;

/**
 * Runs DuckDB SQL on one connection, one statement at a time. Values that must be exact are cast to text in SQL: JS
 * numbers hold 53 bits.
 *
 * @throws SnowflakeError 000604 when the signal is aborted; DuckDB's own Error otherwise
 */
export class SqlRunner {
  constructor(
    private readonly connection: DuckDBConnection,
    private readonly signal?: AbortSignal,
    private readonly begin?: PendingBegin,
  ) {}

  /** Runs one statement or several. @returns the rows that the last one inserted, updated, deleted or created */
  async run(sql: string, parameters?: SqlParameters): Promise<number> {
    const result = parameters
      ? await this.atOneTime(() => this.connection.run(sql, parameters as DuckDBValue[]))
      : await this.guarded(() => this.connection.run(this.begin?.take() ? `BEGIN; ${sql}` : sql));
    if (result.statementType === StatementType.CREATE) {
      // CREATE TABLE AS answers its count as a row, not as a change.
      const [row] = result.columnCount === 1 ? await result.getRowsJS() : [];
      return Number(row?.[0] ?? 0);
    }
    return result.rowsChanged;
  }

  /** @returns the rows as objects by column name */
  async rows(sql: string, parameters?: SqlParameters): Promise<Record<string, JS>[]> {
    const reader = await this.read(sql, parameters);
    return reader.getRowObjectsJS();
  }

  /** @returns the whole result by columns */
  async columns(sql: string, parameters?: SqlParameters): Promise<ColumnarResult> {
    const reader = await this.read(sql, parameters);
    const names = reader.columnNames();
    return {
      names,
      types: reader.columnTypes().map(String),
      // DuckDB gives no column at all where there is no row.
      columns: reader.currentRowCount === 0 ? names.map(() => []) : reader.getColumnsJS(),
    };
  }

  /** @returns the first column, which must be VARCHAR: the cheapest way out for JSON made in SQL */
  async texts(sql: string, parameters?: SqlParameters): Promise<(string | null)[]> {
    const reader = await this.read(sql, parameters);
    return (reader.getColumnsJS()[0] ?? []) as (string | null)[];
  }

  /**
   * Hands a result over in DuckDB's own chunks while the query runs; the next one is fetched when `take` has ended.
   *
   * @param readsTables false where the text names no table and no file: its plan is kept then
   */
  chunks(
    sql: string,
    take: (chunk: DuckDBDataChunk) => Promise<void>,
    { readsTables = true, parameters }: ChunkOptions = {},
  ): Promise<void> {
    const read = async (): Promise<void> => {
      const plans = readsTables ? undefined : KeptPlans.of(this.connection);
      const kept = plans?.take(sql);
      const prepared = kept ?? (await this.connection.prepare(sql));
      let isWhole = false;
      try {
        if (parameters) prepared.bind(parameters as DuckDBValue[]);
        const result = await prepared.stream();
        for (;;) {
          const chunk = await result.fetchChunk();
          if (!chunk || chunk.rowCount === 0) break;
          await take(chunk);
        }
        isWhole = true;
      } finally {
        if (plans && isWhole) plans.put(sql, prepared, kept !== undefined);
        else prepared.destroySync();
      }
    };
    return readsTables ? this.atOneTime(read) : this.guarded(read);
  }

  /** @returns the first value of the first row, or undefined where there is none */
  async value(sql: string, parameters?: SqlParameters): Promise<JS | undefined> {
    const reader = await this.read(sql, parameters);
    return reader.currentRowCount === 0 ? undefined : reader.getRowsJS()[0]?.[0];
  }

  /** Binds a query without running it. @returns names and types of its columns */
  async describe(sql: string): Promise<ColumnDescription[]> {
    const prepared = await this.guarded(async () => {
      await this.begun();
      return this.connection.prepare(sql);
    });
    try {
      return Array.from({ length: prepared.columnCount }, (_, at) => ({
        name: prepared.columnName(at),
        type: String(prepared.columnType(at)),
      }));
    } finally {
      prepared.destroySync();
    }
  }

  private read(sql: string, parameters?: SqlParameters) {
    const read = () => this.connection.runAndReadAll(sql, parameters as DuckDBValue[]);
    if (parameters) return this.atOneTime(read);
    return this.guarded(async () => {
      await this.begun();
      return read();
    });
  }

  /**
   * Prepares and runs in one transaction. DuckDB leaves conditions out of a plan that all rows meet when it is made, such
   * as those of a snapshot: rows that are committed before it runs would come through.
   */
  private async atOneTime<T>(work: () => Promise<T>): Promise<T> {
    if (this.begin) {
      return this.guarded(async () => {
        await this.begun();
        return work();
      });
    }
    await this.connection.run("BEGIN");
    try {
      const result = await this.guarded(work);
      await this.connection.run("COMMIT");
      return result;
    } catch (error) {
      // A failed COMMIT has ended the transaction already.
      await this.connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  private async begun(): Promise<void> {
    if (this.begin?.take()) await this.connection.run("BEGIN");
  }

  /**
   * An interrupt reaches only a statement that has begun inside DuckDB; one that is still queued would run on. So it
   * is repeated until the statement ends.
   */
  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    const { signal, connection } = this;
    if (!signal) return work();
    if (signal.aborted) throw canceled();
    let repeat: NodeJS.Timeout | undefined;
    const interrupt = () => {
      connection.interrupt();
      repeat = setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS);
    };
    signal.addEventListener("abort", interrupt, { once: true });
    try {
      return await work();
    } catch (error) {
      throw signal.aborted ? canceled() : error;
    } finally {
      signal.removeEventListener("abort", interrupt);
      clearInterval(repeat);
    }
  }
}
