/** What begins the text of an error that a macro or a template raises: `SNOWGLOBE|code|sqlState|message`. */
export const ERROR_MARK = "SNOWGLOBE|";

/**
 * DuckDB text that raises one of Snowflake's errors at run time.
 *
 * @param message DuckDB expression of the message
 */
export function raiseSql(code: string, sqlState: string, message: string): string {
  return `error('${ERROR_MARK}${code}|${sqlState}|' || ${message})`;
}
