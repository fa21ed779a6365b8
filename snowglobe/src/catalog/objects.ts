import type { DataType } from "../sql/ast/dataType";
import type { Microseconds } from "../time";

/** Every kind of object the catalog keeps, in the words of SHOW and GRANT. */
export type ObjectKind =
  | "ACCOUNT"
  | "DATABASE"
  | "SCHEMA"
  | "TABLE"
  | "VIEW"
  | "DYNAMIC TABLE"
  | "STAGE"
  | "FILE FORMAT"
  | "WAREHOUSE"
  | "ROLE"
  | "USER"
  | "NOTIFICATION INTEGRATION"
  | "STREAM"
  | "TASK"
  | "ALERT"
  | "SEQUENCE"
  | "FUNCTION"
  | "PROCEDURE"
  | "TAG"
  | "MASKING POLICY"
  | "ROW ACCESS POLICY"
  | "DATABASE ROLE";

/** A tag set on an object or a column. */
export interface TagValue {
  readonly tagId: number;
  readonly value: string;
}

/** What every object has. */
export interface BaseObject {
  readonly id: number;
  /** Counts the object's changes: a change must be made from the latest. Kept by CatalogChange alone. */
  readonly revision?: number;
  readonly kind: ObjectKind;
  /** The schema of a schema's object, the database of a schema, 0 for objects of the account. */
  readonly parentId: number;
  readonly name: string;
  readonly createdOn: Microseconds;
  /** Name of the owning role; null for what the system made. */
  readonly owner: string | null;
  readonly comment: string;
  /** Session of a temporary object, whose names shadow permanent ones. */
  readonly sessionId?: number;
  /** Set while the object is dropped and can come back by UNDROP. */
  readonly droppedOn?: Microseconds;
  /** Id of the database or schema with which the object was dropped: UNDROP of that brings it back. */
  readonly droppedWith?: number;
  /** Tags set on the object itself; what it inherits is looked up. */
  readonly tags?: readonly TagValue[];
  /** Parameters set on the object itself, upper-cased names. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

export interface Database extends BaseObject {
  readonly kind: "DATABASE";
  readonly transient: boolean;
}

export interface Schema extends BaseObject {
  readonly kind: "SCHEMA";
  readonly transient: boolean;
  readonly managedAccess: boolean;
}

/** Numbers that are given out one after the other. */
export interface NumberSource {
  /** Storage's id of it. */
  readonly sequenceId: number;
  readonly start: number;
  readonly increment: number;
  /** Whether later numbers are larger: ORDER. They are in any case. */
  readonly ordered: boolean;
}

/** A policy in force, with the columns that its arguments stand for, in their order. */
export interface PolicyUse {
  readonly policyId: number;
  readonly columns: readonly string[];
}

/** What is attached to a column. */
export interface ColumnAttachments {
  readonly tags?: readonly TagValue[];
  /** The masked column is the first of its columns. */
  readonly masking?: PolicyUse;
}

export interface Column extends ColumnAttachments {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  readonly comment: string;
  /** The default's expression as written. */
  readonly defaultText?: string;
  /** Of an AUTOINCREMENT column: where its numbers come from. */
  readonly identity?: NumberSource;
  /** How a COPY has changed it, as JSON. Source: "Enable automatic table schema evolution". */
  readonly evolution?: string;
  /** Name of the column in storage, e.g. `c3`; never reused within a table. */
  readonly physical: string;
}

export interface Constraint {
  readonly kind: "PRIMARY KEY" | "UNIQUE" | "FOREIGN KEY";
  readonly name: string;
  readonly columns: readonly string[];
  /** RELY: its values are taken to be unique, and tell which row is which. */
  readonly rely?: boolean;
  /** What a foreign key refers to. */
  readonly references?: KeyReference;
}

/** The columns that a foreign key refers to. Names would not survive a renaming, so it has none. */
export interface KeyReference {
  readonly tableId: number;
  /** Physical names, in the order of the foreign key's columns. */
  readonly columns: readonly string[];
  readonly match: "FULL" | "SIMPLE" | "PARTIAL";
  readonly onUpdate: ReferentialAction;
  readonly onDelete: ReferentialAction;
}

export type ReferentialAction = "CASCADE" | "SET NULL" | "SET DEFAULT" | "RESTRICT" | "NO ACTION";

/** What tables, dynamic tables and views share. */
interface Protectable extends BaseObject {
  /** The row access policy: which rows may be seen. */
  readonly rowAccess?: PolicyUse;
}

/** What tables and dynamic tables share: columns over a stored table. */
interface StoredRelation extends Protectable {
  /** Id of the table in storage: survives renames, changes when the content is swapped for another table's. */
  readonly storageId: number;
  readonly columns: readonly Column[];
  /** Number for the next physical column. */
  readonly nextColumn: number;
  readonly transient: boolean;
  readonly clusterBy: string;
  readonly changeTracking: boolean;
  /** Version at which the stored table was made: time travel cannot go before. */
  readonly firstVersion: number;
  /** Version since which changes are kept, while change tracking is on. */
  readonly trackedSince?: number;
  readonly constraints?: readonly Constraint[];
  /** ROW_TIMESTAMP: rows of later versions than this one show when they were committed. */
  readonly rowTimesSince?: number;
}

export interface Table extends StoredRelation {
  readonly kind: "TABLE";
  /** ENABLE_SCHEMA_EVOLUTION: a COPY may change its columns. */
  readonly schemaEvolution?: boolean;
}

export type TargetLag =
  { readonly kind: "DOWNSTREAM" } | { readonly kind: "TIME"; readonly seconds: number; readonly text: string };

/** Source: "Dynamic table refresh modes". */
export type RefreshMode = "FULL" | "INCREMENTAL" | "ADAPTIVE" | "CUSTOM_INCREMENTAL";

/** Why a dynamic table is suspended. Source: "DYNAMIC_TABLE_GRAPH_HISTORY". */
export type SuspendReason =
  | "USER_SUSPENDED"
  | "UPSTREAM_USER_SUSPENDED"
  | "SUSPENDED_DUE_TO_ERRORS"
  | "UPSTREAM_SUSPENDED_DUE_TO_ERRORS"
  | "CLONED_AUTO_SUSPENDED"
  | "UPSTREAM_CLONED_AUTO_SUSPENDED";

/** Something that a dynamic table's query names itself. Source: "DYNAMIC_TABLE_GRAPH_HISTORY", INPUTS. */
export interface QueryInput {
  readonly kind: "TABLE" | "VIEW" | "DYNAMIC_TABLE";
  /** With database and schema, quoted where needed. */
  readonly name: string;
  readonly insideRefreshBoundary?: true;
}

export interface DynamicTable extends StoredRelation {
  readonly kind: "DYNAMIC TABLE";
  /** The whole CREATE statement as the user wrote it. */
  readonly text: string;
  /** The query alone, or the statement of REFRESH USING. */
  readonly queryText: string;
  /** REFRESH USING: a statement keeps the rows, not a query. */
  readonly refreshUsing?: true;
  /** Id of the schema from which the query's names are resolved, where it is not the table's own: a clone's source's. */
  readonly namesFrom?: number;
  readonly targetLag: TargetLag | null;
  /** null: not said; the lag alone decides then. */
  readonly scheduler: "ENABLE" | "DISABLE" | null;
  readonly warehouse: string;
  readonly initializationWarehouse: string | null;
  readonly requestedRefreshMode: "AUTO" | RefreshMode;
  readonly refreshMode: RefreshMode;
  readonly refreshModeReason: string | null;
  readonly initialize: "ON_CREATE" | "ON_SCHEDULE";
  readonly suspended: { readonly reason: SuspendReason; readonly on: Microseconds } | null;
  readonly isClone: boolean;
  /** Ids of the relations that the query reads (through views), when it was bound last. */
  readonly inputs: readonly number[];
  /** Those of them that are read through a refresh boundary alone. */
  readonly wrappedInputs?: readonly number[];
  /** What the query names itself, in its order, when its meaning changed last; files of the first days have none. */
  readonly reads?: readonly QueryInput[];
  /** CREATE listed the columns: they do not follow those of the query. */
  readonly listedColumns?: boolean;
  /** Physical names of the columns whose type CREATE gave: values are cast to it. */
  readonly typedColumns?: readonly string[];
  /** REQUIRE USER: only refreshes with a session's rights are done. */
  readonly requireUser?: boolean;
  /** SUSPEND RECLUSTER, as a clone begins: Automatic Clustering is off though there is a clustering key. */
  readonly reclusterSuspended?: boolean;
  /** EXECUTE AS USER: whose secondary roles a refresh has beside the owner's role. */
  readonly executeAs?: {
    readonly userId: number;
    /** What USE SECONDARY ROLES said; absent: as the user's DEFAULT_SECONDARY_ROLES. */
    readonly secondaryRoles?: "ALL" | "NONE";
  };
  /** The condition of FROZEN WHERE in the user's words: rows that meet it are not refreshed. */
  readonly frozenWhere?: string;
  /** What BACKFILL FROM and START AT said, in the words of the statement. */
  readonly backfill?: string;
  /** Why the next refresh makes all rows anew, where a change of the definition asks for that. */
  readonly reinitialize?: string;
  /** State of the content: null until the first refresh. */
  readonly content: DynamicTableContent | null;
  /** Consecutive scheduled failures. */
  readonly failures: number;
  readonly resumedOn: Microseconds | null;
}

export interface DynamicTableContent {
  readonly dataTimestamp: Microseconds;
  /** Digest of what the query meant: it changes with the views and columns that the query goes through. */
  readonly definition: string;
  /** What the query meant apart from columns that it only passes on; files of the first days have none. */
  readonly shape?: { readonly structure: string; readonly origins: Readonly<Record<string, string>> };
  /** Names of the query's own columns. */
  readonly queryColumns: readonly string[];
  /** For each stored relation that was read: its storage id and the version that was read. */
  readonly inputVersions: readonly { readonly id: number; readonly storageId: number; readonly version: number }[];
  /** Storage id of the rows beside which the groups are kept that they are made of; see GroupState. */
  readonly groupsKeptFor?: number;
}

export interface View extends Protectable {
  readonly kind: "VIEW";
  readonly text: string;
  readonly queryText: string;
  readonly columns: readonly Omit<Column, "physical">[];
  readonly secure: boolean;
  readonly changeTracking: boolean;
}

/** What a stream was made on. Where it stands is kept apart, see StreamOffsets: it moves with data, not with DDL. */
export interface Stream extends BaseObject {
  readonly kind: "STREAM";
  readonly mode: "DEFAULT" | "APPEND_ONLY";
  readonly source: { readonly id: number; readonly kind: RelationObject["kind"] };
  /** The stored tables that the source reads, itself among them, with the storage ids that they had. */
  readonly bases: readonly { readonly id: number; readonly storageId: number }[];
}

export interface Sequence extends BaseObject, NumberSource {
  readonly kind: "SEQUENCE";
}

export interface RoutineArgument {
  readonly name: string;
  readonly type: DataType;
  /** An output argument of a procedure. */
  readonly out?: true;
  /** The default's expression; absent: the argument must be given. */
  readonly defaultText?: string;
}

export type RoutineResult =
  | { readonly kind: "type"; readonly type: DataType; readonly notNull: boolean }
  /** No columns: they are those of the query that is returned. */
  | { readonly kind: "table"; readonly columns: readonly { readonly name: string; readonly type: DataType }[] };

/** What functions and procedures share. Several of one name differ in the types of their arguments. */
interface Routine extends BaseObject {
  /** Kinds of the arguments' types: `NUMBER, VARCHAR`. */
  readonly signature: string;
  readonly arguments: readonly RoutineArgument[];
  readonly returns: RoutineResult;
  readonly body: string;
  readonly secure: boolean;
  /** Absent: SQL. */
  readonly language?: "JAVASCRIPT";
}

/** A function in SQL or JavaScript. */
export interface UserFunction extends Routine {
  readonly kind: "FUNCTION";
  /** NULL for an argument gives NULL. */
  readonly strict: boolean;
  /** IMMUTABLE: its owner says that it gives the same for the same arguments. */
  readonly immutable?: boolean;
  readonly memoizable: boolean;
}

/** A procedure in Snowflake Scripting or JavaScript. */
export interface Procedure extends Routine {
  readonly kind: "PROCEDURE";
  readonly executeAs: "OWNER" | "CALLER";
  /** In JavaScript: NULL for an argument gives NULL. */
  readonly strict?: true;
}

/** Source: "CREATE TAG". */
export interface Tag extends BaseObject {
  readonly kind: "TAG";
  /** null: any value. */
  readonly allowedValues: readonly string[] | null;
  /** Policies that mask columns with the tag, one for each kind of type. */
  readonly maskingPolicies?: readonly number[];
}

/** What masking and row access policies share: an expression over the columns that the arguments stand for. */
interface Policy extends BaseObject {
  readonly arguments: readonly { readonly name: string; readonly type: DataType }[];
  readonly returns: DataType;
  /** The expression in the user's words. */
  readonly body: string;
}

/** Source: "CREATE MASKING POLICY". */
export interface MaskingPolicy extends Policy {
  readonly kind: "MASKING POLICY";
  /** Whether other policies may ask for a column that this one masks. */
  readonly exemptOtherPolicies: boolean;
}

/** Source: "CREATE ROW ACCESS POLICY". */
export interface RowAccessPolicy extends Policy {
  readonly kind: "ROW ACCESS POLICY";
}

/** A file of a directory table. Source: "Query directory tables". */
export interface DirectoryFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedOn: Microseconds;
  /** Hex. */
  readonly md5: string;
}

export interface Stage extends BaseObject {
  readonly kind: "STAGE";
  /** The directory table: the files that the last refresh has found; absent: not enabled. */
  readonly directory?: readonly DirectoryFile[];
  readonly fileFormat: FileFormatOptions;
}

/** Options of a file format as given, upper-cased names. */
export type FileFormatOptions = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface FileFormat extends BaseObject {
  readonly kind: "FILE FORMAT";
  readonly options: FileFormatOptions;
}

export interface Warehouse extends BaseObject {
  readonly kind: "WAREHOUSE";
  /** X-Small, Small, Medium ... as SHOW prints it. */
  readonly size: string;
  readonly type: "STANDARD" | "SNOWPARK-OPTIMIZED";
  /** Seconds; 0 is never. */
  readonly autoSuspend: number;
  readonly autoResume: boolean;
  readonly minClusterCount: number;
  readonly maxClusterCount: number;
  readonly scalingPolicy: "STANDARD" | "ECONOMY";
  readonly enableQueryAcceleration: boolean;
  readonly queryAccelerationMaxScaleFactor: number;
  readonly resourceMonitor: string | null;
  readonly updatedOn: Microseconds;
}

export interface Role extends BaseObject {
  readonly kind: "ROLE";
}

/** A role of one database; grants name it as a role. Source: "CREATE DATABASE ROLE". */
export interface DatabaseRole extends BaseObject {
  readonly kind: "DATABASE ROLE";
}

export interface User extends BaseObject {
  readonly kind: "USER";
  /** scrypt hash with its salt, `salt:hash` in hex; null where the user cannot log in by password. */
  readonly passwordHash: string | null;
  readonly disabled: boolean;
  readonly properties: Readonly<Record<string, string>>;
  /** Programmatic access tokens. */
  readonly tokens?: readonly AccessToken[];
}

/** A programmatic access token; its secret is known to its bearer alone. */
export interface AccessToken {
  readonly name: string;
  /** SHA-256 of the secret, Base64. */
  readonly hash: string;
  /** The one role that a session has which logs in with it; null: the user's. */
  readonly role: string | null;
  readonly createdOn: Microseconds;
  readonly createdBy: string;
  readonly expiresOn: Microseconds;
  readonly comment: string;
}

export interface NotificationIntegration extends BaseObject {
  readonly kind: "NOTIFICATION INTEGRATION";
  readonly enabled: boolean;
  readonly type: "EMAIL";
  /** null: any verified address. */
  readonly allowedRecipients: readonly string[] | null;
  readonly defaultRecipients: readonly string[] | null;
  readonly defaultSubject: string | null;
}

/** Why a task is suspended. Source: "SHOW TASKS", last_suspended_reason. */
export type TaskSuspendReason =
  | "USER_SUSPENDED"
  | "SUSPENDED_DUE_TO_ERRORS"
  | "GRANT_OWNERSHIP"
  | "CHILD_BECAME_ROOT"
  | "FINALIZER_BECAME_ROOT"
  | "SCHEMA_OR_DATABASE_DELETED";

export interface Task extends BaseObject {
  readonly kind: "TASK";
  /** As SHOW TASKS prints it: a UUID. */
  readonly uuid: string;
  /** null: serverless. */
  readonly warehouse: string | null;
  /** As the user wrote it: `5 MINUTES`, `USING CRON ...`; null for a triggered task. */
  readonly schedule: string | null;
  readonly targetCompletionInterval: string | null;
  /** The boolean expression of WHEN, in the user's words. */
  readonly condition: string | null;
  /** The body, in the user's words. */
  readonly definition: string;
  readonly allowOverlapping: boolean;
  /** A JSON object, or null. */
  readonly config: string | null;
  readonly started: boolean;
  /** When it was resumed last: intervals count from here. */
  readonly resumedOn: Microseconds | null;
  readonly suspendedOn: Microseconds | null;
  readonly suspendedReason: TaskSuspendReason | null;
  /** Consecutive failures. */
  readonly failures: number;
  /** Ids of the tasks of its schema that it runs after; absent or empty: it is no child. */
  readonly predecessors?: readonly number[];
  /** Id of the root whose graph it finalizes. */
  readonly finalizes?: number;
  /** Of a root: the version of its graph that was fixed last, by RESUME or EXECUTE TASK. */
  readonly graphVersion?: TaskGraphVersion;
}

export interface TaskGraphVersion {
  readonly number: number;
  /** Digest of the definitions of all tasks of the graph: another one is another version. */
  readonly digest: string;
}

/** Source: "CREATE ALERT". Where an alert on new data stands is kept apart, see AlertPositions: it moves with its runs. */
export interface Alert extends BaseObject {
  readonly kind: "ALERT";
  /** null: serverless. */
  readonly warehouse: string | null;
  /** As the user wrote it: `5 MINUTE`, `USING CRON ...`; null for an alert on new data. */
  readonly schedule: string | null;
  /** The statement of IF (EXISTS (...)), in the user's words. */
  readonly condition: string;
  /** The statement or block after THEN, in the user's words. */
  readonly action: string;
  readonly started: boolean;
  /** When it was resumed last: intervals count from here. */
  readonly resumedOn: Microseconds | null;
}

export type CatalogObject =
  | Alert
  | Task
  | Database
  | Schema
  | Table
  | View
  | DynamicTable
  | Stream
  | Sequence
  | Tag
  | MaskingPolicy
  | RowAccessPolicy
  | DatabaseRole
  | UserFunction
  | Procedure
  | Stage
  | FileFormat
  | Warehouse
  | Role
  | User
  | NotificationIntegration;

export type ObjectOf<K extends CatalogObject["kind"]> = Extract<CatalogObject, { kind: K }>;

/** Relations share one name space in a schema. Source: "CREATE TABLE", usage notes. */
export const RELATION_KINDS = ["TABLE", "VIEW", "DYNAMIC TABLE"] as const;
export type RelationObject = Table | View | DynamicTable;

/** A privilege granted to a role, or a role granted to a role or user (then `privilege` is USAGE on a ROLE). */
export interface Grant {
  readonly privilege: string;
  readonly objectId: number;
  /** ROLE for a database role, too: its id tells. */
  readonly granteeKind: "ROLE" | "USER";
  readonly granteeId: number;
  readonly grantOption: boolean;
  readonly grantedBy: string;
  readonly createdOn: Microseconds;
}

/** A privilege that new objects of a kind in a schema or database get. */
export interface FutureGrant {
  readonly privilege: string;
  readonly objectKind: ObjectKind;
  readonly inId: number;
  readonly granteeId: number;
  readonly grantOption: boolean;
  readonly createdOn: Microseconds;
}
