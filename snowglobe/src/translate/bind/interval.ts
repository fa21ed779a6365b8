import { compilationError, invalidArguments, unsupported } from "../../errors";
import { dataTypeText, TIMESTAMP_NTZ } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { textLiteral, integerLiteral } from "../construct";
import type { SessionContext } from "../environment";
import { dateAdd } from "../functions/dateAdd";
import { datePart } from "../functions/datePart";

/** `date + INTERVAL '1 year, 3 days'`: the parts are added in the order they stand. Source: "Interval constants". */
export function intervalArithmetic(
  operator: string,
  operand: BoundExpression,
  interval: string,
  session: SessionContext,
): BoundExpression {
  if (operator !== "+" && operator !== "-") throw unsupported(`INTERVAL with ${operator}`);
  let bound = operand;
  if (bound.type.kind === "VARCHAR" || bound.type.kind === "NULL") bound = castTo(bound, TIMESTAMP_NTZ, session);
  for (const piece of interval.split(",")) {
    const match = /^\s*([-+]?\d+)\s*([A-Za-z]*)\s*$/.exec(piece);
    if (!match) throw compilationError(`invalid interval '${interval}'`, "001007", "22023");
    const part = datePart(textLiteral(match[2] === "" ? "second" : match[2]!), "INTERVAL");
    const amount = Number(match[1]) * (operator === "-" ? -1 : 1);
    const added = dateAdd(part, integerLiteral(amount), bound, session);
    if (!added) throw invalidArguments(operator, [dataTypeText(bound.type), "INTERVAL"]);
    bound = added;
  }
  return bound;
}
