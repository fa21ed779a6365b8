import type { Task } from "../../catalog/objects";
import { compilationError } from "../../errors";
import { requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { requireOneRoot, requireRootsSuspended } from "./taskGraphRules";
import { isRoot, isTriggered, TaskGraphs } from "../../account/taskGraphs";
import { mayRun } from "./taskPrivileges";

/**
 * The tasks as RESUME leaves them; those that are started stay as they are. A root's graph gets its version.
 *
 * @param tasks of one schema, a root after its children
 * @throws SnowflakeError where one cannot run, or stands under a root that is started
 */
export function resumedTasks(tasks: readonly Task[], context: StatementContext): Task[] {
  const resumed: Task[] = [];
  for (const task of tasks) {
    requirePrivilege(context, task, "OPERATE");
    if (task.started) continue;
    requireRunnable(task, context);
    const started = { ...task, started: true, resumedOn: context.startedOn, failures: 0 };
    if (isRoot(task)) resumed.push(...withoutFailures(task, context, resumed));
    resumed.push(isRoot(task) ? withGraphVersion(started, context, resumed) : started);
  }
  return resumed;
}

/** The other tasks of a resumed root's graph that have failed: their failures are not counted any more. */
function withoutFailures(root: Task, context: StatementContext, resumed: readonly Task[]): Task[] {
  const done = new Set([root, ...resumed].map((task) => task.id));
  return TaskGraphs.of(context.instance.catalog, root.parentId)
    .graph(root)
    .filter((task) => task.failures > 0 && !done.has(task.id))
    .map((task) => ({ ...task, failures: 0 }));
}

function requireRunnable(task: Task, context: StatementContext): void {
  if (isRoot(task)) {
    requireOneRoot(context, task);
    if (task.schedule === null && !isTriggered(task)) {
      throw compilationError(
        `Task '${task.name}' cannot be resumed: it has neither a schedule nor a condition on a stream`,
      );
    }
  } else requireRootsSuspended(context, [task]);
  const refusal = mayRun(context.instance, task);
  if (refusal) throw refusal;
}

/**
 * A root with the version of its graph as it is now. Source: "Create a sequence of tasks with a task graph", versioning:
 * a version is fixed when the root is resumed or run by hand.
 *
 * @param changed other tasks of the graph as the same statement leaves them
 */
export function withGraphVersion(root: Task, context: StatementContext, changed: readonly Task[] = []): Task {
  const latest = new Map([...changed, root].map((task) => [task.id, task]));
  const tasks = context.instance.catalog.list("TASK", root.parentId).map((task) => latest.get(task.id) ?? task);
  const digest = new TaskGraphs(tasks).digest(root);
  if (root.graphVersion?.digest === digest) return root;
  return { ...root, graphVersion: { number: (root.graphVersion?.number ?? 0) + 1, digest } };
}
