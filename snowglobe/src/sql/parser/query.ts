import type { Expression } from "../ast/expression";
import type { CommonTableExpression, Query, QueryBody } from "../ast/query";
import type { TokenCursor } from "./cursor";
import { parseIdentifier, parseOptionalColumnList } from "./identifier";
import { parseOrderBy } from "./orderBy";
import { parseSelect } from "./select";
import { parseValues } from "./values";

/** Whether a query begins here: SELECT, WITH, VALUES, or parentheses before one. */
export function atQuery(cursor: TokenCursor): boolean {
  let ahead = 0;
  while (cursor.valueAhead(ahead) === "(") ahead++;
  const word = cursor.valueAhead(ahead);
  return word === "SELECT" || word === "WITH" || (word === "VALUES" && cursor.valueAhead(ahead + 1) === "(");
}

/** A query: WITH, SELECTs joined by set operators, ORDER BY, LIMIT. Source: "Query syntax". */
export function parseQuery(cursor: TokenCursor): Query {
  cursor.enter();
  const first = cursor.index;
  const withClause = parseWith(cursor);
  const body = parseSetOperations(cursor, parseIntersections(cursor, parseOperand(cursor), first), first);
  const query = finishQuery(cursor, withClause, body, first);
  cursor.leave();
  return query;
}

/** The rest of a query that begins with a parenthesised one. */
export function parseQueryAfter(cursor: TokenCursor, operand: Query, first: number): Query {
  const body = parseSetOperations(cursor, parseIntersections(cursor, operand, first), first);
  return finishQuery(cursor, { ctes: [], recursive: false }, body, first);
}

interface WithClause {
  readonly ctes: readonly CommonTableExpression[];
  readonly recursive: boolean;
}

function parseWith(cursor: TokenCursor): WithClause {
  if (!cursor.accept("WITH")) return { ctes: [], recursive: false };
  const recursive = cursor.is("RECURSIVE") && cursor.valueAhead(1) !== "AS" && cursor.accept("RECURSIVE");
  const ctes = cursor.list(() => {
    const first = cursor.index;
    const name = parseIdentifier(cursor);
    const columns = parseOptionalColumnList(cursor);
    cursor.expect("AS");
    cursor.expect("(");
    const query = parseQuery(cursor);
    cursor.expect(")");
    return { name, columns, query, span: cursor.spanFrom(first) };
  });
  return { ctes, recursive };
}

function finishQuery(cursor: TokenCursor, withClause: WithClause, body: QueryBody, first: number): Query {
  const orderBy = cursor.accept("ORDER", "BY") ? parseOrderBy(cursor) : [];
  const { limit, offset } = parseLimit(cursor);
  const bare = withClause.ctes.length === 0 && orderBy.length === 0 && !limit && !offset;
  if (bare && body.kind === "query") return body;
  return {
    kind: "query",
    ...withClause,
    body,
    orderBy,
    ...(limit && { limit }),
    ...(offset && { offset }),
    span: cursor.spanFrom(first),
  };
}

/** UNION, EXCEPT, MINUS: of one rank, from the left. Long chains are read in a loop. */
function parseSetOperations(cursor: TokenCursor, operand: QueryBody, first: number): QueryBody {
  let left = operand;
  for (;;) {
    const word = cursor.acceptOneOf("UNION", "EXCEPT", "MINUS");
    if (word === undefined) return left;
    const operator = word === "MINUS" ? "EXCEPT" : word;
    const { all, byName } = operator === "UNION" ? parseUnionModifiers(cursor) : { all: false, byName: false };
    const rightFirst = cursor.index;
    const right = parseIntersections(cursor, parseOperand(cursor), rightFirst);
    left = { kind: "setOperation", operator, all, byName, left, right, span: cursor.spanFrom(first) };
  }
}

/** INTERSECT binds tighter than the others. Source: "Set operators". */
function parseIntersections(cursor: TokenCursor, operand: QueryBody, first: number): QueryBody {
  let left = operand;
  while (cursor.accept("INTERSECT")) {
    const right = parseOperand(cursor);
    const span = cursor.spanFrom(first);
    left = { kind: "setOperation", operator: "INTERSECT", all: false, byName: false, left, right, span };
  }
  return left;
}

/** INTERSECT and EXCEPT have none. Source: "Set operators". */
function parseUnionModifiers(cursor: TokenCursor): { all: boolean; byName: boolean } {
  const all = cursor.acceptOneOf("ALL", "DISTINCT") === "ALL";
  return { all, byName: cursor.accept("BY", "NAME") };
}

function parseOperand(cursor: TokenCursor): QueryBody {
  if (cursor.is("SELECT")) return parseSelect(cursor);
  if (cursor.is("VALUES")) return parseValues(cursor);
  cursor.expect("(");
  const query = parseQuery(cursor);
  cursor.expect(")");
  return query;
}

/** LIMIT n [OFFSET m] or OFFSET m ROWS FETCH FIRST n ROWS ONLY. Source: "LIMIT / FETCH". */
function parseLimit(cursor: TokenCursor): { limit?: Expression; offset?: Expression } {
  let limit: Expression | undefined;
  let offset: Expression | undefined;
  if (cursor.accept("LIMIT")) {
    limit = cursor.grammar.expression(cursor);
    if (cursor.accept("OFFSET")) offset = cursor.grammar.expression(cursor);
  } else {
    if (cursor.accept("OFFSET")) {
      offset = cursor.grammar.expression(cursor);
      cursor.acceptOneOf("ROW", "ROWS");
    }
    if (cursor.accept("FETCH")) {
      cursor.acceptOneOf("FIRST", "NEXT");
      limit = cursor.grammar.expression(cursor);
      cursor.acceptOneOf("ROW", "ROWS");
      cursor.accept("ONLY");
    }
  }
  return { ...(isNone(limit) ? {} : { limit }), ...(isNone(offset) ? {} : { offset }) };
}

function isNone(value: Expression | undefined): boolean {
  return value === undefined || value.kind === "null" || (value.kind === "string" && value.value === "");
}
