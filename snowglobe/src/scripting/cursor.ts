import { SnowflakeError } from "../errors";
import type { CursorDeclaration } from "../sql/ast/scripting";
import { valueFromWire } from "../execution/wireValue";
import type { Outcome } from "../execution/outcome";
import type { ResultColumn } from "../account/result";
import type { TypedValue } from "../translate";
import { wireRows } from "./values";

/** One row of a cursor or RESULTSET: names and values of its columns. */
export interface CursorRow {
  readonly names: readonly string[];
  readonly values: readonly TypedValue[];
}

/** Reads the rows of a result one after the other. */
export class RowReader {
  private readonly rows: Iterator<readonly (string | null)[]>;
  private readonly columns: readonly ResultColumn[];

  constructor(outcome: Outcome) {
    this.rows = wireRows(outcome);
    this.columns = outcome.columns;
  }

  get width(): number {
    return this.columns.length;
  }

  next(): CursorRow | undefined {
    const { value, done } = this.rows.next();
    if (done) return undefined;
    const cells = value as readonly (string | null)[];
    return {
      names: this.columns.map((column) => column.name),
      values: this.columns.map((column, index) => valueFromWire(column.type, cells[index]!)),
    };
  }
}

/** A cursor: a query that OPEN runs and FETCH reads. Source: "Working with cursors". */
export class Cursor {
  readonly kind = "cursor";
  private reader: RowReader | undefined;
  private result: Outcome | undefined;

  constructor(
    readonly name: string,
    readonly source: CursorDeclaration["source"],
  ) {}

  /** @throws SnowflakeError when it is open already */
  open(outcome: Outcome): void {
    if (this.reader) throw cursorError(`Cursor '${this.name}' is already open.`);
    this.reader = new RowReader(outcome);
    this.result = outcome;
  }

  /** The next row; undefined past the end. @throws SnowflakeError when it is not open */
  fetch(): CursorRow | undefined {
    return this.opened().next();
  }

  get width(): number {
    return this.opened().width;
  }

  /** All rows, those that were fetched among them: what RESULTSET_FROM_CURSOR gives. */
  all(): Outcome {
    this.opened();
    return this.result!;
  }

  close(): void {
    this.opened();
    this.reader = undefined;
  }

  get isOpen(): boolean {
    return this.reader !== undefined;
  }

  private opened(): RowReader {
    if (!this.reader) throw cursorError(`Cursor '${this.name}' is not open.`);
    return this.reader;
  }
}

function cursorError(message: string): SnowflakeError {
  return new SnowflakeError("092228", "P0000", message);
}
