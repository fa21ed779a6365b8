import type { AlterFileFormat, AlterStage, CreateFileFormat, CreateStage } from "../../ast/statements/stage";
import { expectCommonAlterAction } from "../alterActions";
import { type CreateHeader, parseClone, parseCreateName, parseObjectClauses, parseTarget } from "../clauses";
import type { TokenCursor } from "../cursor";

/** Source: "CREATE STAGE". */
export function parseCreateStage(cursor: TokenCursor, header: CreateHeader): CreateStage {
  const name = parseCreateName(cursor, header);
  const clone = parseClone(cursor);
  const { properties, tags } = parseObjectClauses(cursor);
  return {
    kind: "createStage",
    ...name,
    temporary: header.modifiers.has("TEMPORARY"),
    ...(clone && { clone }),
    tags,
    properties,
    span: cursor.spanFrom(header.first),
  };
}

/** Source: "ALTER STAGE". */
export function parseAlterStage(cursor: TokenCursor, first: number): AlterStage {
  const target = parseTarget(cursor);
  let action: AlterStage["action"];
  if (cursor.accept("REFRESH")) {
    let subpath: string | undefined;
    if (cursor.accept("SUBPATH", "=")) subpath = cursor.string();
    action = { action: "refresh", ...(subpath !== undefined && { subpath }) };
  } else {
    action = expectCommonAlterAction(cursor);
  }
  return { kind: "alterStage", ...target, action, span: cursor.spanFrom(first) };
}

/** Source: "CREATE FILE FORMAT". */
export function parseCreateFileFormat(cursor: TokenCursor, header: CreateHeader): CreateFileFormat {
  const name = parseCreateName(cursor, header);
  const { properties } = parseObjectClauses(cursor);
  const temporary = header.modifiers.has("TEMPORARY");
  return { kind: "createFileFormat", ...name, temporary, properties, span: cursor.spanFrom(header.first) };
}

/** Source: "ALTER FILE FORMAT". */
export function parseAlterFileFormat(cursor: TokenCursor, first: number): AlterFileFormat {
  const target = parseTarget(cursor);
  const action = expectCommonAlterAction(cursor);
  return { kind: "alterFileFormat", ...target, action, span: cursor.spanFrom(first) };
}
