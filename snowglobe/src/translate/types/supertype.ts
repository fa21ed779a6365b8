import type { DataType } from "../../sql/ast/dataType";
import { FLOAT, VARCHAR, VARIANT } from "../../sql/ast/dataType";
import { isNumeric, isSemiStructured, isTimestamp } from "./physicalType";
import { widerType } from "./numeric";

/**
 * The type that the branches of CASE, COALESCE, UNION and the like have in common, undefined where there is none.
 * Text gives way to any other type, as Snowflake's implicit casts do. Source: "Data type conversion".
 */
export function commonType(a: DataType, b: DataType): DataType | undefined {
  if (a.kind === "NULL") return b;
  if (b.kind === "NULL") return a;
  if (a.kind === b.kind) return widen(a, b);
  if (a.kind === "VARIANT" || b.kind === "VARIANT") return VARIANT;
  if (isSemiStructured(a) || isSemiStructured(b))
    return isSemiStructured(a) && isSemiStructured(b) ? VARIANT : undefined;
  if (isNumeric(a) && isNumeric(b)) return FLOAT;
  if (a.kind === "VARCHAR") return textWith(b);
  if (b.kind === "VARCHAR") return textWith(a);
  if (a.kind === "BOOLEAN" && isNumeric(b)) return a;
  if (b.kind === "BOOLEAN" && isNumeric(a)) return b;
  if (isTimestamp(a) && (b.kind === "DATE" || isTimestamp(b))) return stronger(a, b);
  if (isTimestamp(b) && a.kind === "DATE") return b;
  return undefined;
}

/** The common type of several; NULL where all are NULL. */
export function commonTypeOf(types: readonly DataType[]): DataType | undefined {
  let common: DataType | undefined = { kind: "NULL" };
  for (const type of types) {
    common = commonType(common, type);
    if (!common) return undefined;
  }
  return common;
}

function widen(a: DataType, b: DataType): DataType {
  if (a.kind === "NUMBER" && b.kind === "NUMBER") return widerType(a, b);
  if (a.kind === "VARCHAR" && b.kind === "VARCHAR") return a.length >= b.length ? a : b;
  if (a.kind === "BINARY" && b.kind === "BINARY") return a.length >= b.length ? a : b;
  if ("scale" in a && "scale" in b) return a.scale >= b.scale ? a : b;
  return a;
}

function textWith(other: DataType): DataType | undefined {
  switch (other.kind) {
    case "NUMBER":
      // Text as a number has no declared scale: Snowflake reads it as NUMBER(18,5).
      return widerType(other, { kind: "NUMBER", precision: 18, scale: 5 });
    case "BINARY":
      return undefined;
    case "OBJECT":
    case "ARRAY":
      return undefined;
    default:
      return other;
  }
}

const STRENGTH = ["TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"];

function stronger(a: DataType, b: DataType): DataType {
  return STRENGTH.indexOf(a.kind) >= STRENGTH.indexOf(b.kind) ? a : b;
}

/** A column's type: that of a bare NULL is text. */
export function columnType(type: DataType): DataType {
  return type.kind === "NULL" ? VARCHAR : type;
}
