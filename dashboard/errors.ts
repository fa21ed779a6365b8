/** Snowflake cannot be reached, or has ended the session. The message is one line. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/** Snowflake refused a statement; the session lives on. The message is one line. */
export class StatementRefused extends Error {
  override readonly name = "StatementRefused";
}
