import type { UnsupportedStatement } from "../../ast/statements/session";
import type { TokenCursor } from "../cursor";
import { statementEnd } from "../statementEnd";

/** Takes the rest of a statement that is known but not done: execution refuses it by `feature`'s name. */
export function parseUnsupported(cursor: TokenCursor, first: number, feature: string): UnsupportedStatement {
  cursor.index = Math.max(cursor.index, statementEnd(cursor.tokens, first));
  return { kind: "unsupportedStatement", feature, span: cursor.spanFrom(first) };
}
