import type { Stream } from "../../catalog/objects";
import { compilationError } from "../../errors";
import { commentClause, referredName, type DdlWriter } from "../../execution/ddl";

/** CREATE STREAM; one that is made again begins at that moment. Source: "GET_DDL". */
export const streamDdl: DdlWriter<Stream> = (stream, name, context) => {
  const source = referredName(stream.source.id, context);
  if (source === undefined) throw compilationError(`What stream '${stream.name}' is on was dropped for good.`);
  return `${[
    `create or replace stream ${name} on ${stream.source.kind.toLowerCase()} ${source}`,
    stream.mode === "APPEND_ONLY" && "append_only = true",
    commentClause(stream),
  ]
    .filter(Boolean)
    .join(" ")};`;
};
