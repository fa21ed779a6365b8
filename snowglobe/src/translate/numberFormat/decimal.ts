/** A number as its sign and decimal digits. */
export interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros; empty below one. */
  readonly whole: string;
  /** Without trailing zeros. */
  readonly fraction: string;
}

/** @param text a decimal number, with or without an exponent; undefined for what is none */
export function decimal(text: string): Decimal | undefined {
  const match = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(text.trim());
  if (!match || (match[2] === "" && (match[3] ?? "") === "")) return undefined;
  const digits = match[2]! + (match[3] ?? "");
  const point = match[2]!.length + Number(match[4] ?? 0);
  const whole = point <= 0 ? "" : digits.slice(0, point).padEnd(point, "0");
  const fraction = point < 0 ? "0".repeat(-point) + digits : digits.slice(Math.max(point, 0));
  return made(match[1] === "-", whole, fraction);
}

function made(negative: boolean, whole: string, fraction: string): Decimal {
  const trimmed = { whole: whole.replace(/^0+/, ""), fraction: fraction.replace(/0+$/, "") };
  return { negative: negative && trimmed.whole + trimmed.fraction !== "", ...trimmed };
}

/** Rounded half away from zero to so many decimals. */
export function round(value: Decimal, decimals: number): Decimal {
  if (value.fraction.length <= decimals) return value;
  const kept = BigInt(`${value.whole}${value.fraction.slice(0, decimals)}` || "0");
  const units = (kept + (value.fraction[decimals]! >= "5" ? 1n : 0n)).toString().padStart(decimals + 1, "0");
  return made(value.negative, units.slice(0, units.length - decimals), units.slice(units.length - decimals));
}

/** Times 100. */
export function percent(value: Decimal): Decimal {
  const padded = value.fraction.padEnd(2, "0");
  return made(value.negative, value.whole + padded.slice(0, 2), padded.slice(2));
}
