import { compilationError, unsupported } from "../../errors";
import {
  ARRAY,
  BINARY,
  BOOLEAN,
  type DataType,
  DATE,
  FLOAT,
  MAX_BINARY_LENGTH,
  MAX_VARCHAR_LENGTH,
  NUMBER,
  OBJECT,
  VARIANT,
} from "../ast/dataType";
import { TokenKind } from "../lexer/tokens";
import type { TokenCursor } from "./cursor";

const DECIMALS = new Set(["NUMBER", "DECIMAL", "DEC", "NUMERIC"]);
const INTEGERS = new Set(["INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTEINT"]);
const FLOATS = new Set(["FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "REAL"]);
const STRINGS = new Set(["VARCHAR", "STRING", "TEXT", "NVARCHAR", "NVARCHAR2"]);
const CHARACTERS = new Set(["CHAR", "CHARACTER", "NCHAR"]);
const BINARIES = new Set(["BINARY", "VARBINARY"]);
const FIXED: ReadonlyMap<string, DataType> = new Map([
  ["BOOLEAN", BOOLEAN],
  ["DATE", DATE],
  ["VARIANT", VARIANT],
]);
const TIMESTAMPS: ReadonlyMap<string, "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" | "TIMESTAMP_TZ"> = new Map([
  ["DATETIME", "TIMESTAMP_NTZ"],
  // TIMESTAMP_TYPE_MAPPING's default.
  ["TIMESTAMP", "TIMESTAMP_NTZ"],
  ["TIMESTAMP_NTZ", "TIMESTAMP_NTZ"],
  ["TIMESTAMPNTZ", "TIMESTAMP_NTZ"],
  ["TIMESTAMP_LTZ", "TIMESTAMP_LTZ"],
  ["TIMESTAMPLTZ", "TIMESTAMP_LTZ"],
  ["TIMESTAMP_TZ", "TIMESTAMP_TZ"],
  ["TIMESTAMPTZ", "TIMESTAMP_TZ"],
]);
const KNOWN_BUT_UNSUPPORTED = new Set(["DECFLOAT", "GEOGRAPHY", "GEOMETRY", "VECTOR", "MAP", "FILE", "UUID"]);

const MAX_PRECISION = 38;
const MAX_TIME_SCALE = 9;

/** Whether the word here names a data type. */
export function atDataType(cursor: TokenCursor): boolean {
  const word = cursor.value;
  return (
    cursor.kind === TokenKind.Word &&
    (DECIMALS.has(word) ||
      INTEGERS.has(word) ||
      FLOATS.has(word) ||
      STRINGS.has(word) ||
      CHARACTERS.has(word) ||
      BINARIES.has(word) ||
      FIXED.has(word) ||
      TIMESTAMPS.has(word) ||
      KNOWN_BUT_UNSUPPORTED.has(word) ||
      word === "TIME" ||
      word === "OBJECT" ||
      word === "ARRAY")
  );
}

/**
 * A data type, with synonyms resolved. Source: "Summary of data types".
 *
 * @throws SnowflakeError for an unknown type (002040) and for one that is not supported (000002)
 */
export function parseDataType(cursor: TokenCursor): DataType {
  if (cursor.kind !== TokenKind.Word) throw cursor.unexpected();
  const word = cursor.value;
  if (KNOWN_BUT_UNSUPPORTED.has(word)) throw unsupported(`data type ${word}`);
  if (!atDataType(cursor)) throw compilationError(`Unsupported data type '${cursor.source}'.`, "002040", "42601");
  cursor.index++;
  if (DECIMALS.has(word)) return decimal(cursor);
  if (INTEGERS.has(word)) return NUMBER;
  if (FLOATS.has(word)) {
    if (word === "DOUBLE") cursor.accept("PRECISION");
    if (cursor.is("(")) throw unsupported(`${word} with a precision`);
    return FLOAT;
  }
  if (STRINGS.has(word)) return varchar(cursor, MAX_VARCHAR_LENGTH);
  if (CHARACTERS.has(word)) return varchar(cursor, cursor.accept("VARYING") ? MAX_VARCHAR_LENGTH : 1);
  if (BINARIES.has(word))
    return { ...BINARY, length: size(cursor, 1, MAX_BINARY_LENGTH) ?? MAX_BINARY_LENGTH } as DataType;
  if (word === "TIME") return { kind: "TIME", scale: size(cursor, 0, MAX_TIME_SCALE) ?? MAX_TIME_SCALE };
  if (word === "OBJECT" || word === "ARRAY") {
    if (cursor.is("(")) throw unsupported(`structured type ${word}`);
    return word === "OBJECT" ? OBJECT : ARRAY;
  }
  return FIXED.get(word) ?? timestamp(cursor, word);
}

function decimal(cursor: TokenCursor): DataType {
  if (!cursor.accept("(")) return NUMBER;
  const precision = bounded(cursor, 1, MAX_PRECISION);
  const scale = cursor.accept(",") ? bounded(cursor, 0, Math.min(precision, MAX_PRECISION - 1)) : 0;
  cursor.expect(")");
  return { kind: "NUMBER", precision, scale };
}

function varchar(cursor: TokenCursor, defaultLength: number): DataType {
  return { kind: "VARCHAR", length: size(cursor, 1, MAX_VARCHAR_LENGTH) ?? defaultLength };
}

function timestamp(cursor: TokenCursor, word: string): DataType {
  const scale = size(cursor, 0, MAX_TIME_SCALE) ?? MAX_TIME_SCALE;
  if (word === "TIMESTAMP") {
    if (cursor.accept("WITH", "LOCAL", "TIME", "ZONE")) return { kind: "TIMESTAMP_LTZ", scale };
    if (cursor.accept("WITH", "TIME", "ZONE")) return { kind: "TIMESTAMP_TZ", scale };
    cursor.accept("WITHOUT", "TIME", "ZONE");
  }
  return { kind: TIMESTAMPS.get(word)!, scale };
}

/** `(n)` if it stands here. */
function size(cursor: TokenCursor, min: number, max: number): number | undefined {
  if (!cursor.accept("(")) return undefined;
  const value = bounded(cursor, min, max);
  cursor.expect(")");
  return value;
}

function bounded(cursor: TokenCursor, min: number, max: number): number {
  const value = cursor.integer();
  if (value < min || value > max) {
    throw compilationError(`Invalid data type size ${value}: must be between ${min} and ${max}.`, "001009", "42601");
  }
  return value;
}
