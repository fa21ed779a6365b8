import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { link, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { HttpError } from "../http/httpError";

/** A stage file that is there. */
export interface StageFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

export interface WriteOptions {
  /** Whether a file of the same name is replaced. */
  readonly replace: boolean;
}

/** Folder for uploads under way, on the same file system as the stages, so that a rename is atomic. */
const INCOMING_FOLDER = ".incoming";
/** Longest name of a file or folder on common file systems, in bytes. */
const MAX_NAME_BYTES = 255;

/**
 * The files of all stages, below one folder. Names come from clients and are checked here and only here: no name leads
 * out of the folder. A file appears under its name when it is whole, never before.
 */
export class StageFolder {
  constructor(private readonly root: string) {
    rmSync(join(root, INCOMING_FOLDER), { recursive: true, force: true });
  }

  /**
   * Stores a file.
   *
   * @param name path below the stages' folder, `/` between its parts
   * @throws HttpError 400 for a name that is not allowed; 412 when a file of that name with other bytes is there and
   * must stay
   */
  async write(name: string, bytes: Readable, options: WriteOptions): Promise<void> {
    const path = this.#path(name);
    const incoming = join(this.root, INCOMING_FOLDER, randomUUID());
    await mkdir(dirname(incoming), { recursive: true });
    try {
      const sha256 = await receive(bytes, incoming);
      await mkdir(dirname(path), { recursive: true });
      if (options.replace) await rename(incoming, path);
      else if (!(await linked(incoming, path)) && sha256 !== (await this.digest(path))) {
        const file = parse(path).base;
        throw new HttpError(412, `File '${file}' is in the stage already: write OVERWRITE = TRUE to replace it.`);
      }
    } finally {
      await rm(incoming, { force: true });
    }
  }

  /** @throws HttpError 400 for a name that is not allowed */
  async find(name: string): Promise<StageFile | undefined> {
    const path = this.#path(name);
    try {
      const entry = await stat(path);
      return entry.isFile() ? { path, size: entry.size } : undefined;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw error;
    }
  }

  /** SHA-256 of a file's bytes, base64. */
  async digest(path: string): Promise<string> {
    const digest = createHash("sha256");
    await pipeline(createReadStream(path), digest);
    return digest.digest("base64");
  }

  #path(name: string): string {
    const parts = name.split("/");
    const bad = parts.find((part) => !isAllowed(part));
    if (bad !== undefined || parts[0] === INCOMING_FOLDER) {
      throw new HttpError(
        400,
        `'${name}' is not a name for a stage file: use plain names separated by single slashes.`,
      );
    }
    return join(this.root, ...parts);
  }
}

/** Writes a stream to a file. @returns SHA-256 of the bytes, base64 */
async function receive(bytes: Readable, path: string): Promise<string> {
  const digest = createHash("sha256");
  const tap = new Transform({
    transform(part: Buffer, _encoding, done) {
      digest.update(part);
      done(null, part);
    },
  });
  await pipeline(bytes, tap, createWriteStream(path));
  return digest.digest("base64");
}

/** Gives a file another name, in one step and only if that is free. @returns false when it is taken */
async function linked(path: string, name: string): Promise<boolean> {
  try {
    await link(path, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function isAllowed(part: string): boolean {
  return (
    part !== "" && part !== "." && part !== ".." && !/[\\\0]/.test(part) && Buffer.byteLength(part) <= MAX_NAME_BYTES
  );
}
