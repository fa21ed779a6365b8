import { formatCount, formatTable } from "../output/table";
import { SEMI_STRUCTURED, type ResultColumn, type StatementResult } from "./execute";
import type { ResultFormat } from "./resultFormat";

/** Characters of a value that a table shows. */
const WIDEST_CELL = 120;
const NUMERIC = new Set(["fixed", "real"]);

/**
 * A result for people: in columns, or with a line for each value where the rows are wider than the terminal.
 *
 * @param width columns of the terminal; undefined: a table in any case
 */
export function formatResultText(
  result: StatementResult,
  format: ResultFormat,
  bold: (text: string) => string,
  width: number | undefined,
): string {
  if (format === "vertical") return formatResultVertical(result, bold);
  const table = formatResultTable(result, bold);
  // eslint-disable-next-line no-control-regex -- what makes the headings bold takes no room
  const widest = Math.max(...table.split("\n").map((line) => line.replace(/\u001b\[[\d;]*m/g, "").length));
  return width === undefined || widest <= width ? table : formatResultVertical(result, bold);
}

/** Each row as lines of column and value, under a heading that counts the rows. */
function formatResultVertical(result: StatementResult, bold: (text: string) => string): string {
  const { columns, rows } = result;
  const widest = Math.max(0, ...columns.map(({ name }) => name.length));
  const lines = rows.flatMap((row, index) => [
    bold(`  -- row ${formatCount(index + 1)}`),
    ...row.map((value, at) => `  ${columns[at]!.name.padEnd(widest)}  ${shown(value)}`.trimEnd()),
  ]);
  return [...lines, countLine(result)].join("\n");
}

/** How many rows there are, and whether some are left out. */
function countLine({ rows, total }: StatementResult): string {
  const counted = `  ${formatCount(total)} row${total === 1 ? "" : "s"}`;
  const cut = rows.length < total ? `; the first ${formatCount(rows.length)} are shown (--format csv gives all)` : "";
  return `${counted}${cut}`;
}

/** A result in columns for people; NULL stands for null, and text that would break a line is shown escaped. */
export function formatResultTable(result: StatementResult, bold: (text: string) => string): string {
  const { columns, rows } = result;
  const isRight = columns.map(({ type }) => NUMERIC.has(type));
  const cells = rows.map((row) => row.map(shown));
  // Numbers are text here, as Snowflake prints them: they are moved to the right by hand.
  const widths = columns.map(({ name }, i) => Math.max(name.length, ...cells.map((row) => String(row[i]).length)));
  const padded = cells.map((row) => row.map((cell, i) => (isRight[i] ? String(cell).padStart(widths[i]!) : cell)));
  const head = columns.map(({ name }, i) => (isRight[i] ? name.padStart(widths[i]!) : name));
  return `${formatTable(head, padded, bold)}\n${countLine(result)}`;
}

function shown(value: string | null): string {
  if (value === null) return "NULL";
  // eslint-disable-next-line no-control-regex -- a value must not steer the terminal
  const line = value.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => JSON.stringify(char).slice(1, -1));
  return line.length > WIDEST_CELL ? `${line.slice(0, WIDEST_CELL - 1)}…` : line;
}

/** A result as CSV (RFC 4180, with the line ends of text files here) with a heading; null is an empty field, an empty text `""`. */
export function formatResultCsv({ columns, rows }: StatementResult): string {
  const lines = [columns.map(({ name }) => name), ...rows].map((row) => row.map(csvField).join(","));
  return `${lines.join("\n")}\n`;
}

function csvField(value: string | null): string {
  if (value === null) return "";
  return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/**
 * A result as values for JSON, an object a row. Numbers that JavaScript holds exactly are numbers, others text;
 * semi-structured values are what they are; dates and times are text by the session's formats. Of columns with the same
 * name the later ones get `_2`, `_3`.
 */
export function resultObjects({ columns, rows }: StatementResult): Record<string, unknown>[] {
  const names = uniqueNames(columns.map(({ name }) => name));
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i]!, jsonValue(value, columns[i]!)])));
}

function uniqueNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 2; used.has(unique); count++) unique = `${name}_${count}`;
    used.add(unique);
    return unique;
  });
}

function jsonValue(value: string | null, { type }: ResultColumn): unknown {
  if (value === null) return null;
  if (type === "boolean") return /^true$/i.test(value);
  if (NUMERIC.has(type)) return exactNumber(value) ?? value;
  if (!SEMI_STRUCTURED.has(type)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // `undefined` and NaN stand in VARIANT, but not in JSON.
    return value;
  }
}

/** The number, where 15 significant digits hold it: every such decimal number survives a double. */
function exactNumber(text: string): number | undefined {
  const digits = text.replace(/e.*$/i, "").replace(/\D/g, "").replace(/^0+/, "");
  const number = Number(text);
  return digits.length <= 15 && Number.isFinite(number) ? number : undefined;
}
