import type { Catalog } from "../catalog/catalog";
import type { RunSql } from "../catalog/change";
import type { CatalogObject } from "../catalog/objects";
import type { Microseconds } from "../time";

/** A row of one of the account's tables, by column. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** Something that the account remembers beyond a statement, in a table of the data file. */
export interface Keeping {
  /** The table's name in schema `catalog`, and its columns as DDL. */
  readonly table: { readonly name: string; readonly columns: string };
  /** Brings back what the table holds. @param rows in any order; absent: all is read from the table when it is asked for */
  load?(rows: readonly StoredRow[]): void;
  /**
   * Removes what is past its time or overtaken, in memory and in the data file. The catalog does not change meanwhile.
   *
   * @param run runs SQL in the housekeeper's transaction
   */
  forgetOld(now: Microseconds, run: RunSql, catalog: Catalog): Promise<void>;
}

/** The statement that makes the table of a keeping where it is missing. */
export function tableSql({ table }: Keeping): string {
  return `CREATE TABLE IF NOT EXISTS catalog.${table.name} (${table.columns})`;
}

/** The documents of rows that hold one each. */
export function documents<T>(rows: readonly StoredRow[]): T[] {
  return rows.map(({ doc }) => JSON.parse(doc as string) as T);
}

/** Ids of all objects of a kind, dropped ones that UNDROP may bring back among them. */
export function idsOf(catalog: Catalog, kind: CatalogObject["kind"]): ReadonlySet<number> {
  return new Set([...catalog.all()].filter((object) => object.kind === kind).map((object) => object.id));
}
