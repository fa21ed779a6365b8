import type { DynamicTable, Table } from "../catalog/objects";
import { unsupported } from "../errors";
import type { StatementReader } from "../storage";
import { type BoundChanges, type Plan, type ScanNode, scansOf } from "../translate";
import { newRowsText } from "./changes/newRows";
import type { StatementContext } from "./context";
import { streamText, tableChanges } from "./changes/streamChanges";
import { requireTracked } from "./changes/streamSource";
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
  if (changes) return changesText(scan, changes, reader, context);
  if (!timeTravel) return reader.current(relation.id);
  const table = context.instance.catalog.object(relation.tag as number);
  return reader.asOf(relation.id, await travelVersion(timeTravel, table, reader, context));
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
  const from = await travelVersion(start, table, reader, context);
  const to = end ? await travelVersion({ kind: "AT", ...end }, table, reader, context) : reader.snapshot;
  requireTracked(table, from);
  return tableChanges(scan.relation.id, { from, to: Math.max(from, to), initial: false }, information, reader, storage);
}
