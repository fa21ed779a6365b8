/**
 * Names and texts as SQL. Names are written alike for Snowflake and DuckDB: the reverse of how the parser folds them.
 * Source: "Identifier requirements".
 */

const PLAIN = /^[A-Z_][A-Z0-9_$]*$/;

/** `NAME` or `"name"`: quoted only where an unquoted identifier would not come back as the same name. */
export function quoteIfNeeded(name: string): string {
  return PLAIN.test(name) ? name : quoteName(name);
}

/** Always quoted, inner quotes doubled. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `DB.SCHEMA.NAME`, each part quoted where needed. */
export function qualified(parts: readonly string[]): string {
  return parts.map(quoteIfNeeded).join(".");
}

/** A text as Snowflake's SQL. */
export function quoteString(value: string): string {
  return `'${value.replace(/\\/g, "\\\\").replace(/'/g, "''")}'`;
}

/** A text as DuckDB's SQL. Its parser takes a NUL for the end of the statement. */
export function literal(text: string): string {
  const parts = text.replaceAll("'", "''").split("\0");
  return parts.length === 1 ? `'${parts[0]}'` : `(${parts.map((part) => `'${part}'`).join(" || chr(0) || ")})`;
}
