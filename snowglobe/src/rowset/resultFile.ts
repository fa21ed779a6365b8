import { readSync } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";
import type { Batch } from "./batch";
import type { BatchSource } from "./chunk";

/** Batches of one result on disk, one after the other. The file goes with the last who holds it. */
export class ResultFile {
  private size = 0;
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

  hold(): void {
    this.holders += 1;
  }

  async release(): Promise<void> {
    this.holders -= 1;
    if (this.holders > 0) return;
    await this.handle.close();
    await rm(this.path, { force: true });
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
