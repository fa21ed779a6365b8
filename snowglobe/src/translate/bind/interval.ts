import { compilationError, invalidArguments, unsupported } from "../../errors";
import { dataTypeText, TIMESTAMP_NTZ } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { textLiteral, integerLiteral } from "../construct";
import type { SessionContext } from "../environment";
import { dateAdd } from "../functions/dateAdd";
import { type DatePart, datePart } from "../functions/datePart";

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
  for (const { part, amount } of partsOf(interval)) {
    const added = dateAdd(part, integerLiteral(operator === "-" ? -amount : amount), bound, session);
    if (!added) throw invalidArguments(operator, [dataTypeText(bound.type), "INTERVAL"]);
    bound = added;
  }
  return bound;
}

function partsOf(interval: string): readonly { readonly part: DatePart; readonly amount: number }[] {
  return interval.split(",").map((piece) => {
    const match = /^\s*([-+]?\d+)\s*([A-Za-z]*)\s*$/.exec(piece);
    if (!match) throw compilationError(`invalid interval '${interval}'`, "001007", "22023");
    return {
      part: datePart(textLiteral(match[2] === "" ? "second" : match[2]!), "INTERVAL"),
      amount: Number(match[1]),
    };
  });
}

/** DuckDB's units, and how many of them a part has. */
const UNITS: Partial<Record<DatePart, readonly [unit: string, count: number]>> = {
  year: ["YEAR", 1],
  quarter: ["MONTH", 3],
  month: ["MONTH", 1],
  week: ["DAY", 7],
  day: ["DAY", 1],
  hour: ["HOUR", 1],
  minute: ["MINUTE", 1],
  second: ["SECOND", 1],
  millisecond: ["MILLISECOND", 1],
  microsecond: ["MICROSECOND", 1],
};

/** An interval by itself, as DuckDB writes it: the distance of a window frame's bound. */
export function intervalSql(interval: string): string {
  const pieces = partsOf(interval).map(({ part, amount }) => {
    const unit = UNITS[part];
    if (!unit) throw unsupported(`INTERVAL of ${part.toUpperCase()} in a window frame`);
    return `INTERVAL '${amount * unit[1]}' ${unit[0]}`;
  });
  return `(${pieces.join(" + ")})`;
}
