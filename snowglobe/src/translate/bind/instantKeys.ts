import { BOOLEAN } from "../../sql/ast/dataType";
import type { BoundExpression, Template } from "../boundExpression";
import { call, columnRef } from "../construct";
import type { SessionContext } from "../environment";
import { comparable, logical } from "../operators";
import type { AggregateCall, Plan, PlanColumn } from "../plan";
import type { BindContext } from "./context";

/**
 * Values of TIMESTAMP_TZ are equal when they are the same instant, whatever their offsets: what tells equal rows apart
 * goes by the instant, and keeps one of the offsets, the smallest.
 */
export function isInstantKey(expression: { readonly type: BoundExpression["type"] }): boolean {
  return expression.type.kind === "TIMESTAMP_TZ";
}

/** What an expression is grouped, partitioned or told apart by. */
export function keyOf(expression: BoundExpression): BoundExpression {
  return isInstantKey(expression)
    ? call("INSTANT", "($0).utc", [expression], { kind: "TIMESTAMP_NTZ", scale: 9 })
    : expression;
}

/**
 * The aggregate that gives a group its value of TIMESTAMP_TZ.
 *
 * @param inSets whether the group is one of several grouping sets: the value is NULL in those without it
 */
export function instantOfGroup(expression: BoundExpression, inSets = false): AggregateCall {
  const value: Template = ["arg_min(", 0, ", (", 0, ')."offset")'];
  return {
    name: "TIMESTAMP_TZ KEY",
    args: inSets ? [expression, keyOf(expression)] : [expression],
    template: inSets ? ["CASE WHEN grouping(", 1, ") = 0 THEN ", ...value, " END"] : value,
    distinct: false,
    orderBy: [],
    type: expression.type,
    nullable: true,
  };
}

/** An aggregate and the column that it becomes. */
interface Aggregated {
  readonly call: AggregateCall;
  readonly column: PlanColumn;
}

/** Rows grouped by values, of which some may be instants; `values` are the groups' values above the plan. */
export function groupRows(
  context: BindContext,
  input: Plan,
  by: readonly BoundExpression[],
  aggregates: readonly Aggregated[],
): { readonly plan: Plan; readonly values: readonly BoundExpression[] } {
  const keys = by.map((value) => {
    const key = keyOf(value);
    const column: PlanColumn = { id: context.state.newId(), name: "", type: key.type, nullable: value.nullable };
    return { value, key, column };
  });
  const instants = keys
    .filter(({ value }) => isInstantKey(value))
    .map(({ value, column }) => ({
      key: column,
      call: instantOfGroup(value),
      column: { ...column, id: context.state.newId(), type: value.type },
    }));
  const made = [...aggregates, ...instants];
  const plan: Plan = {
    kind: "aggregate",
    input,
    groups: keys.map(({ key }) => key),
    aggregates: made.map(({ call }) => call),
    columns: [...keys.map(({ column }) => column), ...made.map(({ column }) => column)],
  };
  const values = keys.map(({ column }) => columnRef(instants.find(({ key }) => key === column)?.column ?? column));
  return { plan, values };
}

/** The distinct rows of a plan. @param columns what the result calls its columns, in the order of the plan's */
export function distinctRows(context: BindContext, input: Plan, columns: readonly PlanColumn[]): Plan {
  if (!input.columns.some(isInstantKey)) {
    const plan: Plan = { kind: "distinct", input, columns: input.columns };
    return renamed(plan, columns);
  }
  const rows = input.columns.map((column) => columnRef(column));
  const { plan, values } = groupRows(context, input, rows, []);
  return { kind: "project", input: plan, expressions: values, columns };
}

function renamed(input: Plan, columns: readonly PlanColumn[]): Plan {
  if (input.columns.every((column, i) => column.id === columns[i]!.id)) return { ...input, columns };
  return { kind: "project", input, expressions: input.columns.map((column) => columnRef(column)), columns };
}

/** INTERSECT and EXCEPT of rows with instants, as the distinct left rows that the right side has, or has not. */
export function instantSetOperation(
  context: BindContext,
  operator: "INTERSECT" | "EXCEPT",
  left: Plan,
  right: Plan,
  columns: readonly PlanColumn[],
  session: SessionContext,
): Plan {
  const rows = distinctRows(context, left, columns);
  const pairs = columns.map((column, i) => {
    const [a, b] = comparable(columnRef(column), columnRef(right.columns[i]!), session);
    return call("IS NOT DISTINCT FROM", "($0 IS NOT DISTINCT FROM $1)", [a, b], BOOLEAN, false);
  });
  return {
    kind: "join",
    type: operator === "INTERSECT" ? "SEMI" : "ANTI",
    lateral: false,
    left: rows,
    right,
    condition: logical("AND", pairs, session),
    columns,
  };
}
