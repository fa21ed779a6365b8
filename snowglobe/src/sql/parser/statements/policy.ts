import type { AlterPolicy, CreatePolicy, PolicyArgument } from "../../ast/statements/policy";
import { expectCommonAlterAction } from "../alterActions";
import { type CreateHeader, parseCreateName, parseEmbeddedExpression, parseTarget } from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseDataType } from "../dataType";
import { parseIdentifier } from "../identifier";
import { parseProperties } from "../property";

/** Sources: "CREATE MASKING POLICY", "CREATE ROW ACCESS POLICY". */
export function parseCreatePolicy(cursor: TokenCursor, header: CreateHeader, kind: CreatePolicy["kind"]): CreatePolicy {
  const name = parseCreateName(cursor, header);
  cursor.expect("AS");
  const args = cursor.parenthesized((): PolicyArgument => ({
    name: parseIdentifier(cursor),
    type: parseDataType(cursor),
  }));
  cursor.expect("RETURNS");
  const returns = parseDataType(cursor);
  cursor.expect("->");
  const body = parseEmbeddedExpression(cursor);
  const properties = parseProperties(cursor);
  return { kind, ...name, arguments: args, returns, body, properties, span: cursor.spanFrom(header.first) };
}

/** Sources: "ALTER MASKING POLICY", "ALTER ROW ACCESS POLICY". */
export function parseAlterPolicy(cursor: TokenCursor, first: number, kind: AlterPolicy["kind"]): AlterPolicy {
  const target = parseTarget(cursor);
  const action: AlterPolicy["action"] = cursor.accept("SET", "BODY", "->")
    ? { action: "setBody", body: parseEmbeddedExpression(cursor) }
    : expectCommonAlterAction(cursor);
  return { kind, ...target, action, span: cursor.spanFrom(first) };
}
