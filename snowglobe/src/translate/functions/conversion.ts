import { tooManyArguments, unsupported } from "../../errors";
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
  VARIANT,
} from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call, constantValue, nullLiteral } from "../construct";
import { formatByExpression, formatTimestampSql } from "../dateFormat";
import { timeByFormat } from "../timeByFormat";
import type { SessionContext } from "../environment";
import { numberModel } from "../numberFormat/model";
import { number } from "../types/numeric";
import { isTimestamp } from "../types/physicalType";
import type { BoundArguments, FunctionContext, FunctionDefinition } from "./definition";
import { argument, constantOf, define, numberType, typeMismatch } from "./signature";

type Bind = FunctionDefinition["bind"];

/** TRY_ functions take text only, as Snowflake's do. */
function tries(bound: BoundArguments): boolean {
  return bound.name.startsWith("TRY_");
}

/** TO_CHAR(value [, format]). Source: "TO_CHAR, TO_VARCHAR". */
const toChar: Bind = (bound, context) => {
  const { session } = context;
  const value = bound.args[0]!;
  const format = bound.args[1] && argument(bound, 1, "T", session);
  const { kind } = value.type;
  if (kind === "VARIANT" || kind === "OBJECT" || kind === "ARRAY") {
    return call(bound.name, kind === "VARIANT" ? "fn.json_text($0)" : "fn.variant_text($0)", [value], VARCHAR, true);
  }
  if (!format || /^auto$/i.test(constantValue(format) ?? "")) return castTo(value, VARCHAR, session, "explicit");
  if (kind === "DATE" || kind === "TIME" || isTimestamp(value.type)) return timeText(value, format, context);
  if (kind === "NUMBER" || kind === "FLOAT") return numberText(value, format, context);
  if (kind === "BINARY") return binaryText(bound, value);
  // A text with a format is read first: as what the format is for.
  if (kind === "VARCHAR" || kind === "NULL") {
    const text = constantValue(format);
    return typeof text === "string" && isNumberModel(text)
      ? numberText(castTo(value, number(38, 10), session), format, context)
      : timeText(castTo(value, TIMESTAMP_NTZ, session), format, context);
  }
  throw typeMismatch(bound);
};

function timeText(value: BoundExpression, format: BoundExpression, { session }: FunctionContext): BoundExpression {
  const text = constantValue(format);
  return typeof text === "string"
    ? formatTimestampSql(value, text, session)
    : formatByExpression(value, format, session);
}

function numberText(value: BoundExpression, format: BoundExpression, { session }: FunctionContext): BoundExpression {
  const text = constantValue(format);
  // What this server cannot do is told before the statement runs.
  if (typeof text === "string") numberModel(text);
  return call("TO_CHAR", "host_write_number($0, $1)", [castTo(value, VARCHAR, session), format], VARCHAR);
}

function isNumberModel(format: string): boolean {
  try {
    numberModel(format);
    return true;
  } catch {
    return false;
  }
}

function binaryText(bound: BoundArguments, value: BoundExpression): BoundExpression {
  const name = constantOf(bound, 1);
  if (name === null) return nullLiteral(VARCHAR);
  const functions: Readonly<Record<string, string>> = { HEX: "hex($0)", BASE64: "base64($0)", "UTF-8": "decode($0)" };
  const sql = functions[name.toUpperCase().replace(/^UTF8$/, "UTF-8")];
  if (sql === undefined) throw unsupported(`${bound.name} with format '${name}'`);
  return call(bound.name, sql, [value], VARCHAR);
}

/** TO_NUMBER(value [, format] [, precision [, scale]]). Source: "TO_DECIMAL, TO_NUMBER, TO_NUMERIC". */
const toNumber: Bind = (bound, context) => {
  const { session } = context;
  const mode = tries(bound) ? "try" : "explicit";
  const formatted = bound.args[1]?.type.kind === "VARCHAR";
  const target = numberType(bound, formatted ? 2 : 1);
  if (!formatted) return castTo(triedText(bound), target, session, mode);
  return castTo(formattedDigits(bound, context), target, session, mode);
};

/** TO_DOUBLE(value [, format]). Source: "TO_DOUBLE". */
const toDouble: Bind = (bound, context) => {
  const mode = tries(bound) ? "try" : "explicit";
  const value = triedText(bound);
  if (bound.args.length === 1) return castTo(value, FLOAT, context.session, mode);
  if (value.type.kind !== "VARCHAR" && value.type.kind !== "NULL") throw typeMismatch(bound);
  return castTo(formattedDigits(bound, context), FLOAT, context.session, mode);
};

/** The digits of a text in a number format. */
function formattedDigits(bound: BoundArguments, { session }: FunctionContext): BoundExpression {
  const format = constantValue(bound.args[1]!);
  if (typeof format === "string") checkModels(format);
  const read = "host_read_number($0, $1)";
  const sql = tries(bound) ? read : `coalesce(${read}, fn.bad_number($0))`;
  return call(bound.name, sql, [argument(bound, 0, "T", session), argument(bound, 1, "T", session)], VARCHAR, true);
}

/** @throws SnowflakeError Unsupported feature for a number format that this server does not read */
function checkModels(format: string): void {
  for (const alternative of format.split("|")) if (!/^auto$/i.test(alternative.trim())) numberModel(alternative);
}

/** The value of a TRY_ function, which takes text only. */
function triedText(bound: BoundArguments): BoundExpression {
  const value = bound.args[0]!;
  if (tries(bound) && value.type.kind !== "VARCHAR" && value.type.kind !== "NULL") throw typeMismatch(bound);
  return value;
}

function converter(names: readonly string[], type: DataType): FunctionDefinition {
  return define(names, 1, 1, (bound, context) =>
    castTo(triedText(bound), type, context.session, tries(bound) ? "try" : "explicit"),
  );
}

/** TO_DATE, TO_TIME, TO_TIMESTAMP...: (text [, format]), (number [, scale]), (date or timestamp), (variant). */
function toTime(names: readonly string[], type: (session: SessionContext) => DataType): FunctionDefinition {
  return define(names, 1, 2, (bound, context) => {
    const { session } = context;
    const target = type(session);
    const value = triedText(bound);
    const mode = tries(bound) ? "try" : "explicit";
    const second = bound.args[1];
    if (value.type.kind === "NUMBER" && target.kind !== "TIME") return ofNumber(bound, target, context);
    const isText = ["VARCHAR", "NULL", "VARIANT"].includes(value.type.kind);
    if (second && !isText) throw tooManyArguments(bound.name, 1, 2);
    if (!second || /^auto$/i.test(constantValue(second) ?? "")) return castTo(value, target, session, mode);
    const text = argument(bound, 0, "T", session);
    return timeByFormat(bound.name, text, argument(bound, 1, "T", session), target, session, tries(bound));
  });
}

/** Seconds, thousandths ... since 1970 by the scale. */
function ofNumber(bound: BoundArguments, target: DataType, { session }: FunctionContext): BoundExpression {
  const scale = bound.args[1] ? constantOf(bound, 1) : "0";
  if (scale === null || !/^\d$/.test(scale)) throw typeMismatch(bound);
  const unit = 10n ** BigInt(scale);
  const value = bound.args[0]!.type;
  const digits = Number(scale) + (value.kind === "NUMBER" ? value.scale : 0);
  const micros =
    digits <= 6
      ? `CAST($0 AS DECIMAL(38,6)) * ${1_000_000n / unit}`
      : `fn.nanos_as_micros(CAST(CAST($0 AS DECIMAL(38,${9 - Number(scale)})) * ${1_000_000_000n / unit} AS HUGEINT))`;
  const text = `make_timestamp(CAST(floor(${micros}) AS BIGINT))`;
  const utc = call(bound.name, text, [bound.args[0]!], TIMESTAMP_NTZ);
  if (target.kind === "TIMESTAMP_NTZ" || target.kind === "DATE") return castTo(utc, target, session);
  return castTo(call("CAST", "timezone('UTC', $0)", [utc], TIMESTAMP_LTZ), target, session);
}

const mapped = (session: SessionContext): DataType => ({ kind: session.timestampTypeMapping, scale: 9 });

/** Texts as bytes. Source: "TO_BINARY". */
const toBinary: Bind = (bound, context) => {
  const format = bound.args[1] ? constantOf(bound, 1) : "HEX";
  if (format === null) return nullLiteral(BINARY);
  const value = bound.args[0]!;
  const mode = tries(bound) ? "try" : "explicit";
  if (value.type.kind === "BINARY") return value;
  const text =
    value.type.kind === "VARIANT" ? castTo(value, VARCHAR, context.session) : argument(bound, 0, "T", context.session);
  switch (format.toUpperCase()) {
    case "HEX":
      return castTo(text, BINARY, context.session, mode);
    case "UTF-8":
    case "UTF8":
      return call(bound.name, "encode($0)", [text], BINARY);
    case "BASE64":
      return call(bound.name, mode === "try" ? "fn.try_base64($0)" : "fn.base64($0)", [text], BINARY, true);
    default:
      throw unsupported(`${bound.name} with format '${format}'`);
  }
};

export const conversionFunctions: readonly FunctionDefinition[] = [
  define(["TO_CHAR", "TO_VARCHAR"], 1, 2, toChar),
  define(
    ["TO_NUMBER", "TO_DECIMAL", "TO_NUMERIC", "TRY_TO_NUMBER", "TRY_TO_DECIMAL", "TRY_TO_NUMERIC"],
    1,
    4,
    toNumber,
  ),
  define(["TO_DOUBLE", "TRY_TO_DOUBLE"], 1, 2, toDouble),
  converter(["TO_BOOLEAN", "TRY_TO_BOOLEAN"], BOOLEAN),
  define(["TO_BINARY", "TRY_TO_BINARY"], 1, 2, toBinary),
  define("TO_VARIANT", 1, 1, (bound, { session }) => castTo(bound.args[0]!, VARIANT, session, "explicit")),
  toTime(["TO_DATE", "DATE", "TRY_TO_DATE"], () => DATE),
  toTime(["TO_TIME", "TIME", "TRY_TO_TIME"], () => TIME),
  toTime(["TO_TIMESTAMP", "TRY_TO_TIMESTAMP"], mapped),
  toTime(["TO_TIMESTAMP_NTZ", "TRY_TO_TIMESTAMP_NTZ"], () => TIMESTAMP_NTZ),
  toTime(["TO_TIMESTAMP_LTZ", "TRY_TO_TIMESTAMP_LTZ"], () => TIMESTAMP_LTZ),
  toTime(["TO_TIMESTAMP_TZ", "TRY_TO_TIMESTAMP_TZ"], () => TIMESTAMP_TZ),
];
