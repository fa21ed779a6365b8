import type { Task } from "../../catalog/objects";
import { unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import type { Handler, StatementContext } from "../../execution/context";
import { find } from "../../execution/lookup";
import { TEXT, TIMESTAMP } from "../../execution/outcome";
import { listing, type ShowHandler } from "../../execution/listing";
import { StatementType } from "../../account/statementType";
import { isRoot, TaskGraphs } from "../../account/taskGraphs";
import {
  type ShownColumn,
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  OWNER_ROLE_TYPE,
  shown,
} from "../../execution/shownColumn";
import type { Catalog } from "../../catalog/catalog";

const COLUMNS: readonly ShownColumn<Task>[] = [
  CREATED_ON,
  NAME,
  ["id", TEXT, (task) => task.uuid],
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  ["warehouse", TEXT, (task) => task.warehouse],
  ["schedule", TEXT, (task) => task.schedule],
  ["predecessors", TEXT, (task, context) => predecessorsText(task, context)],
  ["state", TEXT, (task) => (task.started ? "started" : "suspended")],
  ["definition", TEXT, (task) => task.definition],
  ["condition", TEXT, (task) => task.condition],
  ["allow_overlapping_execution", TEXT, (task) => (isRoot(task) ? String(task.allowOverlapping) : "null")],
  ["error_integration", TEXT],
  ["last_committed_on", TIMESTAMP, (task) => task.resumedOn],
  ["last_suspended_on", TIMESTAMP, (task) => task.suspendedOn],
  OWNER_ROLE_TYPE,
  ["config", TEXT, (task) => task.config],
  ["budget", TEXT],
  ["task_relations", TEXT, (task, context) => relationsText(task, context)],
  ["last_suspended_reason", TEXT, (task) => task.suspendedReason],
  ["success_integration", TEXT],
  ["target_completion_interval", TEXT, (task) => task.targetCompletionInterval],
];

const all = listing("TASK", COLUMNS);
const roots = listing("TASK", COLUMNS, isRoot);

/** Source: "SHOW TASKS". */
export const showTasks: ShowHandler = (statement, context) => (statement.rootOnly ? roots : all)(statement, context);

/** Source: "DESCRIBE TASK". */
export const describeTask: Handler<StatementOf<"describe">> = async (statement, context) => {
  if (statement.objectKind !== "TASK") throw unsupported(`DESCRIBE ${statement.objectKind}`);
  const task = find(context, "TASK", statement.name, "DESCRIBE TASK");
  return shown(COLUMNS, [task], context, StatementType.DESCRIBE);
};

/** The full names of what a task runs after, as JSON. */
export function predecessorsText(task: Task, { instance }: StatementContext): string {
  return JSON.stringify(predecessorNames(task, TaskGraphs.of(instance.catalog, task.parentId), instance.catalog));
}

function predecessorNames(task: Task, graphs: TaskGraphs, catalog: Catalog): string[] {
  return graphs.predecessors(task).map((one) => catalog.fullName(one));
}

function relationsText(task: Task, { instance: { catalog } }: StatementContext): string {
  const graphs = TaskGraphs.of(catalog, task.parentId);
  const Predecessors = predecessorNames(task, graphs, catalog);
  const root = task.finalizes === undefined ? undefined : graphs.task(task.finalizes);
  if (root) return JSON.stringify({ FinalizedRootTask: catalog.fullName(root), Predecessors });
  const finalizer = graphs.finalizer(task);
  return JSON.stringify({ Predecessors, ...(finalizer && { FinalizerTask: catalog.fullName(finalizer) }) });
}
