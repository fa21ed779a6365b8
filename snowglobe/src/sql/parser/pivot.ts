import type { Expression } from "../ast/expression";
import type { Identifier } from "../ast/identifier";
import type { PivotSource, SelectItem, TableSource, UnpivotSource } from "../ast/query";
import { unsupported } from "../../errors";
import type { TokenCursor } from "./cursor";
import { parseIdentifier } from "./identifier";
import { parseOrderBy } from "./orderBy";
import { Power } from "./power";

/** `PIVOT (f(x) FOR c IN (...))`, without its alias. Source: "PIVOT". */
export function parsePivot(cursor: TokenCursor, source: TableSource, first: number): PivotSource {
  cursor.expect("PIVOT", "(");
  const aggregate = cursor.grammar.expression(cursor, Power.Comparison);
  if (cursor.is(",")) throw unsupported("PIVOT with several aggregates");
  const aggregateAlias = cursor.is("FOR") ? undefined : parseAlias(cursor);
  cursor.expect("FOR");
  const column = parseIdentifier(cursor);
  cursor.expect("IN", "(");
  const values = parsePivotValues(cursor);
  const anyOrder = values === "ANY" && cursor.accept("ORDER", "BY") ? parseOrderBy(cursor) : undefined;
  cursor.expect(")");
  let defaultOnNull: Expression | undefined;
  if (cursor.accept("DEFAULT", "ON", "NULL", "(")) {
    defaultOnNull = cursor.grammar.expression(cursor);
    cursor.expect(")");
  }
  cursor.expect(")");
  return {
    kind: "pivot",
    source,
    aggregate,
    ...(aggregateAlias && { aggregateAlias }),
    column,
    values,
    ...(anyOrder && { anyOrder }),
    ...(defaultOnNull && { defaultOnNull }),
    columnAliases: [],
    span: cursor.spanFrom(first),
  };
}

function parsePivotValues(cursor: TokenCursor): PivotSource["values"] {
  if (cursor.accept("ANY")) return "ANY";
  if (cursor.is("SELECT") || cursor.is("WITH")) return cursor.grammar.query(cursor);
  return cursor.list((): SelectItem => {
    const first = cursor.index;
    const expression = cursor.grammar.expression(cursor);
    const alias = cursor.is(",") || cursor.is(")") ? undefined : parseAlias(cursor);
    return { expression, ...(alias && { alias }), span: cursor.spanFrom(first) };
  });
}

/** `[AS] name`. */
function parseAlias(cursor: TokenCursor): Identifier {
  cursor.accept("AS");
  return parseIdentifier(cursor);
}

/** `UNPIVOT [INCLUDE NULLS] (v FOR n IN (...))`, without its alias. Source: "UNPIVOT". */
export function parseUnpivot(cursor: TokenCursor, source: TableSource, first: number): UnpivotSource {
  cursor.expect("UNPIVOT");
  const includeNulls = cursor.accept("INCLUDE", "NULLS");
  if (!includeNulls) cursor.accept("EXCLUDE", "NULLS");
  cursor.expect("(");
  const valueColumn = parseIdentifier(cursor);
  cursor.expect("FOR");
  const nameColumn = parseIdentifier(cursor);
  cursor.expect("IN");
  const columns: Identifier[] = [];
  const labels: (Identifier | undefined)[] = [];
  cursor.parenthesized(() => {
    columns.push(parseIdentifier(cursor));
    labels.push(cursor.is(",") || cursor.is(")") ? undefined : parseAlias(cursor));
  });
  cursor.expect(")");
  return {
    kind: "unpivot",
    source,
    includeNulls,
    valueColumn,
    nameColumn,
    columns,
    ...(labels.some((label) => label) && { labels }),
    columnAliases: [],
    span: cursor.spanFrom(first),
  };
}
