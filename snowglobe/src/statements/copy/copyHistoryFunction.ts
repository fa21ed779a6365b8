import type { Database } from "../../catalog/objects";
import { compilationError, unsupported } from "../../errors";
import { copiedFiles, counted, LAST_LOAD_TIME, text, type CopiedColumn } from "../../execution/copiedFiles";
import type { StatementContext } from "../../execution/context";
import { constantArgument, instantArgument, literalTime, namedArguments } from "../../execution/functionArguments";
import { findRelation } from "../../execution/lookup";
import { INTEGER, TIMESTAMP } from "../../execution/outcome";
import { parseObjectName } from "../../sql";
import type { ArgumentText, SqlRelation } from "../../translate/environment";

const nothing = (name: string): CopiedColumn => text(name, "CAST(NULL AS VARCHAR)");

/** Source: "COPY_HISTORY", output. */
const COLUMNS: readonly CopiedColumn[] = [
  text("FILE_NAME", "h.file"),
  text("STAGE_LOCATION", "h.stage"),
  LAST_LOAD_TIME,
  counted("ROW_COUNT", "loaded"),
  counted("ROW_PARSED", "parsed"),
  counted("FILE_SIZE", "size"),
  text("FIRST_ERROR_MESSAGE", "h.message"),
  counted("FIRST_ERROR_LINE_NUMBER", "line"),
  counted("FIRST_ERROR_CHARACTER_POS", "position"),
  text("FIRST_ERROR_COLUMN_NAME", "h.column_name"),
  counted("ERROR_COUNT", "errors"),
  counted("ERROR_LIMIT", "error_limit"),
  text("STATUS", "h.status"),
  text("TABLE_CATALOG_NAME", "t.database"),
  text("TABLE_SCHEMA_NAME", "t.schema"),
  text("TABLE_NAME", "t.name"),
  ...["PIPE_CATALOG_NAME", "PIPE_SCHEMA_NAME", "PIPE_NAME"].map(nothing),
  ["PIPE_RECEIVED_TIME", TIMESTAMP, "CAST(NULL AS TIMESTAMPTZ)"],
  ["BYTES_BILLED", INTEGER, "CAST(NULL AS DECIMAL(18,0))"],
];

/** INFORMATION_SCHEMA.COPY_HISTORY(...): the loads of a table. Source: "COPY_HISTORY". */
export function copyHistoryRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const given = namedArguments(args, ["TABLE_NAME", "START_TIME", "END_TIME", "PIPE_NAME"]);
  if (given.has("PIPE_NAME")) throw unsupported("COPY_HISTORY of a pipe");
  const name = constantArgument(given, "TABLE_NAME");
  const start = instantArgument(given, "START_TIME", context);
  if (name === undefined || start === undefined) {
    throw compilationError("COPY_HISTORY needs TABLE_NAME and START_TIME.", "000938", "22023");
  }
  const table = findRelation(context, parseObjectName(name), "SELECT");
  const end = instantArgument(given, "END_TIME", context) ?? literalTime(context.startedOn);
  const [, , at] = LAST_LOAD_TIME;
  return copiedFiles(
    [database.name, "INFORMATION_SCHEMA", "COPY_HISTORY"],
    table.kind === "TABLE" ? [table] : [],
    COLUMNS,
    `${at} >= ${start} AND ${at} <= ${end}`,
    context,
  );
}
