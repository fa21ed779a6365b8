import type { DataType } from "../dataType";
import type { Expression } from "../expression";
import type { Identifier, ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction } from "./alterActions";
import type { CreateOptions, SourceText } from "./common";

export interface RoutineArgument extends Node {
  readonly name: Identifier;
  readonly type: DataType;
  /** OUT or OUTPUT: the caller's variable gets the argument's last value. */
  readonly out: boolean;
  readonly default?: Expression;
}
export type RoutineResult =
  | { readonly kind: "type"; readonly type: DataType; readonly notNull: boolean }
  | { readonly kind: "table"; readonly columns: readonly { readonly name: Identifier; readonly type: DataType }[] };

/**
 * CREATE FUNCTION and CREATE PROCEDURE. Sources: "CREATE FUNCTION", "CREATE PROCEDURE".
 *
 * `body.text` is the body with its quotes undone (spans are those of the literal); for a procedure whose body is a bare
 * block it is the block's text. `parseFunctionBody` and `parseStatement` read it.
 */
export interface CreateRoutine extends Node, CreateOptions {
  readonly kind: "createFunction" | "createProcedure";
  readonly name: ObjectName;
  readonly secure: boolean;
  readonly temporary: boolean;
  readonly aggregate: boolean;
  readonly arguments: readonly RoutineArgument[];
  readonly returns: RoutineResult;
  /** Upper-cased; SQL when not said. */
  readonly language: string;
  readonly copyGrants: boolean;
  readonly nullHandling?: "CALLED ON NULL INPUT" | "RETURNS NULL ON NULL INPUT";
  readonly volatility?: "VOLATILE" | "IMMUTABLE";
  readonly memoizable: boolean;
  readonly executeAs?: "CALLER" | "OWNER" | "RESTRICTED CALLER";
  /** RUNTIME_VERSION, HANDLER, PACKAGES, COMMENT ... */
  readonly properties: readonly Property[];
  readonly body?: SourceText;
  readonly text: string;
}
export interface AlterRoutine extends Node, AlterTarget {
  readonly kind: "alterFunction" | "alterProcedure";
  readonly argumentTypes: readonly string[];
  readonly action:
    | CommonAlterAction
    | { readonly action: "setSecure" }
    | { readonly action: "unsetSecure" }
    | { readonly action: "executeAs"; readonly as: "CALLER" | "OWNER" };
}
/** CALL p(args) [INTO :v]. */
export interface Call extends Node {
  readonly kind: "call";
  readonly procedure: Extract<Expression, { kind: "call" }>;
  /** Scripting only; upper-cased. */
  readonly into?: string;
  /** The procedure of `WITH p AS PROCEDURE ... CALL p(...)`, which lives for this statement. */
  readonly anonymous?: CreateRoutine;
}
