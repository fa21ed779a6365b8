import { compilationError, type SnowflakeError } from "../../errors";
import type { Expression } from "../ast/expression";
import type { Query } from "../ast/query";
import type { Span } from "../ast/span";
import type { Statement } from "../ast/statement";
import { unescapeString } from "../lexer/literals";
import { syntaxErrorAt } from "../lexer/position";
import { TokenKind, type TokenList } from "../lexer/tokens";

/**
 * The grammar's recursion. Expressions hold queries, queries hold expressions, statements hold both: each rule calls the
 * others through the cursor, so that the files import one way.
 */
export interface Grammar {
  /** An expression of operators that bind tighter than `power` (parser/power.ts; default: any). */
  expression(cursor: TokenCursor, power?: number): Expression;
  query(cursor: TokenCursor): Query;
  /** The rest of a query whose first operand, in parentheses, was read already; `first` is its first token. */
  queryAfter(cursor: TokenCursor, operand: Query, first: number): Query;
  /** One statement, with `->>` pipes. */
  statement(cursor: TokenCursor): Statement;
  /** One statement, without what it is piped into. */
  single(cursor: TokenCursor): Statement;
}

/**
 * Levels of nesting that the parser follows before it gives up with an error: a call and a subquery count two, CASE
 * and an array one. Parentheses and operators have a stack of their own (parser/expression.ts). So the stack of Node.js (984 KB by default) is not exhausted,
 * here or by those who walk the tree.
 */
const MAX_NESTING = 1_050;

/** The error for statements that are nested beyond all measure. */
export function nestedTooDeeply(): SnowflakeError {
  return compilationError("The statement is nested too deeply.", "001004", "42601");
}

/** A place in a token list, with the few operations that the rules are made of. */
export class TokenCursor {
  index = 0;
  /** The index of the token at which a `*` or `t.*` may stand (a SELECT item or an argument), else -1. */
  starAt = -1;
  /** How many `t.a(+)` there were so far. */
  outerMarks = 0;
  /** How many IDENTIFIER(variable) there were so far. */
  namesInVariables = 0;
  /** The indexes of tokens in double quotes that were taken for identifiers, and of texts that were read as names. */
  readonly quotedIdentifiers: number[] = [];
  private nesting = 0;
  private questionMarks = 0;
  /** Tokens whose `?` are counted. */
  private countedTo = 0;

  constructor(
    readonly tokens: TokenList,
    readonly grammar: Grammar,
  ) {}

  /**
   * The place of a `?` among those of the text, from 1: the same, however often rules that were tried read it before.
   *
   * @param at its token
   */
  questionMark(at: number): number {
    if (at < this.countedTo) [this.countedTo, this.questionMarks] = [0, 0];
    for (; this.countedTo <= at; this.countedTo++) if (this.tokens.values[this.countedTo] === "?") this.questionMarks++;
    return this.questionMarks;
  }

  get kind(): TokenKind {
    return this.tokens.kinds[this.index]!;
  }

  /** The upper-cased word or the operator at the cursor; '' for every other token. */
  get value(): string {
    return this.tokens.values[this.index]!;
  }

  /** Offset of the current token. */
  get start(): number {
    return this.tokens.starts[this.index]!;
  }

  get atEnd(): boolean {
    return this.kind === TokenKind.End;
  }

  /** The kind of the token `ahead` places on. */
  kindAhead(ahead: number): TokenKind {
    return this.tokens.kinds[this.index + ahead] ?? TokenKind.End;
  }

  valueAhead(ahead: number): string {
    return this.tokens.values[this.index + ahead] ?? "";
  }

  /** Whether the words or operators stand here, in this order. */
  is(...values: readonly string[]): boolean {
    for (let ahead = 0; ahead < values.length; ahead++) {
      if (this.tokens.values[this.index + ahead] !== values[ahead]) return false;
    }
    return true;
  }

  isOneOf(values: ReadonlySet<string>): boolean {
    return values.has(this.value);
  }

  /** Takes the words or operators if all stand here. */
  accept(...values: readonly string[]): boolean {
    if (!this.is(...values)) return false;
    this.index += values.length;
    return true;
  }

  /** Takes the first of the words that stands here. */
  acceptOneOf<T extends string>(...values: readonly T[]): T | undefined {
    const value = this.value;
    const found = values.find((candidate) => candidate === value);
    if (found !== undefined) this.index++;
    return found;
  }

  /** @throws SnowflakeError 001003 when they do not stand here */
  expect(...values: readonly string[]): void {
    for (const value of values) {
      if (this.value !== value) throw this.unexpected();
      this.index++;
    }
  }

  expectOneOf<T extends string>(...values: readonly T[]): T {
    const found = this.acceptOneOf(...values);
    if (found === undefined) throw this.unexpected();
    return found;
  }

  /** The current token's text as written. */
  get source(): string {
    return this.sourceAt(this.index);
  }

  sourceAt(index: number): string {
    return this.tokens.text.slice(this.tokens.starts[index], this.tokens.ends[index]);
  }

  /** The text between two offsets. */
  slice(span: Span): string {
    return this.tokens.text.slice(span.start, span.end);
  }

  /** From the token at `firstIndex` to the last one taken. */
  spanFrom(firstIndex: number): Span {
    const start = this.tokens.starts[firstIndex]!;
    return { start, end: this.index > firstIndex ? this.tokens.ends[this.index - 1]! : start };
  }

  /** The syntax error for the current token, or the one `ahead` places on. */
  unexpected(ahead = 0): SnowflakeError {
    const { text, starts, kinds } = this.tokens;
    const index = Math.min(this.index + ahead, kinds.length - 1);
    const token = kinds[index] === TokenKind.End ? "<EOF>" : this.sourceAt(index);
    return syntaxErrorAt(text, starts[index]!, token);
  }

  get atString(): boolean {
    const kind = this.kind;
    return kind === TokenKind.String || kind === TokenKind.DollarString;
  }

  /** The value of the string literal here; takes it. */
  string(): string {
    const { text, starts, ends } = this.tokens;
    const start = starts[this.index]!;
    const end = ends[this.index]!;
    if (this.kind === TokenKind.String) {
      this.index++;
      return unescapeString(text.slice(start + 1, end - 1));
    }
    if (this.kind === TokenKind.DollarString) {
      this.index++;
      return text.slice(start + 2, end - 2);
    }
    throw this.unexpected();
  }

  /** A whole number, maybe negative. */
  integer(): number {
    const sign = this.accept("-") ? -1 : 1;
    if (this.kind !== TokenKind.Number || !/^\d+$/.test(this.source)) throw this.unexpected();
    const value = sign * Number(this.source);
    this.index++;
    return value;
  }

  /** A comma-separated list of at least one. */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(",")) items.push(item());
    return items;
  }

  /** A parenthesised comma-separated list of at least one. */
  parenthesized<T>(item: () => T): T[] {
    this.expect("(");
    const items = this.list(item);
    this.expect(")");
    return items;
  }

  /** Marks one level of nesting; `leave` ends it. @throws SnowflakeError when nested too deeply */
  enter(): void {
    if (++this.nesting > MAX_NESTING) throw nestedTooDeeply();
  }
  leave(): void {
    this.nesting--;
  }
}
