import type { Column, DynamicTable } from "../catalog/objects";
import { SnowflakeError } from "../errors";
import { dataTypeText, type DataType } from "../sql/ast/dataType";
import type { StatementWriter } from "../storage";
import { columnType, physicalType, type BoundQuery } from "../translate";
import { isWidening, physicalColumn, requireDistinct } from "../execution/tableColumns";

/** What has to happen to a dynamic table so that it has the columns that its query gives now. */
export interface ColumnEvolution {
  /** The columns after it, in the query's order. */
  readonly columns: readonly Column[];
  readonly nextColumn: number;
  readonly added: readonly Column[];
  readonly dropped: readonly Column[];
  readonly widened: readonly Column[];
}

/**
 * Columns follow those of a `SELECT *`, by name, and grow wider with what they are made of. Source: "Modify dynamic
 * tables", SELECT * for automatic schema evolution.
 *
 * @returns undefined where nothing changes
 * @throws SnowflakeError for a table whose columns CREATE listed when the query gives others, and where a column's type
 *   that CREATE did not give does not hold what the query gives now
 */
export function columnEvolution(table: DynamicTable, query: BoundQuery): ColumnEvolution | undefined {
  // What a statement inserts does not make the columns.
  if (table.refreshUsing) return undefined;
  const made = table.content?.queryColumns ?? table.columns.map((column) => column.name);
  const given = query.columns.map((column) => column.name);
  const same = given.length === table.columns.length && given.every((name, index) => name === made[index]);
  if (!same && table.listedColumns) throw otherColumns(table, made, given);
  const before = same ? table.columns : given.map((name) => table.columns.find((column) => column.name === name));
  let { nextColumn } = table;
  const added: Column[] = [];
  const widened: Column[] = [];
  const columns = query.columns.map((column, index): Column => {
    const type = columnType(column.type);
    const known = before[index];
    if (!known) {
      const fresh = { name: column.name, type, nullable: true, comment: "", physical: `c${nextColumn++}` };
      added.push(fresh);
      return fresh;
    }
    if (dataTypeText(known.type) === dataTypeText(type) || table.typedColumns?.includes(known.physical)) return known;
    if (table.listedColumns || !isWidening(known.type, type)) {
      if (!holds(known.type, type)) throw otherType(table, known, type);
      return known;
    }
    const wider = { ...known, type };
    widened.push(wider);
    return wider;
  });
  if (same && widened.length === 0) return undefined;
  requireDistinct(columns);
  const dropped = table.columns.filter((column) => !columns.some((one) => one.physical === column.physical));
  return { columns, nextColumn, added, dropped, widened };
}

/** Whether a column of one type holds all values of another as they are, or refuses those that are too long. */
function holds(stored: DataType, given: DataType): boolean {
  if (stored.kind === "VARCHAR") return given.kind === "VARCHAR" || given.kind === "NUMBER";
  if (stored.kind !== given.kind) return false;
  // Of numbers the decimals, of times the digits of the second.
  return !("scale" in stored && "scale" in given) || given.scale <= stored.scale;
}

/** Changes the stored table, which the writer must have locked for a change of its shape. */
export async function evolveColumns(
  storageId: number,
  evolution: ColumnEvolution,
  writer: StatementWriter,
): Promise<void> {
  for (const column of evolution.added) await writer.addColumn(storageId, physicalColumn(column));
  for (const column of evolution.dropped) await writer.dropColumn(storageId, column.physical);
  for (const { physical, type } of evolution.widened) {
    await writer.alterColumnType(storageId, physical, physicalType(type));
  }
}

/** Values would be rounded, or read as something else, to fit: not what the query gives any more. */
function otherType(table: DynamicTable, { name, type }: Column, given: DataType): SnowflakeError {
  return new SnowflakeError(
    "002057",
    "42601",
    `SQL compilation error:\nDynamic table '${table.name}' was made with column ${name} of type ${dataTypeText(type)} but its query now gives ${dataTypeText(given)}: recreate it.`,
  );
}

function otherColumns(table: DynamicTable, made: readonly string[], given: readonly string[]): SnowflakeError {
  return new SnowflakeError(
    "002057",
    "42601",
    `SQL compilation error:\nDynamic table '${table.name}' was made with columns (${made.join(", ")}) but its query now gives (${given.join(", ")}): recreate it.`,
  );
}
