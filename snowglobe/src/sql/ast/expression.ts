import type { DataType } from "./dataType";
import type { Identifier, ObjectName } from "./identifier";
import type { OrderItem, Query, StageLocation } from "./query";
import type { Node } from "./span";

export type Expression =
  | NumberLiteral
  | StringLiteral
  | BooleanLiteral
  | NullLiteral
  | TypedLiteral
  | IntervalLiteral
  | ColumnReference
  | Star
  | BindParameter
  | StageReference
  | SessionVariable
  | StageColumn
  | UnaryExpression
  | BinaryExpression
  | IsExpression
  | BetweenExpression
  | InListExpression
  | InQueryExpression
  | LikeExpression
  | QuantifiedExpression
  | CaseExpression
  | CastExpression
  | FunctionCall
  | ExistsExpression
  | ScalarSubquery
  | PathExpression
  | ArrayLiteral
  | Spread
  | ObjectLiteral
  | RowExpression
  | CollateExpression
  | LambdaExpression;

/** `text` as written, e.g. `1`, `.5`, `1e3`: whether it is fixed or float is decided from it. */
export interface NumberLiteral extends Node {
  readonly kind: "number";
  readonly text: string;
}
export interface StringLiteral extends Node {
  readonly kind: "string";
  readonly value: string;
}
export interface BooleanLiteral extends Node {
  readonly kind: "boolean";
  readonly value: boolean;
}
export interface NullLiteral extends Node {
  readonly kind: "null";
}
/** `DATE '2024-01-01'`, `TIME '..'`, `TIMESTAMP '..'`, `TIMESTAMP_NTZ '..'`, ... and `X'DEAD'` (type BINARY). */
export interface TypedLiteral extends Node {
  readonly kind: "typedLiteral";
  readonly type: DataType;
  readonly value: string;
}
/** `INTERVAL '1 day, 2 hours'`. */
export interface IntervalLiteral extends Node {
  readonly kind: "interval";
  readonly value: string;
}
/** `c`, `t.c`, `s.t.c`, `d.s.t.c`. */
export interface ColumnReference extends Node {
  readonly kind: "column";
  readonly parts: ObjectName;
  /** `t.a(+)`: the row of `t` may be missing. */
  readonly outer?: true;
}
/** `*` or `t.*`, with the SELECT list's modifiers; also the argument of COUNT(*). */
export interface Star extends Node {
  readonly kind: "star";
  readonly qualifier: ObjectName;
  readonly ilike?: string;
  readonly exclude?: readonly Identifier[];
  readonly replace?: readonly { readonly expression: Expression; readonly name: Identifier }[];
  readonly rename?: readonly { readonly from: Identifier; readonly to: Identifier }[];
}
/** `?` (numbered as they come, from 1) and `:1` (1-based `index`), or `:name` (a Scripting variable; `name` upper-cased). */
export interface BindParameter extends Node {
  readonly kind: "bind";
  readonly index?: number;
  readonly name?: string;
}
/** `$NAME`, a session variable. */
export interface SessionVariable extends Node {
  readonly kind: "sessionVariable";
  readonly name: string;
}
/** `$1` or `t.$1`: a column by position, of a staged file or a table source. */
export interface StageColumn extends Node {
  readonly kind: "positional";
  readonly qualifier?: Identifier;
  readonly position: number;
}
/** `@s/path` as an argument: of the functions of files. */
export interface StageReference extends Node {
  readonly kind: "stageReference";
  readonly location: StageLocation;
}
export interface UnaryExpression extends Node {
  readonly kind: "unary";
  readonly operator: "+" | "-" | "NOT" | "PRIOR" | "CONNECT_BY_ROOT";
  readonly operand: Expression;
}
export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "||" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "AND" | "OR";
/** `!=` is normalised to `<>`. */
export interface BinaryExpression extends Node {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** `x IS [NOT] NULL | TRUE | FALSE`, `x IS [NOT] DISTINCT FROM y`. */
export interface IsExpression extends Node {
  readonly kind: "is";
  readonly test: "NULL" | "TRUE" | "FALSE" | "DISTINCT";
  readonly negated: boolean;
  readonly operand: Expression;
  /** The right side of DISTINCT FROM. */
  readonly other?: Expression;
}
export interface BetweenExpression extends Node {
  readonly kind: "between";
  readonly negated: boolean;
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
}
export interface InListExpression extends Node {
  readonly kind: "inList";
  readonly negated: boolean;
  readonly operand: Expression;
  readonly items: readonly Expression[];
}
export interface InQueryExpression extends Node {
  readonly kind: "inQuery";
  readonly negated: boolean;
  readonly operand: Expression;
  readonly query: Query;
}
/** `x [NOT] LIKE|ILIKE|RLIKE p [ESCAPE e]` (REGEXP is RLIKE); `quantifier` for LIKE ANY / LIKE ALL (p1, p2). */
export interface LikeExpression extends Node {
  readonly kind: "like";
  readonly operator: "LIKE" | "ILIKE" | "RLIKE";
  readonly negated: boolean;
  readonly operand: Expression;
  readonly patterns: readonly Expression[];
  readonly quantifier?: "ANY" | "ALL";
  readonly escape?: Expression;
}
/** `x = ANY (query)`, `x <> ALL (query)`. */
export interface QuantifiedExpression extends Node {
  readonly kind: "quantified";
  readonly operator: BinaryOperator;
  readonly quantifier: "ANY" | "ALL";
  readonly operand: Expression;
  readonly query: Query;
}
export interface CaseExpression extends Node {
  readonly kind: "case";
  readonly operand?: Expression;
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  readonly otherwise?: Expression;
}
/** `CAST(x AS t)`, `x::t`, `TRY_CAST(x AS t)`. */
export interface CastExpression extends Node {
  readonly kind: "cast";
  readonly operand: Expression;
  readonly type: DataType;
  readonly tryCast: boolean;
}
/**
 * Any call. `name` is resolved like an object name: built-ins have one part; `SNOWFLAKE.ALERT.F()` or a UDF may have up
 * to three. Keyword forms are turned into plain calls by the parser: EXTRACT(p FROM x) -> DATE_PART('p', x), TRIM/SUBSTRING/
 * POSITION forms, CURRENT_TIMESTAMP without parentheses -> a call without arguments. A date part written as a bare word
 * stays a ColumnReference: the function's signature knows.
 */
export interface FunctionCall extends Node {
  readonly kind: "call";
  readonly name: ObjectName;
  readonly args: readonly Expression[];
  /** `name => value`, upper-cased names. */
  readonly namedArgs: readonly { readonly name: string; readonly value: Expression }[];
  readonly distinct: boolean;
  readonly withinGroup?: readonly OrderItem[];
  readonly nullTreatment?: "IGNORE" | "RESPECT";
  /** FIRST_VALUE(...) FROM FIRST|LAST is not kept: refused by the parser. */
  readonly over?: WindowSpecification;
}
export interface WindowSpecification extends Node {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame?: WindowFrame;
}
export interface WindowFrame {
  readonly unit: "ROWS" | "RANGE";
  readonly start: FrameBound;
  readonly end: FrameBound;
}
export type FrameBound =
  | { readonly kind: "UNBOUNDED PRECEDING" | "CURRENT ROW" | "UNBOUNDED FOLLOWING" }
  | { readonly kind: "PRECEDING" | "FOLLOWING"; readonly offset: Expression };
export interface ExistsExpression extends Node {
  readonly kind: "exists";
  readonly query: Query;
}
export interface ScalarSubquery extends Node {
  readonly kind: "subquery";
  readonly query: Query;
}
/** `v:a.b[0]['c']` and `v[0]`: traversal of semi-structured data. Unquoted keys keep their case. */
export interface PathExpression extends Node {
  readonly kind: "path";
  readonly base: Expression;
  readonly steps: readonly PathStep[];
}
export type PathStep =
  { readonly kind: "key"; readonly key: string } | { readonly kind: "index"; readonly index: Expression };
export interface ArrayLiteral extends Node {
  readonly kind: "array";
  readonly items: readonly Expression[];
}
/** `** array`, among the values of IN and the arguments of a call: each element stands for itself. */
export interface Spread extends Node {
  readonly kind: "spread";
  readonly operand: Expression;
}
export interface ObjectLiteral extends Node {
  readonly kind: "object";
  readonly entries: readonly { readonly key: string; readonly value: Expression }[];
}
/** `(a, b)` as the operand of IN or a comparison. */
export interface RowExpression extends Node {
  readonly kind: "row";
  readonly items: readonly Expression[];
}
export interface CollateExpression extends Node {
  readonly kind: "collate";
  readonly operand: Expression;
  readonly collation: string;
}
/** `x` or `x INT`: what it is given is cast. */
export interface LambdaParameter {
  readonly name: Identifier;
  readonly type?: DataType;
}
/** `x -> x + 1`, `(a INT, b) -> a + b`: arguments of FILTER, TRANSFORM, REDUCE. */
export interface LambdaExpression extends Node {
  readonly kind: "lambda";
  readonly parameters: readonly LambdaParameter[];
  readonly body: Expression;
}
