import type { DataType } from "../sql/ast/dataType";
import type { Plan } from "./plan";

/** How far a function's value may differ from call to call; decides what a dynamic table may contain. */
export type Volatility =
  /** The same for the same arguments, always. */
  | "deterministic"
  /** Fixed within a statement: CURRENT_TIMESTAMP and its family. */
  | "stable"
  /** Depends on the session: CURRENT_ROLE, CURRENT_DATABASE ... */
  | "session"
  /** A user's function that is not declared IMMUTABLE: dynamic tables take its value for a new one at each call. */
  | "declared"
  /** A new value at each call: RANDOM, UUID_STRING, sequences. */
  | "volatile";

/**
 * A scalar expression with names and types resolved. Plain immutable data. Column ids are unique in the whole query, so
 * a reference needs no qualifier, not even from a correlated subquery or a lateral source.
 */
export type BoundExpression =
  BoundColumn | BoundLiteral | BoundCall | BoundLet | BoundSubquery | BoundExists | BoundInQuery | BoundLambda;

interface Typed {
  readonly type: DataType;
  readonly nullable: boolean;
}

/** A column of some plan node (or a lambda's parameter), by its id. */
export interface BoundColumn extends Typed {
  readonly kind: "column";
  readonly id: string;
  /** The name in the user's words, for messages. */
  readonly name: string;
}

/** A constant. `sql` has the physical type of `type`; `value` is the plain value where it is known as text. */
export interface BoundLiteral extends Typed {
  readonly kind: "literal";
  readonly sql: string;
  readonly value: string | null;
}

/**
 * Any operator, cast or function: a DuckDB template of text and argument positions. `name` is Snowflake's name in upper
 * case (`+`, `CAST`, `CASE`, `UPPER` ...).
 */
export interface BoundCall extends Typed {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly BoundExpression[];
  readonly template: Template;
  readonly volatility: Volatility;
  /** Id of the user's function whose body this is. */
  readonly routine?: number;
}

/** Text pieces and argument indexes, in order. */
export type Template = readonly (string | number)[];

/** Values that are computed once, under columns that the body may use any number of times. No subquery uses them. */
export interface BoundLet extends Typed {
  readonly kind: "let";
  readonly columns: readonly BoundColumn[];
  /** One for each of `columns`; none uses another of them. */
  readonly values: readonly BoundExpression[];
  readonly body: BoundExpression;
}

/** A scalar subquery: the plan has one column. More than one row is an error at run time. */
export interface BoundSubquery extends Typed {
  readonly kind: "subquery";
  readonly plan: Plan;
}

export interface BoundExists extends Typed {
  readonly kind: "exists";
  readonly plan: Plan;
}

/** `operands <operator> ANY|ALL (plan)`; IN is `= ANY`, NOT IN is `<> ALL`. */
export interface BoundInQuery extends Typed {
  readonly kind: "inQuery";
  readonly operands: readonly BoundExpression[];
  readonly operator: string;
  readonly quantifier: "ANY" | "ALL";
  readonly plan: Plan;
}

/** A lambda as a function's argument; its parameters are columns with ids of their own. */
export interface BoundLambda extends Typed {
  readonly kind: "lambda";
  readonly parameters: readonly BoundColumn[];
  readonly body: BoundExpression;
}
