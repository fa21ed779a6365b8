import type { Task, TaskSuspendReason } from "./objects";
import type { Microseconds } from "../time";

/** A started task as something else than SUSPEND stops it; a suspended one as it is. */
export function suspendedTask(task: Task, suspendedReason: TaskSuspendReason, now: Microseconds): Task {
  return task.started ? { ...task, started: false, suspendedOn: now, suspendedReason } : task;
}
