import type { FileFormatOptions } from "../../catalog/objects";
import { invalidValue } from "../../errors";
import { VARCHAR } from "../../sql/ast/dataType";
import {
  castTo,
  columnRef,
  emitExpression,
  isSemiStructured,
  isTimestamp,
  type PlanColumn,
  type SessionContext,
} from "../../translate";
import { delimiter } from "./dataFormat";
import { NO_SCAN } from "./fieldValue";
import { literal } from "../../quoting";

/** How values become text. */
interface TextStyle {
  readonly fieldDelimiter: string;
  readonly recordDelimiter: string;
  readonly quote: string | null;
  /** Put before what would be taken for something else in a bare field. */
  readonly escape: string | null;
  readonly nullText: string;
  readonly format: FileFormatOptions;
}

export function textStyle(format: FileFormatOptions): TextStyle {
  const nullIf = format.NULL_IF as readonly string[];
  const escape = delimiter(format, "ESCAPE") ?? delimiter(format, "ESCAPE_UNENCLOSED_FIELD");
  return {
    fieldDelimiter: delimiter(format, "FIELD_DELIMITER") ?? "",
    recordDelimiter: delimiter(format, "RECORD_DELIMITER") ?? "",
    quote: delimiter(format, "FIELD_OPTIONALLY_ENCLOSED_BY"),
    escape,
    nullText: nullIf[0] ?? "",
    format,
  };
}

/** DuckDB text of a row as a line of delimited text, with its record delimiter. */
export function csvLine(columns: readonly PlanColumn[], style: TextStyle, session: SessionContext): string {
  const fields = columns.map((column) => field(column, style, session));
  return `(${fields.join(` || ${literal(style.fieldDelimiter)} || `)} || ${literal(style.recordDelimiter)})`;
}

/** The line of names. */
export function csvHeader(columns: readonly PlanColumn[], style: TextStyle): string {
  const { quote } = style;
  const names = columns.map(({ name }) =>
    quote === null ? name : quote + name.replaceAll(quote, quote + quote) + quote,
  );
  return names.join(style.fieldDelimiter) + style.recordDelimiter;
}

function field(column: PlanColumn, style: TextStyle, session: SessionContext): string {
  const text = plainText(column, style.format, session);
  const { quote, escape } = style;
  const isString = column.type.kind === "VARCHAR" || isSemiStructured(column.type);
  let shown = text;
  if (quote !== null && isString) {
    shown = `(${literal(quote)} || replace(${text}, ${literal(quote)}, ${literal(quote + quote)}) || ${literal(quote)})`;
  } else if (escape !== null && isString) {
    for (const one of new Set([escape, style.fieldDelimiter, style.recordDelimiter])) {
      if (one !== "") shown = `replace(${shown}, ${literal(one)}, ${literal(escape + one)})`;
    }
  }
  return `coalesce(${shown}, ${literal(style.nullText)})`;
}

/** A value as text, by the formats of the file or of the session. */
function plainText(column: PlanColumn, format: FileFormatOptions, session: SessionContext): string {
  const value = columnRef(column);
  const { type } = column;
  const id = emitExpression(value, NO_SCAN);
  if (isSemiStructured(type)) return `fn.variant_text(${id})`;
  if (type.kind === "BINARY" && format.BINARY_FORMAT === "BASE64") return `to_base64(${id})`;
  if (type.kind === "BINARY" && /^UTF-?8$/.test(String(format.BINARY_FORMAT))) return `decode(${id})`;
  const own =
    type.kind === "DATE" ? "DATE" : type.kind === "TIME" ? "TIME" : isTimestamp(type) ? "TIMESTAMP" : undefined;
  const given = own === undefined ? "AUTO" : String(format[`${own}_FORMAT`] ?? "AUTO");
  if (given.toUpperCase() === "AUTO") return emitExpression(castTo(value, VARCHAR, session, "explicit"), NO_SCAN);
  const names =
    own === "TIMESTAMP" ? [`${type.kind}_OUTPUT_FORMAT`, "TIMESTAMP_OUTPUT_FORMAT"] : [`${own}_OUTPUT_FORMAT`];
  const parameters = new Map([...session.parameters, ...names.map((name) => [name, given] as const)]);
  const cast = castTo(value, VARCHAR, { ...session, parameters }, "explicit");
  const sql = emitExpression(cast, NO_SCAN);
  if (sql === "") throw invalidValue(given, `${own}_FORMAT`);
  return sql;
}
