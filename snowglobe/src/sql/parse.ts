import type { DataType } from "./ast/dataType";
import type { Expression } from "./ast/expression";
import type { ObjectName } from "./ast/identifier";
import type { Query } from "./ast/query";
import type { Node, Span } from "./ast/span";
import type { Statement } from "./ast/statement";
import { foldedText } from "./foldQuoted";
import { tokenize } from "./lexer/lexer";
import { nestedTooDeeply, type TokenCursor } from "./parser/cursor";
import { parseDataType as dataTypeRule } from "./parser/dataType";
import { cursorOf } from "./parser/grammar";
import { parseObjectName as objectNameRule } from "./parser/identifier";
import { atQuery } from "./parser/query";
import { statementEnd } from "./parser/statementEnd";

/**
 * Reads text into the AST. Every function throws SnowflakeError: 001003 with line and position for text that is no
 * Snowflake SQL, 000002 for what is Snowflake's but not supported.
 */

function whole<T>(text: string, rule: (cursor: TokenCursor) => T): T {
  const cursor = cursorOf(text);
  try {
    const result = rule(cursor);
    if (!cursor.atEnd) throw cursor.unexpected();
    return result;
  } catch (error) {
    // A caller may have left less of the stack than MAX_NESTING counts on.
    throw error instanceof RangeError ? nestedTooDeeply() : error;
  }
}

/** Exactly one statement; semicolons and comments may follow. */
export function parseStatement(text: string): Statement {
  return whole(text, (cursor) => {
    const statement = cursor.grammar.statement(cursor);
    while (cursor.accept(";"));
    return statement;
  });
}

/** All statements of a text; spans count from the text's start. An empty text has none. */
export function parseStatements(text: string): Statement[] {
  return whole(text, takeStatements);
}

/**
 * Statements with all identifiers in double quotes in upper case, as QUOTED_IDENTIFIERS_IGNORE_CASE says; keys of paths
 * keep theirs, and nothing moves. Source: "Identifier requirements".
 */
export function foldQuotedIdentifiers(text: string): string {
  if (!text.includes('"')) return text;
  return whole(text, (cursor) => {
    takeStatements(cursor);
    return foldedText(cursor);
  });
}

function takeStatements(cursor: TokenCursor): Statement[] {
  const statements: Statement[] = [];
  while (cursor.accept(";"));
  while (!cursor.atEnd) {
    statements.push(cursor.grammar.statement(cursor));
    if (!cursor.atEnd) cursor.expect(";");
    while (cursor.accept(";"));
  }
  return statements;
}

/**
 * Cuts a worksheet into statements without parsing them: at semicolons outside strings, comments, `$$ ... $$` and
 * Scripting blocks. Texts are without their semicolon and without comments before and after; empty ones are left out.
 */
export function splitStatements(text: string): { readonly text: string; readonly span: Span }[] {
  const tokens = tokenize(text);
  const statements: { text: string; span: Span }[] = [];
  const last = tokens.kinds.length - 1;
  for (let first = 0; first < last;) {
    const end = statementEnd(tokens, first);
    if (end > first) {
      const span = { start: tokens.starts[first]!, end: tokens.ends[end - 1]! };
      statements.push({ text: text.slice(span.start, span.end), span });
    }
    first = end + 1;
  }
  return statements;
}

/** One query, without a semicolon. */
export function parseQuery(text: string): Query {
  return whole(text, (cursor) => cursor.grammar.query(cursor));
}

export function parseExpression(text: string): Expression {
  return whole(text, (cursor) => cursor.grammar.expression(cursor));
}

/** The body of an SQL function: a query (of a table function) or an expression; a closing semicolon may follow. */
export function parseFunctionBody(text: string): Query | Expression {
  return whole(text, (cursor) => {
    const body = atQuery(cursor) && !cursor.is("(") ? cursor.grammar.query(cursor) : cursor.grammar.expression(cursor);
    cursor.accept(";");
    return body;
  });
}

/** A name as users write it: `a.b.c`, `"My Table"`. */
export function parseObjectName(text: string): ObjectName {
  return whole(text, objectNameRule);
}

/** @throws also SnowflakeError 002040 for a type that Snowflake does not have */
export function parseDataType(text: string): DataType {
  return whole(text, dataTypeRule);
}

/** What a node was read from, in the user's words. */
export function sourceOf(text: string, node: Node): string {
  return text.slice(node.span.start, node.span.end);
}
