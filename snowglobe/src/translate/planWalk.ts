import type { BoundExpression } from "./boundExpression";
import type { Plan, PlanColumn, ScanNode, SortKey } from "./plan";

/** What a copy of a node or an expression gets in the place of its own children. */
export interface ChildMapper {
  readonly plan: (plan: Plan) => Plan;
  readonly expression: (expression: BoundExpression) => BoundExpression;
  /** The id of a column. */
  readonly id: (id: string) => string;
}

type Copy<Node extends { readonly kind: string }> = {
  readonly [K in Node["kind"]]: (
    node: Extract<Node, { readonly kind: K }>,
    to: ChildMapper,
  ) => Extract<Node, { readonly kind: K }>;
};

const same = <T>(node: T): T => node;

/** Lists may be long and are mostly left as they are: copied from the first item on that changes. */
function mapAll<T>(items: readonly T[], map: (item: T) => T): readonly T[] {
  let mapped: T[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const item = map(items[i]!);
    if (!mapped && item !== items[i]) mapped = items.slice(0, i);
    mapped?.push(item);
  }
  return mapped ?? items;
}

const columnsTo = (columns: readonly PlanColumn[], to: ChildMapper): readonly PlanColumn[] =>
  mapAll(columns, (column) => {
    const id = to.id(column.id);
    return id === column.id ? column : { ...column, id };
  });

const keysTo = (keys: readonly SortKey[], to: ChildMapper): readonly SortKey[] =>
  keys.map((key) => ({ ...key, expression: to.expression(key.expression) }));

/**
 * The only place that knows what an expression is made of: everything that walks or rewrites expressions goes by it,
 * and a kind that is missing here does not compile.
 */
const EXPRESSIONS: Copy<BoundExpression> = {
  column: (at, to) => {
    const id = to.id(at.id);
    return id === at.id ? at : { ...at, id };
  },
  literal: same,
  call: (at, to) => {
    const args = mapAll(at.args, to.expression);
    return args === at.args ? at : { ...at, args };
  },
  let: (at, to) => {
    const values = mapAll(at.values, to.expression);
    const columns = mapAll(at.columns, (column) => EXPRESSIONS.column(column, to));
    const body = to.expression(at.body);
    return values === at.values && columns === at.columns && body === at.body ? at : { ...at, values, columns, body };
  },
  subquery: (at, to) => {
    const plan = to.plan(at.plan);
    return plan === at.plan ? at : { ...at, plan };
  },
  exists: (at, to) => {
    const plan = to.plan(at.plan);
    return plan === at.plan ? at : { ...at, plan };
  },
  inQuery: (at, to) => {
    const operands = mapAll(at.operands, to.expression);
    const plan = to.plan(at.plan);
    return operands === at.operands && plan === at.plan ? at : { ...at, operands, plan };
  },
  lambda: (at, to) => {
    const parameters = mapAll(at.parameters, (parameter) => EXPRESSIONS.column(parameter, to));
    const body = to.expression(at.body);
    return parameters === at.parameters && body === at.body ? at : { ...at, parameters, body };
  },
};

/** The only place that knows what a plan's node is made of, as `EXPRESSIONS` is for expressions. */
const NODES: Copy<Plan> = {
  scan: (node, to) => ({ ...node, ...(node.rowId === undefined ? {} : { rowId: to.id(node.rowId) }) }),
  sql: same,
  values: (node, to) => ({ ...node, rows: mapAll(node.rows, (row) => mapAll(row, to.expression)) }),
  tableFunction: (node, to) => ({ ...node, args: node.args.map(to.expression) }),
  project: (node, to) => ({
    ...node,
    expressions: node.expressions.map(to.expression),
    input: to.plan(node.input),
  }),
  filter: (node, to) => ({ ...node, condition: to.expression(node.condition), input: to.plan(node.input) }),
  join: (node, to) => ({
    ...node,
    ...(node.condition ? { condition: to.expression(node.condition) } : {}),
    left: to.plan(node.left),
    right: to.plan(node.right),
  }),
  aggregate: (node, to) => ({
    ...node,
    groups: node.groups.map(to.expression),
    aggregates: node.aggregates.map((one) => ({
      ...one,
      args: one.args.map(to.expression),
      orderBy: keysTo(one.orderBy, to),
    })),
    input: to.plan(node.input),
  }),
  window: (node, to) => ({
    ...node,
    windows: node.windows.map((one) => ({
      ...one,
      args: one.args.map(to.expression),
      partitionBy: one.partitionBy.map(to.expression),
      orderBy: keysTo(one.orderBy, to),
    })),
    input: to.plan(node.input),
  }),
  distinct: (node, to) => ({ ...node, input: to.plan(node.input) }),
  sort: (node, to) => ({ ...node, keys: keysTo(node.keys, to), input: to.plan(node.input) }),
  limit: (node, to) => ({
    ...node,
    ...(node.limit ? { limit: to.expression(node.limit) } : {}),
    ...(node.offset ? { offset: to.expression(node.offset) } : {}),
    input: to.plan(node.input),
  }),
  setOperation: (node, to) => ({ ...node, left: to.plan(node.left), right: to.plan(node.right) }),
  with: (node, to) => ({
    ...node,
    definitions: node.definitions.map((definition) => ({ ...definition, plan: to.plan(definition.plan) })),
    input: to.plan(node.input),
  }),
  cteReference: same,
  unpivot: (node, to) => ({
    ...node,
    kept: columnsTo(node.kept, to),
    sources: node.sources.map((source) => ({ ...source, id: to.id(source.id) })),
    input: to.plan(node.input),
  }),
  sample: (node, to) => ({ ...node, input: to.plan(node.input) }),
};

/** A copy of a node with other children: inputs, expressions and column ids. */
export function mapNode(plan: Plan, to: ChildMapper): Plan {
  const copy = NODES[plan.kind] as (node: Plan, to: ChildMapper) => Plan;
  const made = copy(plan, to);
  const columns = columnsTo(made.columns, to);
  return columns === made.columns ? made : { ...made, columns };
}

/** A copy of an expression with other children, plans of subqueries included; itself where nothing changed. */
export function mapExpression(expression: BoundExpression, to: ChildMapper): BoundExpression {
  const copy = EXPRESSIONS[expression.kind] as (at: BoundExpression, to: ChildMapper) => BoundExpression;
  return copy(expression, to);
}

/** A copy of an expression with its direct operands replaced; the same object where nothing changed. */
export function mapChildren(
  expression: BoundExpression,
  map: (child: BoundExpression) => BoundExpression,
): BoundExpression {
  return mapExpression(expression, { plan: same, expression: map, id: same });
}

/** The plans directly below a node; not those of subqueries in its expressions. */
export function inputsOf(plan: Plan): readonly Plan[] {
  const inputs: Plan[] = [];
  mapNode(plan, { plan: (input) => (inputs.push(input), input), expression: same, id: same });
  return inputs;
}

/** The expressions that stand directly in a node. */
export function expressionsOf(plan: Plan): readonly BoundExpression[] {
  const expressions: BoundExpression[] = [];
  mapNode(plan, { plan: same, expression: (at) => (expressions.push(at), at), id: same });
  return expressions;
}

/** Visits an expression and all below it, without the plans of subqueries. */
export function walkExpression(expression: BoundExpression, visit: (expression: BoundExpression) => void): void {
  visit(expression);
  mapChildren(expression, (child) => {
    walkExpression(child, visit);
    return child;
  });
}

export interface PlanVisitor {
  readonly node?: (plan: Plan) => void;
  readonly expression?: (expression: BoundExpression) => void;
}

/** Visits every node and every expression of a plan, subqueries included, parents first. */
export function walkPlan(plan: Plan, visitor: PlanVisitor): void {
  visitor.node?.(plan);
  const to: ChildMapper = {
    plan: (input) => {
      walkPlan(input, visitor);
      return input;
    },
    expression: (at) => {
      visitor.expression?.(at);
      return mapExpression(at, to);
    },
    id: same,
  };
  mapNode(plan, to);
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
