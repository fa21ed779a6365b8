import type { Expression } from "./expression";
import type { Identifier, ObjectName } from "./identifier";
import type { Node } from "./span";

/** A query expression: WITH, a tree of set operations over SELECTs, then ORDER BY and LIMIT of the whole. */
export interface Query extends Node {
  readonly kind: "query";
  readonly ctes: readonly CommonTableExpression[];
  readonly recursive: boolean;
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  /** LIMIT n, or FETCH FIRST n ROWS. `LIMIT NULL` and `LIMIT ''` mean none and are dropped. */
  readonly limit?: Expression;
  readonly offset?: Expression;
}

export interface CommonTableExpression extends Node {
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
  readonly query: Query;
}

export type QueryBody = Select | SetOperation | ValuesClause | Query;

export interface SetOperation extends Node {
  readonly kind: "setOperation";
  /** MINUS is normalised to EXCEPT. */
  readonly operator: "UNION" | "EXCEPT" | "INTERSECT";
  readonly all: boolean;
  /** UNION [ALL] BY NAME. */
  readonly byName: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

export interface ValuesClause extends Node {
  readonly kind: "values";
  readonly rows: readonly (readonly Expression[])[];
}

export interface Select extends Node {
  readonly kind: "select";
  readonly distinct: boolean;
  readonly top?: Expression;
  readonly items: readonly SelectItem[];
  /** Comma-separated sources; joins are inside. Empty: SELECT without FROM. */
  readonly from: readonly TableSource[];
  readonly where?: Expression;
  /** WHERE joins by `(+)`. */
  readonly outerMarks?: boolean;
  readonly groupBy?: GroupBy;
  readonly having?: Expression;
  readonly qualify?: Expression;
  readonly connectBy?: { readonly startWith?: Expression; readonly condition: Expression };
  /** `SELECT ... INTO :a, :b` of Snowflake Scripting. */
  readonly into?: readonly string[];
}

/** A SELECT item: an expression (maybe a Star) and its alias. */
export interface SelectItem extends Node {
  readonly expression: Expression;
  readonly alias?: Identifier;
}

export type GroupBy = { readonly kind: "all" } | { readonly kind: "items"; readonly items: readonly GroupItem[] };

/** A key, or several grouping sets; items side by side make the product of their sets. */
export type GroupItem = Expression | GroupingItem;

export type GroupingItem =
  | { readonly kind: "rollup" | "cube"; readonly items: readonly Expression[] }
  | { readonly kind: "groupingSets"; readonly sets: readonly (readonly Expression[])[] };

export interface OrderItem extends Node {
  readonly expression: Expression;
  readonly descending: boolean;
  /** Absent: Snowflake's default, NULLs last when ascending and first when descending. */
  readonly nulls?: "FIRST" | "LAST";
  /** ORDER BY ALL. */
  readonly all?: boolean;
}

export type TableSource =
  | TableReference
  | SubquerySource
  | TableFunctionSource
  | ValuesSource
  | StageSource
  | ResultSource
  | JoinSource
  | PivotSource
  | UnpivotSource;

export interface SourceAlias {
  readonly alias?: Identifier;
  readonly columnAliases: readonly Identifier[];
  readonly sample?: Sample;
}

export interface TableReference extends Node, SourceAlias {
  readonly kind: "table";
  readonly name: ObjectName;
  /** Within DYNAMIC_TABLE_REFRESH_BOUNDARY(...). */
  readonly boundary?: true;
  readonly timeTravel?: TimeTravel;
  readonly changes?: Changes;
}
/** AT | BEFORE ( TIMESTAMP | OFFSET | STATEMENT | STREAM => value ). */
export interface TimeTravel {
  readonly kind: "AT" | "BEFORE";
  readonly by: "TIMESTAMP" | "OFFSET" | "STATEMENT" | "STREAM";
  readonly value: Expression;
}
export interface Changes {
  readonly information: "DEFAULT" | "APPEND_ONLY";
  /** Absent in REFRESH USING alone, where the refresh decides. */
  readonly start?: TimeTravel;
  readonly end?: { readonly by: "TIMESTAMP" | "OFFSET" | "STATEMENT"; readonly value: Expression };
}
export interface SubquerySource extends Node, SourceAlias {
  readonly kind: "derived";
  readonly lateral: boolean;
  readonly query: Query;
}
/** `TABLE(f(...))`, `LATERAL f(...)`, and `TABLE('name')` / `TABLE(:v)` (then `call` is absent and `nameExpression` given). */
export interface TableFunctionSource extends Node, SourceAlias {
  readonly kind: "tableFunction";
  readonly lateral: boolean;
  readonly call?: Extract<Expression, { kind: "call" }>;
  readonly nameExpression?: Expression;
}
export interface ValuesSource extends Node, SourceAlias {
  readonly kind: "valuesSource";
  readonly values: ValuesClause;
}
/** `@stage/path (FILE_FORMAT => 'f', PATTERN => 'p')`. */
export interface StageSource extends Node, SourceAlias {
  readonly kind: "stage";
  readonly location: StageLocation;
  readonly fileFormat?: string;
  readonly pattern?: string;
  /** DIRECTORY(@s): the stage's directory table, not what its files hold. */
  readonly directory?: true;
}
/** `@~/p`, `@%table/p`, `@db.schema.stage/p`. */
export interface StageLocation extends Node {
  readonly stage:
    | { readonly kind: "user" }
    | { readonly kind: "table"; readonly name: ObjectName }
    | { readonly kind: "named"; readonly name: ObjectName };
  /** Without a leading slash; '' for the stage's root. */
  readonly path: string;
}
/** `$1` as a source in a `->>` pipe: the result of the n-th previous statement. */
export interface ResultSource extends Node, SourceAlias {
  readonly kind: "pipeResult";
  readonly back: number;
}
export interface JoinSource extends Node {
  readonly kind: "join";
  readonly type: "INNER" | "LEFT" | "RIGHT" | "FULL" | "CROSS" | "ASOF";
  readonly natural: boolean;
  /** The left side is to be read first, which changes no result. */
  readonly directed?: true;
  /** FIRST(alias) or LAST(alias) of a directed join. */
  readonly readOrder?: { readonly word: "FIRST" | "LAST"; readonly alias: Identifier };
  readonly left: TableSource;
  readonly right: TableSource;
  readonly on?: Expression;
  readonly using?: readonly Identifier[];
  readonly matchCondition?: Expression;
}
export interface PivotSource extends Node, SourceAlias {
  readonly kind: "pivot";
  readonly source: TableSource;
  readonly aggregate: Expression;
  /** Goes to the end of all new names: `_TOTAL`. */
  readonly aggregateAlias?: Identifier;
  readonly column: Identifier;
  readonly values: readonly SelectItem[] | "ANY" | Query;
  /** IN (ANY ORDER BY ...). */
  readonly anyOrder?: readonly OrderItem[];
  /** DEFAULT ON NULL (value). */
  readonly defaultOnNull?: Expression;
}
export interface UnpivotSource extends Node, SourceAlias {
  readonly kind: "unpivot";
  readonly source: TableSource;
  readonly includeNulls: boolean;
  readonly valueColumn: Identifier;
  readonly nameColumn: Identifier;
  readonly columns: readonly Identifier[];
  /** `column AS label`, as many as columns; undefined where a column has none. Absent when no column has one. */
  readonly labels?: readonly (Identifier | undefined)[];
}
export interface Sample {
  readonly method: "BERNOULLI" | "SYSTEM";
  readonly size: Expression;
  readonly rows: boolean;
  readonly seed?: Expression;
}
