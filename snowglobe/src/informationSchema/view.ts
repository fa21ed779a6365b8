import type { Database } from "../catalog/objects";
import type { StatementContext } from "../execution/context";
import type { Cell, ColumnSpec } from "../execution/outcome";
import type { DataType } from "../sql/ast/dataType";

/** Row counts by storage id, fetched before a query that names INFORMATION_SCHEMA is bound. */
export type KnownCounts = ReadonlyMap<number, number>;

export interface InformationView {
  readonly columns: readonly ColumnSpec[];
  rows(context: StatementContext, database: Database, counts: KnownCounts): Cell[][];
}

/** One column of a view: its name, its type, and its value for what the row is about; without one it is NULL. */
export type Field<T> = readonly [name: string, type: DataType, value?: (item: T, context: StatementContext) => Cell];

/** A view with a row for each of `items`. */
export function viewOf<T>(
  items: (context: StatementContext, database: Database) => readonly T[],
  fields: readonly Field<T>[],
): InformationView {
  return {
    columns: fields.map(([name, type]) => [name, type]),
    rows: (context, database) =>
      items(context, database).map((item) => fields.map(([, , value]) => value?.(item, context))),
  };
}

export const yes = (value: boolean): string => (value ? "YES" : "NO");

/** NULL where there is no text. */
export const orNull = (text: string): string | null => (text === "" ? null : text);
