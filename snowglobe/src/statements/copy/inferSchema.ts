import { compilationError, SnowflakeError, unsupported } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { INTEGER, TEXT, BOOLEAN, type Cell } from "../../execution/outcome";
import { relationOf } from "../../execution/sqlRelation";
import type { StagedFile } from "../../account/stageFiles";
import { parseObjectName } from "../../sql";
import { dataTypeText, type DataType } from "../../sql/ast/dataType";
import type { Expression, FunctionCall } from "../../sql/ast/expression";
import { type StatementReader } from "../../storage";
import type { SqlRelation } from "../../translate";
import { locationIn, resolveLocation } from "../stage/files";
import { formatByName } from "../stage/formatOptions";
import { dataFormat } from "./dataFormat";
import { openParquet } from "./parquetFile";
import { batches, hasHeader, openRecords, type RecordFile } from "./recordFile";
import { recordRows, recordSource } from "./recordSource";
import { isParquet, type SourceFile } from "./sourceFile";
import { fieldName } from "./sourceColumns";
import { literal, quoteIfNeeded } from "../../quoting";

/** Records of each file of text that are looked at, unless MAX_RECORDS_PER_FILE says otherwise. */
const SAMPLE = 20_000;

/** Whether a syntax node is a call of INFER_SCHEMA. */
export function isInferSchema(node: Readonly<Record<string, unknown>>): boolean {
  const name = node.name as FunctionCall["name"] | undefined;
  return Array.isArray(name) && name.length === 1 && name[0]?.name === "INFER_SCHEMA";
}

interface Found {
  readonly name: string;
  type: DataType;
  nullable: boolean;
  readonly files: string[];
}

/** INFER_SCHEMA. Source: its page. @returns the location, as written, and the columns of its files */
export async function inferSchema(
  call: FunctionCall,
  reader: StatementReader,
  context: StatementContext,
): Promise<readonly [location: string, relation: SqlRelation]> {
  const given = new Map(call.namedArgs.map(({ name, value }) => [name, value]));
  const known = ["LOCATION", "FILE_FORMAT", "IGNORE_CASE", "MAX_FILE_COUNT", "MAX_RECORDS_PER_FILE", "KIND", "FILES"];
  const other = [...given.keys()].find((name) => !known.includes(name));
  if (other) throw unsupported(`INFER_SCHEMA with ${other}`);
  const location = text(given.get("LOCATION"), "LOCATION", context);
  const formatName = text(given.get("FILE_FORMAT"), "FILE_FORMAT", context);
  const kind = given.has("KIND") ? text(given.get("KIND"), "KIND", context).toUpperCase() : "STANDARD";
  if (kind !== "STANDARD") throw unsupported(`INFER_SCHEMA with KIND => '${kind}'`);
  const place = locationIn(location);
  if (place.stage.kind === "table") throw unsupported("INFER_SCHEMA of a table stage");
  const resolved = resolveLocation(place, context, "READ");
  const format = dataFormat(formatByName(parseObjectName(formatName), context));
  const ignoreCase = constant(given.get("IGNORE_CASE"), context) === "true";
  const most = Number(constant(given.get("MAX_FILE_COUNT"), context) ?? Number.MAX_SAFE_INTEGER);
  const sample = Number(constant(given.get("MAX_RECORDS_PER_FILE"), context) ?? SAMPLE);
  const files = named(
    await context.instance.stageFiles.list(resolved.folder, resolved.path, undefined, context.signal),
    given.get("FILES"),
    resolved.path,
    context,
  );
  const columns: Found[] = [];
  for (const staged of files.slice(0, most)) {
    const own =
      format.type === "PARQUET"
        ? (await openParquet(staged, staged.name, format, reader)).columns
        : await columnsOf(await openRecords(staged, staged.name, format), sample, reader);
    for (const { name, type } of own) note(columns, ignoreCase ? name.toUpperCase() : name, type, staged.name);
  }
  const rows = columns.map(({ name, type, nullable, files: names }, order): Cell[] => {
    const typeText = type.kind === "VARCHAR" ? "TEXT" : shortType(type);
    const column = quoteIfNeeded(name) === name || /^[A-Za-z_]\w*$/.test(name) ? name : `"${name}"`;
    const read =
      format.type === "CSV" ? `$${order + 1}` : ignoreCase ? `GET_IGNORE_CASE ($1, ${column})` : `$1:${column}`;
    return [name, typeText, nullable, `${read}::${typeText}`, names.join(", "), order];
  });
  return [
    location,
    relationOf(
      ["INFER_SCHEMA"],
      [
        ["COLUMN_NAME", TEXT],
        ["TYPE", TEXT],
        ["NULLABLE", BOOLEAN],
        ["EXPRESSION", TEXT],
        ["FILENAMES", TEXT],
        ["ORDER_ID", INTEGER],
      ],
      rows,
    ),
  ];
}

/** FILES => ('a', 'b'): those files alone, by their names below the location. */
function named(
  files: readonly StagedFile[],
  given: Expression | undefined,
  path: string,
  context: StatementContext,
): readonly StagedFile[] {
  if (!given) return files;
  const items = given.kind === "row" ? given.items : [given];
  const names = new Set(items.map((item) => text(item, "FILES", context)));
  return files.filter(({ name }) => names.has(name) || names.has(name.slice(path.length).replace(/^\//, "")));
}

function shortType(type: DataType): string {
  return type.kind === "NUMBER" ? dataTypeText(type).replace(",", ", ") : type.kind === "FLOAT" ? "REAL" : type.kind;
}

function constant(expression: Expression | undefined, { binds }: StatementContext): string | undefined {
  switch (expression?.kind) {
    case "string":
      return expression.value;
    case "number":
      return expression.text;
    case "boolean":
      return String(expression.value);
    case "bind":
      return (
        (expression.name === undefined ? binds.positional[expression.index! - 1] : binds.named.get(expression.name))
          ?.value ?? undefined
      );
    default:
      return undefined;
  }
}

function text(expression: Expression | undefined, name: string, context: StatementContext): string {
  const value = constant(expression, context);
  if (value === undefined) throw compilationError(`INFER_SCHEMA needs ${name}, a constant text`, "001014", "22023");
  return value;
}

function note(columns: Found[], name: string, type: DataType, file: string): void {
  const known = columns.find((column) => column.name === name);
  if (!known) columns.push({ name, type, nullable: true, files: [file] });
  else {
    known.type = common(known.type, type);
    known.files.push(file);
  }
}

/** A type that holds the values of both. */
function common(a: DataType, b: DataType): DataType {
  if (a.kind === "NULL") return b;
  if (b.kind === "NULL" || JSON.stringify(a) === JSON.stringify(b)) return a;
  if (a.kind === "NUMBER" && b.kind === "NUMBER") {
    const scale = Math.max(a.scale, b.scale);
    const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
    return { kind: "NUMBER", precision: Math.min(38, whole + scale), scale };
  }
  const kinds = new Set([a.kind, b.kind]);
  if (kinds.has("NUMBER") && kinds.has("FLOAT")) return { kind: "FLOAT" };
  if (kinds.has("DATE") && kinds.has("TIMESTAMP_NTZ")) return a.kind === "DATE" ? b : a;
  return kinds.has("VARIANT") || kinds.has("OBJECT") || kinds.has("ARRAY") ? { kind: "VARIANT" } : TEXT;
}

interface FileColumn {
  readonly name: string;
  readonly type: DataType;
}

/** Columns of a file, with the types that all its values have. */
export async function fileColumns(file: SourceFile, reader: StatementReader): Promise<readonly FileColumn[]> {
  return isParquet(file) ? file.columns : columnsOf(file, Number.MAX_SAFE_INTEGER, reader);
}

/** Columns of a file of text, with the types that all its values have. */
async function columnsOf(file: RecordFile, sample: number, reader: StatementReader): Promise<FileColumn[]> {
  const found = new Map<string, DataType>();
  let seen = 0;
  for await (const batch of batches(file)) {
    const records = batch.slice(0, sample - seen);
    if (records.length === 0) break;
    seen += records.length;
    for (const { name, type } of await batchColumns(file, recordRows(records), reader)) {
      found.set(name, common(found.get(name) ?? { kind: "NULL" }, type));
    }
  }
  return [...found].map(([name, type]) => ({ name, type: type.kind === "NULL" ? TEXT : type }));
}

async function batchColumns(file: RecordFile, rows: string, reader: StatementReader): Promise<FileColumn[]> {
  if (file.format.type === "CSV") {
    const width = file.first?.fields.length ?? 0;
    const source = recordSource(file, width, "raise");
    const found: FileColumn[] = [];
    for (let index = 0; index < width; index++) {
      const name = hasHeader(file) ? (file.first!.fields[index] ?? `c${index + 1}`) : `c${index + 1}`;
      found.push({ name, type: await typeOf(fieldName(index), source, rows, reader) });
    }
    return found;
  }
  const source = recordSource(file, 1, "raise");
  const { columns } = await reader.columns(
    `SELECT k, min(n * 1000000 + i) FROM (SELECT n, unnest(keys) AS k, unnest(range(len(keys))) AS i FROM (SELECT n, json_keys(CASE WHEN json_valid(raw) THEN raw ELSE CAST(f1 AS VARCHAR) END) AS keys FROM ${source} WHERE json_type(f1) = 'OBJECT')) GROUP BY k ORDER BY 2, 1`,
    [rows],
  );
  const names = (columns[0] ?? []) as string[];
  if (names.length === 0) {
    throw new SnowflakeError(
      "100069",
      "22000",
      `File '${file.name}' holds no JSON objects: is STRIP_OUTER_ARRAY missing?`,
    );
  }
  const found: FileColumn[] = [];
  for (const name of names) found.push({ name, type: await jsonTypeOf(name, source, rows, reader) });
  return found;
}

/** The narrowest type that all texts are of. */
async function typeOf(sql: string, source: string, rows: string, reader: StatementReader): Promise<DataType> {
  const given = `${sql} IS NOT NULL AND ${sql} <> ''`;
  const all = (condition: string): string => `coalesce(bool_and(${condition}) FILTER (WHERE ${given}), true)`;
  const whole = `regexp_full_match(${sql}, '\\s*[+-]?\\d{1,38}\\s*')`;
  const decimal = `regexp_full_match(${sql}, '\\s*[+-]?\\d*\\.?\\d+\\s*')`;
  const [row] = await reader.rows(
    `SELECT count(*) FILTER (WHERE ${given}) AS given, ${all(`lower(${sql}) IN ('true', 'false')`)} AS bool,
      ${all(whole)} AS whole, ${all(decimal)} AS decimal,
      ${all(`TRY_CAST(fn.double_text(${sql}) AS DOUBLE) IS NOT NULL`)} AS float,
      ${all(`regexp_full_match(${sql}, '\\d{4}-\\d{2}-\\d{2}') AND TRY_CAST(${sql} AS DATE) IS NOT NULL`)} AS date,
      ${all(`regexp_matches(${sql}, '^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}') AND fn.try_ntz(${sql}, '6') IS NOT NULL`)} AS ts,
      ${all(`regexp_full_match(${sql}, '\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?') AND fn.try_time(${sql}, '6') IS NOT NULL`)} AS time,
      coalesce(max(length(regexp_replace(split_part(trim(${sql}), '.', 1), '[^0-9]', '', 'g'))) FILTER (WHERE ${given}), 1) AS digits,
      coalesce(max(length(split_part(trim(${sql}), '.', 2))) FILTER (WHERE ${given}), 0) AS scale
      FROM ${source}`,
    [rows],
  );
  if (Number(row!.given) === 0) return { kind: "NULL" };
  if (row!.bool) return { kind: "BOOLEAN" };
  const digits = Math.max(1, Number(row!.digits));
  const scale = Number(row!.scale);
  if (row!.whole) return { kind: "NUMBER", precision: Math.min(38, digits), scale: 0 };
  if (row!.decimal && digits + scale <= 38) return { kind: "NUMBER", precision: digits + scale, scale };
  if (row!.float) return { kind: "FLOAT" };
  if (row!.date) return { kind: "DATE" };
  if (row!.ts) return { kind: "TIMESTAMP_NTZ", scale: 9 };
  if (row!.time) return { kind: "TIME", scale: 9 };
  return TEXT;
}

/** The type of a key's values. */
async function jsonTypeOf(name: string, source: string, rows: string, reader: StatementReader): Promise<DataType> {
  const values = `(SELECT fn.json_key(f1, ${literal(name)}) AS v FROM ${source})`;
  const { columns } = await reader.columns(
    `SELECT DISTINCT json_type(v) FROM ${values} WHERE v IS NOT NULL AND json_type(v) <> 'NULL'`,
    [rows],
  );
  const kinds = new Set((columns[0] ?? []) as string[]);
  if (kinds.size === 0) return { kind: "NULL" };
  if (kinds.has("OBJECT") || kinds.has("ARRAY")) {
    if (kinds.size > 1) return { kind: "VARIANT" };
    return kinds.has("OBJECT") ? { kind: "OBJECT" } : { kind: "ARRAY" };
  }
  if (kinds.has("BOOLEAN")) return kinds.size === 1 ? { kind: "BOOLEAN" } : TEXT;
  return typeOf("t", `(SELECT fn.json_text(v) AS t FROM ${values})`, rows, reader);
}
