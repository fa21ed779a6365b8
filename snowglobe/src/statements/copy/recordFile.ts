import { createHash } from "node:crypto";
import type { StagedFile } from "../../account/stageFiles";
import { decoderOf } from "./characterSet";
import { PlainText } from "./csvPlainText";
import { CsvParser } from "./csvRecords";
import type { CsvFormat, JsonFormat } from "./dataFormat";
import type { DataRecord } from "./dataRecord";
import { JsonParser } from "./jsonRecords";
import { compressionOf, unpackedBytes, type Compression } from "./stagedBytes";

/** Records handed on at a time, and the characters after which fewer are. */
const BATCH_RECORDS = 5_000;
const BATCH_CHARACTERS = 4_000_000;

/** A staged file of text with all that is known of it before it is loaded. */
export interface RecordFile {
  readonly staged: StagedFile;
  /** How results and messages call it. */
  readonly name: string;
  readonly compression: Compression;
  readonly format: CsvFormat | JsonFormat;
  /** The first record, which is no data where the format has PARSE_HEADER; undefined in a file without records. */
  readonly first?: DataRecord;
}

export async function openRecords(
  staged: StagedFile,
  name: string,
  format: CsvFormat | JsonFormat,
): Promise<RecordFile> {
  const file = { staged, name, compression: await compressionOf(staged, name, format.compression), format };
  for await (const [first] of allBatches(file, 1)) return first ? { ...file, first } : file;
  return file;
}

/** Whether the first record only names the fields. */
export function hasHeader({ format }: Pick<RecordFile, "format">): boolean {
  return format.type === "CSV" && format.parseHeader;
}

/**
 * The records of a file, some at a time; the header is not among them, and rows are counted after it.
 *
 * @throws SnowflakeError 100144 for bytes that are no characters
 */
export async function* batches(file: RecordFile): AsyncGenerator<DataRecord[]> {
  if (!hasHeader(file)) {
    yield* allBatches(file, BATCH_RECORDS);
    return;
  }
  let header = true;
  for await (const batch of allBatches(file, BATCH_RECORDS)) {
    const records = batch.slice(header ? 1 : 0).map((record) => ({ ...record, number: record.number - 1 }));
    header = false;
    if (records.length > 0) yield records;
  }
}

async function* allBatches(file: RecordFile, size: number): AsyncGenerator<DataRecord[]> {
  const { format, staged, name, compression } = file;
  const parser = format.type === "CSV" ? new CsvParser(format.dialect) : new JsonParser(format.stripOuterArray);
  const decode = decoderOf(format.encoding, format.replaceInvalid, name);
  let waiting: DataRecord[] = [];
  let characters = 0;
  const take = (found: DataRecord[]): DataRecord[][] => {
    const full: DataRecord[][] = [];
    for (const record of found) {
      waiting.push(record);
      characters += record.text.length;
      if (waiting.length < size && characters < BATCH_CHARACTERS) continue;
      full.push(waiting);
      waiting = [];
      characters = 0;
    }
    return full;
  };
  for await (const chunk of unpackedBytes(staged, name, compression)) yield* take(parser.push(decode(chunk)));
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
export async function scan(file: RecordFile & { readonly format: CsvFormat }, fields: number): Promise<CsvScan> {
  const hash = createHash("md5");
  const looks = new PlainText(file.format.dialect, fields);
  const { staged, name, compression } = file;
  for await (const chunk of unpackedBytes(staged, name, compression, (raw) => hash.update(raw))) looks.take(chunk);
  return { digest: hash.digest("hex"), plain: looks.end() };
}
