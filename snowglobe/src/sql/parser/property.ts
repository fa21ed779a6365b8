import type { Property, PropertyValue } from "../ast/property";
import { TokenKind } from "../lexer/tokens";
import type { TokenCursor } from "./cursor";
import { parseVariable, takeIdentifier } from "./identifier";

/** Whether `KEY =` stands here, or `COMMENT 'text'`, the one property whose `=` may be left out. */
export function atProperty(cursor: TokenCursor): boolean {
  if (cursor.kind !== TokenKind.Word) return false;
  return cursor.valueAhead(1) === "=" || (cursor.value === "COMMENT" && isString(cursor.kindAhead(1)));
}

function isString(kind: TokenKind): boolean {
  return kind === TokenKind.String || kind === TokenKind.DollarString;
}

/** `KEY = value`. */
export function parseProperty(cursor: TokenCursor): Property {
  const first = cursor.index;
  const { name } = takeIdentifier(cursor);
  cursor.accept("=");
  return { name, value: parsePropertyValue(cursor), span: cursor.spanFrom(first) };
}

/** Properties as long as they come, with or without commas between them. */
export function parseProperties(cursor: TokenCursor): Property[] {
  const properties: Property[] = [];
  while (atProperty(cursor)) {
    properties.push(parseProperty(cursor));
    if (cursor.is(",") && cursor.valueAhead(2) === "=") cursor.index++;
  }
  return properties;
}

/** At least one property. */
export function parseSomeProperties(cursor: TokenCursor): Property[] {
  const properties = parseProperties(cursor);
  if (properties.length === 0) throw cursor.unexpected();
  return properties;
}

function parsePropertyValue(cursor: TokenCursor): PropertyValue {
  const first = cursor.index;
  switch (cursor.kind) {
    case TokenKind.String:
    case TokenKind.DollarString: {
      const value = cursor.string();
      return { kind: "string", value, span: cursor.spanFrom(first) };
    }
    case TokenKind.Number:
      return parseNumber(cursor);
    case TokenKind.Variable:
      return parseVariable(cursor)!;
    case TokenKind.Operator:
      return parseOperatorValue(cursor);
    case TokenKind.Word:
    case TokenKind.Quoted:
      return parseWordValue(cursor);
    default:
      throw cursor.unexpected();
  }
}

function parseNumber(cursor: TokenCursor): PropertyValue {
  const first = cursor.index;
  const sign = cursor.accept("-") ? "-" : "";
  if (sign === "") cursor.accept("+");
  if (cursor.kind !== TokenKind.Number) throw cursor.unexpected();
  const text = sign + cursor.source;
  cursor.index++;
  return { kind: "number", text, span: cursor.spanFrom(first) };
}

function parseOperatorValue(cursor: TokenCursor): PropertyValue {
  const first = cursor.index;
  if (cursor.is("-") || cursor.is("+")) return parseNumber(cursor);
  if (cursor.is("?") || cursor.is(":")) return parseVariable(cursor)!;
  if (!cursor.is("(")) throw cursor.unexpected();
  if (cursor.kindAhead(1) === TokenKind.Word && cursor.valueAhead(2) === "=") {
    cursor.index++;
    const properties = parseProperties(cursor);
    cursor.expect(")");
    return { kind: "properties", properties, span: cursor.spanFrom(first) };
  }
  const items = cursor.accept("(", ")") ? [] : cursor.parenthesized(() => parsePropertyValue(cursor));
  return { kind: "list", items, span: cursor.spanFrom(first) };
}

function parseWordValue(cursor: TokenCursor): PropertyValue {
  const first = cursor.index;
  const word = cursor.value;
  if (word === "TRUE" || word === "FALSE") {
    cursor.index++;
    return { kind: "boolean", value: word === "TRUE", span: cursor.spanFrom(first) };
  }
  if (word === "NULL") {
    cursor.index++;
    return { kind: "null", span: cursor.spanFrom(first) };
  }
  const name = [takeIdentifier(cursor)];
  while (cursor.accept(".")) name.push(takeIdentifier(cursor));
  // ON_ERROR = SKIP_FILE_10%
  if (cursor.is("%") && name.length === 1 && name[0]!.name.startsWith("SKIP_FILE_")) {
    cursor.index++;
    name[0] = { ...name[0]!, name: `${name[0]!.name}%`, span: cursor.spanFrom(first) };
  }
  return { kind: "identifier", name, span: cursor.spanFrom(first) };
}
