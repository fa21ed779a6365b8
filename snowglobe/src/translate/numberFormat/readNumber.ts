import { type FixedModel, type NumberModel, numberModel } from "./model";

/**
 * A text read by a format, or by one of several parted by `|`: decimal digits, undefined where it does not fit.
 * Separators and the currency may be left out, the digits of a `0` may not.
 *
 * Source: "SQL format models", the parts about parsing; "TO_DECIMAL, TO_NUMBER, TO_NUMERIC".
 */
export function readNumber(text: string, format: string): string | undefined {
  for (const alternative of format.split("|")) {
    const read = readByModel(text.trim(), alternative);
    if (read !== undefined) return read;
  }
  return undefined;
}

function readByModel(text: string, format: string): string | undefined {
  if (/^auto$/i.test(format.trim())) return /^[-+]?\d*(\.\d*)?$/.test(text) && /\d/.test(text) ? text : undefined;
  const model = numberModel(format);
  if (model.kind === "minimal") {
    const digits = withoutLiterals(text, model);
    const pattern = model.scientific ? /^[-+]?\d*\.?\d*[eE][-+]?\d+$/ : /^[-+]?\d*\.?\d*$/;
    return digits !== undefined && pattern.test(digits) && /\d/.test(digits) ? digits : undefined;
  }
  const framed = withoutFrame(text, model);
  if (framed === undefined) return undefined;
  const { body, negative } = framed;
  if (model.hex) return readHex(body, negative, model);
  const [whole = "", fraction, ...more] = body.split(".");
  if (more.length > 0 || (fraction !== undefined && !model.fraction)) return undefined;
  if (!fitsWhole(whole, model) || !fitsFraction(fraction ?? "", model)) return undefined;
  const digits = whole.replaceAll(",", "");
  if (digits === "" && (fraction ?? "") === "") return undefined;
  return `${negative ? "-" : ""}${digits || "0"}.${fraction || "0"}`;
}

/** Source: "TO_DECIMAL, TO_NUMBER, TO_NUMERIC", examples. */
function readHex(text: string, negative: boolean, model: FixedModel): string | undefined {
  const places = model.whole.filter((place) => place !== ",");
  const firstZero = places.indexOf("0");
  const least = firstZero < 0 ? 1 : places.length - firstZero;
  if (!/^[0-9a-f]+$/i.test(text) || text.length > places.length || text.length < least) return undefined;
  return `${negative ? "-" : ""}${BigInt(`0x${text}`)}`;
}

function withoutLiterals(text: string, model: Pick<NumberModel, "before" | "after">): string | undefined {
  const [before, after] = [model.before.trim(), model.after.trim()];
  if (!text.startsWith(before) || !text.endsWith(after)) return undefined;
  return text.slice(before.length, text.length - after.length).trim();
}

/** What is left without the literals, the sign and the currency. */
function withoutFrame(text: string, model: FixedModel): { body: string; negative: boolean } | undefined {
  let body = withoutLiterals(text, model);
  if (body === undefined) return undefined;
  const after = model.sign.endsWith("after");
  const sign = after ? body.at(-1) : body[0];
  const negative = sign === "-";
  if (sign === "-" || sign === "+") body = (after ? body.slice(0, -1) : body.slice(1)).trim();
  else if (model.sign.startsWith("S")) return undefined;
  if (model.currency && body.startsWith("$")) body = body.slice(1).trim();
  return { body, negative };
}

function fitsWhole(text: string, model: FixedModel): boolean {
  if (!/^[\d,]*$/.test(text)) return false;
  const places = model.whole.filter((place) => place !== ",");
  const digits = text.replaceAll(",", "");
  const firstZero = places.indexOf("0");
  if (digits.length > places.length || digits.length < (firstZero < 0 ? 0 : places.length - firstZero)) return false;
  if (digits.length === text.length) return true;
  // Where there are separators, they stand where the model has them.
  const fromTheRight = [...model.whole].reverse();
  return [...text].reverse().every((letter, i) => (letter === ",") === (fromTheRight[i] === ","));
}

function fitsFraction(text: string, model: FixedModel): boolean {
  const places = model.fraction ?? [];
  return /^\d*$/.test(text) && text.length <= places.length && text.length > places.lastIndexOf("0");
}
