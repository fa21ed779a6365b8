/**
 * Snowflake's data types in canonical form (synonyms such as INT, STRING, DOUBLE are resolved by the parser).
 * Source: "Summary of data types".
 */
export type DataType =
  | { readonly kind: "NUMBER"; readonly precision: number; readonly scale: number }
  | { readonly kind: "FLOAT" }
  | { readonly kind: "VARCHAR"; readonly length: number }
  | { readonly kind: "BINARY"; readonly length: number }
  | { readonly kind: "BOOLEAN" }
  | { readonly kind: "DATE" }
  | { readonly kind: "TIME"; readonly scale: number }
  | { readonly kind: "TIMESTAMP_NTZ"; readonly scale: number }
  | { readonly kind: "TIMESTAMP_LTZ"; readonly scale: number }
  | { readonly kind: "TIMESTAMP_TZ"; readonly scale: number }
  | { readonly kind: "VARIANT" }
  | { readonly kind: "OBJECT" }
  | { readonly kind: "ARRAY" }
  /** The type of a bare NULL; becomes VARCHAR where a column needs a type. */
  | { readonly kind: "NULL" };

export type DataTypeKind = DataType["kind"];

/** Characters in a VARCHAR without a length. */
export const MAX_VARCHAR_LENGTH = 16_777_216;
/** Bytes in a BINARY without a length. */
export const MAX_BINARY_LENGTH = 8_388_608;

export const NUMBER: DataType = { kind: "NUMBER", precision: 38, scale: 0 };
export const FLOAT: DataType = { kind: "FLOAT" };
export const VARCHAR: DataType = { kind: "VARCHAR", length: MAX_VARCHAR_LENGTH };
export const BINARY: DataType = { kind: "BINARY", length: MAX_BINARY_LENGTH };
export const BOOLEAN: DataType = { kind: "BOOLEAN" };
export const DATE: DataType = { kind: "DATE" };
export const TIME: DataType = { kind: "TIME", scale: 9 };
export const TIMESTAMP_NTZ: DataType = { kind: "TIMESTAMP_NTZ", scale: 9 };
export const TIMESTAMP_LTZ: DataType = { kind: "TIMESTAMP_LTZ", scale: 9 };
export const TIMESTAMP_TZ: DataType = { kind: "TIMESTAMP_TZ", scale: 9 };
export const VARIANT: DataType = { kind: "VARIANT" };
export const OBJECT: DataType = { kind: "OBJECT" };
export const ARRAY: DataType = { kind: "ARRAY" };
export const NULL_TYPE: DataType = { kind: "NULL" };

/** The type as Snowflake prints it in DESCRIBE and SHOW COLUMNS, for example `NUMBER(38,0)`. */
export function dataTypeText(type: DataType): string {
  switch (type.kind) {
    case "NUMBER":
      return `NUMBER(${type.precision},${type.scale})`;
    case "VARCHAR":
    case "BINARY":
      return `${type.kind}(${type.length})`;
    case "TIME":
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_TZ":
      return `${type.kind}(${type.scale})`;
    case "NULL":
      return dataTypeText(VARCHAR);
    default:
      return type.kind;
  }
}
