import type { Task } from "../../catalog/objects";
import { isMissing, type SnowflakeError } from "../../errors";
import type { ObjectName } from "../../sql/ast/identifier";
import type { StatementContext } from "../../execution/context";
import { find } from "../../execution/lookup";
import { rootNotSuspended, taskError } from "../../execution/taskError";
import { isRoot, TaskGraphs } from "../../account/taskGraphs";
import { qualified, quoteIfNeeded } from "../../quoting";

/**
 * What holds in every task graph, checked by CREATE TASK and ALTER TASK, with Snowflake's sentences. Source: "Create a
 * sequence of tasks with a task graph".
 */

/** Most predecessors, and most children, of one task. */
const MOST_LINKS = 100;
/** Most tasks of one graph. */
const MOST_TASKS = 1_000;

/** @throws SnowflakeError 091421 while a root over one of the tasks is started */
export function requireRootsSuspended(context: StatementContext, tasks: readonly Task[]): void {
  const { catalog } = context.instance;
  for (const task of tasks) {
    const started = TaskGraphs.of(catalog, task.parentId)
      .roots(task)
      .find((root) => root.started);
    if (started) throw rootNotSuspended(catalog.fullName(started));
  }
}

/**
 * The tasks of AFTER, each once. They are tasks of the same schema and owner, and no finalizers.
 *
 * @param task the child
 */
export function predecessorTasks(context: StatementContext, task: Task, names: readonly ObjectName[]): Task[] {
  const { catalog } = context.instance;
  const found = names.map((name) => namedPredecessor(context, name));
  const graphs = TaskGraphs.of(catalog, task.parentId);
  if (graphs.finalizer(task)) {
    throw taskError(
      "This task has a finalizer and cannot be made a child task. Please remove the finalizer before adding a predecessor.",
    );
  }
  for (const predecessor of found) {
    const shown = quoteIfNeeded(predecessor.name);
    if (isSame(predecessor, task))
      throw taskError(`Task ${quoteIfNeeded(task.name)} cannot use itself as its predecessor.`);
    if (predecessor.parentId !== task.parentId)
      throw taskError(`Cannot have predecessor ${shown} from a different schema.`);
    if (predecessor.owner !== task.owner) throw taskError(`Cannot have predecessor ${shown} with a different owner.`);
    if (predecessor.finalizes !== undefined) {
      throw taskError(`Task ${catalog.fullName(predecessor)} cannot have children as a finalizer task.`);
    }
  }
  return [...new Map(found.map((one) => [one.id, one])).values()];
}

/** The root that FINALIZE names: of the same schema and owner, without another finalizer. */
export function finalizedRoot(context: StatementContext, task: Task, name: ObjectName): Task {
  const { catalog } = context.instance;
  const root = namedTask(context, name, (shown) => `Invalid finalized root task ${shown} was specified.`);
  const own = catalog.fullName(task);
  if (root.parentId !== task.parentId)
    throw taskError(`Cannot finalize graph ${asWritten(name)} in a different schema.`);
  if (root.owner !== task.owner) throw taskError(`Cannot finalize graph ${asWritten(name)} with a different owner.`);
  if (!isRoot(root)) throw taskError(`Task ${own} cannot finalize a non-root task ${catalog.fullName(root)}.`);
  if (isSame(root, task)) throw taskError(`Task ${quoteIfNeeded(task.name)} cannot finalize itself.`);
  const existing = TaskGraphs.of(catalog, task.parentId).finalizer(root);
  if (existing && !isSame(existing, task)) {
    throw taskError(`Finalize target ${quoteIfNeeded(root.name)} already have finalizer.`);
  }
  return root;
}

/**
 * Checks a task as a statement leaves it: what only roots may have, what finalizers may not, and the size and shape of
 * its graph.
 *
 * @param standsFor the task that it replaces, whose children and finalizer it takes over
 */
export function requireGraphRules(context: StatementContext, task: Task, standsFor?: Task): void {
  const { catalog } = context.instance;
  const shown = quoteIfNeeded(task.name);
  const own = catalog.fullName(task);
  const child = (task.predecessors ?? []).length > 0;
  const graphs = TaskGraphs.of(catalog, task.parentId);
  const before = standsFor ?? task;
  if (task.finalizes !== undefined) {
    if (child) throw taskError(`Task ${own} cannot have predecessors as a finalizer task.`);
    if (graphs.children(before).length > 0) throw taskError(`Task ${own} cannot have children as a finalizer task.`);
    if (task.schedule !== null) throw taskError(`Task ${shown} cannot have a schedule and be a finalizer task.`);
  }
  if (isRoot(task)) return;
  if (graphs.finalizer(before)) {
    throw taskError(
      `Cannot replace task ${own} with a non-root task because it has a finalizer task. Please remove the finalizer task first.`,
    );
  }
  if (child && task.schedule !== null) throw taskError(`Task ${shown} cannot have both a schedule and a predecessor.`);
  if (task.config !== null) throw taskError(`Task ${own} cannot both be a non-root task and have a config.`);
  if (task.allowOverlapping) throw taskError(`Cannot set allow_overlapping_execution on non-root task ${own}.`);
  if (task.parameters.TASK_AUTO_RETRY_ATTEMPTS !== undefined) {
    throw taskError(
      `Cannot set parameter TASK_AUTO_RETRY_ATTEMPTS on non-root task ${shown}. Non-root tasks use the parameter setting from their root task. Please set this on the root task for this task instead.`,
    );
  }
  requireShape(graphs, task, before);
}

function requireShape(graphs: TaskGraphs, task: Task, before: Task): void {
  const shown = quoteIfNeeded(task.name);
  if ((task.predecessors ?? []).length > MOST_LINKS)
    throw taskError(`Task ${shown} cannot have more than ${MOST_LINKS} predecessors.`);
  const after = new Set(graphs.withDependents(before).map((one) => one.id));
  for (const id of task.predecessors ?? []) {
    const predecessor = graphs.task(id)!;
    const name = quoteIfNeeded(predecessor.name);
    if (after.has(id)) throw taskError(`Task ${shown} cannot have predecessor ${name}: it runs after ${shown} itself.`);
    const known = graphs.children(predecessor).some((one) => one.id === before.id);
    if (!known && graphs.children(predecessor).length >= MOST_LINKS) {
      throw taskError(`Task ${name} cannot have more than ${MOST_LINKS} children.`);
    }
    for (const root of graphs.roots(predecessor)) {
      const members = new Set([...graphs.withDependents(root).map((one) => one.id), ...after]);
      if (members.size > MOST_TASKS) {
        throw taskError(
          `The graph of root task ${quoteIfNeeded(root.name)} cannot have more than ${MOST_TASKS} tasks.`,
        );
      }
    }
  }
}

/** The one root over a task, which a graph needs to run. */
export function requireOneRoot(context: StatementContext, task: Task): void {
  const { catalog } = context.instance;
  const graphs = TaskGraphs.of(catalog, task.parentId);
  for (const member of graphs.withDependents(task)) {
    const roots = graphs.roots(member);
    if (roots.length < 2) continue;
    const names = roots.map((root) => quoteIfNeeded(root.name)).join(", ");
    throw taskError(`Task ${catalog.fullName(member)} has more than one root task: ${names}. A graph has one root.`);
  }
}

/** A task that a list of predecessors names. */
export function namedPredecessor(context: StatementContext, name: ObjectName): Task {
  return namedTask(context, name, (shown) => `Invalid predecessor ${shown} was specified.`);
}

function namedTask(context: StatementContext, name: ObjectName, message: (shown: string) => string): Task {
  try {
    return find(context, "TASK", name, "CREATE TASK");
  } catch (error) {
    throw isMissing(error) ? taskError(message(asWritten(name))) : (error as SnowflakeError);
  }
}

function asWritten(name: ObjectName): string {
  return qualified(name.map((part) => part.name));
}

/** OR REPLACE makes a new object of the same name. */
function isSame(a: Task, b: Task): boolean {
  return a.id === b.id || (a.parentId === b.parentId && a.name === b.name);
}
