import type { DataType } from "../sql/ast/dataType";
import type { BoundExpression } from "./boundExpression";
import { call, textLiteral } from "./construct";
import type { SessionContext } from "./environment";
import { literal } from "../quoting";

/** Years of two digits from this one on belong to the 20th century, without TWO_DIGIT_CENTURY_START. */
const CENTURY_START = 1970;

/**
 * A text read by a format of Snowflake's as DATE, TIME or a timestamp.
 *
 * @param name of the function or clause that reads it, for messages
 * @param format the format, or an expression of it
 * @param tries whether what does not fit is NULL; else it is an error
 */
export function timeByFormat(
  name: string,
  text: BoundExpression,
  format: string | BoundExpression,
  target: DataType,
  session: SessionContext,
  tries: boolean,
): BoundExpression {
  const centuryStart = Number(session.parameters.get("TWO_DIGIT_CENTURY_START") ?? CENTURY_START);
  const digits = "scale" in target && target.kind !== "NUMBER" ? target.scale : 0;
  const read = readResultSql(`host_read_time($0, $1, '${centuryStart}', '${digits}')`, target, session);
  const args = [text, typeof format === "string" ? textLiteral(format) : format];
  if (tries) return call(name, read, args, target, true);
  const kind = target.kind === "DATE" ? "date" : target.kind === "TIME" ? "time" : "timestamp";
  return call(name, `coalesce(${read}, fn.bad_${kind}($0))`, args, target);
}

/** What the host's readers answer as a value of a type; see the macros `read_wall` and so on. */
function readResultSql(read: string, type: DataType, session: SessionContext): string {
  const zone = literal(session.timezone);
  switch (type.kind) {
    case "DATE":
      return `CAST(fn.read_wall(${read}) AS DATE)`;
    case "TIME":
      return `CAST(fn.read_wall(${read}) AS TIME)`;
    case "TIMESTAMP_LTZ":
      return `fn.read_ltz(${read}, ${zone})`;
    case "TIMESTAMP_TZ":
      return `fn.read_tz(${read}, ${zone})`;
    default:
      return `fn.read_wall(${read})`;
  }
}

/** The session without input formats of its own: for texts that are written in ISO form whatever it has set. */
export function withoutInputFormats(session: SessionContext): SessionContext {
  const parameters = new Map([...session.parameters].filter(([name]) => !name.endsWith("_INPUT_FORMAT")));
  return { ...session, parameters };
}

/** The input format that the session sets for a type; undefined where formats are detected. */
export function inputFormat(type: DataType, session: SessionContext): string | undefined {
  const name = type.kind === "DATE" || type.kind === "TIME" ? `${type.kind}_INPUT_FORMAT` : "TIMESTAMP_INPUT_FORMAT";
  const format = String(session.parameters.get(name) ?? "AUTO");
  return /^auto$/i.test(format) || format === "" ? undefined : format;
}
