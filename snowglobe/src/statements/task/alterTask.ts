import type { Task } from "../../catalog/objects";
import { unsupported } from "../../errors";
import type { ObjectName } from "../../sql/ast/identifier";
import type { StatementOf } from "../../sql/ast/statement";
import { requireOwnership, requirePrivilege } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { find, tryFind } from "../../execution/lookup";
import { succeeded } from "../../execution/outcome";
import { resumedTasks } from "./resumeTasks";
import { requireSupported } from "./task";
import { requireCondition } from "./taskCondition";
import { taskError } from "../../execution/taskError";
import {
  finalizedRoot,
  namedPredecessor,
  predecessorTasks,
  requireGraphRules,
  requireRootsSuspended,
} from "./taskGraphRules";
import { isRoot } from "../../account/taskGraphs";
import { suspendedTask } from "../../catalog/suspendedTask";
import { requireWhole, withoutSettings, withSettings } from "./taskSettings";
import { quoteIfNeeded } from "../../quoting";

type Action = StatementOf<"alterTask">["action"];

/** Source: "ALTER TASK". */
export const alterTask: Handler<StatementOf<"alterTask">> = async (statement, context) => {
  const task = statement.ifExists
    ? tryFind(context, "TASK", statement.name, "ALTER TASK")
    : find(context, "TASK", statement.name, "ALTER TASK");
  if (!task) return succeeded();
  const changed = altered(task, statement.action, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    for (const one of changed) change.put(one);
  });
  return succeeded();
};

function altered(task: Task, action: Action, context: StatementContext): Task[] {
  switch (action.action) {
    case "resume":
      return resumedTasks([task], context);
    case "suspend":
      requirePrivilege(context, task, "OPERATE");
      if (!task.started) return [];
      if (!isRoot(task)) requireRootsSuspended(context, [task]);
      return [{ ...task, started: false, suspendedOn: context.startedOn, suspendedReason: "USER_SUSPENDED" }];
    default: {
      requireOwnership(context, task);
      // A definition changes only while nothing can run by it.
      requireRootsSuspended(context, [task]);
      const next = redefined(task, action, context);
      requireWhole(next);
      requireGraphRules(context, next);
      return [next];
    }
  }
}

function redefined(task: Task, action: Action, context: StatementContext): Task {
  switch (action.action) {
    case "set":
      return withSettings(task, action.properties, context);
    case "unset":
      return withoutSettings(task, action.names);
    case "modifyAs":
      requireSupported(action.body.statement);
      return { ...task, definition: action.body.text };
    case "modifyWhen":
      requireCondition(action.when.expression);
      return { ...task, condition: action.when.text };
    case "removeWhen":
      return { ...task, condition: null };
    case "addAfter":
      return withPredecessors(task, action.tasks, context);
    case "removeAfter":
      return withoutPredecessors(task, action.tasks, context);
    case "setFinalize": {
      const root = finalizedRoot(context, task, action.root);
      requireRootsSuspended(context, [root]);
      return { ...task, finalizes: root.id };
    }
    case "unsetFinalize":
      return { ...task, finalizes: undefined };
    default:
      throw unsupported(`ALTER TASK ${action.action}`);
  }
}

function withPredecessors(task: Task, names: readonly ObjectName[], context: StatementContext): Task {
  const added = predecessorTasks(context, task, names);
  requireRootsSuspended(context, added);
  return { ...task, predecessors: [...new Set([...(task.predecessors ?? []), ...added.map((one) => one.id)])] };
}

function withoutPredecessors(task: Task, names: readonly ObjectName[], context: StatementContext): Task {
  const removed = new Set(names.map((name) => namedPredecessor(context, name).id));
  for (const id of removed) {
    if (task.predecessors?.includes(id)) continue;
    const other = context.instance.catalog.require("TASK", id);
    throw taskError(`Task ${quoteIfNeeded(task.name)} does not have predecessor ${quoteIfNeeded(other.name)}.`);
  }
  const predecessors = task.predecessors!.filter((id) => !removed.has(id));
  const next = { ...task, predecessors };
  // Without any it is a root from now on.
  return predecessors.length > 0 ? next : suspendedTask(next, "CHILD_BECAME_ROOT", context.startedOn);
}
