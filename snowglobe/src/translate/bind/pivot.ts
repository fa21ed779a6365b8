import { compilationError, invalidIdentifier, unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import { dataTypeText, VARCHAR } from "../../sql/ast/dataType";
import type { Expression } from "../../sql/ast/expression";
import type { PivotSource, Query, UnpivotSource } from "../../sql/ast/query";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call, columnRef, constantValue } from "../construct";
import type { SessionContext } from "../environment";
import type { Plan, PlanColumn } from "../plan";
import { inlineDefinitions } from "../planRewrite";
import { walkExpression } from "../planWalk";
import { isText } from "../types/physicalType";
import { commonTypeOf } from "../types/supertype";
import { SelectBlock } from "./block";
import { type BindContext, locate } from "./context";
import { ExpressionBinder, sortKeysOf, type QueryBinding } from "./expression";
import { groupRows } from "./instantKeys";
import { EMPTY_SCOPE, type Scope } from "./scope";
import type { BoundSource } from "./source";

/** A value of the pivot column that becomes a column of the result. */
interface PivotValue {
  readonly expression: Expression;
  readonly isNull: boolean;
  readonly name: string;
}

/** Source: "PIVOT": the aggregate functions that it supports. */
const PIVOT_AGGREGATES: ReadonlySet<string> = new Set(["AVG", "COUNT", "MAX", "MIN", "SUM"]);

/**
 * PIVOT as an aggregate over CASE expressions, grouped by all columns that it does not name. Columns are named by the
 * values as they would stand in SQL. Source: "PIVOT".
 */
export function bindPivot(
  context: BindContext,
  source: PivotSource,
  input: BoundSource,
  bindQuery: QueryBinding,
): Plan {
  const { aggregate, column } = source;
  const session = context.environment.session;
  const columns = input.scope.sources.flatMap((item) => item.columns);
  const pivot = columns.find((candidate) => candidate.name === column.name);
  if (!pivot) throw invalidIdentifier(column.name, locate(context, column.span));
  if (aggregate.kind !== "call" || aggregate.args.length !== 1 || aggregate.args[0]!.kind === "star") {
    throw unsupported("PIVOT with an aggregate of other than one column");
  }
  const name = aggregate.name.at(-1)!.name;
  if (!PIVOT_AGGREGATES.has(name)) throw unsupported(`PIVOT with ${name}`);
  const block = new SelectBlock(context.state);
  const binder = new ExpressionBinder(context, { scope: input.scope, block, clause: "PIVOT" }, bindQuery);
  const used = new Set([pivot.id]);
  walkExpression(
    binder.at({ block: undefined }).bind(aggregate.args[0]!),
    (at) => at.kind === "column" && used.add(at.id),
  );
  const groups = columns.filter((candidate) => !used.has(candidate.id));
  const items = valuesOf(binder, source, input, pivot).map(({ expression, isNull, name }) => {
    const { span } = expression;
    const operand: Expression = { kind: "column", parts: [column], span };
    const when: Expression = isNull
      ? { kind: "is", operand, test: "NULL", negated: false, span }
      : { kind: "binary", operator: "=", left: operand, right: expression, span };
    const value: Expression = { kind: "case", branches: [{ when, then: aggregate.args[0]! }], span };
    const bound = binder.bind({ ...aggregate, args: [value] });
    const fallback = source.defaultOnNull && binder.at({ block: undefined }).bind(source.defaultOnNull);
    return { name, bound: fallback ? orDefault(bound, fallback, session) : bound };
  });
  const made = groupRows(
    context,
    input.plan,
    groups.map((group) => columnRef(group)),
    block.aggregates,
  );
  const pivoted = items.map(({ name, bound: { type, nullable } }): PlanColumn => ({
    id: context.state.newId(),
    name,
    type,
    nullable,
  }));
  return {
    kind: "project",
    input: made.plan,
    expressions: [...made.values, ...items.map((item) => item.bound)],
    columns: [...groups.map((group): PlanColumn => ({ ...group, id: context.state.newId() })), ...pivoted],
  };
}

function orDefault(value: BoundExpression, fallback: BoundExpression, session: SessionContext): BoundExpression {
  const type = commonTypeOf([value.type, fallback.type]);
  if (!type) throw compilationError("DEFAULT ON NULL has another type than the pivot's values", "001044");
  const args = [castTo(value, type, session), castTo(fallback, type, session)];
  return call("COALESCE", "coalesce($0, $1)", args, type, fallback.nullable);
}

/** The listed values, or those that the data has. */
function valuesOf(
  binder: ExpressionBinder,
  source: PivotSource,
  input: BoundSource,
  pivot: PlanColumn,
): readonly PivotValue[] {
  const { values, aggregateAlias } = source;
  const suffix = aggregateAlias ? `_${aggregateAlias.name}` : "";
  if (typeof values !== "string" && !("kind" in values)) {
    return values.map(({ expression, alias }) => {
      const bound = binder.at({ block: undefined }).bind(expression);
      const text = constantValue(bound);
      if (text === undefined) throw compilationError("The values of PIVOT must be constants.", "001014", "22023");
      const name = alias ? `${alias.name}${suffix}` : valueName(text, bound.type, suffix);
      return { expression, isNull: text === null, name };
    });
  }
  const { environment } = binder.context;
  if (!environment.pivotValues) throw unsupported("PIVOT with ANY or a subquery here");
  const span = source.column.span;
  const plan = withDefinitions(valuesPlan(binder, source, input, pivot), input.scope);
  return environment.pivotValues(plan).map((text) => {
    const string: Expression = text === null ? { kind: "null", span } : { kind: "string", value: text, span };
    const expression: Expression = { kind: "cast", operand: string, type: pivot.type, tryCast: false, span };
    return { expression, isNull: text === null, name: valueName(text, pivot.type, suffix) };
  });
}

/** The plan by itself, with the common table expressions that it reads. */
function withDefinitions(plan: Plan, scope: Scope): Plan {
  let whole = plan;
  for (let frame = scope.ctes; frame; frame = frame.parent) {
    for (const { definition } of frame.byName.values()) {
      if (!definition) continue;
      whole = definition.recursive
        ? { kind: "with", definitions: [definition], input: whole, columns: whole.columns }
        : inlineDefinitions(whole, [definition]);
    }
  }
  return whole;
}

/** A value as it stands in SQL: texts and dates in quotes, with the suffix inside them. */
function valueName(text: string | null, type: DataType, suffix: string): string {
  const plain = text === null || type.kind === "NUMBER" || type.kind === "FLOAT" || type.kind === "BOOLEAN";
  return plain ? `${(text ?? "NULL").toUpperCase()}${suffix}` : `'${text}${suffix}'`;
}

/** The distinct values, as text, in the order that is asked for, else their own. */
function valuesPlan(binder: ExpressionBinder, source: PivotSource, input: BoundSource, pivot: PlanColumn): Plan {
  const { context, session } = binder;
  if (typeof source.values === "string") {
    const scope: Scope = { sources: [{ columns: [pivot] }], merged: [] };
    const item = { expression: columnRef(pivot), descending: false };
    const keys = source.anyOrder
      ? binder.at({ scope, block: undefined, clause: "ORDER BY" }).sortKeys(source.anyOrder)
      : sortKeysOf(item.expression, item, session);
    const one: Plan = { kind: "project", input: input.plan, expressions: [columnRef(pivot)], columns: [pivot] };
    const rows: Plan = {
      kind: "sort",
      input: { kind: "distinct", input: one, columns: [pivot] },
      keys,
      columns: [pivot],
    };
    return asText(rows, columnRef(pivot), context, session);
  }
  const plan = binder.bindQuery(context, source.values as Query, EMPTY_SCOPE);
  if (plan.columns.length !== 1) throw compilationError("The subquery of PIVOT must have one column.", "002056");
  return asText(plan, columnRef(plan.columns[0]!), context, session);
}

function asText(input: Plan, value: BoundExpression, context: BindContext, session: SessionContext): Plan {
  const text = castTo(value, VARCHAR, session);
  const column: PlanColumn = { id: context.state.newId(), name: "", type: VARCHAR, nullable: true };
  return { kind: "project", input, expressions: [text], columns: [column] };
}

/** UNPIVOT: one row for each listed column; NULLs are left out unless INCLUDE NULLS. Source: "UNPIVOT". */
export function bindUnpivot(context: BindContext, source: UnpivotSource, input: BoundSource): Plan {
  const session = context.environment.session;
  const columns = input.scope.sources.flatMap((item) => item.columns);
  const listed = source.columns.map((name) => {
    const column = columns.find((candidate) => candidate.name === name.name);
    if (!column) throw invalidIdentifier(name.name, locate(context, name.span));
    return column;
  });
  const type = unpivotedType(listed);
  const labels = source.columns.map(({ name }, i) => source.labels?.[i]?.name ?? name);
  const twice = [labels, source.columns.map(({ name }) => name)].flatMap((names) =>
    names.filter((name, i) => names.indexOf(name) < i),
  )[0];
  if (twice !== undefined)
    throw compilationError(`duplicate column name '${twice}' in the UNPIVOT list`, "002025", "42S21");
  const kept = columns.filter((column) => !listed.includes(column));
  const values = listed.map((column): BoundExpression => castTo(columnRef(column), type, session));
  const made = listed.map((column): PlanColumn => ({ ...column, id: context.state.newId(), type }));
  const projected: Plan = {
    kind: "project",
    input: input.plan,
    expressions: [...kept.map((column) => columnRef(column)), ...values],
    columns: [...kept, ...made],
  };
  const outKept = kept.map((column): PlanColumn => ({ ...column, id: context.state.newId() }));
  const unpivoted: Plan = {
    kind: "unpivot",
    input: projected,
    kept,
    sources: made.map((column, i) => ({ label: labels[i]!, id: column.id })),
    includeNulls: source.includeNulls,
    columns: [
      ...kept,
      {
        id: context.state.newId(),
        name: source.nameColumn.name,
        type: { kind: "VARCHAR", length: 16_777_216 },
        nullable: false,
      },
      { id: context.state.newId(), name: source.valueColumn.name, type, nullable: source.includeNulls },
    ],
  };
  return {
    kind: "project",
    input: unpivoted,
    expressions: unpivoted.columns.map((column) => columnRef(column)),
    columns: [
      ...outKept,
      ...unpivoted.columns.slice(kept.length).map((column) => ({ ...column, id: context.state.newId() })),
    ],
  };
}

/** All columns have the same type, but for the lengths of texts. Source: "UNPIVOT", column_list. */
function unpivotedType(listed: readonly PlanColumn[]): DataType {
  const [first] = listed;
  const odd = listed.find(({ type }) => !(isText(type) && isText(first!.type)) && !sameType(type, first!.type));
  const type = odd ? undefined : commonTypeOf(listed.map((column) => column.type));
  if (type) return type;
  throw compilationError(
    `The type of column '${(odd ?? first!).name}' conflicts with the type of other columns in the UNPIVOT list.`,
    "001044",
  );
}

function sameType(a: DataType, b: DataType): boolean {
  return dataTypeText(a) === dataTypeText(b);
}
