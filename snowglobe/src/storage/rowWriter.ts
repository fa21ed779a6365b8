import { INFINITE, historyOf, rowsOf } from "./layout";
import type { LockMode } from "./lockTable";
import { NEW_ROW_ID } from "./rowIds";
import type { SqlParameters, SqlRunner } from "./sqlRunner";
import { StatementReader } from "./statementReader";
import { DuplicateRowError } from "./storageErrors";
import type { TableShapes } from "./tableShapes";
import { untouched, type Touch } from "./transaction";
import { visible, type VisibleVersions } from "./visibility";
import { quoteName } from "../quoting";

/** Which rows a DELETE ends. */
export type DeleteSpec =
  | {
      /** Over the table's columns, and `_rid`. */
      readonly where: string;
      readonly alias?: string;
      readonly parameters?: SqlParameters;
    }
  | {
      /** A query that gives `_rid`; a row may come several times. */
      readonly rows: string;
      readonly parameters?: SqlParameters;
    };

export interface UpdateSpec {
  /** How expressions call the table. Default: `t`. */
  readonly alias?: string;
  /** New values by column, each an SQL expression; other columns keep theirs. */
  readonly set: Readonly<Record<string, string>>;
  /** What follows the table in FROM, with its comma or JOIN: `, (...) AS s`. */
  readonly from?: string;
  /** Over the table's columns and `_rid`. Default: all rows. */
  readonly where?: string;
  readonly parameters?: SqlParameters;
}

/** What a writer needs to know of the statement that it works for. */
export interface WriteContext {
  readonly snapshot: number;
  /** What new and ended rows are marked with: a reserved version, or the transaction's private stamp. */
  readonly stamp: bigint | number;
  readonly explicitTransaction: boolean;
  readonly touchedBefore: ReadonlyMap<number, Touch>;
  readonly shapes: TableShapes;
  holds(table: number, mode: LockMode): boolean;
}

/** Inserts, updates and ends rows for one statement. Each operation sees what the earlier ones of the statement did. */
export class RowWriter extends StatementReader {
  /** Filled by the operations; the storage stamps and publishes it. */
  readonly touched = new Map<number, Touch>();
  /** Shapes that become valid with the statement; undefined for dropped tables. */
  readonly newShapes = new Map<number, readonly string[] | undefined>();
  private readonly last: string[] = [];

  constructor(
    protected readonly context: WriteContext,
    sql: SqlRunner,
  ) {
    super(
      context.snapshot,
      sql,
      (table) => this.shape(table),
      (table) => this.view(table),
    );
  }

  /** What new and ended rows are marked with: a reserved version, or the transaction's private stamp. */
  get stamp(): bigint | number {
    return this.context.stamp;
  }

  /**
   * Runs SQL on tables of the caller's own, such as the catalog's. It is durable with this statement, also in an explicit
   * transaction: what must wait for COMMIT belongs into `Storage.commit`.
   *
   * @returns the rows that it changed
   */
  run(sql: string, parameters?: SqlParameters): Promise<number> {
    return this.sql.run(sql, parameters);
  }

  /** As `run`, but at the statement's end, in one call of the engine with its commit, which is faster. */
  runLast(sql: string): void {
    this.last.push(sql);
  }

  /** What is still to be run when the statement's work is done. Called by the storage. */
  takeLast(): string[] {
    return [...this.takeDrops(), ...this.last.splice(0)];
  }

  /** A FROM item: the rows that this statement, or its transaction, has inserted or ended so far. Needs an alias. */
  ownChanges(table: number): string {
    return `(SELECT ${names(this.shape(table))} FROM ${rowsOf(table)} WHERE _vf = ${this.stamp} OR _vt = ${this.stamp})`;
  }

  /** @param select gives the values of `columns` in this order; other columns become NULL. @returns the row count */
  async insert(table: number, columns: readonly string[], select: string, parameters?: SqlParameters): Promise<number> {
    this.requireLock(table, "shared");
    const count = await this.sql.run(
      `INSERT INTO ${rowsOf(table)} (${names(columns)}, _rid, _vf, _vt, _new)` +
        ` SELECT q.*, ${NEW_ROW_ID}, ${this.stamp}, ${INFINITE}, true FROM (${select}) AS q`,
      parameters,
    );
    if (count > 0) this.touch(table).inserted = true;
    return count;
  }

  /** @returns the number of rows that ended */
  async delete(table: number, spec: DeleteSpec): Promise<number> {
    this.requireLock(table, "exclusive");
    if (!("rows" in spec)) return this.end(table, spec.alias ?? "t", spec.where, spec.parameters);
    // By row id, not by DuckDB's rowid: a checkpoint may change that between two statements of one transaction.
    return this.end(table, "t", `t._rid IN (SELECT _rid FROM (${spec.rows}))`, spec.parameters);
  }

  /**
   * @returns the number of updated rows
   * @throws DuplicateRowError when `from` has several rows for one row of the table
   */
  async update(table: number, spec: UpdateSpec): Promise<number> {
    this.requireLock(table, "exclusive");
    const simple = spec.from === undefined && spec.parameters === undefined;
    return simple && this.isPristine(table) ? this.updateInPlace(table, spec) : this.updateByRow(table, spec);
  }

  /** Ends all rows. @returns their number */
  async truncate(table: number): Promise<number> {
    this.requireLock(table, "exclusive");
    return this.end(table, "t");
  }

  /**
   * INSERT OVERWRITE: ends all rows and inserts others; `select` still sees the old ones.
   *
   * @returns the number of inserted rows
   */
  async replace(
    table: number,
    columns: readonly string[],
    select: string,
    parameters?: SqlParameters,
  ): Promise<number> {
    this.requireLock(table, "exclusive");
    // While the table is untouched, the text of `current(table)` goes on to show the rows that are ended here.
    if (this.view(table).stamp === undefined) {
      await this.truncate(table);
      return this.insert(table, columns, select, parameters);
    }
    const { name } = await this.materialize(select, parameters);
    await this.truncate(table);
    return this.insert(table, columns, `FROM ${name}`);
  }

  /**
   * Ends and inserts rows by row id, for results that are kept as a delta.
   *
   * @param deleteRowIds a query with one column of row ids, if any rows end
   * @param insert `select` gives the values of `columns` and then the row id. A row id that ended in the same call is the
   *   next version of its row, any other a new row; NULL is a new row that gets an id.
   */
  async applyDelta(
    table: number,
    deleteRowIds: string | undefined,
    insert?: { readonly columns: readonly string[]; readonly select: string },
  ): Promise<{ deleted: number; inserted: number }> {
    this.requireLock(table, "exclusive");
    const rows = rowsOf(table);
    const deleted = deleteRowIds === undefined ? 0 : await this.delete(table, { where: `t._rid IN (${deleteRowIds})` });
    if (!insert) return { deleted, inserted: 0 };
    const columns = names(insert.columns);
    const ended = this.touched.get(table)?.unlogged ? rows : historyOf(table);
    const isNew =
      deleted === 0 ? "true" : `NOT EXISTS (FROM ${ended} d WHERE d._vt = ${this.stamp} AND d._rid = q._rid)`;
    const inserted = await this.sql.run(
      `INSERT INTO ${rows} (${columns}, _rid, _vf, _vt, _new)` +
        ` SELECT ${columns}, coalesce(q._rid, ${NEW_ROW_ID}), ${this.stamp}, ${INFINITE}, ${isNew}` +
        ` FROM (${insert.select}) AS q(${columns}, _rid)`,
    );
    if (inserted > 0) this.touch(table).inserted = true;
    return { deleted, inserted };
  }

  /**
   * Marks rows as ended. Where all of the statement's ended rows go to the history anyway, they go there first: their row
   * ids find them again faster than their marks, which lie scattered over the table.
   */
  private async end(table: number, alias: string, which?: string, parameters?: SqlParameters): Promise<number> {
    const seen = visible(this.view(table), `${quoteName(alias)}.`);
    const rows = `${rowsOf(table)} AS ${quoteName(alias)}`;
    if (which === undefined || !this.isPristine(table)) {
      const condition = which === undefined ? "" : ` AND (${which})`;
      return this.ended(
        table,
        await this.sql.run(`UPDATE ${rows} SET _vt = ${this.stamp} WHERE ${seen}${condition}`, parameters),
      );
    }
    // Found by the columns that the condition reads, and only then fetched whole: DuckDB would read every column of every
    // row otherwise.
    const found = `SELECT ${quoteName(alias)}.rowid FROM ${rows} WHERE ${seen} AND (${which})`;
    const count = await this.sql.run(
      `INSERT INTO ${historyOf(table)} SELECT * REPLACE (${this.stamp} AS _vt) FROM ${rowsOf(table)} WHERE rowid IN (${found})`,
      parameters,
    );
    if (count === 0) return 0;
    await this.sql.run(
      `UPDATE ${rows} SET _vt = ${this.stamp}` +
        ` WHERE ${seen} AND _rid IN (SELECT _rid FROM ${historyOf(table)} WHERE _vt = ${this.stamp})`,
    );
    this.ended(table, count);
    Object.assign(this.touch(table), { logged: true, unlogged: false });
    return count;
  }

  /** Nothing bears the stamp yet in this table, and all that will is this statement's. */
  private isPristine(table: number): boolean {
    return !this.context.explicitTransaction && !this.touched.has(table);
  }

  /** The ended rows are found again by their mark, which needs that nothing else of this statement bears it. */
  private async updateInPlace(table: number, spec: UpdateSpec): Promise<number> {
    const alias = spec.alias ?? "t";
    const count = await this.end(table, alias, spec.where ?? "true");
    if (count === 0) return 0;
    const values = this.newValues(table, spec, alias).join(", ");
    await this.sql.run(
      `INSERT INTO ${rowsOf(table)} (${names(this.shape(table))}, _rid, _vf, _vt, _new)` +
        ` SELECT ${values}, ${quoteName(alias)}._rid, ${this.stamp}, ${INFINITE}, false` +
        ` FROM ${historyOf(table)} AS ${quoteName(alias)} WHERE ${quoteName(alias)}._vt = ${this.stamp}`,
    );
    this.touch(table).inserted = true;
    return count;
  }

  private async updateByRow(table: number, spec: UpdateSpec): Promise<number> {
    const alias = quoteName(spec.alias ?? "t");
    const shape = names(this.shape(table));
    // A row that this very transaction inserted is still new to everybody else after its update.
    const target =
      `(SELECT ${shape}, _rid, _new AND _vf = ${this.stamp} AS _first` +
      ` FROM ${rowsOf(table)} WHERE ${visible(this.view(table))})`;
    const values = this.newValues(table, spec, spec.alias ?? "t").join(", ");
    const { name, count } = await this.materialize(
      `SELECT ${values}, ${alias}._rid AS _rid, ${alias}._first AS _new` +
        ` FROM ${target} AS ${alias}${spec.from ?? ""} WHERE ${spec.where ?? "true"}`,
      spec.parameters,
    );
    if (count === 0) return 0;
    const ended = await this.delete(table, { rows: `FROM ${name}` });
    if (ended !== count) throw new DuplicateRowError(table);
    await this.sql.run(
      `INSERT INTO ${rowsOf(table)} (${shape}, _rid, _vf, _vt, _new)` +
        ` SELECT ${shape}, _rid, ${this.stamp}, ${INFINITE}, _new FROM ${name}`,
    );
    this.touch(table).inserted = true;
    return count;
  }

  private newValues(table: number, spec: UpdateSpec, alias: string): string[] {
    return this.shape(table).map((column) => {
      const value = Object.hasOwn(spec.set, column) ? spec.set[column]! : `${quoteName(alias)}.${quoteName(column)}`;
      return `(${value}) AS ${quoteName(column)}`;
    });
  }

  protected shape(table: number): readonly string[] {
    const changed = this.newShapes.get(table);
    if (changed) return changed;
    if (this.newShapes.has(table)) throw new Error(`stored table ${table} was dropped by this statement`);
    return this.context.shapes.columns(table);
  }

  private view(table: number): VisibleVersions {
    const own = this.touched.has(table) || this.context.touchedBefore.has(table);
    return own ? { snapshot: this.snapshot, stamp: String(this.stamp) } : { snapshot: this.snapshot };
  }

  protected touch(table: number): Touch {
    let touch = this.touched.get(table);
    if (!touch) {
      touch = untouched();
      this.touched.set(table, touch);
    }
    return touch;
  }

  private ended(table: number, count: number): number {
    if (count === 0) return 0;
    const touch = this.touch(table);
    touch.ended = true;
    touch.unlogged = true;
    touch.endedOwn ||= touch.inserted || (this.context.touchedBefore.get(table)?.inserted ?? false);
    return count;
  }

  protected requireLock(table: number, mode: LockMode): void {
    const created = this.newShapes.has(table) && !this.context.shapes.has(table);
    if (created || this.context.holds(table, mode)) return;
    throw new Error(`the statement changes stored table ${table} without having locked it (${mode})`);
  }
}

/** A list of identifiers. */
export function names(columns: readonly string[]): string {
  return columns.map(quoteName).join(", ");
}
