import { unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import { TIMESTAMP_NTZ } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call } from "../construct";
import type { SessionContext } from "../environment";
import { number } from "../types/numeric";
import type { DatePart } from "./datePart";
import { literal } from "../../quoting";

/** DuckDB text of `$1` units as an interval; `$1` is a whole number. */
const INTERVALS: Partial<Record<DatePart, string>> = {
  year: "to_months(CAST($1 AS INTEGER) * 12)",
  quarter: "to_months(CAST($1 AS INTEGER) * 3)",
  month: "to_months(CAST($1 AS INTEGER))",
  week: "to_days(CAST($1 AS INTEGER) * 7)",
  weekiso: "to_days(CAST($1 AS INTEGER) * 7)",
  day: "to_days(CAST($1 AS INTEGER))",
  dayofyear: "to_days(CAST($1 AS INTEGER))",
  dayofweek: "to_days(CAST($1 AS INTEGER))",
  hour: "to_microseconds(CAST($1 AS BIGINT) * 3600000000)",
  minute: "to_microseconds(CAST($1 AS BIGINT) * 60000000)",
  second: "to_microseconds(CAST($1 AS BIGINT) * 1000000)",
  millisecond: "to_microseconds(CAST($1 AS BIGINT) * 1000)",
  microsecond: "to_microseconds(CAST($1 AS BIGINT))",
  nanosecond: "to_microseconds(fn.nanos_as_micros(CAST($1 AS BIGINT)))",
};

const DATE_PARTS: ReadonlySet<DatePart> = new Set([
  "year",
  "quarter",
  "month",
  "week",
  "weekiso",
  "day",
  "dayofyear",
  "dayofweek",
]);

/**
 * `date` plus a number of parts. A DATE stays a DATE for parts of a day or more and becomes TIMESTAMP_NTZ for smaller
 * ones; months that are too short end on their last day. Source: "DATEADD".
 */
export function dateAdd(
  part: DatePart,
  amount: BoundExpression,
  date: BoundExpression,
  session: SessionContext,
): BoundExpression | undefined {
  const interval = INTERVALS[part];
  if (!interval) throw unsupported(`DATEADD of ${part.toUpperCase()}`);
  const whole = castTo(amount, number(18, 0), session);
  const zone = literal(session.timezone);
  const make = (text: string, type: DataType): BoundExpression => call("DATEADD", text, [date, whole], type);
  switch (date.type.kind) {
    case "DATE":
      if (DATE_PARTS.has(part)) return make(`CAST($0 + ${interval} AS DATE)`, date.type);
      return make(`(CAST($0 AS TIMESTAMP) + ${interval})`, TIMESTAMP_NTZ);
    case "TIME":
      if (DATE_PARTS.has(part)) return undefined;
      return make(`($0 + ${interval})`, date.type);
    case "TIMESTAMP_NTZ":
      return make(`($0 + ${interval})`, date.type);
    case "TIMESTAMP_LTZ":
      // Days and longer are counted on the local clock, hours and shorter in real time.
      return DATE_PARTS.has(part)
        ? make(`timezone(${zone}, timezone(${zone}, $0) + ${interval})`, date.type)
        : make(`timezone('UTC', timezone('UTC', $0) + ${interval})`, date.type);
    case "TIMESTAMP_TZ":
      return make(
        `fn.tz_make(fn.tz_wall($0) + ${interval} - to_minutes(CAST(($0)."offset" AS BIGINT)), ($0)."offset")`,
        date.type,
      );
    default:
      return undefined;
  }
}
