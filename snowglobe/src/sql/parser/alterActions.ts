import type { CommonAlterAction } from "../ast/statements/alterActions";
import type { TokenCursor } from "./cursor";
import { parseObjectName, takeIdentifier } from "./identifier";
import { parseSomeProperties } from "./property";

/** RENAME TO, SET, UNSET; undefined when none stands here. */
export function parseCommonAlterAction(cursor: TokenCursor): CommonAlterAction | undefined {
  if (cursor.accept("RENAME", "TO")) return { action: "renameTo", name: parseObjectName(cursor) };
  if (cursor.accept("SET")) return { action: "set", properties: parseSomeProperties(cursor) };
  if (cursor.accept("UNSET")) return { action: "unset", names: parseNames(cursor) };
  return undefined;
}

/** Property names, upper-cased. */
export function parseNames(cursor: TokenCursor): string[] {
  return cursor.list(() => takeIdentifier(cursor).name);
}

/** The same where nothing else is left. @throws SnowflakeError 001003 */
export function expectCommonAlterAction(cursor: TokenCursor): CommonAlterAction {
  const action = parseCommonAlterAction(cursor);
  if (action === undefined) throw cursor.unexpected();
  return action;
}
