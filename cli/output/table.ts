import Table from "cli-table3";

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** A cell of a table; numbers stand to the right. */
export type Cell = string | number | undefined;

/** How a table looks. */
export interface TableLook {
  /** Makes the headings stand out. */
  readonly bold?: (text: string) => string;
  /** Characters that a line has room for; a wider table stands upright, a line for each cell. */
  readonly width?: number | undefined;
}

/**
 * A table in plain columns, two blanks before each line. Empty columns' headings may be "".
 *
 * @param look or only what makes the headings stand out
 */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  look: TableLook | TableLook["bold"] = {},
): string {
  const { bold = (text: string) => text, width = Infinity } = typeof look === "function" ? { bold: look } : look;
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => textOf(row[i]).length)));
  // Two blanks before, and between columns.
  const total = widths.reduce((sum, one) => sum + one + 2, 0);
  return total <= width ? columnsOf(head, rows, bold) : uprightOf(head, rows, bold);
}

function columnsOf(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  bold: (text: string) => string,
): string {
  const table = new Table({
    head: head.map(bold),
    chars: NO_LINES,
    colAligns: head.map((_, i) => (rows.some((row) => typeof row[i] === "number") ? "right" : "left")),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows.map((row) => row.map(textOf)));
  return table
    .toString()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

/** Each row as a block of lines: its first cell, and below it the others with their headings. */
function uprightOf(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  bold: (text: string) => string,
): string {
  const [title = "", ...others] = head;
  const margin = Math.max(0, ...others.map((one) => one.length));
  const blocks = rows.flatMap(([first, ...cells]) => [
    `  ${[title && bold(title), textOf(first)].filter(Boolean).join(" ")}`,
    ...cells.flatMap((cell, i) =>
      textOf(cell) === "" ? [] : [`    ${others[i]!.padEnd(margin)}  ${textOf(cell)}`.trimEnd()],
    ),
  ]);
  return blocks.join("\n");
}

function textOf(cell: Cell): string {
  return typeof cell === "number" ? formatCount(cell) : (cell ?? "");
}

/** `42,535`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
