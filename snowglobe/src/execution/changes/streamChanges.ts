import type { Storage, StatementReader } from "../../storage";
import type { ScanNode } from "../../translate";
import type { StatementContext } from "../context";
import { rowIdText } from "./rowIdText";
import type { StreamWindow } from "../../account/streamOffsets";
import { readableSource } from "./streamSource";
import { viewChanges } from "./viewChanges";

/** The FROM item of a stream's scan: its source's columns, `_action`, `_isupdate` and `_row_id`. */
export async function streamText(scan: ScanNode, reader: StatementReader, context: StatementContext): Promise<string> {
  const { catalog, storage, streamOffsets } = context.instance;
  const stream = catalog.require("STREAM", scan.relation.id);
  const window = streamOffsets.window(stream.id, reader.snapshot, context.session.transaction?.storage);
  const source = readableSource(stream, context.instance);
  if (source.kind === "VIEW") return viewChanges(source, stream, window, reader, context);
  return tableChanges(source.storageId, window, stream.mode, reader, storage);
}

/**
 * The changes of one stored table in a window, as a FROM item with `_action`, `_isupdate` and `_row_id`.
 *
 * When a dynamic table was reinitialised in the window, all of its rows go and all come anew, though storage keeps their
 * ids. Source: "Use streams on dynamic tables".
 */
export function tableChanges(
  table: number,
  { from, to, initial }: StreamWindow,
  mode: "DEFAULT" | "APPEND_ONLY",
  reader: StatementReader,
  storage: Storage,
): string {
  const rowId = (version: number): string => rowIdText(`${table}.${storage.lastRemake(table, version)}`, ["_rid"]);
  const whole = (version: number, action: "INSERT" | "DELETE"): string =>
    `SELECT *, '${action}' AS _action, false AS _isupdate, ${rowId(version)} AS _row_id FROM ${reader.asOf(table, version)}`;
  if (initial) return `(${whole(from, "INSERT")})`;
  if (storage.lastRemake(table, to) > from) return `(${whole(from, "DELETE")} UNION ALL ${whole(to, "INSERT")})`;
  return `(SELECT *, ${rowId(to)} AS _row_id FROM ${reader.changes(table, from, to, mode)})`;
}
