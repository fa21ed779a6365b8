import type { Expression } from "../sql/ast/expression";
import type { Node } from "../sql/ast/span";
import type { TypedValue } from "../translate";

/**
 * In the expressions of Scripting a variable stands by its bare name: turns such names into `:name`. Subqueries are left
 * as they are: there a bare name is a column. Source: "Working with variables", using a variable in an expression.
 */
export function withVariables(expression: Expression, values: ReadonlyMap<string, TypedValue>): Expression {
  return replaced(expression, values) as Expression;
}

function replaced(part: unknown, values: ReadonlyMap<string, TypedValue>): unknown {
  if (Array.isArray(part)) return part.map((one) => replaced(one, values));
  if (typeof part !== "object" || part === null) return part;
  const node = part as Partial<Node> & { readonly kind?: string } & Record<string, unknown>;
  if (node.kind === "column") {
    const { parts, span } = part as Extract<Expression, { kind: "column" }>;
    const name = parts.map((one) => one.name).join(".");
    return values.has(name) ? { kind: "bind", name, span } : part;
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === "query" || key === "span" || key === "type" ? value : replaced(value, values),
    ]),
  );
}
