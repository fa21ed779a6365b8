import type { DuckDBConnection, DuckDBInstance, JS } from "@duckdb/node-api";
import { Committer } from "./committer";
import { ConnectionPool } from "./connectionPool";
import { DataChanges } from "./dataChanges";
import { DataFile } from "./dataFile";
import { inDuckDbTransaction, type DuckDbTransaction } from "./duckdbTransaction";
import { purgeTables, type PurgeResult } from "./housekeeping";
import { PRIVATE_STAMPS } from "./layout";
import { LockTable, type LockMode, type LockNeed, type LockOwner, type LockState } from "./lockTable";
import { openDuckDb, type StorageOptions } from "./open";
import { RowIds } from "./rowIds";
import { initialize, loadVersions, rollBackLeftovers } from "./schema";
import { StorageOpenError } from "./storageErrors";
import { SqlRunner, type ColumnarResult, type SqlParameters } from "./sqlRunner";
import { logEnded, restamp, undo } from "./stamping";
import { StatementReader } from "./statementReader";
import { StatementWriter } from "./statementWriter";
import { TableShapes } from "./tableShapes";
import { Transaction, type Touch } from "./transaction";
import { VersionLog } from "./versionLog";
import { Mutex } from "../mutex";

const DEFAULT_MAX_CONNECTIONS = 64;

export interface WriteOptions {
  /** What the statement needs: `shared` to insert, `exclusive` to update and delete, `ddl` to alter and drop. */
  readonly tables?: readonly LockNeed[];
  /** Seconds to wait for a lock: the session's LOCK_TIMEOUT. */
  readonly lockTimeoutSeconds?: number;
  /** For the messages of lock conflicts. */
  readonly statementId?: string;
  readonly signal?: AbortSignal;
  /** Called when a statement outside of a transaction is durable, before its locks are released. */
  readonly committed?: () => void;
}

export interface WriteResult<T> {
  readonly value: T;
  /** The newest commit that the statement saw. */
  readonly snapshot: number;
  /** The statement's own commit; absent in an explicit transaction, and where no stored table changed. */
  readonly version?: number;
}

/**
 * Versioned tables in one DuckDB file: statements, transactions, time travel, changes.
 *
 * The process that opens it should be started with UV_THREADPOOL_SIZE of 16 or more: each running statement occupies a
 * libuv thread, and with the default of 4 a fifth one waits.
 */
export class Storage {
  /** Who waits for new data listens here. */
  readonly dataChanges = new DataChanges();
  private readonly locks: LockTable;
  private readonly committer: Committer;
  private readonly purging = new Mutex();
  private readonly rowIds = new RowIds();
  private transactions = 0;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly file: DataFile,
    private readonly pool: ConnectionPool,
    private readonly versions: VersionLog,
    private readonly shapes: TableShapes,
    private readonly now: () => number,
  ) {
    this.committer = new Committer(versions, now);
    this.locks = new LockTable(now);
  }

  /**
   * Opens a data file, or makes it, and rolls back what was open when its last process ended.
   *
   * @param path a file, or `:memory:`
   * @throws StorageOpenError with one line for people
   */
  static async open(path: string, options: StorageOptions): Promise<Storage> {
    const file = new DataFile(path);
    file.requireWhole();
    const instance = await openDuckDb(path, options);
    const pool = new ConnectionPool(instance, options.maxConnections ?? DEFAULT_MAX_CONNECTIONS);
    const versions = new VersionLog();
    const shapes = new TableShapes();
    try {
      await pool.use(async (connection) => {
        const sql = new SqlRunner(connection);
        await initialize(connection, path, options.now());
        await shapes.load(sql);
        await rollBackLeftovers(connection, shapes);
        await loadVersions(sql, versions);
      });
    } catch (error) {
      await pool.close();
      instance.closeSync();
      if (!/No space left on device/.test(String(error))) throw error;
      throw new StorageOpenError(`data file ${path} cannot be opened, its disk is full: make room there`, {
        cause: error,
      });
    }
    file.opened();
    return new Storage(instance, file, pool, versions, shapes, options.now);
  }

  /** The newest commit. */
  get lastVersion(): number {
    return this.versions.last;
  }

  /** The version that was the newest at `time` (µs since the epoch); undefined before the data file existed. */
  versionAt(time: number): number | undefined {
    return this.versions.at(time);
  }

  /** When a version was committed, in µs since the epoch. */
  commitTime(version: number): number | undefined {
    return this.versions.timeOf(version);
  }

  /** The version of a table's last change of rows; for an unchanged table the one that made it. Costs no SQL. */
  lastChange(table: number): number {
    return this.versions.lastChange(table);
  }

  /** The last version up to `version` at which all rows of the table were made anew; 0 if never. Costs no SQL. */
  lastRemake(table: number, version: number): number {
    return this.versions.lastRemake(table, version);
  }

  /** The table's own columns, in order. @throws Error for a table that is not stored */
  tableColumns(table: number): readonly string[] {
    return this.shapes.columns(table);
  }

  /** Ids of all stored tables. */
  tableIds(): number[] {
    return this.shapes.ids();
  }

  /** The locks that transactions and statements hold or wait for. */
  lockStates(): LockState[] {
    return this.locks.list();
  }

  /** Reads the callers' own tables. @returns the rows as objects by column name */
  query(sql: string, parameters?: SqlParameters, signal?: AbortSignal): Promise<Record<string, JS>[]> {
    return this.pool.use((connection) => new SqlRunner(connection, signal).rows(sql, parameters), signal);
  }

  /** As `query`, by columns. */
  queryColumns(sql: string, parameters?: SqlParameters, signal?: AbortSignal): Promise<ColumnarResult> {
    return this.pool.use((connection) => new SqlRunner(connection, signal).columns(sql, parameters), signal);
  }

  /** As Snowflake's ids: the time in nanoseconds, made unique by the last digits. */
  nextTransactionId(): string {
    this.transactions += 1;
    return String(BigInt(Math.trunc(this.now())) * 1000n + BigInt(this.transactions % 1000));
  }

  /** Begins an explicit transaction. It must end with `commit` or `rollback`. */
  begin(): Transaction {
    const id = this.nextTransactionId();
    return new Transaction(id, this.now(), PRIVATE_STAMPS + BigInt(this.transactions), this.versions.last);
  }

  /**
   * Runs one reading statement at the newest commit; within a transaction its own changes are seen too.
   *
   * @throws SnowflakeError 000604 when the signal is aborted
   */
  read<T>(
    transaction: Transaction | undefined,
    signal: AbortSignal | undefined,
    work: (reader: StatementReader) => Promise<T>,
  ): Promise<T> {
    transaction?.assertOpen();
    return this.pool.use(async (connection) => {
      const snapshot = this.versions.acquire();
      const reader = new StatementReader(
        snapshot,
        new SqlRunner(connection, signal),
        (table) => this.shapes.columns(table),
        (table) => (transaction?.touched.has(table) ? { snapshot, stamp: String(transaction.stamp) } : { snapshot }),
      );
      try {
        return await work(reader);
      } finally {
        this.versions.release(snapshot);
        await reader.dropMaterialized(new SqlRunner(connection));
      }
    }, signal);
  }

  /**
   * Runs one writing statement: waits for its locks, then does `work` in one DuckDB transaction. Without a transaction it
   * is committed at once; in one, its changes wait for `commit`, and the locks are held until then. When `work` throws,
   * nothing of the statement remains and the transaction goes on.
   *
   * @throws SnowflakeError 000625 for a lock timeout or a deadlock, 000604 when the signal is aborted
   */
  async write<T>(
    transaction: Transaction | undefined,
    options: WriteOptions,
    work: (writer: StatementWriter) => Promise<T>,
  ): Promise<WriteResult<T>> {
    transaction?.assertOpen();
    const owner: LockOwner = transaction ?? this.begin();
    try {
      await this.locks.acquire(owner, options.tables ?? [], {
        timeoutSeconds: options.lockTimeoutSeconds,
        statementId: options.statementId,
        signal: options.signal,
      });
      return await this.pool.use((connection) => {
        this.file.requireThere();
        return this.runStatement(transaction, owner, connection, options, work);
      }, options.signal);
    } finally {
      if (!transaction) this.locks.releaseAll(owner);
    }
  }

  /**
   * Commits a transaction.
   *
   * @param also further SQL for the same commit, such as a stream's new offset; if it throws, the transaction stays open
   * @param committed called when all is durable, before the locks are released
   * @returns the version; undefined where no stored table changed
   */
  async commit(
    transaction: Transaction,
    also?: (sql: SqlRunner) => Promise<void>,
    committed?: () => void,
  ): Promise<number | undefined> {
    transaction.assertOpen();
    const { touched, stamp } = transaction;
    let version: number | undefined;
    if (touched.size > 0 || also) {
      this.file.requireThere();
      version = await this.pool.use((connection) => {
        return inDuckDbTransaction(connection, async ({ sql }) => {
          const changed = new Map([...touched].map(([table, touch]) => [table, { ...touch }] as const));
          const provisional = this.versions.reserve();
          await logEnded(sql, changed, stamp);
          await restamp(sql, changed, stamp, provisional);
          if (touched.size > 0) await sql.run(`DELETE FROM storage.touched WHERE stamp = ${stamp}`);
          await also?.(sql);
          return this.committer.commit(sql, changed, provisional);
        });
      });
      this.file.noteLog();
    }
    transaction.state = "committed";
    committed?.();
    this.locks.releaseAll(transaction);
    if (version !== undefined) this.dataChanges.publish(touched.keys());
    return version;
  }

  /** Undoes a transaction. */
  async rollback(transaction: Transaction): Promise<void> {
    transaction.assertOpen();
    const { touched, stamp } = transaction;
    if (touched.size > 0) {
      await this.pool.use((connection) => {
        return inDuckDbTransaction(connection, async ({ sql }) => {
          for (const table of touched.keys()) await undo(sql, table, stamp);
          await sql.run(`DELETE FROM storage.touched WHERE stamp = ${stamp}; COMMIT`);
        });
      });
    }
    transaction.state = "rolled back";
    this.locks.releaseAll(transaction);
  }

  /**
   * Removes ended rows that nobody can ask for any more. Tables whose shape is just being changed are left for the next
   * time.
   *
   * @param horizonOf the oldest version of a table that time travel, a stream or a dynamic table may still ask for
   * @param timed tables whose rows' commits, of which `_vf` is the number, are kept as long as the rows are
   */
  purge(horizonOf: (table: number) => number, timed: readonly number[] = []): Promise<PurgeResult> {
    // Two at once would delete the same rows, which DuckDB refuses.
    return this.purging.run(() =>
      this.pool.use((connection) =>
        purgeTables(
          connection,
          this.shapes.ids(),
          this.versions,
          this.locks,
          horizonOf,
          timed.filter((id) => this.shapes.has(id)),
        ),
      ),
    );
  }

  /** Writes the log into the data file. @returns false when running statements do not allow it now */
  async checkpoint(): Promise<boolean> {
    return this.pool.use(async (connection) => {
      try {
        await new SqlRunner(connection).run("CHECKPOINT");
        return true;
      } catch (error) {
        if (/other (write )?transactions active/i.test(String(error))) return false;
        throw error;
      }
    });
  }

  /** Interrupts what runs, and closes the file. Open transactions are rolled back when it is opened again. */
  async close(): Promise<void> {
    await this.pool.close();
    this.instance.closeSync();
    this.file.closed();
  }

  private async runStatement<T>(
    transaction: Transaction | undefined,
    owner: LockOwner,
    connection: DuckDBConnection,
    { signal, committed }: WriteOptions,
    work: (writer: StatementWriter) => Promise<T>,
  ): Promise<WriteResult<T>> {
    const reserved = transaction ? undefined : this.versions.reserve();
    await this.rowIds.prepare(connection, new SqlRunner(connection), () => reserved ?? this.versions.reserve());
    // Taken before BEGIN: DuckDB's own snapshot must hold all that this one promises.
    const snapshot = this.versions.acquire();
    const statement = {
      snapshot,
      stamp: transaction?.stamp ?? reserved!,
      explicitTransaction: transaction !== undefined,
      touchedBefore: transaction?.touched ?? new Map<number, Touch>(),
      shapes: this.shapes,
      holds: (table: number, mode: LockMode) => this.locks.holds(owner, table, mode),
    };
    const inTransaction = async ({ sql, interruptible }: DuckDbTransaction): Promise<WriteResult<T>> => {
      const writer = new StatementWriter(statement, interruptible);
      const value = await work(writer);
      if (!transaction) {
        await logEnded(interruptible, writer.touched, reserved!);
        const version = await this.committer.commit(sql, writer.touched, reserved!, writer.takeLast());
        for (const [table, columns] of writer.newShapes) this.shapes.set(table, columns);
        committed?.();
        if (version !== undefined) this.dataChanges.publish(writer.touched.keys());
        return { value, snapshot, version };
      }
      const newlyTouched = [...writer.touched.keys()].filter((table) => !transaction.touched.has(table));
      const notes = newlyTouched.map((table) => `INSERT INTO storage.touched VALUES (${transaction.stamp}, ${table})`);
      await sql.run([...writer.takeLast(), ...notes, "COMMIT"].join("; "));
      transaction.merge(writer.touched);
      return { value, snapshot };
    };
    try {
      const result = await inDuckDbTransaction(connection, inTransaction, signal);
      this.file.noteLog();
      return result;
    } finally {
      this.versions.release(snapshot);
    }
  }
}
