import type { Task } from "../../catalog/objects";
import { unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import type { Handler, StatementContext } from "../../execution/context";
import { find } from "../../execution/lookup";
import { rows, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
import { listing, roleType, type ShowHandler } from "../../execution/listing";
import { StatementType } from "../../account/statementType";
import { isRoot, TaskGraphs } from "../../account/taskGraphs";

const COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["name", TEXT],
  ["id", TEXT],
  ["database_name", TEXT],
  ["schema_name", TEXT],
  ["owner", TEXT],
  ["comment", TEXT],
  ["warehouse", TEXT],
  ["schedule", TEXT],
  ["predecessors", TEXT],
  ["state", TEXT],
  ["definition", TEXT],
  ["condition", TEXT],
  ["allow_overlapping_execution", TEXT],
  ["error_integration", TEXT],
  ["last_committed_on", TIMESTAMP],
  ["last_suspended_on", TIMESTAMP],
  ["owner_role_type", TEXT],
  ["config", TEXT],
  ["budget", TEXT],
  ["task_relations", TEXT],
  ["last_suspended_reason", TEXT],
  ["success_integration", TEXT],
  ["target_completion_interval", TEXT],
];

const all = listing("TASK", COLUMNS, row);
const roots = listing("TASK", COLUMNS, row, undefined, isRoot);

/** Source: "SHOW TASKS". */
export const showTasks: ShowHandler = (statement, context) => (statement.rootOnly ? roots : all)(statement, context);

/** Source: "DESCRIBE TASK". */
export const describeTask: Handler<StatementOf<"describe">> = async (statement, context) => {
  if (statement.objectKind !== "TASK") throw unsupported(`DESCRIBE ${statement.objectKind}`);
  const task = find(context, "TASK", statement.name, "DESCRIBE TASK");
  return rows(COLUMNS, [row(task, context)], StatementType.DESCRIBE);
};

function row(task: Task, context: StatementContext): Cell[] {
  const { catalog } = context.instance;
  const [database, schema] = catalog.pathOf(task);
  const graphs = TaskGraphs.of(catalog, task.parentId);
  return [
    task.createdOn,
    task.name,
    task.uuid,
    database,
    schema,
    task.owner,
    task.comment,
    task.warehouse,
    task.schedule,
    JSON.stringify(predecessorNames(task, graphs, context)),
    task.started ? "started" : "suspended",
    task.definition,
    task.condition,
    isRoot(task) ? String(task.allowOverlapping) : "null",
    null,
    task.resumedOn,
    task.suspendedOn,
    roleType(task),
    task.config,
    null,
    JSON.stringify(relations(task, graphs, context)),
    task.suspendedReason,
    null,
    task.targetCompletionInterval,
  ];
}

/** Full names. */
export function predecessorNames(task: Task, graphs: TaskGraphs, context: StatementContext): string[] {
  return graphs.predecessors(task).map((one) => context.instance.catalog.fullName(one));
}

function relations(task: Task, graphs: TaskGraphs, context: StatementContext): Record<string, unknown> {
  const { catalog } = context.instance;
  const Predecessors = predecessorNames(task, graphs, context);
  const root = task.finalizes === undefined ? undefined : graphs.task(task.finalizes);
  if (root) return { FinalizedRootTask: catalog.fullName(root), Predecessors };
  const finalizer = graphs.finalizer(task);
  return { Predecessors, ...(finalizer && { FinalizerTask: catalog.fullName(finalizer) }) };
}
