import type { ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction } from "./alterActions";
import type { CreateOptions } from "./common";

/** CREATE TAG. Source: "CREATE TAG". */
export interface CreateTag extends Node, CreateOptions {
  readonly kind: "createTag";
  readonly name: ObjectName;
  readonly allowedValues?: readonly string[];
  readonly properties: readonly Property[];
}

/** ALTER TAG. Source: "ALTER TAG". */
export interface AlterTag extends Node, AlterTarget {
  readonly kind: "alterTag";
  readonly action:
    | CommonAlterAction
    | AllowedValuesAction
    | { readonly action: "setMaskingPolicies"; readonly policies: readonly ObjectName[]; readonly force: boolean }
    | { readonly action: "unsetMaskingPolicies"; readonly policies: readonly ObjectName[] };
}

/** SET, ADD or DROP ALLOWED_VALUES; SET may also give a comment. */
export interface AllowedValuesAction {
  readonly action: "setAllowedValues" | "addAllowedValues" | "dropAllowedValues";
  readonly values: readonly string[];
  readonly properties: readonly Property[];
}
