import type { ObjectName } from "../identifier";
import type { Property } from "../property";
import type { TimeTravel } from "../query";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction } from "./alterActions";
import type { CloneSource, CreateOptions, TagAssignment } from "./common";

/** CREATE STREAM. Source: "CREATE STREAM". `properties`: APPEND_ONLY, INSERT_ONLY, SHOW_INITIAL_ROWS, COMMENT. */
export interface CreateStream extends Node, CreateOptions {
  readonly kind: "createStream";
  readonly name: ObjectName;
  readonly copyGrants: boolean;
  readonly tags: readonly TagAssignment[];
  /** Exactly one of `on` and `clone` is given. */
  readonly on?: {
    readonly objectKind: "TABLE" | "VIEW" | "DYNAMIC TABLE" | "STAGE" | "EXTERNAL TABLE" | "EVENT TABLE";
    readonly name: ObjectName;
  };
  readonly timeTravel?: TimeTravel;
  readonly clone?: CloneSource;
  readonly properties: readonly Property[];
  readonly text: string;
}

export interface AlterStream extends Node, AlterTarget {
  readonly kind: "alterStream";
  readonly action: CommonAlterAction;
}
