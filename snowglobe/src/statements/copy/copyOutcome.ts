import type { RowError } from "./copyErrors";
import type { OnError } from "./copyOptions";
import { INTEGER, status, TEXT, type Outcome, NO_ROWS } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";
import { type ShownColumn, shown } from "../../execution/shownColumn";
import type { StatementContext } from "../../execution/context";

/** What became of one file. */
export interface FileOutcome {
  /** How the result names it: the stage's name, where it has one, and the path. */
  readonly name: string;
  readonly parsed: number;
  readonly loaded: number;
  readonly errors: number;
  readonly first?: RowError;
}

/** What became of a file, and what the COPY does about errors. */
interface Reported {
  readonly file: FileOutcome;
  readonly onError: OnError;
}

/** Source: "COPY INTO <table>", output. */
const COLUMNS: readonly ShownColumn<Reported>[] = [
  ["file", TEXT, ({ file }) => file.name],
  ["status", TEXT, ({ file }) => statusOf(file)],
  ["rows_parsed", INTEGER, ({ file }) => file.parsed],
  ["rows_loaded", INTEGER, ({ file }) => file.loaded],
  ["error_limit", INTEGER, ({ file, onError }) => errorLimit(file, onError)],
  ["errors_seen", INTEGER, ({ file }) => file.errors],
  ["first_error", TEXT, ({ file }) => file.first?.message],
  ["first_error_line", INTEGER, ({ file }) => file.first?.line],
  ["first_error_character", INTEGER, ({ file }) => file.first?.character],
  ["first_error_column_name", TEXT, ({ file }) => file.first?.column],
];

/** The answer of a COPY: one row a file, or one text where there was no file to load. */
export function copyOutcome(
  files: readonly FileOutcome[],
  onError: OnError,
  failedOnly: boolean,
  context: StatementContext,
): Outcome {
  if (files.length === 0) return status("Copy executed with 0 files processed.", StatementType.COPY);
  const reported = files.filter((file) => !failedOnly || file.errors > 0).map((file) => ({ file, onError }));
  return {
    ...shown(COLUMNS, reported, context, StatementType.COPY),
    statistics: { ...NO_ROWS, numRowsInserted: files.reduce((sum, file) => sum + file.loaded, 0) },
  };
}

/** Columns without rows, for a statement that is only described. */
export function copyColumns(context: StatementContext): Outcome {
  return shown(COLUMNS, [], context, StatementType.COPY);
}

function statusOf(file: FileOutcome): string {
  if (file.errors === 0) return "LOADED";
  return file.loaded === 0 ? "LOAD_FAILED" : "PARTIALLY_LOADED";
}

/** From how many bad rows on the file is given up. */
export function errorLimit(file: FileOutcome, onError: OnError): number {
  if (onError.kind === "CONTINUE") return file.parsed;
  if (onError.kind === "ABORT_STATEMENT") return 1;
  return onError.percent ? Math.floor((file.parsed * onError.limit) / 100) : onError.limit;
}
