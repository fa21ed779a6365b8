import type { BoundExpression } from "./boundExpression";
import type { Plan, ScanNode, SortKey } from "./plan";

/** A copy of an expression with its direct operands replaced; the same object where nothing changed. */
export function mapChildren(
  expression: BoundExpression,
  map: (child: BoundExpression) => BoundExpression,
): BoundExpression {
  switch (expression.kind) {
    case "call": {
      const args = mapAll(expression.args, map);
      return args === expression.args ? expression : { ...expression, args };
    }
    case "inQuery": {
      const operands = mapAll(expression.operands, map);
      return operands === expression.operands ? expression : { ...expression, operands };
    }
    case "lambda": {
      const body = map(expression.body);
      return body === expression.body ? expression : { ...expression, body };
    }
    default:
      return expression;
  }
}

function mapAll(
  expressions: readonly BoundExpression[],
  map: (child: BoundExpression) => BoundExpression,
): readonly BoundExpression[] {
  let changed = false;
  const mapped = expressions.map((expression) => {
    const made = map(expression);
    if (made !== expression) changed = true;
    return made;
  });
  return changed ? mapped : expressions;
}

/** The plans directly below a node; not those of subqueries in its expressions. */
export function inputsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case "join":
    case "setOperation":
      return [plan.left, plan.right];
    case "with":
      return [...plan.definitions.map((definition) => definition.plan), plan.input];
    case "scan":
    case "sql":
    case "values":
    case "tableFunction":
    case "cteReference":
      return [];
    default:
      return [plan.input];
  }
}

const keyExpressions = (keys: readonly SortKey[]): readonly BoundExpression[] => keys.map((key) => key.expression);

/** The expressions that stand directly in a node. */
export function expressionsOf(plan: Plan): readonly BoundExpression[] {
  switch (plan.kind) {
    case "project":
      return plan.expressions;
    case "filter":
      return [plan.condition];
    case "join":
      return plan.condition ? [plan.condition] : [];
    case "values":
      return plan.rows.flat();
    case "tableFunction":
      return plan.args;
    case "aggregate":
      return [...plan.groups, ...plan.aggregates.flatMap((a) => [...a.args, ...keyExpressions(a.orderBy)])];
    case "window":
      return plan.windows.flatMap((w) => [...w.args, ...w.partitionBy, ...keyExpressions(w.orderBy)]);
    case "sort":
      return keyExpressions(plan.keys);
    case "limit":
      return [plan.limit, plan.offset].filter((expression) => expression !== undefined);
    default:
      return [];
  }
}

/** Visits an expression and all below it, without the plans of subqueries. */
export function walkExpression(expression: BoundExpression, visit: (expression: BoundExpression) => void): void {
  visit(expression);
  if (expression.kind === "call") for (const arg of expression.args) walkExpression(arg, visit);
  else if (expression.kind === "inQuery") for (const operand of expression.operands) walkExpression(operand, visit);
  else if (expression.kind === "lambda") walkExpression(expression.body, visit);
}

export interface PlanVisitor {
  readonly node?: (plan: Plan) => void;
  readonly expression?: (expression: BoundExpression) => void;
}

/** Visits every node and every expression of a plan, subqueries included, parents first. */
export function walkPlan(plan: Plan, visitor: PlanVisitor): void {
  visitor.node?.(plan);
  for (const expression of expressionsOf(plan)) {
    walkExpression(expression, (at) => {
      visitor.expression?.(at);
      if (at.kind === "subquery" || at.kind === "exists" || at.kind === "inQuery") walkPlan(at.plan, visitor);
    });
  }
  for (const input of inputsOf(plan)) walkPlan(input, visitor);
}

/** All scans of a plan, those in subqueries too: what must be told a version before the plan is emitted. */
export function scansOf(plan: Plan): readonly ScanNode[] {
  const scans: ScanNode[] = [];
  walkPlan(plan, {
    node: (node) => {
      if (node.kind === "scan") scans.push(node);
    },
  });
  return scans;
}
