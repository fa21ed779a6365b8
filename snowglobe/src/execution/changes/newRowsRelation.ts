import type { RelationObject, View } from "../../catalog/objects";
import type { BoundQuery } from "../../translate";
import type { StreamRelation } from "../../translate/environment";
import type { StatementContext } from "../context";
import { sourceColumns } from "./streamRelation";
import type { NewRows } from "../alertContext";

/** What the condition of an alert on new data reads in place of its table or view: the same columns, the new rows alone. */
export function newRowsRelation(
  source: RelationObject,
  newRows: NewRows,
  context: StatementContext,
  bindView: (view: View) => BoundQuery,
): StreamRelation {
  return {
    kind: "stream",
    id: source.id,
    path: context.instance.catalog.pathOf(source),
    columns: sourceColumns(source, bindView),
    tag: newRows,
  };
}
