import { createRequire } from "node:module";
import type * as Arrow from "apache-arrow";
import type { DataType } from "../sql/ast/dataType";
import { isJson, isValid, widened, type Batch, type BatchColumn, type Validity } from "./batch";
import { indentJson } from "./indentJson";

/** What a driver must know of a column to read it from Arrow. */
export interface ArrowColumn {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** Whether a batch of the result has numbers beyond 64 bits: all batches of a column are of one width. */
  readonly wide: boolean;
}

/** A scale up to which Snowflake sends timestamps as one integer instead of seconds and a fraction. */
const MOST_INTEGER_SCALE = 6;
const MOST_INTEGER_SCALE_ZONED = 3;

const load = createRequire(__filename);

/** The library is large, and not every server meets a client that wants Arrow: loaded by the first who does. */
function library(): typeof Arrow {
  return load("apache-arrow") as typeof Arrow;
}

/**
 * Rows as an Arrow stream, with the logical types and scales that the drivers read from the fields' metadata.
 *
 * @param indent for semi-structured values; see indentJson
 */
export function arrowRows(batch: Batch, columns: readonly ArrowColumn[], indent: number): Uint8Array {
  const arrow = library();
  const made = columns.map((column, index) =>
    arrowColumn(arrow, column, batch.columns[index]!, batch.rowCount, indent),
  );
  const fields = made.map(({ field }) => field);
  const rows = arrow.makeData({
    type: new arrow.Struct(fields),
    length: batch.rowCount,
    nullCount: 0,
    children: made.map(({ data }) => data),
  });
  const writer = new arrow.RecordBatchStreamWriter();
  for (const part of oddParts(new arrow.RecordBatch(new arrow.Schema(fields), rows as never))) writer.write(part);
  writer.finish();
  return writer.toUint8Array(true);
}

/**
 * The library counts the padding behind a buffer as the buffer's, and a reader that checks the offsets of texts takes it
 * for further offsets, which then fall to zero. Offsets of 4 bytes, one more than rows, need no padding to 8 bytes where
 * the number of rows is odd: so the last row of an even number goes as a batch of its own.
 */
function oddParts(batch: Arrow.RecordBatch): Arrow.RecordBatch[] {
  const rows = batch.numRows;
  return rows % 2 === 1 ? [batch] : [batch.slice(0, rows - 1), batch.slice(rows - 1, rows)];
}

interface Made {
  readonly field: Arrow.Field;
  readonly data: Arrow.Data;
}

function arrowColumn(
  arrow: typeof Arrow,
  column: ArrowColumn,
  values: BatchColumn,
  length: number,
  indent: number,
): Made {
  const { type } = column;
  const common = { length, ...nulls(values.valid, length) };
  const made = (arrowType: Arrow.DataType, parts: object, metadata: Readonly<Record<string, number>> = {}): Made => ({
    field: new arrow.Field(column.name, arrowType, column.nullable, fieldMetadata(type, metadata)),
    data: arrow.makeData({ type: arrowType, ...common, ...parts } as never),
  });
  const struct = (parts: readonly (readonly [string, "int32" | "int64", Int32Array | BigInt64Array])[]): Made => {
    const fields = parts.map(
      ([name, kind]) =>
        new arrow.Field(name, kind === "int64" ? new arrow.Int64() : new arrow.Int32(), column.nullable),
    );
    const children = parts.map(([, , data], index) =>
      arrow.makeData({ type: fields[index]!.type as Arrow.Int, ...common, data } as never),
    );
    const byteLength = parts.length === 2 ? 8 : 16;
    return made(new arrow.Struct(fields), { children }, { ...scaleOf(type), byteLength });
  };
  switch (values.kind) {
    case "integers": {
      if (type.kind === "NUMBER") {
        const metadata = { precision: type.precision, scale: type.scale };
        if (!column.wide) return made(new arrow.Int64(), { data: values.values }, metadata);
        return made(
          new arrow.Decimal(type.scale, type.precision, 128),
          { data: words(widened(values.values)) },
          metadata,
        );
      }
      if (type.kind === "DATE") {
        return made(new arrow.DateDay(), { data: Int32Array.from(values.values, Number) });
      }
      const { scale } = type as Extract<DataType, { kind: "TIME" }>;
      if (type.kind === "TIME") return made(new arrow.Int64(), { data: rescaled(values.values, scale) }, { scale });
      if (scale <= MOST_INTEGER_SCALE) {
        return made(new arrow.Int64(), { data: rescaled(values.values, scale) }, { scale });
      }
      const { seconds, fractions } = split(values.values);
      return struct([
        ["epoch", "int64", seconds],
        ["fraction", "int32", fractions],
      ]);
    }
    case "wideIntegers": {
      const { precision, scale } = type as Extract<DataType, { kind: "NUMBER" }>;
      return made(new arrow.Decimal(scale, precision, 128), { data: words(values.values) }, { precision, scale });
    }
    case "zoned": {
      const offsets = values.offsets.map((minutes) => minutes + 1440);
      const { scale } = type as Extract<DataType, { kind: "TIMESTAMP_TZ" }>;
      if (scale <= MOST_INTEGER_SCALE_ZONED) {
        return struct([
          ["epoch", "int64", rescaled(values.values, scale)],
          ["timezone", "int32", offsets],
        ]);
      }
      const { seconds, fractions } = split(values.values);
      return struct([
        ["epoch", "int64", seconds],
        ["fraction", "int32", fractions],
        ["timezone", "int32", offsets],
      ]);
    }
    case "doubles":
      return made(new arrow.Float64(), { data: values.values });
    case "booleans":
      return made(new arrow.Bool(), { data: bits(values.values) });
    case "texts": {
      const texts = isJson(type) && indent > 0 ? values.values.map((text) => indentJson(text, indent)) : values.values;
      return made(new arrow.Utf8(), utf8(texts), lengthOf(type));
    }
    case "binaries": {
      const valueOffsets = new Int32Array(length + 1);
      values.values.forEach((bytes, row) => (valueOffsets[row + 1] = valueOffsets[row]! + bytes.length));
      return made(new arrow.Binary(), { valueOffsets, data: Buffer.concat(values.values) }, lengthOf(type));
    }
  }
}

/** Numbers in the metadata are text. */
function fieldMetadata(type: DataType, numbers: Readonly<Record<string, number>>): Map<string, string> {
  const entries = Object.entries(numbers).map(([name, value]) => [name, String(value)] as const);
  return new Map([["logicalType", logicalType(type)], ...entries]);
}

function logicalType(type: DataType): string {
  switch (type.kind) {
    case "NUMBER":
      return "FIXED";
    case "FLOAT":
      return "REAL";
    case "VARCHAR":
    case "NULL":
      return "TEXT";
    default:
      return type.kind;
  }
}

function scaleOf(type: DataType): { scale: number } {
  return { scale: "scale" in type ? type.scale : 0 };
}

function lengthOf(type: DataType): Record<string, number> {
  if (type.kind === "BINARY") return { charLength: type.length, byteLength: type.length };
  return type.kind === "VARCHAR" ? { charLength: type.length, byteLength: Math.min(type.length * 4, 16_777_216) } : {};
}

function nulls(valid: Validity, length: number): { nullCount: number; nullBitmap: Uint8Array | null } {
  if (!valid) return { nullCount: 0, nullBitmap: null };
  let nullCount = 0;
  for (let row = 0; row < length; row++) if (!isValid(valid, row)) nullCount += 1;
  return { nullCount, nullBitmap: bits(valid) };
}

/** Bytes of 0 and 1 as bits, the lowest first. */
function bits(bytes: Uint8Array): Uint8Array {
  const made = new Uint8Array(Math.ceil(bytes.length / 8));
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 1) made[at >> 3]! |= 1 << (at & 7);
  return made;
}

function words(values: BigInt64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
}

function utf8(texts: readonly string[]): { valueOffsets: Int32Array; data: Uint8Array } {
  const data = Buffer.from(texts.join(""));
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const valueOffsets = new Int32Array(texts.length + 1);
  // All ASCII: as many bytes as characters.
  const size = data.length === characters ? (text: string): number => text.length : Buffer.byteLength;
  texts.forEach((text, row) => (valueOffsets[row + 1] = valueOffsets[row]! + size(text)));
  return { valueOffsets, data };
}

/** Microseconds in units of 10^-scale seconds. */
function rescaled(microseconds: BigInt64Array, scale: number): BigInt64Array {
  if (scale === 6) return microseconds;
  const factor = 10n ** BigInt(Math.abs(scale - 6));
  if (scale > 6) return microseconds.map((value) => value * factor);
  // Down to the earlier unit also before 1970.
  return microseconds.map((value) => (value - (((value % factor) + factor) % factor)) / factor);
}

/** Seconds, and the nanoseconds after them. */
function split(microseconds: BigInt64Array): { seconds: BigInt64Array; fractions: Int32Array } {
  const seconds = new BigInt64Array(microseconds.length);
  const fractions = new Int32Array(microseconds.length);
  const from = new Int32Array(microseconds.buffer, microseconds.byteOffset, microseconds.length * 2);
  const to = new Int32Array(seconds.buffer);
  for (let row = 0; row < microseconds.length; row++) {
    // Exact: years up to 9999 are below 2^58 microseconds, of which the upper and the lower half are divided one by one.
    const high = from[2 * row + 1]!;
    const low = from[2 * row]! >>> 0;
    const highSeconds = Math.floor(high / 1_000_000);
    const rest = (high - highSeconds * 1_000_000) * 4_294_967_296 + low;
    const restSeconds = Math.floor(rest / 1_000_000);
    const whole = highSeconds * 4_294_967_296 + restSeconds;
    fractions[row] = (rest - restSeconds * 1_000_000) * 1_000;
    to[2 * row] = whole | 0;
    to[2 * row + 1] = Math.floor(whole / 4_294_967_296);
  }
  return { seconds, fractions };
}
