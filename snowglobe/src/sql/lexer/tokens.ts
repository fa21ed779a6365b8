/** What a token is. A const object and not an enum: the kinds are kept in plain arrays of small numbers. */
export const TokenKind = {
  End: 0,
  /** An unquoted word: keyword or identifier. `value` is upper-cased. */
  Word: 1,
  /** `"quoted identifier"`. */
  Quoted: 2,
  /** `'string'`. */
  String: 3,
  /** `$$string$$`. */
  DollarString: 4,
  Number: 5,
  /** Operators and punctuation; `value` is its text. */
  Operator: 6,
  /** `$1`. */
  Positional: 7,
  /** `$name`. */
  Variable: 8,
  /** `@stage/path`, up to the next blank, comma, parenthesis or quote. */
  Stage: 9,
  /** `file://path` of PUT and GET. */
  LocalFile: 10,
} as const;
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/**
 * All tokens of a text, as parallel arrays: one object per token would double the time for a long VALUES list.
 * The last token is always End.
 */
export interface TokenList {
  readonly text: string;
  readonly kinds: readonly TokenKind[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Upper-cased words and operators' texts; '' for all other kinds. */
  readonly values: readonly string[];
}
