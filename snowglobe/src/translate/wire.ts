import type { DataType } from "../sql/ast/dataType";
import { numberTextSql, physicalType } from "./types/physicalType";

/**
 * DuckDB expression that gives a value as VARCHAR in the cell encoding of the drivers' JSON rowset; NULL stays NULL.
 * Booleans are 1 and 0, dates days since 1970, times and timestamps seconds with as many decimals as the type's scale
 * says, since some drivers slice the text by it, TIMESTAMP_TZ followed by its offset in minutes plus 1440, binary
 * upper-case hexadecimal.
 *
 * @param sql a value of the physical type of `type`
 */
export function encodeForWire(sql: string, type: DataType): string {
  switch (type.kind) {
    case "NUMBER":
      return numberTextSql(sql, type);
    case "FLOAT":
      return `fn.double_to_text(${sql})`;
    case "VARCHAR":
    case "NULL":
      return `CAST(${sql} AS VARCHAR)`;
    case "BINARY":
      return `hex(${sql})`;
    case "BOOLEAN":
      return `CASE ${sql} WHEN true THEN '1' WHEN false THEN '0' END`;
    case "DATE":
      return `CAST(CAST(${sql} AS DATE) - DATE '1970-01-01' AS VARCHAR)`;
    case "TIME":
      return secondsText(`CAST(date_diff('microsecond', TIME '00:00:00', ${sql}) AS BIGINT)`, type.scale);
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
      return secondsText(`epoch_us(${sql})`, type.scale);
    case "TIMESTAMP_TZ":
      return `(${secondsText(`epoch_us((${sql}).utc)`, type.scale)} || ' ' || CAST((${sql})."offset" + 1440 AS VARCHAR))`;
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return `fn.variant_text(${sql})`;
  }
}

/** Seconds with exactly `scale` decimals, of a number of microseconds. */
function secondsText(microseconds: string, scale: number): string {
  const six = `fn.seconds_text(${microseconds})`;
  if (scale >= 6) return scale === 6 ? six : `(${six} || '${"0".repeat(scale - 6)}')`;
  // Without decimals the point goes, too.
  return `left(${six}, ${scale === 0 ? -7 : scale - 6})`;
}

/** The way back: a VARCHAR in wire encoding as a value of the physical type. */
export function decodeFromWire(sql: string, type: DataType): string {
  switch (type.kind) {
    case "NUMBER":
    case "FLOAT":
      return `CAST(${sql} AS ${physicalType(type)})`;
    case "VARCHAR":
    case "NULL":
      return sql;
    case "BINARY":
      return `unhex(${sql})`;
    case "BOOLEAN":
      return `CASE ${sql} WHEN '1' THEN true WHEN '0' THEN false END`;
    case "DATE":
      return `(DATE '1970-01-01' + CAST(${sql} AS INTEGER))`;
    case "TIME":
      return `CAST(make_timestamp(fn.text_microseconds(${sql})) AS TIME)`;
    case "TIMESTAMP_NTZ":
      return `make_timestamp(fn.text_microseconds(${sql}))`;
    case "TIMESTAMP_LTZ":
      return `timezone('UTC', make_timestamp(fn.text_microseconds(${sql})))`;
    case "TIMESTAMP_TZ":
      return `fn.tz_make(make_timestamp(fn.text_microseconds(split_part(${sql}, ' ', 1))), CAST(split_part(${sql}, ' ', 2) AS INTEGER) - 1440)`;
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return `CAST(host_read_json(${sql}, 'd') AS JSON)`;
  }
}

/**
 * A SELECT that gives the columns of `sql` in the DuckDB types that a result's batches are read from (rowset's
 * BatchBuilder): times as microseconds, TIMESTAMP_TZ as two columns.
 *
 * @param sql a SELECT statement
 * @param columns its columns: names in the statement, and types
 */
export function batchProjection(
  sql: string,
  columns: readonly { readonly id: string; readonly type: DataType }[],
): string {
  return `SELECT ${columns.flatMap((column) => batchColumns(column.id, column.type)).join(", ")} FROM (${sql})`;
}

function batchColumns(sql: string, type: DataType): string[] {
  switch (type.kind) {
    case "TIME":
      return [`CAST(date_diff('microsecond', TIME '00:00:00', ${sql}) AS BIGINT)`];
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
      return [`CAST(epoch_us(${sql}) AS BIGINT)`];
    case "TIMESTAMP_TZ":
      return [`CAST(epoch_us((${sql}).utc) AS BIGINT)`, `CAST((${sql})."offset" AS INTEGER)`];
    case "DATE":
      return [`CAST(CAST(${sql} AS DATE) - DATE '1970-01-01' AS INTEGER)`];
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return [`fn.variant_text(${sql})`];
    default:
      return [`CAST(${sql} AS ${physicalType(type)})`];
  }
}
