/**
 * How values of a VARIANT lie in storage: as compact JSON text with sorted keys, the same text for the same value, so
 * that equality, DISTINCT and GROUP BY need no more than the text. What JSON has no token for is a string that begins
 * with a character that no text has (a Unicode noncharacter) and a letter for the type.
 *
 * Source: "Semi-structured data types", "TYPEOF".
 */
export const TAG_MARK = "\u{FDD0}";

/** The letter behind the mark, by the type that TYPEOF names. */
export const TAGS = {
  /** An element of an array that is not there; SQL NULL when it is read. */
  UNDEFINED: "u",
  DOUBLE: "f",
  /** Fixed-point numbers with more digits than a JSON reader keeps. */
  DECIMAL: "n",
  DATE: "d",
  TIME: "t",
  TIMESTAMP_NTZ: "w",
  TIMESTAMP_LTZ: "l",
  TIMESTAMP_TZ: "z",
  BINARY: "x",
} as const;

export type TaggedType = keyof typeof TAGS;

/** Significant digits of a fraction that any JSON reader keeps. */
export const PLAIN_DIGITS = 15;

/** The stored text of a tagged value. */
export function tagged(type: TaggedType, text = ""): string {
  return `"${TAG_MARK}${TAGS[type]}${text}"`;
}

export const UNDEFINED_ELEMENT = tagged("UNDEFINED");

/** The tag's letter and the text behind it, where a stored scalar has one. */
export function readTag(stored: string): { readonly letter: string; readonly text: string } | undefined {
  return stored.startsWith(`"${TAG_MARK}`) ? { letter: stored[2]!, text: stored.slice(3, -1) } : undefined;
}
