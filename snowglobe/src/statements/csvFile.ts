import { createReadStream, promises as fs } from "node:fs";
import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { SnowflakeError, unsupported } from "../errors";
import { CsvParser, type CsvDialect, type CsvRecord } from "./csvRecords";
import type { StagedFile } from "./stageFiles";

/** Bytes read, or unpacked, at a time. */
const CHUNK_BYTES = 1 << 20;
/** Records handed on at a time, and the characters after which fewer are. */
const BATCH_RECORDS = 5_000;
const BATCH_CHARACTERS = 4_000_000;

export type Compression = "gzip" | "none";

/** A staged file with all that is known of it before it is loaded. */
export interface CsvFile {
  readonly staged: StagedFile;
  /** How results and messages call it. */
  readonly name: string;
  readonly compression: Compression;
  readonly dialect: CsvDialect;
  /** The first record, which is no data where the format has PARSE_HEADER; undefined in a file without records. */
  readonly first?: CsvRecord;
  readonly parseHeader: boolean;
}

/** @param format COMPRESSION of the file format */
export async function openCsv(
  staged: StagedFile,
  name: string,
  format: { readonly compression: string; readonly dialect: CsvDialect; readonly parseHeader: boolean },
): Promise<CsvFile> {
  const { dialect, parseHeader } = format;
  const file = {
    staged,
    name,
    compression: await compressionOf(staged, name, format.compression),
    dialect,
    parseHeader,
  };
  for await (const [first] of batches({ ...file, parseHeader: false }, 1)) return first ? { ...file, first } : file;
  return file;
}

async function compressionOf(staged: StagedFile, name: string, option: string): Promise<Compression> {
  if (option === "ZSTD") throw unsupported("COMPRESSION = ZSTD");
  if (option === "NONE") return "none";
  const handle = await fs.open(staged.file, "r");
  const magic = Buffer.alloc(4);
  try {
    await handle.read(magic, 0, 4, 0);
  } finally {
    await handle.close();
  }
  const gzip = magic[0] === 0x1f && magic[1] === 0x8b;
  if (gzip) return "gzip";
  if (option === "GZIP" && staged.size > 0) throw damaged(name);
  if (magic.readUInt32LE() === 0xfd2fb528) throw unsupported("COMPRESSION = ZSTD");
  if (magic.toString("latin1", 0, 3) === "BZh") throw unsupported("COMPRESSION = BZ2");
  return "none";
}

function damaged(name: string): SnowflakeError {
  return new SnowflakeError(
    "100092",
    "22000",
    `File '${name}' cannot be unpacked: it is no gzip file, or cut off or damaged. Stage it again, or name its compression.`,
  );
}

/** The unpacked bytes. @param raw sees the bytes as they are in the stage */
async function* bytesOf(file: CsvFile, raw?: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  const source = createReadStream(file.staged.file, { highWaterMark: CHUNK_BYTES });
  if (raw) source.on("data", (chunk) => raw(chunk as Buffer));
  if (file.compression === "none") {
    for await (const chunk of source) yield chunk as Buffer;
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const piped = pipeline(source, gunzip).catch(() => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw code.startsWith("Z_") ? damaged(file.name) : error;
  } finally {
    source.destroy();
    gunzip.destroy();
    await piped;
  }
}

/**
 * The records of a file, some at a time; the header is not among them.
 *
 * @throws SnowflakeError 100144 where the text is no UTF-8
 */
export async function* batches(file: CsvFile, size = BATCH_RECORDS): AsyncGenerator<CsvRecord[]> {
  const parser = new CsvParser(file.dialect);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let header = file.parseHeader;
  let start = true;
  let waiting: CsvRecord[] = [];
  let characters = 0;
  const decode = (chunk?: Buffer): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new SnowflakeError(
        "100144",
        "22000",
        `Invalid UTF8 detected in file '${file.name}': save it in UTF-8, or correct the data.`,
      );
    }
  };
  const take = (found: CsvRecord[]): CsvRecord[][] => {
    const full: CsvRecord[][] = [];
    for (const record of found) {
      if (header) {
        header = false;
        continue;
      }
      // The header is no row: rows are counted after it.
      waiting.push(file.parseHeader ? { ...record, number: record.number - 1 } : record);
      characters += record.text.length;
      if (waiting.length < size && characters < BATCH_CHARACTERS) continue;
      full.push(waiting);
      waiting = [];
      characters = 0;
    }
    return full;
  };
  for await (const chunk of bytesOf(file)) {
    let text = decode(chunk);
    if (start && text.length > 0) {
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
      start = false;
    }
    yield* take(parser.push(text));
  }
  yield* take(parser.push(decode()));
  yield* take(parser.end());
  if (waiting.length > 0) yield waiting;
}

/** What a look at all bytes of a file told. */
export interface CsvScan {
  /** MD5 of the file as it is in the stage, in hex. */
  readonly digest: string;
  /** The text has nothing that DuckDB's reader takes otherwise than Snowflake does. */
  readonly plain: boolean;
}

/** @param fields how many fields each record should have */
export async function scan(file: CsvFile, fields: number): Promise<CsvScan> {
  const hash = createHash("md5");
  const looks = new PlainText(file.dialect, fields);
  for await (const chunk of bytesOf(file, (raw) => hash.update(raw))) looks.take(chunk);
  looks.end();
  return { digest: hash.digest("hex"), plain: looks.plain };
}

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;

/**
 * Finds what DuckDB's reader takes otherwise: it drops blank lines, blanks around quotes, and one surplus delimiter at a
 * line's end; it knows no escapes in bare fields. A false alarm only costs time.
 */
class PlainText {
  plain = true;
  /** Begins with a line break: also the first line may be a blank one. */
  private rest: Buffer = Buffer.from("\n");
  private readonly marks: readonly Buffer[];
  private headerLines: number;

  constructor(
    private readonly dialect: CsvDialect,
    private readonly fields: number,
  ) {
    this.headerLines = dialect.skipHeader;
    const escapes = new Set([dialect.escape, dialect.escapeUnenclosed].filter((one) => one !== null));
    this.marks = ["\n\n", "\n\r", "\0", ...escapes].map((mark) => Buffer.from(mark));
  }

  /** Only whole lines are looked at, each with the line break before it: the rest waits for the next chunk. */
  take(chunk: Buffer): void {
    if (!this.plain) return;
    const text = Buffer.concat([this.rest, chunk]);
    const last = text.lastIndexOf(NEWLINE);
    if (last > 0) this.look(text.subarray(0, last + 1));
    this.rest = text.subarray(last);
  }

  end(): void {
    if (this.plain) this.look(this.rest);
  }

  private look(text: Buffer): void {
    this.plain =
      !this.hasOpenHeader(text) &&
      !this.marks.some((mark) => text.includes(mark)) &&
      !this.hasLoneReturn(text) &&
      !this.hasBlankAtQuote(text) &&
      !this.hasSurplusDelimiter(text);
  }

  /** SKIP_HEADER counts lines, DuckDB counts on to the end of an open quote. */
  private hasOpenHeader(text: Buffer): boolean {
    for (let at = 0; this.headerLines > 0 && at < text.length - 1; this.headerLines -= 1) {
      const end = text.indexOf(NEWLINE, at + 1);
      const line = text.toString("latin1", at + 1, end < 0 ? text.length : end);
      if (this.dialect.quote !== null && line.split(this.dialect.quote).length % 2 === 0) return true;
      at = end < 0 ? text.length : end;
    }
    return false;
  }

  private hasLoneReturn(text: Buffer): boolean {
    for (let at = text.indexOf(RETURN); at >= 0; at = text.indexOf(RETURN, at + 1)) {
      if (text[at + 1] !== NEWLINE) return true;
    }
    return false;
  }

  private hasBlankAtQuote(text: Buffer): boolean {
    const { quote } = this.dialect;
    if (quote === null) return false;
    const delimiter = this.dialect.fieldDelimiter!.charCodeAt(0);
    const isEdge = (byte: number | undefined): boolean =>
      byte === undefined || byte === delimiter || byte === NEWLINE || byte === RETURN;
    for (let at = text.indexOf(`${quote} `); at >= 0; at = text.indexOf(`${quote} `, at + 1)) {
      let after = at + 1;
      while (text[after] === SPACE) after += 1;
      if (isEdge(text[after])) return true;
    }
    for (let at = text.indexOf(` ${quote}`); at >= 0; at = text.indexOf(` ${quote}`, at + 1)) {
      let before = at;
      while (text[before] === SPACE) before -= 1;
      if (isEdge(text[before])) return true;
    }
    return false;
  }

  /** An empty field at a line's end is fine, one delimiter too many is not. */
  private hasSurplusDelimiter(text: Buffer): boolean {
    const delimiter = this.dialect.fieldDelimiter!.charCodeAt(0);
    const quote = this.dialect.quote === null ? -1 : this.dialect.quote.charCodeAt(0);
    const isSurplus = (end: number): boolean => {
      let count = 0;
      let quoted = false;
      for (let at = text.lastIndexOf(NEWLINE, end - 1) + 1; at < end; at += 1) {
        if (text[at] === quote) quoted = !quoted;
        else if (text[at] === delimiter && !quoted) count += 1;
      }
      return quoted || count !== this.fields - 1;
    };
    const mark = (ending: string): boolean => {
      const pattern = this.dialect.fieldDelimiter! + ending;
      for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1)) {
        if (isSurplus(at + 1)) return true;
      }
      return false;
    };
    return mark("\n") || mark("\r\n") || (text.at(-1) === delimiter && isSurplus(text.length));
  }
}
