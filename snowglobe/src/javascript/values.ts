import type { DataType } from "../sql/ast/dataType";

/**
 * How a SQL value becomes a JavaScript value and back: N number, B boolean, S string, D date or timestamp, X binary,
 * V JSON. Source: "SQL-JavaScript Data Type Mappings".
 */
export type JavaScriptKind = "N" | "B" | "S" | "D" | "X" | "V";

/** undefined for a type that handlers in JavaScript do not know. */
export function javaScriptKind(type: DataType): JavaScriptKind | undefined {
  switch (type.kind) {
    case "FLOAT":
      return "N";
    case "BOOLEAN":
      return "B";
    case "VARCHAR":
    case "TIME":
      return "S";
    case "DATE":
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_TZ":
      return "D";
    case "BINARY":
      return "X";
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return "V";
    default:
      return undefined;
  }
}

/**
 * Code of the engine's own, evaluated before any handler: `fromSql(kind, text)` and `toSql(kind, value)`. Texts are what
 * Snowflake prints, but for dates: milliseconds since 1970. NULL is `undefined` there and null here; a `null` is a JSON
 * null where the type has one. `eval` is taken away, as in Snowflake.
 */
export const VALUES_SOURCE = `
"use strict";
globalThis.eval = undefined;
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
const READERS = {
  N: (text) => (text === "inf" ? Infinity : text === "-inf" ? -Infinity : Number(text)),
  B: (text) => (text === "true" ? 1 : 0),
  S: (text) => text,
  D: (text) => new Date(Number(text)),
  X: bytesOf,
  V: (text) => JSON.parse(text),
};
const numberText = (value) => (Number.isNaN(value) ? "nan" : value === Infinity ? "inf" : value === -Infinity ? "-inf" : String(value));
const WRITERS = {
  N: (value) => {
    const number = Number(value);
    if (Number.isNaN(number) && typeof value !== "number") throw new TypeError("'" + value + "' is not a number");
    return numberText(number);
  },
  B: (value) => String(typeof value === "string" ? /^(true|t|yes|y|on|1)$/i.test(value) : Boolean(value)),
  S: (value) => String(value),
  D: (value) => {
    const time = (value instanceof Date ? value : new Date(value)).getTime();
    if (Number.isNaN(time)) throw new TypeError("'" + value + "' is not a date");
    return String(time);
  },
  X: (value) => {
    if (!(value instanceof Uint8Array)) throw new TypeError("a binary value must be a Uint8Array");
    return hexOf(value);
  },
  V: (value) => JSON.stringify(value, (key, inner) => (inner instanceof Uint8Array ? hexOf(inner) : inner)) ?? null,
};
globalThis.fromSql = (kind, text) => (text === null ? undefined : READERS[kind](text));
globalThis.toSql = (kind, value) =>
  value === undefined || (value === null && kind !== "V") ? null : WRITERS[kind](value);
`;
