import { compilationError, unsupported } from "../../errors";
import { type DataType, VARCHAR } from "../../sql/ast/dataType";
import { conjunction, termsOf } from "../../sql/ast/conjunction";
import type { Expression } from "../../sql/ast/expression";
import type { OrderItem, Select } from "../../sql/ast/query";
import { visitOwnNodes } from "../../sql/ast/walk";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call, columnRef, nullLiteral } from "../construct";
import { concatenation, logical } from "../operators";
import type { CteDefinition, Plan, PlanColumn } from "../plan";
import { rewriteExpression } from "../planRewrite";
import { walkExpression } from "../planWalk";
import { expressionKey } from "./block";
import type { BindContext } from "./context";
import { ExpressionBinder, type QueryBinding } from "./expression";
import type { Scope } from "./scope";
import type { BoundSource } from "./source";

const LEVEL: DataType = { kind: "NUMBER", precision: 38, scale: 0 };

/** What CONNECT BY makes of a FROM clause. */
export interface Hierarchy extends BoundSource {
  /** What PRIOR, CONNECT_BY_ROOT and SYS_CONNECT_BY_PATH of the other clauses stand for. */
  readonly values: (expression: Expression) => BoundExpression | undefined;
  /** What is left of WHERE: it filters when the hierarchy is there. */
  readonly where?: Expression;
}

/** An expression over the hierarchy, which each level computes from the one above. */
interface HierarchyValue {
  readonly kind: "prior" | "root" | "path";
  readonly operand: Expression;
  /** Of SYS_CONNECT_BY_PATH. */
  readonly separator?: Expression;
}

/**
 * CONNECT BY as a recursive common table expression over the joined sources: START WITH chooses the first level, each
 * further one is joined to the level above. Source: "CONNECT BY".
 */
export function bindHierarchy(
  context: BindContext,
  select: Select,
  orderBy: readonly OrderItem[],
  from: BoundSource,
  bindQuery: QueryBinding,
): Hierarchy {
  return new HierarchyBinder(context, from, bindQuery).bind(select, orderBy);
}

class HierarchyBinder {
  private readonly session;

  constructor(
    private readonly context: BindContext,
    private readonly from: BoundSource,
    private readonly bindQuery: QueryBinding,
  ) {
    this.session = context.environment.session;
  }

  bind(select: Select, orderBy: readonly OrderItem[]): Hierarchy {
    const { startWith, condition } = select.connectBy!;
    if (valuesIn(condition).size === 0) throw unsupported("CONNECT BY without PRIOR");
    const { joined, where } = this.joined(select.where);
    const { items, groupBy, having, qualify } = select;
    const wanted = valuesIn([items, where, groupBy, having, qualify, orderBy]);

    const source: CteDefinition = { id: this.newCte(), name: "", recursive: false, plan: joined };
    const top = this.reference(source);
    const first = this.binder(top.scope, "START WITH");
    const values = this.distinctValues(wanted, first);
    const columns: PlanColumn[] = [
      ...joined.columns.map((column) => ({ ...column, id: this.context.state.newId() })),
      { id: this.context.state.newId(), name: "LEVEL", type: LEVEL, nullable: false },
      ...values.list.map(({ type }) => ({ id: this.context.state.newId(), name: "", type, nullable: true })),
    ];
    const width = joined.columns.length;
    const id = this.newCte();
    const self = { id, plan: { columns } };

    const one: BoundExpression = call("LEVEL", "1", [], LEVEL, false);
    const roots: Plan = {
      kind: "project",
      input: startWith
        ? {
            kind: "filter",
            input: top.plan,
            condition: first.condition(startWith),
            clause: "WHERE",
            columns: top.plan.columns,
          }
        : top.plan,
      expressions: [
        ...top.plan.columns.map((column) => columnRef(column)),
        one,
        ...values.list.map(({ anchor }) => anchor),
      ],
      columns: this.renewed(columns),
    };

    const above = this.reference(self);
    const below = this.reference(source);
    const [aboveLevel, ...aboveValues] = above.plan.columns.slice(width).map((column) => columnRef(column));
    const level = call("LEVEL", "($0 + 1)", [aboveLevel!], LEVEL, false);
    const prior = this.binder(withLevel(above.scope, aboveLevel!), "CONNECT BY");
    const current = this.binder(withLevel(below.scope, level), "CONNECT BY").at({
      hierarchy: (expression) => (isPrior(expression) ? prior.bind(expression.operand) : undefined),
    });
    const next: Plan = {
      kind: "project",
      input: {
        kind: "join",
        type: "INNER",
        lateral: false,
        left: above.plan,
        right: below.plan,
        condition: current.condition(condition),
        columns: [...above.plan.columns, ...below.plan.columns],
      },
      expressions: [
        ...below.plan.columns.map((column) => columnRef(column)),
        level,
        ...values.list.map(({ value, type }, index) =>
          castTo(this.nextValue(value, aboveValues[index]!, prior, current), type, this.session),
        ),
      ],
      columns: this.renewed(columns),
    };

    const recursion: CteDefinition = {
      id,
      name: "",
      recursive: true,
      plan: { kind: "setOperation", operator: "UNION", all: true, left: roots, right: next, columns },
    };
    const whole = this.reference(recursion);
    const [resultLevel, ...resultValues] = whole.plan.columns.slice(width).map((column) => columnRef(column));
    return {
      plan: { kind: "with", definitions: [source, recursion], input: whole.plan, columns: whole.plan.columns },
      scope: withLevel(whole.scope, resultLevel!),
      values: (expression) => {
        const index = values.indexes.get(expression);
        return index === undefined ? undefined : resultValues[index];
      },
      ...(where && { where }),
    };
  }

  /** Terms of WHERE that join sources act before the hierarchy is made, all others after it. */
  private joined(where: Expression | undefined): { readonly joined: Plan; readonly where?: Expression } {
    const { plan, scope } = this.from;
    if (!where) return { joined: plan };
    const sourceOf = new Map(scope.sources.flatMap(({ columns }, at) => columns.map(({ id }) => [id, at] as const)));
    const joins: BoundExpression[] = [];
    const rest: Expression[] = [];
    for (const term of termsOf(where)) {
      // LEVEL and its like are not there yet: such a term is no join.
      const bound = readsHierarchy(term) ? undefined : this.binder(scope, "WHERE").condition(term);
      const sources = new Set<number>();
      if (bound) {
        walkExpression(bound, (at) => {
          const source = at.kind === "column" ? sourceOf.get(at.id) : undefined;
          if (source !== undefined) sources.add(source);
        });
      }
      if (bound && sources.size > 1) joins.push(bound);
      else rest.push(term);
    }
    const joined: Plan =
      joins.length === 0
        ? plan
        : {
            kind: "filter",
            input: plan,
            condition: logical("AND", joins, this.session),
            clause: "WHERE",
            columns: plan.columns,
          };
    if (rest.length === 0) return { joined };
    return { joined, where: conjunction(rest) };
  }

  /** A reading of a definition whose first columns are those of FROM, with names for them. */
  private reference(definition: {
    readonly id: string;
    readonly plan: { readonly columns: readonly PlanColumn[] };
  }): BoundSource {
    const columns = this.renewed(definition.plan.columns);
    const ids = new Map(this.from.plan.columns.map((column, index) => [column.id, columns[index]!.id]));
    const source = definition.plan.columns.map((column) => column.id);
    return {
      plan: { kind: "cteReference", cte: definition.id, source, columns },
      scope: renamedScope(this.from.scope, (id) => ids.get(id) ?? id),
    };
  }

  private distinctValues(wanted: ReadonlyMap<Expression, HierarchyValue>, first: ExpressionBinder) {
    const list: { value: HierarchyValue; key: string; type: DataType; anchor: BoundExpression }[] = [];
    const indexes = new Map<Expression, number>();
    for (const [expression, value] of wanted) {
      const operand = first.bind(value.operand);
      const path = value.kind === "path";
      const type = path ? VARCHAR : operand.type.kind === "NULL" ? VARCHAR : operand.type;
      const at = path ? this.path(value, undefined, first) : value.kind === "prior" ? nullLiteral(type) : operand;
      const anchor = castTo(at, type, this.session);
      const key = `${value.kind} ${expressionKey(operand)} ${expressionKey(anchor)}`;
      let index = list.findIndex((known) => known.key === key);
      if (index < 0) index = list.push({ value, key, type, anchor }) - 1;
      indexes.set(expression, index);
    }
    return { list, indexes };
  }

  private nextValue(
    value: HierarchyValue,
    above: BoundExpression,
    prior: ExpressionBinder,
    current: ExpressionBinder,
  ): BoundExpression {
    switch (value.kind) {
      case "prior":
        return prior.bind(value.operand);
      case "root":
        return above;
      case "path":
        return this.path(value, above, current);
    }
  }

  private path(value: HierarchyValue, above: BoundExpression | undefined, at: ExpressionBinder): BoundExpression {
    const parts = [value.separator!, value.operand].map((part) => castTo(at.bind(part), VARCHAR, this.session));
    return concatenation([...(above ? [above] : []), ...parts], this.session);
  }

  private binder(scope: Scope, clause: string): ExpressionBinder {
    const { parent, ctes } = this.from.scope;
    const place = { ...scope, ...(parent && { parent }), ...(ctes && { ctes }) };
    return new ExpressionBinder(this.context, { scope: place, clause }, this.bindQuery);
  }

  private renewed(columns: readonly PlanColumn[]): PlanColumn[] {
    return columns.map((column) => ({ ...column, id: this.context.state.newId() }));
  }

  private newCte(): string {
    return `cte${this.context.state.newNumber()}`;
  }
}

function renamedScope(scope: Scope, id: (id: string) => string): Scope {
  return {
    ...scope,
    sources: scope.sources.map((source) => ({
      ...source,
      columns: source.columns.map((column) => ({ ...column, id: id(column.id) })),
    })),
    merged: scope.merged.map((column) => ({
      ...column,
      expression: rewriteExpression(column.expression, { id }),
      hides: new Set([...column.hides].map(id)),
    })),
  };
}

/** The pseudo-column LEVEL beside the columns of the first source. */
function withLevel(scope: Scope, level: BoundExpression): Scope {
  const [first, ...others] = scope.sources;
  const metadata = new Map([...(first?.metadata ?? []), ["LEVEL", () => level]]);
  return { ...scope, sources: [{ columns: [], ...first, metadata }, ...others] };
}

type PriorExpression = Extract<Expression, { kind: "unary" }>;

function isPrior(expression: Expression): expression is PriorExpression {
  return expression.kind === "unary" && expression.operator === "PRIOR";
}

/** The expressions over the hierarchy below a node, outside of subqueries. */
function valuesIn(root: unknown): ReadonlyMap<Expression, HierarchyValue> {
  const found = new Map<Expression, HierarchyValue>();
  visitOwnNodes(root, (node) => {
    const expression = node as Expression;
    const value = valueOf(expression);
    if (value) found.set(expression, value);
  });
  return found;
}

function valueOf(expression: Expression): HierarchyValue | undefined {
  if (expression.kind === "unary") {
    const { operator, operand } = expression;
    if (operator === "PRIOR") return { kind: "prior", operand };
    return operator === "CONNECT_BY_ROOT" ? { kind: "root", operand } : undefined;
  }
  if (expression.kind !== "call" || expression.name.length !== 1) return undefined;
  if (expression.name[0]!.name !== "SYS_CONNECT_BY_PATH") return undefined;
  const [operand, separator] = expression.args;
  if (!operand || !separator || expression.args.length > 2) {
    throw compilationError("SYS_CONNECT_BY_PATH takes an expression and a separator.", "000938", "22023");
  }
  return { kind: "path", operand, separator };
}

function readsHierarchy(term: Expression): boolean {
  let found = valuesIn(term).size > 0;
  visitOwnNodes(term, (node) => {
    const expression = node as Expression;
    if (expression.kind === "column" && expression.parts.at(-1)!.name === "LEVEL") found = true;
  });
  return found;
}
