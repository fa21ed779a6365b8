import type { DataType } from "../../sql/ast/dataType";
import { isSemiStructured } from "../types/physicalType";

/** What is known of a function beyond its value: how that depends on the rows, and where dynamic tables may use it. */
export interface FunctionTraits {
  /** How an aggregate's value follows from the old one and that of the rows that came and went. */
  readonly merge?: "COUNT" | "SUM" | "MIN" | "MAX";
  /**
   * Whether computing it twice over the same rows, in whatever order they come, gives the same to the last bit for
   * arguments of a type. Absent: it does not.
   */
  readonly repeatable?: (type: DataType) => boolean;
  /**
   * Rows of a window with equal sort keys: the value depends on which of them comes `first`, or counts them as `peers`,
   * so that a finer order would change what it means.
   */
  readonly ties?: "first" | "peers";
  /**
   * Where a dynamic table may not use it and refresh incrementally. Source: "Supported queries for dynamic tables".
   * `nowhere`: as it needs all rows; `deciding`: where its value, an approximation, decides which rows there are;
   * `sliding`: over a frame that leaves rows behind.
   */
  readonly notIncremental?: "nowhere" | "deciding" | "sliding";
  /** No dynamic table may use it, however it is refreshed. */
  readonly notInDynamicTables?: true;
  /** A context function whose value is no user's own: a dynamic table that refreshes fully may use it. */
  readonly shared?: true;
}

/** Of values that have one form each. */
export const ANY_TYPE = (): boolean => true;
/** Sums of floats depend on the order of addition. */
export const EXACT_NUMBER = (type: DataType): boolean => type.kind === "NUMBER";
/** Of equal values of several forms one is picked: instants have offsets, numbers in VARIANTs types. */
export const ONE_FORM = (type: DataType): boolean => type.kind !== "TIMESTAMP_TZ" && !isSemiStructured(type);
