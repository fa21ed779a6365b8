import { LoadError } from "./errors";

const PLAIN = /^[A-Za-z_][A-Za-z0-9_$]*$/;
const QUOTED = /^"(?:[^"]|"")+"$/;
/** Longest object identifier, in characters ("Identifier requirements"). */
const MAX_LENGTH = 255;

/**
 * An object identifier as it goes into SQL: a plain one in upper case, a double-quoted one as it stands.
 *
 * Snowflake documentation: "Identifier requirements".
 *
 * @param text what the user gave
 * @param what the option's name, for the message
 * @throws LoadError when it is neither form
 */
export function identifier(text: string, what: string): string {
  if (text.length <= MAX_LENGTH && PLAIN.test(text)) return text.toUpperCase();
  if (text.length <= MAX_LENGTH + 2 && QUOTED.test(text)) return text;
  throw new LoadError(
    `${what} '${text}' is not a Snowflake name: use letters, digits, _ and $, or put it in double quotes`,
  );
}

/** `base` with a suffix, in the same form: `T` gives `T_X`, `"my t"` gives `"my t_X"`. */
export function withSuffix(base: string, suffix: string): string {
  return base.endsWith('"') ? `${base.slice(0, -1)}${suffix}"` : `${base}${suffix}`;
}

/** A single-quoted SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
