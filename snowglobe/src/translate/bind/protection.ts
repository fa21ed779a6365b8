import { BOOLEAN, type DataType } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { columnRef } from "../construct";
import type { PolicyCall, RelationProtection } from "../environment";
import type { PlanColumn } from "../plan";
import type { BindContext } from "./context";
import { ExpressionBinder, type QueryBinding } from "./expression";
import { EMPTY_SCOPE } from "./scope";

/** What a policy's expression means for the columns that stand for its arguments. */
function policyValue(
  context: BindContext,
  call: PolicyCall,
  columns: readonly PlanColumn[],
  bindQuery: QueryBinding,
): { readonly value: BoundExpression; readonly binder: ExpressionBinder } {
  // The arguments are names of a scope, so that subqueries of the expression see them too.
  const named = call.parameters.map((name, index): PlanColumn => ({
    ...columns.find((column) => column.name === call.columns[index])!,
    name,
  }));
  const { environment, text } = call;
  const scope = { ...EMPTY_SCOPE, sources: [{ columns: named }] };
  const binder = new ExpressionBinder({ ...context, environment, text }, { scope, clause: "policy" }, bindQuery);
  return { value: binder.bind(call.body), binder };
}

/** Which rows the row access policy lets through; undefined without one. */
export function rowCondition(
  context: BindContext,
  columns: readonly PlanColumn[],
  { rows }: RelationProtection,
  bindQuery: QueryBinding,
): BoundExpression | undefined {
  if (!rows) return undefined;
  const { value, binder } = policyValue(context, rows, columns, bindQuery);
  return castTo(value, BOOLEAN, binder.session);
}

/** A column as its masking policy shows it; the column itself without one. */
export function maskedValue(
  context: BindContext,
  column: PlanColumn,
  columns: readonly PlanColumn[],
  { masks }: RelationProtection,
  bindQuery: QueryBinding,
): BoundExpression {
  const mask = masks.get(column.name);
  if (!mask) return columnRef(column);
  const { value, binder } = policyValue(context, mask, columns, bindQuery);
  return castTo(value, maskedType(column.type, value.type), binder.session);
}

/** A masked text may be longer than the column's; every other value is of the column's type. */
function maskedType(column: DataType, value: DataType): DataType {
  if (column.kind !== "VARCHAR" || value.kind !== "VARCHAR") return column;
  return value.length > column.length ? value : column;
}
