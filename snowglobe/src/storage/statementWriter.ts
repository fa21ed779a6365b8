import { columnDefinition, historyOf, INFINITE, nextValueOf, rowsOf, sequenceOf, type PhysicalColumn } from "./layout";
import { RowWriter, names } from "./rowWriter";
import { quoteName } from "../quoting";

/**
 * What one statement writes, inside one DuckDB transaction: either all of it is kept or nothing. To rows, it adds tables
 * and their shapes. Valid until the statement ends.
 */
export class StatementWriter extends RowWriter {
  /** Makes an empty table. @param table an id that was never used before */
  async createTable(table: number, columns: readonly PhysicalColumn[]): Promise<void> {
    this.requireNoTransaction();
    const shape = [...columns.map(columnDefinition), "_rid BIGINT, _vf BIGINT, _vt BIGINT, _new BOOLEAN"].join(", ");
    await this.sql.run(`CREATE TABLE ${rowsOf(table)} (${shape}); CREATE TABLE ${historyOf(table)} (${shape})`);
    this.setShape(
      table,
      columns.map((column) => column.name),
    );
    this.touch(table);
  }

  /** Makes a table from a query's result, with the query's types. @returns the row count */
  async createTableAs(table: number, columns: readonly string[], select: string): Promise<number> {
    const types = await this.describe(select);
    await this.createTable(
      table,
      columns.map((name, at) => ({ name, type: types[at]!.type })),
    );
    return this.insert(table, columns, select);
  }

  /**
   * Copies a table's rows, as this statement sees them or as of `version`, to a new table; its history starts here. Rows
   * keep their ids: those of a dynamic table stem from the rows that it reads; and the commit that they came with, where
   * the table shows when that was.
   *
   * @returns the row count
   */
  async clone(from: number, to: number, version?: number, keepsTimes = false): Promise<number> {
    const source = version === undefined ? this.current(from) : this.asOf(from, version);
    const columns = this.tableColumns(from);
    const types = await this.describe(`SELECT ${names(columns)} FROM ${source} AS t`);
    await this.createTable(to, types);
    if (keepsTimes) {
      const all = names([...columns, "_rid", "_vf"]);
      const into = `INSERT INTO ${rowsOf(to)} (${all}, _vt, _new)`;
      return this.sql.run(`${into} SELECT ${all}, ${INFINITE}, true FROM ${source} AS t`);
    }
    const { inserted } = await this.applyDelta(to, undefined, {
      columns,
      select: `SELECT ${names([...columns, "_rid"])} FROM ${source} AS t`,
    });
    return inserted;
  }

  /** @param id that was never used before @param start the first number */
  async createSequence(id: number, start: bigint, increment: number): Promise<void> {
    const limits = "MINVALUE -9223372036854775808 MAXVALUE 9223372036854775807";
    await this.sql.run(`CREATE SEQUENCE ${sequenceOf(id)} ${limits} START ${start} INCREMENT ${increment}`);
  }

  /** The first number of a sequence that has given none yet; undefined of any other. */
  async firstValue(id: number): Promise<bigint | undefined> {
    const [schema, name] = sequenceOf(id).split(".");
    const found = await this.sql.value(
      `SELECT CAST(start_value AS VARCHAR) FROM duckdb_sequences()
       WHERE schema_name = '${schema}' AND sequence_name = '${name}' AND last_value IS NULL`,
    );
    return found === null || found === undefined ? undefined : BigInt(String(found));
  }

  /** Spends the next number of a sequence. */
  async nextValue(id: number): Promise<bigint> {
    return BigInt(String(await this.value(`SELECT CAST(${nextValueOf(id)} AS VARCHAR)`)));
  }

  /** Removes a table with its history at once. What UNDROP may bring back is not dropped here. */
  async dropTable(table: number): Promise<void> {
    this.requireLock(table, "ddl");
    await this.sql.run(`DROP TABLE ${rowsOf(table)}; DROP TABLE ${historyOf(table)}`);
    this.newShapes.set(table, undefined);
    this.touched.delete(table);
  }

  /**
   * Notes that this statement makes all rows of a table anew: no row of before is a row of after, though ids come again.
   *
   * @see Storage.lastRemake
   */
  markRemade(table: number): void {
    this.requireLock(table, "exclusive");
    this.touch(table).remade = true;
  }

  /** @param defaultValue an SQL literal that all rows get, those of the past too; NULL if absent */
  async addColumn(table: number, column: PhysicalColumn, defaultValue?: string): Promise<void> {
    const withDefault = defaultValue ? ` DEFAULT (${defaultValue})` : "";
    await this.alter(table, `ADD COLUMN ${columnDefinition(column)}${withDefault}`);
    if (defaultValue) await this.alter(table, `ALTER COLUMN ${quoteName(column.name)} DROP DEFAULT`);
    this.setShape(table, [...this.shape(table), column.name]);
  }

  async dropColumn(table: number, column: string): Promise<void> {
    await this.alter(table, `DROP COLUMN ${quoteName(column)}`);
    this.setShape(
      table,
      this.shape(table).filter((name) => name !== column),
    );
  }

  /** @param using the new value, over the old columns; a cast if absent. Past rows are converted too. */
  async alterColumnType(table: number, column: string, type: string, using?: string): Promise<void> {
    await this.alter(
      table,
      `ALTER COLUMN ${quoteName(column)} SET DATA TYPE ${type}${using === undefined ? "" : ` USING ${using}`}`,
    );
  }

  private async alter(table: number, action: string): Promise<void> {
    this.requireLock(table, "ddl");
    await this.sql.run(`ALTER TABLE ${rowsOf(table)} ${action}; ALTER TABLE ${historyOf(table)} ${action}`);
  }

  private setShape(table: number, columns: readonly string[]): void {
    this.newShapes.set(table, columns);
  }

  private requireNoTransaction(): void {
    if (this.context.explicitTransaction) throw new Error("DDL inside an explicit transaction: commit it first");
  }
}
