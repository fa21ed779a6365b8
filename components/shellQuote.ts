/**
 * One word of a POSIX shell command, whatever it contains.
 *
 * @param text any text without NUL
 */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
