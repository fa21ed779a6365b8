import type { Expression } from "../expression";
import type { ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Query } from "../query";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction, Resume, Suspend, SwapWith } from "./alterActions";
import type { CloneSource, ColumnLabel, CreateOptions, SourceText, TagAssignment } from "./common";
import type { AlterColumn, ClusterBy } from "./table";

/**
 * CREATE DYNAMIC TABLE. Source: "CREATE DYNAMIC TABLE".
 *
 * `properties` holds TARGET_LAG (a string, or the identifier DOWNSTREAM), WAREHOUSE, INITIALIZATION_WAREHOUSE,
 * REFRESH_MODE, INITIALIZE, SCHEDULER, COMMENT, DATA_RETENTION_TIME_IN_DAYS, ...
 */
export interface CreateDynamicTable extends Node, CreateOptions {
  readonly kind: "createDynamicTable";
  readonly name: ObjectName;
  readonly transient: boolean;
  readonly columns: readonly ColumnLabel[];
  readonly clusterBy?: readonly Expression[];
  readonly copyGrants: boolean;
  readonly requireUser: boolean;
  readonly tags: readonly TagAssignment[];
  /** IMMUTABLE WHERE (...), or its newer name FROZEN WHERE. */
  readonly immutableWhere?: Expression;
  readonly properties: readonly Property[];
  /** Exactly one of `query` (with `body`) and `clone` is given. */
  readonly query?: Query;
  readonly body?: SourceText;
  readonly clone?: CloneSource;
  /** The whole statement in the user's words. */
  readonly text: string;
}

export interface AlterDynamicTable extends Node, AlterTarget {
  readonly kind: "alterDynamicTable";
  readonly action:
    | CommonAlterAction
    | SwapWith
    | Suspend
    | Resume
    /** Of these tables too. */
    | { readonly action: "refresh"; readonly others: readonly ObjectName[] }
    | { readonly action: "alterColumns"; readonly columns: readonly AlterColumn[] }
    | ClusterBy
    | { readonly action: "dropClusteringKey" }
    | { readonly action: "suspendRecluster" }
    | { readonly action: "resumeRecluster" }
    | { readonly action: "setImmutableWhere"; readonly condition: Expression }
    | { readonly action: "unsetImmutableWhere" };
}
