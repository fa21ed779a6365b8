import type { DataType } from "../sql/ast/dataType";
import { VARCHAR } from "../sql/ast/dataType";
import type { Outcome } from "../execution/outcome";
import type { TypedValue } from "../translate";

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
