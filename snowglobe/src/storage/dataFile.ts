import { closeSync, existsSync, openSync, readFileSync, readSync, statSync, writeFileSync } from "node:fs";
import { dataFileGone, StorageOpenError } from "./storageErrors";

/** DuckDB's file begins with a header for good and two that take turns, one with each checkpoint; bytes of each. */
const HEADER_BYTES = 4_096;
/** In the latter, after a checksum: how many checkpoints there were. */
const CHECKPOINTS_AT = 8;

/**
 * The data file and its log, as the file system has them. DuckDB itself goes on with a file that was removed, and opens
 * a file without its log as if nothing had been in it. So a note beside them says on top of which checkpoint there is a
 * log: where that is still the last one, the log must be there.
 */
export class DataFile {
  private readonly log: string;
  private readonly note: string;
  /** Open as long as DuckDB has it: closing any other handle of a process gives up its locks on a file. */
  private file: number | undefined;
  private identity: number | undefined;
  /** Bytes of the log when it was last looked at; 0: none since the last checkpoint. */
  private logged = 0;

  constructor(private readonly path: string) {
    this.log = `${path}.wal`;
    this.note = `${path}.log-since`;
  }

  /** Before DuckDB opens it. @throws StorageOpenError where the file or its log was taken away */
  requireWhole(): void {
    if (this.inMemory || !existsSync(this.note)) return;
    if (!existsSync(this.path)) {
      throw new StorageOpenError(
        `data file ${this.path} is missing: restore it, or remove ${this.note} to start with a new one`,
      );
    }
    const file = openSync(this.path, "r");
    const isSuperseded = this.checkpoints(file) !== this.since;
    closeSync(file);
    if (isSuperseded || existsSync(this.log)) return;
    throw new StorageOpenError(
      `log ${this.log} of the data file is missing, and with it the last changes: restore it, or remove ${this.note} ` +
        "to go on without them",
    );
  }

  /** DuckDB has opened it. */
  opened(): void {
    if (this.inMemory) return;
    this.file = openSync(this.path, "r");
    this.identity = statSync(this.path).ino;
    this.noteLog();
  }

  /** DuckDB has closed it. */
  closed(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  /** Before anything is written. @throws SnowflakeError where file or log were removed while they are open */
  requireThere(): void {
    if (this.file === undefined) return;
    const gone =
      statSync(this.path, { throwIfNoEntry: false })?.ino !== this.identity ||
      (this.logged > 0 && !existsSync(this.log) && this.since === this.checkpoints(this.file));
    if (gone) throw dataFileGone(this.path);
  }

  /** After each commit: notes the first one since a checkpoint. */
  noteLog(): void {
    if (this.file === undefined) return;
    const bytes = statSync(this.log, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes > 0 && (this.logged === 0 || bytes < this.logged)) {
      writeFileSync(this.note, String(this.checkpoints(this.file)), { mode: 0o600 });
    }
    this.logged = bytes;
  }

  /** The checkpoint that the log stands on. */
  private get since(): number {
    return Number(readFileSync(this.note, "utf8"));
  }

  private get inMemory(): boolean {
    return this.path === ":memory:";
  }

  private checkpoints(file: number): number {
    const headers = Buffer.alloc(3 * HEADER_BYTES);
    readSync(file, headers, 0, headers.length, 0);
    const counts = [1, 2].map((header) => Number(headers.readBigUInt64LE(header * HEADER_BYTES + CHECKPOINTS_AT)));
    return Math.max(...counts);
  }
}
