import type { Stream, Table, View } from "../../catalog/objects";
import { compilationError } from "../../errors";
import type { StatementReader } from "../../storage";
import { emitPlan, type ScanNode } from "../../translate";
import type { StatementContext } from "../context";
import { bindView } from "../queryEnvironment";
import { rowIdText } from "./rowIdText";
import type { StreamWindow } from "../../account/streamOffsets";
import { viewArms, type ViewArm } from "./viewArms";

/** What a table has of interest for a delta: its rows before and after the window, and those that went and came. */
interface BaseDelta {
  readonly storageId: number;
  /** Name of the table of net changes; absent where there are none. */
  readonly changes?: string;
}

interface Side {
  readonly action: "INSERT" | "DELETE";
  readonly version: number;
}

/**
 * The changes of a view's rows in a window, as a FROM item with the columns c1, c2 ..., `_action`, `_isupdate` and
 * `_row_id`. Source: "Introduction to streams", streams on views.
 *
 * What came to a join is what came to its first table joined with all of the others as they are now, then what stayed in
 * the first joined with what came to the second, and so on: each new row once. What went likewise, as things were.
 */
export async function viewChanges(
  view: View,
  stream: Stream,
  window: StreamWindow,
  reader: StatementReader,
  context: StatementContext,
): Promise<string> {
  const arms = viewArms(bindView(view, context), view, context.instance.catalog);
  requireSameBases(arms, stream, context);
  const origin = (arm: number): string => `${stream.source.id}.${arm}`;
  const selects: string[] = [];
  if (window.initial) {
    for (const [index, arm] of arms.entries()) {
      selects.push(select(arm, origin(index), "INSERT", (scan) => reader.asOf(scan.relation.id, window.from)));
    }
  } else if (stream.mode === "APPEND_ONLY") {
    for (const [index, arm] of arms.entries()) {
      const rows = (scan: ScanNode): string => reader.changes(scan.relation.id, window.from, window.to, "APPEND_ONLY");
      selects.push(select(arm, origin(index), "INSERT", rows));
    }
  } else {
    const deltas = await baseDeltas(arms, window, reader, context);
    for (const [index, arm] of arms.entries()) {
      for (const side of sides(window)) {
        for (const [at, scan] of arm.scans.entries()) {
          // One statement must be there, or the columns would have no types.
          if (deltas.get(scan.relation.id)!.changes === undefined && selects.length > 0) continue;
          const text = (node: ScanNode): string =>
            scanText(node, arm.scans.findIndex((one) => one.scanId === node.scanId) - at, side, deltas, reader);
          selects.push(select(arm, origin(index), side.action, text));
        }
      }
    }
  }
  const names = view.columns.map((_, index) => `c${index + 1}`).join(", ");
  return `(SELECT ${names}, _action, count(*) OVER (PARTITION BY _row_id) = 2 AS _isupdate, _row_id FROM (${selects.join(" UNION ALL ")}))`;
}

function sides(window: StreamWindow): readonly Side[] {
  return [
    { action: "DELETE", version: window.from },
    { action: "INSERT", version: window.to },
  ];
}

/**
 * Rows of one table on one side of the window.
 *
 * @param place before (negative), at (0) or after (positive) the table whose changes are looked at
 */
function scanText(
  scan: ScanNode,
  place: number,
  { action, version }: Side,
  deltas: ReadonlyMap<number, BaseDelta>,
  reader: StatementReader,
): string {
  const { storageId, changes } = deltas.get(scan.relation.id)!;
  const all = reader.asOf(storageId, version);
  if (place > 0) return all;
  if (changes === undefined) return place === 0 ? `(FROM ${all} WHERE false)` : all;
  const changed = `(SELECT _rid FROM ${changes} WHERE _action = '${action}')`;
  if (place === 0) return `(FROM ${changes} WHERE _action = '${action}')`;
  return `(FROM ${all} AS q WHERE q._rid NOT IN ${changed})`;
}

async function baseDeltas(
  arms: readonly ViewArm[],
  window: StreamWindow,
  reader: StatementReader,
  context: StatementContext,
): Promise<ReadonlyMap<number, BaseDelta>> {
  const deltas = new Map<number, BaseDelta>();
  for (const scan of arms.flatMap((arm) => arm.scans)) {
    const storageId = scan.relation.id;
    if (deltas.has(storageId)) continue;
    deltas.set(storageId, { storageId });
    if (context.instance.storage.lastChange(storageId) <= window.from) continue;
    const { name, count } = await reader.materialize(
      `SELECT * FROM ${reader.changes(storageId, window.from, window.to)}`,
    );
    if (count > 0) deltas.set(storageId, { storageId, changes: name });
  }
  return deltas;
}

/** Rows of one arm under the view's columns, each with its action and identity. */
function select(arm: ViewArm, origin: string, action: Side["action"], scan: (node: ScanNode) => string): string {
  const columns = arm.columns.map((column, index) => `${column.id} AS c${index + 1}`);
  const rowIds = arm.rowIds.map((column) => column.id);
  return `SELECT ${columns.join(", ")}, '${action}' AS _action, ${rowIdText(origin, rowIds)} AS _row_id FROM (${emitPlan(arm.plan, { scan })})`;
}

/** A view in between may have been replaced by one over other tables, whose changes nobody has kept for the stream. */
function requireSameBases(arms: readonly ViewArm[], stream: Stream, context: StatementContext): void {
  const known = new Set(stream.bases.map((base) => base.id));
  const other = arms.flatMap((arm) => arm.scans).find((scan) => !known.has(scan.relation.tag as number));
  if (!other) return;
  const { catalog } = context.instance;
  const table = catalog.object(other.relation.tag as number) as Table;
  throw compilationError(
    `View of stream '${catalog.fullName(stream)}' reads ${table.kind} '${catalog.fullName(table)}' since the stream was made: recreate the stream.`,
    "091901",
    "02000",
  );
}
