import type { DataType } from "../../sql/ast/dataType";
import type { Expression, FunctionCall } from "../../sql/ast/expression";
import type { BoundExpression, Template } from "../boundExpression";
import type { SessionContext } from "../environment";
import type { SortKey } from "../plan";
import type { FunctionTraits } from "./traits";

/** What a function's own binding may ask for. */
export interface FunctionContext {
  readonly session: SessionContext;
  /** A column id, for a lambda's parameter. */
  newId(): string;
  /** A number of the row, from 0. @throws SnowflakeError Unsupported feature `what` where rows have none */
  rowNumber(what: string): BoundExpression;
  /**
   * Registers an aggregate, or a window function where the call has OVER, and answers the column that it becomes.
   * `wrapper` goes around the call: `CAST($0 AS ...)`.
   */
  aggregate(aggregate: AggregateRequest): BoundExpression;
}

export interface AggregateRequest {
  readonly name: string;
  readonly template: string | Template;
  readonly wrapper?: string;
  readonly args: readonly BoundExpression[];
  readonly type: DataType;
  readonly nullable?: boolean;
  /** Of a window function whose frame is not that of the call: it has none. */
  readonly frame?: "none";
  /** Absent: the call's own WITHIN GROUP. */
  readonly orderBy?: readonly SortKey[];
}

/** A call with its arguments bound. */
export interface BoundArguments {
  /** As called, in upper case. */
  readonly name: string;
  readonly args: readonly BoundExpression[];
  readonly distinct: boolean;
  readonly orderBy: readonly SortKey[];
  readonly syntax: FunctionCall;
  /** Binds a lambda over parameters of the given types. */
  lambda(expression: Expression, types: readonly DataType[]): BoundExpression;
}

export interface FunctionDefinition {
  readonly names: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly kind: "scalar" | "aggregate" | "window";
  /**
   * The rows that it sees in a window: `position` has no frame and needs an order, `partition` sees all rows where no
   * frame is given, `so far` the rows up to the current one, whatever equals it. Absent: as aggregates do.
   */
  readonly frame?: "position" | "position without order" | "partition" | "so far";
  /** An aggregate that is no window function. */
  readonly notOver?: true;
  /** Names of the parameters, in order, where the function may be called with them: `scale => 2`. */
  readonly parameters?: readonly string[];
  /** Positions where a bare word is a constant: date parts. */
  readonly words?: readonly number[];
  /** What `*` means as an argument: rows, or columns after their names; absent: the columns. */
  readonly star?: "rows" | "pairs";
  /** Positions of lambdas, which are bound by the function itself. */
  readonly lambdas?: readonly number[];
  readonly traits?: FunctionTraits;
  readonly bind: (call: BoundArguments, context: FunctionContext) => BoundExpression;
}
