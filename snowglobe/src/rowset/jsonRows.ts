import type { DataType } from "../sql/ast/dataType";
import { isJson, isValid, type Batch, type BatchColumn } from "./batch";
import { doubleText } from "./doubleText";
import { indentJson } from "./indentJson";

/**
 * Rows as the drivers' JSON: arrays of strings and nulls joined by commas, without the outer brackets. Booleans are 1 and
 * 0, dates days since 1970, times and timestamps seconds with as many decimals as the scale says, since some drivers slice
 * the text by it, TIMESTAMP_TZ followed by its offset in minutes plus 1440, binary upper-case hexadecimal.
 *
 * @param types of the columns
 * @param indent for semi-structured values; see indentJson
 */
export function jsonRows(batch: Batch, types: readonly DataType[], indent: number): string {
  const columns = batch.columns.map((column, index) => cells(column, types[index]!, batch.rowCount, indent));
  const rows = new Array<string>(batch.rowCount);
  for (let row = 0; row < batch.rowCount; row++) {
    let text = "[";
    for (let index = 0; index < columns.length; index++) text += (index > 0 ? "," : "") + columns[index]![row]!;
    rows[row] = `${text}]`;
  }
  return rows.join(",");
}

/** The cells of a column, quoted. */
function cells(column: BatchColumn, type: DataType, rowCount: number, indent: number): string[] {
  const text = cellText(column, type, indent);
  const made = new Array<string>(rowCount);
  for (let row = 0; row < rowCount; row++) made[row] = isValid(column.valid, row) ? text(row) : "null";
  return made;
}

function cellText(column: BatchColumn, type: DataType, indent: number): (row: number) => string {
  switch (column.kind) {
    case "integers": {
      const number = integerText(column.values);
      if (type.kind === "NUMBER") return scaled(number, type.scale);
      if (type.kind === "DATE") return (row) => `"${number(row)}"`;
      const { scale } = type as Extract<DataType, { kind: "TIMESTAMP_NTZ" }>;
      const seconds = secondsText(column.values, scale);
      return (row) => `"${seconds(row)}"`;
    }
    case "wideIntegers": {
      const { values } = column;
      const number = (row: number): string =>
        String((values[2 * row + 1]! << 64n) | BigInt.asUintN(64, values[2 * row]!));
      return scaled(number, (type as Extract<DataType, { kind: "NUMBER" }>).scale);
    }
    case "zoned": {
      const seconds = secondsText(column.values, (type as Extract<DataType, { kind: "TIMESTAMP_TZ" }>).scale);
      return (row) => `"${seconds(row)} ${column.offsets[row]! + 1440}"`;
    }
    case "doubles":
      return (row) => `"${doubleText(column.values[row]!)}"`;
    case "booleans":
      return (row) => (column.values[row] === 1 ? '"1"' : '"0"');
    case "binaries":
      return (row) => `"${Buffer.from(column.values[row]!).toString("hex").toUpperCase()}"`;
    case "texts":
      return isJson(type)
        ? (row) => JSON.stringify(indentJson(column.values[row]!, indent))
        : (row) => JSON.stringify(column.values[row]!);
  }
}

/** Words beyond which a 64-bit number is no exact double. */
const EXACT = 1 << 21;

/** The text of 64-bit integers. */
function integerText(values: BigInt64Array): (row: number) => string {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  return (row) => {
    const high = words[2 * row + 1]!;
    // As a double it takes a third of the time that a BigInt takes.
    return high >= -EXACT && high < EXACT ? String(high * 4294967296 + (words[2 * row]! >>> 0)) : String(values[row]!);
  };
}

/** A quoted number, its point put in. */
function scaled(number: (row: number) => string, scale: number): (row: number) => string {
  if (scale === 0) return (row) => `"${number(row)}"`;
  return (row) => {
    const text = number(row);
    const sign = text.startsWith("-") ? "-" : "";
    const digits = text.slice(sign.length).padStart(scale + 1, "0");
    return `"${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}"`;
  };
}

/** Microseconds as seconds with exactly `scale` decimals; the sign stands for the whole. */
function secondsText(values: BigInt64Array, scale: number): (row: number) => string {
  const microseconds = integerText(values);
  return (row) => {
    const text = microseconds(row);
    const sign = text.startsWith("-") ? "-" : "";
    const digits = text.slice(sign.length).padStart(7, "0");
    const whole = sign + digits.slice(0, -6);
    return scale === 0 ? whole : `${whole}.${digits.slice(-6).padEnd(9, "0").slice(0, scale)}`;
  };
}
