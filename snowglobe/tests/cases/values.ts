/**
 * Values as a driver's user sees them, made comparable with what a case file says. Each driver's answer comes as one of
 * these, so that only what the driver really gave is compared.
 */
export type Seen =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** `exact`: as written by the driver; a binary number where the driver has no other. */
  | { readonly kind: "number"; readonly text: string; readonly exact: boolean }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "json"; readonly text: string }
  | { readonly kind: "date"; readonly text: string }
  | { readonly kind: "time"; readonly text: string; readonly digits: number }
  /** `2026-03-01 00:00:00.5`, as it stands in the zone. */
  | {
      readonly kind: "timestamp";
      readonly text: string;
      readonly digits: number;
      /** Minutes east of UTC; absent for TIMESTAMP_NTZ. */
      readonly offset?: number;
      /** Only the instant counts: TIMESTAMP_LTZ. */
      readonly local?: boolean;
    }
  | { readonly kind: "bytes"; readonly hex: string };

/** Whether a driver's value is what a cell says. */
export function matches(seen: Seen, cell: string): boolean {
  if (cell === "NULL" || seen.kind === "null") return cell === "NULL" && seen.kind === "null";
  switch (seen.kind) {
    case "boolean":
      return cell === String(seen.value);
    case "number":
      return sameNumber(seen, cell);
    case "text":
      return seen.text === plain(cell);
    case "json":
      return sameJson(seen.text, plain(cell));
    case "date":
      return seen.text === cell;
    case "time":
      return fraction(seen.text, seen.digits) === fraction(cell, seen.digits);
    case "timestamp":
      return sameTimestamp(seen, cell);
    case "bytes":
      return seen.hex.toUpperCase() === cell.toUpperCase();
  }
}

export function show(seen: Seen): string {
  switch (seen.kind) {
    case "null":
      return "NULL";
    case "boolean":
      return String(seen.value);
    case "bytes":
      return seen.hex.toUpperCase();
    case "timestamp":
      return seen.offset === undefined ? seen.text : `${seen.text} ${offsetText(seen.offset)}`;
    case "json":
      return seen.text.replace(/\s*\n\s*/g, "");
    default:
      return seen.text;
  }
}

function plain(cell: string): string {
  if (!/^'[\s\S]*'$/.test(cell) || cell.length < 2) return cell;
  return cell
    .slice(1, -1)
    .replaceAll("''", "'")
    .replace(/\\([nrt\\])/g, (_, letter: string) => ({ n: "\n", r: "\r", t: "\t" })[letter] ?? "\\");
}

function sameNumber(seen: { readonly text: string; readonly exact: boolean }, cell: string): boolean {
  if (/^-?(inf|infinity|nan)$/i.test(cell)) return special(seen.text) === special(cell);
  if (cell === "" || !Number.isFinite(Number(cell))) return false;
  if (seen.exact && !/e/i.test(cell + seen.text)) return canonical(seen.text) === canonical(cell);
  const [a, b] = [Number(seen.text), Number(cell)];
  return a === b || Math.abs(a - b) <= 1e-14 * Math.max(Math.abs(a), Math.abs(b));
}

function special(text: string): string {
  return text.toLowerCase().replace("infinity", "inf");
}

/** Without zeros that say nothing. */
function canonical(text: string): string {
  const [, sign = "", whole = "", part = ""] = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text.trim()) ?? [];
  const digits = `${whole || "0"}${part ? `.${part}` : ""}`;
  return sign === "-" && digits !== "0" ? `-${digits}` : digits;
}

/** `undefined` is no JSON, but stands in Snowflake's arrays. */
function parsed(text: string): unknown {
  const quoted = text.replace(
    /("(?:[^"\\]|\\.)*")|\bundefined\b/g,
    (_, string?: string) => string ?? '"\\u0000undefined"',
  );
  return JSON.parse(quoted) as unknown;
}

function sameJson(a: string, b: string): boolean {
  try {
    return JSON.stringify(parsed(a)) === JSON.stringify(parsed(b));
  } catch {
    return a === b;
  }
}

/** A time's text with a fraction of so many digits at most, without zeros at its end. */
function fraction(text: string, digits: number): string {
  return text.replace(/\.(\d+)/, (_, part: string) => {
    const kept = part.slice(0, digits).replace(/0+$/, "");
    return kept === "" ? "" : `.${kept}`;
  });
}

type Timestamp = Extract<Seen, { readonly kind: "timestamp" }>;

function sameTimestamp(seen: Timestamp, cell: string): boolean {
  const [, text, sign, hours, minutes] = /^(.*?)(?:\s*([+-])(\d\d):?(\d\d))?$/.exec(cell)!;
  const wanted = fraction(text!.trim(), seen.digits);
  if (seen.offset === undefined) return sign === undefined && fraction(seen.text, seen.digits) === wanted;
  if (sign === undefined) return false;
  const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  if (!seen.local && offset !== seen.offset) return false;
  return instant(fraction(seen.text, seen.digits), seen.offset) === instant(wanted, offset);
}

/** Milliseconds as UTC, and the whole fraction. */
function instant(text: string, offset: number): string {
  const [, whole, part = ""] = /^([^.]*)(\.\d+)?$/.exec(text)!;
  return `${Date.parse(`${whole!.replace(" ", "T")}Z`) - offset * 60_000}${part}`;
}

function offsetText(minutes: number): string {
  const all = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(all / 60))}${two(all % 60)}`;
}
