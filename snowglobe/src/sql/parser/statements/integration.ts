import type { AlterIntegration, CreateNotificationIntegration } from "../../ast/statements/integration";
import { expectCommonAlterAction } from "../alterActions";
import { type CreateHeader, parseCreateName, parseObjectClauses, parseTarget } from "../clauses";
import type { TokenCursor } from "../cursor";

/** Source: "CREATE NOTIFICATION INTEGRATION". */
export function parseCreateNotificationIntegration(
  cursor: TokenCursor,
  header: CreateHeader,
): CreateNotificationIntegration {
  const name = parseCreateName(cursor, header);
  const { properties } = parseObjectClauses(cursor);
  return { kind: "createNotificationIntegration", ...name, properties, span: cursor.spanFrom(header.first) };
}

/** Source: "ALTER INTEGRATION". */
export function parseAlterIntegration(
  cursor: TokenCursor,
  first: number,
  objectKind: AlterIntegration["objectKind"],
): AlterIntegration {
  const target = parseTarget(cursor);
  const action = expectCommonAlterAction(cursor);
  return { kind: "alterIntegration", objectKind, ...target, action, span: cursor.spanFrom(first) };
}
