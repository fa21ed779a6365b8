import { PLAIN_DIGITS, tagged } from "./tags";

const MAX_DIGITS = 38;
const SHORTEST_EXPONENT = 16;

/** A DOUBLE as the macro `double_to_text` prints it: shortest digits, an exponent of two digits from 1e16 on. */
function doubleText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value === 0 ? 0 : value);
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < SHORTEST_EXPONENT) return plainDecimal(mantissa, exponent);
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function plainDecimal(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** A DOUBLE as VARIANTs show it: 15 decimals and an exponent. Source: "TYPEOF", examples. */
export function exponentText(text: string): string {
  if (text === "NaN" || text.endsWith("inf")) return text;
  const [mantissa = "", exponent = "0"] = Number(text).toExponential(15).split("e");
  return `${mantissa}e${exponent.startsWith("-") ? "-" : "+"}${exponent.replace(/^[-+]/, "").padStart(2, "0")}`;
}

/**
 * A number of a JSON document in stored form: fixed-point where it has no exponent and fits 38 digits, else DOUBLE.
 * Source: "PARSE_JSON", usage notes.
 */
export function storedNumber(sign: string, whole: string, fraction: string, exponent: string): string {
  if (exponent !== "")
    return tagged("DOUBLE", doubleText(Number(`${sign}${whole || "0"}.${fraction || "0"}e${exponent}`)));
  const leading = whole.replace(/^0+(?=\d)/, "") || "0";
  const decimals = fraction.replace(/0+$/, "");
  const digits = (leading === "0" ? "" : leading) + decimals;
  if (digits.length > MAX_DIGITS) return tagged("DOUBLE", doubleText(Number(`${sign}${leading}.${decimals || "0"}`)));
  const text = `${digits === "" ? "" : sign}${leading}${decimals === "" ? "" : `.${decimals}`}`;
  return decimals !== "" && digits.length > PLAIN_DIGITS ? tagged("DECIMAL", text) : text;
}
