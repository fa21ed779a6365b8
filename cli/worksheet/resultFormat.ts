/** How results are written; `vertical` gives each column a line, as wide rows want it. */
export type ResultFormat = "table" | "vertical" | "csv" | "json";

export const RESULT_FORMATS: readonly ResultFormat[] = ["table", "vertical", "csv", "json"];

/** Whether a person reads it, not a program. */
export function isForPeople(format: ResultFormat): boolean {
  return format === "table" || format === "vertical";
}
