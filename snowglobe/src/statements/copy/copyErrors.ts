import { shortened, SnowflakeError } from "../../errors";
import type { CsvDialect } from "./csvRecords";
import { placeInFile, type DataRecord } from "./dataRecord";

/** What is wrong with a row of a file. */
export interface RowError {
  readonly code: string;
  readonly sqlState: string;
  readonly message: string;
  /** From 1, as are lines and characters. */
  readonly row: number;
  readonly line: number;
  readonly character: number;
  /** As Snowflake names it: `"T"["C":3]`. */
  readonly column: string;
}

/** The table that a file goes into, as far as messages tell of it. */
export interface ErrorTarget {
  readonly table: string;
  /** Names of the columns that take the fields, in order. */
  readonly columns: readonly string[];
}

/** Longest message of one value, in characters: where a quote is missing, the rest of a file is one value. */
const MESSAGE_CHARACTERS = 500;

const ADVICE =
  "If you would like to continue loading when an error is encountered, use other values such as 'SKIP_FILE' or 'CONTINUE' for the ON_ERROR option. For more information on loading options, please run 'info loading_data' in a SQL client.";

/** The error of a COPY that stops at its first bad row. */
export function abortedLoad(file: string, error: RowError): SnowflakeError {
  return new SnowflakeError(
    error.code,
    error.sqlState,
    `${error.message}\n  File '${file}', line ${error.line}, character ${error.character}\n  Row ${error.row}, column ${error.column}\n  ${ADVICE}`,
  );
}

/** @param index of the field, from 0 */
function columnLabel(target: ErrorTarget, index: number): string {
  const name = target.columns[index];
  const table = `"${target.table}"`;
  return name === undefined ? `${table}[${index + 1}]` : `${table}["${name}":${index + 1}]`;
}

/** An error of one field's value. */
export function valueError(
  record: DataRecord,
  index: number,
  target: ErrorTarget,
  { code, sqlState, message }: Pick<RowError, "code" | "sqlState" | "message">,
): RowError {
  const { line, character } = placeInFile(record, record.starts[index] ?? record.text.length);
  const text = shortened(message, MESSAGE_CHARACTERS);
  return { code, sqlState, message: text, row: record.number, line, character, column: columnLabel(target, index) };
}

/** A field whose quotes do not end, or not where a delimiter is; undefined for a sound record. */
export function faultOf(record: DataRecord, target: ErrorTarget, dialect: CsvDialect): RowError | undefined {
  const { fault } = record;
  if (!fault) return undefined;
  const { line, character } = placeInFile(record, fault.offset);
  const column = columnLabel(target, fault.field);
  const at = { sqlState: "22000", row: record.number, line, character, column };
  if (fault.kind === "open quote") {
    return { ...at, code: "100068", message: `End of record reached while expected to parse column '${column}'` };
  }
  return {
    ...at,
    code: "100065",
    message: `Found character '${record.text[fault.offset]!}' instead of field delimiter '${shown(dialect.fieldDelimiter ?? "")}'`,
  };
}

/**
 * A record with more or fewer fields than there are columns. The first record is measured against the table, later ones
 * fail where they end too early or go on too long.
 */
export function countError(
  record: DataRecord,
  expected: number,
  target: ErrorTarget,
  dialect: CsvDialect,
): RowError | undefined {
  const count = record.fields.length;
  if (count === expected) return undefined;
  const at = { sqlState: "22000", row: record.number };
  if (record.number === 1) {
    return {
      ...at,
      code: "100080",
      message: `Number of columns in file (${count}) does not match that of the corresponding table (${expected}), use file format option error_on_column_count_mismatch=false to ignore this error`,
      // Noticed after the record has been read: at the beginning of the line after it.
      line: placeInFile(record, record.text.length).line + 1,
      character: 1,
      column: columnLabel(target, count - 1),
    };
  }
  if (count > expected) {
    return {
      ...at,
      ...placeInFile(record, record.starts[expected]! - (dialect.fieldDelimiter?.length ?? 0)),
      code: "100016",
      message: `Field delimiter '${shown(dialect.fieldDelimiter ?? "")}' found while expecting record delimiter '${shown(dialect.recordDelimiter)}'`,
      column: columnLabel(target, expected - 1),
    };
  }
  return {
    ...at,
    ...placeInFile(record, record.text.length),
    code: "100068",
    message: `End of record reached while expected to parse column '${columnLabel(target, count)}'`,
    column: columnLabel(target, count),
  };
}

function shown(delimiter: string): string {
  return delimiter.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
}
