import { unsupported } from "../../../errors";
import type { Identifier } from "../../ast/identifier";
import type { Use, UseSecondaryRoles } from "../../ast/statements/security";
import type {
  AlterSession,
  BeginTransaction,
  Commit,
  ExecuteFile,
  ExecuteImmediate,
  Explain,
  ExplainChanges,
  Rollback,
  SetVariables,
  UnsetVariables,
} from "../../ast/statements/session";
import { TokenKind } from "../../lexer/tokens";
import { parseNames } from "../alterActions";
import { atStageLocation, parseStageLocation } from "../stageLocation";
import type { TokenCursor } from "../cursor";
import { parseIdentifier, parseObjectName, takeIdentifier } from "../identifier";
import { parseSomeProperties } from "../property";

/** Sources: "USE ROLE", "USE WAREHOUSE", "USE DATABASE", "USE SCHEMA", "USE SECONDARY ROLES". */
export function parseUse(cursor: TokenCursor): Use | UseSecondaryRoles {
  const first = cursor.index;
  cursor.expect("USE");
  if (cursor.accept("SECONDARY", "ROLES")) {
    const word = cursor.acceptOneOf("ALL", "NONE");
    const roles = word ?? cursor.list(() => parseIdentifier(cursor));
    return { kind: "useSecondaryRoles", roles, span: cursor.spanFrom(first) };
  }
  const next = cursor.kindAhead(1);
  const named = next === TokenKind.Word || next === TokenKind.Quoted;
  const word = named ? cursor.acceptOneOf("ROLE", "WAREHOUSE", "DATABASE", "SCHEMA") : undefined;
  const name = parseObjectName(cursor);
  const objectKind = word ?? (name.length > 1 ? "SCHEMA" : "DATABASE");
  return { kind: "use", objectKind, name, span: cursor.spanFrom(first) };
}

/** Source: "ALTER SESSION". */
export function parseAlterSession(cursor: TokenCursor, first: number): AlterSession {
  if (cursor.accept("UNSET")) {
    return { kind: "alterSession", set: [], unset: parseNames(cursor), span: cursor.spanFrom(first) };
  }
  cursor.expect("SET");
  const set = parseSomeProperties(cursor);
  return { kind: "alterSession", set, unset: [], span: cursor.spanFrom(first) };
}

/** Source: "SET". */
export function parseSet(cursor: TokenCursor): SetVariables {
  const first = cursor.index;
  cursor.expect("SET");
  const several = cursor.is("(");
  const names = several ? cursor.parenthesized(() => parseIdentifier(cursor)) : [parseIdentifier(cursor)];
  cursor.expect("=");
  const value = cursor.grammar.expression(cursor);
  const values = several && value.kind === "row" ? value.items : [value];
  return { kind: "setVariables", names, values, span: cursor.spanFrom(first) };
}

/** Source: "UNSET". */
export function parseUnset(cursor: TokenCursor): UnsetVariables {
  const first = cursor.index;
  cursor.expect("UNSET");
  const names = cursor.is("(") ? cursor.parenthesized(() => parseIdentifier(cursor)) : [parseIdentifier(cursor)];
  return { kind: "unsetVariables", names, span: cursor.spanFrom(first) };
}

/** Whether the BEGIN here begins a transaction and no Scripting block. Sources: "BEGIN", "BEGIN ... END". */
export function atTransaction(cursor: TokenCursor): boolean {
  const next = cursor.valueAhead(1);
  if (next === "" && cursor.kindAhead(1) === TokenKind.End) return true;
  if (next === ";" || next === "->>" || next === "TRANSACTION" || next === "WORK") return true;
  // BEGIN NAME x: a block would go on with an assignment or a statement.
  return next === "NAME" && (cursor.kindAhead(3) === TokenKind.End || cursor.valueAhead(3) === ";");
}

/** Source: "BEGIN". */
export function parseBeginTransaction(cursor: TokenCursor): BeginTransaction {
  const first = cursor.index;
  if (cursor.accept("START")) cursor.expect("TRANSACTION");
  else {
    cursor.expect("BEGIN");
    cursor.acceptOneOf("WORK", "TRANSACTION");
  }
  const name: Identifier | undefined = cursor.accept("NAME") ? takeIdentifier(cursor) : undefined;
  return { kind: "beginTransaction", ...(name && { name }), span: cursor.spanFrom(first) };
}

/** Source: "COMMIT". */
export function parseCommit(cursor: TokenCursor): Commit {
  const first = cursor.index;
  cursor.expect("COMMIT");
  cursor.accept("WORK");
  return { kind: "commit", span: cursor.spanFrom(first) };
}

/** Source: "ROLLBACK". */
export function parseRollback(cursor: TokenCursor): Rollback {
  const first = cursor.index;
  cursor.expect("ROLLBACK");
  cursor.accept("WORK");
  return { kind: "rollback", span: cursor.spanFrom(first) };
}

/** Source: "EXPLAIN". */
export function parseExplain(cursor: TokenCursor): Explain | ExplainChanges {
  const first = cursor.index;
  cursor.expect("EXPLAIN");
  const kind = cursor.accept("CHANGES") ? ("explainChanges" as const) : ("explain" as const);
  const format = cursor.accept("USING") ? cursor.expectOneOf("TABULAR", "JSON", "TEXT") : "TABULAR";
  const statement = cursor.grammar.single(cursor);
  return { kind, format, statement, span: cursor.spanFrom(first) };
}

/** Source: "EXECUTE IMMEDIATE". */
export function parseExecuteImmediate(cursor: TokenCursor, first: number): ExecuteImmediate | ExecuteFile {
  if (cursor.accept("FROM")) return parseExecuteFile(cursor, first);
  const statement = cursor.grammar.expression(cursor);
  const using = cursor.accept("USING") ? cursor.parenthesized(() => parseUsing(cursor)) : [];
  return { kind: "executeImmediate", statement, using, span: cursor.spanFrom(first) };
}

/** Source: "EXECUTE IMMEDIATE FROM". */
function parseExecuteFile(cursor: TokenCursor, first: number): ExecuteFile {
  const file = atStageLocation(cursor) ? { location: parseStageLocation(cursor) } : { relative: cursor.string() };
  if (cursor.is("USING") || cursor.is("DRY_RUN")) throw unsupported("templates in EXECUTE IMMEDIATE FROM");
  return { kind: "executeFile", ...file, span: cursor.spanFrom(first) };
}

function parseUsing(cursor: TokenCursor): string {
  cursor.accept(":");
  return parseIdentifier(cursor).name;
}
