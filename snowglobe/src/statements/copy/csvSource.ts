import type { CsvFile } from "./csvFile";
import { fieldName, literal } from "./loadPlan";
import type { CsvRecord } from "./csvRecords";

/** Longest line that DuckDB's reader takes before the slower reader is asked, in bytes. */
const MAX_LINE_BYTES = 8 << 20;

/** Whether DuckDB's reader can be told of the file's dialect, and the file has records as wide as expected. */
export function suitsDuckDb(file: CsvFile, fields: number): boolean {
  const { fieldDelimiter, recordDelimiter, quote, skipBlankLines } = file.dialect;
  const isByte = (text: string | null): boolean => text !== null && text.length === 1 && text.charCodeAt(0) < 128;
  return (
    isByte(fieldDelimiter) &&
    (quote === null || isByte(quote)) &&
    recordDelimiter === "\n" &&
    !skipBlankLines &&
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
  const { fieldDelimiter, quote, skipHeader } = file.dialect;
  const columns = Array.from({ length: fields }, (_, index) => `'${fieldName(index)}': 'VARCHAR'`).join(", ");
  const options = [
    literal(file.staged.file),
    "auto_detect = false",
    "header = false",
    `delim = ${literal(fieldDelimiter!)}`,
    `quote = ${literal(quote ?? "")}`,
    `escape = ${literal(quote ?? "")}`,
    `columns = {${columns}}`,
    `skip = ${skipHeader + (file.parseHeader ? 1 : 0)}`,
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

/** A FROM item of rows that come as JSON text in the parameter $1; `n` is the row's number. */
export function jsonSource(file: CsvFile, width: number): string {
  const rows = "(SELECT unnest(from_json($1, '[[\"VARCHAR\"]]')) AS v)";
  return withNulls(rows, file, width, (index) => `v[${index + 2}]`, "CAST(v[1] AS BIGINT) AS n");
}

/** The value of $1 for `jsonSource`. */
export function jsonRows(records: readonly CsvRecord[]): string {
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
  const { emptyAsNull } = file.dialect;
  const nullIf = file.dialect.nullIf.map(literal);
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
