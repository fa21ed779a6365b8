import type { OrderItem } from "../ast/query";
import type { TokenCursor } from "./cursor";
import { takeIdentifier } from "./identifier";

/** The items after ORDER BY. `ORDER BY ALL` gives one item with `all`. Source: "ORDER BY". */
export function parseOrderBy(cursor: TokenCursor): OrderItem[] {
  return cursor.list(() => parseOrderItem(cursor));
}

function parseOrderItem(cursor: TokenCursor): OrderItem {
  const first = cursor.index;
  const all = cursor.is("ALL");
  const expression = all
    ? ({ kind: "column", parts: [takeIdentifier(cursor)], span: cursor.spanFrom(first) } as const)
    : cursor.grammar.expression(cursor);
  const descending = cursor.acceptOneOf("ASC", "DESC") === "DESC";
  const nulls = cursor.accept("NULLS") ? cursor.expectOneOf("FIRST", "LAST") : undefined;
  return { expression, descending, ...(nulls && { nulls }), ...(all && { all }), span: cursor.spanFrom(first) };
}
