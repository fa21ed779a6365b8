import { compilationError, unsupported } from "../../errors";
import { BOOLEAN } from "../../sql/ast/dataType";
import type { Expression } from "../../sql/ast/expression";
import type { Query } from "../../sql/ast/query";
import type { BoundExpression } from "../boundExpression";
import { call, columnRef, listTemplate } from "../construct";
import { requireListed } from "../limits";
import type { PlanColumn } from "../plan";
import { factsOf } from "../repetition";
import { comparable, comparison, logical } from "../operators";
import type { ExpressionBinder } from "./expression";

/** `(a, b) = (c, d)`. */
export function rowComparison(
  binder: ExpressionBinder,
  operator: string,
  left: readonly BoundExpression[],
  right: readonly BoundExpression[],
): BoundExpression {
  if (left.length !== right.length) throw compilationError("Rows of different lengths cannot be compared");
  if (operator !== "=" && operator !== "<>") throw unsupported(`row values with ${operator}`);
  const pairs = left.map((item, i) => comparison("=", item, right[i]!, binder.session));
  return negatable(logical("AND", pairs, binder.session), operator === "<>");
}

/** `x IN (a, b)`. */
export function inList(
  binder: ExpressionBinder,
  operand: Expression,
  items: readonly Expression[],
  negated: boolean,
): BoundExpression {
  requireListed(items.length);
  if (operand.kind === "row") {
    const rows = items.map((item) => {
      if (item.kind !== "row") throw compilationError("Row values are expected on both sides of IN");
      return item.items.map((value) => binder.bind(value));
    });
    const left = operand.items.map((item) => binder.bind(item));
    const within = binder.once(left, (columns) =>
      logical(
        "OR",
        rows.map((row) => rowComparison(binder, "=", columns, row)),
        binder.session,
      ),
    );
    return negatable(within, negated);
  }
  const values = items.map((item) => binder.bind(item));
  const bound = binder.bind(operand);
  // The engine may compute the operand of its own IN once for each value.
  const { volatile } = factsOf(bound);
  return binder.once([bound], ([left]) => isOneOf(binder, left!, values, negated, volatile));
}

function isOneOf(
  binder: ExpressionBinder,
  left: BoundExpression,
  values: readonly BoundExpression[],
  negated: boolean,
  volatile: boolean,
): BoundExpression {
  const same =
    !volatile &&
    values.every((value) => {
      const [a] = comparable(left, value, binder.session);
      return a === left;
    });
  if (!same) {
    return negatable(
      logical(
        "OR",
        values.map((value) => comparison("=", left, value, binder.session)),
        binder.session,
      ),
      negated,
    );
  }
  const right = values.map((value) => comparable(left, value, binder.session)[1]);
  const word = negated ? " NOT IN " : " IN ";
  // Thousands of constants are one: whatever looks at an expression looks at each of its arguments.
  if (right.every((value) => value.kind === "literal")) {
    const list: BoundExpression = {
      kind: "literal",
      sql: `(${right.map((value) => value.sql).join(", ")})`,
      value: null,
      type: right[0]!.type,
      nullable: right.some((value) => value.nullable),
    };
    return call("IN", ["(", 0, word, 1, ")"], [left, list], BOOLEAN);
  }
  return call("IN", ["(", 0, word, ...listTemplate("(", right.length, ", ", "))", 1)], [left, ...right], BOOLEAN);
}

/** `x IN (query)`, `x > ANY (query)`. */
export function inQuery(
  binder: ExpressionBinder,
  operand: Expression,
  query: Query,
  operator: string,
  quantifier: "ANY" | "ALL",
): BoundExpression {
  const operands = (operand.kind === "row" ? operand.items : [operand]).map((item) => binder.bind(item));
  const plan = binder.bindQuery(binder.context, query, binder.place.scope);
  if (plan.columns.length !== operands.length) {
    throw compilationError(
      `Invalid number of columns in subquery: expected ${operands.length}, got ${plan.columns.length}`,
      "002056",
    );
  }
  const pairs = operands.map((left, i) => comparable(left, columnRef(plan.columns[i]!), binder.session));
  const expressions = pairs.map(([, right]) => right);
  const unchanged = expressions.every((right, i) => right.kind === "column" && right.id === plan.columns[i]!.id);
  const columns: readonly PlanColumn[] = expressions.map((right) => ({
    id: binder.context.state.newId(),
    name: "",
    type: right.type,
    nullable: right.nullable,
  }));
  return {
    kind: "inQuery",
    operands: pairs.map(([left]) => left),
    operator,
    quantifier,
    plan: unchanged ? plan : { kind: "project", input: plan, expressions, columns },
    type: BOOLEAN,
    nullable: true,
  };
}

export function negatable(expression: BoundExpression, negated: boolean): BoundExpression {
  return negated ? call("NOT", "(NOT $0)", [expression], BOOLEAN) : expression;
}
