import type { Task } from "../catalog/objects";
import type { ScheduledFrom } from "./taskHistory";
import { isRoot } from "./taskGraphs";
import type { Microseconds } from "../time";

/** How a task of a graph run ended. PASSED: it is suspended, and counts as if it had succeeded. */
export type TaskOutcome = "SUCCEEDED" | "FAILED" | "CANCELLED" | "SKIPPED" | "PASSED" | "NOT_EXECUTED";

export interface EndedTask {
  readonly taskId: number;
  readonly outcome: TaskOutcome;
  readonly returnValue: string | null;
}

export type GraphRunState = "SCHEDULED" | "EXECUTING" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "SKIPPED";

/** One run (one attempt) of a task graph; of a task alone, too. */
export interface TaskGraphRun {
  /** GRAPH_RUN_GROUP_ID: a UUID that all attempts share. */
  readonly groupId: string;
  readonly attempt: number;
  readonly rootUuid: string;
  readonly rootId: number;
  /** Root, database and schema, as they were called. */
  readonly rootName: string;
  readonly databaseName: string;
  readonly schemaName: string;
  readonly graphVersion: number;
  /** Digest of the graph: RETRY LAST takes only the same. */
  readonly digest: string;
  readonly state: GraphRunState;
  readonly scheduledFrom: ScheduledFrom;
  /** When the first attempt was due. */
  readonly scheduledTime: Microseconds;
  /** When this attempt was due. */
  readonly attemptTime: Microseconds;
  readonly startedOn: Microseconds | null;
  readonly completedOn: Microseconds | null;
  /** A JSON object, or null. */
  readonly config: string | null;
  /** Automatic attempts that are left after this one. */
  readonly retriesLeft: number;
  /** What the attempt before brought to a good end: it is not run again. */
  readonly kept: readonly EndedTask[];
  /** The last graph run of this root that succeeded before the group began. */
  readonly lastSuccess: { readonly groupId: string; readonly scheduledTime: Microseconds } | null;
  /** The graph as its version fixed it, the root first and the finalizer last; left out when the run has ended. */
  readonly tasks?: readonly Task[];
}

/** All attempts' common name, and this attempt's number. */
export function runKey(run: Pick<TaskGraphRun, "groupId" | "attempt">): string {
  return `${run.groupId}/${run.attempt}`;
}

/**
 * What becomes of a task whose predecessors have ended. Source: "Create a sequence of tasks with a task graph", skip or
 * suspend a child task.
 *
 * @param before outcomes of its predecessors
 */
export function taskVerdict(task: Task, before: readonly TaskOutcome[]): "RUN" | "PASSED" | "NOT_EXECUTED" {
  if (isRoot(task)) return "RUN";
  if (before.some((one) => one !== "SUCCEEDED" && one !== "PASSED")) return "NOT_EXECUTED";
  // With several predecessors at least one of them has to have run.
  if (before.length > 1 && before.every((one) => one === "PASSED")) return "NOT_EXECUTED";
  return task.started ? "RUN" : "PASSED";
}

/** A graph run's state when all of its tasks have ended. Source: "COMPLETE_TASK_GRAPHS", STATE. */
export function graphState(root: Task, ended: readonly EndedTask[]): GraphRunState {
  const outcomes = ended.map((one) => one.outcome);
  if (ended.find((one) => one.taskId === root.id)?.outcome === "SKIPPED") return "SKIPPED";
  if (outcomes.includes("FAILED")) return "FAILED";
  if (outcomes.includes("CANCELLED")) return "CANCELLED";
  return "SUCCEEDED";
}
