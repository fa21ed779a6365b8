import type { DataType } from "../sql/ast/dataType";
import { VARCHAR } from "../sql/ast/dataType";
import type { Outcome } from "../execution/outcome";
import { literalFromBind, type TypedValue } from "../translate";

/** NULL, before anything is known of its type. */
export const NULL_VALUE: TypedValue = { type: VARCHAR, value: null };

export function numberValue(value: number | null): TypedValue {
  return { type: { kind: "NUMBER", precision: 38, scale: 0 }, value: value === null ? null : String(value) };
}

export function textValue(value: string | null): TypedValue {
  return { type: VARCHAR, value };
}

export function booleanValue(value: boolean | null): TypedValue {
  return { type: { kind: "BOOLEAN" }, value: value === null ? null : String(value) };
}

/** Whether a condition holds: NULL does not. */
export function isTrue(value: TypedValue): boolean {
  return value.value !== null && /^(true|1)$/i.test(value.value);
}

/** The rows of a result, its cells in the wire's encoding, chunk after chunk. */
export function* wireRows(outcome: Pick<Outcome, "chunks">): Generator<readonly (string | null)[]> {
  for (const chunk of outcome.chunks) {
    if (chunk.rowCount > 0) yield* JSON.parse(`[${chunk.json}]`) as (string | null)[][];
  }
}

/** A cell of a result as a value that statements can be given. */
export function valueFromWire(type: DataType, cell: string | null): TypedValue {
  if (cell === null) return { type, value: null };
  switch (type.kind) {
    case "BOOLEAN":
      return booleanValue(cell === "1");
    case "DATE":
      return { type, value: literalFromBind("DATE", String(BigInt(cell) * 86_400_000n)).value };
    case "TIME":
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
      return { type, value: literalFromBind(type.kind, String(nanoseconds(cell))).value };
    case "TIMESTAMP_TZ": {
      const [seconds, offset] = cell.split(" ");
      return { type, value: literalFromBind(type.kind, `${nanoseconds(seconds!)} ${offset}`).value };
    }
    default:
      return { type, value: cell };
  }
}

/** `-12.5` seconds as nanoseconds. */
function nanoseconds(seconds: string): bigint {
  const [whole, fraction = ""] = seconds.replace("-", "").split(".");
  const value = BigInt(whole!) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
  return seconds.startsWith("-") ? -value : value;
}

/** The type of a variable that takes its type from its first value: wide enough for the values after it. */
export function inferredType(type: DataType): DataType {
  switch (type.kind) {
    case "NUMBER":
      return { ...type, precision: 38 };
    case "VARCHAR":
    case "NULL":
      return VARCHAR;
    default:
      return type;
  }
}
