import { CatalogMoved } from "../../catalog/change";
import type { Column, Table } from "../../catalog/objects";
import { compilationError, unsupported } from "../../errors";
import { holds } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { lockWait } from "../../execution/parameters";
import { physicalColumn } from "../../execution/tableColumns";
import type { FileToLoad } from "./copyFiles";
import type { CopyOptions } from "./copyOptions";
import { fileColumns } from "./inferSchema";
import { hasHeader } from "./recordFile";
import { isParquet, openSource } from "./sourceFile";

/** Columns that one COPY may add. Source: "Enable automatic table schema evolution". */
const MOST_ADDED = 100;

/**
 * The table with the columns that the files have beyond its own, and without NOT NULL where a file lacks a column. Source:
 * "Enable automatic table schema evolution".
 *
 * @returns the table itself where nothing is to be done, or it may not evolve
 */
export async function evolvedTable(
  table: Table,
  files: readonly FileToLoad[],
  options: CopyOptions,
  context: StatementContext,
): Promise<Table> {
  const { matchByName, format } = options;
  if (!table.schemaEvolution || !matchByName || !holds(context, "EVOLVE SCHEMA", table.id)) return table;
  if (format.type === "CSV" && format.errorOnCountMismatch) return table;
  const named = (name: string): string => (matchByName === "CASE_INSENSITIVE" ? name.toUpperCase() : name);
  const same = (one: string, other: string): boolean => named(one) === named(other);
  let { columns, nextColumn } = table;
  const added: Column[] = [];
  const record = (type: string, file: string): string =>
    JSON.stringify({
      evolutionType: type,
      evolutionMode: "COPY",
      fileName: file,
      triggeringTime: new Date(context.startedOn / 1000).toISOString().replace("T", " "),
      queryId: context.queryId,
    });
  const { storage } = context.instance;
  await storage.read(context.session.transaction?.storage, context.signal, async (reader) => {
    for (const { staged, name } of files) {
      const file = await openSource(staged, name, format, reader);
      if (!isParquet(file) && file.format.type === "CSV" && !hasHeader(file)) continue;
      const own = await fileColumns(file, reader);
      for (const one of own) {
        if (columns.some((column) => same(column.name, one.name))) continue;
        const evolution = record("ADD_COLUMN", name);
        const column = { name: named(one.name), type: one.type, nullable: true, comment: "", evolution };
        added.push({ ...column, physical: `c${nextColumn++}` });
        columns = [...columns, added.at(-1)!];
      }
      columns = columns.map((column) =>
        column.nullable || own.some((one) => same(one.name, column.name))
          ? column
          : { ...column, nullable: true, evolution: record("DROP_NOT_NULL", name) },
      );
    }
  });
  if (columns.every((column, index) => column === table.columns[index])) return table;
  if (added.length > MOST_ADDED) {
    throw compilationError(`A COPY can add at most ${MOST_ADDED} columns to a table, not ${added.length}.`);
  }
  if (context.session.transaction) throw unsupported("schema evolution by a COPY within a transaction");
  const evolved: Table = { ...table, columns, nextColumn };
  const locks = [{ id: table.storageId, mode: "ddl" as const, name: table.name }];
  await context.instance.change({ locks, ...lockWait(context) }, async (writer, begin) => {
    const change = await begin();
    if (change.object(table.id)?.revision !== table.revision) throw new CatalogMoved(table.name);
    for (const column of added) await writer.addColumn(table.storageId, physicalColumn(column), undefined);
    change.put(evolved);
  });
  return context.instance.catalog.require("TABLE", table.id);
}
