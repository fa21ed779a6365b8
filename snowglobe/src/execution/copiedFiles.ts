import type { Table } from "../catalog/objects";
import type { DataType } from "../sql/ast/dataType";
import type { SqlRelation } from "../translate/environment";
import type { StatementContext } from "./context";
import { INTEGER, TEXT, TIMESTAMP } from "./outcome";
import { literal } from "../quoting";

/** A column over the copy history, as DuckDB text. */
export type CopiedColumn = readonly [name: string, type: DataType, sql: string];

const AT = "make_timestamp(h.loaded_on) AT TIME ZONE 'UTC'";

export const LAST_LOAD_TIME: CopiedColumn = ["LAST_LOAD_TIME", TIMESTAMP, AT];

/** Columns that COPY_HISTORY and LOAD_HISTORY both have, under these names. */
export const counted = (name: string, column: string): CopiedColumn => [
  name,
  INTEGER,
  `CAST(h.${column} AS DECIMAL(18,0))`,
];

export const text = (name: string, sql: string): CopiedColumn => [name, TEXT, sql];

/**
 * The loads of some tables as a relation. The history is asked of the data file, as it is when the query runs.
 *
 * @param condition over `h`, the history
 */
export function copiedFiles(
  path: readonly string[],
  tables: readonly Table[],
  columns: readonly CopiedColumn[],
  condition: string,
  { instance: { catalog } }: StatementContext,
): SqlRelation {
  const names = columns.map((_, index) => `c${index + 1}`);
  const selected = columns.map(([, , sql], index) => `${sql} AS ${names[index]!}`);
  const known = tables.map((table) => {
    const [database, schema, name] = catalog.pathOf(table).map(literal);
    return `(${table.id}, ${database!}, ${schema!}, ${name!})`;
  });
  const places = known.length > 0 ? known.join(", ") : "(-1, '', '', '')";
  return {
    kind: "sql",
    path,
    sql: `(SELECT ${selected.join(", ")} FROM catalog.copy_history AS h JOIN (VALUES ${places}) AS t(id, database, schema, name) ON h.table_id = t.id WHERE ${condition})`,
    columns: columns.map(([name, type], index) => ({ name, type, nullable: true, physical: names[index]! })),
  };
}
