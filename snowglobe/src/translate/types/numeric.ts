import type { DataType } from "../../sql/ast/dataType";

/**
 * Precision and scale of fixed-point arithmetic. Source: "Arithmetic operators", section "Scale and precision in
 * arithmetic operations".
 */
export type FixedPoint = Extract<DataType, { kind: "NUMBER" }>;

const MAX_PRECISION = 38;

function fixed(leading: number, scale: number): FixedPoint {
  return { kind: "NUMBER", precision: Math.max(1, Math.min(MAX_PRECISION, leading + scale)), scale };
}

export function leadingDigits(type: FixedPoint): number {
  return type.precision - type.scale;
}

/** `+` and `-`: one more leading digit than the wider operand, the larger scale. */
export function sumType(a: FixedPoint, b: FixedPoint): FixedPoint {
  return fixed(Math.max(leadingDigits(a), leadingDigits(b)) + 1, Math.max(a.scale, b.scale));
}

/** `*`: the scales add up to 12 at most, unless an operand has more itself. */
export function productType(a: FixedPoint, b: FixedPoint): FixedPoint {
  const scale = Math.min(a.scale + b.scale, Math.max(a.scale, b.scale, 12));
  return fixed(leadingDigits(a) + leadingDigits(b), scale);
}

/** `/`: six more decimals than the dividend, up to 12, unless the dividend has more itself. */
export function quotientType(a: FixedPoint, b: FixedPoint): FixedPoint {
  const scale = Math.max(a.scale, Math.min(a.scale + 6, 12));
  return fixed(leadingDigits(a) + b.scale, scale);
}

/** `%` and other functions of two numbers: the wider of both. */
export function widerType(a: FixedPoint, b: FixedPoint): FixedPoint {
  return fixed(Math.max(leadingDigits(a), leadingDigits(b)), Math.max(a.scale, b.scale));
}

export function number(precision: number, scale = 0): FixedPoint {
  return { kind: "NUMBER", precision, scale };
}
