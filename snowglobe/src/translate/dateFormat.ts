import { unsupported } from "../errors";
import type { DataType } from "../sql/ast/dataType";
import { VARCHAR } from "../sql/ast/dataType";
import type { BoundExpression } from "./boundExpression";
import { call } from "./construct";
import type { SessionContext } from "./environment";
import { type Field, type FormatElement, formatElements } from "./time/formatElements";
import { literal } from "../quoting";

/** DuckDB's codes for the fields of a format. */
const CODES: Readonly<Record<Field, string>> = {
  YYYY: "%Y",
  UUUU: "%Y",
  YY: "%y",
  Y: "%-y",
  MM: "%m",
  MO: "%-m",
  MON: "%b",
  MMMM: "%B",
  DD: "%d",
  D: "%-d",
  DY: "%a",
  HH24: "%H",
  H24: "%-H",
  HH12: "%I",
  H12: "%-I",
  AM: "%p",
  P: "%p",
  MI: "%M",
  ME: "%-M",
  SS: "%S",
  S: "%-S",
};

const DEFAULT_FORMATS: Partial<Record<DataType["kind"], readonly [string, string]>> = {
  DATE: ["DATE_OUTPUT_FORMAT", "YYYY-MM-DD"],
  TIME: ["TIME_OUTPUT_FORMAT", "HH24:MI:SS"],
  TIMESTAMP_NTZ: ["TIMESTAMP_NTZ_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3"],
  TIMESTAMP_LTZ: ["TIMESTAMP_LTZ_OUTPUT_FORMAT", ""],
  TIMESTAMP_TZ: ["TIMESTAMP_TZ_OUTPUT_FORMAT", ""],
};

/** The output format that the session has for a type. */
function outputFormat(type: DataType, session: SessionContext): string {
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
  const zone = literal(session.timezone);
  const wall = wallSql(expression.type, zone);
  const pieces: string[] = [];
  let pending = "";
  const flush = (): void => {
    if (pending !== "") pieces.push(`strftime(${wall}, ${literal(pending)})`);
    pending = "";
  };
  for (const element of formatElements(format ?? outputFormat(expression.type, session))) {
    if (element.kind === "text") pending += element.text.replaceAll("%", "%%");
    else if (element.kind === "field" && element.field !== "P") pending += CODES[element.field];
    else if (element.kind === "fraction" && (element.digits === 3 || element.digits === 6)) {
      pending += element.digits === 3 ? "%g" : "%f";
    } else {
      flush();
      pieces.push(pieceSql(element, wall, offsetSql(expression.type, zone)));
    }
  }
  flush();
  const sql = pieces.length === 0 ? "''" : pieces.length === 1 ? pieces[0]! : `(${pieces.join(" || ")})`;
  return call("TO_VARCHAR", sql, [expression], VARCHAR);
}

/** What `strftime` has no code for. */
function pieceSql(element: FormatElement, wall: string, offset: string): string {
  if (element.kind === "zone") {
    const text = `fn.offset_text(${offset})`;
    return element.part === "both" ? text : element.part === "hours" ? `left(${text}, 3)` : `right(${text}, 2)`;
  }
  return element.kind === "fraction"
    ? `left(strftime(${wall}, '%n'), ${element.digits})`
    : `left(strftime(${wall}, '%p'), 1)`;
}

/** The same in a format that is an expression. */
export function formatByExpression(
  expression: BoundExpression,
  format: BoundExpression,
  session: SessionContext,
): BoundExpression {
  const zone = literal(session.timezone);
  const micros = `CAST(epoch_us(CAST(${wallSql(expression.type, zone)} AS TIMESTAMP)) AS VARCHAR)`;
  const offset = `CAST(${offsetSql(expression.type, zone)} AS VARCHAR)`;
  return call("TO_VARCHAR", `host_write_time(${micros}, ${offset}, $1)`, [expression, format], VARCHAR);
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
