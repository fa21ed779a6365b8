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

/**
 * A table in plain columns, two blanks before each line. Empty columns' headings may be "".
 *
 * @param bold makes the headings stand out
 */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  bold: (text: string) => string = (text) => text,
): string {
  const table = new Table({
    head: head.map(bold),
    chars: NO_LINES,
    colAligns: head.map((_, i) => (rows.some((row) => typeof row[i] === "number") ? "right" : "left")),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows.map((row) => row.map((cell) => (typeof cell === "number" ? formatCount(cell) : (cell ?? "")))));
  return table
    .toString()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

/** `42,535`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
