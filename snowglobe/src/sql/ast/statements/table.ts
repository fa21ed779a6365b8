import type { DataType } from "../dataType";
import type { Expression } from "../expression";
import type { Identifier, ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Query } from "../query";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction, ColumnName, SwapWith } from "./alterActions";
import type {
  CloneSource,
  ColumnAttachments,
  CreateOptions,
  RowAccessPolicyUse,
  SourceText,
  TagAssignment,
} from "./common";

/** CREATE TABLE. Source: "CREATE TABLE". */
export interface CreateTable extends Node, CreateOptions {
  readonly kind: "createTable";
  readonly name: ObjectName;
  readonly persistence: "PERMANENT" | "TRANSIENT" | "TEMPORARY";
  /** Empty when there is no column list; then `source` is given. */
  readonly columns: readonly ColumnDefinition[];
  /** Out-of-line constraints. */
  readonly constraints: readonly TableConstraint[];
  readonly clusterBy?: readonly Expression[];
  readonly copyGrants: boolean;
  readonly tags: readonly TagAssignment[];
  readonly rowAccessPolicy?: RowAccessPolicyUse;
  /** COMMENT, CHANGE_TRACKING, DATA_RETENTION_TIME_IN_DAYS, ... */
  readonly properties: readonly Property[];
  readonly source?: TableOrigin;
  /** The whole statement in the user's words. */
  readonly text: string;
}

export type TableOrigin =
  | { readonly kind: "query"; readonly query: Query; readonly source: SourceText }
  | { readonly kind: "like"; readonly name: ObjectName }
  /** USING TEMPLATE: the query's one array describes the columns. */
  | { readonly kind: "template"; readonly query: Query }
  | ({ readonly kind: "clone" } & CloneSource);

/** A column of CREATE TABLE or ADD COLUMN. `type` is absent only in the column list of CREATE TABLE ... AS. */
export interface ColumnDefinition extends Node, ColumnAttachments {
  readonly name: Identifier;
  readonly type?: DataType;
  readonly notNull: boolean;
  /** DEFAULT expression; `<sequence>.NEXTVAL` is a column reference of that form. */
  readonly default?: Expression;
  readonly identity?: Identity;
  readonly comment?: string;
  readonly collation?: string;
  readonly constraints: readonly ColumnConstraint[];
}

/** AUTOINCREMENT | IDENTITY [(start, step) | START n INCREMENT n] [ORDER | NOORDER]. */
export interface Identity {
  readonly start: number;
  readonly increment: number;
  readonly ordered?: boolean;
}

/** An inline constraint. Options are words such as NOT ENFORCED, RELY, upper-cased. */
export interface ColumnConstraint extends Node {
  readonly kind: "primaryKey" | "unique" | "foreignKey";
  readonly name?: Identifier;
  readonly references?: { readonly table: ObjectName; readonly column?: Identifier };
  readonly options: readonly string[];
}

export interface TableConstraint extends Node {
  readonly kind: "primaryKey" | "unique" | "foreignKey";
  readonly name?: Identifier;
  readonly columns: readonly Identifier[];
  readonly references?: { readonly table: ObjectName; readonly columns: readonly Identifier[] };
  readonly options: readonly string[];
}

/** ALTER TABLE. Source: "ALTER TABLE". Several actions only for columns, as Snowflake allows. */
export interface AlterTable extends Node, AlterTarget {
  readonly kind: "alterTable";
  readonly actions: readonly AlterTableAction[];
}

export type AlterTableAction =
  | CommonAlterAction
  | SwapWith
  | ClusterBy
  | { readonly action: "dropClusteringKey" }
  | { readonly action: "suspendRecluster" }
  | { readonly action: "resumeRecluster" }
  | { readonly action: "addColumns"; readonly ifNotExists: boolean; readonly columns: readonly ColumnDefinition[] }
  | { readonly action: "dropColumns"; readonly ifExists: boolean; readonly names: readonly ColumnName[] }
  | { readonly action: "renameColumn"; readonly from: ColumnName; readonly to: ColumnName }
  | AlterColumn
  | { readonly action: "addConstraint"; readonly constraint: TableConstraint }
  | DropConstraint
  | AlterConstraint
  | { readonly action: "renameConstraint"; readonly from: Identifier; readonly to: Identifier };

export interface ClusterBy {
  readonly action: "clusterBy";
  readonly expressions: readonly Expression[];
}
/** A constraint that is there: by its name, or by what it is. */
export type ConstraintReference =
  | { readonly kind: "name"; readonly name: Identifier }
  | { readonly kind: "primaryKey" }
  | { readonly kind: "unique" | "foreignKey"; readonly columns: readonly Identifier[] };
export interface DropConstraint {
  readonly action: "dropConstraint";
  readonly constraint: ConstraintReference;
}
export interface AlterConstraint {
  readonly action: "alterConstraint";
  readonly constraint: ConstraintReference;
  readonly options: readonly string[];
}
export interface AlterColumn {
  readonly action: "alterColumn";
  readonly column: ColumnName;
  readonly change: ColumnChange;
}
export type ColumnChange =
  | { readonly kind: "setDefault"; readonly expression: Expression }
  | { readonly kind: "dropDefault" }
  | { readonly kind: "setNotNull" }
  | { readonly kind: "dropNotNull" }
  | { readonly kind: "setType"; readonly type: DataType }
  | { readonly kind: "comment"; readonly comment: string }
  | { readonly kind: "unsetComment" };
