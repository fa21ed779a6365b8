import type { RowError } from "./copyErrors";
import type { OnError } from "./copyOptions";
import { INTEGER, rows, status, TEXT, type ColumnSpec, type Outcome } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";

/** What became of one file. */
export interface FileOutcome {
  /** How the result names it: the stage's name, where it has one, and the path. */
  readonly name: string;
  readonly parsed: number;
  readonly loaded: number;
  readonly errors: number;
  readonly first?: RowError;
}

/** Source: "COPY INTO <table>", output. */
const COLUMNS: readonly ColumnSpec[] = [
  ["file", TEXT],
  ["status", TEXT],
  ["rows_parsed", INTEGER],
  ["rows_loaded", INTEGER],
  ["error_limit", INTEGER],
  ["errors_seen", INTEGER],
  ["first_error", TEXT],
  ["first_error_line", INTEGER],
  ["first_error_character", INTEGER],
  ["first_error_column_name", TEXT],
];

/** The answer of a COPY: one row a file, or one text where there was no file to load. */
export function copyOutcome(files: readonly FileOutcome[], onError: OnError, failedOnly: boolean): Outcome {
  if (files.length === 0) return status("Copy executed with 0 files processed.", StatementType.COPY);
  const shown = files.filter((file) => !failedOnly || file.errors > 0);
  return {
    ...rows(
      COLUMNS,
      shown.map((file) => [
        file.name,
        statusOf(file),
        file.parsed,
        file.loaded,
        errorLimit(file, onError),
        file.errors,
        file.first?.message,
        file.first?.line,
        file.first?.character,
        file.first?.column,
      ]),
      StatementType.COPY,
    ),
    statistics: {
      numRowsInserted: files.reduce((sum, file) => sum + file.loaded, 0),
      numRowsUpdated: 0,
      numRowsDeleted: 0,
      numDmlDuplicates: 0,
    },
  };
}

/** Columns without rows, for a statement that is only described. */
export function copyColumns(): Outcome {
  return rows(COLUMNS, [], StatementType.COPY);
}

function statusOf(file: FileOutcome): string {
  if (file.errors === 0) return "LOADED";
  return file.loaded === 0 ? "LOAD_FAILED" : "PARTIALLY_LOADED";
}

/** From how many bad rows on the file is given up. */
function errorLimit(file: FileOutcome, onError: OnError): number {
  if (onError.kind === "CONTINUE") return file.parsed;
  if (onError.kind === "ABORT_STATEMENT") return 1;
  return onError.percent ? Math.floor((file.parsed * onError.limit) / 100) : onError.limit;
}
