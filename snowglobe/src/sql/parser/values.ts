import type { Expression } from "../ast/expression";
import type { ValuesClause } from "../ast/query";
import { TokenKind } from "../lexer/tokens";
import type { TokenCursor } from "./cursor";

/** `VALUES (a, b), (c, d)`. Source: "VALUES". */
export function parseValues(cursor: TokenCursor): ValuesClause {
  const first = cursor.index;
  cursor.expect("VALUES");
  const rows: Expression[][] = [];
  do {
    cursor.expect("(");
    const row: Expression[] = [];
    do {
      row.push(parseValue(cursor));
    } while (cursor.accept(","));
    cursor.expect(")");
    rows.push(row);
  } while (cursor.accept(","));
  return { kind: "values", rows, span: cursor.spanFrom(first) };
}

/** A value of a row. Plain literals, nearly all of a long list, go past the expression grammar. */
function parseValue(cursor: TokenCursor): Expression {
  const next = cursor.valueAhead(1);
  if (next === "," || next === ")") {
    const { kind, index } = cursor;
    if (kind === TokenKind.Number) {
      const text = cursor.source;
      cursor.index++;
      return { kind: "number", text, span: cursor.spanFrom(index) };
    }
    if (kind === TokenKind.String) {
      const value = cursor.string();
      return { kind: "string", value, span: cursor.spanFrom(index) };
    }
    if (cursor.value === "NULL") {
      cursor.index++;
      return { kind: "null", span: cursor.spanFrom(index) };
    }
  }
  return cursor.grammar.expression(cursor);
}
