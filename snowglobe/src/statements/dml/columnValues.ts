import type { Column } from "../../catalog/objects";
import { parseExpression } from "../../sql";
import { NUMBER } from "../../sql/ast/dataType";
import type { Expression } from "../../sql/ast/expression";
import {
  assignmentCast,
  Binder,
  call,
  emitExpression,
  physicalType,
  typedLiteral,
  type BoundExpression,
  type EmitOptions,
} from "../../translate";
import type { StatementContext } from "../../execution/context";
import { nextNumber } from "../../execution/numberSource";
import { queryEnvironment } from "../../execution/queryEnvironment";
import type { SessionContext } from "../../translate/environment";
import { literal } from "../../quoting";

/** A value on its way into a column as DuckDB text: cast, and checked where the column takes no NULL. */
export function intoColumn(
  value: BoundExpression,
  column: Column,
  session: SessionContext,
  options: EmitOptions,
): string {
  const sql = emitExpression(assignmentCast(value, column.type, session), options);
  return column.nullable ? sql : notNull(sql, column);
}

/** The text raised is the one drivers know: code 100072, which the Python connector makes an IntegrityError. */
export function notNull(sql: string, column: Column): string {
  const message = `SNOWGLOBE|100072|22000|NULL result in a non-nullable column: ${column.name}`;
  return `coalesce(${sql}, CAST(error(${literal(message)}) AS ${physicalType(column.type)}))`;
}

/** What a column gets when a statement gives it no value: its default, its next number, or NULL. */
export function defaultValue(column: Column, context: StatementContext): BoundExpression {
  if (column.identity) {
    return call("IDENTITY", [nextNumber(column.identity)], [], NUMBER, false, "volatile");
  }
  if (column.defaultText === undefined)
    return typedLiteral({ type: column.type, value: null }, queryEnvironment(context).session);
  const environment = queryEnvironment({ ...context, text: column.defaultText });
  return new Binder(environment, column.defaultText).scalar(parseExpression(column.defaultText));
}

/** The word DEFAULT in the place of a value. */
export function isDefaultWord(expression: Expression): boolean {
  if (expression.kind !== "column" || expression.parts.length !== 1) return false;
  const [word] = expression.parts;
  return word!.name === "DEFAULT" && !word!.quoted;
}
