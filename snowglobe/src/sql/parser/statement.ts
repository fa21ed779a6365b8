import type { Statement } from "../ast/statement";
import type { Pipe } from "../ast/statements/session";
import type { TokenCursor } from "./cursor";
import { acceptForeignList, acceptForeignProgram } from "./foreignKinds";
import { parseBlock } from "./scripting";
import { parseExecuteAlert } from "./statements/alert";
import { parseAlter } from "./statements/alter";
import { parseCreate } from "./statements/create";
import {
  parseDelete,
  parseInsert,
  parseMerge,
  parseQueryStatement,
  parseTruncate,
  parseUpdate,
} from "./statements/dml";
import { parseCopy, parseGet, parseList, parsePut, parseRemove } from "./statements/files";
import { parseGrant, parseRevoke } from "./statements/grant";
import { parseComment, parseDescribe, parseDrop, parseUndrop } from "./statements/metadata";
import { atCallWith, parseCallStatement, parseCallWith } from "./statements/routine";
import {
  atTransaction,
  parseBeginTransaction,
  parseCommit,
  parseExecuteImmediate,
  parseExplain,
  parseRollback,
  parseSet,
  parseUnset,
  parseUse,
} from "./statements/session";
import { parseShow } from "./statements/show";
import { parseExecuteTask } from "./statements/task";
import { parseUnsupported } from "./statements/unsupported";

type Rule = (cursor: TokenCursor) => Statement;

/** The statements by their first word. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["SELECT", parseQueryStatement],
  ["WITH", (cursor) => (atCallWith(cursor) ? parseCallWith(cursor) : parseQueryStatement(cursor))],
  ["VALUES", parseQueryStatement],
  ["(", parseQueryStatement],
  ["INSERT", parseInsert],
  ["UPDATE", parseUpdate],
  ["DELETE", parseDelete],
  ["MERGE", parseMerge],
  ["TRUNCATE", parseTruncate],
  ["COPY", parseCopy],
  ["PUT", parsePut],
  ["GET", parseGet],
  ["LIST", parseList],
  ["LS", parseList],
  ["REMOVE", parseRemove],
  ["RM", parseRemove],
  ["CREATE", parseCreate],
  ["ALTER", parseAlter],
  ["DROP", parseDrop],
  ["UNDROP", parseUndrop],
  ["DESCRIBE", parseDescribe],
  ["DESC", parseDescribe],
  ["COMMENT", parseComment],
  ["SHOW", parseShowOrRefuse],
  ["GRANT", parseGrant],
  ["REVOKE", parseRevoke],
  ["USE", parseUse],
  ["SET", parseSet],
  ["UNSET", parseUnset],
  ["BEGIN", (cursor) => (atTransaction(cursor) ? parseBeginTransaction(cursor) : parseBlock(cursor))],
  ["DECLARE", parseBlock],
  ["START", parseBeginTransaction],
  ["COMMIT", parseCommit],
  ["ROLLBACK", parseRollback],
  ["CALL", (cursor) => parseCallStatement(cursor)],
  ["EXPLAIN", parseExplain],
  ["EXECUTE", parseExecute],
]);

/** One statement, with the pipes `->>` after it. Source: "SQL command reference", "Flow operators". */
export function parseStatement(cursor: TokenCursor): Statement {
  const first = cursor.index;
  const statement = parseSingle(cursor);
  if (!cursor.is("->>")) return statement;
  const statements = [statement];
  while (cursor.accept("->>")) statements.push(parseSingle(cursor));
  return { kind: "pipe", statements, span: cursor.spanFrom(first) } satisfies Pipe;
}

export function parseSingle(cursor: TokenCursor): Statement {
  const rule = RULES.get(cursor.value);
  if (rule === undefined) throw cursor.unexpected();
  cursor.enter();
  const before = cursor.namesInVariables;
  const statement = rule(cursor);
  cursor.leave();
  return cursor.namesInVariables > before ? { ...statement, namesInVariables: true } : statement;
}

function parseShowOrRefuse(cursor: TokenCursor): Statement {
  const first = cursor.index;
  const statement = parseShow(cursor);
  if (statement !== undefined) return statement;
  const foreign = acceptForeignList(cursor);
  if (foreign === undefined) throw cursor.unexpected();
  return parseUnsupported(cursor, first, `SHOW ${foreign}`);
}

function parseExecute(cursor: TokenCursor): Statement {
  const first = cursor.index;
  cursor.expect("EXECUTE");
  if (cursor.accept("IMMEDIATE")) return parseExecuteImmediate(cursor, first);
  if (cursor.accept("TASK")) return parseExecuteTask(cursor, first);
  if (cursor.accept("ALERT")) return parseExecuteAlert(cursor, first);
  const foreign = acceptForeignProgram(cursor);
  if (foreign === undefined) throw cursor.unexpected();
  return parseUnsupported(cursor, first, `EXECUTE ${foreign}`);
}
