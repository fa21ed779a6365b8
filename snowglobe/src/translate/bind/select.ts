import { compilationError } from "../../errors";
import { VARCHAR } from "../../sql/ast/dataType";
import type { Expression } from "../../sql/ast/expression";
import type { GroupBy, GroupItem, OrderItem, Select, SelectItem } from "../../sql/ast/query";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { columnRef, constantValue, nullLiteral } from "../construct";
import type { Plan, PlanColumn, SortKey } from "../plan";
import { walkExpression } from "../planWalk";
import { columnType } from "../types/supertype";
import { expressionKey, overGroups, SelectBlock } from "./block";
import { type BindContext, textOf } from "./context";
import { ExpressionBinder, sortKeysOf, type QueryBinding } from "./expression";
import { bindFrom } from "./from";
import { bindHierarchy } from "./hierarchy";
import { distinctRows, instantOfGroup, isInstantKey, keyOf } from "./instantKeys";
import { withoutOuterMarks } from "./outerMarks";
import { RowSequences } from "./rowSequence";
import type { Scope } from "./scope";
import { expandStar } from "./star";
import { layersOf } from "./windowLayers";

/** The clauses of the query around a SELECT that act on its rows. */
export interface QueryTail {
  readonly orderBy: readonly OrderItem[];
}

/** Indexes of keys, one list for each grouping set. */
type GroupingSets = readonly (readonly number[])[];

interface Item {
  readonly name: string;
  /** Given by AS, or the name of a plain column: what other clauses may call it by. */
  readonly alias?: string;
  readonly syntax?: Expression;
  bound?: BoundExpression;
  binding?: boolean;
}

/** Binds one SELECT with the ORDER BY that follows it. Source: "SELECT", "GROUP BY", "QUALIFY", "ORDER BY". */
export function bindSelect(
  context: BindContext,
  syntax: Select,
  outer: Scope,
  tail: QueryTail,
  bindQuery: QueryBinding,
): Plan {
  const select = withoutOuterMarks(syntax);
  return new SelectBinder(context, select, outer, tail, bindQuery).bind();
}

class SelectBinder {
  private readonly block: SelectBlock;
  /** SEQ1 ... SEQ8 of all clauses but WHERE. */
  private readonly sequences: RowSequences;
  private readonly numberedIds = new Set<string>();
  private readonly items: Item[] = [];
  private readonly input: Plan;
  private readonly scope: Scope;
  private readonly where: Expression | undefined;
  private readonly binder: ExpressionBinder;

  constructor(
    private readonly context: BindContext,
    private readonly select: Select,
    outer: Scope,
    private readonly tail: QueryTail,
    bindQuery: QueryBinding,
  ) {
    if (select.into) throw compilationError("INTO clause is not allowed in this context", "001003", "42000");
    const from = bindFrom(context, select.from, outer, bindQuery);
    const hierarchy = select.connectBy && bindHierarchy(context, select, tail.orderBy, from, bindQuery);
    this.input = (hierarchy ?? from).plan;
    this.scope = (hierarchy ?? from).scope;
    this.where = hierarchy ? hierarchy.where : select.where;
    this.block = new SelectBlock(context.state);
    this.sequences = new RowSequences(context.state);
    const { scope, block, sequences } = this;
    this.binder = new ExpressionBinder(
      context,
      {
        scope,
        block,
        sequences,
        aliases: (name) => this.alias(name),
        ...(hierarchy && { hierarchy: hierarchy.values }),
        clause: "SELECT",
      },
      bindQuery,
    );
  }

  bind(): Plan {
    const { select, binder, tail, where } = this;
    for (const item of select.items) this.expand(item);
    if (this.items.length === 0) throw compilationError("SELECT with no columns", "001080", "42601");
    let plan = this.input;
    if (where) {
      const sequences = new RowSequences(this.context.state);
      const condition = binder.at({ block: undefined, sequences, clause: "WHERE" }).condition(where);
      // By way of an alias: WHERE comes before grouping and windows.
      if (this.usesBlock(condition)) {
        throw compilationError("Invalid aggregate or window function in where clause", "002035");
      }
      plan = {
        kind: "filter",
        input: this.numbered(sequences.over(plan), columnsIn([condition])),
        condition,
        clause: "WHERE",
        columns: plan.columns,
      };
    }
    const groups = this.groups(select.groupBy);
    for (const item of this.items) this.boundItem(item);
    const having = select.having && binder.at({ clause: "HAVING" }).condition(select.having);
    const qualify = select.qualify && binder.at({ clause: "QUALIFY" }).condition(select.qualify);
    if (select.qualify && this.block.windows.length === 0) {
      throw compilationError("The QUALIFY clause requires a window function in it or in the select list.", "002303");
    }
    const order = this.orderKeys(tail.orderBy);

    const grouped = groups !== undefined || this.block.aggregates.length > 0;
    let rewrite = (expression: BoundExpression): BoundExpression => expression;
    if (having && !grouped) {
      // HAVING without GROUP BY is one group of everything.
      if (this.block.aggregates.length === 0) throw compilationError("HAVING needs GROUP BY or an aggregate function");
    }
    // Rows are numbered where the numbers are used: before they are grouped, or after.
    plan = this.numbered(plan, this.usedByGroups(groups));
    if (grouped) {
      const made = this.aggregate(plan, groups);
      plan = made.plan;
      const inputIds = new Set(this.input.columns.map((column) => column.id));
      for (const { column } of made.keys) inputIds.delete(column.id);
      rewrite = (expression) => overGroups(expression, made.keys, inputIds);
    }
    if (having) {
      plan = { kind: "filter", input: plan, condition: rewrite(having), clause: "HAVING", columns: plan.columns };
    }
    plan = this.numbered(plan);
    if (this.block.windows.length > 0) plan = this.windows(plan, rewrite);
    if (qualify) {
      plan = { kind: "filter", input: plan, condition: rewrite(qualify), clause: "QUALIFY", columns: plan.columns };
    }
    return this.output(plan, order, rewrite);
  }

  /** Adds an item, or the columns that a star stands for. */
  private expand(item: SelectItem): void {
    const { expression } = item;
    if (expression.kind === "star") {
      this.items.push(...expandStar(this.context, this.scope, expression));
      return;
    }
    const name = item.alias?.name ?? this.defaultName(expression);
    const alias = item.alias?.name ?? (expression.kind === "column" ? name : undefined);
    this.items.push({ name, syntax: expression, ...(alias === undefined ? {} : { alias }) });
  }

  /** An item without alias is named by its column, its path's text, or its own words in upper case. */
  private defaultName(expression: Expression): string {
    if (expression.kind === "column") return expression.parts[expression.parts.length - 1]!.name;
    return textOf(this.context, expression.span).toUpperCase();
  }

  private boundItem(item: Item): BoundExpression {
    if (!item.bound) {
      if (item.binding || !item.syntax) throw compilationError(`circular alias reference '${item.name}'`);
      item.binding = true;
      try {
        item.bound = this.binder.bind(item.syntax);
      } finally {
        item.binding = false;
      }
    }
    return item.bound;
  }

  private alias(name: string): BoundExpression | undefined {
    const item = this.items.find((candidate) => candidate.alias === name && !candidate.binding);
    return item && this.boundItem(item);
  }

  /** Group keys; undefined without GROUP BY. */
  private groups(
    groupBy: GroupBy | undefined,
  ): { readonly keys: BoundExpression[]; readonly sets?: GroupingSets } | undefined {
    if (!groupBy) return undefined;
    const keys: BoundExpression[] = [];
    const texts: string[] = [];
    const indexOf = (bound: BoundExpression): number => {
      const text = expressionKey(bound);
      const known = texts.indexOf(text);
      if (known >= 0) return known;
      keys.push(bound);
      texts.push(text);
      return keys.length - 1;
    };
    const binder = this.binder.at({ block: undefined, clause: "GROUP BY" });
    const key = (expression: Expression): number => {
      if (expression.kind === "number" && /^\d+$/.test(expression.text)) {
        const item = this.items[Number(expression.text) - 1];
        if (!item) throw compilationError(`invalid group by position ${expression.text}`, "000904");
        const before = this.block.aggregates.length + this.block.windows.length;
        const bound = this.boundItem(item);
        if (this.block.aggregates.length + this.block.windows.length > before) {
          throw compilationError(`[${item.name}] is not a valid group by expression`, "000979", "42601");
        }
        return indexOf(bound);
      }
      const bound = binder.bind(expression);
      if (this.usesBlock(bound)) {
        throw compilationError(
          `[${textOf(this.context, expression.span)}] is not a valid group by expression`,
          "000979",
          "42601",
        );
      }
      return indexOf(bound);
    };
    switch (groupBy.kind) {
      case "all": {
        for (const item of this.items) {
          const before = this.block.aggregates.length + this.block.windows.length;
          const bound = this.boundItem(item);
          const plain = this.block.aggregates.length + this.block.windows.length === before;
          if (plain && !this.usesBlock(bound)) indexOf(bound);
        }
        return { keys };
      }
      case "items": {
        // Each item is a list of grouping sets, a plain key one of one; their product are the sets of the query.
        let sets: readonly (readonly number[])[] = [[]];
        for (const item of groupBy.items) {
          const own = this.setsOf(item, key);
          sets = sets.flatMap((before) => own.map((set) => [...new Set([...before, ...set])]));
          requireFewSets(sets.length);
        }
        return groupBy.items.every(isKey) ? { keys } : { keys, sets };
      }
    }
  }

  private setsOf(item: GroupItem, key: (expression: Expression) => number): readonly (readonly number[])[] {
    switch (item.kind) {
      case "rollup": {
        requireFewSets(item.items.length + 1);
        const at = item.items.map((one) => this.groupItem(one, key));
        return [...at.map((_, i) => at.slice(0, at.length - i).flat()), []];
      }
      case "cube": {
        requireFewSets(2 ** item.items.length);
        const at = item.items.map((one) => this.groupItem(one, key));
        const sets: number[][] = [];
        for (let mask = (1 << at.length) - 1; mask >= 0; mask--) {
          sets.push(at.filter((_, i) => (mask >> (at.length - 1 - i)) & 1).flat());
        }
        return sets;
      }
      case "groupingSets":
        requireFewSets(item.sets.length);
        return item.sets.map((set) => set.map(key));
      default:
        return [this.groupItem(item, key)];
    }
  }

  private groupItem(item: Expression, key: (expression: Expression) => number): number[] {
    return item.kind === "row" ? item.items.map(key) : [key(item)];
  }

  /** The plan with the columns of SEQ1 ... SEQ8 that are wanted and are not below yet. */
  private numbered(input: Plan, wanted?: ReadonlySet<string>): Plan {
    return this.sequences.over(input, (id) => {
      const now = !this.numberedIds.has(id) && (wanted?.has(id) ?? true);
      if (now) this.numberedIds.add(id);
      return now;
    });
  }

  /** Columns that group keys and aggregates are computed from. */
  private usedByGroups(groups: { readonly keys: readonly BoundExpression[] } | undefined): ReadonlySet<string> {
    const args = this.block.aggregates.flatMap(({ call }) => [
      ...call.args,
      ...call.orderBy.map((key) => key.expression),
    ]);
    return columnsIn([...(groups?.keys ?? []), ...args]);
  }

  private usesBlock(bound: BoundExpression): boolean {
    return usesAny(bound, [...this.block.aggregates, ...this.block.windows]);
  }

  private usesAggregate(bound: BoundExpression): boolean {
    return usesAny(bound, this.block.aggregates);
  }

  private aggregate(
    input: Plan,
    groups: { readonly keys: BoundExpression[]; readonly sets?: GroupingSets } | undefined,
  ): { readonly plan: Plan; readonly keys: readonly { readonly key: string; readonly column: PlanColumn }[] } {
    const keys = (groups?.keys ?? []).map((bound) => {
      const key = keyOf(bound);
      return {
        text: expressionKey(bound),
        bound,
        key,
        column: {
          // With grouping sets a key may be NULL where the column is not: it needs an id of its own.
          id: key.kind === "column" && !groups?.sets ? key.id : this.context.state.newId(),
          name: bound.kind === "column" ? bound.name : "",
          type: key.type,
          nullable: bound.nullable || groups?.sets !== undefined,
        },
      };
    });
    const instants = keys.filter(({ bound }) => isInstantKey(bound));
    const values = instants.map(({ text, bound, column }) => ({
      key: text,
      call: instantOfGroup(bound, groups?.sets !== undefined),
      column: { ...column, id: this.context.state.newId(), type: bound.type },
    }));
    const plan: Plan = {
      kind: "aggregate",
      input,
      groups: keys.map(({ key }) => key),
      aggregates: [...this.block.aggregates.map((entry) => entry.call), ...values.map((value) => value.call)],
      ...(groups?.sets ? { groupingSets: groups.sets } : {}),
      columns: [
        ...keys.map((key) => key.column),
        ...this.block.aggregates.map((entry) => entry.column),
        ...values.map((value) => value.column),
      ],
    };
    const plain = keys.filter(({ bound }) => !isInstantKey(bound)).map(({ text, column }) => ({ key: text, column }));
    return { plan, keys: [...plain, ...values] };
  }

  private windows(input: Plan, rewrite: (expression: BoundExpression) => BoundExpression): Plan {
    const keys = (list: readonly SortKey[]): readonly SortKey[] =>
      list.map((key) => ({ ...key, expression: rewrite(key.expression) }));
    // A window function of another one's value is computed over it.
    return layersOf(this.block.windows).reduce<Plan>(
      (below, layer) => ({
        kind: "window",
        input: below,
        windows: layer.map(({ call }) => ({
          ...call,
          args: call.args.map(rewrite),
          partitionBy: call.partitionBy.map(rewrite),
          orderBy: keys(call.orderBy),
        })),
        columns: [...below.columns, ...layer.map((entry) => entry.column)],
      }),
      input,
    );
  }

  /** ORDER BY items: an index into the items where they are one, else an expression of the input. */
  private orderKeys(
    orderBy: readonly OrderItem[],
  ): readonly { readonly item?: number; readonly bound: BoundExpression; readonly syntax: OrderItem }[] {
    const binder = this.binder.at({ aliasesFirst: true, clause: "ORDER BY" });
    return orderBy.flatMap((syntax) => {
      if (syntax.all && this.items.some((item) => this.usesAggregate(this.boundItem(item)))) {
        throw compilationError("ORDER BY ALL is not supported with an aggregate function in the SELECT list", "002037");
      }
      if (syntax.all) return this.items.map((item, index) => ({ item: index, bound: this.boundItem(item), syntax }));
      const { expression } = syntax;
      if (expression.kind === "number" && /^\d+$/.test(expression.text)) {
        const index = Number(expression.text) - 1;
        const item = this.items[index];
        if (!item) throw compilationError(`Order by position ${expression.text} is out of range`, "002037");
        return [{ item: index, bound: this.boundItem(item), syntax }];
      }
      if (expression.kind === "column" && expression.parts.length === 1) {
        const index = this.items.findIndex((item) => item.name === expression.parts[0]!.name);
        if (index >= 0) return [{ item: index, bound: this.boundItem(this.items[index]!), syntax }];
      }
      const bound = binder.bind(expression);
      const key = expressionKey(bound);
      const index = this.items.findIndex((item) => expressionKey(this.boundItem(item)) === key);
      return [index >= 0 ? { item: index, bound, syntax } : { bound, syntax }];
    });
  }

  private output(
    input: Plan,
    order: readonly { readonly item?: number; readonly bound: BoundExpression; readonly syntax: OrderItem }[],
    rewrite: (expression: BoundExpression) => BoundExpression,
  ): Plan {
    const { session } = this.context.environment;
    const expressions = this.items.map((item) => {
      const bound = rewrite(this.boundItem(item));
      return bound.type.kind === "NULL" ? castTo(bound, VARCHAR, session) : bound;
    });
    const columns = this.items.map((item, i): PlanColumn => {
      const expression = expressions[i]!;
      return {
        id: this.context.state.newId(),
        name: item.name,
        type: columnType(expression.type),
        nullable: expression.nullable,
        ...(this.boundItem(item).type.kind === "NULL" && { untyped: true as const }),
      };
    });
    const onItems = order.every((key) => key.item !== undefined);
    let plan = input;
    if (order.length > 0 && !onItems) {
      if (this.select.distinct) {
        const bad = order.find((key) => key.item === undefined)!;
        throw compilationError(
          `[${textOf(this.context, bad.syntax.expression.span)}] is not a valid order by expression`,
          "002037",
        );
      }
      const keys = order.flatMap((key) => sortKeysOf(rewrite(key.bound), key.syntax, session));
      plan = { kind: "sort", input: plan, keys, columns: plan.columns };
    }
    const { distinct } = this.select;
    const renames = distinct && columns.some(isInstantKey);
    const rows = renames ? columns.map((column) => ({ ...column, id: this.context.state.newId() })) : columns;
    plan = { kind: "project", input: plan, expressions, columns: rows };
    if (distinct) plan = distinctRows(this.context, plan, columns);
    if (order.length > 0 && onItems) {
      const keys = order.flatMap((key) => sortKeysOf(columnRef(columns[key.item!]!), key.syntax, session));
      plan = { kind: "sort", input: plan, keys, columns };
    }
    if (this.select.top) {
      const top = this.binder.at({ block: undefined, clause: "TOP" }).bind(this.select.top);
      plan = { kind: "limit", input: plan, limit: rowCount(top, "TOP"), columns };
    }
    return plan;
  }
}

function usesAny(bound: BoundExpression, entries: readonly { readonly column: PlanColumn }[]): boolean {
  const used = columnsIn([bound]);
  return entries.some(({ column }) => used.has(column.id));
}

function columnsIn(expressions: readonly BoundExpression[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const expression of expressions) walkExpression(expression, (at) => at.kind === "column" && ids.add(at.id));
  return ids;
}

/**
 * LIMIT, OFFSET and TOP take constants that are whole numbers; NULL and empty text are no limit. Source: "LIMIT / FETCH",
 * parameters.
 */
export function rowCount(expression: BoundExpression, clause: string): BoundExpression {
  const value = constantValue(expression);
  if (value === null || value === "") return nullLiteral();
  if (value === undefined || !/^\d+$/.test(value)) {
    throw compilationError(`Invalid row count '${value ?? "?"}' in ${clause} clause`, "001014", "22023");
  }
  return { kind: "literal", sql: value, value, type: expression.type, nullable: false };
}

function isKey(item: GroupItem): boolean {
  return item.kind !== "rollup" && item.kind !== "cube" && item.kind !== "groupingSets";
}

/** Grouping sets of one GROUP BY. Source: "GROUP BY CUBE", usage notes. */
const MOST_SETS = 128;

function requireFewSets(count: number): void {
  if (count <= MOST_SETS) return;
  throw compilationError(
    `maximum number of grouping sets exceeded, expected at most ${MOST_SETS}, got ${count}`,
    "001795",
    "42601",
  );
}
