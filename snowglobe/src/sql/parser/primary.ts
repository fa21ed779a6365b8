import { unsupported } from "../../errors";
import { BINARY, type DataType, DATE, TIME, TIMESTAMP_LTZ, TIMESTAMP_NTZ, TIMESTAMP_TZ } from "../ast/dataType";
import type { CaseExpression, Expression, Star } from "../ast/expression";
import type { Identifier } from "../ast/identifier";
import { CALLS_WITHOUT_PARENTHESES, NOT_IN_EXPRESSIONS, RESERVED, RESERVED_FUNCTIONS } from "../keywords";
import { TokenKind } from "../lexer/tokens";
import { parseCall, parseSpecialCall } from "./call";
import type { TokenCursor } from "./cursor";
import { parseDataType } from "./dataType";
import { parseStageLocation } from "./stageLocation";
import { atIdentifierFunction, parseIdentifierFunction, parseVariable, takeIdentifier } from "./identifier";

const TYPED_LITERALS: ReadonlyMap<string, DataType> = new Map([
  ["DATE", DATE],
  ["TIME", TIME],
  ["DATETIME", TIMESTAMP_NTZ],
  ["TIMESTAMP", TIMESTAMP_NTZ],
  ["TIMESTAMP_NTZ", TIMESTAMP_NTZ],
  ["TIMESTAMP_LTZ", TIMESTAMP_LTZ],
  ["TIMESTAMP_TZ", TIMESTAMP_TZ],
]);

/** An operand: literal, name, call, parenthesis, subquery, CASE ... */
export function parsePrimary(cursor: TokenCursor): Expression {
  const first = cursor.index;
  switch (cursor.kind) {
    case TokenKind.Number: {
      const text = cursor.source;
      cursor.index++;
      return { kind: "number", text, span: cursor.spanFrom(first) };
    }
    case TokenKind.String:
    case TokenKind.DollarString: {
      const value = cursor.string();
      return { kind: "string", value, span: cursor.spanFrom(first) };
    }
    case TokenKind.Stage:
      return { kind: "stageReference", location: parseStageLocation(cursor), span: cursor.spanFrom(first) };
    case TokenKind.Positional:
      return parsePositional(cursor, first, undefined);
    case TokenKind.Variable:
      return parseVariable(cursor)!;
    case TokenKind.Operator:
      return parseOperatorPrimary(cursor);
    case TokenKind.Word:
      return parseWord(cursor);
    case TokenKind.Quoted:
      return parseName(cursor);
    default:
      throw cursor.unexpected();
  }
}

function parsePositional(cursor: TokenCursor, first: number, qualifier: Identifier | undefined): Expression {
  const position = Number(cursor.source.slice(1));
  cursor.index++;
  return { kind: "positional", ...(qualifier && { qualifier }), position, span: cursor.spanFrom(first) };
}

function parseOperatorPrimary(cursor: TokenCursor): Expression {
  switch (cursor.value) {
    case "(":
      return parseSubquery(cursor);
    case "?":
    case ":":
      return parseVariable(cursor)!;
    case "[": {
      const first = cursor.index++;
      const items = cursor.is("]") ? [] : cursor.list(() => cursor.grammar.expression(cursor));
      cursor.expect("]");
      return { kind: "array", items, span: cursor.spanFrom(first) };
    }
    case "{":
      return parseObject(cursor);
    case "*":
      if (cursor.starAt === cursor.index) return parseStar(cursor, cursor.index, []);
  }
  throw cursor.unexpected();
}

/**
 * Ends the parenthesis that opened at the token `open` and whose first expression was read: `(e)`, `(a, b)`, or
 * `((SELECT ...) UNION ...)`, where it shows only after the inner parenthesis that the outer one holds a query.
 */
export function closeParenthesis(cursor: TokenCursor, expression: Expression, open: number): Expression {
  if (cursor.value === ",") {
    const items = [expression];
    while (cursor.accept(",")) items.push(cursor.grammar.expression(cursor));
    cursor.expect(")");
    return { kind: "row", items, span: cursor.spanFrom(open) };
  }
  if (expression.kind === "subquery" && cursor.value !== ")") {
    const query = cursor.grammar.queryAfter(cursor, expression.query, open + 1);
    cursor.expect(")");
    return { kind: "subquery", query, span: cursor.spanFrom(open) };
  }
  cursor.expect(")");
  return expression;
}

function parseSubquery(cursor: TokenCursor): Expression {
  const first = cursor.index;
  cursor.expect("(");
  const query = cursor.grammar.query(cursor);
  cursor.expect(")");
  return { kind: "subquery", query, span: cursor.spanFrom(first) };
}

function parseObject(cursor: TokenCursor): Expression {
  const first = cursor.index;
  cursor.expect("{");
  if (cursor.is("*")) throw unsupported("object constant from columns {*}");
  const entry = () => {
    const key = cursor.string();
    cursor.expect(":");
    return { key, value: cursor.grammar.expression(cursor) };
  };
  const entries = cursor.is("}") ? [] : cursor.list(entry);
  cursor.expect("}");
  return { kind: "object", entries, span: cursor.spanFrom(first) };
}

function parseWord(cursor: TokenCursor): Expression {
  const first = cursor.index;
  const word = cursor.value;
  switch (word) {
    case "NULL":
      cursor.index++;
      return { kind: "null", span: cursor.spanFrom(first) };
    case "TRUE":
    case "FALSE":
      cursor.index++;
      return { kind: "boolean", value: word === "TRUE", span: cursor.spanFrom(first) };
    case "CASE":
      return parseCase(cursor);
    case "CAST":
    case "TRY_CAST":
      return parseCast(cursor);
    case "EXISTS": {
      cursor.index++;
      cursor.expect("(");
      const query = cursor.grammar.query(cursor);
      cursor.expect(")");
      return { kind: "exists", query, span: cursor.spanFrom(first) };
    }
  }
  const next = cursor.kindAhead(1);
  if (next === TokenKind.String || next === TokenKind.DollarString) {
    const literal = parsePrefixedString(cursor);
    if (literal !== undefined) return literal;
  }
  if (CALLS_WITHOUT_PARENTHESES.has(word) && cursor.valueAhead(1) !== "(") {
    const name = [takeIdentifier(cursor)];
    return { kind: "call", name, args: [], namedArgs: [], distinct: false, span: cursor.spanFrom(first) };
  }
  if (RESERVED.has(word) || NOT_IN_EXPRESSIONS.has(word)) {
    if (!RESERVED_FUNCTIONS.has(word) || cursor.valueAhead(1) !== "(") throw cursor.unexpected();
  }
  return parseSpecialCall(cursor) ?? parseName(cursor);
}

/** `DATE '...'`, `INTERVAL '...'`, `X'...'`. */
function parsePrefixedString(cursor: TokenCursor): Expression | undefined {
  const first = cursor.index;
  const word = cursor.value;
  const adjacent = cursor.tokens.ends[first] === cursor.tokens.starts[first + 1];
  const type = word === "X" && adjacent ? BINARY : TYPED_LITERALS.get(word);
  if (type === undefined && word !== "INTERVAL") return undefined;
  cursor.index++;
  const value = cursor.string();
  const span = cursor.spanFrom(first);
  return type === undefined ? { kind: "interval", value, span } : { kind: "typedLiteral", type, value, span };
}

function parseCase(cursor: TokenCursor): CaseExpression {
  const first = cursor.index;
  cursor.expect("CASE");
  const operand = cursor.is("WHEN") ? undefined : cursor.grammar.expression(cursor);
  const branches: { when: Expression; then: Expression }[] = [];
  do {
    cursor.expect("WHEN");
    const when = cursor.grammar.expression(cursor);
    cursor.expect("THEN");
    branches.push({ when, then: cursor.grammar.expression(cursor) });
  } while (cursor.is("WHEN"));
  const otherwise = cursor.accept("ELSE") ? cursor.grammar.expression(cursor) : undefined;
  cursor.expect("END");
  const span = cursor.spanFrom(first);
  return { kind: "case", ...(operand && { operand }), branches, ...(otherwise && { otherwise }), span };
}

function parseCast(cursor: TokenCursor): Expression {
  const first = cursor.index;
  const tryCast = cursor.value === "TRY_CAST";
  cursor.index++;
  cursor.expect("(");
  const operand = cursor.grammar.expression(cursor);
  cursor.expect("AS");
  const type = parseDataType(cursor);
  cursor.expect(")");
  return { kind: "cast", operand, type, tryCast, span: cursor.spanFrom(first) };
}

/** `a.b.c`, `a.*`, `a.$1`, or a call `a.b(...)`. */
function parseName(cursor: TokenCursor): Expression {
  const first = cursor.index;
  const starAllowed = cursor.starAt === first;
  if (atIdentifierFunction(cursor)) {
    const parts = parseIdentifierFunction(cursor);
    if (cursor.is("(")) return parseCall(cursor, parts, first);
    return { kind: "column", parts, span: cursor.spanFrom(first) };
  }
  const parts = [takeIdentifier(cursor)];
  while (cursor.value === ".") {
    if (cursor.kindAhead(1) === TokenKind.Positional && parts.length === 1) {
      cursor.index++;
      return parsePositional(cursor, first, parts[0]);
    }
    if (cursor.valueAhead(1) === "*" && starAllowed) {
      cursor.index++;
      return parseStar(cursor, first, parts);
    }
    if (cursor.valueAhead(1) === "." && parts.length === 1) {
      cursor.index++;
      parts.push({ name: "PUBLIC", quoted: false, span: cursor.spanFrom(cursor.index) });
      continue;
    }
    cursor.index++;
    parts.push(takeIdentifier(cursor));
  }
  if (cursor.value === "(") {
    if (cursor.accept("(", "+", ")")) {
      cursor.outerMarks++;
      return { kind: "column", parts, outer: true, span: cursor.spanFrom(first) };
    }
    return parseCall(cursor, parts, first);
  }
  return { kind: "column", parts, span: cursor.spanFrom(first) };
}

/** `*` with ILIKE, EXCLUDE, REPLACE and RENAME. Source: "SELECT". */
function parseStar(cursor: TokenCursor, first: number, qualifier: readonly Identifier[]): Star {
  cursor.expect("*");
  const ilike = cursor.is("ILIKE") && cursor.kindAhead(1) === TokenKind.String ? takeIlike(cursor) : undefined;
  // Not both. Source: "SELECT", the note on combinations of keywords.
  if (ilike !== undefined && cursor.is("EXCLUDE")) throw cursor.unexpected();
  const exclude = cursor.accept("EXCLUDE") ? oneOrMore(cursor, () => takeIdentifier(cursor)) : undefined;
  const replace = cursor.is("REPLACE", "(") ? takeReplace(cursor) : undefined;
  const rename = cursor.accept("RENAME")
    ? oneOrMore(cursor, () => {
        const from = takeIdentifier(cursor);
        cursor.expect("AS");
        return { from, to: takeIdentifier(cursor) };
      })
    : undefined;
  return {
    kind: "star",
    qualifier,
    ...(ilike !== undefined && { ilike }),
    ...(exclude && { exclude }),
    ...(replace && { replace }),
    ...(rename && { rename }),
    span: cursor.spanFrom(first),
  };
}

function takeIlike(cursor: TokenCursor): string {
  cursor.expect("ILIKE");
  return cursor.string();
}

function takeReplace(cursor: TokenCursor): { expression: Expression; name: Identifier }[] {
  cursor.expect("REPLACE");
  return cursor.parenthesized(() => {
    const expression = cursor.grammar.expression(cursor);
    cursor.expect("AS");
    return { expression, name: takeIdentifier(cursor) };
  });
}

function oneOrMore<T>(cursor: TokenCursor, item: () => T): T[] {
  return cursor.is("(") ? cursor.parenthesized(item) : [item()];
}
