import type { Task } from "../../catalog/objects";
import type { StatementOf } from "../../sql/ast/statement";
import { requirePrivilege } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { find } from "../../execution/lookup";
import { status } from "../../execution/outcome";
import { newGraphRun } from "./newGraphRun";
import { withGraphVersion } from "./resumeTasks";
import { mergedConfig } from "./taskConfig";
import { taskError } from "../../execution/taskError";
import { requireOneRoot } from "./taskGraphRules";
import { type TaskGraphRun } from "../../account/taskGraphRun";
import { RETRIABLE } from "../../account/taskGraphRuns";
import { isRoot, TaskGraphs } from "../../account/taskGraphs";
import { mayRun } from "./taskPrivileges";
import { nextAttempt } from "./retry";
import { quoteIfNeeded } from "../../quoting";

/**
 * EXECUTE TASK: one run of a graph, also of a suspended root, as soon as possible. When the statement has ended, the run
 * is kept: it is made also after a restart. Source: "EXECUTE TASK".
 */
export const executeTask: Handler<StatementOf<"executeTask">> = async (statement, context) => {
  const { instance } = context;
  const task = find(context, "TASK", statement.name, "EXECUTE TASK");
  requirePrivilege(context, task, "OPERATE");
  if (!isRoot(task)) {
    throw taskError(
      `Execute task cannot be called on non-root task ${instance.catalog.fullName(task)}. Call EXECUTE TASK on the root task of its graph instead.`,
      "091435",
    );
  }
  const config = statement.config === undefined ? task.config : mergedConfig(task.config, statement.config);
  requireOneRoot(context, task);
  const refusal = mayRun(instance, task);
  if (refusal) throw refusal;
  const fixed = statement.retryLast ? task : withGraphVersion(task, context);
  const run = statement.retryLast
    ? retried(task, context)
    : newGraphRun(instance, fixed, context.startedOn, "EXECUTE_TASK", config);
  await instance.change({ signal: context.signal }, async (writer, begin) => {
    if (fixed !== task) (await begin()).put(fixed);
    await instance.taskGraphRuns.persist(run, (sql, parameters) => writer.run(sql, parameters as never));
  });
  instance.taskGraphRuns.keep(run);
  instance.taskRequests.request(run);
  return status(`Task ${quoteIfNeeded(task.name)} is scheduled to run immediately.`);
};

/** @throws SnowflakeError unless the last run of the same graph failed or was cancelled, within 14 days */
function retried(root: Task, context: StatementContext): TaskGraphRun {
  const { catalog, taskGraphRuns } = context.instance;
  const graphs = TaskGraphs.of(catalog, root.parentId);
  const last = taskGraphRuns.last(root.uuid);
  const shown = quoteIfNeeded(root.name);
  const recent = last && last.attemptTime > context.startedOn - RETRIABLE;
  if (!recent || last.digest !== graphs.digest(root)) {
    throw taskError(`Cannot perform retry: no suitable run of graph with root task ${shown} to retry.`, "091457");
  }
  if (last.state === "SUCCEEDED") {
    throw taskError(
      `Cannot perform retry: run (GRAPH_RUN_GROUP_ID = ${last.groupId}, attempt = ${last.attempt}) of graph with root task ${shown} had no failures.`,
      "091456",
    );
  }
  return nextAttempt(context.instance, last, graphs.graph(root), "MANUAL RETRY", context.startedOn);
}
