import type { Changes, TimeTravel } from "../ast/query";
import type { TokenCursor } from "./cursor";

/** `AT | BEFORE (TIMESTAMP | OFFSET | STATEMENT | STREAM => value)` if it stands here. Source: "AT | BEFORE". */
export function parseTimeTravel(cursor: TokenCursor): TimeTravel | undefined {
  if (!cursor.is("AT", "(") && !cursor.is("BEFORE", "(")) return undefined;
  const kind = cursor.value === "AT" ? "AT" : "BEFORE";
  cursor.index += 2;
  const by = cursor.expectOneOf("TIMESTAMP", "OFFSET", "STATEMENT", "STREAM");
  cursor.expect("=>");
  const value = cursor.grammar.expression(cursor);
  cursor.expect(")");
  return { kind, by, value };
}

/** `CHANGES ([INFORMATION => DEFAULT | APPEND_ONLY]) [AT | BEFORE (...) [END (...)]]`. Source: "CHANGES". */
export function parseChanges(cursor: TokenCursor): Changes {
  cursor.expect("CHANGES", "(");
  const information = cursor.accept("INFORMATION", "=>") ? cursor.expectOneOf("DEFAULT", "APPEND_ONLY") : "DEFAULT";
  cursor.expect(")");
  const start = parseTimeTravel(cursor);
  if (start === undefined) return { information };
  if (!cursor.accept("END", "(")) return { information, start };
  const by = cursor.expectOneOf("TIMESTAMP", "OFFSET", "STATEMENT");
  cursor.expect("=>");
  const value = cursor.grammar.expression(cursor);
  cursor.expect(")");
  return { information, start, end: { by, value } };
}
