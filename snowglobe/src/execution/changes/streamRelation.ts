import type { RelationObject, Stream, View } from "../../catalog/objects";
import { BOOLEAN, VARCHAR } from "../../sql/ast/dataType";
import { columnType, type BoundQuery } from "../../translate";
import type { RelationColumn, StreamRelation } from "../../translate/environment";
import { requirePrivilege } from "../authorize";
import type { StatementContext } from "../context";
import { readableSource } from "./streamSource";

/** Columns that a stream adds to its source's. Source: "Introduction to streams", stream columns. */
const METADATA_COLUMNS: readonly RelationColumn[] = [
  { name: "METADATA$ACTION", type: VARCHAR, nullable: false, physical: "_action" },
  { name: "METADATA$ISUPDATE", type: BOOLEAN, nullable: false, physical: "_isupdate" },
  { name: "METADATA$ROW_ID", type: VARCHAR, nullable: false, physical: "_row_id" },
];

/**
 * A stream as queries see it. Reading takes SELECT on the stream and on its source.
 *
 * @param bindView the query of a view, whose columns may have other types than when the view was made
 * @throws SnowflakeError without the privileges, or when the stream cannot be read any more
 */
export function streamRelation(
  stream: Stream,
  context: StatementContext,
  bindView: (view: View) => BoundQuery,
): StreamRelation {
  requirePrivilege(context, stream, "SELECT");
  const source = readableSource(stream, context.instance);
  requirePrivilege(context, source, "SELECT");
  return {
    kind: "stream",
    id: stream.id,
    path: context.instance.catalog.pathOf(stream),
    columns: [...sourceColumns(source, bindView), ...METADATA_COLUMNS],
    tag: stream.id,
  };
}

/** The columns of a source under the names that the text of its changes gives them. */
export function sourceColumns(source: RelationObject, bindView: (view: View) => BoundQuery): readonly RelationColumn[] {
  return source.kind === "VIEW"
    ? viewColumns(source, bindView(source))
    : source.columns.map(({ name, type, nullable, physical }) => ({ name, type, nullable, physical }));
}

function viewColumns(view: View, bound: BoundQuery): RelationColumn[] {
  return bound.columns.map((column, index) => ({
    name: view.columns[index]!.name,
    type: columnType(column.type),
    nullable: column.nullable,
    physical: `c${index + 1}`,
  }));
}
