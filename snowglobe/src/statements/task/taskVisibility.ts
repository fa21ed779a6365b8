import { ACCOUNT } from "../../catalog/privileges";
import { holds, owns } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";

/**
 * Whether the session sees the runs of a task: as its owner, with MONITOR or OPERATE on it, or with MONITOR EXECUTION.
 * Source: "TASK_HISTORY", usage notes.
 */
export function seesRunsOf(taskId: number, context: StatementContext): boolean {
  if (holds(context, "MONITOR EXECUTION", ACCOUNT)) return true;
  const task = context.instance.catalog.object(taskId);
  if (!task) return false;
  return owns(context, task) || holds(context, "MONITOR", task.id) || holds(context, "OPERATE", task.id);
}
