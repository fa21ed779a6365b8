import type { DataType } from "./dataType";
import type { Expression } from "./expression";
import type { Identifier } from "./identifier";
import type { Query } from "./query";
import type { Node } from "./span";
import type { Statement } from "./statement";
import type { RoutineArgument, RoutineResult } from "./statements/routine";

/** Snowflake Scripting. Source: "Snowflake Scripting reference". Names of variables are upper-cased unless quoted. */
export interface Block extends Node {
  readonly kind: "block";
  readonly declarations: readonly Declaration[];
  readonly body: readonly ScriptStatement[];
  readonly handlers: readonly ExceptionHandler[];
  /** `BEGIN ... END name`. */
  readonly label?: Identifier;
}

export type Declaration =
  VariableDeclaration | CursorDeclaration | ResultSetDeclaration | ExceptionDeclaration | ProcedureDeclaration;

/** `v [type] [DEFAULT | := e]`, in DECLARE or LET. */
export interface VariableDeclaration extends Node {
  readonly kind: "variable";
  readonly name: Identifier;
  readonly type?: DataType;
  readonly value?: Expression | StatementValue;
}
/** `c CURSOR FOR query | resultset`. */
export interface CursorDeclaration extends Node {
  readonly kind: "cursor";
  readonly name: Identifier;
  readonly source:
    { readonly kind: "query"; readonly query: Query } | { readonly kind: "variable"; readonly name: Identifier };
}
/** `r RESULTSET [DEFAULT | := (statement)]`. */
export interface ResultSetDeclaration extends Node {
  readonly kind: "resultSet";
  readonly name: Identifier;
  readonly value?: StatementValue | Expression;
}
/** `e EXCEPTION [(number, 'message')]`. */
export interface ExceptionDeclaration extends Node {
  readonly kind: "exception";
  readonly name: Identifier;
  readonly number?: number;
  readonly message?: string;
}

/** `p PROCEDURE(arguments) RETURNS ... AS block`. Source: "Using nested stored procedures". */
export interface ProcedureDeclaration extends Node {
  readonly kind: "procedure";
  readonly name: Identifier;
  readonly arguments: readonly RoutineArgument[];
  readonly returns: RoutineResult;
  readonly body: Block;
}

/** `(SELECT ...)`, `(EXECUTE IMMEDIATE ...)`, `(SHOW ...)`, `(CALL ...)` as the value of a RESULTSET. */
export interface StatementValue extends Node {
  readonly kind: "statementValue";
  readonly statement: Statement;
  /** ASYNC (...). */
  readonly async?: boolean;
}

export type ScriptStatement =
  | Statement
  | LetStatement
  | AssignmentStatement
  | IfStatement
  | CaseStatement
  | ForCursorStatement
  | ForRangeStatement
  | WhileStatement
  | RepeatStatement
  | LoopStatement
  | BreakStatement
  | ContinueStatement
  | ReturnStatement
  | RaiseStatement
  | OpenStatement
  | FetchStatement
  | CloseStatement
  | AsyncStatement
  | AwaitStatement
  | CancelStatement
  | NullStatement;

export interface LetStatement extends Node {
  readonly kind: "let";
  readonly declaration: Declaration;
}
export interface AssignmentStatement extends Node {
  readonly kind: "assignment";
  readonly name: Identifier;
  readonly value: Expression | StatementValue;
}
export interface ConditionalBranch {
  readonly condition: Expression;
  readonly body: readonly ScriptStatement[];
}
export interface IfStatement extends Node {
  readonly kind: "if";
  readonly branches: readonly ConditionalBranch[];
  readonly otherwise?: readonly ScriptStatement[];
}
export interface CaseStatement extends Node {
  readonly kind: "caseStatement";
  readonly operand?: Expression;
  readonly branches: readonly ConditionalBranch[];
  readonly otherwise?: readonly ScriptStatement[];
}
/** FOR r IN cursor | resultset DO. */
export interface ForCursorStatement extends Node {
  readonly kind: "forCursor";
  readonly variable: Identifier;
  readonly source: Identifier;
  readonly body: readonly ScriptStatement[];
  readonly label?: Identifier;
}
/** FOR i IN [REVERSE] a TO b DO. */
export interface ForRangeStatement extends Node {
  readonly kind: "forRange";
  readonly variable: Identifier;
  readonly reverse: boolean;
  readonly from: Expression;
  readonly to: Expression;
  readonly body: readonly ScriptStatement[];
  readonly label?: Identifier;
}
export interface WhileStatement extends Node {
  readonly kind: "while";
  readonly condition: Expression;
  readonly body: readonly ScriptStatement[];
  readonly label?: Identifier;
}
export interface RepeatStatement extends Node {
  readonly kind: "repeat";
  readonly body: readonly ScriptStatement[];
  readonly until: Expression;
  readonly label?: Identifier;
}
export interface LoopStatement extends Node {
  readonly kind: "loop";
  readonly body: readonly ScriptStatement[];
  readonly label?: Identifier;
}
/** BREAK | EXIT [label]. */
export interface BreakStatement extends Node {
  readonly kind: "break";
  readonly label?: Identifier;
}
/** CONTINUE | ITERATE [label]. */
export interface ContinueStatement extends Node {
  readonly kind: "continue";
  readonly label?: Identifier;
}
/** RETURN [e] | RETURN TABLE(resultset) (then `table` is true and `value` the resultset, or a statement). */
export interface ReturnStatement extends Node {
  readonly kind: "return";
  readonly value?: Expression | StatementValue;
  readonly table: boolean;
}
/** RAISE [exception]: without a name it raises the current one again. */
export interface RaiseStatement extends Node {
  readonly kind: "raise";
  readonly exception?: Identifier;
}
export interface OpenStatement extends Node {
  readonly kind: "open";
  readonly cursor: Identifier;
  readonly using: readonly Expression[];
}
export interface FetchStatement extends Node {
  readonly kind: "fetch";
  readonly cursor: Identifier;
  readonly into: readonly Identifier[];
}
export interface CloseStatement extends Node {
  readonly kind: "close";
  readonly cursor: Identifier;
}
/** ASYNC (statement): a child job. */
export interface AsyncStatement extends Node {
  readonly kind: "async";
  readonly statement: Statement;
}
/** AWAIT ALL | AWAIT resultset. */
export interface AwaitStatement extends Node {
  readonly kind: "await";
  readonly resultSet?: Identifier;
}
/** CANCEL resultset. */
export interface CancelStatement extends Node {
  readonly kind: "cancel";
  readonly resultSet: Identifier;
}
export interface NullStatement extends Node {
  readonly kind: "nullStatement";
}

/** WHEN a OR b [EXIT | CONTINUE] THEN ...; OTHER catches the rest (`exceptions` is then empty). */
export interface ExceptionHandler extends Node {
  readonly exceptions: readonly Identifier[];
  readonly other: boolean;
  readonly mode: "EXIT" | "CONTINUE";
  readonly body: readonly ScriptStatement[];
}
