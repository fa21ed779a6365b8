import type { AlterSequence, CreateSequence } from "../../ast/statements/sequence";
import { expectCommonAlterAction } from "../alterActions";
import { type CreateHeader, parseCreateName, parseTarget } from "../clauses";
import type { TokenCursor } from "../cursor";

/** Source: "CREATE SEQUENCE". */
export function parseCreateSequence(cursor: TokenCursor, header: CreateHeader): CreateSequence {
  const name = parseCreateName(cursor, header);
  let start = 1;
  let increment = 1;
  let ordered: boolean | undefined;
  let comment: string | undefined;
  cursor.accept("WITH");
  for (;;) {
    if (cursor.accept("START")) start = parseNumber(cursor, "WITH");
    else if (cursor.accept("INCREMENT")) increment = parseNumber(cursor, "BY");
    else if (cursor.accept("ORDER")) ordered = true;
    else if (cursor.accept("NOORDER")) ordered = false;
    else if (cursor.accept("COMMENT")) {
      cursor.accept("=");
      comment = cursor.string();
    } else if (!cursor.accept(",")) break;
  }
  return {
    kind: "createSequence",
    ...name,
    start,
    increment,
    ...(ordered !== undefined && { ordered }),
    ...(comment !== undefined && { comment }),
    span: cursor.spanFrom(header.first),
  };
}

function parseNumber(cursor: TokenCursor, word: string): number {
  cursor.accept(word);
  cursor.accept("=");
  return cursor.integer();
}

/** Source: "ALTER SEQUENCE". */
export function parseAlterSequence(cursor: TokenCursor, first: number): AlterSequence {
  const target = parseTarget(cursor);
  const action = parseAction(cursor);
  return { kind: "alterSequence", ...target, action, span: cursor.spanFrom(first) };
}

function parseAction(cursor: TokenCursor): AlterSequence["action"] {
  if (cursor.accept("INCREMENT") || cursor.accept("SET", "INCREMENT")) {
    return { action: "setIncrement", increment: parseNumber(cursor, "BY") };
  }
  if (cursor.accept("SET", "ORDER")) return { action: "setOrder", ordered: true };
  if (cursor.accept("SET", "NOORDER")) return { action: "setOrder", ordered: false };
  return expectCommonAlterAction(cursor);
}
