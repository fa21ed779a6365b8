import { entries, members } from "./elements";
import { quoteJson } from "./quoteJson";
import { readTag, TAGS, UNDEFINED_ELEMENT } from "./tags";

/**
 * A text for a stored value, which compares as the value does: numbers by value, whatever their type, before texts,
 * booleans, arrays, objects and JSON's null. Equal values have equal keys.
 *
 * The macro `variant_key` makes the same keys of plain texts.
 */
export function sortKey(stored: string): string {
  if (stored === UNDEFINED_ELEMENT) return "u";
  const tag = readTag(stored);
  if (tag) return isNumber(tag.letter) ? `0${numberKey(tag.text)}` : `1${stored.slice(1, -1)}`;
  switch (stored[0]) {
    case '"':
      return `1${stored.slice(1, -1)}`;
    case "t":
    case "f":
      return `2${stored}`;
    case "[":
      return `3[${members(stored).map(sortKey).join(",")}]`;
    case "{":
      return `4{${entries(stored)
        .map(([key, value]) => `${quoteJson(key)}:${sortKey(value)}`)
        .join(",")}}`;
    case "n":
      return "5";
    default:
      return `0${numberKey(stored)}`;
  }
}

function isNumber(letter: string): boolean {
  return letter === TAGS.DOUBLE || letter === TAGS.DECIMAL;
}

/** Beyond the exponents of all numbers. */
const EXPONENT_BIAS = 5000;

/** Sign, biased exponent and digits; both of negative numbers complemented, so that smaller ones come first. */
function numberKey(text: string): string {
  if (text === "-inf") return "0";
  if (text === "inf") return "3";
  if (text === "NaN") return "4";
  const match = /^(-?)0*(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match ?? [];
  const all = whole + fraction;
  const digits = all.replace(/^0+/, "").replace(/0+$/, "");
  if (digits === "") return "2";
  const leading = /^0*/.exec(all)![0].length;
  const power = String(whole.length - leading + Number(exponent) + EXPONENT_BIAS).padStart(4, "0");
  if (sign === "") return `2${power}${digits}`;
  return `1${complement(power)}${complement(digits)}~`;
}

function complement(digits: string): string {
  return digits.replace(/\d/g, (digit) => String(9 - Number(digit)));
}
