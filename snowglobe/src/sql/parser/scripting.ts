import type { Expression } from "../ast/expression";
import type { Identifier } from "../ast/identifier";
import type {
  Block,
  ConditionalBranch,
  ExceptionHandler,
  ForCursorStatement,
  ForRangeStatement,
  ScriptStatement,
} from "../ast/scripting";
import { TokenKind } from "../lexer/tokens";
import type { TokenCursor } from "./cursor";
import { atIdentifier, parseIdentifier } from "./identifier";
import { parseDeclaration, parseDeclarations, parseValue } from "./scriptingDeclarations";
import { atTransaction } from "./statements/session";

/** Words that end a list of statements inside a block. */
const TERMINATORS: ReadonlySet<string> = new Set(["END", "ELSE", "ELSEIF", "WHEN", "UNTIL"]);

/** `[DECLARE ...] BEGIN ... [EXCEPTION ...] END`. Source: "Understanding blocks in Snowflake Scripting". */
export function parseBlock(cursor: TokenCursor): Block {
  cursor.enter();
  const first = cursor.index;
  const declarations = cursor.accept("DECLARE") ? parseDeclarations(cursor) : [];
  cursor.expect("BEGIN");
  const body = parseBody(cursor);
  const handlers = cursor.accept("EXCEPTION") ? parseHandlers(cursor) : [];
  cursor.expect("END");
  const label = parseLabel(cursor);
  cursor.leave();
  return { kind: "block", declarations, body, handlers, ...(label && { label }), span: cursor.spanFrom(first) };
}

function parseLabel(cursor: TokenCursor): Identifier | undefined {
  return atIdentifier(cursor) && (cursor.valueAhead(1) === ";" || cursor.kindAhead(1) === TokenKind.End)
    ? parseIdentifier(cursor)
    : undefined;
}

/** Statements, each closed by a semicolon, until a word that ends the list. */
function parseBody(cursor: TokenCursor): ScriptStatement[] {
  const body: ScriptStatement[] = [];
  while (!cursor.isOneOf(TERMINATORS) && !cursor.is("EXCEPTION", "WHEN")) {
    body.push(parseScriptStatement(cursor));
    cursor.expect(";");
  }
  return body;
}

function parseScriptStatement(cursor: TokenCursor): ScriptStatement {
  const first = cursor.index;
  if (cursor.valueAhead(1) === ":=" && atIdentifier(cursor)) {
    const name = parseIdentifier(cursor);
    cursor.expect(":=");
    const value = parseValue(cursor);
    return { kind: "assignment", name, value, span: cursor.spanFrom(first) };
  }
  switch (cursor.value) {
    case "BEGIN":
      return atTransaction(cursor) ? cursor.grammar.statement(cursor) : parseBlock(cursor);
    case "DECLARE":
      return parseBlock(cursor);
    case "LET":
      cursor.index++;
      return { kind: "let", declaration: parseDeclaration(cursor), span: cursor.spanFrom(first) };
    case "IF":
      return parseIf(cursor);
    case "CASE":
      return parseCase(cursor);
    case "FOR":
      return parseFor(cursor);
    case "WHILE":
      return parseWhile(cursor);
    case "REPEAT":
      return parseRepeat(cursor);
    case "LOOP":
      return parseLoop(cursor);
    default:
      return parseSimpleStatement(cursor, first);
  }
}

/** The statements of one line: BREAK, RETURN, RAISE, cursors, else SQL. */
function parseSimpleStatement(cursor: TokenCursor, first: number): ScriptStatement {
  switch (cursor.value) {
    case "BREAK":
    case "EXIT":
    case "CONTINUE":
    case "ITERATE": {
      const kind = cursor.is("BREAK") || cursor.is("EXIT") ? "break" : "continue";
      cursor.index++;
      const label = cursor.is(";") ? undefined : parseIdentifier(cursor);
      return { kind, ...(label && { label }), span: cursor.spanFrom(first) };
    }
    case "RETURN":
      return parseReturn(cursor);
    case "RAISE": {
      cursor.index++;
      const exception = cursor.is(";") ? undefined : parseIdentifier(cursor);
      return { kind: "raise", ...(exception && { exception }), span: cursor.spanFrom(first) };
    }
    case "OPEN": {
      cursor.index++;
      const name = parseIdentifier(cursor);
      const using = cursor.accept("USING") ? cursor.parenthesized(() => cursor.grammar.expression(cursor)) : [];
      return { kind: "open", cursor: name, using, span: cursor.spanFrom(first) };
    }
    case "FETCH": {
      cursor.index++;
      const name = parseIdentifier(cursor);
      cursor.expect("INTO");
      const into = cursor.list(() => {
        cursor.accept(":");
        return parseIdentifier(cursor);
      });
      return { kind: "fetch", cursor: name, into, span: cursor.spanFrom(first) };
    }
    case "CLOSE":
      cursor.index++;
      return { kind: "close", cursor: parseIdentifier(cursor), span: cursor.spanFrom(first) };
    case "AWAIT": {
      cursor.index++;
      const resultSet = cursor.accept("ALL") ? undefined : parseIdentifier(cursor);
      return { kind: "await", ...(resultSet && { resultSet }), span: cursor.spanFrom(first) };
    }
    case "NULL":
      cursor.index++;
      return { kind: "nullStatement", span: cursor.spanFrom(first) };
    case "CANCEL":
      cursor.index++;
      return { kind: "cancel", resultSet: parseIdentifier(cursor), span: cursor.spanFrom(first) };
    case "ASYNC": {
      cursor.index++;
      cursor.expect("(");
      const statement = cursor.grammar.statement(cursor);
      cursor.expect(")");
      return { kind: "async", statement, span: cursor.spanFrom(first) };
    }
    default:
      return cursor.grammar.statement(cursor);
  }
}

function parseReturn(cursor: TokenCursor): ScriptStatement {
  const first = cursor.index;
  cursor.expect("RETURN");
  if (cursor.is(";")) return { kind: "return", table: false, span: cursor.spanFrom(first) };
  if (!cursor.accept("TABLE", "(")) {
    const value = parseValue(cursor);
    return { kind: "return", value, table: false, span: cursor.spanFrom(first) };
  }
  const inner = cursor.index;
  const value = cursor.is("SELECT") || cursor.is("WITH") ? statementValue(cursor, inner) : parseValue(cursor);
  cursor.expect(")");
  return { kind: "return", value, table: true, span: cursor.spanFrom(first) };
}

function statementValue(cursor: TokenCursor, first: number) {
  const statement = cursor.grammar.statement(cursor);
  return { kind: "statementValue", statement, span: cursor.spanFrom(first) } as const;
}

/** Source: "IF (Snowflake Scripting)". */
function parseIf(cursor: TokenCursor): ScriptStatement {
  const first = cursor.index;
  cursor.expect("IF");
  const branches = [parseBranch(cursor)];
  while (cursor.accept("ELSEIF")) branches.push(parseBranch(cursor));
  const otherwise = cursor.accept("ELSE") ? parseBody(cursor) : undefined;
  cursor.expect("END", "IF");
  return { kind: "if", branches, ...(otherwise && { otherwise }), span: cursor.spanFrom(first) };
}

/** `condition THEN statements`. */
function parseBranch(cursor: TokenCursor): ConditionalBranch {
  const condition = cursor.grammar.expression(cursor);
  cursor.expect("THEN");
  return { condition, body: parseBody(cursor) };
}

/** Source: "CASE (Snowflake Scripting)". */
function parseCase(cursor: TokenCursor): ScriptStatement {
  const first = cursor.index;
  cursor.expect("CASE");
  const operand: Expression | undefined = cursor.is("WHEN") ? undefined : cursor.grammar.expression(cursor);
  const branches: ConditionalBranch[] = [];
  do {
    cursor.expect("WHEN");
    branches.push(parseBranch(cursor));
  } while (cursor.is("WHEN"));
  const otherwise = cursor.accept("ELSE") ? parseBody(cursor) : undefined;
  cursor.expect("END");
  cursor.accept("CASE");
  return {
    kind: "caseStatement",
    ...(operand && { operand }),
    branches,
    ...(otherwise && { otherwise }),
    span: cursor.spanFrom(first),
  };
}

/** Source: "FOR (Snowflake Scripting)". */
function parseFor(cursor: TokenCursor): ForCursorStatement | ForRangeStatement {
  const first = cursor.index;
  cursor.expect("FOR");
  const variable = parseIdentifier(cursor);
  cursor.expect("IN");
  if (
    !cursor.is("REVERSE") &&
    atIdentifier(cursor) &&
    (cursor.valueAhead(1) === "DO" || cursor.valueAhead(1) === "LOOP")
  ) {
    const source = parseIdentifier(cursor);
    const rest = parseLoopBody(cursor, "FOR");
    return { kind: "forCursor", variable, source, ...rest, span: cursor.spanFrom(first) };
  }
  const reverse = cursor.accept("REVERSE");
  const from = cursor.grammar.expression(cursor);
  cursor.expect("TO");
  const to = cursor.grammar.expression(cursor);
  const rest = parseLoopBody(cursor, "FOR");
  return { kind: "forRange", variable, reverse, from, to, ...rest, span: cursor.spanFrom(first) };
}

/** `DO ... END FOR` or `LOOP ... END LOOP`, with the loop's label. */
function parseLoopBody(cursor: TokenCursor, word: string): { body: ScriptStatement[]; label?: Identifier } {
  const loop = cursor.expectOneOf("DO", "LOOP") === "LOOP";
  const body = parseBody(cursor);
  cursor.expect("END", loop ? "LOOP" : word);
  const label = parseLabel(cursor);
  return { body, ...(label && { label }) };
}

/** Source: "WHILE (Snowflake Scripting)". */
function parseWhile(cursor: TokenCursor): ScriptStatement {
  const first = cursor.index;
  cursor.expect("WHILE");
  const condition = cursor.grammar.expression(cursor);
  return { kind: "while", condition, ...parseLoopBody(cursor, "WHILE"), span: cursor.spanFrom(first) };
}

/** Source: "REPEAT (Snowflake Scripting)". */
function parseRepeat(cursor: TokenCursor): ScriptStatement {
  const first = cursor.index;
  cursor.expect("REPEAT");
  const body = parseBody(cursor);
  cursor.expect("UNTIL");
  const until = cursor.grammar.expression(cursor);
  cursor.expect("END", "REPEAT");
  const label = parseLabel(cursor);
  return { kind: "repeat", body, until, ...(label && { label }), span: cursor.spanFrom(first) };
}

/** Source: "LOOP (Snowflake Scripting)". */
function parseLoop(cursor: TokenCursor): ScriptStatement {
  const first = cursor.index;
  cursor.expect("LOOP");
  const body = parseBody(cursor);
  cursor.expect("END", "LOOP");
  const label = parseLabel(cursor);
  return { kind: "loop", body, ...(label && { label }), span: cursor.spanFrom(first) };
}

/** Source: "EXCEPTION (Snowflake Scripting)". */
function parseHandlers(cursor: TokenCursor): ExceptionHandler[] {
  const handlers: ExceptionHandler[] = [];
  do {
    const first = cursor.index;
    cursor.expect("WHEN");
    const names = [parseIdentifier(cursor)];
    while (cursor.accept("OR")) names.push(parseIdentifier(cursor));
    const other = names.some((name) => name.name === "OTHER" && !name.quoted);
    const mode = cursor.acceptOneOf("EXIT", "CONTINUE") ?? "EXIT";
    cursor.expect("THEN");
    const body = parseBody(cursor);
    handlers.push({ exceptions: other ? [] : names, other, mode, body, span: cursor.spanFrom(first) });
  } while (cursor.is("WHEN"));
  return handlers;
}
