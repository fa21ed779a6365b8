import { compilationError, unsupported } from "../../errors";
import { termsOf } from "../../sql/ast/conjunction";
import type { Expression } from "../../sql/ast/expression";
import type { JoinSource } from "../../sql/ast/query";
import type { BoundExpression } from "../boundExpression";
import { comparison, logical } from "../operators";
import type { JoinType, Plan } from "../plan";
import { walkExpression, walkPlan } from "../planWalk";
import type { BindContext } from "./context";
import { ExpressionBinder, type QueryBinding } from "./expression";
import type { MergedColumn, Scope } from "./scope";
import type { BoundSource } from "./source";
import { commonNames, idsOf, mergedColumn, nullableScope, usingColumn } from "./using";

const JOIN_TYPES: Record<JoinSource["type"], JoinType> = {
  INNER: "INNER",
  LEFT: "LEFT",
  RIGHT: "RIGHT",
  FULL: "FULL",
  CROSS: "CROSS",
  ASOF: "ASOF LEFT",
};

/** A join of two sources. Source: "JOIN", "ASOF JOIN". */
export function bindJoin(
  context: BindContext,
  source: JoinSource,
  left: BoundSource,
  right: BoundSource,
  bindQuery: QueryBinding,
  outer: Scope,
): BoundSource {
  checkAliases(left.scope, right.scope);
  const { session } = context.environment;
  let type = JOIN_TYPES[source.type];
  const lateral = refersTo(right.plan, left.plan);
  if (lateral) checkLateral(source, type, right.plan);
  const scope = mergeScopes(left.scope, right.scope);
  const conditions: BoundExpression[] = [];
  const merged: MergedColumn[] = [];
  const names = source.natural ? commonNames(left.scope, right.scope) : (source.using ?? []).map((name) => name.name);
  for (const name of names) {
    const a = usingColumn(left.scope, name);
    const b = usingColumn(right.scope, name);
    conditions.push(comparison("=", a, b, session));
    merged.push({
      name,
      expression: mergedColumn(context, type, a, b),
      hides: new Set([...idsOf(left.scope, name, a), ...idsOf(right.scope, name, b)]),
    });
  }
  const binder = new ExpressionBinder(
    context,
    { scope: { ...scope, parent: outer, ctes: outer.ctes }, clause: "ON" },
    bindQuery,
  );
  if (source.on) conditions.push(binder.condition(source.on));
  if (source.matchCondition) {
    checkAsOf(source.matchCondition, source.on, binder, left.plan, right.plan);
    conditions.push(binder.condition(source.matchCondition));
  }
  if (conditions.length === 0 && type === "INNER") type = "CROSS";
  const condition = conditions.length > 0 ? logical("AND", conditions, session) : undefined;
  const nullableLeft = type === "RIGHT" || type === "FULL";
  const nullableRight = type === "LEFT" || type === "FULL" || type === "ASOF LEFT";
  const columns = [
    ...left.plan.columns.map((column) => (nullableLeft ? { ...column, nullable: true } : column)),
    ...right.plan.columns.map((column) => (nullableRight ? { ...column, nullable: true } : column)),
  ];
  return {
    plan: {
      kind: "join",
      type,
      lateral,
      left: left.plan,
      right: right.plan,
      ...(condition ? { condition } : {}),
      columns,
    },
    scope: {
      ...nullableScope(left.scope, right.scope, columns),
      merged: [
        ...merged,
        ...left.scope.merged.filter((m) => !names.includes(m.name)),
        ...right.scope.merged.filter((m) => !names.includes(m.name)),
      ],
      parent: outer,
      ctes: outer.ctes,
    },
  };
}

/** @throws SnowflakeError for what a side that depends on the other may not do. Source: "JOIN", "ASOF JOIN", usage notes */
function checkLateral(source: JoinSource, type: JoinType, right: Plan): void {
  if (type === "ASOF LEFT") throw unsupported("ASOF JOIN with LATERAL");
  const joined = source.natural || source.on !== undefined || source.using !== undefined;
  if (right.kind === "tableFunction" && (joined || (type !== "INNER" && type !== "CROSS"))) {
    throw unsupported("lateral table function called with OUTER JOIN syntax or a join predicate (ON clause)");
  }
  if (type === "RIGHT" || type === "FULL") throw unsupported(`${type} JOIN LATERAL`);
}

const ORDERINGS: ReadonlySet<string> = new Set([">=", "<=", ">", "<"]);

/** @throws SnowflakeError for conditions that ASOF JOIN does not take. Source: "ASOF JOIN", parameters */
function checkAsOf(
  match: Expression,
  on: Expression | undefined,
  binder: ExpressionBinder,
  left: Plan,
  right: Plan,
): void {
  const sides = (expression: Expression): ReadonlySet<"left" | "right"> => {
    const found = new Set<"left" | "right">();
    const ids = [left, right].map((plan) => new Set(plan.columns.map(({ id }) => id)));
    walkExpression(binder.bind(expression), (at) => {
      if (at.kind !== "column") return;
      if (ids[0]!.has(at.id)) found.add("left");
      if (ids[1]!.has(at.id)) found.add("right");
    });
    return found;
  };
  const only = (expression: Expression, side: "left" | "right"): boolean => {
    const found = sides(expression);
    return found.size === 1 && found.has(side);
  };
  const ordered = match.kind === "binary" && ORDERINGS.has(match.operator);
  if (!ordered || !only(match.left, "left") || !only(match.right, "right")) {
    throw compilationError(
      "MATCH_CONDITION compares a column of the left table with one of the right table by >=, <=, > or <.",
      "002039",
    );
  }
  for (const term of on ? termsOf(on) : []) {
    const equal = term.kind === "binary" && term.operator === "=";
    const apart =
      equal &&
      ((only(term.left, "left") && only(term.right, "right")) ||
        (only(term.left, "right") && only(term.right, "left")));
    if (!apart) {
      throw compilationError(
        "The ON clause of ASOF JOIN takes equalities between the two tables, joined by AND.",
        "002039",
      );
    }
  }
}

export function mergeScopes(left: Scope, right: Scope): Scope {
  return { ...left, sources: [...left.sources, ...right.sources], merged: [...left.merged, ...right.merged] };
}

/** @throws SnowflakeError for an alias that both have */
export function checkAliases(left: Scope, right: Scope): void {
  for (const source of right.sources) {
    if (source.alias !== undefined && left.sources.some((other) => other.alias === source.alias)) {
      throw compilationError(`duplicate alias '${source.alias}'`, "002012");
    }
  }
}

/** Whether a plan uses columns of another: then it must be joined as a lateral one. */
export function refersTo(plan: Plan, other: Plan): boolean {
  const ids = new Set(other.columns.map((column) => column.id));
  let found = false;
  walkPlan(plan, {
    expression: (expression) => {
      if (expression.kind === "column" && ids.has(expression.id)) found = true;
    },
  });
  return found;
}
