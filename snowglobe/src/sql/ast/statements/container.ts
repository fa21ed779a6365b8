import type { ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction, SwapWith } from "./alterActions";
import type { CloneSource, CreateOptions, TagAssignment } from "./common";

/** CREATE DATABASE. FROM SHARE and AS REPLICA OF are refused by the parser. */
export interface CreateDatabase extends Node, CreateOptions {
  readonly kind: "createDatabase";
  readonly name: ObjectName;
  readonly transient: boolean;
  readonly clone?: CloneSource;
  readonly tags: readonly TagAssignment[];
  readonly properties: readonly Property[];
}

/** CREATE SCHEMA. */
export interface CreateSchema extends Node, CreateOptions {
  readonly kind: "createSchema";
  readonly name: ObjectName;
  readonly transient: boolean;
  readonly managedAccess: boolean;
  readonly clone?: CloneSource;
  readonly tags: readonly TagAssignment[];
  readonly properties: readonly Property[];
}

export interface AlterDatabase extends Node, AlterTarget {
  readonly kind: "alterDatabase";
  readonly action: CommonAlterAction | SwapWith;
}

export interface AlterSchema extends Node, AlterTarget {
  readonly kind: "alterSchema";
  readonly action:
    | CommonAlterAction
    | SwapWith
    | { readonly action: "enableManagedAccess" }
    | { readonly action: "disableManagedAccess" };
}
