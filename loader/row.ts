import { COLUMNS, columnIndex, type Column } from "./columns";
import { shown, SourceError } from "./errors";

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WHOLE = /^([+-]?)0*(\d+)(?:\.0*)?$/;
/** Digits that NUMBER(38,0) holds. */
const MAX_DIGITS = 38;

const LOAN_ID = columnIndex("LOAN_ID");
const ADDR_STATE = columnIndex("ADDR_STATE");
const INT_RATE = columnIndex("INT_RATE");

/** Where in the source a row stands: rows count from 1 after the heading, lines from 1 at the top of the file. */
export interface Position {
  readonly row: number;
  readonly line?: number;
}

/** A row after checking: ready to be written, or refused with a reason. */
export type CheckedRow = { readonly csv: string; readonly state: string } | { readonly refused: string };

/**
 * Checks one row and writes it as CSV in the table's order: text in double quotes, numbers bare, NULL as nothing.
 *
 * Refused, and so counted but not loaded, are rows that are no loans: the lender's files end with lines such as "Total
 * amount funded in policy code 1: ...", which hold text in their first field only; and rows without a loan id.
 *
 * @param order from `readHeader`
 * @throws SourceError that names row, column and text where a number cannot be read, or the number of fields is wrong
 */
export function checkRow(fields: readonly string[], order: readonly number[], position: Position): CheckedRow {
  if (isRemark(fields)) return { refused: "a remark, not a loan (only its first field holds text)" };
  if (fields.length !== order.length) {
    throw new SourceError(
      `${place(position)} has ${fields.length} fields, not ${order.length}: check its quotes and commas`,
    );
  }
  if (fields[order[LOAN_ID]!]!.trim() === "") return { refused: "LOAN_ID is empty" };
  let csv = "";
  for (let i = 0; i < COLUMNS.length; i++) {
    const column = COLUMNS[i]!;
    const text = fields[order[i]!]!;
    if (i > 0) csv += ",";
    csv += column.type === "VARCHAR" ? quoted(text) : number(text, column, i, position);
  }
  return { csv, state: fields[order[ADDR_STATE]!]!.trim().toUpperCase() };
}

function isRemark(fields: readonly string[]): boolean {
  for (let i = 1; i < fields.length; i++) if (fields[i] !== "") return false;
  // A loan's id is one word; a remark is a sentence. A lone word is what is left of a loan when a file is cut off.
  const first = (fields[0] ?? "").trim();
  return first === "" || /\s/.test(first);
}

function quoted(text: string): string {
  if (text === "") return "";
  return text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`;
}

function number(text: string, column: Column, index: number, position: Position): string {
  let bare = text.trim();
  if (bare === "") return "";
  // The lender's own file writes the rate as "10.65%".
  if (index === INT_RATE && bare.endsWith("%")) bare = bare.slice(0, -1).trimEnd();
  if (column.type === "FLOAT") {
    if (!NUMBER.test(bare) || !Number.isFinite(Number(bare))) throw unreadable(text, column, position, "a number");
    return bare;
  }
  // Tools that read a column with gaps as floating point write 5000 as 5000.0.
  const match = WHOLE.exec(bare);
  if (!match || match[2]!.length > MAX_DIGITS) throw unreadable(text, column, position, "a whole number");
  return match[1] === "-" ? `-${match[2]}` : match[2]!;
}

function unreadable(text: string, column: Column, position: Position, what: string): SourceError {
  return new SourceError(`${place(position)}, column ${column.name}: '${shown(text)}' is not ${what}`);
}

function place({ row, line }: Position): string {
  return line === undefined ? `Row ${row}` : `Row ${row} (line ${line})`;
}
