import { type Decimal, decimal, percent, round } from "./decimal";
import { type FixedModel, type MinimalModel, numberModel } from "./model";

/** A number in a format. Source: "SQL format models", "TO_CHAR, TO_VARCHAR". @param text its decimal digits */
export function writeNumber(text: string, format: string): string {
  const model = numberModel(format);
  const value = decimal(text);
  // Infinity and NaN pass every model's digits.
  if (!value) return model.kind === "fixed" ? fixedText(model, undefined, text.startsWith("-")) : text;
  const scaled = model.percent ? percent(value) : value;
  if (model.kind === "minimal") return minimalText(model, scaled, text);
  if (model.hex) return hexText(model, scaled);
  const rounded = round(scaled, model.fraction?.length ?? 0);
  return fixedText(model, rounded, rounded.negative);
}

/** @param text as the number's own type prints it: with the zeros of its scale */
function minimalText(model: MinimalModel, value: Decimal, text: string): string {
  const plain = `${value.whole || "0"}${value.fraction === "" ? "" : `.${value.fraction}`}`;
  const own = model.percent || /e/i.test(text) ? plain : text.replace(/^-/, "");
  const digits = model.scientific ? scientific(value) : own;
  const sign = value.negative ? "-" : model.sign.startsWith("S") ? "+" : model.sign.startsWith("MI") ? " " : "";
  const body = `${model.currency ? "$" : ""}${digits}`;
  return model.before + (model.sign.endsWith("after") ? body + sign : sign + body) + model.after;
}

function scientific({ whole, fraction }: Decimal): string {
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return "0E0";
  const exponent = whole === "" ? -(fraction.length - fraction.replace(/^0+/, "").length) - 1 : whole.length - 1;
  const rest = digits.slice(1).replace(/0+$/, "");
  return `${digits[0]!}${rest === "" ? "" : `.${rest}`}E${exponent}`;
}

/**
 * Hexadecimal digits of the whole part: of a negative number its two's complement in as many digits as the model has,
 * with a sign those of the number without it.
 */
function hexText(model: FixedModel, value: Decimal): string {
  const places = model.whole.filter((place) => place !== ",").length;
  const size = 16n ** BigInt(places);
  const magnitude = BigInt(value.whole || "0");
  const negative = value.negative && magnitude > 0n;
  const complement = negative && model.sign === "default";
  const shown = complement ? size - magnitude : magnitude;
  const overflow = magnitude >= size || (complement && magnitude > size / 2n);
  const hex = shown.toString(16);
  const digits = { negative, whole: shown === 0n ? "" : model.hex === "X" ? hex.toUpperCase() : hex, fraction: "" };
  if (model.sign !== "default") return fixedText(model, overflow ? undefined : digits, negative);
  // Without a sign there is no place for one.
  return fixedText(model, overflow ? undefined : digits, false).replace(/(^|\S) (?=[#0-9A-Fa-f])/, "$1");
}

/** @param value undefined where it has more digits than any model */
function fixedText(model: FixedModel, value: Decimal | undefined, negative: boolean): string {
  const places = model.whole.filter((place) => place !== ",").length;
  const overflow = value === undefined || value.whole.length > places;
  const whole = overflow ? model.whole.map((place) => (place === "," ? "," : "#")).join("") : wholeText(model, value);
  const fraction = model.fraction ? `.${fractionText(model.fraction, overflow ? undefined : value)}` : "";
  const blanks = whole.length - whole.trimStart().length;
  const digits = `${model.currency ? "$" : ""}${whole.trimStart()}${fraction}`;
  const text = model.before + signed(model, " ".repeat(blanks), digits, negative) + model.after;
  return model.compact ? text.replaceAll(" ", "") : text;
}

/** The sign stands right before the digits, or where MI has it. */
function signed(model: FixedModel, blanks: string, digits: string, negative: boolean): string {
  const plus = negative ? "-" : "+";
  const minus = negative ? "-" : " ";
  switch (model.sign) {
    case "S before":
      return blanks + plus + digits;
    case "S after":
      return blanks + digits + plus;
    case "MI before":
      return minus + blanks + digits;
    case "MI after":
      return blanks + digits + minus;
    default:
      return blanks + minus + digits;
  }
}

function wholeText(model: FixedModel, value: Decimal): string {
  const places = model.whole.filter((place) => place !== ",");
  const digits = value.whole.padStart(places.length, "0");
  const firstZero = places.indexOf("0");
  // From the first digit of the number or the first 0 of the model on.
  let from = Math.min(places.length - value.whole.length, firstZero < 0 ? places.length : firstZero);
  if (from === places.length && places.length > 0 && !model.blankZero) from = places.length - 1;
  let text = "";
  let at = 0;
  for (const place of model.whole) {
    if (place === ",") text += at > from ? "," : " ";
    else {
      text += at >= from ? digits[at]! : " ";
      at += 1;
    }
  }
  return text;
}

/** Trailing zeros are blanks where the model has a 9. */
function fractionText(places: readonly ("9" | "0")[], value: Decimal | undefined): string {
  if (!value) return "#".repeat(places.length);
  const kept = Math.max(value.fraction.length, places.lastIndexOf("0") + 1);
  return value.fraction.padEnd(kept, "0").padEnd(places.length, " ");
}
