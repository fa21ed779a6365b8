import { unsupported } from "../../../errors";
import type { ObjectName } from "../../ast/identifier";
import type { AlterTask, CreateTask, EmbeddedExpression, ExecuteTask } from "../../ast/statements/task";
import { expectCommonAlterAction } from "../alterActions";
import {
  type CreateHeader,
  parseClone,
  parseCreateName,
  parseEmbeddedExpression,
  parseEmbeddedStatement,
  parseObjectClauses,
  parseTarget,
} from "../clauses";
import { TokenKind } from "../../lexer/tokens";
import type { TokenCursor } from "../cursor";
import { parseObjectName, readObjectName } from "../identifier";

/** Source: "CREATE TASK". */
export function parseCreateTask(cursor: TokenCursor, header: CreateHeader): CreateTask {
  const name = parseCreateName(cursor, header);
  const clone = parseClone(cursor);
  const after: ObjectName[] = [];
  let finalize: ObjectName | undefined;
  let when: EmbeddedExpression | undefined;
  const parseOwn = (): boolean => {
    if (cursor.accept("AFTER")) after.push(...cursor.list(() => parseTaskName(cursor)));
    else if (cursor.accept("FINALIZE")) {
      cursor.accept("=");
      finalize = parseTaskName(cursor);
    } else if (cursor.accept("WHEN")) when = parseEmbeddedExpression(cursor);
    else if (cursor.is("EXECUTE", "AS")) throw unsupported("CREATE TASK ... EXECUTE AS USER");
    else return false;
    return true;
  };
  const { properties, tags } = parseObjectClauses(cursor, parseOwn);
  if (!clone) cursor.expect("AS");
  const body = clone ? undefined : parseEmbeddedStatement(cursor);
  const span = cursor.spanFrom(header.first);
  return {
    kind: "createTask",
    ...name,
    properties,
    tags,
    after,
    ...(finalize && { finalize }),
    ...(when && { when }),
    ...(body && { body }),
    ...(clone && { clone }),
    text: cursor.slice(span),
    span,
  };
}

/** A task beside this one: a name, or a string that holds one. */
function parseTaskName(cursor: TokenCursor): ObjectName {
  if (cursor.kind !== TokenKind.String) return parseObjectName(cursor);
  const at = cursor.index;
  return readObjectName(cursor.string(), cursor, at);
}

/** Source: "ALTER TASK". */
export function parseAlterTask(cursor: TokenCursor, first: number): AlterTask {
  const target = parseTarget(cursor);
  const action = parseAction(cursor);
  return { kind: "alterTask", ...target, action, span: cursor.spanFrom(first) };
}

function parseAction(cursor: TokenCursor): AlterTask["action"] {
  if (cursor.accept("RESUME")) return { action: "resume" };
  if (cursor.accept("SUSPEND")) return { action: "suspend" };
  if (cursor.accept("MODIFY", "AS")) return { action: "modifyAs", body: parseEmbeddedStatement(cursor) };
  if (cursor.accept("MODIFY", "WHEN")) return { action: "modifyWhen", when: parseEmbeddedExpression(cursor) };
  if (cursor.accept("REMOVE", "WHEN")) return { action: "removeWhen" };
  if (cursor.accept("ADD", "AFTER")) return { action: "addAfter", tasks: cursor.list(() => parseTaskName(cursor)) };
  if (cursor.accept("REMOVE", "AFTER")) {
    return { action: "removeAfter", tasks: cursor.list(() => parseTaskName(cursor)) };
  }
  if (cursor.is("SET", "FINALIZE")) {
    cursor.index += 2;
    cursor.accept("=");
    return { action: "setFinalize", root: parseTaskName(cursor) };
  }
  if (cursor.accept("UNSET", "FINALIZE")) return { action: "unsetFinalize" };
  return expectCommonAlterAction(cursor);
}

/** Source: "EXECUTE TASK". */
export function parseExecuteTask(cursor: TokenCursor, first: number): ExecuteTask {
  const name = parseObjectName(cursor);
  const retryLast = cursor.accept("RETRY", "LAST");
  let config: string | undefined;
  if (cursor.accept("USING", "CONFIG")) {
    cursor.expect("=");
    config = cursor.string();
  }
  return {
    kind: "executeTask",
    name,
    retryLast,
    ...(config !== undefined && { config }),
    span: cursor.spanFrom(first),
  };
}
