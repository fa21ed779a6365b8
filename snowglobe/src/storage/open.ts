import { mkdirSync } from "node:fs";
import { basename, dirname, resolve, sep } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type AnyHostFunction, registerHostFunctions } from "./hostFunction";
import { StorageOpenError } from "./storageErrors";
import { cutLog, logEnd } from "./writeAheadLog";
import { literal } from "../quoting";

export interface StorageOptions {
  /** DuckDB's size notation, e.g. `2GB`. DuckDB's own default, 80 % of the machine, is too much for a guest. */
  readonly memoryLimit: string;
  readonly threads: number;
  /** The clock: µs since the epoch. It may stand still, or be moved. */
  readonly now: () => number;
  /** The directories whose files SQL may read and write; without them there is none. */
  readonly fileDirectories?: readonly string[];
  /** Told, in a line for people, what was found and repaired while the file was opened. */
  readonly onNote?: (line: string) => void;
  /** Upper bound of statements that run at once. Default: 64. */
  readonly maxConnections?: number;
  /** Functions of this process that SQL may call. */
  readonly functions?: readonly AnyHostFunction[];
}

/** DuckDB calls a database like its file, without extension; a schema of the same name would be ambiguous. */
const RESERVED_NAMES = new Set(["data", "catalog", "storage", "main", "temp", "system"]);

/**
 * Bytes of the blocks that a new file is made of. Each table takes some blocks, however few rows it has: with DuckDB's own
 * 256 KB a small table costs 290 KB, so 65. Scans of millions of rows take as long.
 */
const BLOCK_BYTES = "32768";

/** Opens the DuckDB file, shut off from the rest of the machine. @throws StorageOpenError */
export async function openDuckDb(path: string, options: StorageOptions): Promise<DuckDBInstance> {
  const name = basename(path).split(".")[0]!.toLowerCase();
  if (RESERVED_NAMES.has(name)) {
    throw new StorageOpenError(`data file ${path} cannot be used, the name '${name}' is reserved: choose another name`);
  }
  const instance = await create(path, options);
  try {
    const connection = await instance.connect();
    try {
      registerHostFunctions(connection, options.functions ?? []);
      await connection.run("SET GLOBAL TimeZone = 'UTC'; SET GLOBAL max_expression_depth = 10000");
      const directories = (options.fileDirectories ?? []).map((directory) => resolve(directory));
      if (directories.length > 0) {
        for (const directory of directories) mkdirSync(directory, { recursive: true });
        const list = directories.map((directory) => literal(directory + sep)).join(", ");
        await connection.run(`SET allowed_directories = [${list}]`);
      }
      // In this order: after the last one, no SQL can open anything up again.
      await connection.run("SET enable_external_access = false; SET lock_configuration = true");
    } finally {
      connection.closeSync();
    }
  } catch (error) {
    instance.closeSync();
    throw error;
  }
  return instance;
}

async function create(path: string, options: StorageOptions): Promise<DuckDBInstance> {
  const settings = {
    memory_limit: options.memoryLimit,
    threads: String(options.threads),
    default_block_size: BLOCK_BYTES,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  };
  const end = logEnd(path);
  try {
    const instance = await DuckDBInstance.create(path, settings);
    if (end?.kind === "broken") options.onNote?.(`${path}.wal broke off within a change, which is left out`);
    return instance;
  } catch (error) {
    // It is ours by now: who cannot have the file fails earlier, with another error.
    if (end?.kind !== "zeros" || !/Corrupt WAL/.test(String(error))) {
      throw new StorageOpenError(explain(path, String(error)), { cause: error });
    }
    cutLog(path, end);
  }
  try {
    const instance = await DuckDBInstance.create(path, settings);
    options.onNote?.(`${path}.wal ended in zeros, which were cut off; no change is lost`);
    return instance;
  } catch (error) {
    throw new StorageOpenError(explain(path, String(error)), { cause: error });
  }
}

function explain(path: string, reason: string): string {
  if (/could not set lock|conflicting lock|already open/i.test(reason)) {
    const pid = /PID (\d+)/.exec(reason)?.[1];
    const holder = pid === undefined ? "another process" : `process ${pid}`;
    return `data file ${path} is in use by ${holder}: stop it, or choose another file`;
  }
  if (/no such file or directory/i.test(reason)) {
    return `data file ${path} cannot be made, its directory ${dirname(path)} does not exist: create the directory`;
  }
  if (/permission denied/i.test(reason)) {
    return `data file ${path} cannot be opened, permission is denied: change its owner or mode`;
  }
  if (/no space left on device/i.test(reason)) {
    return `data file ${path} cannot be opened, its disk is full: make room there`;
  }
  if (/Corrupt WAL|replaying WAL/i.test(reason)) {
    return (
      `data file ${path} cannot be read, its log ${path}.wal is damaged: restore both files together, or move the log ` +
      `and ${path}.log-since away to go on without the changes that it holds`
    );
  }
  if (/read-only file system/i.test(reason)) {
    return `data file ${path} cannot be opened, its file system is read-only: choose another folder`;
  }
  const oneLine = reason
    .replace(/^Error: /, "")
    .replace(/\s+/g, " ")
    .trim();
  return `data file ${path} cannot be read, it is damaged or no data file: restore it, or start with a new one (${oneLine})`;
}
