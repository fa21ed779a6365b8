import type { Database, CatalogObject } from "../catalog/objects";
import type { StatementContext } from "../execution/context";
import { shownRelation, type ShownColumn, databaseName, schemaName } from "../execution/shownColumn";
import type { SqlRelation } from "../translate/environment";
import { TEXT } from "../execution/outcome";

/** Row counts by storage id, fetched before a query that names INFORMATION_SCHEMA is bound. */
export type KnownCounts = ReadonlyMap<number, number>;

/** Makes the rows of a view of a database's INFORMATION_SCHEMA. */
export type InformationView = (
  path: readonly string[],
  context: StatementContext,
  database: Database,
  counts: KnownCounts,
) => SqlRelation;

/** A view by its rows and columns. */
export function viewOf<Row>(
  rows: (context: StatementContext, database: Database, counts: KnownCounts) => readonly Row[],
  columns: readonly ShownColumn<Row>[],
): InformationView {
  return (path, context, database, counts) => shownRelation(path, columns, rows(context, database, counts), context);
}

/** Where an object lies and its name, under the names that views of its kind have for them. */
export function place<Row>(prefix: string, objectOf: (row: Row) => CatalogObject): ShownColumn<Row>[] {
  return [
    [`${prefix}_CATALOG`, TEXT, (row, context) => databaseName(objectOf(row), context)],
    [`${prefix}_SCHEMA`, TEXT, (row, context) => schemaName(objectOf(row), context)],
    [`${prefix}_NAME`, TEXT, (row) => objectOf(row).name],
  ];
}

export const yes = (value: boolean): string => (value ? "YES" : "NO");

/** NULL where there is no text. */
export const orNull = (text: string): string | null => (text === "" ? null : text);
