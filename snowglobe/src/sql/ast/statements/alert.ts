import type { ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction, Resume, Suspend } from "./alterActions";
import type { CloneSource, CreateOptions, TagAssignment } from "./common";
import type { EmbeddedStatement } from "./task";

/** CREATE ALERT. Source: "CREATE ALERT". `properties`: WAREHOUSE, SCHEDULE, COMMENT, CONFIG ... */
export interface CreateAlert extends Node, CreateOptions {
  readonly kind: "createAlert";
  readonly name: ObjectName;
  readonly properties: readonly Property[];
  readonly tags: readonly TagAssignment[];
  /** What stands in IF (EXISTS (...)). Given, with `action`, unless `clone` is. */
  readonly condition?: EmbeddedStatement;
  readonly action?: EmbeddedStatement;
  readonly clone?: CloneSource;
  readonly text: string;
}

export interface AlterAlert extends Node, AlterTarget {
  readonly kind: "alterAlert";
  readonly action:
    | CommonAlterAction
    | Suspend
    | Resume
    | { readonly action: "modifyCondition"; readonly condition: EmbeddedStatement }
    | { readonly action: "modifyAction"; readonly body: EmbeddedStatement };
}

export interface ExecuteAlert extends Node {
  readonly kind: "executeAlert";
  readonly name: ObjectName;
}
