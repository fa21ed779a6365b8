import type { FileFormat, Stage } from "../../catalog/objects";
import { clauseLines, commentClause, formatClauses, type DdlWriter } from "../../execution/ddl";

/** CREATE FILE FORMAT with the options that it was given. Source: "GET_DDL". */
export const fileFormatDdl: DdlWriter<FileFormat> = (format, name) =>
  `create or replace file format ${name}${clauseLines(...formatClauses({ TYPE: "CSV", ...format.options }), commentClause(format))}\n;`;

/** CREATE STAGE. Snowflake's GET_DDL knows no stages; their text is given all the same. */
export const stageDdl: DdlWriter<Stage> = (stage, name) => {
  const format = formatClauses(stage.fileFormat);
  return `create or replace ${stage.sessionId === undefined ? "" : "temporary "}stage ${name}${clauseLines(
    stage.directory && "directory = (enable = true)",
    format.length > 0 && `file_format = (${format.join(" ")})`,
    commentClause(stage),
  )};`;
};
