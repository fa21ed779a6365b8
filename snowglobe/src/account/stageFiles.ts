import { createHash } from "node:crypto";
import { createReadStream, promises as fs } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { compilationError } from "../errors";
import type { Storage, Transaction } from "../storage";

/** A file in a stage. `name` is relative to the stage's root, with slashes. */
export interface StagedFile {
  readonly name: string;
  /** Where it lies on this machine. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Microseconds since 1970-01-01 UTC. */
  readonly modifiedOn: number;
}

/** The files of all stages: one folder a stage under the stage root, named after the stage's id. */
export class StageFiles {
  private readonly leaving = new WeakMap<Transaction, readonly StagedFile[]>();

  constructor(
    private readonly root: string,
    private readonly storage: Storage,
  ) {}

  /**
   * Files of a stage whose name begins with `prefix`, by name. A name that ends in a slash or is a folder lists all in it.
   *
   * @param pattern a regular expression for the whole name. DuckDB matches it, off this thread and in linear time, as the
   *   functions on regular expressions do.
   * @throws SnowflakeError 100048 for a pattern that is none
   */
  async list(folder: string, prefix: string, pattern?: string, signal?: AbortSignal): Promise<StagedFile[]> {
    const found = await this.beginningWith(folder, prefix);
    if (pattern === undefined) return found;
    const matching = await this.matching(
      found.map((file) => file.name),
      pattern,
      signal,
    );
    return found.filter((file) => matching.has(file.name));
  }

  private async matching(names: readonly string[], pattern: string, signal?: AbortSignal): Promise<Set<string>> {
    try {
      const rows = await this.storage.query(
        "SELECT name FROM (SELECT unnest(from_json($1, '[\"VARCHAR\"]')) AS name) WHERE regexp_full_match(name, $2)",
        [JSON.stringify(names), pattern],
        signal,
      );
      return new Set(rows.map((row) => row.name as string));
    } catch (error) {
      if (!/^Invalid Input Error/.test((error as Error).message)) throw error;
      throw compilationError(`Invalid regular expression: '${pattern}' in PATTERN`, "100048", "2201B");
    }
  }

  private async beginningWith(folder: string, prefix: string): Promise<StagedFile[]> {
    const base = path.join(this.root, folder);
    const found: StagedFile[] = [];
    for (const entry of await entriesOf(base)) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(base, file).split(path.sep).join("/");
      if (!name.startsWith(prefix)) continue;
      const stat = await fs.stat(file);
      found.push({ name, file, size: stat.size, modifiedOn: Math.floor(stat.mtimeMs * 1000) });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Where a new file of a stage goes; its folder is there then.
   *
   * @param name relative to the stage's root
   * @throws SnowflakeError for a name that leads out of the stage
   */
  async placeFor(folder: string, name: string): Promise<string> {
    const bad = name.split("/").find((part) => part === "" || part === "." || part === ".." || /[\\\0]/.test(part));
    if (bad !== undefined) throw compilationError(`'${name}' is not a name for a file in a stage`, "001008", "22023");
    const file = path.join(this.root, folder, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    return file;
  }

  /** Removes a file once a transaction has committed; when it is rolled back the file stays. */
  removeAfter(transaction: Transaction, file: StagedFile): void {
    this.leaving.set(transaction, [...(this.leaving.get(transaction) ?? []), file]);
  }

  /** The transaction has committed. */
  async committed(transaction: Transaction): Promise<void> {
    for (const file of this.leaving.get(transaction) ?? []) await this.remove(file);
  }

  async remove(file: StagedFile): Promise<void> {
    await fs.rm(file.file, { force: true });
  }

  /** Removes a stage's folder with all files. */
  async forget(stageId: number): Promise<void> {
    await fs.rm(path.join(this.root, folderOf(stageId)), { recursive: true, force: true });
  }
}

/** Name of a stage's folder under the stage root. */
export function folderOf(stageId: number): string {
  return `s${stageId}`;
}

/** A file's content in one word: what tells whether COPY INTO has loaded it already. */
export async function contentDigest(file: string): Promise<string> {
  const hash = createHash("md5");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function entriesOf(folder: string) {
  try {
    return await fs.readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
