import type { Property } from "../property";
import type { Node } from "../span";
import type { ObjectName } from "../identifier";
import type { CommonAlterAction, Resume, Suspend } from "./alterActions";
import type { CreateOptions, TagAssignment } from "./common";

/** CREATE WAREHOUSE. `properties`: WAREHOUSE_SIZE, AUTO_SUSPEND, INITIALLY_SUSPENDED ... */
export interface CreateWarehouse extends Node, CreateOptions {
  readonly kind: "createWarehouse";
  readonly name: ObjectName;
  readonly tags: readonly TagAssignment[];
  readonly properties: readonly Property[];
}

export interface AlterWarehouse extends Node {
  readonly kind: "alterWarehouse";
  /** Absent: the session's current warehouse. */
  readonly name?: ObjectName;
  readonly ifExists: boolean;
  readonly action: CommonAlterAction | Suspend | Resume | { readonly action: "abortAllQueries" };
}
