/** How results are written. */
export type ResultFormat = "table" | "csv" | "json";

export const RESULT_FORMATS: readonly ResultFormat[] = ["table", "csv", "json"];
