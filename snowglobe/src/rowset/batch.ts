import type { DataType } from "../sql/ast/dataType";

/** Which rows of a column are not NULL, a byte each; absent: all. */
export type Validity = Uint8Array | undefined;

/**
 * A column of a batch: what DuckDB gives, freed from DuckDB's memory, in a form that both the drivers' JSON cells and Arrow
 * are quickly made of.
 */
export type BatchColumn =
  /** NUMBERs without their decimal point; TIME and timestamps in microseconds; DATE in days. */
  | { readonly kind: "integers"; readonly values: BigInt64Array; readonly valid: Validity }
  /** NUMBERs beyond 64 bits: two words each, the lower first. */
  | { readonly kind: "wideIntegers"; readonly values: BigInt64Array; readonly valid: Validity }
  /** TIMESTAMP_TZ: microseconds UTC, and the offset in minutes. */
  | {
      readonly kind: "zoned";
      readonly values: BigInt64Array;
      readonly offsets: Int32Array;
      readonly valid: Validity;
    }
  | { readonly kind: "doubles"; readonly values: Float64Array; readonly valid: Validity }
  | { readonly kind: "booleans"; readonly values: Uint8Array; readonly valid: Validity }
  /** VARCHAR, and VARIANT, OBJECT and ARRAY as they are stored. */
  | { readonly kind: "texts"; readonly values: readonly string[]; readonly valid: Validity }
  | { readonly kind: "binaries"; readonly values: readonly Uint8Array[]; readonly valid: Validity };

/** Some rows of a result, by columns. */
export interface Batch {
  readonly rowCount: number;
  readonly columns: readonly BatchColumn[];
  /** About the bytes it takes in memory. */
  readonly bytes: number;
}

/** Whether a column holds semi-structured values, whose text is printed by the session's parameters. */
export function isJson(type: DataType): boolean {
  return type.kind === "VARIANT" || type.kind === "OBJECT" || type.kind === "ARRAY";
}

export function isValid(valid: Validity, row: number): boolean {
  return valid === undefined || valid[row] === 1;
}

/** The same numbers with two words each. */
export function widened(values: BigInt64Array): BigInt64Array {
  const wide = new BigInt64Array(values.length * 2);
  for (let row = 0; row < values.length; row++) {
    wide[2 * row] = values[row]!;
    wide[2 * row + 1] = values[row]! < 0n ? -1n : 0n;
  }
  return wide;
}
