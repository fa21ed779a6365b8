import { compilationError, invalidArguments, unsupported } from "../errors";
import type { DataType } from "../sql/ast/dataType";
import { BOOLEAN, dataTypeText, DATE, VARCHAR } from "../sql/ast/dataType";
import type { BinaryOperator } from "../sql/ast/expression";
import type { BoundExpression } from "./boundExpression";
import { castTo, instant } from "./cast";
import { call, textLiteral } from "./construct";
import type { SessionContext } from "./environment";
import { number, productType, quotientType, sumType, widerType, type FixedPoint } from "./types/numeric";
import { isNumeric, isSemiStructured, isTimestamp, physicalType } from "./types/physicalType";
import { commonType } from "./types/supertype";
import { literal } from "../quoting";

/** Text in arithmetic is read as NUMBER(18,5). */
const TEXT_NUMBER: DataType = { kind: "NUMBER", precision: 18, scale: 5 };

/** An operand of arithmetic as a number. @throws SnowflakeError 001044 */
function toArithmetic(operator: string, operand: BoundExpression, session: SessionContext): BoundExpression {
  switch (operand.type.kind) {
    case "NUMBER":
    case "FLOAT":
      return operand;
    case "NULL":
      return castTo(operand, number(1, 0), session);
    case "VARCHAR":
      return castTo(operand, TEXT_NUMBER, session);
    case "VARIANT":
      return castTo(operand, { kind: "FLOAT" }, session);
    case "BOOLEAN":
      return castTo(operand, number(1, 0), session);
    default:
      throw invalidArguments(operator, [dataTypeText(operand.type)]);
  }
}

/** `+ - * / %`. Source: "Arithmetic operators". */
export function arithmetic(
  operator: "+" | "-" | "*" | "/" | "%",
  left: BoundExpression,
  right: BoundExpression,
  session: SessionContext,
): BoundExpression {
  const dates = dateArithmetic(operator, left, right, session);
  if (dates) return dates;
  let a = toArithmetic(operator, left, session);
  let b = toArithmetic(operator, right, session);
  if (a.type.kind === "NUMBER" && b.type.kind === "NUMBER") return fixedPoint(operator, a, b, a.type, b.type);
  a = castTo(a, { kind: "FLOAT" }, session);
  b = castTo(b, { kind: "FLOAT" }, session);
  const text =
    operator === "/"
      ? "CASE WHEN $1 = 0 THEN fn.division_by_zero() ELSE $0 / $1 END"
      : operator === "%"
        ? "CASE WHEN $1 = 0 THEN fn.division_by_zero() ELSE fmod($0, $1) END"
        : `($0 ${operator} $1)`;
  return call(operator, operator === "/" || operator === "%" ? `(${text})` : text, [a, b], { kind: "FLOAT" });
}

/** Digits of a number that the engine computes in 64 bits. */
const NATIVE_PRECISION = 18;
const WIDE_PRECISION = 19;

function fixedPoint(
  operator: "+" | "-" | "*" | "/" | "%",
  a: BoundExpression,
  b: BoundExpression,
  at: FixedPoint,
  bt: FixedPoint,
): BoundExpression {
  switch (operator) {
    case "+":
    case "-":
    case "*": {
      const type = operator === "*" ? productType(at, bt) : sumType(at, bt);
      if (at.scale + bt.scale > 38) throw unsupported(`${operator} of NUMBERs whose scales add up to more than 38`);
      const native = operator !== "*" || type.scale === at.scale + bt.scale;
      const folded = native ? foldFixed(operator, a, b, type) : undefined;
      if (folded) return folded;
      // The engine's own rules give this very type, and an error beyond 38 digits. But two numbers of up to 18 digits
      // stay within 18 there: one of them must be wider already.
      const narrow =
        type.precision > NATIVE_PRECISION && at.precision <= NATIVE_PRECISION && bt.precision <= NATIVE_PRECISION;
      const left = narrow ? `CAST($0 AS DECIMAL(${WIDE_PRECISION},${at.scale}))` : "$0";
      const text = `${left} ${operator} $1`;
      return call(operator, native && !narrow ? `(${text})` : `CAST(${text} AS ${physicalType(type)})`, [a, b], type);
    }
    case "/":
      return division(a, b, at, bt);
    case "%": {
      const type = widerType(at, bt);
      // Both in the common scale, wide enough: the engine would stay within 18 digits.
      const common = `DECIMAL(${Math.max(type.precision, WIDE_PRECISION)},${type.scale})`;
      const remainder = `CAST($0 AS ${common}) % CAST($1 AS ${common})`;
      return call(
        operator,
        `(CASE WHEN $1 = 0 THEN fn.division_by_zero() ELSE CAST(${remainder} AS ${physicalType(type)}) END)`,
        [a, b],
        type,
      );
    }
  }
}

/** Constants are added and multiplied here: the engine takes seconds to fold a chain of a thousand. */
function foldFixed(
  operator: string,
  a: BoundExpression,
  b: BoundExpression,
  type: FixedPoint,
): BoundExpression | undefined {
  const x = unscaled(a, operator === "*" ? undefined : type.scale);
  const y = unscaled(b, operator === "*" ? undefined : type.scale);
  if (x === undefined || y === undefined) return undefined;
  const result = operator === "+" ? x + y : operator === "-" ? x - y : x * y;
  const digits = (result < 0n ? -result : result).toString().padStart(type.scale + 1, "0");
  if (digits.length > 38) return undefined;
  const whole = digits.slice(0, digits.length - type.scale);
  const text = `${result < 0n ? "-" : ""}${whole}${type.scale > 0 ? `.${digits.slice(digits.length - type.scale)}` : ""}`;
  return { kind: "literal", sql: `CAST(${text} AS ${physicalType(type)})`, value: text, type, nullable: false };
}

/** A NUMBER constant as a whole number of units of a scale, its own where none is given. */
function unscaled(expression: BoundExpression, scale?: number): bigint | undefined {
  if (expression.kind !== "literal" || expression.value === null || expression.type.kind !== "NUMBER") return undefined;
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(expression.value);
  if (!match) return undefined;
  const fraction = (match[3] ?? "").padEnd(scale ?? expression.type.scale, "0");
  const value = BigInt(match[2]! + fraction);
  return match[1] === "-" ? -value : value;
}

/**
 * Exact division: both sides as whole numbers, the quotient rounded half away from zero. A dividend too large for
 * 38 digits with its added decimals is an out-of-range error, never a rounded result.
 */
function division(a: BoundExpression, b: BoundExpression, at: FixedPoint, bt: FixedPoint): BoundExpression {
  const type = quotientType(at, bt);
  // a / b at the result's scale = a * 10^(scale - a.scale + b.scale) / b over whole numbers.
  const shift = type.scale - at.scale + bt.scale;
  const dividend = `${wholeSql("$0", at)} * CAST(${10n ** BigInt(shift)} AS HUGEINT)`;
  const quotient = `fn.divide_round(${dividend}, ${wholeSql("$1", bt)})`;
  const unit = `CAST(0.${"1".padStart(type.scale, "0")} AS DECIMAL(${type.scale},${type.scale}))`;
  const scaled = type.scale === 0 ? quotient : `CAST(${quotient} AS DECIMAL(38,0)) * ${unit}`;
  return call(
    "/",
    `(CASE WHEN $1 = 0 THEN fn.division_by_zero() ELSE CAST(${scaled} AS ${physicalType(type)}) END)`,
    [a, b],
    type,
  );
}

/** A NUMBER as a HUGEINT in units of its last decimal. */
export function wholeSql(sql: string, type: FixedPoint): string {
  if (type.scale === 0) return `CAST(${sql} AS HUGEINT)`;
  const wide = type.precision <= NATIVE_PRECISION ? `CAST(${sql} AS DECIMAL(${WIDE_PRECISION},${type.scale}))` : sql;
  return `CAST(${wide} * CAST(${10n ** BigInt(type.scale)} AS DECIMAL(${type.scale + 1},0)) AS HUGEINT)`;
}

/** DATE + n days, DATE - n days, DATE - DATE in days. */
function dateArithmetic(
  operator: string,
  left: BoundExpression,
  right: BoundExpression,
  session: SessionContext,
): BoundExpression | undefined {
  if (operator !== "+" && operator !== "-") return undefined;
  if (left.type.kind === "DATE" && operator === "-" && (right.type.kind === "DATE" || right.type.kind === "VARCHAR")) {
    return call("-", "CAST($0 - $1 AS DECIMAL(9,0))", [left, castTo(right, DATE, session)], number(9, 0));
  }
  if (left.type.kind === "DATE" && isNumeric(right.type)) return addDays(operator, left, right, session);
  if (right.type.kind === "DATE" && operator === "+" && isNumeric(left.type)) return addDays("+", right, left, session);
  if (isTimestamp(left.type) && isTimestamp(right.type) && operator === "-") {
    throw invalidArguments("-", [dataTypeText(left.type), dataTypeText(right.type)]);
  }
  return undefined;
}

function addDays(
  operator: string,
  date: BoundExpression,
  days: BoundExpression,
  session: SessionContext,
): BoundExpression {
  const whole = castTo(days, number(9, 0), session);
  return call(operator, `CAST($0 ${operator} CAST($1 AS INTEGER) AS DATE)`, [date, whole], DATE);
}

/** Unary minus and plus. */
export function negation(operator: "+" | "-", operand: BoundExpression, session: SessionContext): BoundExpression {
  const value = toArithmetic(operator, operand, session);
  if (operator === "+") return value;
  if (
    value.kind === "literal" &&
    value.value !== null &&
    value.type.kind === "NUMBER" &&
    !value.value.startsWith("-")
  ) {
    const text = `-${value.value}`;
    return { ...value, value: text, sql: `CAST(${text} AS ${physicalType(value.type)})` };
  }
  return call("-", "(-$0)", [value], value.type);
}

/** `||`. Source: "CONCAT, ||". */
export function concatenation(operands: readonly BoundExpression[], session: SessionContext): BoundExpression {
  if (operands.some((operand) => operand.type.kind === "BINARY")) {
    if (!operands.every((operand) => operand.type.kind === "BINARY")) {
      throw invalidArguments(
        "||",
        operands.map((operand) => dataTypeText(operand.type)),
      );
    }
    return balanced(operands, (a, b) => call("||", "($0 || $1)", [a, b], a.type));
  }
  const texts = operands.map((operand) =>
    operand.type.kind === "VARCHAR" ? operand : castTo(operand, VARCHAR, session),
  );
  return balanced(texts, (a, b) => {
    if (a.kind === "literal" && b.kind === "literal" && a.value !== null && b.value !== null) {
      return textLiteral(a.value + b.value);
    }
    return call("||", "($0 || $1)", [a, b], textType(a, b));
  });
}

function textType(a: BoundExpression, b: BoundExpression): DataType {
  const length = (type: DataType): number => (type.kind === "VARCHAR" ? type.length : VARCHAR_LENGTH);
  return { kind: "VARCHAR", length: Math.min(VARCHAR_LENGTH, length(a.type) + length(b.type)) };
}

const VARCHAR_LENGTH = 16_777_216;

/** An associative operator over many operands as a tree of little depth: chains may have thousands of terms. */
function balanced(
  operands: readonly BoundExpression[],
  join: (a: BoundExpression, b: BoundExpression) => BoundExpression,
): BoundExpression {
  if (operands.length === 1) return operands[0]!;
  const middle = operands.length >> 1;
  return join(balanced(operands.slice(0, middle), join), balanced(operands.slice(middle), join));
}

/** AND and OR. */
export function logical(
  operator: "AND" | "OR",
  operands: readonly BoundExpression[],
  session: SessionContext,
): BoundExpression {
  const booleans = operands.map((operand) => castTo(operand, BOOLEAN, session));
  return balanced(booleans, (a, b) => call(operator, `($0 ${operator} $1)`, [a, b], BOOLEAN));
}

/** What a semi-structured value is compared by: numbers are equal by value, whatever their type. */
export function variantKey(value: BoundExpression): BoundExpression {
  return call("VARIANT KEY", "fn.variant_key($0)", [value], VARCHAR);
}

/**
 * Both operands of a comparison in one type. Source: "Data type conversion", section "Implicit casting (coercion)".
 * Text gives way to numbers, dates and booleans; VARIANT takes the other side's type; timestamps with a zone compare as
 * instants.
 */
export function comparable(
  left: BoundExpression,
  right: BoundExpression,
  session: SessionContext,
): readonly [BoundExpression, BoundExpression] {
  const a = left.type;
  const b = right.type;
  if (a.kind === "NULL" && b.kind === "NULL") return [left, right];
  if (isSemiStructured(a) && isSemiStructured(b)) return [variantKey(left), variantKey(right)];
  if (a.kind === "VARIANT" && b.kind !== "NULL") return [castTo(left, variantPartner(b), session), right];
  if (b.kind === "VARIANT" && a.kind !== "NULL") return [left, castTo(right, variantPartner(a), session)];
  const common = commonType(a, b);
  if (!common || (isSemiStructured(common) && !isSemiStructured(a))) {
    throw compilationError(
      `Can not convert parameter '${right.kind === "column" ? right.name : dataTypeText(b)}' of type [${dataTypeText(b)}] into expected type [${dataTypeText(a)}]`,
      "002016",
      "22000",
    );
  }
  if (isTimestamp(common) && common.kind !== "TIMESTAMP_NTZ") {
    const at = castTo(left, common, session);
    const bt = castTo(right, common, session);
    return [instant(at, session) ?? at, instant(bt, session) ?? bt];
  }
  if (a.kind === b.kind && a.kind !== "NULL") return [left, right];
  if (isNumeric(a) && isNumeric(b)) {
    return common.kind === "FLOAT" ? [castTo(left, common, session), castTo(right, common, session)] : [left, right];
  }
  if (a.kind === "NUMBER" && b.kind === "VARCHAR") return [left, textAsNumber(right, a, session)];
  if (a.kind === "VARCHAR" && b.kind === "NUMBER") return [textAsNumber(left, b, session), right];
  return [castTo(left, common, session), castTo(right, common, session)];
}

/** Text compared with a number: a constant with its own digits, else with five decimals or those of the number. */
function textAsNumber(text: BoundExpression, other: FixedPoint, session: SessionContext): BoundExpression {
  const match = text.kind === "literal" && text.value !== null ? /^\s*-?(\d+)(?:\.(\d+))?\s*$/.exec(text.value) : null;
  const scale = match ? (match[2] ?? "").length : Math.max(5, other.scale);
  const precision = match ? match[1]!.length + scale : 38;
  return castTo(text, number(Math.min(38, precision), Math.min(37, scale)), session);
}

/** VARIANT against a number of any scale compares as the widest number, so that 1.5 does not become 2. */
function variantPartner(type: DataType): DataType {
  return type.kind === "NUMBER" ? { kind: "FLOAT" } : type.kind === "VARCHAR" ? VARCHAR : type;
}

export function comparison(
  operator: BinaryOperator,
  left: BoundExpression,
  right: BoundExpression,
  session: SessionContext,
): BoundExpression {
  const [a, b] = comparable(left, right, session);
  return call(operator, `($0 ${operator} $1)`, [a, b], BOOLEAN);
}

/** LIKE, ILIKE and RLIKE with one pattern. Source: "LIKE", "ILIKE", "RLIKE". */
export function like(
  operator: "LIKE" | "ILIKE" | "RLIKE",
  operand: BoundExpression,
  pattern: BoundExpression,
  escape: BoundExpression | undefined,
  session: SessionContext,
): BoundExpression {
  const text = castTo(operand, VARCHAR, session);
  const like = castTo(pattern, VARCHAR, session);
  if (operator === "RLIKE") return call("RLIKE", `regexp_full_match($0, $1)`, [text, like], BOOLEAN);
  if (!escape) return call(operator, `($0 ${operator} $1)`, [text, like], BOOLEAN);
  if (escape.kind !== "literal" || escape.value === null)
    throw unsupported(`${operator} with an ESCAPE that is no constant`);
  return call(operator, `($0 ${operator} $1 ESCAPE ${literal(escape.value)})`, [text, like], BOOLEAN);
}
