import type { Identifier, ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Query } from "../query";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction } from "./alterActions";
import type { ColumnLabel, CreateOptions, RowAccessPolicyUse, SourceText, TagAssignment } from "./common";

/** CREATE VIEW. Source: "CREATE VIEW". `properties`: COMMENT, CHANGE_TRACKING. */
export interface CreateView extends Node, CreateOptions {
  readonly kind: "createView";
  readonly name: ObjectName;
  readonly secure: boolean;
  readonly temporary: boolean;
  readonly recursive: boolean;
  readonly columns: readonly ColumnLabel[];
  readonly copyGrants: boolean;
  readonly tags: readonly TagAssignment[];
  readonly rowAccessPolicy?: RowAccessPolicyUse;
  readonly properties: readonly Property[];
  readonly query: Query;
  /** What stands after AS. */
  readonly body: SourceText;
  /** The whole statement in the user's words. */
  readonly text: string;
}

export interface AlterView extends Node, AlterTarget {
  readonly kind: "alterView";
  readonly action:
    | CommonAlterAction
    | { readonly action: "setSecure" }
    | { readonly action: "unsetSecure" }
    | { readonly action: "columnComments"; readonly columns: readonly ViewColumnComment[] };
}

/** `COLUMN c COMMENT '...'`; null for UNSET COMMENT. */
export interface ViewColumnComment {
  readonly column: Identifier;
  readonly comment: string | null;
}
