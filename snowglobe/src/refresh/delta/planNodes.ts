import { BOOLEAN } from "../../sql/ast/dataType";
import {
  columnRef,
  type BoundCall,
  type BoundExpression,
  type JoinNode,
  type Plan,
  type PlanColumn,
  type ProjectNode,
  type SqlNode,
} from "../../translate";

/** A stored result, or any other FROM item, whose columns are named by their ids. */
export function relation(from: string, columns: readonly PlanColumn[]): SqlNode {
  return { kind: "sql", name: "", sql: from, columns, physical: columns.map((column) => column.id) };
}

export function project(
  input: Plan,
  columns: readonly PlanColumn[],
  expressions: readonly BoundExpression[] = columns.map((column) => columnRef(column)),
): ProjectNode {
  return { kind: "project", input, columns, expressions };
}

/** `a IS NOT DISTINCT FROM b`: NULL equals NULL here, as it does among the keys of GROUP BY. */
export function same(a: BoundExpression, b: BoundExpression): BoundCall {
  return {
    kind: "call",
    name: "IS NOT DISTINCT FROM",
    args: [a, b],
    template: ["(", 0, " IS NOT DISTINCT FROM ", 1, ")"],
    type: BOOLEAN,
    nullable: false,
    volatility: "deterministic",
  };
}

export function and(terms: readonly BoundExpression[]): BoundExpression {
  if (terms.length === 1) return terms[0]!;
  return {
    kind: "call",
    name: "AND",
    args: terms,
    template: ["(", ...terms.flatMap((_, i) => (i === 0 ? [i] : [" AND ", i])), ")"],
    type: BOOLEAN,
    nullable: false,
    volatility: "deterministic",
  };
}

/** Keys that rows are restricted to: a relation whose columns stand for one expression each. */
export interface Keys {
  readonly plan: SqlNode;
}

/** The rows of `input` whose values of `on` are among the keys (SEMI), or are not (ANTI). */
export function byKeys(type: "SEMI" | "ANTI", input: Plan, on: readonly BoundExpression[], keys: Keys): JoinNode {
  const terms = on.map((expression, i) => same(expression, columnRef(keys.plan.columns[i]!)));
  return {
    kind: "join",
    type,
    lateral: false,
    left: input,
    right: keys.plan,
    condition: and(terms),
    columns: input.columns,
  };
}

/** Whether an expression refers to nothing but these columns, and to one of them at least. */
export function refersOnlyTo(expression: BoundExpression, ids: ReadonlySet<string>): boolean {
  let some = false;
  const visit = (at: BoundExpression): boolean => {
    switch (at.kind) {
      case "column":
        some = true;
        return ids.has(at.id);
      case "literal":
        return true;
      case "call":
        return at.args.every(visit);
      // Lambdas have columns of their own, subqueries whole plans.
      default:
        return false;
    }
  };
  return visit(expression) && some;
}

export function idsOf(plan: Plan): ReadonlySet<string> {
  return new Set(plan.columns.map((column) => column.id));
}
