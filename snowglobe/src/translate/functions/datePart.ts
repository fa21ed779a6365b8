import { compilationError, needsConstant } from "../../errors";
import type { BoundExpression } from "../boundExpression";
import { constantValue } from "../construct";

export type DatePart =
  | "year"
  | "quarter"
  | "month"
  | "week"
  | "weekiso"
  | "day"
  | "dayofweek"
  | "dayofweekiso"
  | "dayofyear"
  | "yearofweek"
  | "yearofweekiso"
  | "hour"
  | "minute"
  | "second"
  | "millisecond"
  | "microsecond"
  | "nanosecond"
  | "epoch_second"
  | "epoch_millisecond"
  | "epoch_microsecond"
  | "epoch_nanosecond"
  | "timezone_hour"
  | "timezone_minute";

/** Synonyms of each part. Source: "Supported date and time parts". */
const SYNONYMS: Readonly<Record<DatePart, string>> = {
  year: "year y yy yyy yyyy yr years yrs",
  quarter: "quarter q qtr qtrs quarters",
  month: "month mm mon mons months",
  week: "week w wk weekofyear woy wy weeks",
  weekiso: "week_iso weekiso weekofyeariso weekofyear_iso",
  day: "day d dd days dayofmonth",
  dayofweek: "dayofweek weekday dow dw",
  dayofweekiso: "dayofweekiso weekday_iso dow_iso dw_iso dayofweek_iso",
  dayofyear: "dayofyear yearday doy dy",
  yearofweek: "yearofweek",
  yearofweekiso: "yearofweekiso",
  hour: "hour h hh hr hours hrs",
  minute: "minute m mi min minutes mins",
  second: "second s sec seconds secs",
  millisecond: "millisecond ms msec milliseconds",
  microsecond: "microsecond us usec microseconds",
  nanosecond: "nanosecond ns nsec nanosec nsecond nanoseconds nanosecs nseconds",
  epoch_second: "epoch_second epoch epoch_seconds",
  epoch_millisecond: "epoch_millisecond epoch_milliseconds",
  epoch_microsecond: "epoch_microsecond epoch_microseconds",
  epoch_nanosecond: "epoch_nanosecond epoch_nanoseconds",
  timezone_hour: "timezone_hour tzh",
  timezone_minute: "timezone_minute tzm",
};

const PARTS = new Map<string, DatePart>();
for (const [part, names] of Object.entries(SYNONYMS)) {
  for (const name of names.split(" ")) PARTS.set(name, part as DatePart);
}

/** The date part that a constant argument names. @throws SnowflakeError 001007 */
export function datePart(argument: BoundExpression, functionName: string): DatePart {
  const name = constantValue(argument);
  if (name === undefined) throw needsConstant(functionName, 0, argument.kind === "column" ? argument.name : "?");
  const part = typeof name === "string" ? PARTS.get(name.toLowerCase()) : undefined;
  if (!part) {
    throw compilationError(
      `'${name ?? "NULL"}' is not a valid date/time component for function ${functionName}.`,
      "001007",
      "22023",
    );
  }
  return part;
}
