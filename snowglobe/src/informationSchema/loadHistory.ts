import { copiedFiles, counted, LAST_LOAD_TIME, text, type CopiedColumn } from "../execution/copiedFiles";
import { inScope } from "../execution/listing";
import type { InformationView } from "./view";

const COLUMNS: readonly CopiedColumn[] = [
  text("SCHEMA_NAME", "t.schema"),
  text("FILE_NAME", "h.stage || '/' || h.file"),
  text("TABLE_NAME", "t.name"),
  LAST_LOAD_TIME,
  text("STATUS", "upper(replace(h.status, ' ', '_'))"),
  counted("ROW_COUNT", "loaded"),
  counted("ROW_PARSED", "parsed"),
  text("FIRST_ERROR_MESSAGE", "h.message"),
  counted("FIRST_ERROR_LINE_NUMBER", "line"),
  counted("FIRST_ERROR_CHARACTER_POSITION", "position"),
  text("FIRST_ERROR_COL_NAME", "h.column_name"),
  counted("ERROR_COUNT", "errors"),
  counted("ERROR_LIMIT", "error_limit"),
];

/** Source: "LOAD_HISTORY view". */
export const LOAD_HISTORY: InformationView = (path, context, database) =>
  copiedFiles(path, inScope(context, "TABLE", { kind: "DATABASE", database }), COLUMNS, "true", context);
