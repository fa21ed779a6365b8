import { VARCHAR } from "../../sql/ast/dataType";
import type { TypedValue } from "../../translate/environment";
import type { StatementContext } from "../../execution/context";
import { locationIn, resolveLocation } from "../stage/files";
import { copyOptions } from "./copyOptions";
import { batches, openRecords, type RecordFile } from "./recordFile";

/**
 * The rows of an array bind whose values a driver has put into a stage: CSV files, numbered in their order, of texts.
 *
 * @param location as the driver names it, `@SYSTEM$BIND/<folder>`
 */
export async function stagedBindRows(location: string, context: StatementContext): Promise<TypedValue[][]> {
  const resolved = resolveLocation(locationIn(location), context, "READ");
  const options = copyOptions([], resolved.fileFormat, context);
  const files = await context.instance.stageFiles.list(resolved.folder, `${resolved.path}/`);
  const rows: TypedValue[][] = [];
  for (const staged of files.sort((a, b) => orderOf(a.name) - orderOf(b.name))) {
    for await (const records of batches(
      await openRecords(staged, staged.name, options.format as RecordFile["format"]),
    )) {
      for (const { fields } of records) rows.push(fields.map((value) => ({ type: VARCHAR, value })));
    }
  }
  return rows;
}

/** `1`, `40000.csv`: the number that a file's name begins with. */
function orderOf(name: string): number {
  return Number.parseInt(name.slice(name.lastIndexOf("/") + 1), 10);
}
