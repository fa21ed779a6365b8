import type { AlterView, CreateView, ViewColumnComment } from "../../ast/statements/view";
import { expectCommonAlterAction } from "../alterActions";
import {
  type CreateHeader,
  parseBodyQuery,
  parseColumnLabels,
  parseCreateName,
  parseObjectClauses,
  parseTarget,
} from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseIdentifier } from "../identifier";

/** Source: "CREATE VIEW". */
export function parseCreateView(cursor: TokenCursor, header: CreateHeader): CreateView {
  const name = parseCreateName(cursor, header);
  const columns = parseColumnLabels(cursor);
  const { clusterBy: _, ...clauses } = parseObjectClauses(cursor);
  const body = parseBodyQuery(cursor);
  const span = cursor.spanFrom(header.first);
  return {
    kind: "createView",
    ...name,
    secure: header.modifiers.has("SECURE"),
    temporary: header.modifiers.has("TEMPORARY"),
    recursive: header.modifiers.has("RECURSIVE"),
    columns,
    ...clauses,
    ...body,
    text: cursor.slice(span),
    span,
  };
}

/** Source: "ALTER VIEW". */
export function parseAlterView(cursor: TokenCursor, first: number): AlterView {
  const target = parseTarget(cursor);
  const action = parseViewAction(cursor);
  return { kind: "alterView", ...target, action, span: cursor.spanFrom(first) };
}

function parseViewAction(cursor: TokenCursor): AlterView["action"] {
  if (cursor.accept("SET", "SECURE")) return { action: "setSecure" };
  if (cursor.accept("UNSET", "SECURE")) return { action: "unsetSecure" };
  if (cursor.is("ALTER") || cursor.is("MODIFY")) {
    cursor.index++;
    const columns = cursor.is("(")
      ? cursor.parenthesized(() => parseColumnComment(cursor))
      : cursor.list(() => parseColumnComment(cursor));
    return { action: "columnComments", columns };
  }
  return expectCommonAlterAction(cursor);
}

function parseColumnComment(cursor: TokenCursor): ViewColumnComment {
  cursor.accept("COLUMN");
  const column = parseIdentifier(cursor);
  if (cursor.accept("UNSET", "COMMENT")) return { column, comment: null };
  cursor.expect("COMMENT");
  return { column, comment: cursor.string() };
}
