/** Identifiers as text: the reverse of how the parser folds them. Source: "Identifier requirements". */

const PLAIN = /^[A-Z_][A-Z0-9_$]*$/;

/** `NAME` or `"name"`: quoted only where an unquoted identifier would not come back as the same name. */
export function quoteIfNeeded(name: string): string {
  return PLAIN.test(name) ? name : quote(name);
}

/** Always quoted, inner quotes doubled. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `DB.SCHEMA.NAME`, each part quoted where needed. */
export function qualified(parts: readonly string[]): string {
  return parts.map(quoteIfNeeded).join(".");
}
