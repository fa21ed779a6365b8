import type { CollectedRows } from "../rowset";
import type { TypedValue } from "../translate";
import { dataTypeText, type DataType } from "../sql/ast/dataType";
import * as types from "../sql/ast/dataType";
import type { DmlStatistics, ResultColumn, StatementResult } from "../account/result";
import { StatementType } from "../account/statementType";
import type { Microseconds } from "../time";

/** What a statement's handler gives back; the session adds the query id. */
export type Outcome = Omit<StatementResult, "queryId" | "numberOfBinds"> & {
  /** Values of Scripting variables: of a block's arguments at its end, or those that a CALL's OUT arguments set. */
  readonly variables?: ReadonlyMap<string, TypedValue>;
};

/** A value of a result made in TypeScript: times are microseconds since 1970-01-01 UTC. */
export type Cell = string | number | boolean | null | undefined;

/** Name and type of a column of such a result. */
export type ColumnSpec = readonly [name: string, type: DataType];

export const TEXT = types.VARCHAR;
/** Integers of SHOW and of histories. */
export const INTEGER: DataType = { kind: "NUMBER", precision: 18, scale: 0 };
/** Times of SHOW and of histories: TIMESTAMP_LTZ(3). */
export const TIMESTAMP: DataType = { kind: "TIMESTAMP_LTZ", scale: 3 };
export const BOOLEAN = types.BOOLEAN;

/** One text column `status` with one row: what DDL answers. */
export function status(text: string, statementTypeId: number = StatementType.DDL): Outcome {
  return rows([["status", TEXT]], [[text]], statementTypeId);
}

export function succeeded(statementTypeId: number = StatementType.DDL): Outcome {
  return status("Statement executed successfully.", statementTypeId);
}

/** A result made from values at hand, e.g. of SHOW. */
export function rows(
  columns: readonly ColumnSpec[],
  values: readonly (readonly Cell[])[],
  statementTypeId: number,
): Outcome {
  const json = values
    .map((row) => JSON.stringify(row.map((cell, index) => encodeCell(cell, columns[index]![1]))))
    .join(",");
  return {
    statementTypeId,
    columns: columns.map(([name, type]) => ({ name, type, nullable: true })),
    total: values.length,
    chunks: [{ rowCount: values.length, json }],
  };
}

/** A result whose rows come from DuckDB. */
export function collectedRows(
  columns: readonly ResultColumn[],
  { chunks, wide, file }: CollectedRows,
  statementTypeId: number,
): Outcome {
  const total = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
  return { statementTypeId, columns, chunks, total, wide, ...(file && { file }) };
}

export const NO_ROWS: DmlStatistics = {
  numRowsInserted: 0,
  numRowsUpdated: 0,
  numRowsDeleted: 0,
  numDmlDuplicates: 0,
};

const COUNT: DataType = { kind: "NUMBER", precision: 19, scale: 0 };

/** The one-row answer of a DML statement: what it counted, under Snowflake's column names. */
export function dml(
  statementTypeId: number,
  counts: readonly (readonly [name: string, count: number])[],
  statistics: Partial<DmlStatistics>,
): Outcome {
  return {
    ...rows(
      counts.map(([name]) => [name, COUNT] as const),
      [counts.map(([, count]) => count)],
      statementTypeId,
    ),
    statistics: { ...NO_ROWS, ...statistics },
  };
}

/** A cell in the drivers' JSON encoding; see translate's `encodeForWire` for what DuckDB does. */
function encodeCell(cell: Cell, type: DataType): string | null {
  if (cell === null || cell === undefined) return null;
  switch (type.kind) {
    case "BOOLEAN":
      return cell ? "1" : "0";
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_NTZ":
      return epochSeconds(Number(cell), type.scale);
    case "NUMBER":
    case "FLOAT":
    case "VARCHAR":
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return String(cell);
    default:
      throw new Error(`no wire encoding for ${dataTypeText(type)} made in TypeScript`);
  }
}

/** Seconds with exactly `scale` decimals; a sign stands for the whole. */
function epochSeconds(at: Microseconds, scale: number): string {
  const micros = Math.trunc(at);
  const whole = `${micros < 0 ? "-" : ""}${Math.trunc(Math.abs(micros) / 1e6)}`;
  const fraction = String(Math.abs(micros) % 1e6).padStart(6, "0");
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(9, "0").slice(0, scale)}`;
}
