import { unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import { DATE, TIME, TIMESTAMP_LTZ, TIMESTAMP_NTZ, TIMESTAMP_TZ, VARCHAR } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo, instant, wallClock } from "../cast";
import { call, constantValue } from "../construct";
import type { SessionContext } from "../environment";
import { number } from "../types/numeric";
import { isTimestamp } from "../types/physicalType";
import { dateAdd } from "./dateAdd";
import { type DatePart, datePart } from "./datePart";
import type { BoundArguments, FunctionContext, FunctionDefinition } from "./definition";
import { truncateNumber } from "./numeric";
import { coerce, constantOf, scalar, typeMismatch } from "./signature";
import { literal } from "../../quoting";

function define(
  names: string | readonly string[],
  min: number,
  max: number,
  bind: FunctionDefinition["bind"],
  words: readonly number[] = [],
): FunctionDefinition {
  return { names: typeof names === "string" ? [names] : names, min, max, kind: "scalar", bind, words };
}

function date(bound: BoundArguments, index: number, context: FunctionContext): BoundExpression {
  const arg = coerce(bound.args[index]!, "D", context.session);
  if (!arg) throw typeMismatch(bound);
  return arg;
}

/** As TIMESTAMP in local time; a TIME as of 1970. */
function local(arg: BoundExpression, session: SessionContext): BoundExpression {
  if (arg.type.kind === "TIME") return call("CAST", "(DATE '1970-01-01' + $0)", [arg], TIMESTAMP_NTZ);
  return wallClock(arg, session) ?? arg;
}

/** Day of week (0 = Sunday) that weeks begin with; WEEK_START 0 and 1 both mean Monday. */
function weekStart(session: SessionContext): number {
  const parameter = Number(session.parameters.get("WEEK_START") ?? 0);
  return parameter === 0 ? 1 : parameter % 7;
}

/** The first day of the week of `x`, as DATE. */
function weekFloor(x: string, session: SessionContext): string {
  const start = weekStart(session);
  return start === 1
    ? `CAST(date_trunc('week', ${x}) AS DATE)`
    : `(CAST(${x} AS DATE) - CAST((dayofweek(${x}) - ${start} + 7) % 7 AS INTEGER))`;
}

const TRUNCATIONS: Partial<Record<DatePart, string>> = {
  year: "year",
  quarter: "quarter",
  month: "month",
  weekiso: "week",
  day: "day",
  hour: "hour",
  minute: "minute",
  second: "second",
  millisecond: "milliseconds",
  microsecond: "microseconds",
  nanosecond: "microseconds",
};
const DAY_OR_LONGER: ReadonlySet<DatePart> = new Set(["year", "quarter", "month", "week", "weekiso", "day"]);

/** Keeps the argument's type. Source: "DATE_TRUNC". */
function truncate(part: DatePart, arg: BoundExpression, session: SessionContext): BoundExpression {
  const unit = TRUNCATIONS[part];
  if (!unit && part !== "week") throw unsupported(`DATE_TRUNC to ${part.toUpperCase()}`);
  const cut = (x: string): string =>
    part === "week" ? `CAST(${weekFloor(x, session)} AS TIMESTAMP)` : `date_trunc('${unit!}', ${x})`;
  const zone = literal(session.timezone);
  const make = (text: string): BoundExpression => call("DATE_TRUNC", text, [arg], arg.type);
  switch (arg.type.kind) {
    case "DATE":
      return DAY_OR_LONGER.has(part) ? make(`CAST(${cut("$0")} AS DATE)`) : arg;
    case "TIME":
      if (DAY_OR_LONGER.has(part)) throw unsupported(`DATE_TRUNC of TIME to ${part.toUpperCase()}`);
      return make(`CAST(${cut("(DATE '1970-01-01' + $0)")} AS TIME)`);
    case "TIMESTAMP_LTZ":
      return make(`timezone(${zone}, ${cut(`timezone(${zone}, $0)`)})`);
    case "TIMESTAMP_TZ":
      return make(`fn.tz_make(${cut("fn.tz_wall($0)")} - to_minutes(CAST(($0)."offset" AS BIGINT)), ($0)."offset")`);
    default:
      return make(cut("$0"));
  }
}

/** Number types of the parts. `$0` is a local TIMESTAMP. Source: "DATE_PART", "YEAR* / DAY* / WEEK* / MONTH / QUARTER". */
function extraction(part: DatePart, session: SessionContext): string {
  switch (part) {
    case "year":
    case "quarter":
    case "month":
    case "day":
    case "hour":
    case "minute":
    case "second":
      return `${part}($0)`;
    case "dayofyear":
      return "dayofyear($0)";
    case "dayofweek": {
      const parameter = Number(session.parameters.get("WEEK_START") ?? 0);
      // 0: Sunday is 0. Otherwise the first day of the week is 1.
      return parameter === 0 ? "dayofweek($0)" : `((dayofweek($0) - ${parameter % 7} + 7) % 7 + 1)`;
    }
    case "dayofweekiso":
      return "isodow($0)";
    case "weekiso":
      return "week($0)";
    case "yearofweekiso":
      return "isoyear($0)";
    case "week":
    case "yearofweek":
      return weekOfYear(part, session);
    case "nanosecond":
      return "((epoch_us($0) % 1000000 + 1000000) % 1000000 * 1000)";
    case "microsecond":
      return "((epoch_us($0) % 1000000 + 1000000) % 1000000)";
    case "millisecond":
      return "((epoch_us($0) % 1000000 + 1000000) % 1000000 // 1000)";
    default:
      throw unsupported(`DATE_PART of ${part.toUpperCase()}`);
  }
}

/**
 * Weeks of the year by WEEK_START and WEEK_OF_YEAR_POLICY: with 0 a week belongs to the year that has at least four of
 * its days, with 1 the first week has January 1. Source: "Calendar weeks and weekdays".
 */
function weekOfYear(part: "week" | "yearofweek", session: SessionContext): string {
  if (Number(session.parameters.get("WEEK_OF_YEAR_POLICY") ?? 0) !== 0) {
    const first = weekFloor("date_trunc('year', $0)", session);
    return part === "yearofweek" ? "year($0)" : `((${weekFloor("$0", session)} - ${first}) // 7 + 1)`;
  }
  if (weekStart(session) === 1) return part === "week" ? "week($0)" : "isoyear($0)";
  const fourth = `(${weekFloor("$0", session)} + 3)`;
  return part === "yearofweek" ? `year(${fourth})` : `((dayofyear(${fourth}) - 1) // 7 + 1)`;
}

function extract(name: string, part: DatePart, arg: BoundExpression, session: SessionContext): BoundExpression {
  const type = number(part.startsWith("epoch") ? 38 : 9, 0);
  const wrap = (sql: string, of: BoundExpression): BoundExpression =>
    call(name, `CAST(${sql} AS DECIMAL(${type.precision},0))`, [of], type);
  if (part.startsWith("epoch")) {
    // Wall clocks count as UTC.
    const us =
      arg.type.kind === "TIMESTAMP_LTZ" || arg.type.kind === "TIMESTAMP_TZ"
        ? instant(arg, session)!
        : local(arg, session);
    const micros = "CAST(epoch_us($0) AS HUGEINT)";
    const floor = (unit: number): string =>
      `CAST(floor(CAST(epoch_us($0) AS DECIMAL(38,0)) * CAST(${1 / unit} AS DECIMAL(7,6))) AS HUGEINT)`;
    const sql = {
      epoch_second: floor(1_000_000),
      epoch_millisecond: floor(1000),
      epoch_microsecond: micros,
      epoch_nanosecond: `${micros} * 1000`,
    }[part as "epoch_second"];
    return wrap(sql, us);
  }
  if (part === "timezone_hour" || part === "timezone_minute") {
    const zone = literal(session.timezone);
    const offset =
      arg.type.kind === "TIMESTAMP_TZ"
        ? '($0)."offset"'
        : arg.type.kind === "TIMESTAMP_LTZ"
          ? `date_diff('minute', timezone('UTC', $0), timezone(${zone}, $0))`
          : "0";
    return wrap(part === "timezone_hour" ? `(${offset}) // 60` : `(${offset}) % 60`, arg);
  }
  return wrap(extraction(part, session), local(arg, session));
}

/** Boundaries crossed, not whole units. Source: "DATEDIFF". `$0` and `$1` are local TIMESTAMPs. */
function difference(part: DatePart, session: SessionContext): string {
  switch (part) {
    case "year":
    case "quarter":
    case "month":
    case "day":
    case "hour":
    case "minute":
    case "second":
    case "millisecond":
    case "microsecond":
      return `date_diff('${part}', $0, $1)`;
    case "nanosecond":
      return "(CAST(date_diff('microsecond', $0, $1) AS HUGEINT) * 1000)";
    case "dayofyear":
    case "dayofweek":
      return "date_diff('day', $0, $1)";
    case "week":
      return `(${weekFloor("$1", session)} - ${weekFloor("$0", session)}) // 7`;
    case "weekiso":
      return "date_diff('day', date_trunc('week', $0), date_trunc('week', $1)) // 7";
    default:
      throw unsupported(`DATEDIFF in ${part.toUpperCase()}`);
  }
}

function dateDiff(
  part: DatePart,
  from: BoundExpression,
  to: BoundExpression,
  session: SessionContext,
): BoundExpression {
  const type = number(9, 0);
  const wide = number(18, 0);
  const result = part === "nanosecond" || part === "microsecond" || part === "millisecond" ? wide : type;
  return call(
    "DATEDIFF",
    `CAST(${difference(part, session)} AS DECIMAL(${result.precision === 18 ? 38 : 18},0))`,
    [local(from, session), local(to, session)],
    result.precision === 18 ? number(38, 0) : wide,
  );
}

const partFunction = (name: string, part: DatePart): FunctionDefinition =>
  define(name, 1, 1, (bound, context) => extract(name, part, date(bound, 0, context), context.session));

/** CONVERT_TIMEZONE(target, t) -> TIMESTAMP_TZ; CONVERT_TIMEZONE(source, target, ntz) -> TIMESTAMP_NTZ. */
const convertTimezone: FunctionDefinition["bind"] = (bound, context) => {
  const { session } = context;
  const zones = bound.args.slice(0, -1).map((arg) => castTo(arg, VARCHAR, session));
  const value = date(bound, bound.args.length - 1, context);
  if (zones.length === 2) {
    const wall = castTo(value, TIMESTAMP_NTZ, session);
    return call("CONVERT_TIMEZONE", "timezone($1, timezone($0, $2))", [zones[0]!, zones[1]!, wall], TIMESTAMP_NTZ);
  }
  const at = instant(value, session);
  if (!at) throw typeMismatch(bound);
  return call("CONVERT_TIMEZONE", "fn.ltz_to_tz($1, $0)", [zones[0]!, at], TIMESTAMP_TZ);
};

/** The first three letters of a name of the local day or month. Source: "DAYNAME", "MONTHNAME". */
const nameFunction = (name: string, code: string): FunctionDefinition =>
  define(name, 1, 1, (bound, context) => {
    const value = date(bound, 0, context);
    if (value.type.kind === "TIME") throw typeMismatch(bound);
    const type: DataType = { kind: "VARCHAR", length: 3 };
    return call(name, `strftime($0, '${code}')`, [local(value, context.session)], type);
  });

const DAY_NAMES = "['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa']";
const DAY = `fn.day_of_week(list_position(${DAY_NAMES}, lower(left(trim($1), 2))), $1)`;

/** DATE_FROM_PARTS takes any numbers: month 13 is the next January, day 0 the day before. */
const dateFromParts = scalar(
  ["DATE_FROM_PARTS", "DATEFROMPARTS"],
  "III",
  DATE,
  "CAST(make_date(CAST($0 AS INTEGER), 1, 1) + to_months(CAST($1 - 1 AS INTEGER)) + to_days(CAST($2 - 1 AS INTEGER)) AS DATE)",
);

/**
 * A time of day in microseconds, of parts that may pass their ranges. They become 64 bits wide before they are
 * multiplied: constants have 32.
 */
const microseconds = (hour: string, minute: string, second: string): string =>
  `(CAST(${hour} AS BIGINT) * 3600000000 + CAST(${minute} AS BIGINT) * 60000000 + CAST(${second} AS BIGINT) * 1000000)`;

/** (year, month, day, hour, minute, second [, nanosecond] [, time zone]), or (date, time). Source: "TIMESTAMP_FROM_PARTS". */
const timestampFromParts = (
  names: readonly string[],
  typeOf: (session: SessionContext) => DataType,
): FunctionDefinition =>
  define(names, 2, 8, (bound, context) => {
    const { session } = context;
    const type = typeOf(session);
    if (bound.args.length === 2 && type.kind === "TIMESTAMP_NTZ") {
      const parts = [castTo(bound.args[0]!, DATE, session), castTo(bound.args[1]!, TIME, session)];
      return call(bound.name, "($0 + $1)", parts, type);
    }
    const zoned = type.kind === "TIMESTAMP_TZ" && bound.args[bound.args.length - 1]!.type.kind === "VARCHAR";
    const numbers = zoned ? bound.args.slice(0, -1) : bound.args;
    if (numbers.length < 6 || numbers.length > 7) throw typeMismatch(bound);
    const args = numbers.map((arg) => coerce(arg, "I", session));
    if (args.some((arg) => arg === undefined)) throw typeMismatch(bound);
    const fraction = args.length > 6 ? " + to_microseconds(CAST(fn.nanos_as_micros($6) AS BIGINT))" : "";
    const text = `(CAST(make_date(CAST($0 AS INTEGER), 1, 1) + to_months(CAST($1 - 1 AS INTEGER)) + to_days(CAST($2 - 1 AS INTEGER)) AS TIMESTAMP) + to_microseconds(${microseconds("$3", "$4", "$5")})${fraction})`;
    const wall = call(bound.name, text, args as BoundExpression[], TIMESTAMP_NTZ);
    if (!zoned) return castTo(wall, type, session);
    return call(bound.name, "fn.ntz_to_tz($0, $1)", [wall, bound.args[bound.args.length - 1]!], type);
  });

const SLICE_MONTHS: Partial<Record<DatePart, number>> = { year: 12, quarter: 3, month: 1 };
const SLICE_SECONDS: Partial<Record<DatePart, number>> = {
  week: 604800,
  day: 86400,
  hour: 3600,
  minute: 60,
  second: 1,
};

/** Slices are counted from 1970-01-01, those of weeks from the beginning of its week. Source: "TIME_SLICE". */
function sliceSql(part: DatePart, length: number, edge: string, session: SessionContext): string {
  const months = SLICE_MONTHS[part];
  const at = edge === "END" ? 1 : 0;
  if (months !== undefined) {
    const since = "((year($0) - 1970) * 12 + month($0) - 1)";
    const slice = `(CAST(floor(${since} / ${months * length}.0) AS BIGINT) + ${at})`;
    return `(TIMESTAMP '1970-01-01' + to_months(CAST(${slice} * ${months * length} AS INTEGER)))`;
  }
  const seconds = SLICE_SECONDS[part];
  if (seconds === undefined) throw unsupported(`TIME_SLICE of ${part.toUpperCase()}`);
  const origin =
    part === "week" ? `CAST(${weekFloor("DATE '1970-01-01'", session)} AS TIMESTAMP)` : "TIMESTAMP '1970-01-01'";
  const unit = `to_seconds(${seconds * length})`;
  return `(time_bucket(${unit}, CAST($0 AS TIMESTAMP), ${origin})${at === 1 ? ` + ${unit}` : ""})`;
}

export const dateFunctions: readonly FunctionDefinition[] = [
  define("TRUNC", 1, 2, (bound, context) => {
    // TRUNC(date, part) and TRUNC(number [, scale]) share the name.
    const { kind } = bound.args[0]!.type;
    const isDate = kind === "DATE" || kind === "TIME" || isTimestamp(bound.args[0]!.type);
    if (isDate && bound.args.length === 2) {
      return truncate(datePart(bound.args[1]!, "TRUNC"), bound.args[0]!, context.session);
    }
    return truncateNumber(bound, context);
  }),
  define(
    ["DATEADD", "TIMEADD", "TIMESTAMPADD"],
    3,
    3,
    (bound, context) => {
      const part = datePart(bound.args[0]!, bound.name);
      const amount = coerce(bound.args[1]!, "N", context.session);
      const added = amount && dateAdd(part, amount, date(bound, 2, context), context.session);
      if (!added) throw typeMismatch(bound);
      return added;
    },
    [0],
  ),
  define(
    ["DATEDIFF", "TIMEDIFF", "TIMESTAMPDIFF"],
    3,
    3,
    (bound, context) =>
      dateDiff(datePart(bound.args[0]!, bound.name), date(bound, 1, context), date(bound, 2, context), context.session),
    [0],
  ),
  define(
    "DATE_TRUNC",
    2,
    2,
    (bound, context) => {
      // The part may come second, as in TRUNC.
      if (constantValue(bound.args[0]!) === undefined) {
        return truncate(datePart(bound.args[1]!, bound.name), date(bound, 0, context), context.session);
      }
      return truncate(datePart(bound.args[0]!, bound.name), date(bound, 1, context), context.session);
    },
    [0],
  ),
  define(
    ["DATE_PART"],
    2,
    2,
    (bound, context) =>
      extract("DATE_PART", datePart(bound.args[0]!, bound.name), date(bound, 1, context), context.session),
    [0],
  ),
  partFunction("YEAR", "year"),
  partFunction("QUARTER", "quarter"),
  partFunction("MONTH", "month"),
  partFunction("DAY", "day"),
  partFunction("DAYOFMONTH", "day"),
  partFunction("DAYOFWEEK", "dayofweek"),
  partFunction("DAYOFWEEKISO", "dayofweekiso"),
  partFunction("DAYOFYEAR", "dayofyear"),
  partFunction("WEEK", "week"),
  partFunction("WEEKOFYEAR", "week"),
  partFunction("WEEKISO", "weekiso"),
  partFunction("YEAROFWEEK", "yearofweek"),
  partFunction("YEAROFWEEKISO", "yearofweekiso"),
  partFunction("HOUR", "hour"),
  partFunction("MINUTE", "minute"),
  partFunction("SECOND", "second"),
  define(
    "LAST_DAY",
    1,
    2,
    (bound, context) => {
      const part = bound.args[1] ? datePart(bound.args[1], "LAST_DAY") : "month";
      const day = local(date(bound, 0, context), context.session);
      const ends: Partial<Record<DatePart, string>> = {
        year: "CAST(date_trunc('year', $0) + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE)",
        quarter: "CAST(date_trunc('quarter', $0) + INTERVAL 3 MONTH - INTERVAL 1 DAY AS DATE)",
        month: "last_day($0)",
        week: `(${weekFloor("$0", context.session)} + 6)`,
      };
      const text = ends[part];
      if (!text) throw unsupported(`LAST_DAY of ${part.toUpperCase()}`);
      return call("LAST_DAY", text, [day], DATE);
    },
    [1],
  ),
  define("ADD_MONTHS", 2, 2, (bound, context) => {
    const value = date(bound, 0, context);
    const months = coerce(bound.args[1]!, "I", context.session);
    if (!months) throw typeMismatch(bound);
    const wall = local(value, context.session);
    const added = "fn.add_months($0, CAST($1 AS INTEGER))";
    const made = call("ADD_MONTHS", added, [wall, months], TIMESTAMP_NTZ);
    return castTo(made, value.type, context.session);
  }),
  define("MONTHS_BETWEEN", 2, 2, (bound, context) => {
    const [a, b] = [0, 1].map((i) => local(date(bound, i, context), context.session)) as [
      BoundExpression,
      BoundExpression,
    ];
    return call("MONTHS_BETWEEN", "fn.months_between($0, $1)", [a, b], { kind: "FLOAT" });
  }),
  nameFunction("DAYNAME", "%a"),
  nameFunction("MONTHNAME", "%b"),
  define("NEXT_DAY", 2, 2, (bound, context) => {
    const args = [
      castTo(date(bound, 0, context), DATE, context.session),
      castTo(bound.args[1]!, VARCHAR, context.session),
    ];
    return call("NEXT_DAY", `($0 + CAST((${DAY} - dayofweek($0) + 6) % 7 + 1 AS INTEGER))`, args, DATE);
  }),
  define("PREVIOUS_DAY", 2, 2, (bound, context) => {
    const args = [
      castTo(date(bound, 0, context), DATE, context.session),
      castTo(bound.args[1]!, VARCHAR, context.session),
    ];
    return call("PREVIOUS_DAY", `($0 - CAST((dayofweek($0) - ${DAY} + 6) % 7 + 1 AS INTEGER))`, args, DATE);
  }),
  dateFromParts,
  scalar(["TIME_FROM_PARTS", "TIMEFROMPARTS"], "III?I", TIME, [
    `CAST(make_timestamp(${microseconds("$0", "$1", "$2")}) AS TIME)`,
    `CAST(make_timestamp(${microseconds("$0", "$1", "$2")} + CAST(fn.nanos_as_micros($3) AS BIGINT)) AS TIME)`,
  ]),
  timestampFromParts(["TIMESTAMP_FROM_PARTS", "TIMESTAMPFROMPARTS"], (session) => ({
    kind: session.timestampTypeMapping,
    scale: 9,
  })),
  timestampFromParts(["TIMESTAMP_NTZ_FROM_PARTS", "TIMESTAMPNTZFROMPARTS"], () => TIMESTAMP_NTZ),
  timestampFromParts(["TIMESTAMP_LTZ_FROM_PARTS", "TIMESTAMPLTZFROMPARTS"], () => TIMESTAMP_LTZ),
  timestampFromParts(["TIMESTAMP_TZ_FROM_PARTS", "TIMESTAMPTZFROMPARTS"], () => TIMESTAMP_TZ),
  define("CONVERT_TIMEZONE", 2, 3, convertTimezone),
  define(
    "TIME_SLICE",
    3,
    4,
    (bound, context) => {
      const part = datePart(bound.args[2]!, "TIME_SLICE");
      const length = constantOf(bound, 1);
      const edge = bound.args[3] ? String(constantOf(bound, 3)).toUpperCase() : "START";
      const value = date(bound, 0, context);
      if (
        length === null ||
        !/^[1-9]\d{0,8}$/.test(length) ||
        (edge !== "START" && edge !== "END") ||
        isTimestamp(value.type) === (value.type.kind === "DATE")
      )
        throw typeMismatch(bound);
      if (value.type.kind === "TIMESTAMP_TZ" || value.type.kind === "TIMESTAMP_LTZ") throw typeMismatch(bound);
      const wall = local(value, context.session);
      const made = call("TIME_SLICE", sliceSql(part, Number(length), edge, context.session), [wall], TIMESTAMP_NTZ);
      return castTo(made, value.type, context.session);
    },
    [2],
  ),
];
