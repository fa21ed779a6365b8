import type { DuckDBBlobValue, DuckDBDataChunk, DuckDBVector } from "@duckdb/node-api";
import type { DataType } from "../sql/ast/dataType";
import { widened, type Batch, type BatchColumn, type Validity } from "./batch";

/**
 * The fields of the library's vectors that hold what DuckDB wrote. They are private to the library, whose version is
 * fixed: its public way makes an object of every single value, ten times as slow.
 */
interface RawVector {
  readonly items?: BigInt64Array | Int32Array | Float64Array;
  readonly dataView?: DataView;
  readonly validity: { readonly data: BigUint64Array | null };
}

/**
 * Collects chunks of a DuckDB result whose columns are as `batchProjection` makes them, one after the other.
 *
 * @see batchProjection in translate
 */
export class BatchBuilder {
  private columns: ColumnBuilder[];
  rowCount = 0;

  constructor(private readonly types: readonly DataType[]) {
    this.columns = types.map(columnBuilder);
  }

  /** About the bytes of what is collected. */
  get bytes(): number {
    return this.columns.reduce((sum, column) => sum + column.bytes, 0);
  }

  add(chunk: DuckDBDataChunk): void {
    const rows = chunk.rowCount;
    let at = 0;
    for (const column of this.columns) {
      const vectors = Array.from({ length: column.width }, (_, index) => chunk.getColumnVector(at + index));
      column.add(vectors, rows);
      at += column.width;
    }
    this.rowCount += rows;
  }

  /** What was collected; the next batch begins empty. */
  take(): Batch {
    const batch = {
      rowCount: this.rowCount,
      bytes: this.bytes,
      columns: this.columns.map((column) => column.take()),
    };
    this.columns = this.types.map(columnBuilder);
    this.rowCount = 0;
    return batch;
  }
}

interface ColumnBuilder {
  /** Columns of DuckDB's that it is made of. */
  readonly width: number;
  readonly bytes: number;
  add(vectors: readonly DuckDBVector[], rows: number): void;
  take(): BatchColumn;
}

function columnBuilder(type: DataType): ColumnBuilder {
  switch (type.kind) {
    case "NUMBER":
      return new Integers(type.precision);
    case "DATE":
      return new Integers(9);
    case "TIME":
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
      return new Integers(18);
    case "TIMESTAMP_TZ":
      return new Zoned();
    case "FLOAT":
      return new Doubles();
    case "BOOLEAN":
      return new Booleans();
    case "BINARY":
      return new Binaries();
    case "VARCHAR":
    case "NULL":
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return new Texts();
  }
}

/** Validity of all rows so far; made when the first NULL comes. */
class ValidityBuilder {
  private pieces: { readonly rows: number; readonly valid: Uint8Array | undefined }[] = [];
  private nulls = false;

  add(vector: DuckDBVector, rows: number): Uint8Array | undefined {
    const valid = validityOf(vector, rows);
    this.nulls ||= valid !== undefined;
    this.pieces.push({ rows, valid });
    return valid;
  }

  take(): Validity {
    if (!this.nulls) return undefined;
    const all = new Uint8Array(this.pieces.reduce((sum, piece) => sum + piece.rows, 0));
    let at = 0;
    for (const { rows, valid } of this.pieces) {
      if (valid) all.set(valid, at);
      else all.fill(1, at, at + rows);
      at += rows;
    }
    return all;
  }
}

/** A bit for each row, the lowest first, as a byte for each row; undefined where no row is NULL. */
function validityOf(vector: DuckDBVector, rows: number): Uint8Array | undefined {
  const { data } = raw(vector).validity;
  if (!data) return undefined;
  const bits = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const valid = new Uint8Array(rows);
  let nulls = false;
  for (let row = 0; row < rows; row++) {
    valid[row] = (bits[row >> 3]! >> (row & 7)) & 1;
    nulls ||= valid[row] === 0;
  }
  return nulls ? valid : undefined;
}

function raw(vector: DuckDBVector): RawVector {
  return vector as unknown as RawVector;
}

class Integers implements ColumnBuilder {
  readonly width = 1;
  bytes = 0;
  private readonly validity = new ValidityBuilder();
  private readonly pieces: { readonly wide: boolean; readonly values: BigInt64Array }[] = [];

  /** @param precision of the DECIMAL, which decides how wide DuckDB's numbers are; 9 is INTEGER, 18 BIGINT */
  constructor(private readonly precision: number) {}

  add([vector]: readonly DuckDBVector[], rows: number): void {
    const valid = this.validity.add(vector!, rows);
    const piece = this.values(vector!, rows, valid);
    this.pieces.push(piece);
    this.bytes += piece.values.byteLength;
  }

  private values(vector: DuckDBVector, rows: number, valid: Validity): { wide: boolean; values: BigInt64Array } {
    const { items, dataView } = raw(vector);
    const source = items ?? dataView!;
    const { buffer, byteOffset } = source;
    if (this.precision > 18) return narrowed(new Int32Array(buffer, byteOffset, rows * 4), rows, valid);
    const values = new BigInt64Array(rows);
    if (this.precision > 9) values.set(new BigInt64Array(buffer, byteOffset, rows));
    else {
      const small =
        this.precision > 4 ? new Int32Array(buffer, byteOffset, rows) : new Int16Array(buffer, byteOffset, rows);
      const words = new Int32Array(values.buffer);
      for (let row = 0; row < rows; row++) {
        words[2 * row] = small[row]!;
        words[2 * row + 1] = small[row]! >> 31;
      }
    }
    return { wide: false, values };
  }

  take(): BatchColumn {
    const valid = this.validity.take();
    if (!this.pieces.some(({ wide }) => wide)) {
      return { kind: "integers", values: joined(this.pieces.map(({ values }) => values)), valid };
    }
    const words = this.pieces.map(({ wide, values }) => (wide ? values : widened(values)));
    return { kind: "wideIntegers", values: joined(words), valid };
  }
}

/** 128-bit numbers of four words each in 64 bits, where all of them fit. What lies under a NULL is anything. */
function narrowed(words: Int32Array, rows: number, valid: Validity): { wide: boolean; values: BigInt64Array } {
  const narrow = new Int32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    if (valid && valid[row] === 0) continue;
    const sign = words[4 * row + 1]! >> 31;
    if (words[4 * row + 2] !== sign || words[4 * row + 3] !== sign) {
      return { wide: true, values: new BigInt64Array(words.slice().buffer) };
    }
    narrow[2 * row] = words[4 * row]!;
    narrow[2 * row + 1] = words[4 * row + 1]!;
  }
  return { wide: false, values: new BigInt64Array(narrow.buffer) };
}

function joined(pieces: readonly BigInt64Array[]): BigInt64Array {
  if (pieces.length === 1) return pieces[0]!;
  const all = new BigInt64Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

class Zoned implements ColumnBuilder {
  readonly width = 2;
  private readonly instants = new Integers(18);
  private readonly offsets: Int32Array[] = [];

  get bytes(): number {
    return this.instants.bytes * 1.5;
  }

  add([instant, offset]: readonly DuckDBVector[], rows: number): void {
    this.instants.add([instant!], rows);
    this.offsets.push((raw(offset!).items as Int32Array).slice(0, rows));
  }

  take(): BatchColumn {
    const { values, valid } = this.instants.take() as Extract<BatchColumn, { kind: "integers" }>;
    const offsets = new Int32Array(values.length);
    let at = 0;
    for (const piece of this.offsets) {
      offsets.set(piece, at);
      at += piece.length;
    }
    return { kind: "zoned", values, offsets, valid };
  }
}

class Doubles implements ColumnBuilder {
  readonly width = 1;
  bytes = 0;
  private readonly validity = new ValidityBuilder();
  private readonly pieces: Float64Array[] = [];

  add([vector]: readonly DuckDBVector[], rows: number): void {
    this.validity.add(vector!, rows);
    this.pieces.push((raw(vector!).items as Float64Array).slice(0, rows));
    this.bytes += rows * 8;
  }

  take(): BatchColumn {
    const values = new Float64Array(this.pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.pieces) {
      values.set(piece, at);
      at += piece.length;
    }
    return { kind: "doubles", values, valid: this.validity.take() };
  }
}

class Booleans implements ColumnBuilder {
  readonly width = 1;
  private readonly validity = new ValidityBuilder();
  private readonly values: number[] = [];

  get bytes(): number {
    return this.values.length;
  }

  add([vector]: readonly DuckDBVector[], rows: number): void {
    this.validity.add(vector!, rows);
    for (let row = 0; row < rows; row++) this.values.push(vector!.getItem(row) === true ? 1 : 0);
  }

  take(): BatchColumn {
    return { kind: "booleans", values: Uint8Array.from(this.values), valid: this.validity.take() };
  }
}

class Texts implements ColumnBuilder {
  readonly width = 1;
  bytes = 0;
  private readonly validity = new ValidityBuilder();
  private readonly values: string[] = [];

  add([vector]: readonly DuckDBVector[], rows: number): void {
    const valid = this.validity.add(vector!, rows);
    for (let row = 0; row < rows; row++) {
      const text = valid && valid[row] === 0 ? "" : (vector!.getItem(row) as string);
      this.values.push(text);
      this.bytes += text.length;
    }
    this.bytes += rows * 16;
  }

  take(): BatchColumn {
    return { kind: "texts", values: this.values, valid: this.validity.take() };
  }
}

const NO_BYTES = new Uint8Array();

class Binaries implements ColumnBuilder {
  readonly width = 1;
  bytes = 0;
  private readonly validity = new ValidityBuilder();
  private readonly values: Uint8Array[] = [];

  add([vector]: readonly DuckDBVector[], rows: number): void {
    const valid = this.validity.add(vector!, rows);
    for (let row = 0; row < rows; row++) {
      const value =
        valid && valid[row] === 0 ? NO_BYTES : Uint8Array.from((vector!.getItem(row) as DuckDBBlobValue).bytes);
      this.values.push(value);
      this.bytes += value.length + 16;
    }
  }

  take(): BatchColumn {
    return { kind: "binaries", values: this.values, valid: this.validity.take() };
  }
}
