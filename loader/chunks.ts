import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { createGzip, type Gzip } from "node:zlib";

/** Rows are handed to gzip in pieces of about this many characters. */
const PIECE = 256 * 1024;
/** Size of a file before compression, in characters: about what Snowflake advises after compression ("Preparing your data files"). */
const FILE_SIZE = 256 * 1024 * 1024;
/** Fast compression: the files live for seconds. */
const GZIP_LEVEL = 1;

/**
 * Writes CSV lines to gzip files of a bounded size in a folder, hands each file over as soon as it is full, and removes
 * it then: never more than one file lies on the disk.
 */
export class ChunkWriter {
  private pending = "";
  private size = 0;
  private files = 0;
  private gzip: Gzip | undefined;
  private file: WriteStream | undefined;
  private written: Promise<void> | undefined;

  /**
   * @param folder existing folder
   * @param deliver takes the path of a finished file
   * @param fileSize characters before compression
   */
  constructor(
    private readonly folder: string,
    private readonly deliver: (path: string) => Promise<void>,
    private readonly fileSize: number = FILE_SIZE,
  ) {}

  /** @param line without its end */
  async add(line: string): Promise<void> {
    this.pending += line;
    this.pending += "\n";
    if (this.pending.length >= PIECE || this.size + this.pending.length >= this.fileSize) await this.flush();
  }

  /** Delivers what is left. */
  async end(): Promise<void> {
    if (this.pending !== "") await this.flush();
    await this.finishFile();
  }

  /** Gives up: closes what is open. */
  abort(): void {
    this.gzip?.destroy();
    this.file?.destroy();
  }

  private async flush(): Promise<void> {
    const gzip = this.open();
    this.size += this.pending.length;
    const drained = gzip.write(this.pending);
    this.pending = "";
    // A full disk ends the file's stream, not gzip's, which would then never drain.
    if (!drained) await Promise.race([once(gzip, "drain"), this.written]);
    if (this.size >= this.fileSize) await this.finishFile();
  }

  private open(): Gzip {
    if (!this.gzip) {
      this.files++;
      this.gzip = createGzip({ level: GZIP_LEVEL, chunkSize: 64 * 1024 });
      this.file = createWriteStream(this.path());
      this.written = finished(this.file);
      this.written.catch(() => undefined);
      this.gzip.pipe(this.file);
    }
    return this.gzip;
  }

  private path(): string {
    return join(this.folder, `loans-${String(this.files).padStart(4, "0")}.csv.gz`);
  }

  private async finishFile(): Promise<void> {
    if (!this.gzip) return;
    this.gzip.end();
    await this.written;
    this.gzip = undefined;
    this.size = 0;
    const path = this.path();
    await this.deliver(path);
    await unlink(path);
  }
}
