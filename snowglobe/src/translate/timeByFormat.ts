import { unsupported } from "../errors";
import type { DataType } from "../sql/ast/dataType";
import type { BoundExpression } from "./boundExpression";
import { call, quoteText } from "./construct";
import { parsingFormat } from "./dateFormat";
import type { SessionContext } from "./environment";
import { physicalType } from "./types/physicalType";

/**
 * A text read by a format of Snowflake's as DATE, TIME or a timestamp.
 *
 * @param name of the function or clause that reads it, for messages
 * @param tries whether what does not fit is NULL; else it is an error
 */
export function timeByFormat(
  name: string,
  text: BoundExpression,
  format: string,
  target: DataType,
  session: SessionContext,
  tries: boolean,
): BoundExpression {
  const { format: pattern, hasZone } = parsingFormat(format);
  const tried = `try_strptime($0, ${quoteText(pattern)})`;
  const zone = quoteText(session.timezone);
  let read: string;
  if (hasZone) {
    // With an offset the text means an instant.
    const at = `fn.as_instant(${tried})`;
    if (target.kind === "TIMESTAMP_LTZ") read = at;
    else if (target.kind === "TIMESTAMP_TZ") read = `fn.ltz_to_tz(${at}, 'UTC')`;
    else throw unsupported(`${name} with a time zone in the format`);
  } else if (target.kind === "TIMESTAMP_LTZ") read = `timezone(${zone}, ${tried})`;
  else if (target.kind === "TIMESTAMP_TZ") read = `fn.ntz_to_tz(${tried}, ${zone})`;
  else read = `CAST(${tried} AS ${physicalType(target)})`;
  if (tries) return call(name, read, [text], target, true);
  const kind = target.kind === "DATE" ? "date" : target.kind === "TIME" ? "time" : "timestamp";
  return call(name, `coalesce(${read}, fn.bad_${kind}($0))`, [text], target);
}
