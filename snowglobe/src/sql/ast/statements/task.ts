import type { Expression } from "../expression";
import type { ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Node } from "../span";
import type { Statement } from "../statement";
import type { AlterTarget, CommonAlterAction, Resume, Suspend } from "./alterActions";
import type { CloneSource, CreateOptions, SourceText, TagAssignment } from "./common";

/** A statement inside another, in the user's words and parsed. Spans count from the outer statement's text. */
export interface EmbeddedStatement extends SourceText {
  readonly statement: Statement;
}
export interface EmbeddedExpression extends SourceText {
  readonly expression: Expression;
}

/**
 * CREATE TASK. Source: "CREATE TASK".
 *
 * `properties`: WAREHOUSE, SCHEDULE, TARGET_COMPLETION_INTERVAL, USER_TASK_*, SUSPEND_TASK_AFTER_NUM_FAILURES, CONFIG,
 * ALLOW_OVERLAPPING_EXECUTION, ERROR_INTEGRATION, COMMENT, session parameters ...
 */
export interface CreateTask extends Node, CreateOptions {
  readonly kind: "createTask";
  readonly name: ObjectName;
  readonly properties: readonly Property[];
  readonly tags: readonly TagAssignment[];
  readonly after: readonly ObjectName[];
  readonly finalize?: ObjectName;
  readonly when?: EmbeddedExpression;
  /** Exactly one of `body` and `clone` is given. */
  readonly body?: EmbeddedStatement;
  readonly clone?: CloneSource;
  readonly text: string;
}

export interface AlterTask extends Node, AlterTarget {
  readonly kind: "alterTask";
  readonly action:
    | CommonAlterAction
    | Suspend
    | Resume
    | { readonly action: "modifyAs"; readonly body: EmbeddedStatement }
    | { readonly action: "modifyWhen"; readonly when: EmbeddedExpression }
    | { readonly action: "removeWhen" }
    | { readonly action: "addAfter"; readonly tasks: readonly ObjectName[] }
    | { readonly action: "removeAfter"; readonly tasks: readonly ObjectName[] }
    | { readonly action: "setFinalize"; readonly root: ObjectName }
    | { readonly action: "unsetFinalize" };
}

/** EXECUTE TASK name [RETRY LAST] [USING CONFIG = '...']. */
export interface ExecuteTask extends Node {
  readonly kind: "executeTask";
  readonly name: ObjectName;
  readonly retryLast: boolean;
  readonly config?: string;
}
