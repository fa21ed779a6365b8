import { tokenize } from "../lexer/lexer";
import { type Grammar, TokenCursor } from "./cursor";
import { parseExpression } from "./expression";
import { parseQuery, parseQueryAfter } from "./query";
import { parseSingle, parseStatement } from "./statement";

/** Where the rules that call each other are tied together. */
const GRAMMAR: Grammar = {
  expression: parseExpression,
  query: parseQuery,
  queryAfter: parseQueryAfter,
  statement: parseStatement,
  single: parseSingle,
};

/** A cursor at a text's first token. @throws SnowflakeError 001003 for a character that begins no token */
export function cursorOf(text: string): TokenCursor {
  return new TokenCursor(tokenize(text), GRAMMAR);
}
