import { readSync } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";
import type { Batch } from "./batch";
import type { BatchSource } from "./chunk";

/** A file of one JSON array, an array of texts for each row. */
export interface RowsText {
  readonly path: string;
  /** Bytes of its longest piece: no row is longer. */
  readonly longest: number;
}

/** Batches of one result on disk, one after the other. The file goes with the last who holds it. */
export class ResultFile {
  private size = 0;
  private writing: Promise<RowsText> | undefined;
  private written: RowsText | undefined;
  private holders = 0;

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  static async create(path: string): Promise<ResultFile> {
    return new ResultFile(path, await open(path, "wx+", 0o600));
  }

  get bytes(): number {
    return this.size;
  }

  /** Writes a batch. @returns where it can be read again, until the file is removed */
  async append(batch: Batch): Promise<BatchSource> {
    const bytes = serialize(batch);
    const at = this.size;
    this.size += bytes.length;
    await this.handle.write(bytes, 0, bytes.length, at);
    const { handle } = this;
    return { memory: 0, bytes: batch.bytes, load: () => deserialize(read(handle, at, bytes.length)) as Batch };
  }

  /** The rows as text, once they have been written so. */
  get text(): RowsText | undefined {
    return this.written;
  }

  /**
   * Writes the rows as text, which queries over the result read; once.
   *
   * @param pieces rows as arrays of texts, joined by commas; each is asked for when the one before it is on disk
   */
  async writeText(pieces: Iterable<string>): Promise<void> {
    this.writing ??= this.writePieces(pieces);
    this.written = await this.writing;
  }

  private async writePieces(pieces: Iterable<string>): Promise<RowsText> {
    const path = `${this.path}.json`;
    const file = await open(path, "wx", 0o600);
    let longest = 0;
    try {
      let before = "[";
      for (const piece of pieces) {
        const bytes = Buffer.from(before + piece);
        await file.write(bytes);
        longest = Math.max(longest, bytes.length);
        before = ",";
      }
      await file.write("]");
    } finally {
      await file.close();
    }
    return { path, longest };
  }

  hold(): void {
    this.holders += 1;
  }

  async release(): Promise<void> {
    this.holders -= 1;
    if (this.holders > 0) return;
    await this.handle.close();
    await this.writing?.catch(() => undefined);
    for (const path of [this.path, `${this.path}.json`]) await rm(path, { force: true });
  }
}

/** What lies in the page cache is read at once; asking another thread for it would take longer. */
function read(handle: FileHandle, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const count = readSync(handle.fd, bytes, done, length - done, at + done);
    if (count === 0) throw new Error("a result file ends early");
    done += count;
  }
  return bytes;
}
