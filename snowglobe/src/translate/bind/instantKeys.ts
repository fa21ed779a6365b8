import { BOOLEAN } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
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

/** The aggregate that gives a group its value of TIMESTAMP_TZ. */
export function instantOfGroup(expression: BoundExpression): AggregateCall {
  return {
    name: "TIMESTAMP_TZ KEY",
    args: [expression],
    template: ["arg_min(", 0, ", (", 0, ')."offset")'],
    distinct: false,
    orderBy: [],
    type: expression.type,
    nullable: true,
  };
}

/** The distinct rows of a plan. @param columns what the result calls its columns, in the order of the plan's */
export function distinctRows(context: BindContext, input: Plan, columns: readonly PlanColumn[]): Plan {
  if (!input.columns.some(isInstantKey)) {
    const plan: Plan = { kind: "distinct", input, columns: input.columns };
    return renamed(plan, columns);
  }
  const keyed = input.columns.map((column) => {
    const value = columnRef(column);
    return { value, key: keyOf(value), id: context.state.newId(), instant: isInstantKey(column) };
  });
  const instants = keyed.filter((one) => one.instant).map((one) => ({ ...one, id: context.state.newId() }));
  const aggregate: Plan = {
    kind: "aggregate",
    input,
    groups: keyed.map((one) => one.key),
    aggregates: instants.map((one) => instantOfGroup(one.value)),
    columns: [
      ...keyed.map((one): PlanColumn => ({ id: one.id, name: "", type: one.key.type, nullable: one.value.nullable })),
      ...instants.map((one): PlanColumn => ({ id: one.id, name: "", type: one.value.type, nullable: true })),
    ],
  };
  const valueIds = input.columns.map((column, i) => {
    const instant = instants.find((one) => one.value.id === column.id);
    return instant ? instant.id : keyed[i]!.id;
  });
  return {
    kind: "project",
    input: aggregate,
    expressions: input.columns.map((column, i) => columnRef({ ...column, id: valueIds[i]! })),
    columns,
  };
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
