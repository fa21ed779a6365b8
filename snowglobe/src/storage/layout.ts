import { quoteName } from "../quoting";
/**
 * How a table lies in DuckDB: `data.t<id>` holds the current rows, and ended ones until housekeeping;
 * `data.t<id>_h` the ended row versions in the order of their end. Both have the same columns in the same order.
 *
 * Hidden columns: `_rid` identifies a row over its versions; a version of it is alive from commit `_vf` until commit
 * `_vt` (INFINITE while alive); `_new` marks a row's first version.
 */
export const INFINITE = "9223372036854775807";

/** Stamps of open transactions: larger than any version, smaller than INFINITE. */
export const PRIVATE_STAMPS = 1n << 62n;

export const HIDDEN_COLUMNS = ["_rid", "_vf", "_vt", "_new"] as const;

export interface PhysicalColumn {
  readonly name: string;
  /** A DuckDB type. */
  readonly type: string;
}

/**
 * Numbers of more than 18 digits, which DuckDB keeps in 128 bits. Packed, as it would by itself, they are read slowly:
 * a filter over 1M rows takes 500 ms rather than 17 (DuckDB 1.5). So they lie on disk as they are.
 */
const WIDE = /^(DECIMAL\((19|[23]\d),\d+\)|HUGEINT)$/;

/** What defines a column in CREATE TABLE and ADD COLUMN. */
export function columnDefinition({ name, type }: PhysicalColumn): string {
  return `${quoteName(name)} ${type}${WIDE.test(type) ? " USING COMPRESSION uncompressed" : ""}`;
}

export function rowsOf(table: number): string {
  return `data.t${table}`;
}

export function historyOf(table: number): string {
  return `data.t${table}_h`;
}

/** A sequence's number generator in DuckDB. Its values are spent for good, whatever becomes of the transaction. */
export function sequenceOf(id: number): string {
  return `data.q${id}`;
}

/** DuckDB text of the next number of a sequence, a new one for each row. */
export function nextValueOf(id: number): string {
  return `nextval('${sequenceOf(id)}')`;
}
