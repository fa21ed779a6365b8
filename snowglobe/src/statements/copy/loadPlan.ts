import { randomBytes } from "node:crypto";
import type { Column, Table } from "../../catalog/objects";
import { compilationError, unsupported } from "../../errors";
import type { Query, Select } from "../../sql/ast/query";
import {
  bindQuery,
  call,
  columnRef,
  emitPlan,
  isSemiStructured,
  typedLiteral,
  walkPlan,
  type BoundExpression,
} from "../../translate";
import type { StatementContext } from "../../execution/context";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { defaultValue } from "../dml/columnValues";
import type { CopyOptions } from "./copyOptions";
import { conversionBy, intoColumn, NO_SCAN } from "./fieldValue";
import type { ParquetShape } from "./parquetFile";
import { hasHeader } from "./recordFile";
import { DOCUMENT, fieldName, textField } from "./sourceColumns";
import { isParquet, type SourceFile } from "./sourceFile";
import { fileRelation, positionsIn, rowNumberIn, withFileColumns } from "./stagedRelation";
import { literal } from "../../quoting";

/** A value that a file's record holds, and the column that it goes into. */
export interface LoadInput {
  readonly value: BoundExpression;
  /** Absent: no column takes it. */
  readonly column?: Column;
}

/** How the records of a file become rows of the table: DuckDB text over a source with the columns f1, f2 ... */
export interface LoadPlan {
  /** Physical names of the table's columns, in the order of `values`. */
  readonly names: readonly string[];
  /** What goes into them. */
  readonly values: readonly string[];
  /** How many fields are read. */
  readonly width: number;
  /** What is read of a Parquet file. */
  readonly shape: ParquetShape;
  /** How many a record must have; undefined: any number will do. */
  readonly expected: number | undefined;
  /** Names of the columns that take the fields, for messages. */
  readonly fieldNames: readonly string[];
  /** Absent for a transformation, where no value belongs to one column. */
  readonly inputs?: readonly LoadInput[];
  /** Only the file's own reader tells row numbers. */
  readonly needsRowNumber: boolean;
  /** A SELECT statement of `values`. @param source FROM item */
  select(source: string): string;
}

/** A load without transformation. @param named the columns that the statement names, all by default */
export function plainPlan(
  table: Table,
  named: readonly Column[],
  file: SourceFile,
  options: CopyOptions,
  context: StatementContext,
): LoadPlan {
  const { session } = queryEnvironment(context);
  const conversion = conversionBy(options, session);
  const { inputs, fieldNames, shape } = options.matchByName
    ? inputsByName(named, file, options.matchByName)
    : inputsInOrder(named, file);
  const values = table.columns.map((column) => {
    const input = inputs.find((one) => one.column === column);
    if (input) return intoColumn(input.value, column, conversion);
    // What the file does not name is NULL, whatever the default. Source: MATCH_BY_COLUMN_NAME.
    const other = options.matchByName
      ? typedLiteral({ type: column.type, value: null }, session)
      : defaultValue(column, context);
    return intoColumn(other, column, { ...conversion, truncate: false });
  });
  const counts = file.format.type === "CSV" && file.format.errorOnCountMismatch;
  return {
    names: table.columns.map((column) => column.physical),
    values,
    width: file.format.type === "CSV" ? inputs.length : 1,
    shape,
    expected: counts ? inputs.length : undefined,
    fieldNames,
    inputs,
    needsRowNumber: false,
    select: (source) => `SELECT ${aliased(values, table)} FROM ${source} AS s`,
  };
}

type Inputs = Pick<LoadPlan, "fieldNames" | "shape"> & { readonly inputs: readonly LoadInput[] };

function inputsInOrder(named: readonly Column[], file: SourceFile): Inputs {
  const fieldNames = named.map((column) => column.name);
  if (file.format.type === "CSV") {
    return {
      inputs: named.map((column, index) => ({ value: textField(index), column })),
      fieldNames,
      shape: "document",
    };
  }
  const [column] = named;
  if (named.length !== 1 || !isSemiStructured(column!.type)) {
    throw compilationError(
      `${file.format.type} file format can produce one and only one column of variant, object, or array type. Load data into separate columns using the MATCH_BY_COLUMN_NAME copy option or copy with transformation.`,
      "002019",
      "0A000",
    );
  }
  return { inputs: [{ value: DOCUMENT, column: column! }], fieldNames, shape: "document" };
}

function inputsByName(named: readonly Column[], file: SourceFile, mode: "CASE_SENSITIVE" | "CASE_INSENSITIVE"): Inputs {
  const same = (a: string, b: string): boolean =>
    mode === "CASE_SENSITIVE" ? a === b : a.toLowerCase() === b.toLowerCase();
  const columnFor = (name: string): Column | undefined => named.find((column) => same(column.name, name));
  if (isParquet(file)) {
    const columns = file.columns.filter((column) => columnFor(column.name));
    requireOnce(columns.map((column) => columnFor(column.name)!));
    const inputs = columns.map(({ name, type }, index): LoadInput => ({
      value: { kind: "column", id: fieldName(index), name, type, nullable: true },
      column: columnFor(name)!,
    }));
    return { inputs, fieldNames: columns.map((column) => column.name), shape: { columns } };
  }
  if (hasHeader(file)) {
    const header = file.first?.fields ?? [];
    const columns = header.map((name) => columnFor(name ?? ""));
    requireOnce(columns.filter((column) => column !== undefined));
    return {
      inputs: columns.map((column, index) => ({ value: textField(index), ...(column && { column }) })),
      fieldNames: columns.map((column, index) => column?.name ?? header[index] ?? ""),
      shape: "document",
    };
  }
  const key = mode === "CASE_SENSITIVE" ? "fn.json_key" : "fn.json_key_of_any_case";
  const inputs = named.map((column): LoadInput => ({
    value: call("GET", `${key}($0, ${literal(column.name)})`, [DOCUMENT], { kind: "VARIANT" }, true),
    column,
  }));
  return { inputs, fieldNames: named.map((column) => column.name), shape: "document" };
}

function requireOnce(columns: readonly Column[]): void {
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice) throw compilationError(`The file names column '${twice.name}' more than once.`);
}

/** A load by a query; each file has a source of its own. */
export interface TransformationPlan extends Omit<LoadPlan, "select"> {
  select(source: string, file: SourceFile): string;
}

/** `COPY INTO t FROM (SELECT ... FROM @stage)`. Source: "Transforming data during a load". */
export function transformationPlan(
  table: Table,
  named: readonly Column[],
  query: Query,
  options: CopyOptions,
  context: StatementContext,
): TransformationPlan {
  const select = simpleSelect(query);
  const isText = options.format.type === "CSV";
  const width = isText ? positionsIn(query) : 1;
  const place = `copy_source_${randomBytes(8).toString("hex")}`;
  const environment = queryEnvironment(context);
  const source = bindQuery(query, context.text, {
    ...environment,
    resolveStageSource: () => fileRelation(isText ? width : "document", place),
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
  const conversion = conversionBy(options, environment.session);
  const values = table.columns.map((column) => {
    const index = named.indexOf(column);
    const value = index < 0 ? defaultValue(column, context) : columnRef(source.columns[index]!);
    return intoColumn(value, column, { ...conversion, truncate: options.truncate && index >= 0 });
  });
  const plan = emitPlan(source.plan, NO_SCAN);
  return {
    names: table.columns.map((column) => column.physical),
    values,
    width,
    shape: "document",
    expected: undefined,
    fieldNames: select.items.map((_, index) => named[index]?.name ?? ""),
    needsRowNumber: rowNumberIn(source.plan),
    select: (from, file) => {
      const filled = plan.replaceAll(place, () => withFileColumns(from, file, context));
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

function aliased(values: readonly string[], table: Table): string {
  return values.map((value, index) => `${value} AS ${table.columns[index]!.physical}`).join(", ");
}
