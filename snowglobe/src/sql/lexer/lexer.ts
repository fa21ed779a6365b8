import { syntaxErrorAt } from "./position";
import { TokenKind, type TokenList } from "./tokens";

const WORD_START = 1;
const WORD_PART = 2;
const DIGIT = 4;
const SPACE = 8;

/** Classes of the ASCII characters. */
const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(char)) CLASSES[code] = WORD_START | WORD_PART;
  else if (/[0-9]/.test(char)) CLASSES[code] = DIGIT | WORD_PART;
  else if (char === "$") CLASSES[code] = WORD_PART;
  else if (/[\s\0]/.test(char)) CLASSES[code] = SPACE;
}

/** Longest first, so that the first match is the token. */
const OPERATORS = [
  ...["->>"],
  ...["->", "=>", "::", ":=", "||", "<=", ">=", "<>", "!=", "=="],
  ...[
    "(",
    ")",
    ",",
    ";",
    ".",
    "[",
    "]",
    "{",
    "}",
    "?",
    ":",
    "=",
    "<",
    ">",
    "+",
    "-",
    "*",
    "/",
    "%",
    "|",
    "&",
    "^",
    "~",
    "!",
  ],
];
const OPERATORS_BY_FIRST = new Map<number, string[]>();
for (const operator of OPERATORS) {
  const first = operator.charCodeAt(0);
  OPERATORS_BY_FIRST.set(first, [...(OPERATORS_BY_FIRST.get(first) ?? []), operator]);
}

/** Upper-cased words seen before: folding the same few names thousands of times would cost more than the look-up. */
const upperCased = new Map<string, string>();
const UPPER_CASED_LIMIT = 10_000;

function upperCase(word: string): string {
  const known = upperCased.get(word);
  if (known !== undefined) return known;
  if (upperCased.size >= UPPER_CASED_LIMIT) upperCased.clear();
  const upper = word.toUpperCase();
  upperCased.set(word, upper);
  return upper;
}

/**
 * Cuts a text into tokens. Blanks and the comments `--`, `//` and block comments are left out.
 *
 * @throws SnowflakeError 001003 for a character that begins no token and for an unterminated string or comment
 */
export function tokenize(text: string): TokenList {
  return new Lexer(text).run();
}

class Lexer {
  private readonly kinds: TokenKind[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly values: string[] = [];
  /** Whether the statement under way is PUT or GET: only there `file://` is a path and no comment. */
  private inTransfer = false;
  private atStatementStart = true;

  constructor(private readonly text: string) {}

  run(): TokenList {
    const { text } = this;
    let at = this.skipBlank(0);
    while (at < text.length) {
      const next = this.token(at);
      at = this.skipBlank(next);
    }
    this.push(TokenKind.End, text.length, text.length, "");
    const { kinds, starts, ends, values } = this;
    return { text, kinds, starts, ends, values };
  }

  private push(kind: TokenKind, start: number, end: number, value: string): number {
    this.kinds.push(kind);
    this.starts.push(start);
    this.ends.push(end);
    this.values.push(value);
    if (value === ";") {
      this.atStatementStart = true;
      this.inTransfer = false;
    } else if (this.atStatementStart) {
      this.atStatementStart = false;
      this.inTransfer = value === "PUT" || value === "GET";
    }
    return end;
  }

  private classAt(at: number): number {
    const code = this.text.charCodeAt(at);
    return code < 128 ? CLASSES[code]! : 0;
  }

  private skipBlank(from: number): number {
    const { text } = this;
    let at = from;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code < 128 ? CLASSES[code]! & SPACE : code === 0xa0 || code === 0xfeff || code === 0x3000) {
        at++;
      } else if ((code === 45 && text.charCodeAt(at + 1) === 45) || (code === 47 && text.charCodeAt(at + 1) === 47)) {
        const lineEnd = text.indexOf("\n", at);
        at = lineEnd === -1 ? text.length : lineEnd + 1;
      } else if (code === 47 && text.charCodeAt(at + 1) === 42) {
        const close = text.indexOf("*/", at + 2);
        if (close === -1) throw syntaxErrorAt(text, text.length, "<EOF>");
        at = close + 2;
      } else {
        return at;
      }
    }
  }

  private token(start: number): number {
    const { text } = this;
    const code = text.charCodeAt(start);
    const kind = code < 128 ? CLASSES[code]! : 0;
    if (kind & WORD_START) return this.word(start);
    if (kind & DIGIT || (code === 46 && this.classAt(start + 1) & DIGIT && !this.followsName(start))) {
      return this.number(start);
    }
    if (code === 39) return this.push(TokenKind.String, start, this.stringEnd(start), "");
    if (code === 34) return this.push(TokenKind.Quoted, start, this.quotedEnd(start), "");
    if (code === 36) return this.dollar(start);
    if (code === 64) return this.stage(start);
    // By far the most frequent operators of a long VALUES list.
    if (code === 44) return this.push(TokenKind.Operator, start, start + 1, ",");
    if (code === 40) return this.push(TokenKind.Operator, start, start + 1, "(");
    if (code === 41) return this.push(TokenKind.Operator, start, start + 1, ")");
    const operator = OPERATORS_BY_FIRST.get(code)?.find((candidate) => text.startsWith(candidate, start));
    if (operator === undefined) throw syntaxErrorAt(text, start, String.fromCodePoint(text.codePointAt(start)!));
    return this.push(TokenKind.Operator, start, start + operator.length, operator);
  }

  private word(start: number): number {
    const { text } = this;
    let end = start + 1;
    while (this.classAt(end) & WORD_PART) end++;
    const word = upperCase(text.slice(start, end));
    if (this.inTransfer && word === "FILE" && text.startsWith("://", end)) {
      while (end < text.length && !/[\s';]/.test(text[end]!)) end++;
      return this.push(TokenKind.LocalFile, start, end, "");
    }
    return this.push(TokenKind.Word, start, end, word);
  }

  /** Whether the dot at `start` directly follows a name: `t.1` is no number. */
  private followsName(start: number): boolean {
    const last = this.kinds.length - 1;
    if (last < 0 || this.ends[last] !== start) return false;
    const kind = this.kinds[last];
    return kind === TokenKind.Word || kind === TokenKind.Quoted;
  }

  private number(start: number): number {
    let end = start;
    while (this.classAt(end) & DIGIT) end++;
    if (this.text.charCodeAt(end) === 46) {
      end++;
      while (this.classAt(end) & DIGIT) end++;
    }
    const exponent = this.text.charCodeAt(end);
    if (exponent === 69 || exponent === 101) {
      const sign = this.text.charCodeAt(end + 1);
      const digits = sign === 43 || sign === 45 ? end + 2 : end + 1;
      if (this.classAt(digits) & DIGIT) {
        end = digits;
        while (this.classAt(end) & DIGIT) end++;
      }
    }
    return this.push(TokenKind.Number, start, end, "");
  }

  private stringEnd(start: number): number {
    const { text } = this;
    for (let at = start + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 92) at++;
      else if (code === 39) {
        if (text.charCodeAt(at + 1) !== 39) return at + 1;
        at++;
      }
    }
    throw syntaxErrorAt(text, text.length, "<EOF>");
  }

  private quotedEnd(start: number): number {
    const { text } = this;
    for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 2)) {
      if (text.charCodeAt(at + 1) !== 34) return at + 1;
    }
    throw syntaxErrorAt(text, text.length, "<EOF>");
  }

  private dollar(start: number): number {
    const { text } = this;
    const next = text.charCodeAt(start + 1);
    if (next === 36) {
      const close = text.indexOf("$$", start + 2);
      if (close === -1) throw syntaxErrorAt(text, text.length, "<EOF>");
      return this.push(TokenKind.DollarString, start, close + 2, "");
    }
    let end = start + 1;
    if (this.classAt(end) & DIGIT) {
      while (this.classAt(end) & DIGIT) end++;
      return this.push(TokenKind.Positional, start, end, "");
    }
    if (!(this.classAt(end) & WORD_START)) throw syntaxErrorAt(text, start, "$");
    while (this.classAt(end) & WORD_PART) end++;
    return this.push(TokenKind.Variable, start, end, "");
  }

  private stage(start: number): number {
    const { text } = this;
    let end = start + 1;
    while (end < text.length) {
      const char = text[end]!;
      if (char === '"') end = this.quotedEnd(end);
      else if (/[\s,;()']/.test(char)) break;
      else end++;
    }
    if (end === start + 1) throw syntaxErrorAt(text, start, "@");
    return this.push(TokenKind.Stage, start, end, "");
  }
}
