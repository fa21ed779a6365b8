import type { Task } from "../../catalog/objects";
import type { Instance } from "../../execution/instance";
import { suspendedTask } from "../../catalog/suspendedTask";
import { taskParameter } from "../../statements/task/taskParameter";

/**
 * Counts a consecutive failure of a task, and suspends the root of its graph when that were too many. Source: "CREATE
 * TASK", SUSPEND_TASK_AFTER_NUM_FAILURES.
 *
 * @returns whether the root has been suspended
 */
export async function countFailure(instance: Instance, taskId: number, rootId: number): Promise<boolean> {
  let suspended = false;
  await instance.change({}, async (_, begin) => {
    const change = await begin();
    const task = live(change.object(taskId));
    if (!task) return;
    const failures = task.failures + 1;
    change.put({ ...task, failures });
    const root = live(change.object(rootId));
    const most = root ? taskParameter(instance, root, "SUSPEND_TASK_AFTER_NUM_FAILURES") : 0;
    suspended = most > 0 && failures >= most && root!.started;
    if (suspended) change.put(suspendedTask(root!, "SUSPENDED_DUE_TO_ERRORS", instance.clock.now()));
  });
  return suspended;
}

/** A success begins the count anew. */
export async function forgetFailures(instance: Instance, taskId: number): Promise<void> {
  if ((live(instance.catalog.object(taskId))?.failures ?? 0) === 0) return;
  await instance.change({}, async (_, begin) => {
    const change = await begin();
    const task = live(change.object(taskId));
    if (task) change.put({ ...task, failures: 0 });
  });
}

function live(object: ReturnType<Instance["catalog"]["object"]>): Task | undefined {
  return object?.kind === "TASK" && object.droppedOn === undefined ? object : undefined;
}
