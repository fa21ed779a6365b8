import type { BoundExpression } from "./boundExpression";
import type { CteDefinition, Plan, PlanColumn, SortKey } from "./plan";

export interface Rewriter {
  /** The new id of a column; absent: ids stay. */
  readonly id?: (id: string) => string;
  /** Replaces a node whose inputs have been rewritten already. */
  readonly node?: (plan: Plan) => Plan;
}

/** A rewritten copy of a plan, subqueries in its expressions included. */
export function rewritePlan(plan: Plan, rewriter: Rewriter): Plan {
  const id = rewriter.id ?? ((same: string): string => same);
  const columns = rewriter.id
    ? plan.columns.map((column): PlanColumn => ({ ...column, id: id(column.id) }))
    : plan.columns;
  const input = (child: Plan): Plan => rewritePlan(child, rewriter);
  const expression = (child: BoundExpression): BoundExpression => rewriteExpression(child, rewriter);
  const all = (children: readonly BoundExpression[]): readonly BoundExpression[] => children.map(expression);
  const keys = (children: readonly SortKey[]): readonly SortKey[] =>
    children.map((key) => ({ ...key, expression: expression(key.expression) }));
  const made = ((): Plan => {
    switch (plan.kind) {
      case "scan":
        return { ...plan, columns, ...(plan.rowId === undefined ? {} : { rowId: id(plan.rowId) }) };
      case "sql":
      case "cteReference":
        return { ...plan, columns };
      case "values":
        return { ...plan, columns, rows: plan.rows.map(all) };
      case "tableFunction":
        return { ...plan, columns, args: all(plan.args) };
      case "project":
        return { ...plan, columns, input: input(plan.input), expressions: all(plan.expressions) };
      case "filter":
        return { ...plan, columns, input: input(plan.input), condition: expression(plan.condition) };
      case "join":
        return {
          ...plan,
          columns,
          left: input(plan.left),
          right: input(plan.right),
          ...(plan.condition ? { condition: expression(plan.condition) } : {}),
        };
      case "aggregate":
        return {
          ...plan,
          columns,
          input: input(plan.input),
          groups: all(plan.groups),
          aggregates: plan.aggregates.map((a) => ({ ...a, args: all(a.args), orderBy: keys(a.orderBy) })),
        };
      case "window":
        return {
          ...plan,
          columns,
          input: input(plan.input),
          windows: plan.windows.map((w) => ({
            ...w,
            args: all(w.args),
            partitionBy: all(w.partitionBy),
            orderBy: keys(w.orderBy),
          })),
        };
      case "distinct":
      case "sample":
        return { ...plan, columns, input: input(plan.input) };
      case "sort":
        return { ...plan, columns, input: input(plan.input), keys: keys(plan.keys) };
      case "limit":
        return {
          ...plan,
          columns,
          input: input(plan.input),
          ...(plan.limit ? { limit: expression(plan.limit) } : {}),
          ...(plan.offset ? { offset: expression(plan.offset) } : {}),
        };
      case "setOperation":
        return { ...plan, columns, left: input(plan.left), right: input(plan.right) };
      case "with":
        return {
          ...plan,
          columns,
          definitions: plan.definitions.map((definition) => ({ ...definition, plan: input(definition.plan) })),
          input: input(plan.input),
        };
      case "unpivot":
        return {
          ...plan,
          columns,
          input: input(plan.input),
          kept: plan.kept.map((column) => ({ ...column, id: id(column.id) })),
          sources: plan.sources.map((source) => ({ ...source, id: id(source.id) })),
        };
    }
  })();
  return rewriter.node ? rewriter.node(made) : made;
}

export function rewriteExpression(expression: BoundExpression, rewriter: Rewriter): BoundExpression {
  switch (expression.kind) {
    case "column":
      return rewriter.id ? { ...expression, id: rewriter.id(expression.id) } : expression;
    case "literal":
      return expression;
    case "call":
      return { ...expression, args: expression.args.map((arg) => rewriteExpression(arg, rewriter)) };
    case "subquery":
    case "exists":
      return { ...expression, plan: rewritePlan(expression.plan, rewriter) };
    case "inQuery":
      return {
        ...expression,
        operands: expression.operands.map((operand) => rewriteExpression(operand, rewriter)),
        plan: rewritePlan(expression.plan, rewriter),
      };
    case "lambda":
      return {
        ...expression,
        parameters: expression.parameters.map((p) => (rewriter.id ? { ...p, id: rewriter.id(p.id) } : p)),
        body: rewriteExpression(expression.body, rewriter),
      };
  }
}

/** Puts definitions in the place of their references; `chosen` says which. */
export function inlineDefinitions(plan: Plan, definitions: readonly CteDefinition[]): Plan {
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  return rewritePlan(plan, {
    node: (node) => {
      const definition = node.kind === "cteReference" ? byId.get(node.cte) : undefined;
      if (!definition || node.kind !== "cteReference") return node;
      return {
        kind: "project",
        input: definition.plan,
        columns: node.columns,
        expressions: node.columns.map((column, i) => ({
          kind: "column",
          id: definition.plan.columns[i]!.id,
          name: column.name,
          type: definition.plan.columns[i]!.type,
          nullable: column.nullable,
        })),
      };
    },
  });
}

/**
 * The plan without WITH: every reference becomes its own copy of the definition, with ids of its own. Recursive
 * definitions stay.
 */
export function inlineCtes(plan: Plan): Plan {
  let copies = 0;
  const definitions = new Map<string, CteDefinition>();
  const inline = (at: Plan): Plan =>
    rewritePlan(at, {
      node: (node) => {
        if (node.kind === "cteReference") {
          const definition = definitions.get(node.cte);
          if (!definition) return node;
          copies += 1;
          const suffix = `_${copies}`;
          const copy = rewritePlan(definition.plan, { id: (id) => `${id}${suffix}` });
          return inlineDefinitions(node, [{ ...definition, plan: copy }]);
        }
        return node;
      },
    });
  const unfold = (at: Plan): Plan => {
    // Definitions must be known before the references below them are met: outermost WITH first.
    if (at.kind === "with") {
      const kept: CteDefinition[] = [];
      for (const definition of at.definitions) {
        const made = { ...definition, plan: inline(unfold(definition.plan)) };
        if (made.recursive) kept.push(made);
        else definitions.set(made.id, made);
      }
      const input = inline(unfold(at.input));
      return kept.length > 0 ? { ...at, definitions: kept, input } : input;
    }
    return "input" in at
      ? ({ ...at, input: unfold(at.input) } as Plan)
      : "left" in at
        ? ({ ...at, left: unfold(at.left), right: unfold(at.right) } as Plan)
        : at;
  };
  return unfold(plan);
}
