import type { DynamicTable, RelationObject, Stream, Table, View } from "../../catalog/objects";
import { SnowflakeError, unsupported } from "../../errors";
import type { StatementReader } from "../../storage";
import { translateDuckDbError } from "../../translate";
import type { StatementContext } from "../context";
import { bindView } from "../queryEnvironment";
import { tableChanges } from "./streamChanges";
import { requireTracked } from "./streamSource";
import { viewArms } from "./viewArms";
import { viewChanges } from "./viewChanges";
import type { NewRows } from "../alertContext";

/** The stored tables whose rows a table or view shows. @throws SnowflakeError for a view whose changes nobody can follow */
export function basesOf(source: RelationObject, context: StatementContext): readonly (Table | DynamicTable)[] {
  if (source.sessionId !== undefined) throw unsupported("an alert on new data of a temporary object");
  if (source.kind !== "VIEW") return [source];
  const { catalog } = context.instance;
  const ids = new Set(armsOf(source, context).flatMap((arm) => arm.scans.map((scan) => scan.relation.tag as number)));
  return [...ids].map((id) => catalog.require("TABLE", id));
}

function armsOf(view: View, context: StatementContext) {
  return viewArms(bindView(view, context), view, context.instance.catalog);
}

/**
 * The version from which on a source's new rows can be told: where the alert stands, or where change tracking began if
 * that is later, as after the table was replaced.
 *
 * @throws SnowflakeError when change tracking is off. Source: "Setting up alerts based on data in Snowflake"
 */
export function trackedFrom(source: RelationObject, context: StatementContext, position: number): number {
  const bases = basesOf(source, context);
  const from = Math.max(position, ...bases.map((base) => base.trackedSince ?? 0));
  for (const base of bases) requireTracked(base, from);
  if (source.kind === "VIEW" && !source.changeTracking) {
    throw new SnowflakeError(
      "091930",
      "02000",
      `SQL compilation error:\nChange tracking is not enabled on view '${source.name}'.`,
    );
  }
  return from;
}

/**
 * A FROM item: the rows that came to the source after `from` up to `to`, whatever became of them since. Rows of a joined
 * view are the net ones: there a row may come from one that was there before.
 */
export async function newRowsText(
  newRows: NewRows,
  reader: StatementReader,
  context: StatementContext,
): Promise<string> {
  const { catalog, storage } = context.instance;
  const source = catalog.object(newRows.sourceId) as RelationObject;
  const window = { from: newRows.from, to: newRows.to, initial: false };
  const text =
    source.kind === "VIEW"
      ? await viewChanges(source, followed(source, context), window, reader, context)
      : tableChanges(source.storageId, window, "APPEND_ONLY", reader, storage);
  return `(FROM ${text} AS q WHERE q._action = 'INSERT' AND NOT q._isupdate)`;
}

/** The view as a stream on it would follow it. */
function followed(view: View, context: StatementContext): Stream {
  const { id, parentId, name, createdOn, owner, comment, parameters } = view;
  const joins = armsOf(view, context).some((arm) => arm.scans.length > 1);
  return {
    ...{ id, parentId, name, createdOn, owner, comment, parameters },
    kind: "STREAM",
    mode: joins ? "DEFAULT" : "APPEND_ONLY",
    source: { id, kind: "VIEW" },
    bases: basesOf(view, context).map((base) => ({ id: base.id, storageId: base.storageId })),
  };
}

/** Whether any row is new: an alert does not run for rows that went. */
export async function hasNewRows(newRows: NewRows, context: StatementContext): Promise<boolean> {
  try {
    return await context.instance.storage.read(undefined, context.signal, async (reader) => {
      const rows = await reader.rows(`SELECT 1 FROM ${await newRowsText(newRows, reader, context)} AS n LIMIT 1`);
      return rows.length > 0;
    });
  } catch (error) {
    throw translateDuckDbError(error);
  }
}
