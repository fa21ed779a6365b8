import type { DataType } from "../sql/ast/dataType";
import type { BoundExpression } from "./boundExpression";
import { castTo } from "./cast";
import type { SessionContext } from "./environment";

/**
 * What INSERT, UPDATE, MERGE and COPY do to a value on its way into a column. Text that is too long is error 100078.
 *
 * @throws SnowflakeError 002023 where the types do not go together
 */
export function assignmentCast(
  expression: BoundExpression,
  target: DataType,
  session: SessionContext,
): BoundExpression {
  return castTo(expression, target, session, "assign");
}
