import { parseQuery, printExpression, printQuery, type Expression, type Query } from "../../src/sql";

/**
 * The same question over columns of a row: `select upper('a')` as `select upper(column1) from values ('a')`. A server
 * may fold constants on a way of its own; the value must be the same on both.
 *
 * @returns statements: all constants as columns; where there are several, also each alone, for functions that want some
 * of their arguments constant. None for what is more than a list of expressions without FROM.
 */
export function columnForms(sql: string): { readonly all: string; readonly each: readonly string[] } | undefined {
  const query = plainQuery(sql);
  if (!query) return undefined;
  const count = replaced(query, () => true).values.length;
  if (count === 0) return undefined;
  const one = (at: number): string => statement(replaced(query, (index) => index === at));
  return {
    all: statement(replaced(query, () => true)),
    each: count === 1 ? [] : Array.from({ length: count }, (_, at) => one(at)),
  };
}

function plainQuery(sql: string): Query | undefined {
  let parsed: Query;
  try {
    parsed = parseQuery(sql);
  } catch {
    // What is no query has no second form.
    return undefined;
  }
  if (parsed.ctes.length > 0 || parsed.body.kind !== "select") return undefined;
  const { from, where, groupBy, having, qualify, top, distinct } = parsed.body;
  const plain = from.length === 0 && !(where ?? groupBy ?? having ?? qualify ?? top) && !distinct;
  return plain && parsed.orderBy.length === 0 && !parsed.limit ? parsed : undefined;
}

interface Replaced {
  readonly query: Query;
  /** What the columns are, in order. */
  readonly values: readonly Expression[];
}

function statement({ query, values }: Replaced): string {
  return `${printQuery(query)} from values (${values.map((value) => printExpression(value)).join(", ")})`;
}

/** @param chosen which constants become columns, by their position among all of them */
function replaced(query: Query, chosen: (index: number) => boolean): Replaced {
  const values: Expression[] = [];
  let index = 0;
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    const expression = node as Expression;
    if (isConstant(expression)) {
      if (!chosen(index++)) return expression;
      values.push(expression);
      return { ...expression, kind: "column", parts: [{ name: `COLUMN${values.length}`, quoted: false }] };
    }
    // Queries and lambdas have names of their own.
    if (["query", "lambda", "interval"].includes(expression.kind)) return node;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, walk(value)]));
  };
  const body = query.body as Extract<Query["body"], { kind: "select" }>;
  const items = body.items.map((item) => ({ ...item, expression: walk(item.expression) as Expression }));
  return { query: { ...query, body: { ...body, items } }, values };
}

function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case "number":
    case "string":
    case "typedLiteral":
      return true;
    case "unary":
      return expression.operator === "-" && expression.operand.kind === "number";
    case "cast":
      return !expression.tryCast && isConstant(expression.operand) && expression.type.kind !== "VARIANT";
    default:
      return false;
  }
}
