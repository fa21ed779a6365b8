import { PlainText } from "./csvPlainText";
import { createReadStream, promises as fs } from "node:fs";
import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { SnowflakeError, unsupported } from "../../errors";
import { CsvParser, type CsvDialect, type CsvRecord } from "./csvRecords";
import type { StagedFile } from "../../account/stageFiles";

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
  return { digest: hash.digest("hex"), plain: looks.end() };
}
