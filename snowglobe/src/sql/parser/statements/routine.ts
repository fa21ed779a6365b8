import { unsupported } from "../../../errors";
import type { AlterRoutine, Call, CreateRoutine, RoutineArgument, RoutineResult } from "../../ast/statements/routine";
import type { SourceText } from "../../ast/statements/common";
import { expectCommonAlterAction } from "../alterActions";
import {
  type CreateHeader,
  type CreateName,
  parseArgumentTypes,
  parseCreateName,
  parseEmbeddedStatement,
  parseObjectClauses,
  parseTarget,
} from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseDataType } from "../dataType";
import { parseIdentifier, takeIdentifier } from "../identifier";
import { Power } from "../power";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Traits = Mutable<Pick<CreateRoutine, "language" | "nullHandling" | "volatility" | "memoizable" | "executeAs">>;

/** Sources: "CREATE FUNCTION", "CREATE PROCEDURE". */
export function parseCreateRoutine(
  cursor: TokenCursor,
  header: CreateHeader,
  kind: CreateRoutine["kind"],
): CreateRoutine {
  return parseRoutine(cursor, header, kind, parseCreateName(cursor, header));
}

/** What follows the name of a function or procedure. */
function parseRoutine(
  cursor: TokenCursor,
  header: CreateHeader,
  kind: CreateRoutine["kind"],
  name: CreateName,
): CreateRoutine {
  const args = parseArguments(cursor);
  let copyGrants = cursor.accept("COPY", "GRANTS");
  cursor.expect("RETURNS");
  const returns = parseReturns(cursor);
  const traits: Traits = { language: "SQL", memoizable: false };
  const clauses = parseObjectClauses(cursor, () => parseTrait(cursor, traits));
  copyGrants ||= clauses.copyGrants;
  const body = cursor.accept("AS") ? parseBody(cursor) : undefined;
  const span = cursor.spanFrom(header.first);
  return {
    kind,
    ...name,
    secure: header.modifiers.has("SECURE"),
    temporary: header.modifiers.has("TEMPORARY"),
    aggregate: header.modifiers.has("AGGREGATE"),
    arguments: args,
    returns,
    ...traits,
    copyGrants,
    properties: clauses.properties,
    ...(body && { body }),
    text: cursor.slice(span),
    span,
  };
}

/** `(name [IN | OUT] type [DEFAULT e], ...)`. */
export function parseArguments(cursor: TokenCursor): RoutineArgument[] {
  return cursor.accept("(", ")") ? [] : cursor.parenthesized(() => parseArgument(cursor));
}

function parseArgument(cursor: TokenCursor): RoutineArgument {
  const first = cursor.index;
  const name = parseIdentifier(cursor);
  const mode = cursor.acceptOneOf("IN", "INPUT", "OUT", "OUTPUT");
  const out = mode === "OUT" || mode === "OUTPUT";
  const type = parseDataType(cursor);
  const value = cursor.accept("DEFAULT") ? cursor.grammar.expression(cursor) : undefined;
  return { name, type, out, ...(value && { default: value }), span: cursor.spanFrom(first) };
}

/** What follows RETURNS. */
export function parseReturns(cursor: TokenCursor): RoutineResult {
  if (cursor.accept("TABLE", "(")) {
    if (cursor.accept(")")) return { kind: "table", columns: [] };
    const columns = cursor.list(() => ({ name: parseIdentifier(cursor), type: parseDataType(cursor) }));
    cursor.expect(")");
    return { kind: "table", columns };
  }
  const type = parseDataType(cursor);
  return { kind: "type", type, notNull: cursor.accept("NOT", "NULL") };
}

/** Reads one clause without `=` into `traits`; false when none stands here. */
function parseTrait(cursor: TokenCursor, traits: Traits): boolean {
  if (cursor.accept("LANGUAGE")) traits.language = takeIdentifier(cursor).name;
  else if (cursor.accept("CALLED", "ON", "NULL", "INPUT")) traits.nullHandling = "CALLED ON NULL INPUT";
  else if (cursor.accept("RETURNS", "NULL", "ON", "NULL", "INPUT") || cursor.accept("STRICT")) {
    traits.nullHandling = "RETURNS NULL ON NULL INPUT";
  } else if (cursor.accept("VOLATILE")) traits.volatility = "VOLATILE";
  else if (cursor.accept("IMMUTABLE")) traits.volatility = "IMMUTABLE";
  else if (cursor.accept("MEMOIZABLE")) traits.memoizable = true;
  else if (cursor.accept("NOT", "NULL")) return true;
  else if (cursor.accept("EXECUTE", "AS")) {
    traits.executeAs = cursor.accept("RESTRICTED", "CALLER")
      ? "RESTRICTED CALLER"
      : cursor.expectOneOf("CALLER", "OWNER");
  } else return false;
  return true;
}

/** A body in quotes, or a bare Scripting block. */
function parseBody(cursor: TokenCursor): SourceText {
  if (cursor.atString) {
    const index = cursor.index;
    const text = cursor.string();
    return { text, span: cursor.spanFrom(index) };
  }
  if (!cursor.is("BEGIN") && !cursor.is("DECLARE")) throw cursor.unexpected();
  const { text, span } = parseEmbeddedStatement(cursor);
  return { text, span };
}

/** Sources: "ALTER FUNCTION", "ALTER PROCEDURE". */
export function parseAlterRoutine(cursor: TokenCursor, first: number, kind: AlterRoutine["kind"]): AlterRoutine {
  const target = parseTarget(cursor);
  const argumentTypes = parseArgumentTypes(cursor);
  const action = parseAction(cursor);
  return { kind, ...target, argumentTypes, action, span: cursor.spanFrom(first) };
}

function parseAction(cursor: TokenCursor): AlterRoutine["action"] {
  if (cursor.accept("SET", "SECURE")) return { action: "setSecure" };
  if (cursor.accept("UNSET", "SECURE")) return { action: "unsetSecure" };
  if (cursor.accept("EXECUTE", "AS")) return { action: "executeAs", as: cursor.expectOneOf("CALLER", "OWNER") };
  return expectCommonAlterAction(cursor);
}

/** Whether `WITH p AS PROCEDURE` stands here. */
export function atCallWith(cursor: TokenCursor): boolean {
  return cursor.is("WITH") && cursor.valueAhead(2) === "AS" && cursor.valueAhead(3) === "PROCEDURE";
}

/** Source: "CALL (with anonymous procedure)": `WITH p AS PROCEDURE (...) RETURNS ... AS '...' CALL p(...)`. */
export function parseCallWith(cursor: TokenCursor): Call {
  const first = cursor.index;
  cursor.expect("WITH");
  const name = parseIdentifier(cursor);
  cursor.expect("AS", "PROCEDURE");
  const header = { first, orReplace: false, orAlter: false, modifiers: new Set<string>() };
  const created = { name: [name], ifNotExists: false, orReplace: false, orAlter: false };
  const anonymous = parseRoutine(cursor, header, "createProcedure", created);
  return { ...parseCallStatement(cursor, first), anonymous };
}

/** Source: "CALL". */
export function parseCallStatement(cursor: TokenCursor, first = cursor.index): Call {
  cursor.expect("CALL");
  const procedure = cursor.grammar.expression(cursor, Power.Postfix);
  if (procedure.kind !== "call") throw unsupported("CALL of something that is no procedure");
  let into: string | undefined;
  if (cursor.accept("INTO")) {
    cursor.accept(":");
    into = parseIdentifier(cursor).name;
  }
  return { kind: "call", procedure, ...(into !== undefined && { into }), span: cursor.spanFrom(first) };
}
