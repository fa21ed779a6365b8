import type { ObjectKind } from "../../ast/statements/common";
import type {
  CommentOn,
  Describe,
  DescribeResult,
  DescribeTransaction,
  Drop,
  Undrop,
} from "../../ast/statements/metadata";
import { TokenKind } from "../../lexer/tokens";
import { parseArgumentTypes } from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseObjectName } from "../identifier";
import { refuseForeignKind } from "../foreignKinds";
import { parseObjectKind } from "../objectKind";

function isRoutine(kind: ObjectKind): boolean {
  return kind === "FUNCTION" || kind === "PROCEDURE";
}

/** @throws SnowflakeError 000002 for a kind that is Snowflake's, 001003 for a word that is none */
function expectKind(cursor: TokenCursor, verb: string): ObjectKind {
  refuseForeignKind(cursor, verb);
  const kind = parseObjectKind(cursor);
  if (kind === undefined) throw cursor.unexpected();
  return kind;
}

/** Source: "DROP <object>". */
export function parseDrop(cursor: TokenCursor): Drop {
  const first = cursor.index;
  cursor.expect("DROP");
  const objectKind = expectKind(cursor, "DROP");
  const ifExists = cursor.accept("IF", "EXISTS");
  const name = parseObjectName(cursor);
  const argumentTypes = isRoutine(objectKind) ? parseArgumentTypes(cursor) : undefined;
  const behavior = cursor.acceptOneOf("CASCADE", "RESTRICT");
  return {
    kind: "drop",
    objectKind,
    name,
    ifExists,
    ...(behavior && { behavior }),
    ...(argumentTypes && { argumentTypes }),
    span: cursor.spanFrom(first),
  };
}

/** Source: "UNDROP <object>". */
export function parseUndrop(cursor: TokenCursor): Undrop {
  const first = cursor.index;
  cursor.expect("UNDROP");
  const objectKind = expectKind(cursor, "UNDROP");
  const name = parseObjectName(cursor);
  return { kind: "undrop", objectKind, name, span: cursor.spanFrom(first) };
}

/** Sources: "DESCRIBE <object>", "DESCRIBE RESULT". */
export function parseDescribe(cursor: TokenCursor): Describe | DescribeResult | DescribeTransaction {
  const first = cursor.index;
  cursor.expectOneOf("DESCRIBE", "DESC");
  if (cursor.is("RESULT") && cursor.kindAhead(1) !== TokenKind.End && cursor.valueAhead(1) !== ".") {
    cursor.index++;
    return { kind: "describeResult", queryId: cursor.grammar.expression(cursor), span: cursor.spanFrom(first) };
  }
  if (cursor.is("TRANSACTION") && cursor.kindAhead(1) === TokenKind.Number) {
    const id = cursor.sourceAt(cursor.index + 1);
    cursor.index += 2;
    return { kind: "describeTransaction", id, span: cursor.spanFrom(first) };
  }
  refuseForeignKind(cursor, "DESCRIBE");
  const objectKind = parseObjectKind(cursor) ?? "TABLE";
  const name = parseObjectName(cursor);
  const argumentTypes = isRoutine(objectKind) ? parseArgumentTypes(cursor) : undefined;
  const type = cursor.accept("TYPE", "=") ? cursor.expectOneOf("COLUMNS", "STAGE") : undefined;
  return {
    kind: "describe",
    objectKind,
    name,
    ...(type && { type }),
    ...(argumentTypes && { argumentTypes }),
    span: cursor.spanFrom(first),
  };
}

/** Source: "COMMENT". */
export function parseComment(cursor: TokenCursor): CommentOn {
  const first = cursor.index;
  cursor.expect("COMMENT");
  const ifExists = cursor.accept("IF", "EXISTS");
  cursor.expect("ON");
  const objectKind = expectKind(cursor, "COMMENT ON");
  const name = parseObjectName(cursor);
  const argumentTypes = isRoutine(objectKind) ? parseArgumentTypes(cursor) : undefined;
  cursor.expect("IS");
  const comment = cursor.string();
  return {
    kind: "comment",
    ifExists,
    objectKind,
    name,
    ...(argumentTypes && { argumentTypes }),
    comment,
    span: cursor.spanFrom(first),
  };
}
