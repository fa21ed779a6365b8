import { hasHeader, type RecordFile } from "./recordFile";
import type { CsvFormat } from "./dataFormat";
import type { DataRecord } from "./dataRecord";
import { isUtf8 } from "./characterSet";
import { fieldName } from "./sourceColumns";
import { literal } from "../../quoting";

/** Longest line that DuckDB's reader takes before the slower reader is asked, in bytes. */
const MAX_LINE_BYTES = 8 << 20;

/** Least room that DuckDB's JSON reader gets for a line, in bytes. */
const MIN_BUFFER_BYTES = 1 << 20;

/** A file of delimited text. */
export type CsvFile = RecordFile & { readonly format: CsvFormat };

function isCsv(file: RecordFile): file is CsvFile {
  return file.format.type === "CSV";
}

/** Whether DuckDB's reader can be told of the file's dialect, and the file has records as wide as expected. */
export function suitsDuckDb(file: RecordFile, fields: number): file is CsvFile {
  if (!isCsv(file)) return false;
  const { fieldDelimiter, recordDelimiter, quote, skipBlankLines, trimSpace } = file.format.dialect;
  const isByte = (text: string | null): boolean => text !== null && text.length === 1 && text.charCodeAt(0) < 128;
  return (
    isByte(fieldDelimiter) &&
    (quote === null || isByte(quote)) &&
    recordDelimiter === "\n" &&
    !skipBlankLines &&
    !trimSpace &&
    isUtf8(file.format.encoding) &&
    (file.compression === "none" || file.compression === "gzip") &&
    fields > 0 &&
    file.first !== undefined &&
    file.first.fault === undefined &&
    file.first.fields.length === fields
  );
}

/**
 * A FROM item that reads a file with DuckDB's reader, for files that `suitsDuckDb` and a scan agree with.
 *
 * @param fields how many the file has
 * @param width how many are wanted; those that the file has not are NULL
 */
export function duckDbSource(file: CsvFile, fields: number, width: number): string {
  const { fieldDelimiter, quote, skipHeader } = file.format.dialect;
  const columns = Array.from({ length: fields }, (_, index) => `'${fieldName(index)}': 'VARCHAR'`).join(", ");
  const options = [
    literal(file.staged.file),
    "auto_detect = false",
    "header = false",
    `delim = ${literal(fieldDelimiter!)}`,
    `quote = ${literal(quote ?? "")}`,
    `escape = ${literal(quote ?? "")}`,
    `columns = {${columns}}`,
    `skip = ${skipHeader + (hasHeader(file) ? 1 : 0)}`,
    "nullstr = ''",
    "allow_quoted_nulls = false",
    "strict_mode = true",
    "null_padding = false",
    `compression = '${file.compression}'`,
    `max_line_size = ${MAX_LINE_BYTES}`,
  ];
  return withNulls(`read_csv(${options.join(", ")})`, file, width, (index) =>
    index < fields ? fieldName(index) : undefined,
  );
}

/** What becomes of a document that is no JSON: NULL, or an error when it is read. */
export type OnInvalid = "null" | "raise";

/**
 * A FROM item of records that come as JSON text in the parameter $1: `n` is the row's number, and f1, f2 ... are its
 * fields. A document's only field is a VARIANT, and beside it stands `raw`, its text.
 */
export function recordSource(file: RecordFile, width: number, invalid: OnInvalid): string {
  const rows = "(SELECT unnest(from_json($1, '[[\"VARCHAR\"]]')) AS v)";
  return recordColumns(rows, file, width, invalid);
}

/**
 * As `recordSource`, of records that lie in a file, one JSON array a line: see `recordLine`.
 *
 * @param longest bytes of the longest line
 */
export function recordFileSource(path: string, file: RecordFile, width: number, longest: number): string {
  const read = `read_json_objects(${literal(path)}, format = 'newline_delimited', maximum_object_size = ${Math.max(longest + 1, MIN_BUFFER_BYTES)})`;
  return recordColumns(`(SELECT from_json(json, '["VARCHAR"]') AS v FROM ${read})`, file, width, "raise");
}

/** One line of such a file. */
export function recordLine(record: DataRecord): string {
  return `${JSON.stringify([String(record.number), ...record.fields])}\n`;
}

/** As `recordSource`, over a FROM item with a list `v` for each record: its number, then its fields. */
function recordColumns(rows: string, file: RecordFile, width: number, invalid: OnInvalid): string {
  const number = "CAST(v[1] AS BIGINT) AS n";
  if (isCsv(file)) return withNulls(rows, file, width, (index) => `v[${index + 2}]`, number);
  const read = invalid === "null" ? "host_try_read_json" : "host_read_json";
  return `(SELECT ${number}, v[2] AS raw, CAST(${read}(v[2], 's') AS JSON) AS ${fieldName(0)} FROM ${rows})`;
}

/** The value of $1 for `recordSource`. */
export function recordRows(records: readonly DataRecord[]): string {
  return JSON.stringify(records.map((record) => [String(record.number), ...record.fields]));
}

/** NULL_IF and EMPTY_FIELD_AS_NULL; a field that the record has not is NULL. */
function withNulls(
  from: string,
  file: CsvFile,
  width: number,
  fieldAt: (index: number) => string | undefined,
  ...more: string[]
): string {
  const { emptyAsNull, nullIf: given } = file.format.dialect;
  const nullIf = given.map(literal);
  const columns = Array.from({ length: width }, (_, index) => {
    const at = fieldAt(index);
    if (at === undefined) return `CAST(NULL AS VARCHAR) AS ${fieldName(index)}`;
    // DuckDB's reader has made NULL of what is empty.
    const value = emptyAsNull || !from.startsWith("read_csv") ? at : `coalesce(${at}, '')`;
    if (nullIf.length === 0) return `${value} AS ${fieldName(index)}`;
    if (nullIf.length === 1) return `nullif(${value}, ${nullIf[0]!}) AS ${fieldName(index)}`;
    return `CASE WHEN ${value} IN (${nullIf.join(", ")}) THEN NULL ELSE ${value} END AS ${fieldName(index)}`;
  });
  return `(SELECT ${[...more, ...columns].join(", ") || "1 AS one"} FROM ${from})`;
}
