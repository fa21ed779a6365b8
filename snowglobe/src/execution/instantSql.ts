import { invalidValue } from "../errors";
import { dataTypeText, type DataType } from "../sql/ast/dataType";
import type { StatementContext } from "./context";
import { sessionParameter } from "./parameters";

/**
 * A value of any time type as DuckDB text of type TIMESTAMPTZ; wall-clock times are the session's.
 *
 * @param sql DuckDB text of the value
 */
export function instantSql(sql: string, type: DataType, context: StatementContext): string {
  const zone = String(sessionParameter(context.session, "TIMEZONE"));
  switch (type.kind) {
    case "TIMESTAMP_LTZ":
      return `(${sql})`;
    case "TIMESTAMP_TZ":
      return `fn.tz_instant(${sql})`;
    case "TIMESTAMP_NTZ":
    case "DATE":
      return `timezone('${zone}', CAST(${sql} AS TIMESTAMP))`;
    case "VARCHAR":
      return `fn.try_ltz(${sql}, '${zone}', '6')`;
    default:
      throw invalidValue(dataTypeText(type), "timestamp");
  }
}
