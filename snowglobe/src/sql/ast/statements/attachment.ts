import type { Identifier, ObjectName } from "../identifier";
import type { Node } from "../span";
import type { ColumnName } from "./alterActions";
import type { MaskingPolicyUse, ObjectKind, RowAccessPolicyUse, TagAssignment } from "./common";

/**
 * ALTER of any kind of object that attaches tags or policies to it or to its columns, or takes them away. Sources:
 * "Work with object tags", "ALTER TABLE", "ALTER VIEW".
 */
export interface AlterAttachments extends Node {
  readonly kind: "alterAttachments";
  readonly objectKind: ObjectKind;
  readonly ifExists: boolean;
  readonly name: ObjectName;
  /** Type names as written, of functions and procedures. */
  readonly argumentTypes?: readonly string[];
  readonly actions: readonly AttachmentAction[];
}

/** With a column: to that column of a table or view; else to the object itself. */
export type AttachmentAction =
  | { readonly action: "setTags"; readonly column?: ColumnName; readonly tags: readonly TagAssignment[] }
  | { readonly action: "unsetTags"; readonly column?: ColumnName; readonly names: readonly ObjectName[] }
  | SetMaskingPolicy
  | { readonly action: "unsetMaskingPolicy"; readonly column: ColumnName }
  | { readonly action: "addRowAccessPolicy"; readonly use: RowAccessPolicyUse }
  | { readonly action: "dropRowAccessPolicy"; readonly policy: ObjectName }
  | { readonly action: "dropAllRowAccessPolicies" };

export interface SetMaskingPolicy {
  readonly action: "setMaskingPolicy";
  readonly column: Identifier;
  readonly use: MaskingPolicyUse;
  /** FORCE: in place of the policy that is set. */
  readonly force: boolean;
}
