import type { DataType } from "../../sql/ast/dataType";

/**
 * The DuckDB type that holds a Snowflake type. Timestamps and times keep microseconds. TIMESTAMP_TZ is its instant and
 * the offset in minutes; semi-structured values are JSON text, where JSON's null is not SQL's NULL.
 */
export function physicalType(type: DataType): string {
  switch (type.kind) {
    case "NUMBER":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "FLOAT":
      return "DOUBLE";
    case "VARCHAR":
    case "NULL":
      return "VARCHAR";
    case "BINARY":
      return "BLOB";
    case "BOOLEAN":
      return "BOOLEAN";
    case "DATE":
      return "DATE";
    case "TIME":
      return "TIME";
    case "TIMESTAMP_NTZ":
      return "TIMESTAMP";
    case "TIMESTAMP_LTZ":
      return "TIMESTAMP WITH TIME ZONE";
    case "TIMESTAMP_TZ":
      return 'STRUCT("utc" TIMESTAMP, "offset" SMALLINT)';
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return "JSON";
  }
}

export function isText(type: DataType): boolean {
  return type.kind === "VARCHAR" || type.kind === "NULL";
}

export function isNumeric(type: DataType): boolean {
  return type.kind === "NUMBER" || type.kind === "FLOAT";
}

export function isTimestamp(type: DataType): boolean {
  return type.kind === "TIMESTAMP_NTZ" || type.kind === "TIMESTAMP_LTZ" || type.kind === "TIMESTAMP_TZ";
}

export function isSemiStructured(type: DataType): boolean {
  return type.kind === "VARIANT" || type.kind === "OBJECT" || type.kind === "ARRAY";
}

export function sameType(a: DataType, b: DataType): boolean {
  return physicalType(a) === physicalType(b) && a.kind === b.kind;
}

/**
 * DuckDB text of a NUMBER. The engine leaves out the zero before the point where a type has no leading digits: there the
 * value gets one more digit first.
 */
export function numberTextSql(sql: string, type: Extract<DataType, { kind: "NUMBER" }>): string {
  const value =
    type.scale > 0 && type.precision === type.scale
      ? `CAST(${sql} AS DECIMAL(${type.precision + 1},${type.scale}))`
      : sql;
  return `CAST(${value} AS VARCHAR)`;
}
