import type { DynamicTable, Table } from "../catalog/objects";
import { compilationError, unsupported } from "../errors";
import type { StatementReader } from "../storage";
import { type BoundChanges, type Plan, type ScanNode, scansOf } from "../translate";
import { newRowsText } from "./changes/newRows";
import type { StatementContext } from "./context";
import { streamText, tableChanges } from "./changes/streamChanges";
import { requireTracked } from "./changes/streamSource";
import type { CustomRefresh } from "./customRefresh";
import { relyKey } from "./relyKey";
import { travelVersion } from "./timeTravel";

/** The FROM item of each scan of a plan, by the scan's id. */
export type ScanTexts = ReadonlyMap<number, string>;

/**
 * Decides which version of each table a plan reads: the current one, or the one that AT, BEFORE or CHANGES name; and
 * which changes of a stream.
 * @throws SnowflakeError for time before the table existed or beyond its retention
 */
export async function scanTexts(plan: Plan, reader: StatementReader, context: StatementContext): Promise<ScanTexts> {
  const texts = new Map<number, string>();
  for (const scan of scansOf(plan)) texts.set(scan.scanId, await scanText(scan, reader, context));
  return texts;
}

async function scanText(scan: ScanNode, reader: StatementReader, context: StatementContext): Promise<string> {
  const { timeTravel, changes, relation } = scan;
  if (relation.kind === "stream") {
    if (timeTravel || changes) throw unsupported("time travel on a stream");
    const { newRows } = context.session.alert ?? {};
    if (newRows && newRows === relation.tag) return newRowsText(newRows, reader, context);
    return streamText(scan, reader, context);
  }
  if (context.custom && relation.kind === "stored" && !relation.self) {
    return customText(scan, context.custom, reader, context);
  }
  if (changes) return changesText(scan, changes, reader, context);
  if (!timeTravel) return reader.current(relation.id);
  const table = context.instance.catalog.object(relation.tag as number);
  return reader.asOf(relation.id, await travelVersion(timeTravel, table, reader, context));
}

/** What REFRESH USING reads: tables as its refresh sees them, and what CHANGES() shows since the last one. */
function customText(
  { relation, changes }: ScanNode,
  { at, since }: CustomRefresh,
  reader: StatementReader,
  { instance: { catalog, storage } }: StatementContext,
): string {
  const id = relation.tag as number;
  const to = at.get(id) ?? reader.snapshot;
  if (!changes) return reader.asOf(relation.id, to);
  const from = since.get(id);
  const table = catalog.object(id) as Table | DynamicTable;
  const window = from === undefined ? { from: to, to, initial: true } : { from, to, initial: false };
  if (from !== undefined) requireTracked(table, from);
  const text = tableChanges(relation.id, window, changes.information, reader, storage);
  const key = changes.information === "DEFAULT" && from !== undefined ? relyKey(table) : undefined;
  return key ? netByKey(text, key, table) : text;
}

/** A row that went and came again under its key is not shown; one with other values is an update. */
function netByKey(text: string, key: readonly string[], { columns }: Table | DynamicTable): string {
  const list = (names: readonly string[]): string => names.map((name) => `c.${name}`).join(", ");
  const all = list(columns.map((column) => column.physical));
  const of = list(columns.filter((column) => key.includes(column.name)).map((column) => column.physical));
  return (
    `(SELECT * REPLACE ((count(*) OVER (PARTITION BY ${of})) > 1 AS _isupdate) FROM ${text} AS c` +
    ` QUALIFY count(*) OVER (PARTITION BY ${all}) = 1)`
  );
}

/** The committed changes of a table between two points, which moves no stream. Source: "CHANGES". */
async function changesText(
  scan: ScanNode,
  { information, start, end }: BoundChanges,
  reader: StatementReader,
  context: StatementContext,
): Promise<string> {
  const { catalog, storage } = context.instance;
  const table = catalog.object(scan.relation.tag as number) as Table | DynamicTable;
  if (table.kind === "DYNAMIC TABLE" && information === "APPEND_ONLY") {
    throw unsupported("CHANGES (INFORMATION => APPEND_ONLY) of a dynamic table");
  }
  if (!start) throw compilationError("CHANGES needs AT or BEFORE, but for REFRESH USING.", "001003", "42000");
  const from = await travelVersion(start, table, reader, context);
  const to = end ? await travelVersion({ kind: "AT", ...end }, table, reader, context) : reader.snapshot;
  requireTracked(table, from);
  return tableChanges(scan.relation.id, { from, to: Math.max(from, to), initial: false }, information, reader, storage);
}
