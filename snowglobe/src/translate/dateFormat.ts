import { unsupported } from "../errors";
import type { DataType } from "../sql/ast/dataType";
import { VARCHAR } from "../sql/ast/dataType";
import type { BoundExpression } from "./boundExpression";
import { call, quoteText } from "./construct";
import type { SessionContext } from "./environment";

/**
 * Snowflake's date and time format models. Source: "Date and time input and output formats", section "About the format
 * specifiers".
 */
type FormatToken =
  | { readonly kind: "strftime"; readonly code: string }
  | { readonly kind: "fraction"; readonly digits: number }
  | { readonly kind: "zone"; readonly part: "both" | "hours" | "minutes" }
  | { readonly kind: "text"; readonly text: string };

const CODES: readonly (readonly [string, string])[] = [
  ["YYYY", "%Y"],
  ["YY", "%y"],
  ["MMMM", "%B"],
  ["MON", "%b"],
  ["MM", "%m"],
  ["DD", "%d"],
  ["DY", "%a"],
  ["HH24", "%H"],
  ["HH12", "%I"],
  ["AM", "%p"],
  ["PM", "%p"],
  ["MI", "%M"],
  ["SS", "%S"],
];

export function parseFormat(format: string): readonly FormatToken[] {
  const tokens: FormatToken[] = [];
  const upper = format.toUpperCase();
  let at = 0;
  while (at < format.length) {
    if (format[at] === '"') {
      const end = format.indexOf('"', at + 1);
      const stop = end < 0 ? format.length : end;
      tokens.push({ kind: "text", text: format.slice(at + 1, stop) });
      at = stop + 1;
      continue;
    }
    const fraction = /^\.?FF(\d?)/.exec(upper.slice(at));
    if (fraction) {
      if (fraction[0].startsWith(".")) tokens.push({ kind: "text", text: "." });
      tokens.push({ kind: "fraction", digits: fraction[1] === "" ? 9 : Number(fraction[1]) });
      at += fraction[0].length;
      continue;
    }
    if (upper.startsWith("TZH", at)) {
      const both = upper.startsWith("TZHTZM", at);
      tokens.push({ kind: "zone", part: both ? "both" : "hours" });
      at += both ? 6 : 3;
      continue;
    }
    if (upper.startsWith("TZM", at)) {
      tokens.push({ kind: "zone", part: "minutes" });
      at += 3;
      continue;
    }
    const code = CODES.find(([name]) => upper.startsWith(name, at));
    if (code) {
      tokens.push({ kind: "strftime", code: code[1] });
      at += code[0].length;
      continue;
    }
    tokens.push({ kind: "text", text: format[at]! });
    at += 1;
  }
  return tokens;
}

const DEFAULT_FORMATS: Partial<Record<DataType["kind"], readonly [string, string]>> = {
  DATE: ["DATE_OUTPUT_FORMAT", "YYYY-MM-DD"],
  TIME: ["TIME_OUTPUT_FORMAT", "HH24:MI:SS"],
  TIMESTAMP_NTZ: ["TIMESTAMP_NTZ_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3"],
  TIMESTAMP_LTZ: ["TIMESTAMP_LTZ_OUTPUT_FORMAT", ""],
  TIMESTAMP_TZ: ["TIMESTAMP_TZ_OUTPUT_FORMAT", ""],
};

/** The output format that the session has for a type. */
export function outputFormat(type: DataType, session: SessionContext): string {
  const entry = DEFAULT_FORMATS[type.kind];
  if (!entry) throw unsupported(`date format of ${type.kind}`);
  const own = session.parameters.get(entry[0]);
  if (own !== undefined && String(own) !== "") return String(own);
  if (entry[1] !== "") return entry[1];
  const general = session.parameters.get("TIMESTAMP_OUTPUT_FORMAT");
  return general !== undefined && String(general) !== "" ? String(general) : "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM";
}

/** The text of a date, time or timestamp in a format; without one, in the session's output format. */
export function formatTimestampSql(
  expression: BoundExpression,
  format: string | undefined,
  session: SessionContext,
): BoundExpression {
  const tokens = parseFormat(format ?? outputFormat(expression.type, session));
  const zone = quoteText(session.timezone);
  const wall = wallSql(expression.type, zone);
  const offset = offsetSql(expression.type, zone);
  const pieces: string[] = [];
  let pending = "";
  const flush = (): void => {
    if (pending !== "") pieces.push(`strftime(${wall}, ${quoteText(pending)})`);
    pending = "";
  };
  for (const token of tokens) {
    switch (token.kind) {
      case "strftime":
        pending += token.code;
        break;
      case "text":
        pending += token.text.replaceAll("%", "%%");
        break;
      case "fraction":
        if (token.digits === 3) pending += "%g";
        else if (token.digits === 6) pending += "%f";
        else {
          flush();
          pieces.push(`left(strftime(${wall}, '%n'), ${token.digits})`);
        }
        break;
      case "zone": {
        flush();
        const text = `fn.offset_text(${offset})`;
        pieces.push(token.part === "both" ? text : token.part === "hours" ? `left(${text}, 3)` : `right(${text}, 2)`);
        break;
      }
    }
  }
  flush();
  const sql = pieces.length === 0 ? "''" : pieces.length === 1 ? pieces[0]! : `(${pieces.join(" || ")})`;
  return call("TO_VARCHAR", sql, [expression], VARCHAR);
}

function wallSql(type: DataType, zone: string): string {
  switch (type.kind) {
    case "TIME":
      return "(DATE '1970-01-01' + $0)";
    case "TIMESTAMP_LTZ":
      return `timezone(${zone}, $0)`;
    case "TIMESTAMP_TZ":
      return "fn.tz_wall($0)";
    default:
      return "$0";
  }
}

function offsetSql(type: DataType, zone: string): string {
  switch (type.kind) {
    case "TIMESTAMP_LTZ":
      return `date_diff('minute', timezone('UTC', $0), timezone(${zone}, $0))`;
    case "TIMESTAMP_TZ":
      return '($0)."offset"';
    default:
      return "0";
  }
}

/**
 * A DuckDB `strptime` format for reading text by a Snowflake format.
 *
 * @throws SnowflakeError Unsupported feature for elements that cannot be read
 */
export function parsingFormat(format: string): { readonly format: string; readonly hasZone: boolean } {
  let hasZone = false;
  const parts = parseFormat(format).map((token) => {
    switch (token.kind) {
      case "strftime":
        return token.code;
      case "text":
        return token.text.replaceAll("%", "%%");
      case "fraction":
        return "%n";
      case "zone":
        if (token.part === "minutes" && hasZone) return "";
        hasZone = true;
        return "%z";
    }
  });
  // `TZH:TZM` is read by %z as a whole.
  return { format: parts.join("").replace("%z:", "%z"), hasZone };
}
