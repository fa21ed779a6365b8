import type { PathStep } from "../ast/expression";
import { TokenKind } from "../lexer/tokens";
import type { TokenCursor } from "./cursor";
import { quotedText } from "./identifier";

/**
 * The steps after a semi-structured value: `:a.b[0]['c']`. Unquoted keys keep their case.
 * Source: "Querying semi-structured data", traversing.
 */
export function parsePathSteps(cursor: TokenCursor): PathStep[] {
  const steps: PathStep[] = [];
  for (;;) {
    if (cursor.is(":") || (steps.length > 0 && cursor.is("."))) {
      cursor.index++;
      steps.push({ kind: "key", key: parseKey(cursor) });
    } else if (cursor.is("[")) {
      steps.push(parseSubscript(cursor));
    } else {
      return steps;
    }
  }
}

function parseKey(cursor: TokenCursor): string {
  const quoted = cursor.kind === TokenKind.Quoted;
  if (!quoted && cursor.kind !== TokenKind.Word) throw cursor.unexpected();
  const key = quoted ? quotedText(cursor) : cursor.source;
  cursor.index++;
  return key;
}

function parseSubscript(cursor: TokenCursor): PathStep {
  cursor.expect("[");
  const index = cursor.grammar.expression(cursor);
  cursor.expect("]");
  return index.kind === "string" ? { kind: "key", key: index.value } : { kind: "index", index };
}
