import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { CsvError, parse } from "csv-parse";
import { SourceError } from "./errors";
import { checkKind, KIND_BYTES } from "./fileKind";

/** One record of a CSV file. */
export interface CsvRecord {
  readonly fields: string[];
  /** Line of the file on which the record ends, from 1. */
  readonly line: number;
}

/** Longest record, in bytes: an unclosed quote must not swallow a whole file. */
const MAX_RECORD_BYTES = 1 << 20;
const READ_BYTES = 256 * 1024;

/**
 * Reads a CSV file record by record: RFC 4180 (quotes, commas and newlines in quotes), UTF-8 with or without byte order
 * mark, plain or gzip (known by its first bytes, not by its name). Blank lines are left out.
 *
 * @param path local file
 * @param onBytes told the number of bytes of the file read so far
 * @param name the file's name in messages
 * @throws SourceError when the file cannot be opened, a gzip file is cut off or damaged, text is not UTF-8, a quote is
 *   never closed, or the file is of another kind (a zip archive, UTF-16, ...)
 */
export async function* readCsv(
  path: string,
  onBytes: (bytes: number) => void,
  name: string = path,
): AsyncGenerator<CsvRecord, void> {
  const gzip = await isGzip(path, name);
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback): void {
      bytes += chunk.length;
      onBytes(bytes);
      done(null, chunk);
    },
  });
  const parser = parse({
    bom: true,
    info: true,
    // Whoever wrote a quote inside a bare field meant a quote; a wrong count of fields is found later.
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
  });
  const source = createReadStream(path, { highWaterMark: READ_BYTES });
  const reading = gzip
    ? pipeline(source, counter, createGunzip({ chunkSize: READ_BYTES }), new Utf8Check(), parser)
    : pipeline(source, counter, new Utf8Check(), parser);
  // The same error comes out of the loop below; here it must only not be unhandled.
  reading.catch(() => undefined);
  try {
    for await (const item of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
      yield { fields: item.record, line: item.info.lines };
    }
    await reading;
  } catch (error) {
    throw explain(error, name);
  } finally {
    source.destroy();
  }
}

async function isGzip(path: string, name: string): Promise<boolean> {
  const first = Buffer.alloc(KIND_BYTES);
  try {
    const file = await open(path, "r");
    try {
      const { bytesRead } = await file.read(first, 0, first.length, 0);
      return checkKind(first.subarray(0, bytesRead), name).gzip;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw explain(error, name);
  }
}

/** Lets UTF-8 through and stops at anything else, instead of replacing it by question marks. */
class Utf8Check extends Transform {
  private readonly decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  private bytes = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.decoder.decode(chunk, { stream: true });
    } catch {
      done(
        new SourceError(`The source is not UTF-8 text (between bytes ${this.bytes} and ${this.bytes + chunk.length})`),
      );
      return;
    }
    this.bytes += chunk.length;
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    try {
      this.decoder.decode();
      done();
    } catch {
      done(new SourceError("The source ends in the middle of a character: is it cut off?"));
    }
  }
}

/** An error of the file system, of gunzip or of the parser as one line for people. */
function explain(error: unknown, name: string): unknown {
  if (error instanceof SourceError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const cause = { cause: error };
  switch (code) {
    case "ENOENT":
      return new SourceError(`There is no file ${name}: check --source`, cause);
    case "EISDIR":
      return new SourceError(`${name} is a folder: --source takes a file, csv or csv.gz`, cause);
    case "EACCES":
    case "EPERM":
      return new SourceError(`${name} may not be read: check its permissions`, cause);
    case "Z_BUF_ERROR":
      return new SourceError(`The gzip file ${name} is cut off: fetch it again. Nothing was loaded`, cause);
    case "Z_DATA_ERROR":
      return new SourceError(`The gzip file ${name} is damaged: fetch it again. Nothing was loaded`, cause);
    case "CSV_QUOTE_NOT_CLOSED":
      return new SourceError(`${lastLine(error)}: a quoted field is never closed; is the file cut off?`, cause);
    case "CSV_MAX_RECORD_SIZE":
      return new SourceError(`${lastLine(error)}: a row is longer than 1 MB; is a quote missing?`, cause);
  }
  if (error instanceof CsvError) return new SourceError(`The source is not a CSV file: ${error.message}`, cause);
  return error;
}

function lastLine(error: unknown): string {
  const lines = (error as { lines?: number }).lines;
  return lines === undefined ? "The source" : `Line ${lines}`;
}
