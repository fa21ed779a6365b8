import type { DuckDBDataChunk, JS } from "@duckdb/node-api";
import type { ChunkOptions, ColumnDescription, ColumnarResult, SqlParameters, SqlRunner } from "./sqlRunner";
import { appendedRows, changedRows, currentRows, netChanges, rowsAt, type VisibleVersions } from "./visibility";
import { literal } from "../quoting";

/** `DEFAULT`: the net change; `APPEND_ONLY`: inserted rows alone, whatever became of them. */
export type ChangesMode = "DEFAULT" | "APPEND_ONLY";

/**
 * What a statement reads: SQL text for FROM items, all at one snapshot, and a connection to run queries on. Valid until
 * the statement ends.
 */
export class StatementReader {
  private readonly temporaryTables: string[] = [];

  constructor(
    /** The newest commit that the statement sees. */
    readonly snapshot: number,
    protected readonly sql: SqlRunner,
    private readonly columnsOf: (table: number) => readonly string[],
    private readonly viewOf: (table: number) => VisibleVersions,
  ) {}

  /** The table's own columns, in order. */
  tableColumns(table: number): readonly string[] {
    return this.columnsOf(table);
  }

  /**
   * A FROM item: the rows that this statement sees, with the table's columns, `_rid`, the row's identity over its
   * versions, and `_vf`, the commit that this one came with. Needs an alias.
   */
  current(table: number): string {
    return currentRows(table, this.columnsOf(table), this.viewOf(table));
  }

  /**
   * A FROM item: the rows committed up to `version`, with `_rid`. That the history reaches back so far is for the caller
   * to check.
   *
   * @see Snowflake documentation, "Understanding & using Time Travel"
   */
  asOf(table: number, version: number): string {
    return rowsAt(table, this.columnsOf(table), version);
  }

  /**
   * A FROM item: what commits after version `from` up to version `to` changed, with `_action`, `_isupdate` and `_rid`. The
   * transaction's own changes are not among them.
   *
   * @see Snowflake documentation, "Introduction to Streams"
   */
  changes(table: number, from: number, to: number, mode: ChangesMode = "DEFAULT"): string {
    const columns = this.columnsOf(table);
    return mode === "APPEND_ONLY" ? appendedRows(table, columns, from, to) : netChanges(table, columns, from, to);
  }

  /** As `changes`, without `_isupdate`, which costs more than the rows. */
  changedRows(table: number, from: number, to: number): string {
    return changedRows(table, this.columnsOf(table), from, to);
  }

  /** About how many rows tables have, ended ones among them until the housekeeping; reads none of them. */
  async estimatedRows(tables: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const byName = new Map(tables.map((table) => [`t${table}`, table]));
    const rows = await this.sql.rows(
      `SELECT table_name, CAST(estimated_size AS DOUBLE) AS size FROM duckdb_tables()` +
        ` WHERE schema_name = 'data' AND table_name IN (${[...byName.keys()].map(literal).join(", ")})`,
    );
    return new Map(rows.map((row) => [byName.get(row.table_name as string)!, row.size as number]));
  }

  /** @see SqlRunner.rows */
  rows(sql: string, parameters?: SqlParameters): Promise<Record<string, JS>[]> {
    return this.sql.rows(sql, parameters);
  }

  /** @see SqlRunner.columns */
  columns(sql: string, parameters?: SqlParameters): Promise<ColumnarResult> {
    return this.sql.columns(sql, parameters);
  }

  /** @see SqlRunner.texts */
  texts(sql: string, parameters?: SqlParameters): Promise<(string | null)[]> {
    return this.sql.texts(sql, parameters);
  }

  /** @see SqlRunner.chunks */
  chunks(sql: string, take: (chunk: DuckDBDataChunk) => Promise<void>, options?: ChunkOptions): Promise<void> {
    return this.sql.chunks(sql, take, options);
  }

  /** @see SqlRunner.value */
  value(sql: string, parameters?: SqlParameters): Promise<JS | undefined> {
    return this.sql.value(sql, parameters);
  }

  /** @see SqlRunner.describe */
  describe(sql: string): Promise<ColumnDescription[]> {
    return this.sql.describe(sql);
  }

  /** Keeps a query's result until the statement ends. @returns its physical name, and its row count */
  async materialize(select: string, parameters?: SqlParameters): Promise<{ name: string; count: number }> {
    const name = `temp.m${this.temporaryTables.length + 1}`;
    const count = await this.sql.run(`CREATE TEMP TABLE ${name} AS ${select}`, parameters);
    this.temporaryTables.push(name);
    return { name, count };
  }

  /** Drops what `materialize` made. Called by the storage at the statement's end. @param sql is not interrupted */
  async dropMaterialized(sql: SqlRunner): Promise<void> {
    const drops = this.takeDrops();
    if (drops.length > 0) await sql.run(drops.join("; "));
  }

  protected takeDrops(): string[] {
    return this.temporaryTables.splice(0).map((name) => `DROP TABLE IF EXISTS ${name}`);
  }
}
