import { BOOLEAN } from "../../sql/ast/dataType";
import {
  columnRef,
  walkExpression,
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
function same(a: BoundExpression, b: BoundExpression): BoundCall {
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

function and(terms: readonly BoundExpression[]): BoundExpression {
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

/** Whether an expression refers to nothing but these columns, and to one of them at least; subqueries may do more. */
export function refersOnlyTo(expression: BoundExpression, ids: ReadonlySet<string>): boolean {
  const own = new Set<string>();
  const used: string[] = [];
  let subquery = false;
  walkExpression(expression, (at) => {
    if (at.kind === "let") for (const column of at.columns) own.add(column.id);
    else if (at.kind === "lambda") for (const parameter of at.parameters) own.add(parameter.id);
    else if (at.kind === "column") used.push(at.id);
    else if ("plan" in at) subquery = true;
  });
  const outside = used.filter((id) => !own.has(id));
  return !subquery && outside.length > 0 && outside.every((id) => ids.has(id));
}

export function idsOf(plan: Plan): ReadonlySet<string> {
  return new Set(plan.columns.map((column) => column.id));
}
