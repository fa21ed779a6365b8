import type { Task } from "../../catalog/objects";
import type { Instance } from "../../execution/instance";
import type { EndedTask, TaskGraphRun } from "../../account/taskGraphRun";
import { taskParameter } from "./taskParameter";
import type { Microseconds } from "../../time";

/**
 * Another attempt of a graph run that failed or was cancelled: what failed runs again, and then what waited for it; the
 * finalizer, too. Source: "Create a sequence of tasks with a task graph", retries; "EXECUTE TASK", RETRY LAST.
 *
 * @param tasks the graph, of the same version
 */
export function nextAttempt(
  instance: Instance,
  last: TaskGraphRun,
  tasks: readonly Task[],
  scheduledFrom: "MANUAL RETRY" | "AUTOMATIC RETRY",
  at: Microseconds,
): TaskGraphRun {
  const root = tasks[0]!;
  const kept = new Map(last.kept.map((one) => [one.taskId, one]));
  const finalizer = tasks.find((task) => task.finalizes !== undefined);
  for (const run of instance.taskHistory.ofGraphRun(last)) {
    if (run.objectId === finalizer?.id || (run.state !== "SUCCEEDED" && run.state !== "SKIPPED")) continue;
    const ended: EndedTask = { taskId: run.objectId, outcome: run.state, returnValue: run.returnValue };
    kept.set(run.objectId, ended);
  }
  return {
    ...last,
    attempt: last.attempt + 1,
    state: "SCHEDULED",
    scheduledFrom,
    attemptTime: at,
    startedOn: null,
    completedOn: null,
    retriesLeft:
      scheduledFrom === "AUTOMATIC RETRY"
        ? last.retriesLeft - 1
        : taskParameter(instance, root, "TASK_AUTO_RETRY_ATTEMPTS"),
    kept: [...kept.values()],
    tasks,
  };
}
