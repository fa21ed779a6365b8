import { unsupported } from "../../errors";
import type { BinaryOperator, Expression, UnaryExpression } from "../ast/expression";
import { parseSpread } from "./call";
import { TokenKind } from "../lexer/tokens";
import { nestedTooDeeply, type TokenCursor } from "./cursor";
import { RESERVED } from "../keywords";
import { parseDataType } from "./dataType";
import { parsePathSteps } from "./path";
import { Power } from "./power";
import { closeParenthesis, parsePrimary } from "./primary";

const COMPARISONS: ReadonlyMap<string, BinaryOperator> = new Map([
  ["=", "="],
  ["==", "="],
  ["<>", "<>"],
  ["!=", "<>"],
  ["<", "<"],
  ["<=", "<="],
  [">", ">"],
  [">=", ">="],
]);

/** The operators with one operand on each side. */
const BINARY: ReadonlyMap<string, BinaryOperator> = new Map([
  ...COMPARISONS,
  ...(["OR", "AND", "+", "-", "||", "*", "/", "%"] as const).map((operator) => [operator, operator] as const),
]);

/** Operators and parentheses that may wait for their right side: how deep a tree may grow to the right. */
const MAX_PENDING = 2_000;

/** How tightly each token binds that may follow an operand; absent: none does. */
const INFIX_POWER: ReadonlyMap<string, number> = new Map<string, number>([
  ["OR", Power.Or],
  ["AND", Power.And],
  ...[...COMPARISONS.keys()].map((operator): [string, number] => [operator, Power.Comparison]),
  ...["IS", "BETWEEN", "IN", "LIKE", "ILIKE", "RLIKE", "REGEXP", "NOT"].map((word): [string, number] => [
    word,
    Power.Comparison,
  ]),
  ["+", Power.Additive],
  ["-", Power.Additive],
  ["||", Power.Additive],
  ["*", Power.Multiplicative],
  ["/", Power.Multiplicative],
  ["%", Power.Multiplicative],
  ["::", Power.Postfix],
  [":", Power.Postfix],
  ["[", Power.Postfix],
  ["COLLATE", Power.Postfix],
]);

/** Words that NOT may stand before after an operand. */
const NEGATABLE: ReadonlySet<string> = new Set(["BETWEEN", "IN", "LIKE", "ILIKE", "RLIKE", "REGEXP"]);

/** What waits on the stack of `parseExpression` while an operand on its right is read. */
type Pending =
  | {
      readonly kind: "binary";
      readonly first: number;
      readonly power: number;
      readonly left: Expression;
      readonly operator: BinaryOperator;
    }
  | {
      readonly kind: "unary";
      readonly first: number;
      readonly power: number;
      readonly operator: UnaryExpression["operator"];
    }
  | { readonly kind: "parenthesis"; readonly first: number; readonly power: number };

/**
 * An expression whose operators bind tighter than `power`. Parentheses, signs and binary operators wait on a stack of
 * their own instead of recursing: neither their number nor the depth of parentheses is bounded by the call stack.
 */
export function parseExpression(cursor: TokenCursor, power: number = Power.None): Expression {
  cursor.enter();
  const expression = parseOperands(cursor, power);
  cursor.leave();
  return expression;
}

function parseOperands(cursor: TokenCursor, outerPower: number): Expression {
  const pending: Pending[] = [];
  let power = outerPower;
  for (;;) {
    let first = cursor.index;
    const prefix = parsePrefix(cursor, power);
    if (prefix !== undefined) {
      if (pending.push(prefix) > MAX_PENDING) throw nestedTooDeeply();
      power = prefix.kind === "parenthesis" ? Power.None : prefix.operator === "NOT" ? Power.Not : Power.Sign;
      continue;
    }
    let operand = parsePrimary(cursor);
    for (;;) {
      const operator = cursor.value;
      const binds = operator === "" ? undefined : INFIX_POWER.get(operator);
      if (binds !== undefined && binds > power && (operator !== "NOT" || NEGATABLE.has(cursor.valueAhead(1)))) {
        const binary = BINARY.get(operator);
        if (binary !== undefined && !atQuantifier(cursor)) {
          cursor.index++;
          if (pending.push({ kind: "binary", first, power, left: operand, operator: binary }) > MAX_PENDING) {
            throw nestedTooDeeply();
          }
          power = binds;
          break;
        }
        operand = parseInfix(cursor, operand, first, operator);
        continue;
      }
      const waiting = pending.pop();
      if (waiting === undefined) return operand;
      ({ first, power } = waiting);
      operand = complete(cursor, waiting, operand);
    }
  }
}

/** Ends what was waiting for the operand. */
function complete(cursor: TokenCursor, waiting: Pending, operand: Expression): Expression {
  switch (waiting.kind) {
    case "binary": {
      const { operator, left, first } = waiting;
      return { kind: "binary", operator, left, right: operand, span: cursor.spanFrom(first) };
    }
    case "unary":
      return { kind: "unary", operator: waiting.operator, operand, span: cursor.spanFrom(waiting.first) };
    case "parenthesis":
      return closeParenthesis(cursor, operand, waiting.first);
  }
}

/** Takes a sign, NOT, PRIOR or an opening parenthesis that is no subquery's. */
function parsePrefix(cursor: TokenCursor, power: number): Pending | undefined {
  const first = cursor.index;
  const operator = cursor.value;
  switch (operator) {
    case "(":
      if (cursor.valueAhead(1) === "SELECT" || cursor.valueAhead(1) === "WITH") return undefined;
      cursor.index++;
      return { kind: "parenthesis", first, power };
    case "-":
    case "+":
    case "NOT":
      cursor.index++;
      return { kind: "unary", first, power, operator };
    case "PRIOR":
    case "CONNECT_BY_ROOT": {
      const next = cursor.kindAhead(1);
      const word = cursor.valueAhead(1);
      if (next !== TokenKind.Quoted && (next !== TokenKind.Word || INFIX_POWER.has(word) || RESERVED.has(word))) {
        return undefined;
      }
      cursor.index++;
      return { kind: "unary", first, power, operator };
    }
    default:
      return undefined;
  }
}

/** Whether ANY, SOME or ALL with a subquery follows the comparison here. */
function atQuantifier(cursor: TokenCursor): boolean {
  const word = cursor.valueAhead(1);
  return (word === "ANY" || word === "SOME" || word === "ALL") && cursor.valueAhead(2) === "(";
}

/** Operators with more to them than an operand on each side. */
function parseInfix(cursor: TokenCursor, left: Expression, first: number, operator: string): Expression {
  switch (operator) {
    case "::": {
      cursor.index++;
      const type = parseDataType(cursor);
      return { kind: "cast", operand: left, type, tryCast: false, span: cursor.spanFrom(first) };
    }
    case ":":
    case "[":
      return { kind: "path", base: left, steps: parsePathSteps(cursor), span: cursor.spanFrom(first) };
    case "COLLATE": {
      cursor.index++;
      const collation = cursor.string();
      return { kind: "collate", operand: left, collation, span: cursor.spanFrom(first) };
    }
    case "IS":
      return parseIs(cursor, left, first);
    case "NOT":
    case "BETWEEN":
    case "IN":
    case "LIKE":
    case "ILIKE":
    case "RLIKE":
    case "REGEXP":
      return parsePredicate(cursor, left, first);
  }
  return parseQuantified(cursor, left, first, COMPARISONS.get(operator)!);
}

function parseQuantified(
  cursor: TokenCursor,
  operand: Expression,
  first: number,
  operator: BinaryOperator,
): Expression {
  const quantifier = cursor.valueAhead(1) === "ALL" ? "ALL" : "ANY";
  cursor.index += 3;
  const query = cursor.grammar.query(cursor);
  cursor.expect(")");
  return { kind: "quantified", operator, quantifier, operand, query, span: cursor.spanFrom(first) };
}

function parseIs(cursor: TokenCursor, operand: Expression, first: number): Expression {
  cursor.expect("IS");
  const negated = cursor.accept("NOT");
  const test = cursor.expectOneOf("NULL", "TRUE", "FALSE", "DISTINCT");
  if (test !== "DISTINCT") return { kind: "is", test, negated, operand, span: cursor.spanFrom(first) };
  cursor.expect("FROM");
  const other = parseExpression(cursor, Power.Comparison);
  return { kind: "is", test, negated, operand, other, span: cursor.spanFrom(first) };
}

function parsePredicate(cursor: TokenCursor, operand: Expression, first: number): Expression {
  const negated = cursor.accept("NOT");
  if (cursor.accept("BETWEEN")) {
    const low = parseExpression(cursor, Power.Comparison);
    cursor.expect("AND");
    const high = parseExpression(cursor, Power.Comparison);
    return { kind: "between", negated, operand, low, high, span: cursor.spanFrom(first) };
  }
  if (cursor.accept("IN")) return parseIn(cursor, operand, negated, first);
  return parseLike(cursor, operand, negated, first);
}

function parseIn(cursor: TokenCursor, operand: Expression, negated: boolean, first: number): Expression {
  // `IN :v` of Snowflake Scripting is not part of the language.
  cursor.expect("(");
  if (cursor.is("SELECT") || cursor.is("WITH")) {
    const query = cursor.grammar.query(cursor);
    cursor.expect(")");
    return { kind: "inQuery", negated, operand, query, span: cursor.spanFrom(first) };
  }
  const items = cursor.list(() => parseSpread(cursor) ?? [parseExpression(cursor)]).flat();
  cursor.expect(")");
  const only = items.length === 1 ? items[0] : undefined;
  if (only?.kind === "subquery") {
    return { kind: "inQuery", negated, operand, query: only.query, span: cursor.spanFrom(first) };
  }
  return { kind: "inList", negated, operand, items, span: cursor.spanFrom(first) };
}

function parseLike(cursor: TokenCursor, operand: Expression, negated: boolean, first: number): Expression {
  const word = cursor.expectOneOf("LIKE", "ILIKE", "RLIKE", "REGEXP");
  const operator = word === "REGEXP" ? "RLIKE" : word;
  const found = cursor.acceptOneOf("ANY", "SOME", "ALL");
  const quantifier = found === "SOME" ? "ANY" : found;
  let patterns: Expression[];
  if (quantifier === undefined) {
    patterns = [parseExpression(cursor, Power.Comparison)];
  } else {
    if (operator === "RLIKE") throw unsupported(`RLIKE ${quantifier}`);
    if (cursor.is("(", "SELECT") || cursor.is("(", "WITH")) throw unsupported(`${operator} ${quantifier} (subquery)`);
    patterns = cursor.is("(")
      ? cursor.parenthesized(() => parseExpression(cursor))
      : [parseExpression(cursor, Power.Comparison)];
  }
  const escape = cursor.accept("ESCAPE") ? parseExpression(cursor, Power.Comparison) : undefined;
  const span = cursor.spanFrom(first);
  return {
    kind: "like",
    operator,
    negated,
    operand,
    patterns,
    ...(quantifier && { quantifier }),
    ...(escape && { escape }),
    span,
  };
}
