import type { Expression } from "../ast/expression";
import type { Identifier } from "../ast/identifier";
import type {
  CursorDeclaration,
  Declaration,
  ExceptionDeclaration,
  ProcedureDeclaration,
  StatementValue,
} from "../ast/scripting";
import { TokenKind } from "../lexer/tokens";
import type { TokenCursor } from "./cursor";
import { parseDataType } from "./dataType";
import { parseIdentifier } from "./identifier";
import { atQuery } from "./query";
import { parseArguments, parseReturns } from "./statements/routine";

/** The declarations after DECLARE, each closed by a semicolon. Source: "DECLARE (Snowflake Scripting)". */
export function parseDeclarations(cursor: TokenCursor): Declaration[] {
  const declarations: Declaration[] = [];
  while (!cursor.is("BEGIN")) {
    declarations.push(parseDeclaration(cursor));
    cursor.expect(";");
  }
  return declarations;
}

/** One declaration, of DECLARE or LET. Source: "LET (Snowflake Scripting)". */
export function parseDeclaration(cursor: TokenCursor): Declaration {
  const first = cursor.index;
  const name = parseIdentifier(cursor);
  if (cursor.accept("CURSOR", "FOR")) {
    const source = parseCursorSource(cursor);
    return { kind: "cursor", name, source, span: cursor.spanFrom(first) };
  }
  if (cursor.accept("RESULTSET")) {
    const value = acceptAssignment(cursor) ? parseResultSetValue(cursor) : undefined;
    return { kind: "resultSet", name, ...(value && { value }), span: cursor.spanFrom(first) };
  }
  if (cursor.is("PROCEDURE", "(")) return parseProcedure(cursor, name, first);
  if (cursor.accept("EXCEPTION")) {
    return { kind: "exception", name, ...parseExceptionParts(cursor), span: cursor.spanFrom(first) };
  }
  const typed = cursor.kind === TokenKind.Word && cursor.value !== "DEFAULT";
  const type = typed ? parseDataType(cursor) : undefined;
  const value = acceptAssignment(cursor) ? parseValue(cursor) : undefined;
  if (!type && !value) throw cursor.unexpected();
  return { kind: "variable", name, ...(type && { type }), ...(value && { value }), span: cursor.spanFrom(first) };
}

/** Source: "DECLARE (Snowflake Scripting)", nested stored procedure declaration syntax. */
function parseProcedure(cursor: TokenCursor, name: Identifier, first: number): ProcedureDeclaration {
  cursor.expect("PROCEDURE");
  const args = parseArguments(cursor);
  cursor.expect("RETURNS");
  const returns = parseReturns(cursor);
  cursor.expect("AS");
  const body = cursor.grammar.statement(cursor);
  if (body.kind !== "block") throw cursor.unexpected();
  return { kind: "procedure", name, arguments: args, returns, body, span: cursor.spanFrom(first) };
}

function acceptAssignment(cursor: TokenCursor): boolean {
  return cursor.accept(":=") || cursor.accept("DEFAULT");
}

function parseCursorSource(cursor: TokenCursor): CursorDeclaration["source"] {
  if (!atQuery(cursor)) return { kind: "variable", name: parseIdentifier(cursor) };
  return { kind: "query", query: cursor.grammar.query(cursor) };
}

function parseExceptionParts(cursor: TokenCursor): Pick<ExceptionDeclaration, "number" | "message"> {
  if (!cursor.accept("(")) return {};
  const number = cursor.integer();
  const message = cursor.accept(",") ? cursor.string() : undefined;
  cursor.expect(")");
  return { number, ...(message !== undefined && { message }) };
}

/** `(statement)`, `ASYNC (statement)` or an expression. */
function parseResultSetValue(cursor: TokenCursor): StatementValue | Expression {
  const first = cursor.index;
  const async = cursor.accept("ASYNC");
  if (!cursor.is("(")) return cursor.grammar.expression(cursor);
  return parseStatementValue(cursor, first, async);
}

function parseStatementValue(cursor: TokenCursor, first: number, async: boolean): StatementValue {
  cursor.expect("(");
  const statement = cursor.grammar.statement(cursor);
  cursor.expect(")");
  return { kind: "statementValue", statement, ...(async && { async }), span: cursor.spanFrom(first) };
}

const STATEMENTS_AS_VALUES: ReadonlySet<string> = new Set(
  "CALL DELETE DESC DESCRIBE EXECUTE INSERT LIST LS MERGE SHOW UPDATE".split(" "),
);

/**
 * The value of an assignment or RETURN: an expression, or a statement other than SELECT in parentheses. A SELECT is a
 * scalar subquery here; where the variable is a RESULTSET its query is the value.
 */
export function parseValue(cursor: TokenCursor): Expression | StatementValue {
  const first = cursor.index;
  if (cursor.accept("ASYNC")) return parseStatementValue(cursor, first, true);
  if (cursor.is("(") && STATEMENTS_AS_VALUES.has(cursor.valueAhead(1)) && cursor.valueAhead(2) !== "(") {
    if (cursor.kindAhead(2) !== TokenKind.Operator) return parseStatementValue(cursor, first, false);
  }
  return cursor.grammar.expression(cursor);
}
