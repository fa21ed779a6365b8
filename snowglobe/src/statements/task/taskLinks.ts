import type { CatalogChange } from "../../catalog/change";
import type { Task } from "../../catalog/objects";
import { suspendedTask } from "../../catalog/suspendedTask";
import type { StatementContext } from "../../execution/context";
import { requireRootsSuspended } from "./taskGraphRules";
import { isRoot, TaskGraphs } from "../../account/taskGraphs";
import type { Microseconds } from "../../time";

/** @throws SnowflakeError 091421 when a task cannot leave its graph, whose root is started */
export function requireRemovable(context: StatementContext, task: Task): void {
  const graph = TaskGraphs.of(context.instance.catalog, task.parentId).graph(task);
  if (graph.length > 1 || !isRoot(task)) requireRootsSuspended(context, [task]);
}

/** Lets the children and the finalizer of a dropped task go on without it. Source: "DROP TASK", usage notes. */
export function unlinkDropped(change: CatalogChange, task: Task, now: Microseconds): void {
  const graphs = TaskGraphs.of(change.catalog, task.parentId);
  for (const child of graphs.children(task)) unlink(change, child, task.id, now);
  const finalizer = graphs.finalizer(task);
  if (finalizer) unlinkFinalizer(change, finalizer, now);
}

/**
 * Cuts the links between tasks of different owners, which new owners made. Source: "Create a sequence of tasks with a
 * task graph", ownership.
 *
 * @param tasks those that got a new owner in this change
 */
export function unlinkForeignOwners(change: CatalogChange, tasks: readonly Task[], now: Microseconds): void {
  const ownerOf = (task: Task): string | null => change.object(task.id)?.owner ?? null;
  for (const task of tasks) {
    const graphs = TaskGraphs.of(change.catalog, task.parentId);
    const owner = ownerOf(task);
    for (const child of graphs.children(task)) if (ownerOf(child) !== owner) unlink(change, child, task.id, now);
    for (const before of graphs.predecessors(task)) if (ownerOf(before) !== owner) unlink(change, task, before.id, now);
    const finalizer = graphs.finalizer(task);
    if (finalizer && ownerOf(finalizer) !== owner) unlinkFinalizer(change, finalizer, now);
    const root = task.finalizes === undefined ? undefined : graphs.task(task.finalizes);
    if (root && ownerOf(root) !== owner) unlinkFinalizer(change, task, now);
  }
}

function unlink(change: CatalogChange, child: Task, predecessorId: number, now: Microseconds): void {
  const latest = change.object(child.id);
  if (latest?.kind !== "TASK") return;
  const predecessors = (latest.predecessors ?? []).filter((id) => id !== predecessorId);
  const next: Task = { ...latest, predecessors };
  change.put(predecessors.length > 0 ? next : suspendedTask(next, "CHILD_BECAME_ROOT", now));
}

function unlinkFinalizer(change: CatalogChange, finalizer: Task, now: Microseconds): void {
  const latest = change.object(finalizer.id);
  if (latest?.kind !== "TASK") return;
  change.put(suspendedTask({ ...latest, finalizes: undefined }, "FINALIZER_BECAME_ROOT", now));
}
