import { randomUUID } from "node:crypto";
import type { Task } from "../../catalog/objects";
import type { Instance } from "../../execution/instance";
import { taskParameter } from "./taskParameter";
import { TaskGraphs } from "../../account/taskGraphs";
import type { TaskGraphRun } from "../../account/taskGraphRun";
import type { ScheduledFrom } from "../../account/taskHistory";
import type { Microseconds } from "../../time";

/**
 * A first attempt of a root's graph, as its tasks are now.
 *
 * @param config replaces the root's own
 */
export function newGraphRun(
  instance: Instance,
  root: Task,
  scheduledTime: Microseconds,
  scheduledFrom: ScheduledFrom,
  config: string | null = root.config,
): TaskGraphRun {
  const { catalog, taskGraphRuns } = instance;
  const graphs = TaskGraphs.of(catalog, root.parentId);
  const [databaseName, schemaName] = catalog.pathOf(root);
  const last = taskGraphRuns.lastSuccess(root.uuid);
  return {
    groupId: randomUUID(),
    attempt: 1,
    rootUuid: root.uuid,
    rootId: root.id,
    rootName: root.name,
    databaseName: databaseName!,
    schemaName: schemaName!,
    graphVersion: root.graphVersion?.number ?? 1,
    digest: graphs.digest(root),
    state: "SCHEDULED",
    scheduledFrom,
    scheduledTime,
    attemptTime: scheduledTime,
    startedOn: null,
    completedOn: null,
    config,
    retriesLeft: taskParameter(instance, root, "TASK_AUTO_RETRY_ATTEMPTS"),
    kept: [],
    lastSuccess: last ? { groupId: last.groupId, scheduledTime: last.scheduledTime } : null,
    tasks: graphs.graph(root),
  };
}
