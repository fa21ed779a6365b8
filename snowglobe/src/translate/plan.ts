import type { DataType } from "../sql/ast/dataType";
import type { BoundExpression, Template } from "./boundExpression";
import type { StoredRelation, StreamRelation } from "./environment";

/** A column that a node yields. Nodes that pass a column on (Filter, Join, Sort ...) keep its id. */
export interface PlanColumn {
  /** Unique in the query, and the column's name in the SQL made: `x12`. */
  readonly id: string;
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** Of a bare NULL: text by itself, and of any type where a set operation puts it beside another column. */
  readonly untyped?: true;
  /** Only there for those who name it: `*` leaves it out. */
  readonly hidden?: boolean;
}

/** A logical plan: plain immutable data, leaves are scans. Every node lists the columns it yields. */
export type Plan =
  | ScanNode
  | SqlNode
  | ValuesNode
  | TableFunctionNode
  | ProjectNode
  | FilterNode
  | JoinNode
  | AggregateNode
  | WindowNode
  | DistinctNode
  | SortNode
  | LimitNode
  | SetOperationNode
  | WithNode
  | CteReferenceNode
  | UnpivotNode
  | SampleNode;

interface PlanNode {
  readonly columns: readonly PlanColumn[];
}

/** A stored table or a stream, at the version the caller chooses when it emits. */
export interface ScanNode extends PlanNode {
  readonly kind: "scan";
  /** Unique in the query: tells two scans of one table apart. */
  readonly scanId: number;
  readonly relation: StoredRelation | StreamRelation;
  /** Physical names, one for each of `columns`. */
  readonly physical: readonly string[];
  /** Id under which the hidden row id is exposed too, when asked for. Not listed in `columns`. */
  readonly rowId?: string;
  readonly timeTravel?: BoundTimeTravel;
  readonly changes?: BoundChanges;
}

/** `value` is a constant expression, for the caller to evaluate before it emits. */
export interface BoundTimeTravel {
  readonly kind: "AT" | "BEFORE";
  readonly by: "TIMESTAMP" | "OFFSET" | "STATEMENT" | "STREAM";
  readonly value: BoundExpression;
}

export interface BoundChanges {
  readonly information: "DEFAULT" | "APPEND_ONLY";
  /** Absent: since the last refresh of the dynamic table whose REFRESH USING it stands in. */
  readonly start?: BoundTimeTravel;
  readonly end?: { readonly by: "TIMESTAMP" | "OFFSET" | "STATEMENT"; readonly value: BoundExpression };
}

/** Ready DuckDB text: a FROM item whose columns are `physical`, in the order of `columns`. */
export interface SqlNode extends PlanNode {
  readonly kind: "sql";
  readonly sql: string;
  readonly physical: readonly string[];
  /** What it is, for messages: `INFORMATION_SCHEMA.TABLES`, `RESULT_SCAN`. */
  readonly name: string;
}

/** Constant rows. No columns and one row: a SELECT without FROM. */
export interface ValuesNode extends PlanNode {
  readonly kind: "values";
  readonly rows: readonly (readonly BoundExpression[])[];
}

/** FLATTEN, SPLIT_TO_TABLE, GENERATOR ... */
export interface TableFunctionNode extends PlanNode {
  readonly kind: "tableFunction";
  readonly name: string;
  readonly args: readonly BoundExpression[];
  readonly rows:
    | {
        /** A row for each element of a list that is made of the arguments. */
        readonly kind: "elements";
        readonly list: Template;
        /** One for each of `columns`, of the arguments and the element, which is ELEMENT. */
        readonly fields: readonly Template[];
      }
    /** A SELECT statement. */
    | { readonly kind: "select"; readonly sql: string };
  /** Index of the argument that is SEQ, the first column: a number for each row that the arguments come from. */
  readonly sequence?: number;
}

/** What the fields of a table function call the element of its list. */
export const ELEMENT = "e";

export interface ProjectNode extends PlanNode {
  readonly kind: "project";
  readonly input: Plan;
  /** One for each of `columns`. */
  readonly expressions: readonly BoundExpression[];
}

export interface FilterNode extends PlanNode {
  readonly kind: "filter";
  readonly input: Plan;
  readonly condition: BoundExpression;
  readonly clause: "WHERE" | "HAVING" | "QUALIFY";
}

/** SEMI and ANTI yield the left side's columns alone. No query of a user has them: they restrict rows to given keys. */
export type JoinType = "INNER" | "LEFT" | "RIGHT" | "FULL" | "CROSS" | "ASOF" | "ASOF LEFT" | "SEMI" | "ANTI";

export interface JoinNode extends PlanNode {
  readonly kind: "join";
  readonly type: JoinType;
  /** The right side refers to columns of the left one. */
  readonly lateral: boolean;
  readonly left: Plan;
  readonly right: Plan;
  readonly condition?: BoundExpression;
}

/** `columns` = the groups' columns, then the aggregates'. A plain column as group key keeps its id. */
export interface AggregateNode extends PlanNode {
  readonly kind: "aggregate";
  readonly input: Plan;
  readonly groups: readonly BoundExpression[];
  readonly aggregates: readonly AggregateCall[];
  /** Indexes into `groups`, one list for each grouping set; absent: one set of all groups. */
  readonly groupingSets?: readonly (readonly number[])[];
}

export interface SortKey {
  readonly expression: BoundExpression;
  readonly descending: boolean;
  readonly nulls: "FIRST" | "LAST";
}

/** One aggregate. `name` is Snowflake's; `template` is everything but DISTINCT, which stands in the template itself. */
export interface AggregateCall {
  readonly name: string;
  readonly args: readonly BoundExpression[];
  readonly template: Template;
  readonly distinct: boolean;
  readonly orderBy: readonly SortKey[];
  readonly type: DataType;
  readonly nullable: boolean;
}

/** `columns` = the input's, then one for each of `windows`. */
export interface WindowNode extends PlanNode {
  readonly kind: "window";
  readonly input: Plan;
  readonly windows: readonly WindowCall[];
}

export interface WindowCall {
  readonly name: string;
  readonly args: readonly BoundExpression[];
  /** The function without OVER. */
  readonly template: Template;
  /** Wraps the whole `f(...) OVER (...)`, whose place is index 0. */
  readonly wrapper: Template;
  readonly distinct: boolean;
  readonly partitionBy: readonly BoundExpression[];
  readonly orderBy: readonly SortKey[];
  readonly frame?: {
    readonly unit: "ROWS" | "RANGE";
    readonly start: BoundFrameBound;
    readonly end: BoundFrameBound;
  };
  readonly type: DataType;
  readonly nullable: boolean;
}

export type BoundFrameBound =
  | { readonly kind: "UNBOUNDED PRECEDING" | "CURRENT ROW" | "UNBOUNDED FOLLOWING" }
  | { readonly kind: "PRECEDING" | "FOLLOWING"; readonly offset: BoundExpression };

export interface DistinctNode extends PlanNode {
  readonly kind: "distinct";
  readonly input: Plan;
}

export interface SortNode extends PlanNode {
  readonly kind: "sort";
  readonly input: Plan;
  readonly keys: readonly SortKey[];
}

export interface LimitNode extends PlanNode {
  readonly kind: "limit";
  readonly input: Plan;
  readonly limit?: BoundExpression;
  readonly offset?: BoundExpression;
}

/** Both inputs yield columns of the same types in the same order; `columns` have ids of their own. */
export interface SetOperationNode extends PlanNode {
  readonly kind: "setOperation";
  readonly operator: "UNION" | "EXCEPT" | "INTERSECT";
  readonly all: boolean;
  readonly left: Plan;
  readonly right: Plan;
}

/** Common table expressions that are referenced more than once, or recursive. Those read once are put in place. */
export interface WithNode extends PlanNode {
  readonly kind: "with";
  readonly definitions: readonly CteDefinition[];
  readonly input: Plan;
}

export interface CteDefinition {
  /** Unique in the query. */
  readonly id: string;
  readonly name: string;
  readonly recursive: boolean;
  readonly plan: Plan;
}

/** `columns` (new ids) stand for the definition's columns in order. */
export interface CteReferenceNode extends PlanNode {
  readonly kind: "cteReference";
  readonly cte: string;
  /** The definition's column ids. */
  readonly source: readonly string[];
}

/** `columns` = kept columns of the input, then the name column, then the value column. */
export interface UnpivotNode extends PlanNode {
  readonly kind: "unpivot";
  readonly input: Plan;
  readonly kept: readonly PlanColumn[];
  readonly sources: readonly { readonly label: string; readonly id: string }[];
  readonly includeNulls: boolean;
}

export interface SampleNode extends PlanNode {
  readonly kind: "sample";
  readonly input: Plan;
  readonly method: "BERNOULLI" | "SYSTEM";
  readonly size: number;
  readonly rows: boolean;
  readonly seed?: number;
}
