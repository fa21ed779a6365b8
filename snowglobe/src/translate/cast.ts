import { compilationError } from "../errors";
import type { DataType } from "../sql/ast/dataType";
import { dataTypeText, VARCHAR } from "../sql/ast/dataType";
import type { BoundExpression } from "./boundExpression";
import { call, caseCall, nullLiteral } from "./construct";
import { formatTimestampSql } from "./dateFormat";
import type { SessionContext } from "./environment";
import { raiseSql } from "./raise";
import { TAG_MARK, TAGS } from "./variant/tags";
import { inputFormat, timeByFormat, withoutInputFormats } from "./timeByFormat";
import { isSemiStructured, isTimestamp, numberTextSql, physicalType, sameType } from "./types/physicalType";
import { literal } from "../quoting";

/**
 * How a value becomes another type.
 * - explicit: CAST; text longer than VARCHAR(n) is cut.
 * - implicit: what the binder adds.
 * - try: TRY_CAST; NULL where the value does not fit.
 * - assign: into a column; text longer than the column is error 100078.
 */
export type CastMode = "explicit" | "implicit" | "try" | "assign";

/**
 * A value as another type, with Snowflake's rules and errors. Source: "Data type conversion", "CAST", "TRY_CAST".
 *
 * @throws SnowflakeError 001007 where there is no such conversion
 */
export function castTo(
  expression: BoundExpression,
  target: DataType,
  session: SessionContext,
  mode: CastMode = "implicit",
): BoundExpression {
  const source = expression.type;
  if (source.kind === "NULL") {
    return expression.kind === "literal"
      ? nullLiteral(target)
      : wrap(expression, `CAST($0 AS ${physicalType(target)})`, target);
  }
  if (sameType(source, target) && !(target.kind === "VARCHAR" && shortens(source, target)))
    return dataTypeText(source) === dataTypeText(target) ? expression : cut(expression, source, target);
  if (target.kind === "NULL") return expression;
  const folded = foldLiteral(expression, target, session);
  if (folded) return folded;
  if (isSemiStructured(source) && !isSemiStructured(target)) return fromVariant(expression, target, session, mode);
  const conversion = convert(expression, target, session, mode);
  if (!conversion) {
    throw compilationError(
      mode === "assign"
        ? `Expression type does not match column data type, expecting ${dataTypeText(target)} but got ${dataTypeText(source)}`
        : `invalid type [CAST(${source.kind} AS ${dataTypeText(target)})] for parameter 'TO_${target.kind}'`,
      mode === "assign" ? "002023" : "001007",
      mode === "assign" ? "22000" : "22023",
    );
  }
  return conversion;
}

function wrap(
  expression: BoundExpression,
  text: string,
  type: DataType,
  nullable = expression.nullable,
): BoundExpression {
  return call("CAST", text, [expression], type, nullable);
}

/** The same physical value under a type that differs in length or in the scale of seconds only. */
function cut(expression: BoundExpression, source: DataType, target: DataType): BoundExpression {
  const loses = hasSeconds(source) && hasSeconds(target) && target.scale < source.scale;
  return loses ? rounded(expression, target) : { ...expression, type: target };
}

type TypeWithSeconds = Extract<DataType, { kind: "TIME" | "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" | "TIMESTAMP_TZ" }>;

function hasSeconds(type: DataType): type is TypeWithSeconds {
  return type.kind === "TIME" || isTimestamp(type);
}

function shortens(source: DataType, target: DataType): boolean {
  return source.kind === "VARCHAR" && target.kind === "VARCHAR" && target.length < source.length;
}

/** Constants that need no conversion at run time: ISO dates and timestamps, plain numbers. */
function foldLiteral(
  expression: BoundExpression,
  target: DataType,
  session: SessionContext,
): BoundExpression | undefined {
  if (expression.kind !== "literal" || expression.value === null || expression.type.kind !== "VARCHAR")
    return undefined;
  if ((target.kind !== "DATE" && target.kind !== "TIMESTAMP_NTZ") || inputFormat(target, session) !== undefined)
    return undefined;
  const value = expression.value;
  const literal = (sql: string): BoundExpression => ({ kind: "literal", sql, value, type: target, nullable: false });
  if (target.kind === "DATE") return isIsoDate(value) ? literal(`DATE '${value}'`) : undefined;
  const [date = "", time = "00:00:00", ...more] = value.split(" ");
  const clock = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(\d{1,6}))?$/.exec(time);
  const fits = clock !== null && (clock[2] ?? "").length <= target.scale;
  return isIsoDate(date) && fits && more.length === 0 ? literal(`TIMESTAMP '${value}'`) : undefined;
}

function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && !text.startsWith("0000");
}

/** `tried`, or the error that `reject` raises, unless the mode asks for NULL. */
function orReject(
  expression: BoundExpression,
  tried: string,
  reject: string,
  target: DataType,
  mode: CastMode,
): BoundExpression {
  if (mode === "try") return wrap(expression, tried, target, true);
  return wrap(expression, `coalesce(${tried}, ${reject}($0))`, target);
}

function convert(
  expression: BoundExpression,
  target: DataType,
  session: SessionContext,
  mode: CastMode,
): BoundExpression | undefined {
  switch (target.kind) {
    case "NUMBER":
      return toNumber(expression, target, mode);
    case "FLOAT":
      return toFloat(expression, target, mode);
    case "VARCHAR":
      return toText(expression, target, session, mode);
    case "BOOLEAN":
      return toBoolean(expression, target, mode);
    case "DATE":
      return toDate(expression, target, session, mode);
    case "TIME":
      return toTime(expression, target, session, mode);
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_TZ":
      return toTimestamp(expression, target, session, mode);
    case "BINARY":
      return expression.type.kind === "VARCHAR"
        ? orReject(
            expression,
            "CASE WHEN regexp_full_match($0, '([0-9a-fA-F]{2})*') THEN unhex($0) END",
            "fn.bad_binary",
            target,
            mode,
          )
        : undefined;
    case "VARIANT":
      return toVariant(expression, session);
    case "ARRAY":
    case "OBJECT":
      return toStructured(expression, target, session, mode);
    case "NULL":
      return expression;
  }
}

function toNumber(expression: BoundExpression, target: DataType, mode: CastMode): BoundExpression | undefined {
  const type = physicalType(target);
  switch (expression.type.kind) {
    case "VARCHAR":
      return orReject(expression, textToNumber(target as NumberType), "fn.bad_number", target, mode);
    case "NUMBER":
    case "FLOAT":
      return wrap(expression, mode === "try" ? `TRY_CAST($0 AS ${type})` : `CAST($0 AS ${type})`, target);
    case "BOOLEAN":
      return wrap(expression, `CAST(CAST($0 AS INTEGER) AS ${type})`, target);
    default:
      return undefined;
  }
}

type NumberType = Extract<DataType, { kind: "NUMBER" }>;

/**
 * DuckDB casts text to decimals of more than 18 digits about twenty times slower than to smaller ones, so the smaller
 * type is tried first.
 */
function textToNumber(target: NumberType): string {
  const type = physicalType(target);
  const whole = `TRY_CAST(fn.number_text($0) AS ${type})`;
  if (target.precision <= 18 || target.scale >= 18) return whole;
  return `coalesce(CAST(TRY_CAST(fn.number_text($0) AS DECIMAL(18,${target.scale})) AS ${type}), ${whole})`;
}

function toFloat(expression: BoundExpression, target: DataType, mode: CastMode): BoundExpression | undefined {
  switch (expression.type.kind) {
    case "VARCHAR":
      return orReject(expression, "TRY_CAST(fn.double_text($0) AS DOUBLE)", "fn.bad_number", target, mode);
    case "NUMBER":
    case "BOOLEAN":
      return wrap(expression, "CAST($0 AS DOUBLE)", target);
    default:
      return undefined;
  }
}

function toText(
  expression: BoundExpression,
  target: Extract<DataType, { kind: "VARCHAR" }>,
  session: SessionContext,
  mode: CastMode,
): BoundExpression | undefined {
  const text = plainText(expression, session);
  if (!text) return undefined;
  const fits = text.type.kind === "VARCHAR" && text.type.length <= target.length;
  if (fits || target.length >= VARCHAR_MAX) return { ...text, type: target };
  if (mode === "assign") {
    const message = `'String ''' || left($0, 50) || ''' is too long and would be truncated'`;
    return wrap(
      text,
      `CASE WHEN length($0) > ${target.length} THEN error('SNOWGLOBE|100078|22000|' || ${message}) ELSE $0 END`,
      target,
    );
  }
  // TRY_CAST of what is too long is NULL, where CAST cuts it.
  if (mode === "try") return wrap(text, `CASE WHEN length($0) <= ${target.length} THEN $0 END`, target, true);
  return wrap(text, `left($0, ${target.length})`, target);
}

const VARCHAR_MAX = 16_777_216;

/** The text of a value as Snowflake prints it when it casts to VARCHAR. */
function plainText(expression: BoundExpression, session: SessionContext): BoundExpression | undefined {
  switch (expression.type.kind) {
    case "VARCHAR":
      return expression;
    case "NUMBER": {
      const { precision, scale } = expression.type;
      return wrap(expression, numberTextSql("$0", expression.type), {
        kind: "VARCHAR",
        length: precision + (scale > 0 ? 2 : 1),
      });
    }
    case "FLOAT":
      return wrap(expression, "fn.double_to_text($0)", VARCHAR);
    case "BOOLEAN":
      return wrap(expression, "CAST($0 AS VARCHAR)", { kind: "VARCHAR", length: 5 });
    case "BINARY":
      return wrap(expression, "hex($0)", VARCHAR);
    case "DATE":
    case "TIME":
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_TZ":
      return formatTimestampSql(expression, undefined, session);
    default:
      return undefined;
  }
}

function toBoolean(expression: BoundExpression, target: DataType, mode: CastMode): BoundExpression | undefined {
  switch (expression.type.kind) {
    case "VARCHAR":
      return orReject(expression, "fn.try_boolean($0)", "fn.bad_boolean", target, mode);
    case "NUMBER":
    case "FLOAT":
      return wrap(expression, "($0 <> 0)", target);
    default:
      return undefined;
  }
}

function toDate(
  expression: BoundExpression,
  target: DataType,
  session: SessionContext,
  mode: CastMode,
): BoundExpression | undefined {
  if (expression.type.kind === "VARCHAR") return fromText(expression, target, session, mode);
  const wall = wallClock(expression, session);
  return wall && wrap(wall, "CAST($0 AS DATE)", target);
}

function toTime(
  expression: BoundExpression,
  target: Extract<DataType, { kind: "TIME" }>,
  session: SessionContext,
  mode: CastMode,
): BoundExpression | undefined {
  if (expression.type.kind === "VARCHAR") return rounded(fromText(expression, target, session, mode), target);
  if (expression.type.kind === "DATE") return undefined;
  const wall = wallClock(expression, session);
  return wall && rounded(wrap(wall, "CAST($0 AS TIME)", target), target);
}

/** A text as a date, time or timestamp: by the session's input format, or as it is detected. */
function fromText(
  expression: BoundExpression,
  target: DataType,
  session: SessionContext,
  mode: CastMode,
): BoundExpression {
  const zone = literal(session.timezone);
  const kind = target.kind === "DATE" ? "date" : target.kind === "TIME" ? "time" : "timestamp";
  const format = inputFormat(target, session);
  if (format !== undefined) return timeByFormat("CAST", expression, format, target, session, mode === "try");
  const digits = `'${hasSeconds(target) ? target.scale : 0}'`;
  const readers: Partial<Record<DataType["kind"], string>> = {
    DATE: "fn.try_date($0)",
    TIME: `fn.try_time($0, ${digits})`,
    TIMESTAMP_NTZ: `fn.try_ntz($0, ${digits})`,
    TIMESTAMP_LTZ: `fn.try_ltz($0, ${zone}, ${digits})`,
    TIMESTAMP_TZ: `fn.try_tz($0, ${zone}, ${digits})`,
  };
  return orReject(expression, readers[target.kind]!, `fn.bad_${kind}`, target, mode);
}

/** A date or timestamp as the local time that its reader sees: a TIMESTAMP_NTZ. */
export function wallClock(expression: BoundExpression, session: SessionContext): BoundExpression | undefined {
  const type: DataType = { kind: "TIMESTAMP_NTZ", scale: 9 };
  const zone = literal(session.timezone);
  switch (expression.type.kind) {
    case "DATE":
      return wrap(expression, "CAST($0 AS TIMESTAMP)", type);
    case "TIMESTAMP_NTZ":
      return expression;
    case "TIMESTAMP_LTZ":
      return wrap(expression, `timezone(${zone}, $0)`, type);
    case "TIMESTAMP_TZ":
      return wrap(expression, "fn.tz_wall($0)", type);
    default:
      return undefined;
  }
}

/** A date or timestamp as an instant: a TIMESTAMP_LTZ. Wall clocks are read in the session's time zone. */
export function instant(expression: BoundExpression, session: SessionContext): BoundExpression | undefined {
  const type: DataType = { kind: "TIMESTAMP_LTZ", scale: 9 };
  const zone = literal(session.timezone);
  switch (expression.type.kind) {
    case "DATE":
      return wrap(expression, `timezone(${zone}, CAST($0 AS TIMESTAMP))`, type);
    case "TIMESTAMP_NTZ":
      return wrap(expression, `timezone(${zone}, $0)`, type);
    case "TIMESTAMP_LTZ":
      return expression;
    case "TIMESTAMP_TZ":
      return wrap(expression, "fn.tz_instant($0)", type);
    default:
      return undefined;
  }
}

function toTimestamp(
  expression: BoundExpression,
  target: Extract<DataType, { kind: "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" | "TIMESTAMP_TZ" }>,
  session: SessionContext,
  mode: CastMode,
): BoundExpression | undefined {
  const zone = literal(session.timezone);
  const source = expression.type;
  if (source.kind === "VARCHAR") return rounded(fromText(expression, target, session, mode), target);
  if (source.kind === "NUMBER" || source.kind === "FLOAT") {
    // A number is seconds since 1970, in UTC.
    // Floats are no exact fractions; those of a NUMBER beyond what is stored are refused where they are to be kept.
    const finer = source.kind === "NUMBER" && source.scale > 6 && target.scale > 6;
    const micros = finer
      ? "CAST(fn.nanos_as_micros(CAST(CAST($0 AS DECIMAL(38,9)) * 1000000000 AS HUGEINT)) AS BIGINT)"
      : "CAST(CAST($0 AS DECIMAL(38,6)) * 1000000 AS BIGINT)";
    const utc = wrap(expression, `make_timestamp(${micros})`, {
      kind: "TIMESTAMP_NTZ",
      scale: 9,
    });
    if (target.kind === "TIMESTAMP_NTZ") return rounded(utc, target);
    const at = wrap(utc, "timezone('UTC', $0)", { kind: "TIMESTAMP_LTZ", scale: 9 });
    return rounded(target.kind === "TIMESTAMP_LTZ" ? at : wrap(at, `fn.ltz_to_tz($0, ${zone})`, target), target);
  }
  if (target.kind === "TIMESTAMP_NTZ") {
    const wall = wallClock(expression, session);
    return wall && rounded(wall, target);
  }
  const at = instant(expression, session);
  if (!at) return undefined;
  if (target.kind === "TIMESTAMP_LTZ") return rounded(at, target);
  return rounded(wrap(at, `fn.ltz_to_tz($0, ${zone})`, target), target);
}

/** Cuts fractions of a second that the type has no room for. */
function rounded(expression: BoundExpression, target: TypeWithSeconds): BoundExpression {
  if (target.scale >= 6) return { ...expression, type: target };
  const unit = 10 ** (6 - target.scale);
  const whole = (stamp: string): string =>
    `make_timestamp(epoch_us(${stamp}) - ((epoch_us(${stamp}) % ${unit}) + ${unit}) % ${unit})`;
  switch (target.kind) {
    case "TIME":
      return wrap(expression, `CAST(${whole("(DATE '1970-01-01' + $0)")} AS TIME)`, target);
    case "TIMESTAMP_NTZ":
      return wrap(expression, whole("$0"), target);
    case "TIMESTAMP_LTZ":
      return wrap(expression, `timezone('UTC', ${whole("timezone('UTC', $0)")})`, target);
    case "TIMESTAMP_TZ":
      return wrap(expression, `fn.tz_make(${whole("($0).utc")}, ($0)."offset")`, target);
  }
}

/** TO_VARIANT. Source: "TO_VARIANT". */
export function toVariant(expression: BoundExpression, session: SessionContext): BoundExpression | undefined {
  const target: DataType = { kind: "VARIANT" };
  switch (expression.type.kind) {
    case "NULL":
      return nullLiteral(target);
    case "VARIANT":
    case "OBJECT":
    case "ARRAY":
      return { ...expression, type: target };
    case "NUMBER":
      return wrap(expression, `fn.json_decimal(${numberTextSql("$0", expression.type)})`, target);
    case "FLOAT":
      return wrap(expression, "fn.json_double($0)", target);
    case "BOOLEAN":
    case "VARCHAR":
      return wrap(expression, "to_json($0)", target);
    default: {
      const format = VARIANT_FORMATS[expression.type.kind];
      const text = format ? formatTimestampSql(expression, format, session) : plainText(expression, session);
      return text && wrap(text, `fn.variant_tag('${TAGS[expression.type.kind]}', $0)`, target);
    }
  }
}

/** How dates and times lie in a VARIANT: with all that they have. */
const VARIANT_FORMATS: Partial<Record<DataType["kind"], string>> = {
  DATE: "YYYY-MM-DD",
  TIME: "HH24:MI:SS.FF6",
  TIMESTAMP_NTZ: "YYYY-MM-DD HH24:MI:SS.FF6",
  TIMESTAMP_LTZ: "YYYY-MM-DD HH24:MI:SS.FF6 TZHTZM",
  TIMESTAMP_TZ: "YYYY-MM-DD HH24:MI:SS.FF6 TZHTZM",
};

function toStructured(
  expression: BoundExpression,
  target: DataType,
  session: SessionContext,
  mode: CastMode,
): BoundExpression | undefined {
  if (expression.type.kind === "VARIANT") {
    if (target.kind === "OBJECT") {
      const rejected = raiseSql(
        "100071",
        "22000",
        "'Failed to cast variant value ' || fn.variant_text($0) || ' to OBJECT'",
      );
      return wrap(
        expression,
        `CASE left(CAST($0 AS VARCHAR), 1) WHEN '{' THEN $0 WHEN 'n' THEN NULL ELSE CASE WHEN $0 IS NOT NULL THEN ${mode === "try" ? "NULL" : rejected} END END`,
        target,
        true,
      );
    }
    return wrap(
      expression,
      "CASE left(CAST($0 AS VARCHAR), 1) WHEN '[' THEN $0 WHEN 'n' THEN NULL ELSE CAST('[' || CAST($0 AS VARCHAR) || ']' AS JSON) END",
      target,
      true,
    );
  }
  if (target.kind === "ARRAY" && expression.type.kind !== "OBJECT") {
    const value = toVariant(expression, session);
    return value && wrap(value, "CAST('[' || CAST($0 AS VARCHAR) || ']' AS JSON)", target);
  }
  return undefined;
}

/** VARIANT to a plain type goes by its text without JSON's quotes; JSON's null becomes NULL. */
function fromVariant(
  expression: BoundExpression,
  target: DataType,
  session: SessionContext,
  mode: CastMode,
): BoundExpression {
  if (target.kind === "VARCHAR") {
    const text = wrap(expression, "fn.json_text($0)", VARCHAR, true);
    return toText(text, target, session, mode) ?? text;
  }
  const rejected = raiseSql(
    "100071",
    "22000",
    `'Failed to cast variant value ' || fn.variant_text($0) || ' to ${target.kind === "NUMBER" ? "FIXED" : target.kind === "FLOAT" ? "REAL" : target.kind}'`,
  );
  const scalar = `CASE WHEN left(CAST($0 AS VARCHAR), 1) IN ('{', '[') THEN ${mode === "try" ? "NULL" : rejected} ELSE`;
  const text = wrap(expression, `(${scalar} ${variantScalar(target)} END)`, VARCHAR, true);
  if (inputFormat(target, session) === undefined) return castTo(text, target, session, mode);
  // Dates and times lie there in a form of their own; texts are read by the session's format.
  const own = wrap(expression, `starts_with(CAST($0 AS VARCHAR), '"${TAG_MARK}')`, { kind: "BOOLEAN" });
  const values = [withoutInputFormats(session), session].map((one) => castTo(text, target, one, mode));
  return caseCall([own], values, target);
}

/** What a VARIANT's scalar is as text that the cast to a type reads. */
function variantScalar(target: DataType): string {
  switch (target.kind) {
    case "NUMBER":
    case "FLOAT":
      return "CASE CAST($0 AS VARCHAR) WHEN 'true' THEN '1' WHEN 'false' THEN '0' ELSE fn.json_raw($0) END";
    case "BOOLEAN":
      return "CASE WHEN fn.type_of($0) IN ('INTEGER', 'DECIMAL', 'DOUBLE') THEN CASE WHEN CAST(fn.json_raw($0) AS DOUBLE) = 0 THEN 'false' ELSE 'true' END ELSE fn.json_raw($0) END";
    default:
      return "fn.json_raw($0)";
  }
}
