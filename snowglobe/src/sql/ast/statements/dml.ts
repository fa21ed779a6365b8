import type { Expression } from "../expression";
import type { Identifier, ObjectName } from "../identifier";
import type { Query, TableSource } from "../query";
import type { Node } from "../span";

/** A query as a statement. */
export interface QueryStatement extends Node {
  readonly kind: "queryStatement";
  readonly query: Query;
}

/** INSERT [OVERWRITE] INTO t [(columns)] VALUES ... | query. Source: "INSERT". */
export interface Insert extends Node {
  readonly kind: "insert";
  readonly overwrite: boolean;
  readonly table: ObjectName;
  readonly columns: readonly Identifier[];
  /** VALUES is a query whose body is a values clause; DEFAULT in a row is the unquoted column reference `DEFAULT`. */
  readonly query: Query;
}

/** INSERT [OVERWRITE] ALL | FIRST. Source: "INSERT (multi-table)". */
export interface MultiTableInsert extends Node {
  readonly kind: "multiTableInsert";
  readonly overwrite: boolean;
  readonly mode: "ALL" | "FIRST";
  /** Unconditional: one branch without `when`. */
  readonly branches: readonly { readonly when?: Expression; readonly into: readonly InsertTarget[] }[];
  readonly otherwise: readonly InsertTarget[];
  readonly query: Query;
}
export interface InsertTarget {
  readonly table: ObjectName;
  readonly columns: readonly Identifier[];
  /** Empty: the query's columns in order. */
  readonly values: readonly Expression[];
}

export interface Assignment {
  readonly column: ObjectName;
  readonly value: Expression;
}

/** UPDATE t [[AS] a] SET ... [FROM ...] [WHERE ...]. */
export interface Update extends Node {
  readonly kind: "update";
  readonly table: ObjectName;
  readonly alias?: Identifier;
  readonly assignments: readonly Assignment[];
  readonly from: readonly TableSource[];
  readonly where?: Expression;
}

/** DELETE FROM t [[AS] a] [USING ...] [WHERE ...]. */
export interface Delete extends Node {
  readonly kind: "delete";
  readonly table: ObjectName;
  readonly alias?: Identifier;
  readonly using: readonly TableSource[];
  readonly where?: Expression;
}

/** MERGE INTO t USING s ON c WHEN ... Source: "MERGE". */
export interface Merge extends Node {
  readonly kind: "merge";
  readonly table: ObjectName;
  readonly alias?: Identifier;
  readonly using: TableSource;
  readonly on: Expression;
  readonly clauses: readonly MergeClause[];
}
export interface MergeClause extends Node {
  readonly matched: boolean;
  readonly condition?: Expression;
  readonly action:
    | { readonly kind: "update"; readonly assignments: readonly Assignment[] }
    | { readonly kind: "delete" }
    | { readonly kind: "insert"; readonly columns: readonly Identifier[]; readonly values: readonly Expression[] }
    /** UPDATE ALL BY NAME, INSERT ALL BY NAME. */
    | { readonly kind: "updateAllByName" | "insertAllByName" };
}

/** TRUNCATE [TABLE] [IF EXISTS] t; TRUNCATE MATERIALIZED VIEW is unsupported. */
export interface Truncate extends Node {
  readonly kind: "truncate";
  readonly ifExists: boolean;
  readonly table: ObjectName;
}
