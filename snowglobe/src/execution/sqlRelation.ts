import type { DataType } from "../sql/ast/dataType";
import { dataTypeText } from "../sql/ast/dataType";
import type { SqlRelation } from "../translate/environment";
import type { Cell, ColumnSpec } from "./outcome";
import { literal } from "../quoting";

/** Rows made in TypeScript as a relation that queries can read. */
export function relationOf(
  path: readonly string[],
  columns: readonly ColumnSpec[],
  rows: readonly (readonly Cell[])[],
): SqlRelation {
  const names = columns.map((_, index) => `c${index + 1}`);
  const typed = columns.map(([, type], index) => `CAST(${names[index]!} AS ${duckDbType(type)}) AS ${names[index]!}`);
  const values =
    rows.length === 0
      ? `(SELECT ${names.map((name) => `NULL AS ${name}`).join(", ")} LIMIT 0)`
      : `(VALUES ${rows.map((row) => `(${row.map((cell, index) => cellLiteral(cell, columns[index]![1])).join(", ")})`).join(", ")})`;
  return {
    kind: "sql",
    path,
    sql: `(SELECT ${typed.join(", ")} FROM ${values} AS v(${names.join(", ")}))`,
    columns: columns.map(([name, type], index) => ({ name, type, nullable: true, physical: names[index]! })),
  };
}

function duckDbType(type: DataType): string {
  switch (type.kind) {
    case "NUMBER":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "VARCHAR":
      return "VARCHAR";
    case "BOOLEAN":
      return "BOOLEAN";
    case "FLOAT":
      return "DOUBLE";
    case "TIMESTAMP_LTZ":
      return "TIMESTAMPTZ";
    case "TIMESTAMP_NTZ":
      return "TIMESTAMP";
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return "JSON";
    default:
      throw new Error(`no relation made in TypeScript has a column of type ${dataTypeText(type)}`);
  }
}

function cellLiteral(cell: Cell, type: DataType): string {
  if (cell === null || cell === undefined) return "NULL";
  if (type.kind === "TIMESTAMP_LTZ") return `'${isoMicros(Number(cell))}+00'`;
  if (type.kind === "TIMESTAMP_NTZ") return `'${isoMicros(Number(cell))}'`;
  if (typeof cell === "number") return String(cell);
  if (typeof cell === "boolean") return cell ? "true" : "false";
  return literal(cell);
}

/** A time in UTC with six digits of fraction. */
function isoMicros(at: number): string {
  const seconds = Math.floor(at / 1e6);
  const micros = String(Math.floor(at - seconds * 1e6)).padStart(6, "0");
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${micros}`;
}
