import type { DataType } from "../../sql/ast/dataType";
import { BOOLEAN, FLOAT, NUMBER } from "../../sql/ast/dataType";
import { arithmetic, wholeSql } from "../operators";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { call, caseCall, constantValue, integerLiteral } from "../construct";
import { leadingDigits, number } from "../types/numeric";
import { physicalType } from "../types/physicalType";
import type { BoundArguments, FunctionDefinition } from "./definition";
import { coerce, constantOf, define, nullFirst, scalar, typeMismatch } from "./signature";

const same = (args: readonly BoundExpression[]): DataType => args[0]!.type;

function float(names: string | readonly string[], text: string): FunctionDefinition {
  return scalar(names, "F", FLOAT, text);
}

/**
 * ROUND, TRUNC, CEIL, FLOOR with a scale. A fixed number keeps at most that many decimals; with a scale that is no
 * constant the type's scale stays. Source: "ROUND", "TRUNCATE, TRUNC", "CEIL", "FLOOR".
 */
function rounding(names: readonly string[], mode: "round" | "trunc" | "ceil" | "floor"): FunctionDefinition {
  const max = mode === "round" ? 3 : 2;
  const parameters = mode === "round" ? { parameters: ["EXPR", "SCALE", "ROUNDING_MODE"] } : {};
  const bind: FunctionDefinition["bind"] = (bound, context) => {
    const value = coerce(bound.args[0]!, "N", context.session);
    if (!value) throw typeMismatch(bound);
    const toEven = bound.args[2] !== undefined && roundsToEven(bound);
    if (bound.args[2] && value.type.kind !== "NUMBER") throw typeMismatch(bound);
    const kind = toEven ? "even" : mode;
    const scaleText = bound.args[1] ? constantValue(bound.args[1]) : "0";
    if (typeof scaleText !== "string" || !/^-?\d+$/.test(scaleText)) {
      const places = coerce(bound.args[1]!, "I", context.session);
      if (!places) throw typeMismatch(bound);
      return roundTo(bound.name, value, places, kind);
    }
    // No number has more places than this.
    const scale = Math.max(-39, Math.min(39, Number(scaleText)));
    if (value.type.kind === "FLOAT") {
      const power = `1e${Math.abs(scale)}`;
      const [up, down] = scale >= 0 ? [`* ${power}`, `/ ${power}`] : [`/ ${power}`, `* ${power}`];
      const text =
        scale === 0 ? `${mode}($0)` : mode === "round" ? `round($0, ${scale})` : `(${mode}($0 ${up}) ${down})`;
      return call(bound.name, text, [value], FLOAT);
    }
    if (value.type.kind !== "NUMBER") throw typeMismatch(bound);
    return roundFixed(bound.name, value, value.type, scale, kind);
  };
  return define(names, 1, max, bind, parameters);
}

type RoundingMode = "round" | "even" | "trunc" | "ceil" | "floor";

function roundsToEven(bound: BoundArguments): boolean {
  const mode = constantOf(bound, 2)?.toUpperCase();
  if (mode !== "HALF_AWAY_FROM_ZERO" && mode !== "HALF_TO_EVEN") throw typeMismatch(bound);
  return mode === "HALF_TO_EVEN";
}

/** Whole numbers of a unit, from whole numbers: exact. */
function unitsSql(whole: string, unit: string, mode: RoundingMode): string {
  switch (mode) {
    case "round":
      return `fn.divide_round(${whole}, ${unit})`;
    case "even":
      return `fn.divide_even(${whole}, ${unit})`;
    case "trunc":
      return `(${whole} // ${unit})`;
    case "ceil":
      return `(${whole} // ${unit} + CASE WHEN ${whole} % ${unit} > 0 THEN 1 ELSE 0 END)`;
    case "floor":
      return `(${whole} // ${unit} - CASE WHEN ${whole} % ${unit} < 0 THEN 1 ELSE 0 END)`;
  }
}

/** To a scale that each row has for itself: a fixed number keeps its type's scale. */
function roundTo(name: string, value: BoundExpression, places: BoundExpression, mode: RoundingMode): BoundExpression {
  if (value.type.kind !== "NUMBER") {
    const power = "pow(10, abs($1))";
    const text =
      mode === "round"
        ? "round($0, CAST(greatest(least($1, 300), -300) AS INTEGER))"
        : `(CASE WHEN $1 >= 0 THEN ${mode}($0 * ${power}) / ${power} ELSE ${mode}($0 / ${power}) * ${power} END)`;
    return call(name, nullFirst(text, [value, places]), [value, places], FLOAT);
  }
  const { precision, scale } = value.type;
  const result = number(Math.min(38, precision + (mode === "trunc" ? 0 : 1)), scale);
  const whole = wholeSql("$0", value.type);
  // No number has more places than this.
  const unit = `CAST(rpad('1', CAST(least(${scale} - $1, 38) + 1 AS INTEGER), '0') AS HUGEINT)`;
  const units = `${unitsSql(whole, unit, mode)} * ${unit}`;
  const scaled = scale === 0 ? units : `CAST(${units} AS DECIMAL(38,0)) * ${decimalUnit(scale)}`;
  const rounded = `CAST(${scaled} AS ${physicalType(result)})`;
  const text = `(CASE WHEN $1 >= ${scale} THEN CAST($0 AS ${physicalType(result)}) ELSE ${rounded} END)`;
  return call(name, nullFirst(text, [value, places]), [value, places], result);
}

/** One in the last place of a scale. */
function decimalUnit(scale: number): string {
  return `CAST(0.${"1".padStart(scale, "0")} AS DECIMAL(${scale},${scale}))`;
}

function roundFixed(
  name: string,
  value: BoundExpression,
  type: Extract<DataType, { kind: "NUMBER" }>,
  scale: number,
  mode: RoundingMode,
): BoundExpression {
  if (scale >= type.scale) return value;
  const kept = Math.max(scale, 0);
  const leading = Math.min(leadingDigits(type) + (mode === "trunc" ? 0 : 1), 38 - kept);
  const result = number(Math.max(1, leading + kept), kept);
  const physical = physicalType(result);
  // In units of the kept place, as whole numbers: exact.
  const digits = type.scale - scale;
  const unit = `CAST(${10n ** BigInt(digits)} AS HUGEINT)`;
  const whole = wholeSql("$0", type);
  const units = unitsSql(whole, unit, mode);
  const text =
    scale > 0
      ? `CAST(CAST(${units} AS DECIMAL(38,0)) * ${decimalUnit(scale)} AS ${physical})`
      : scale === 0
        ? `CAST(${units} AS ${physical})`
        : `CAST(${units} * CAST(${10n ** BigInt(-scale)} AS HUGEINT) AS ${physical})`;
  return call(name, text, [value], result);
}

/** 0 instead of an error where the divisor is 0. */
function div0(name: string, zeroForNull: boolean): FunctionDefinition {
  return define(name, 2, 2, (bound, context) => {
    const args = bound.args.map((arg) => coerce(arg, "N", context.session));
    const [a, b] = args;
    if (!a || !b) throw typeMismatch(bound);
    const quotient = arithmetic("/", a, b, context.session);
    const zero = call("=", zeroForNull ? "(coalesce($0, 0) = 0)" : "($0 = 0)", [b], BOOLEAN, false);
    return caseCall([zero], [castTo(integerLiteral(0), quotient.type, context.session), quotient], quotient.type);
  });
}

const truncation = rounding(["TRUNCATE"], "trunc");

/** TRUNC of a number. */
export const truncateNumber = truncation.bind;

const INTEGER = number(38, 0);
const whole = (sql: string): string => `CAST(${sql} AS DECIMAL(38,0))`;

export const numericFunctions: readonly FunctionDefinition[] = [
  scalar("ABS", "N", same, "abs($0)"),
  scalar("SIGN", "N", number(1, 0), "CAST(sign($0) AS DECIMAL(1,0))"),
  rounding(["ROUND"], "round"),
  rounding(["CEIL", "CEILING"], "ceil"),
  rounding(["FLOOR"], "floor"),
  truncation,
  define("MOD", 2, 2, (bound, context) => arithmetic("%", bound.args[0]!, bound.args[1]!, context.session)),
  div0("DIV0", false),
  div0("DIV0NULL", true),
  scalar("SQRT", "F", FLOAT, "sqrt($0)"),
  float("CBRT", "fn.cube_root($0)"),
  float("EXP", "exp($0)"),
  float("LN", "ln($0)"),
  // The bases that have a function of their own give whole numbers where the quotient does not.
  scalar(
    "LOG",
    "FF",
    FLOAT,
    "(CASE $0 WHEN 10 THEN log10($1) WHEN 2 THEN log2($1) WHEN 1 THEN fn.division_by_zero() ELSE ln($1) / ln($0) END)",
  ),
  scalar(["POWER", "POW"], "FF", FLOAT, "pow($0, $1)"),
  scalar("SQUARE", "F", FLOAT, "($0 * $0)"),
  scalar("PI", "", FLOAT, "pi()", { nullable: false }),
  float("SIN", "sin($0)"),
  float("COS", "cos($0)"),
  float("TAN", "tan($0)"),
  float("COT", "cot($0)"),
  float("ASIN", "asin($0)"),
  float("ACOS", "acos($0)"),
  float("ATAN", "atan($0)"),
  scalar("ATAN2", "FF", FLOAT, "atan2($0, $1)"),
  float("SINH", "sinh($0)"),
  float("COSH", "cosh($0)"),
  float("TANH", "tanh($0)"),
  float("ASINH", "asinh($0)"),
  float("ACOSH", "fn.defined(acosh($0), 'acosh', $0)"),
  float("ATANH", "fn.defined(atanh($0), 'atanh', $0)"),
  float("DEGREES", "degrees($0)"),
  float("RADIANS", "radians($0)"),
  scalar("FACTORIAL", "I", INTEGER, whole("factorial(CAST($0 AS INTEGER))")),
  scalar("HAVERSINE", "FFFF", FLOAT, "fn.haversine($0, $1, $2, $3)"),
  scalar("WIDTH_BUCKET", "FFFI", NUMBER, whole("fn.width_bucket($0, $1, $2, $3)"), { guarded: true }),
];
