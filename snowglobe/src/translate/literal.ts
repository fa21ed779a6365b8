import type { DataType } from "../sql/ast/dataType";
import {
  BOOLEAN,
  FLOAT,
  TIME,
  TIMESTAMP_LTZ,
  TIMESTAMP_NTZ,
  TIMESTAMP_TZ,
  VARCHAR,
  VARIANT,
} from "../sql/ast/dataType";
import type { BoundExpression } from "./boundExpression";
import { castTo } from "./cast";
import { booleanLiteral, nullLiteral, textLiteral } from "./construct";
import type { SessionContext, TypedValue } from "./environment";
import { invalidValue } from "../errors";
import { withoutInputFormats } from "./timeByFormat";
import { physicalType } from "./types/physicalType";
import { literal } from "../quoting";

/** A typed value (a bind, a variable) as a constant. */
export function typedLiteral(typed: TypedValue, session: SessionContext): BoundExpression {
  const { type, value } = typed;
  if (value === null) return nullLiteral(type);
  switch (type.kind) {
    case "VARCHAR":
      return textLiteral(value);
    case "NULL":
      return nullLiteral();
    case "BOOLEAN":
      return booleanLiteral(/^(true|1|t|yes|y|on)$/i.test(value));
    case "NUMBER":
      return {
        kind: "literal",
        sql: `CAST(${literal(value)} AS ${physicalType(type)})`,
        value,
        type,
        nullable: false,
      };
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return { kind: "literal", sql: `json(${literal(value)})`, value, type, nullable: false };
    default:
      return castTo(textLiteral(value), type, withoutInputFormats(session), "explicit");
  }
}

/**
 * A bind as the drivers send it, as a typed value: numbers and text as they are; dates in milliseconds, times in
 * nanoseconds, timestamps in nanoseconds since 1970; TIMESTAMP_TZ followed by the offset in minutes plus 1440.
 *
 * @param wireType FIXED, REAL, TEXT, BOOLEAN, DATE, TIME, TIMESTAMP_NTZ, ...
 * @throws SnowflakeError 001008 for a value that its type cannot have
 */
export function literalFromBind(wireType: string, value: string | null): TypedValue {
  const type = bindType(wireType, value);
  if (value === null) return { type, value: null };
  switch (type.kind) {
    case "DATE":
      return { type, value: /^-?\d+$/.test(value) ? isoDate(BigInt(value), wireType) : value };
    case "TIME":
      return { type, value: /^\d+$/.test(value) ? isoTime(BigInt(value)) : value };
    case "TIMESTAMP_NTZ":
      return { type, value: /^-?\d+$/.test(value) ? isoTimestamp(BigInt(value)) : value };
    case "TIMESTAMP_LTZ":
      return { type, value: /^-?\d+$/.test(value) ? `${isoTimestamp(BigInt(value))} +00:00` : value };
    case "TIMESTAMP_TZ": {
      const match = /^(-?\d+)(?: (\d+))?$/.exec(value);
      if (!match) return { type, value };
      const minutes = match[2] === undefined ? 0 : Number(match[2]) - 1440;
      const wall = BigInt(match[1]!) + BigInt(minutes) * 60_000_000_000n;
      const sign = minutes < 0 ? "-" : "+";
      const hours = String(Math.trunc(Math.abs(minutes) / 60)).padStart(2, "0");
      return {
        type,
        value: `${isoTimestamp(wall)} ${sign}${hours}:${String(Math.abs(minutes) % 60).padStart(2, "0")}`,
      };
    }
    case "BOOLEAN":
      return { type, value: /^(true|1|t)$/i.test(value) ? "true" : "false" };
    default:
      return { type, value };
  }
}

function bindType(wireType: string, value: string | null): DataType {
  switch (wireType.toUpperCase()) {
    case "FIXED": {
      const match = /^[-+]?(\d*)(?:\.(\d*))?$/.exec(value ?? "0");
      if (!match) return FLOAT;
      const scale = (match[2] ?? "").length;
      return {
        kind: "NUMBER",
        precision: Math.min(38, Math.max(1, match[1]!.replace(/^0+/, "").length + scale)),
        scale,
      };
    }
    case "REAL":
      return FLOAT;
    case "BOOLEAN":
      return BOOLEAN;
    case "DATE":
      return { kind: "DATE" };
    case "TIME":
      return TIME;
    case "TIMESTAMP":
    case "TIMESTAMP_NTZ":
      return TIMESTAMP_NTZ;
    case "TIMESTAMP_LTZ":
      return TIMESTAMP_LTZ;
    case "TIMESTAMP_TZ":
      return TIMESTAMP_TZ;
    case "BINARY":
      return { kind: "BINARY", length: 8_388_608 };
    case "VARIANT":
    case "OBJECT":
      return VARIANT;
    case "ARRAY":
      return { kind: "ARRAY" };
    default:
      return VARCHAR;
  }
}

const DAY_NANOSECONDS = 86_400_000_000_000n;

function isoDate(value: bigint, wireType: string): string {
  const date = new Date(Number(value));
  if (Number.isNaN(date.getTime())) throw invalidValue(String(value), wireType);
  return date.toISOString().slice(0, 10);
}

function isoTime(nanoseconds: bigint): string {
  const seconds = nanoseconds / 1_000_000_000n;
  const two = (n: bigint): string => String(n).padStart(2, "0");
  const fraction = String(nanoseconds % 1_000_000_000n)
    .padStart(9, "0")
    .replace(/000$/, "");
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}.${fraction}`;
}

function isoTimestamp(nanoseconds: bigint): string {
  const ofDay = ((nanoseconds % DAY_NANOSECONDS) + DAY_NANOSECONDS) % DAY_NANOSECONDS;
  const day = (nanoseconds - ofDay) / 1_000_000n;
  return `${isoDate(day, "TIMESTAMP")} ${isoTime(ofDay)}`;
}
