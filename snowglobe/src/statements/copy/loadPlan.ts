import { randomBytes } from "node:crypto";
import type { Column, Table } from "../../catalog/objects";
import { compilationError, unsupported } from "../../errors";
import type { Query, Select } from "../../sql/ast/query";
import { VARCHAR } from "../../sql/ast/dataType";
import {
  assignmentCast,
  bindQuery,
  castTo,
  columnRef,
  emitExpression,
  emitPlan,
  typedLiteral,
  walkPlan,
  type BoundExpression,
  type EmitOptions,
} from "../../translate";
import { defaultValue, notNull } from "../dml/columnValues";
import type { StatementContext } from "../../execution/context";
import type { CopyOptions } from "./copyOptions";
import type { CsvFile } from "./csvFile";
import type { CsvRecord } from "./csvRecords";
import { queryEnvironment } from "../../execution/queryEnvironment";

/** How the fields of a file become rows of the table: DuckDB text over a source with the columns f1, f2 ... */
export interface LoadPlan {
  /** Physical names of the table's columns, in the order of `values`. */
  readonly names: readonly string[];
  /** What goes into them. */
  readonly values: readonly string[];
  /** How many fields are read. */
  readonly width: number;
  /** How many a record must have; undefined: any number will do. */
  readonly expected: number | undefined;
  /** Names of the columns that take the fields, for messages. */
  readonly fieldNames: readonly string[];
  /** Each field's column; undefined for a transformation, where no field belongs to one column. */
  readonly fields?: readonly (Column | undefined)[];
  /** Only the file's own reader tells row numbers. */
  readonly needsRowNumber: boolean;
  /** A SELECT statement of `values`. @param source FROM item */
  select(source: string): string;
}

const noScan: EmitOptions = {
  scan: () => {
    throw compilationError("COPY statement only supports simple SELECT from stage statements for import.");
  },
};

/** A load without transformation. @param named the columns that the statement names, all by default */
export function plainPlan(
  table: Table,
  named: readonly Column[],
  file: CsvFile,
  options: CopyOptions,
  context: StatementContext,
): LoadPlan {
  const fields = options.matchByName ? byHeader(named, file.first, options.matchByName) : named;
  for (const column of fields) if (column) refuseStructured(column);
  const { session } = queryEnvironment(context);
  const values = table.columns.map((column) => {
    const index = fields.indexOf(column);
    if (index >= 0) return intoColumn(field(index), column, options, context);
    // What the file's header does not name is NULL, whatever the default. Source: MATCH_BY_COLUMN_NAME.
    const other = options.matchByName
      ? typedLiteral({ type: column.type, value: null }, session)
      : defaultValue(column, context);
    return intoColumn(other, column, options, context);
  });
  return {
    names: table.columns.map((column) => column.physical),
    values,
    width: fields.length,
    expected: options.errorOnCountMismatch ? fields.length : undefined,
    fieldNames: fields.map((column, index) => column?.name ?? file.first?.fields[index] ?? ""),
    fields,
    needsRowNumber: false,
    select: (source) => `SELECT ${aliased(values, table)} FROM ${source} AS s`,
  };
}

function byHeader(
  columns: readonly Column[],
  header: CsvRecord | undefined,
  mode: "CASE_SENSITIVE" | "CASE_INSENSITIVE",
): (Column | undefined)[] {
  const same = (a: string, b: string): boolean => (mode === "CASE_SENSITIVE" ? a === b : lower(a) === lower(b));
  const found = (header?.fields ?? []).map((name) => columns.find((column) => same(column.name, name ?? "")));
  const twice = found.find((column, index) => column && found.indexOf(column) !== index);
  if (twice) throw compilationError(`The file's header names column '${twice.name}' more than once.`);
  return found;
}

function lower(text: string): string {
  return text.toLowerCase();
}

/** `COPY INTO t FROM (SELECT ... FROM @stage)`. Source: "Transforming data during a load". */
export function transformationPlan(
  table: Table,
  named: readonly Column[],
  query: Query,
  context: StatementContext,
): Omit<LoadPlan, "select"> & { select(source: string, fileName: string): string } {
  const select = simpleSelect(query);
  const text = context.text.slice(query.span.start, query.span.end);
  if (/\bMETADATA\$(?!FILENAME\b|FILE_ROW_NUMBER\b)/i.test(text)) throw unsupported("this METADATA$ column in COPY");
  const width = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])));
  const place = `copy_source_${randomBytes(8).toString("hex")}`;
  const columns = Array.from({ length: width }, (_, index) => ({
    ...field(index),
    name: `$${index + 1}`,
    physical: fieldName(index),
  }));
  const extra = [
    { name: "METADATA$FILENAME", type: VARCHAR, nullable: false, physical: "file_name" },
    {
      name: "METADATA$FILE_ROW_NUMBER",
      type: { kind: "NUMBER", precision: 18, scale: 0 } as const,
      nullable: false,
      physical: "n",
    },
  ];
  const source = bindQuery(query, context.text, {
    ...queryEnvironment(context),
    resolveStageSource: () => ({ kind: "sql", path: ["STAGE"], sql: place, columns: [...columns, ...extra] }),
  });
  walkPlan(source.plan, {
    node: (node) => {
      if (node.kind !== "project" && node.kind !== "sql") throw notSimple();
    },
  });
  if (source.columns.length !== named.length) {
    throw compilationError(
      `Insert value list does not match column list expecting ${named.length} but got ${source.columns.length}`,
      "002020",
      "21S01",
    );
  }
  const values = table.columns.map((column) => {
    const index = named.indexOf(column);
    const value = index < 0 ? defaultValue(column, context) : columnRef(source.columns[index]!);
    return intoColumn(value, column, { truncate: false }, context);
  });
  const plan = emitPlan(source.plan, noScan);
  return {
    names: table.columns.map((column) => column.physical),
    values,
    width,
    expected: undefined,
    fieldNames: select.items.map((_, index) => named[index]?.name ?? ""),
    needsRowNumber: /METADATA\$FILE_ROW_NUMBER/i.test(text),
    select: (from, fileName) => {
      const filled = plan.replaceAll(place, () => `(SELECT *, ${literal(fileName)} AS file_name FROM ${from} AS s)`);
      return `SELECT ${aliased(values, table)} FROM (${filled}) AS s`;
    },
  };
}

function simpleSelect(query: Query): Select {
  const { body } = query;
  if (query.ctes.length > 0 || query.orderBy.length > 0 || query.limit || query.offset) throw notSimple();
  if (body.kind !== "select" || body.from.length !== 1 || body.from[0]!.kind !== "stage") throw notSimple();
  if (body.distinct || body.top || body.where || body.groupBy || body.having || body.qualify || body.connectBy) {
    throw notSimple();
  }
  if (body.items.some((item) => item.expression.kind === "star")) throw unsupported("SELECT * in COPY");
  return body;
}

function notSimple(): Error {
  return compilationError("COPY statement only supports simple SELECT from stage statements for import.");
}

function refuseStructured(column: Column): void {
  const { kind } = column.type;
  if (kind === "VARIANT" || kind === "OBJECT" || kind === "ARRAY") {
    throw unsupported(
      `COPY of a CSV field into ${kind} column ${column.name}; use COPY INTO ... FROM (SELECT PARSE_JSON($1), ... FROM @stage)`,
    );
  }
}

function aliased(values: readonly string[], table: Table): string {
  return values.map((value, index) => `${value} AS ${table.columns[index]!.physical}`).join(", ");
}

export function fieldName(index: number): string {
  return `f${index + 1}`;
}

function field(index: number) {
  return { kind: "column", id: fieldName(index), name: `$${index + 1}`, type: VARCHAR, nullable: true } as const;
}

function intoColumn(
  value: BoundExpression,
  column: Column,
  options: Pick<CopyOptions, "truncate">,
  context: StatementContext,
): string {
  const { session } = queryEnvironment(context);
  const cut = options.truncate && column.type.kind === "VARCHAR";
  const cast = cut ? castTo(value, column.type, session, "explicit") : assignmentCast(value, column.type, session);
  const sql = emitExpression(cast, noScan);
  return column.nullable ? sql : notNull(sql, column);
}

/** A condition that is true for a field's value that its column does not take. */
export function misfit(index: number, column: Column, options: CopyOptions, context: StatementContext): string {
  const { session } = queryEnvironment(context);
  const value = fieldName(index);
  const missing = column.nullable ? [] : [`${value} IS NULL`];
  if (column.type.kind === "VARCHAR") {
    const long = options.truncate ? [] : [`length(${value}) > ${column.type.length}`];
    return [...missing, ...long].join(" OR ") || "false";
  }
  const tried = emitExpression(castTo(field(index), column.type, session, "try"), noScan);
  return [...missing, `(${value} IS NOT NULL AND ${tried} IS NULL)`].join(" OR ");
}

/** One value on its way into its column, as a statement that raises the error that the load would. */
export function conversionOf(value: string, column: Column, options: CopyOptions, context: StatementContext): string {
  return `SELECT ${intoColumn(field(0), column, options, context)} FROM (SELECT ${literal(value)} AS f1)`;
}

/** A DuckDB string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
