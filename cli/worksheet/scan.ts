/** What a token is; comments and blanks between tokens follow from the tokens' places. */
export type TokenKind = "word" | "string" | "name" | "dollar" | "comment" | "other";

export interface Token {
  readonly kind: TokenKind;
  /** Words in upper case, other characters as they are; "" for everything that stands between quotes. */
  readonly value: string;
  /** From this offset to that one, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** The text ended before the token's closing quote or mark. */
  readonly isOpen: boolean;
}

const WORD = /[A-Za-z_][\w$]*/y;
const VARIABLE = /\$[\w$]+/y;
const STAGE = /@(?:"[^"]*"|[^\s,;()'"])*/y;
const LOCAL_FILE = /file:\/\/[^\s';]*/iy;

/**
 * Cuts SQL into tokens, as far as one must know them to find where statements end: string literals with `''` and
 * backslash escapes, quoted names, `$$ ... $$`, comments (`--`, `//`, block comments, which do not nest), words. Never
 * fails: what is no SQL is for Snowflake to refuse. Snowflake documentation: "String & binary data types", "Identifier
 * requirements".
 *
 * @param allowsLocalFile whether `file://` may begin here, which elsewhere begins a comment: in PUT and GET
 */
export function scanToken(text: string, start: number, allowsLocalFile: boolean): Token {
  const two = text.slice(start, start + 2);
  if (two === "--" || two === "//") return upTo(text, start, "comment", text.indexOf("\n", start), 0);
  if (two === "/*") return upTo(text, start, "comment", text.indexOf("*/", start + 2), 2);
  if (two === "$$") return upTo(text, start, "dollar", text.indexOf("$$", start + 2), 2);
  if (two[0] === "'") return upTo(text, start, "string", stringEnd(text, start), 1);
  if (two[0] === '"') return upTo(text, start, "name", nameEnd(text, start), 1);
  const word =
    (allowsLocalFile && match(LOCAL_FILE, text, start)) || match(VARIABLE, text, start) || match(STAGE, text, start);
  if (word) return { kind: "other", value: "", start, end: start + word.length, isOpen: false };
  const plain = match(WORD, text, start);
  if (plain) return { kind: "word", value: plain.toUpperCase(), start, end: start + plain.length, isOpen: false };
  const value = text.startsWith("->>", start) ? "->>" : text[start]!;
  return { kind: "other", value, start, end: start + value.length, isOpen: false };
}

/** The offset of the next character that is no blank; the text's length where there is none. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\s\0\ufeff]/.test(text[at]!)) at++;
  return at;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A token that closes at `close`, -1 where it never does; a line comment needs no closing. */
function upTo(text: string, start: number, kind: TokenKind, close: number, markLength: number): Token {
  const end = close === -1 ? text.length : close + markLength;
  return { kind, value: "", start, end, isOpen: close === -1 && markLength > 0 };
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "'") {
      if (text[at + 1] !== "'") return at;
      at++;
    }
  }
  return -1;
}

function nameEnd(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
