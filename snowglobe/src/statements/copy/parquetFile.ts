import type { DataType } from "../../sql/ast/dataType";
import { BINARY, BOOLEAN, DATE, FLOAT, TIME, TIMESTAMP_NTZ, TIMESTAMP_TZ, VARCHAR } from "../../sql/ast/dataType";
import { SnowflakeError, unsupported } from "../../errors";
import type { StagedFile } from "../../account/stageFiles";
import { type StatementReader } from "../../storage";
import { castTo, emitExpression, type BoundExpression, type SessionContext } from "../../translate";
import type { ParquetFormat } from "./dataFormat";
import { NO_SCAN } from "./fieldValue";
import { fieldName } from "./sourceColumns";
import { literal } from "../../quoting";

/** A column of a Parquet file, as a value of Snowflake's. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: DataType;
  /** DuckDB text over the file's own columns. */
  readonly sql: string;
}

export interface ParquetFile {
  readonly staged: StagedFile;
  /** How results and messages call it. */
  readonly name: string;
  readonly format: ParquetFormat;
  readonly columns: readonly ParquetColumn[];
}

/** @throws SnowflakeError 100152 for a file that is no Parquet file */
export async function openParquet(
  staged: StagedFile,
  name: string,
  format: ParquetFormat,
  reader: StatementReader,
): Promise<ParquetFile> {
  let described: readonly Record<string, unknown>[];
  try {
    described = await reader.rows(`DESCRIBE SELECT * FROM ${readParquet(staged, format)}`);
  } catch (error) {
    if (!/parquet|magic bytes|file/i.test(String(error))) throw error;
    throw new SnowflakeError(
      "100152",
      "22000",
      `Error parsing the parquet file: '${name}' is no Parquet file, or cut off or damaged. Stage it again.`,
    );
  }
  const columns = described.map(({ column_name: own, column_type: type }) =>
    columnOf(String(own), String(type), format),
  );
  return { staged, name, format, columns };
}

function readParquet(staged: StagedFile, format: ParquetFormat, rowNumber = false): string {
  const options = [`binary_as_string = ${format.binaryAsText}`, "hive_partitioning = false"];
  if (rowNumber) options.push("file_row_number = true");
  return `read_parquet(${literal(staged.file)}, ${options.join(", ")})`;
}

/** Columns of DuckDB's whole numbers. */
const INTEGERS = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/;

function columnOf(name: string, type: string, format: ParquetFormat): ParquetColumn {
  const own = `"${name.replaceAll('"', '""')}"`;
  const made = (made: DataType, sql = own): ParquetColumn => ({ name, type: made, sql });
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal) return made({ kind: "NUMBER", precision: Number(decimal[1]), scale: Number(decimal[2]) });
  if (INTEGERS.test(type)) {
    return made({ kind: "NUMBER", precision: 38, scale: 0 }, `CAST(${own} AS DECIMAL(38,0))`);
  }
  switch (type) {
    case "BOOLEAN":
      return made(BOOLEAN);
    case "FLOAT":
    case "DOUBLE":
      return made(FLOAT, `CAST(${own} AS DOUBLE)`);
    case "VARCHAR":
      return made(VARCHAR, textSql(own, format));
    case "UUID":
      return made(VARCHAR, `CAST(${own} AS VARCHAR)`);
    case "BLOB":
      return made(BINARY);
    case "DATE":
      return made(DATE);
    case "TIME":
      return made(TIME);
    case "TIME WITH TIME ZONE":
      return made(TIME, `CAST(${own} AS TIME)`);
    case "TIMESTAMP":
    case "TIMESTAMP_S":
    case "TIMESTAMP_MS":
      return made(TIMESTAMP_NTZ, `CAST(${own} AS TIMESTAMP)`);
    case "TIMESTAMP_NS":
      return made(TIMESTAMP_NTZ, `make_timestamp(fn.nanos_as_micros(epoch_ns(${own})))`);
    case "TIMESTAMP WITH TIME ZONE":
      // An instant, which Parquet always keeps in UTC.
      return made(TIMESTAMP_TZ, `fn.tz_make(timezone('UTC', ${own}), 0)`);
    case "JSON":
      return made({ kind: "VARIANT" }, nested(own));
  }
  if (type.endsWith("]")) return made({ kind: "ARRAY" }, nested(own));
  if (type.startsWith("STRUCT(") || type.startsWith("MAP(")) {
    return made({ kind: "OBJECT" }, nested(own));
  }
  throw unsupported(`Parquet column ${name} of type ${type}`);
}

/** A nested value as a VARIANT is stored. */
function nested(own: string): string {
  return `CAST(host_read_json(CAST(to_json(${own}) AS VARCHAR), 'd') AS JSON)`;
}

function textSql(own: string, { trimSpace, nullIf }: ParquetFormat): string {
  const text = trimSpace ? `trim(${own})` : own;
  return nullIf.length === 0
    ? text
    : `CASE WHEN ${text} IN (${nullIf.map(literal).join(", ")}) THEN NULL ELSE ${text} END`;
}

/** What a source over a Parquet file has: its row number `n`, some columns as f1, f2 ..., or each row as a document f1. */
export type ParquetShape = { readonly columns: readonly ParquetColumn[] } | "document";

/** A FROM item. @param session for values that become text in a document */
export function parquetSource(file: ParquetFile, shape: ParquetShape, session: SessionContext): string {
  const columns =
    shape === "document"
      ? [`${documentSql(file.columns, session)} AS ${fieldName(0)}`]
      : shape.columns.map((column, index) => `${column.sql} AS ${fieldName(index)}`);
  const read = readParquet(file.staged, file.format, true);
  return `(SELECT ${["file_row_number + 1 AS n", ...columns].join(", ")} FROM ${read})`;
}

/** A row as an object; NULLs are no part of it. */
function documentSql(columns: readonly ParquetColumn[], session: SessionContext): string {
  const members = columns.map(({ name, type, sql }) => {
    const value: BoundExpression = { kind: "column", id: sql, name, type, nullable: true };
    const json = emitExpression(castTo(value, { kind: "VARIANT" }, session, "explicit"), NO_SCAN);
    return `fn.member(${literal(name)}, ${json})`;
  });
  return `fn.object_sorted(CAST([${members.join(", ")}] AS VARCHAR[]))`;
}
