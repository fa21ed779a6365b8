import { compilationError, type SnowflakeError } from "../../errors";
import type { BindParameter, SessionVariable } from "../ast/expression";
import type { Identifier, ObjectName } from "../ast/identifier";
import { RESERVED } from "../keywords";
import { tokenize } from "../lexer/lexer";
import { TokenKind } from "../lexer/tokens";
import { TokenCursor } from "./cursor";

/** Whether an identifier stands `ahead` places on. */
export function atIdentifier(cursor: TokenCursor, ahead = 0): boolean {
  const kind = cursor.kindAhead(ahead);
  return kind === TokenKind.Quoted || (kind === TokenKind.Word && !RESERVED.has(cursor.valueAhead(ahead)));
}

/** One identifier; reserved words must be quoted. */
export function parseIdentifier(cursor: TokenCursor): Identifier {
  if (!atIdentifier(cursor)) throw cursor.unexpected();
  return takeIdentifier(cursor);
}

/** The word or quoted identifier here, whatever it is. */
export function takeIdentifier(cursor: TokenCursor): Identifier {
  const { index } = cursor;
  const quoted = cursor.kind === TokenKind.Quoted;
  if (!quoted && cursor.kind !== TokenKind.Word) throw cursor.unexpected();
  const name = quoted ? quotedText(cursor) : cursor.value;
  if (name.length > LONGEST_NAME) throw tooLong(name);
  if (quoted) cursor.quotedIdentifiers.push(index);
  cursor.index++;
  return { name, quoted, span: cursor.spanFrom(index) };
}

/** Characters of an identifier. Source: "Identifier requirements". */
const LONGEST_NAME = 255;

function tooLong(name: string): SnowflakeError {
  return compilationError(
    `Identifier '${name.slice(0, 50)}...' is too long: it has ${name.length} characters, ${LONGEST_NAME} are allowed.`,
    "001003",
    "42000",
  );
}

/** What stands in the double quotes here. */
export function quotedText(cursor: TokenCursor): string {
  return cursor.source.slice(1, -1).replaceAll('""', '"');
}

/** `a`, `a.b`, `a.b.c`, `a..c` (schema PUBLIC), or IDENTIFIER(...). Source: "Object name resolution". */
export function parseObjectName(cursor: TokenCursor): ObjectName {
  if (atIdentifierFunction(cursor)) return parseIdentifierFunction(cursor);
  const parts = [parseIdentifier(cursor)];
  while (cursor.accept(".")) {
    if (cursor.is(".")) {
      parts.push({ name: "PUBLIC", quoted: false, span: cursor.spanFrom(cursor.index) });
    } else {
      parts.push(parseIdentifier(cursor));
    }
  }
  return parts;
}

export function atIdentifierFunction(cursor: TokenCursor): boolean {
  return cursor.is("IDENTIFIER", "(");
}

/** `IDENTIFIER('a.b')`, `IDENTIFIER($v)`, `IDENTIFIER(:v)`, `IDENTIFIER(?)`. */
export function parseIdentifierFunction(cursor: TokenCursor): ObjectName {
  const first = cursor.index;
  cursor.expect("IDENTIFIER", "(");
  if (cursor.atString) {
    const textIndex = cursor.index;
    cursor.quotedIdentifiers.push(textIndex);
    const name = readObjectName(cursor.string(), cursor, textIndex);
    cursor.expect(")");
    const span = cursor.spanFrom(first);
    return name.map((part) => ({ ...part, span }));
  }
  const variable = parseVariable(cursor);
  if (variable === undefined) throw cursor.unexpected();
  cursor.expect(")");
  cursor.namesInVariables++;
  return [{ name: "", quoted: false, variable, span: cursor.spanFrom(first) }];
}

/** A name that stands in a string; its errors are those of the string. */
export function readObjectName(text: string, outer: TokenCursor, textIndex: number): ObjectName {
  const cursor = new TokenCursor(tokenize(text), outer.grammar);
  const name = parseObjectName(cursor);
  if (!cursor.atEnd) throw outer.unexpected(textIndex - outer.index);
  return name;
}

/** `?`, `:1`, `:name` or `$name`, if one stands here. */
export function parseVariable(cursor: TokenCursor): BindParameter | SessionVariable | undefined {
  const first = cursor.index;
  if (cursor.kind === TokenKind.Variable) {
    const name = cursor.source.slice(1).toUpperCase();
    cursor.index++;
    return { kind: "sessionVariable", name, span: cursor.spanFrom(first) };
  }
  if (cursor.accept("?")) return { kind: "bind", index: cursor.questionMark(first), span: cursor.spanFrom(first) };
  if (!cursor.is(":")) return undefined;
  cursor.index++;
  if (cursor.kind === TokenKind.Number) {
    const index = cursor.integer();
    return { kind: "bind", index, span: cursor.spanFrom(first) };
  }
  const { name } = takeIdentifier(cursor);
  return { kind: "bind", name, span: cursor.spanFrom(first) };
}

/** `(a, b, c)`. */
export function parseColumnList(cursor: TokenCursor): Identifier[] {
  return cursor.parenthesized(() => parseIdentifier(cursor));
}

/** `(a, b, c)` if a parenthesis stands here, else none. */
export function parseOptionalColumnList(cursor: TokenCursor): Identifier[] {
  return cursor.is("(") ? parseColumnList(cursor) : [];
}
