import { MAX_VARCHAR_LENGTH, type DataType } from "../../sql/ast/dataType";
import type { ResultColumn } from "../../account/result";

/** A column as drivers read it. Every key must be there: some drivers index them without asking. */
export interface RowTypeEntry {
  readonly name: string;
  readonly database: string;
  readonly schema: string;
  readonly table: string;
  readonly nullable: boolean;
  /** Lower case; the wire's name of the type. */
  readonly type: string;
  readonly scale: number | null;
  readonly precision: number | null;
  /** Characters of a text, bytes of a binary. */
  readonly length: number | null;
  readonly byteLength: number | null;
  readonly collation: string | null;
}

/** Bytes that one character takes at most in UTF-8. */
const MAX_CHARACTER_BYTES = 4;

export function rowTypeEntry(column: ResultColumn): RowTypeEntry {
  return {
    name: column.name,
    database: "",
    schema: "",
    table: "",
    nullable: column.nullable,
    ...wireType(column.type),
    collation: null,
  };
}

type WireType = Pick<RowTypeEntry, "type" | "scale" | "precision" | "length" | "byteLength">;

function wireType(type: DataType): WireType {
  const bare = { scale: null, precision: null, length: null, byteLength: null };
  switch (type.kind) {
    case "NUMBER":
      return { ...bare, type: "fixed", precision: type.precision, scale: type.scale };
    case "FLOAT":
      return { ...bare, type: "real" };
    case "VARCHAR":
      return { ...bare, type: "text", ...textLength(type.length) };
    case "NULL":
      return { ...bare, type: "text", ...textLength(MAX_VARCHAR_LENGTH) };
    case "BINARY":
      return { ...bare, type: "binary", length: type.length, byteLength: type.length };
    case "TIME":
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_TZ":
      return { ...bare, type: type.kind.toLowerCase(), precision: 0, scale: type.scale };
    case "BOOLEAN":
    case "DATE":
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return { ...bare, type: type.kind.toLowerCase() };
  }
}

function textLength(length: number): Pick<RowTypeEntry, "length" | "byteLength"> {
  return { length, byteLength: Math.max(length, Math.min(length * MAX_CHARACTER_BYTES, MAX_VARCHAR_LENGTH)) };
}
