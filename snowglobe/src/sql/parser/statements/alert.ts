import { unsupported } from "../../../errors";
import type { AlterAlert, CreateAlert, ExecuteAlert } from "../../ast/statements/alert";
import type { EmbeddedStatement } from "../../ast/statements/task";
import { expectCommonAlterAction } from "../alterActions";
import {
  type CreateHeader,
  parseClone,
  parseCreateName,
  parseEmbeddedStatement,
  parseObjectClauses,
  parseTarget,
} from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseObjectName } from "../identifier";

/** Source: "CREATE ALERT". */
export function parseCreateAlert(cursor: TokenCursor, header: CreateHeader): CreateAlert {
  const name = parseCreateName(cursor, header);
  const clone = parseClone(cursor);
  if (cursor.is("FROM", "TEMPLATE")) throw unsupported("CREATE ALERT ... FROM TEMPLATE");
  const { properties, tags } = parseObjectClauses(cursor);
  const parts = clone ? { clone } : parseConditionAndAction(cursor);
  const span = cursor.spanFrom(header.first);
  return { kind: "createAlert", ...name, properties, tags, ...parts, text: cursor.slice(span), span };
}

function parseConditionAndAction(cursor: TokenCursor): { condition: EmbeddedStatement; action: EmbeddedStatement } {
  cursor.expect("IF", "(");
  const condition = parseExists(cursor);
  cursor.expect(")", "THEN");
  return { condition, action: parseEmbeddedStatement(cursor) };
}

/** `EXISTS (statement)`. */
function parseExists(cursor: TokenCursor): EmbeddedStatement {
  cursor.expect("EXISTS", "(");
  const condition = parseEmbeddedStatement(cursor);
  cursor.expect(")");
  return condition;
}

/** Source: "ALTER ALERT". */
export function parseAlterAlert(cursor: TokenCursor, first: number): AlterAlert {
  const target = parseTarget(cursor);
  const action = parseAction(cursor);
  return { kind: "alterAlert", ...target, action, span: cursor.spanFrom(first) };
}

function parseAction(cursor: TokenCursor): AlterAlert["action"] {
  if (cursor.accept("RESUME")) return { action: "resume" };
  if (cursor.accept("SUSPEND")) return { action: "suspend" };
  if (cursor.accept("MODIFY", "CONDITION")) return { action: "modifyCondition", condition: parseExists(cursor) };
  if (cursor.accept("MODIFY", "ACTION")) return { action: "modifyAction", body: parseEmbeddedStatement(cursor) };
  return expectCommonAlterAction(cursor);
}

/** Source: "EXECUTE ALERT". */
export function parseExecuteAlert(cursor: TokenCursor, first: number): ExecuteAlert {
  const name = parseObjectName(cursor);
  return { kind: "executeAlert", name, span: cursor.spanFrom(first) };
}
