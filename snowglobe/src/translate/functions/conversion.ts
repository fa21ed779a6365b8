import { unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import {
  BINARY,
  BOOLEAN,
  DATE,
  FLOAT,
  TIME,
  TIMESTAMP_LTZ,
  TIMESTAMP_NTZ,
  TIMESTAMP_TZ,
  VARCHAR,
} from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call, constantValue } from "../construct";
import { formatTimestampSql } from "../dateFormat";
import { timeByFormat } from "../timeByFormat";
import type { SessionContext } from "../environment";
import { number } from "../types/numeric";
import { isTimestamp } from "../types/physicalType";
import type { BoundArguments, FunctionDefinition } from "./definition";
import { typeMismatch } from "./signature";

function define(
  names: readonly string[],
  min: number,
  max: number,
  bind: FunctionDefinition["bind"],
): FunctionDefinition {
  return { names, min, max, kind: "scalar", bind };
}

function constantText(bound: BoundArguments, index: number): string | undefined {
  const arg = bound.args[index];
  if (!arg) return undefined;
  const value = constantValue(arg);
  if (typeof value !== "string") throw unsupported(`${bound.name} with a format that is no constant`);
  return value;
}

/** TRY_ functions take text only, as Snowflake's do. */
function tries(bound: BoundArguments): boolean {
  return bound.name.startsWith("TRY_");
}

/** TO_CHAR(value [, format]). Source: "TO_CHAR, TO_VARCHAR". */
const toChar: FunctionDefinition["bind"] = (bound, context) => {
  const value = bound.args[0]!;
  const format = constantText(bound, 1);
  if (value.type.kind === "VARIANT" || value.type.kind === "OBJECT" || value.type.kind === "ARRAY") {
    return call(
      bound.name,
      value.type.kind === "VARIANT" ? "fn.json_text($0)" : "CAST($0 AS VARCHAR)",
      [value],
      VARCHAR,
      true,
    );
  }
  if (format === undefined) return castTo(value, VARCHAR, context.session, "explicit");
  if (value.type.kind === "DATE" || value.type.kind === "TIME" || isTimestamp(value.type)) {
    return formatTimestampSql(value, format, context.session);
  }
  if (value.type.kind === "NUMBER") return numberFormat(value, format);
  if (value.type.kind === "BINARY" && /^hex$/i.test(format)) return castTo(value, VARCHAR, context.session);
  if (value.type.kind === "VARCHAR" || value.type.kind === "NULL") {
    // A text with a date format is read as a timestamp first.
    return formatTimestampSql(castTo(value, TIMESTAMP_NTZ, context.session), format, context.session);
  }
  throw unsupported(`${bound.name} of ${value.type.kind} with format '${format}'`);
};

/**
 * Fixed-position formats of digits: 9, 0, D or point, G or comma, S, FM. Source: "SQL format models". Other elements are
 * refused.
 */
function numberFormat(value: BoundExpression, format: string): BoundExpression {
  const compact = /^FM/i.test(format);
  const body = format.replace(/^FM/i, "").toUpperCase();
  const match = /^([90]+)(?:\.([90]+))?$/.exec(body);
  if (!match) throw unsupported(`number format '${format}'`);
  const whole = match[1]!;
  const fraction = match[2] ?? "";
  const scaled = `CAST($0 AS DECIMAL(38,${fraction.length}))`;
  const firstZero = whole.indexOf("0");
  const minimum = firstZero < 0 ? (fraction === "" ? 1 : 0) : whole.length - firstZero;
  const width = whole.length + (fraction === "" ? 0 : fraction.length + 1) + 1;
  const digits = `split_part(CAST(abs(${scaled}) AS VARCHAR), '.', 1)`;
  const padded = `(CASE WHEN ${digits} = '0' AND ${minimum} = 0 THEN '' ELSE lpad(${digits}, CAST(greatest(length(${digits}), ${minimum}) AS INTEGER), '0') END)`;
  const decimals = fraction === "" ? "''" : `('.' || split_part(CAST(abs(${scaled}) AS VARCHAR), '.', 2))`;
  const text = `((CASE WHEN ${scaled} < 0 THEN '-' ELSE '' END) || ${padded} || ${decimals})`;
  const overflow = `(CASE WHEN length(${digits}) > ${whole.length} AND ${digits} <> '0' THEN repeat('#', ${width}) ELSE ${compact ? text : `lpad(${text}, ${width}, ' ')`} END)`;
  return call("TO_CHAR", overflow, [value], VARCHAR);
}

/** TO_NUMBER(value [, format] [, precision [, scale]]). Source: "TO_DECIMAL, TO_NUMBER, TO_NUMERIC". */
const toNumber: FunctionDefinition["bind"] = (bound, context) => {
  const rest = bound.args.slice(1).map((_, i) => constantText(bound, i + 1)!);
  let value = bound.args[0]!;
  if (rest.length > 0 && !/^\d+$/.test(rest[0]!)) {
    const format = rest.shift()!;
    if (!/^[$90,.DGSMI]+$/i.test(format)) throw unsupported(`number format '${format}'`);
    // Signs of grouping and currency carry no value.
    value = call("REPLACE", "regexp_replace($0, '[$, ]', '', 'g')", [castTo(value, VARCHAR, context.session)], VARCHAR);
  }
  const precision = rest[0] === undefined ? 38 : Number(rest[0]);
  const scale = rest[1] === undefined ? 0 : Number(rest[1]);
  return castTo(value, number(precision, scale), context.session, tries(bound) ? "try" : "explicit");
};

function converter(names: readonly string[], type: DataType): FunctionDefinition {
  return define(names, 1, 1, (bound, context) =>
    castTo(bound.args[0]!, type, context.session, tries(bound) ? "try" : "explicit"),
  );
}

/** TO_DATE, TO_TIME, TO_TIMESTAMP...: (text [, format]), (number [, scale]), (date or timestamp), (variant). */
function toTime(names: readonly string[], type: (session: SessionContext) => DataType): FunctionDefinition {
  return define(names, 1, 2, (bound, context) => {
    const { session } = context;
    const target = type(session);
    const value = bound.args[0]!;
    const mode = tries(bound) ? "try" : "explicit";
    const second = constantText(bound, 1);
    if (second === undefined || /^auto$/i.test(second)) return castTo(value, target, session, mode);
    if (value.type.kind === "NUMBER") {
      // Seconds, thousandths ... by the scale.
      const scaled = call(
        "TO_TIMESTAMP",
        `CAST(CAST($0 AS DECIMAL(38,0)) * CAST(${10 ** -Number(second)} AS DECIMAL(10,9)) AS DECIMAL(38,9))`,
        [value],
        number(38, 9),
      );
      return castTo(scaled, target, session, mode);
    }
    if (value.type.kind !== "VARCHAR" && value.type.kind !== "NULL" && value.type.kind !== "VARIANT") {
      if (value.type.kind === "DATE" || isTimestamp(value.type)) return castTo(value, target, session, mode);
      throw typeMismatch(bound);
    }
    return timeByFormat(bound.name, castTo(value, VARCHAR, session), second, target, session, tries(bound));
  });
}

const mapped = (session: SessionContext): DataType => ({ kind: session.timestampTypeMapping, scale: 9 });

export const conversionFunctions: readonly FunctionDefinition[] = [
  define(["TO_CHAR", "TO_VARCHAR"], 1, 2, toChar),
  define(
    ["TO_NUMBER", "TO_DECIMAL", "TO_NUMERIC", "TRY_TO_NUMBER", "TRY_TO_DECIMAL", "TRY_TO_NUMERIC"],
    1,
    4,
    toNumber,
  ),
  converter(["TO_DOUBLE", "TRY_TO_DOUBLE"], FLOAT),
  converter(["TO_BOOLEAN", "TRY_TO_BOOLEAN"], BOOLEAN),
  define(["TO_BINARY", "TRY_TO_BINARY"], 1, 2, (bound, context) => {
    const format = constantText(bound, 1)?.toUpperCase() ?? "HEX";
    const value = bound.args[0]!;
    const mode = tries(bound) ? "try" : "explicit";
    if (format === "HEX") return castTo(value, BINARY, context.session, mode);
    const text = castTo(value, VARCHAR, context.session);
    if (format === "UTF-8" || format === "UTF8") return call(bound.name, "encode($0)", [text], BINARY);
    if (format === "BASE64")
      return call(bound.name, mode === "try" ? "TRY(from_base64($0))" : "from_base64($0)", [text], BINARY);
    throw unsupported(`${bound.name} with format '${format}'`);
  }),
  toTime(["TO_DATE", "DATE", "TRY_TO_DATE"], () => DATE),
  toTime(["TO_TIME", "TIME", "TRY_TO_TIME"], () => TIME),
  toTime(["TO_TIMESTAMP", "TRY_TO_TIMESTAMP"], mapped),
  toTime(["TO_TIMESTAMP_NTZ", "TRY_TO_TIMESTAMP_NTZ"], () => TIMESTAMP_NTZ),
  toTime(["TO_TIMESTAMP_LTZ", "TRY_TO_TIMESTAMP_LTZ"], () => TIMESTAMP_LTZ),
  toTime(["TO_TIMESTAMP_TZ", "TRY_TO_TIMESTAMP_TZ"], () => TIMESTAMP_TZ),
];
