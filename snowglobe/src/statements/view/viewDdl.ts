import type { View } from "../../catalog/objects";
import { requireOwnership } from "../../execution/authorize";
import { columnAttachments, relationAttachments } from "../../execution/attachmentDdl";
import { commentClause, type DdlWriter } from "../../execution/ddl";
import { quoteString } from "../../sql";
import { quoteIfNeeded } from "../../quoting";

/** CREATE VIEW with its column list; that of a secure view is for its owner's eyes. Source: "GET_DDL", view objects. */
export const viewDdl: DdlWriter<View> = (view, name, context) => {
  if (view.secure) requireOwnership(context, view);
  const columns = view.columns.map((column) => {
    const comment = column.comment !== "" && `COMMENT ${quoteString(column.comment)}`;
    return [quoteIfNeeded(column.name), ...columnAttachments(column, context), comment].filter(Boolean).join(" ");
  });
  const clauses = [
    view.changeTracking && "CHANGE_TRACKING = TRUE",
    ...relationAttachments(view, context),
    commentClause(view),
  ].filter(Boolean);
  const words = [view.secure && "secure", view.sessionId !== undefined && "temporary", "view"].filter(Boolean);
  const head = `create or replace ${words.join(" ")} ${name}(\n\t${columns.join(",\n\t")}\n)`;
  return `${head}${clauses.map((clause) => ` ${String(clause)}`).join("")} as ${view.queryText};`;
};
