import type { BoundExpression, Template } from "../boundExpression";
import {
  type AggregateCall,
  type AggregateNode,
  type BoundFrameBound,
  ELEMENT,
  type JoinNode,
  type Plan,
  type PlanColumn,
  type ScanNode,
  type SetOperationNode,
  type TableFunctionNode,
  type UnpivotNode,
  type ValuesNode,
  type WindowCall,
  type WithNode,
} from "../plan";
import { ORDERED_JOINS } from "../limits";
import { isRepeatable, profileOf } from "../repetition";
import { physicalType } from "../types/physicalType";
import { expressionSql, sortSql } from "./expression";
import { literal } from "../../quoting";

export interface EmitOptions {
  /**
   * The FROM item of a scan, at the version wanted: it exposes the physical columns in `node.physical`, and `_rid` when
   * `node.rowId` is set.
   */
  readonly scan: (node: ScanNode) => string;
}

/** The plan as one DuckDB SELECT statement; its columns are named by their ids, in the order of `plan.columns`. */
export function emitPlan(plan: Plan, options: EmitOptions): string {
  return new PlanEmitter(options).statement(plan);
}

/** DuckDB text of a scalar expression; `options` is needed for subqueries inside. */
export function emitExpression(expression: BoundExpression, options: EmitOptions): string {
  const emitter = new PlanEmitter(options);
  return expressionSql(expression, (plan) => emitter.statement(plan));
}

/** The clauses of one SELECT while it is built up. A node joins its input's SELECT as long as clause order allows. */
interface SelectParts {
  /** Absent: all columns of `from`. */
  select?: string[];
  from?: string;
  readonly where: string[];
  groupBy?: string;
  having: string[];
  qualify: string[];
  /** Window expressions have been added to `select`. */
  windowed: boolean;
  distinct: boolean;
  orderBy?: string;
  limit?: string;
}

class PlanEmitter {
  private readonly emitSubquery = (plan: Plan): string => this.statement(plan);

  constructor(private readonly options: EmitOptions) {}

  statement(plan: Plan): string {
    if (plan.kind === "setOperation") return this.setOperation(plan);
    if (plan.kind === "with") return this.withStatement(plan);
    return this.text(this.parts(plan), plan.columns);
  }

  private expression(expression: BoundExpression): string {
    return expressionSql(expression, this.emitSubquery);
  }

  private text(parts: SelectParts, columns: readonly PlanColumn[]): string {
    const list = parts.select ?? columns.map((column) => column.id);
    let sql = `SELECT ${parts.distinct ? "DISTINCT " : ""}${list.length > 0 ? list.join(", ") : "1"}`;
    if (parts.from !== undefined) sql += ` FROM ${parts.from}`;
    if (parts.where.length > 0) sql += ` WHERE ${parts.where.join(" AND ")}`;
    if (parts.groupBy !== undefined) sql += ` GROUP BY ${parts.groupBy}`;
    if (parts.having.length > 0) sql += ` HAVING ${parts.having.join(" AND ")}`;
    if (parts.qualify.length > 0) sql += ` QUALIFY ${parts.qualify.join(" AND ")}`;
    if (parts.orderBy !== undefined) sql += ` ORDER BY ${parts.orderBy}`;
    if (parts.limit !== undefined) sql += parts.limit;
    return sql;
  }

  /** A SELECT of nothing but `item`, ready to take further clauses. */
  private from(item: string | undefined): SelectParts {
    return { from: item, where: [], having: [], qualify: [], windowed: false, distinct: false };
  }

  private wrapped(plan: Plan): SelectParts {
    return this.from(this.fromItem(plan));
  }

  /** The node as a FROM item: joins stay joins, all else becomes a subquery. */
  private fromItem(plan: Plan): string {
    if (plan.kind === "join") return this.join(plan);
    return `(${this.statement(plan)})`;
  }

  private parts(plan: Plan): SelectParts {
    switch (plan.kind) {
      case "scan":
        return this.scan(plan);
      case "sql": {
        const parts = this.from(plan.sql);
        parts.select = plan.columns.map((column, i) => `${plan.physical[i]!} AS ${column.id}`);
        return parts;
      }
      case "values":
        return this.values(plan);
      case "tableFunction":
        return this.tableFunction(plan);
      case "join":
        return this.from(this.join(plan));
      case "project": {
        const parts = this.input(plan.input, (p) => !p.select && !p.distinct);
        parts.select = plan.expressions.map((e, i) => this.aliased(this.expression(e), plan.columns[i]!.id));
        return parts;
      }
      case "filter": {
        if (plan.clause === "HAVING" && plan.input.kind === "aggregate") {
          // Over a subquery: the aggregates are columns there, and WHERE may use them.
          const parts = this.wrapped(plan.input);
          parts.where.push(this.expression(plan.condition));
          return parts;
        }
        const parts = this.input(
          plan.input,
          (p) => !p.select && !p.groupBy && !p.distinct && p.orderBy === undefined && p.limit === undefined,
        );
        parts.where.push(this.expression(plan.condition));
        return parts;
      }
      case "aggregate":
        return this.aggregate(plan);
      case "window": {
        const once = new OperandColumns();
        const windows = plan.windows.map((window) => ({ ...window, args: once.add(window) }));
        const parts = this.withColumns(this.input(plan.input, plainFrom), plan.input, once);
        // The input may have columns that the node does not pass on.
        const passed = plan.columns.slice(0, plan.columns.length - plan.windows.length);
        const own = plan.columns.slice(passed.length);
        parts.select = [
          ...passed.map((column) => column.id),
          ...windows.map((window, i) => `${this.window(window)} AS ${own[i]!.id}`),
        ];
        parts.windowed = true;
        return parts;
      }
      case "distinct": {
        const parts = this.input(plan.input, (p) => !p.distinct && p.orderBy === undefined && p.limit === undefined);
        parts.distinct = true;
        return parts;
      }
      case "sort": {
        const parts = this.input(
          plan.input,
          (p) => p.orderBy === undefined && p.limit === undefined && (!p.select || onlyColumns(plan.keys)),
        );
        parts.orderBy = sortSql(plan.keys, this.emitSubquery);
        return parts;
      }
      case "limit": {
        const parts = this.input(plan.input, (p) => p.limit === undefined);
        parts.limit = "";
        if (plan.limit) parts.limit += ` LIMIT ${this.expression(plan.limit)}`;
        if (plan.offset) parts.limit += ` OFFSET ${this.expression(plan.offset)}`;
        return parts;
      }
      case "sample": {
        const parts = this.wrapped(plan.input);
        const size = plan.rows ? `${plan.size} ROWS` : `${plan.size} PERCENT`;
        const method = plan.rows ? "reservoir" : plan.method === "SYSTEM" ? "system" : "bernoulli";
        const seed = plan.seed === undefined ? "" : ` REPEATABLE (${plan.seed})`;
        parts.from = `(SELECT * FROM ${parts.from!} USING SAMPLE ${method}(${size})${seed})`;
        return parts;
      }
      case "cteReference": {
        const parts = this.from(plan.cte);
        parts.select = plan.columns.map((column, i) => `${plan.source[i]!} AS ${column.id}`);
        return parts;
      }
      case "unpivot":
        return this.unpivot(plan);
      case "setOperation":
      case "with":
        return this.from(`(${this.statement(plan)})`);
    }
  }

  /** The input's SELECT if `fits` allows to add to it, else a SELECT over it. */
  private input(plan: Plan, fits: (parts: SelectParts) => boolean): SelectParts {
    if (plan.kind === "setOperation" || plan.kind === "with") return this.wrapped(plan);
    const parts = this.parts(plan);
    if (fits(parts)) return parts;
    return this.from(`(${this.text(parts, plan.columns)})`);
  }

  /** A SELECT that computes operands as further columns, where there are any. */
  private withColumns(parts: SelectParts, input: Plan, once: OperandColumns): SelectParts {
    if (once.columns.length === 0) return parts;
    const select = [
      ...input.columns.map((column) => column.id),
      ...once.columns.map(({ id, value }) => `${this.expression(value)} AS ${id}`),
    ];
    return this.from(`(${this.text({ ...parts, select }, input.columns)})`);
  }

  private aliased(sql: string, id: string): string {
    return sql === id ? id : `${sql} AS ${id}`;
  }

  private scan(plan: ScanNode): SelectParts {
    const parts = this.from(this.options.scan(plan));
    parts.select = plan.columns.map((column, i) => `${plan.physical[i]!} AS ${column.id}`);
    if (plan.rowId !== undefined) parts.select.push(`_rid AS ${plan.rowId}`);
    return parts;
  }

  private values(plan: ValuesNode): SelectParts {
    if (plan.columns.length === 0) return this.from(undefined);
    const rows = plan.rows.map((row) => `(${row.map((value) => this.expression(value)).join(", ")})`);
    return this.from(`(VALUES ${rows.join(", ")}) AS v(${plan.columns.map((column) => column.id).join(", ")})`);
  }

  private tableFunction(plan: TableFunctionNode): SelectParts {
    if (plan.rows.kind === "select") {
      return this.from(`(${plan.rows.sql}) AS f(${plan.columns.map((column) => column.id).join(", ")})`);
    }
    return this.from(`(${this.elements(plan, plan.rows, (arg) => expressionSql(arg, this.emitSubquery, true))})`);
  }

  /**
   * The rows of a list of elements. Beside a row that the arguments come from they are unnested in a SELECT over it: a
   * lateral join would not keep their order, and is slower.
   */
  private elements(
    { args, columns }: TableFunctionNode,
    { list, fields }: ElementRows,
    argument: (arg: BoundExpression) => string,
    beside?: { readonly item: string; readonly columns: readonly PlanColumn[]; readonly outer: boolean },
  ): string {
    const names = args.map((_, i) => `${columns[0]!.id}a${i}`);
    const ids = beside?.columns.map((column) => column.id) ?? [];
    const fill = (template: Template): string =>
      template.map((part) => (typeof part === "number" ? names[part]! : part)).join("");
    const values = args.map((arg, i) => `${argument(arg)} AS ${names[i]!}`);
    const rows = `SELECT ${[...ids, ...values].join(", ")}${beside ? ` FROM ${beside.item}` : ""}`;
    // An outer row without elements has one that is NULL, and so are all its fields.
    const outer = beside?.outer === true;
    const all = outer
      ? `list_transform([${fill(list)}], lambda l: CASE WHEN len(l) > 0 THEN l ELSE [NULL] END)[1]`
      : fill(list);
    const unnested = `SELECT ${[...ids, ...names, `unnest(${all}) AS ${ELEMENT}`].join(", ")} FROM (${rows})`;
    const field = (sql: string): string => (outer ? `CASE WHEN ${ELEMENT} IS NOT NULL THEN ${sql} END` : sql);
    const made = fields.map((one, i) => `${field(fill(one))} AS ${columns[i]!.id}`);
    return `SELECT ${[...ids, ...made].join(", ")} FROM (${unnested})`;
  }

  /** @param long whether it belongs to a chain of joins too long to be put into order as a whole */
  private join(plan: JoinNode, long = isLongChain(plan)): string {
    const left = plan.left.kind === "join" ? this.leftJoin(plan.left, long) : this.fromItem(plan.left);
    const { right: inner } = plan;
    const outer = plan.type === "LEFT" && isTrue(plan.condition);
    const follows = outer || plan.type === "CROSS" || plan.type === "INNER";
    if (plan.lateral && follows && inner.kind === "tableFunction" && inner.rows.kind === "elements") {
      const beside = { item: left, columns: plan.left.columns, outer };
      const item = `(${this.elements(inner, inner.rows, (arg) => this.expression(arg), beside)})`;
      return plan.condition && !outer ? `(SELECT * FROM ${item} WHERE ${this.expression(plan.condition)})` : item;
    }
    const right =
      plan.right.kind !== "join"
        ? this.fromItem(plan.right)
        : plan.lateral
          ? `(${this.statement(plan.right)})`
          : `(${this.join(plan.right)})`;
    const lateral = plan.lateral ? "LATERAL " : "";
    if (plan.type === "CROSS") return `${left} CROSS JOIN ${lateral}${right}`;
    const condition = plan.condition ? this.expression(plan.condition) : "true";
    const type = plan.type === "ASOF LEFT" ? "ASOF LEFT" : plan.type;
    return `${left} ${type} JOIN ${lateral}${right} ON ${condition}`;
  }

  /** OFFSET 0 keeps the engine from looking for an order of these joins and of those around them together. */
  private leftJoin(plan: JoinNode, long: boolean): string {
    const apart = long && joinsWithin(plan) % ORDERED_JOINS === 0;
    const sql = this.join(plan, long);
    return apart ? `(${this.text(this.from(sql), plan.columns)} OFFSET 0)` : sql;
  }

  private aggregate(plan: AggregateNode): SelectParts {
    const once = new OperandColumns();
    const calls = plan.aggregates.map((aggregate) => ({ ...aggregate, args: once.add(aggregate) }));
    const parts = this.withColumns(this.input(plan.input, plainFrom), plan.input, once);
    const groups = plan.groups.map((group, i) => this.aliased(this.expression(group), plan.columns[i]!.id));
    const aggregates = calls.map((aggregate, i) => {
      const args = aggregate.args.map((arg) => this.expression(arg));
      const sql = aggregate.template.map((part) => (typeof part === "number" ? args[part]! : part)).join("");
      const ordered = aggregate.orderBy.length > 0 ? ` ORDER BY ${sortSql(aggregate.orderBy, this.emitSubquery)}` : "";
      return `${sql.replace(ORDER_MARK, () => ordered)} AS ${plan.columns[plan.groups.length + i]!.id}`;
    });
    parts.select = [...groups, ...aggregates];
    // By position, so that a constant as a key is not taken for one.
    if (plan.groupingSets) {
      const sets = plan.groupingSets.map((set) => `(${set.map((index) => index + 1).join(", ")})`);
      parts.groupBy = `GROUPING SETS (${sets.join(", ")})`;
    } else if (plan.groups.length > 0) {
      parts.groupBy = plan.groups.map((_, i) => i + 1).join(", ");
    }
    return parts;
  }

  private window(window: WindowCall): string {
    const args = window.args.map((arg) => this.expression(arg));
    const body = window.template.map((part) => (typeof part === "number" ? args[part]! : part)).join("");
    const clauses: string[] = [];
    if (window.partitionBy.length > 0) {
      clauses.push(`PARTITION BY ${window.partitionBy.map((e) => this.expression(e)).join(", ")}`);
    }
    if (window.orderBy.length > 0) clauses.push(`ORDER BY ${sortSql(window.orderBy, this.emitSubquery)}`);
    if (window.frame) {
      const { unit, start, end } = window.frame;
      clauses.push(`${unit} BETWEEN ${this.frameBound(start)} AND ${this.frameBound(end)}`);
    }
    // Within a frame, a rank needs the order that it ranks by.
    const ranked = window.frame ? `ORDER BY ${sortSql(window.orderBy, this.emitSubquery)}` : "";
    const over = `${body.replace(RANK_MARK, () => ranked).replace(ORDER_MARK, "")} OVER (${clauses.join(" ")})`;
    return window.wrapper.map((part) => (typeof part === "number" ? over : part)).join("");
  }

  private frameBound(bound: BoundFrameBound): string {
    return "offset" in bound ? `${this.expression(bound.offset)} ${bound.kind}` : bound.kind;
  }

  private unpivot(plan: UnpivotNode): SelectParts {
    const arms = plan.sources.map(({ label, id }) => {
      const kept = plan.kept.map((column) => column.id);
      const nameColumn = plan.columns[plan.kept.length]!.id;
      const valueColumn = plan.columns[plan.kept.length + 1]!.id;
      const items = [...kept, `${literal(label)} AS ${nameColumn}`, `${id} AS ${valueColumn}`];
      return `SELECT ${items.join(", ")} FROM u${plan.includeNulls ? "" : ` WHERE ${id} IS NOT NULL`}`;
    });
    return this.from(`(WITH u AS (${this.statement(plan.input)}) ${arms.join(" UNION ALL ")})`);
  }

  private setOperation(plan: SetOperationNode): string {
    const all = plan.all ? " ALL" : "";
    // Long chains of the same operation are written flat, or a thousand arms would nest as deep.
    const arms: string[] = [];
    let left: Plan = plan;
    while (left.kind === "setOperation" && left.operator === plan.operator && left.all === plan.all) {
      arms.push(`(${this.statement(left.right)})`);
      left = left.left;
    }
    arms.push(`(${this.statement(left)})`);
    const names = plan.columns.map((column) => column.id).join(", ");
    return `SELECT ${names} FROM (${arms.reverse().join(` ${plan.operator}${all} `)}) AS s(${names})`;
  }

  private withStatement(plan: WithNode): string {
    const recursive = plan.definitions.some((definition) => definition.recursive);
    const definitions = plan.definitions.map((definition) => {
      const names = definition.plan.columns.map((column) => column.id).join(", ");
      return `${definition.id}(${names}) AS (${
        definition.recursive && definition.plan.kind === "setOperation"
          ? this.recursiveBody(definition.plan)
          : this.statement(definition.plan)
      })`;
    });
    return `WITH ${recursive ? "RECURSIVE " : ""}${definitions.join(", ")} ${this.statement(plan.input)}`;
  }

  /** A recursive definition must be the bare UNION ALL of its two arms, with the definition's own column types. */
  private recursiveBody(plan: SetOperationNode): string {
    const types = plan.columns.map((column) => physicalType(column.type));
    const arm = (side: Plan): string =>
      `SELECT ${side.columns.map((column, i) => `CAST(${column.id} AS ${types[i]!})`).join(", ")} FROM (${this.statement(side)})`;
    return `${arm(plan.left)} UNION${plan.all ? " ALL" : ""} ${arm(plan.right)}`;
  }
}

/** Operands of aggregates and windows that a template uses more than once: columns of the SELECT below. */
class OperandColumns {
  readonly columns: { readonly id: string; readonly value: BoundExpression }[] = [];

  /** The call's operands, with columns in the place of those. */
  add(call: Pick<AggregateCall, "args" | "template">): readonly BoundExpression[] {
    const { uses } = profileOf(call.template);
    return call.args.map((value, i) => {
      if ((uses.get(i) ?? 0) < 2 || isRepeatable(value)) return value;
      const id = `once${this.columns.length}`;
      this.columns.push({ id, value });
      return { kind: "column", id, name: "", type: value.type, nullable: value.nullable };
    });
  }
}

/** Where an aggregate's template wants its ORDER BY. */
export const ORDER_MARK = "/*order*/";

/** Where the template of a rank names the order of its window, when it has a frame. */
export const RANK_MARK = "/*rank*/";

type ElementRows = Extract<TableFunctionNode["rows"], { readonly kind: "elements" }>;

function isTrue(condition: BoundExpression | undefined): boolean {
  return !condition || (condition.kind === "literal" && condition.sql === "true");
}

/** Joins on the left of each other, from this one down. */
function joinsWithin(plan: JoinNode): number {
  let joins = 0;
  for (let at: Plan = plan; at.kind === "join"; at = at.left) joins++;
  return joins;
}

/** Tables in a list are left together: what joins them stands in WHERE. */
function isLongChain(plan: JoinNode): boolean {
  for (let at: Plan = plan; at.kind === "join"; at = at.left) if (at.type === "CROSS") return false;
  return joinsWithin(plan) > ORDERED_JOINS;
}

function plainFrom(parts: SelectParts): boolean {
  return !parts.select && !parts.groupBy && !parts.distinct && parts.orderBy === undefined && parts.limit === undefined;
}

function onlyColumns(keys: readonly { readonly expression: BoundExpression }[]): boolean {
  return keys.every((key) => key.expression.kind === "column");
}
