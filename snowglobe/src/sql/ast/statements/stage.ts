import type { ObjectName } from "../identifier";
import type { Property } from "../property";
import type { StageLocation } from "../query";
import type { Expression } from "../expression";
import type { Query } from "../query";
import type { Identifier } from "../identifier";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction } from "./alterActions";
import type { CloneSource, CreateOptions, TagAssignment } from "./common";

export interface CreateStage extends Node, CreateOptions {
  readonly kind: "createStage";
  readonly name: ObjectName;
  readonly temporary: boolean;
  readonly clone?: CloneSource;
  readonly tags: readonly TagAssignment[];
  /** FILE_FORMAT (nested), URL, DIRECTORY (nested), ENCRYPTION (nested), COPY_OPTIONS, COMMENT ... */
  readonly properties: readonly Property[];
}
export interface AlterStage extends Node, AlterTarget {
  readonly kind: "alterStage";
  readonly action: CommonAlterAction | { readonly action: "refresh"; readonly subpath?: string };
}
export interface CreateFileFormat extends Node, CreateOptions {
  readonly kind: "createFileFormat";
  readonly name: ObjectName;
  readonly temporary: boolean;
  readonly properties: readonly Property[];
}
export interface AlterFileFormat extends Node, AlterTarget {
  readonly kind: "alterFileFormat";
  readonly action: CommonAlterAction;
}

/**
 * A stage as the statement names it. A bind (`PUT file://x ?`) or a variable gives its location at run time only: then
 * `location` is absent.
 */
export interface StageTarget {
  readonly location?: StageLocation;
  readonly variable?: Expression;
}

/** COPY INTO table. Source: "COPY INTO <table>". */
export interface CopyIntoTable extends Node {
  readonly kind: "copyIntoTable";
  readonly table: ObjectName;
  readonly columns: readonly Identifier[];
  /** A plain stage location, or a transformation `(SELECT $1, ... FROM @stage)`. */
  readonly from:
    | { readonly kind: "stage"; readonly location: StageLocation }
    | { readonly kind: "query"; readonly query: Query }
    /** An external URL, refused on execution. */
    | { readonly kind: "url"; readonly url: string };
  /** FILES (list), PATTERN, FILE_FORMAT (nested), ON_ERROR, PURGE, FORCE, MATCH_BY_COLUMN_NAME, VALIDATION_MODE ... */
  readonly properties: readonly Property[];
}
/** COPY INTO location. Source: "COPY INTO <location>". */
export interface CopyIntoLocation extends Node {
  readonly kind: "copyIntoLocation";
  readonly to:
    { readonly kind: "stage"; readonly location: StageLocation } | { readonly kind: "url"; readonly url: string };
  readonly from:
    { readonly kind: "table"; readonly name: ObjectName } | { readonly kind: "query"; readonly query: Query };
  readonly partitionBy?: Expression;
  /** FILE_FORMAT, OVERWRITE, SINGLE, HEADER, MAX_FILE_SIZE ... HEADER and OVERWRITE are booleans. */
  readonly properties: readonly Property[];
}
/** PUT file://path @stage OPTIONS. `localPath` is what follows file://, as written. */
export interface Put extends Node, StageTarget {
  readonly kind: "put";
  readonly localPath: string;
  readonly properties: readonly Property[];
}
export interface Get extends Node, StageTarget {
  readonly kind: "get";
  readonly localPath: string;
  readonly properties: readonly Property[];
}
/** LIST | LS @stage [PATTERN = '...']. */
export interface ListFiles extends Node, StageTarget {
  readonly kind: "list";
  readonly pattern?: string;
}
/** REMOVE | RM @stage [PATTERN = '...']. */
export interface RemoveFiles extends Node, StageTarget {
  readonly kind: "remove";
  readonly pattern?: string;
}
