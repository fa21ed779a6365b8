import type { ObjectName } from "../identifier";
import type { Expression } from "../expression";
import type { Node } from "../span";
import type { ObjectKind } from "./common";

/** DROP of any kind. */
export interface Drop extends Node {
  readonly kind: "drop";
  readonly objectKind: ObjectKind;
  readonly name: ObjectName;
  readonly ifExists: boolean;
  readonly behavior?: "CASCADE" | "RESTRICT";
  /** Type names as written, of functions and procedures. */
  readonly argumentTypes?: readonly string[];
}
export interface Undrop extends Node {
  readonly kind: "undrop";
  readonly objectKind: ObjectKind;
  readonly name: ObjectName;
}
/** DESCRIBE | DESC kind name. */
export interface Describe extends Node {
  readonly kind: "describe";
  readonly objectKind: ObjectKind;
  readonly name: ObjectName;
  /** TYPE = COLUMNS | STAGE of tables. */
  readonly type?: "COLUMNS" | "STAGE";
  readonly argumentTypes?: readonly string[];
}
/** DESCRIBE RESULT 'query id' | LAST_QUERY_ID(). */
export interface DescribeResult extends Node {
  readonly kind: "describeResult";
  readonly queryId: Expression;
}
/** DESCRIBE TRANSACTION id. */
export interface DescribeTransaction extends Node {
  readonly kind: "describeTransaction";
  /** A number in digits. */
  readonly id: string;
}
/** COMMENT [IF EXISTS] ON kind name IS 'text'. For columns `name` ends in the column. */
export interface CommentOn extends Node {
  readonly kind: "comment";
  readonly ifExists: boolean;
  readonly objectKind: ObjectKind;
  readonly name: ObjectName;
  readonly argumentTypes?: readonly string[];
  readonly comment: string;
}

/** What SHOW can list, in the plural as written. */
export type ShowKind =
  | "ACCOUNTS"
  | "ALERTS"
  | "CHANNELS"
  | "COLUMNS"
  | "CONNECTIONS"
  | "DATABASE ROLES"
  | "DATABASES"
  | "DYNAMIC TABLES"
  | "EVENT TABLES"
  | "EXTERNAL TABLES"
  | "FILE FORMATS"
  | "FUNCTIONS"
  | "GRANTS"
  | "ICEBERG TABLES"
  | "IMPORTED KEYS"
  | "EXPORTED KEYS"
  | "INTEGRATIONS"
  | "LOCKS"
  | "MASKING POLICIES"
  | "MATERIALIZED VIEWS"
  | "MODELS"
  | "NETWORK POLICIES"
  | "NOTIFICATION INTEGRATIONS"
  | "OBJECTS"
  | "ORGANIZATION ACCOUNTS"
  | "PARAMETERS"
  | "PIPES"
  | "PRIMARY KEYS"
  | "PROCEDURES"
  | "REGIONS"
  | "REPLICATION ACCOUNTS"
  | "REPLICATION DATABASES"
  | "RESOURCE MONITORS"
  | "ROLES"
  | "ROW ACCESS POLICIES"
  | "SCHEMAS"
  | "SECRETS"
  | "SEQUENCES"
  | "SHARES"
  | "STAGES"
  | "STREAMLITS"
  | "STREAMS"
  | "TABLES"
  | "TAGS"
  | "TASKS"
  | "TRANSACTIONS"
  | "USER PROGRAMMATIC ACCESS TOKENS"
  | "UNIQUE KEYS"
  | "USER FUNCTIONS"
  | "USER PROCEDURES"
  | "USERS"
  | "VARIABLES"
  | "VIEWS"
  | "WAREHOUSES"
  | "API INTEGRATIONS"
  | "STORAGE INTEGRATIONS"
  | "SECURITY INTEGRATIONS"
  | "HYBRID TABLES";

/**
 * SHOW. Source: "SHOW <objects>". GRANTS has its own node.
 */
export interface Show extends Node {
  readonly kind: "show";
  readonly objects: Exclude<ShowKind, "GRANTS">;
  readonly terse: boolean;
  readonly history: boolean;
  /** Case-insensitive pattern. */
  readonly like?: string;
  /** IN | FOR ... Absent: the session's default scope. */
  readonly scope?: ShowScope;
  /** Case-sensitive prefix. */
  readonly startsWith?: string;
  /** Rows at most. */
  readonly limit?: number;
  /** LIMIT n FROM 'name': rows after this name. */
  readonly from?: string;
  /** SHOW DATABASES/REPLICATION DATABASES WITH PRIMARY name. */
  readonly withPrimary?: ObjectName;
  /** SHOW TASKS ROOT ONLY. */
  readonly rootOnly?: boolean;
  /** SHOW ROLES / WAREHOUSES ... WITH PRIVILEGES a, b. */
  readonly withPrivileges?: readonly string[];
}

/**
 * `IN ACCOUNT`, `IN DATABASE d`, `IN SCHEMA d.s`, `IN TABLE t`, `IN SESSION`, ... A bare name (`IN d` / `IN d.s`) has
 * `objectKind` undefined: the listing decides (DATABASE for schemas, else SCHEMA; TABLE for columns).
 */
export interface ShowScope {
  readonly objectKind?: ObjectKind | "SESSION";
  /** Absent: the current one. */
  readonly name?: ObjectName;
}

/** SHOW [FUTURE] GRANTS ... */
export interface ShowGrants extends Node {
  readonly kind: "showGrants";
  readonly of:
    /** SHOW GRANTS: of the current user's. */
    | { readonly kind: "current" }
    | { readonly kind: "on"; readonly objectKind: ObjectKind; readonly name?: ObjectName; readonly implied?: boolean }
    | { readonly kind: "to"; readonly objectKind: ObjectKind; readonly name: ObjectName }
    | { readonly kind: "of"; readonly objectKind: ObjectKind; readonly name: ObjectName }
    | { readonly kind: "futureIn"; readonly objectKind: "SCHEMA" | "DATABASE"; readonly name: ObjectName }
    | { readonly kind: "futureTo"; readonly objectKind: ObjectKind; readonly name: ObjectName };
  readonly limit?: number;
}
