import type { Expression } from "../expression";
import type { Identifier, ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Query, TimeTravel } from "../query";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction, Resume, Suspend, SwapWith } from "./alterActions";
import type { CloneSource, ColumnLabel, CreateOptions, RowAccessPolicyUse, SourceText, TagAssignment } from "./common";
import type { AlterColumn, ClusterBy } from "./table";
import type { EmbeddedExpression, EmbeddedStatement } from "./task";

/** EXECUTE AS USER name [USE SECONDARY ROLES ALL | NONE | role, ...]. */
export interface ExecuteAsUser {
  readonly user: Identifier;
  readonly secondaryRoles?: "ALL" | "NONE" | readonly Identifier[];
}

/**
 * CREATE DYNAMIC TABLE. Source: "CREATE DYNAMIC TABLE".
 *
 * `properties` holds TARGET_LAG (a string, or the identifier DOWNSTREAM), WAREHOUSE, INITIALIZATION_WAREHOUSE,
 * REFRESH_MODE, INITIALIZE, SCHEDULER, ROW_TIMESTAMP, COMMENT, DATA_RETENTION_TIME_IN_DAYS, ...
 */
export interface CreateDynamicTable extends Node, CreateOptions {
  readonly kind: "createDynamicTable";
  readonly name: ObjectName;
  readonly transient: boolean;
  readonly columns: readonly ColumnLabel[];
  readonly clusterBy?: readonly Expression[];
  readonly copyGrants: boolean;
  readonly copyTags: boolean;
  readonly requireUser: boolean;
  readonly tags: readonly TagAssignment[];
  readonly rowAccessPolicy?: RowAccessPolicyUse;
  /** FROZEN WHERE (...), or its older name IMMUTABLE WHERE. */
  readonly frozenWhere?: EmbeddedExpression;
  readonly backfillFrom?: CloneSource;
  readonly startAt?: TimeTravel;
  readonly executeAs?: ExecuteAsUser;
  readonly properties: readonly Property[];
  /** Exactly one of `query` (with `body`), `refreshUsing` and `clone` is given. */
  readonly query?: Query;
  readonly body?: SourceText;
  /** The statement of REFRESH USING (...). */
  readonly refreshUsing?: EmbeddedStatement;
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
    /** Of these tables too. COPY SESSION: with the session's role and warehouse. */
    | { readonly action: "refresh"; readonly others: readonly ObjectName[]; readonly copySession: boolean }
    | { readonly action: "alterColumns"; readonly columns: readonly AlterColumn[] }
    | ClusterBy
    | { readonly action: "dropClusteringKey" }
    | { readonly action: "suspendRecluster" }
    | { readonly action: "resumeRecluster" }
    | { readonly action: "setFrozenWhere"; readonly condition: EmbeddedExpression }
    | { readonly action: "unsetFrozenWhere" }
    | { readonly action: "setExecuteAs"; readonly executeAs: ExecuteAsUser }
    | { readonly action: "unsetExecuteAs" };
}
