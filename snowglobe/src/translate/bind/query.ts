import { compilationError, type SnowflakeError } from "../../errors";
import { type DataType, VARCHAR } from "../../sql/ast/dataType";
import type { CommonTableExpression, OrderItem, Query, QueryBody, SetOperation } from "../../sql/ast/query";
import { castTo } from "../cast";
import { columnRef, nullLiteral } from "../construct";
import type { CteDefinition, JoinType, Plan, PlanColumn } from "../plan";
import { requireFewArms, requireFewDefinitions } from "../limits";
import { inlineDefinitions } from "../planRewrite";
import { inputsOf } from "../planWalk";
import { columnType, commonType } from "../types/supertype";
import type { BindContext } from "./context";
import type { CteBinding } from "./cte";
import { ExpressionBinder, sortKeysOf } from "./expression";
import { distinctRows, instantSetOperation, isInstantKey } from "./instantKeys";
import type { CteFrame, Scope } from "./scope";
import { EMPTY_SCOPE } from "./scope";
import { bindSelect, rowCount } from "./select";
import { bindValues } from "./values";

/** Binds a query expression: WITH, set operations, ORDER BY, LIMIT. Source: "WITH", "Set operators", "LIMIT / FETCH". */
export function bindQueryPlan(context: BindContext, query: Query, outer: Scope): Plan {
  requireFewDefinitions(query.ctes.length);
  const definitions: CteBinding[] = [];
  let scope = outer;
  for (const cte of query.ctes) {
    const binding = bindCte(context, cte, scope);
    definitions.push(binding);
    const frame: CteFrame = { byName: new Map([[cte.name.name, binding]]), parent: scope.ctes };
    scope = { ...scope, ctes: frame };
  }
  let plan = bindBody(context, query.body, scope, query.orderBy);
  if (query.limit || query.offset) {
    const binder = new ExpressionBinder(context, { scope: EMPTY_SCOPE, clause: "LIMIT" }, bindQueryPlan);
    plan = {
      kind: "limit",
      input: plan,
      ...(query.limit ? { limit: rowCount(binder.bind(query.limit), "LIMIT") } : {}),
      ...(query.offset ? { offset: rowCount(binder.bind(query.offset), "OFFSET") } : {}),
      columns: plan.columns,
    };
  }
  return definitions.length === 0 ? plan : withDefinitions(plan, definitions);
}

/** Definitions that are read once, or never, leave no trace; the others stand in a WITH. */
function withDefinitions(input: Plan, bindings: readonly CteBinding[]): Plan {
  let plan = input;
  const kept: CteDefinition[] = [];
  for (let i = bindings.length - 1; i >= 0; i--) {
    const { definition, references } = bindings[i]!;
    if (!definition || references === 0) continue;
    if (references === 1 && !definition.recursive) {
      plan = inlineDefinitions(plan, [definition]);
      for (const [at, other] of kept.entries())
        kept[at] = { ...other, plan: inlineDefinitions(other.plan, [definition]) };
    } else {
      kept.unshift(definition);
    }
  }
  return kept.length === 0 ? plan : { kind: "with", definitions: kept, input: plan, columns: plan.columns };
}

function bindCte(context: BindContext, cte: CommonTableExpression, scope: Scope): CteBinding {
  const { query } = cte;
  const id = `cte${context.state.newNumber()}`;
  const name = cte.name.name;
  const { body } = query;
  if (query.ctes.length === 0 && body.kind === "setOperation" && body.operator === "UNION") {
    // The right arm may refer to the name itself: then the definition is recursive, and the left arm its start.
    const left = bindBody(context, body.left, scope, []);
    const columns = left.columns.map((column): PlanColumn => ({
      ...column,
      id: context.state.newId(),
      type: widest(column.type),
      nullable: true,
    }));
    const self: CteBinding = { id, name, columns: renamed(columns, cte), references: 0 };
    const inner: Scope = { ...scope, ctes: { byName: new Map([[name, self]]), parent: scope.ctes } };
    const right = bindBody(context, body.right, inner, []);
    if (self.references > 0) {
      if (query.orderBy.length > 0) throw notRecursive("ORDER BY", name);
      if (query.limit || query.offset) throw notRecursive("LIMIT", name);
      checkRecursion(name, id, body.all, right);
      checkWidths(left, right);
      const session = context.environment.session;
      const expressions = right.columns.map((column, i) => castTo(columnRef(column), columns[i]!.type, session));
      const arm = project(context, right, expressions, columns);
      const plan: Plan = { kind: "setOperation", operator: "UNION", all: body.all, left, right: arm, columns };
      return { ...self, references: 0, definition: { id, name, recursive: true, plan } };
    }
    const simple = query.orderBy.length === 0 && !query.limit && !query.offset;
    if (simple) return definitionOf(cte, id, setOperation(context, body, left, right));
  }
  return definitionOf(cte, id, bindQueryPlan(context, query, scope));
}

/** What the recursive clause may not do with its own name. Source: "WITH", section "Recursive clause". */
function checkRecursion(name: string, id: string, all: boolean, arm: Plan): void {
  if (!all) throw notRecursive("UNION without ALL", name);
  const refersToItself = (plan: Plan): boolean => {
    if (plan.kind === "cteReference") return plan.cte === id;
    // No short cut: each path down to the name is looked at.
    const found = inputsOf(plan).map(refersToItself);
    if (!found.includes(true)) return false;
    const word = plan.kind === "join" ? joinWord(plan.type, found) : NOT_RECURSIVE[plan.kind];
    if (word !== undefined) throw notRecursive(word, name);
    return true;
  };
  refersToItself(arm);
}

/** An outer join must keep the rows of the side that refers to the name, or it would make rows forever. */
function joinWord(type: JoinType, [left, right]: readonly boolean[]): string | undefined {
  if (type === "ASOF" || type === "ASOF LEFT") return "An ASOF join";
  const kept = type === "LEFT" ? !right : type === "RIGHT" ? !left : type !== "FULL";
  return kept ? undefined : "An outer join that does not keep all of its rows";
}

function notRecursive(what: string, name: string): SnowflakeError {
  return compilationError(`${what} is not allowed in a recursive common table expression [${name}].`, "002078");
}

const NOT_RECURSIVE: Partial<Record<Plan["kind"], string>> = {
  aggregate: "An aggregate function or GROUP BY",
  window: "A window function",
  distinct: "DISTINCT",
  sort: "ORDER BY",
  limit: "LIMIT",
};

/** A counter that starts at 1 must not stop at 9: the recursion's columns are as wide as their kind allows. */
function widest(type: DataType): DataType {
  if (type.kind === "NUMBER") return { kind: "NUMBER", precision: 38, scale: type.scale };
  return type.kind === "VARCHAR" || type.kind === "NULL" ? VARCHAR : type;
}

function definitionOf(cte: CommonTableExpression, id: string, plan: Plan): CteBinding {
  const name = cte.name.name;
  return {
    id,
    name,
    columns: renamed(plan.columns, cte),
    definition: { id, name, recursive: false, plan },
    references: 0,
  };
}

function renamed(columns: readonly PlanColumn[], cte: CommonTableExpression): readonly PlanColumn[] {
  if (cte.columns.length === 0) return columns;
  if (cte.columns.length !== columns.length) {
    throw compilationError(
      `Common table expression '${cte.name.name}' declared ${cte.columns.length} column(s), but its query produces ${columns.length} column(s)`,
      "002057",
    );
  }
  return columns.map((column, i) => ({ ...column, name: cte.columns[i]!.name }));
}

function bindBody(context: BindContext, body: QueryBody, scope: Scope, orderBy: readonly OrderItem[]): Plan {
  switch (body.kind) {
    case "select":
      return bindSelect(context, body, scope, { orderBy }, bindQueryPlan);
    case "query":
      return ordered(context, bindQueryPlan(context, body, scope), orderBy);
    case "values": {
      const binder = new ExpressionBinder(context, { scope, clause: "VALUES" }, bindQueryPlan);
      return ordered(context, bindValues(context, body.rows, binder), orderBy);
    }
    case "setOperation":
      return ordered(context, bindSetOperations(context, body, scope), orderBy);
  }
}

/** Arms of UNION ALL from which on the plan is a balanced tree. */
const LONG_UNION = 64;

/** Left-deep chains of set operations in a loop: generated SQL has thousands of arms. */
function bindSetOperations(context: BindContext, body: SetOperation, scope: Scope): Plan {
  const spine: SetOperation[] = [];
  let left: QueryBody = body;
  while (left.kind === "setOperation") {
    spine.push(left);
    left = left.left;
  }
  requireFewArms(spine.length);
  spine.reverse();
  const first = bindBody(context, left, scope, []);
  const arms = spine.map((node) => bindBody(context, node.right, scope, []));
  if (arms.length >= LONG_UNION && spine.every((node) => node.operator === "UNION" && node.all && !node.byName)) {
    return longUnion(context, body, [first, ...arms]);
  }
  return arms.reduce((plan, arm, i) => setOperation(context, spine[i]!, plan, arm), first);
}

/** UNION ALL of many arms: half of them and the other half, so that nothing that looks at a plan nests too deeply. */
function longUnion(context: BindContext, node: SetOperation, arms: readonly Plan[]): Plan {
  if (arms.length === 1) return arms[0]!;
  const middle = Math.ceil(arms.length / 2);
  const [left, right] = [arms.slice(0, middle), arms.slice(middle)].map((half) => longUnion(context, node, half));
  return setOperation(context, node, left!, right!);
}

function checkWidths(left: Plan, right: Plan): void {
  if (left.columns.length !== right.columns.length) {
    throw compilationError(
      `invalid number of result columns for set operator input branches, expected ${left.columns.length}, got ${right.columns.length} in branch {2}`,
      "001789",
    );
  }
}

function setOperation(context: BindContext, node: SetOperation, left: Plan, right: Plan): Plan {
  if (node.byName) [left, right] = byName(context, left, right);
  checkWidths(left, right);
  const columns = left.columns.map((column, i): PlanColumn => {
    const other = right.columns[i]!;
    const type = commonType(typeIn(column), typeIn(other));
    if (!type) {
      throw compilationError(
        `inconsistent data type for result columns for set operator input branches, expected ${column.type.kind}, got ${other.type.kind} for expression [${other.name}] branch {2}`,
        "001790",
      );
    }
    return {
      id: context.state.newId(),
      name: column.name,
      type: columnType(type),
      nullable: column.nullable || other.nullable,
      ...(type.kind === "NULL" && { untyped: true as const }),
    };
  });
  const arm = (plan: Plan): Plan => {
    const session = context.environment.session;
    const expressions = plan.columns.map((column, i) =>
      column.untyped && columns[i]!.type.kind !== "VARCHAR"
        ? nullLiteral(columns[i]!.type)
        : castTo(columnRef(column), columns[i]!.type, session),
    );
    const same = expressions.every(
      (expression, i) => expression.kind === "column" && expression.id === plan.columns[i]!.id,
    );
    return same ? plan : project(context, plan, expressions, columns);
  };
  const { operator, all } = node;
  if (all || !columns.some(isInstantKey)) {
    return { kind: "setOperation", operator, all, left: arm(left), right: arm(right), columns };
  }
  if (operator !== "UNION") {
    return instantSetOperation(context, operator, arm(left), arm(right), columns, context.environment.session);
  }
  const rows = columns.map((column): PlanColumn => ({ ...column, id: context.state.newId() }));
  const every: Plan = { kind: "setOperation", operator, all: true, left: arm(left), right: arm(right), columns: rows };
  return distinctRows(context, every, columns);
}

/** A column's type among the arms of a set operation. */
function typeIn(column: PlanColumn): DataType {
  return column.untyped ? { kind: "NULL" } : column.type;
}

function project(
  context: BindContext,
  input: Plan,
  expressions: Extract<Plan, { kind: "project" }>["expressions"],
  like: readonly PlanColumn[],
): Plan {
  return {
    kind: "project",
    input,
    expressions,
    columns: like.map((column) => ({ ...column, id: context.state.newId() })),
  };
}

/** UNION BY NAME: columns are matched by name; one that a side lacks is NULL there. */
function byName(context: BindContext, left: Plan, right: Plan): [Plan, Plan] {
  const names = [...new Set([...left.columns, ...right.columns].map((column) => column.name))];
  const arrange = (plan: Plan): Plan => {
    const expressions = names.map((name) => {
      const column = plan.columns.find((candidate) => candidate.name === name);
      return column ? columnRef(column) : nullLiteral();
    });
    const columns = names.map((name, i): PlanColumn => ({
      id: context.state.newId(),
      name,
      type: expressions[i]!.type,
      nullable: expressions[i]!.nullable,
    }));
    return { kind: "project", input: plan, expressions, columns };
  };
  return [arrange(left), arrange(right)];
}

/** ORDER BY of a whole query, by output column, position or an expression over output columns. */
function ordered(context: BindContext, plan: Plan, orderBy: readonly OrderItem[]): Plan {
  if (orderBy.length === 0) return plan;
  const scope: Scope = { sources: [{ columns: plan.columns }], merged: [] };
  const { session } = context.environment;
  const binder = new ExpressionBinder(context, { scope, clause: "ORDER BY" }, bindQueryPlan);
  const keys = orderBy.flatMap((item) => {
    if (item.all) return plan.columns.flatMap((column) => sortKeysOf(columnRef(column), item, session));
    if (item.expression.kind === "number" && /^\d+$/.test(item.expression.text)) {
      const column = plan.columns[Number(item.expression.text) - 1];
      if (!column) throw compilationError(`Order by position ${item.expression.text} is out of range`, "002037");
      return sortKeysOf(columnRef(column), item, session);
    }
    return sortKeysOf(binder.bind(item.expression), item, session);
  });
  return { kind: "sort", input: plan, keys, columns: plan.columns };
}
