import { unsupported } from "../../errors";
import { conjunction } from "../ast/conjunction";
import type { Expression } from "../ast/expression";
import type { Identifier } from "../ast/identifier";
import type { GroupBy, GroupItem, Select, SelectItem } from "../ast/query";
import { NOT_A_COLUMN_ALIAS, RESERVED } from "../keywords";
import { TokenKind } from "../lexer/tokens";
import type { TokenCursor } from "./cursor";
import { parseIdentifier, takeIdentifier } from "./identifier";
import { parseFrom } from "./tableSource";

/** One SELECT without ORDER BY and LIMIT. Source: "SELECT", "Query syntax". */
export function parseSelect(cursor: TokenCursor): Select {
  const first = cursor.index;
  cursor.expect("SELECT");
  const distinct = cursor.acceptOneOf("DISTINCT", "ALL") === "DISTINCT";
  const top = parseTop(cursor);
  const items = parseSelectItems(cursor);
  const into = cursor.accept("INTO") ? cursor.list(() => parseIntoVariable(cursor)) : undefined;
  const from = cursor.accept("FROM") ? parseFrom(cursor) : [];
  let where: Expression | undefined;
  let connectBy = parseConnectBy(cursor);
  const marks = cursor.outerMarks;
  if (cursor.accept("WHERE")) where = cursor.grammar.expression(cursor);
  const outerMarks = cursor.outerMarks > marks;
  connectBy ??= parseConnectBy(cursor);
  const groupBy = cursor.accept("GROUP", "BY") ? parseGroupBy(cursor) : undefined;
  const having = cursor.accept("HAVING") ? cursor.grammar.expression(cursor) : undefined;
  const qualify = cursor.accept("QUALIFY") ? cursor.grammar.expression(cursor) : undefined;
  if (cursor.is("FOR", "UPDATE")) throw unsupported("SELECT ... FOR UPDATE");
  return {
    kind: "select",
    distinct,
    ...(top && { top }),
    items,
    from,
    ...(where && { where }),
    ...(outerMarks && { outerMarks }),
    ...(groupBy && { groupBy }),
    ...(having && { having }),
    ...(qualify && { qualify }),
    ...(connectBy && { connectBy }),
    ...(into && { into }),
    span: cursor.spanFrom(first),
  };
}

function parseTop(cursor: TokenCursor): Expression | undefined {
  if (!cursor.is("TOP") || cursor.kindAhead(1) !== TokenKind.Number) return undefined;
  const first = ++cursor.index;
  const text = cursor.source;
  cursor.index++;
  return { kind: "number", text, span: cursor.spanFrom(first) };
}

/** A comma after the last item is allowed. */
function parseSelectItems(cursor: TokenCursor): SelectItem[] {
  const items: SelectItem[] = [];
  do {
    if (items.length > 0 && (cursor.is("FROM") || cursor.is(")") || cursor.is(";") || cursor.atEnd)) break;
    items.push(parseSelectItem(cursor));
  } while (cursor.accept(","));
  return items;
}

function parseSelectItem(cursor: TokenCursor): SelectItem {
  const first = cursor.index;
  cursor.starAt = first;
  const expression = cursor.grammar.expression(cursor);
  const alias = parseColumnAlias(cursor);
  return { expression, ...(alias && { alias }), span: cursor.spanFrom(first) };
}

function parseColumnAlias(cursor: TokenCursor): Identifier | undefined {
  if (cursor.accept("AS")) return parseIdentifier(cursor);
  if (cursor.kind === TokenKind.Quoted) return takeIdentifier(cursor);
  if (cursor.kind !== TokenKind.Word || RESERVED.has(cursor.value) || NOT_A_COLUMN_ALIAS.has(cursor.value)) {
    return undefined;
  }
  return takeIdentifier(cursor);
}

function parseIntoVariable(cursor: TokenCursor): string {
  cursor.accept(":");
  return parseIdentifier(cursor).name;
}

/** Source: "GROUP BY", and its CUBE, GROUPING SETS and ROLLUP. */
function parseGroupBy(cursor: TokenCursor): GroupBy {
  if (cursor.accept("ALL")) return { kind: "all" };
  return { kind: "items", items: cursor.list(() => parseGroupItem(cursor)) };
}

function parseGroupItem(cursor: TokenCursor): GroupItem {
  if (cursor.accept("GROUPING", "SETS")) {
    return { kind: "groupingSets", sets: cursor.parenthesized(() => parseGroupingSet(cursor)) };
  }
  if (cursor.is("ROLLUP", "(") || cursor.is("CUBE", "(")) {
    const kind = cursor.value === "CUBE" ? "cube" : "rollup";
    cursor.index++;
    return { kind, items: cursor.parenthesized(() => cursor.grammar.expression(cursor)) };
  }
  return cursor.grammar.expression(cursor);
}

function parseGroupingSet(cursor: TokenCursor): Expression[] {
  if (cursor.is("ROLLUP", "(") || cursor.is("CUBE", "(")) throw unsupported("ROLLUP or CUBE within GROUPING SETS");
  if (!cursor.is("(")) return [cursor.grammar.expression(cursor)];
  if (cursor.accept("(", ")")) return [];
  return cursor.parenthesized(() => cursor.grammar.expression(cursor));
}

/** [START WITH e] CONNECT BY e, in either order. Source: "CONNECT BY". */
function parseConnectBy(cursor: TokenCursor): Select["connectBy"] {
  let startWith: Expression | undefined;
  if (cursor.accept("START", "WITH")) startWith = cursor.grammar.expression(cursor);
  if (!cursor.is("CONNECT", "BY")) {
    if (startWith) throw cursor.unexpected();
    return undefined;
  }
  cursor.index += 2;
  if (cursor.is("NOCYCLE")) throw unsupported("CONNECT BY NOCYCLE");
  // A comma between conditions is AND.
  const condition = conjunction(cursor.list(() => cursor.grammar.expression(cursor)));
  if (!startWith && cursor.accept("START", "WITH")) startWith = cursor.grammar.expression(cursor);
  return { ...(startWith && { startWith }), condition };
}
