import type { Task } from "../../catalog/objects";
import { unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import type { Handler, StatementContext } from "../context";
import { find } from "../lookup";
import { rows, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../outcome";
import { listing, roleType } from "../show";
import { StatementType } from "../statementType";

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

/** Source: "SHOW TASKS". Every task is the root of its own graph. */
export const showTasks = listing("TASK", COLUMNS, row);

/** Source: "DESCRIBE TASK". */
export const describeTask: Handler<StatementOf<"describe">> = async (statement, context) => {
  if (statement.objectKind !== "TASK") throw unsupported(`DESCRIBE ${statement.objectKind}`);
  const task = find(context, "TASK", statement.name, "DESCRIBE TASK");
  return rows(COLUMNS, [row(task, context)], StatementType.DESCRIBE);
};

function row(task: Task, context: StatementContext): Cell[] {
  const [database, schema] = context.instance.catalog.pathOf(task);
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
    "[]",
    task.started ? "started" : "suspended",
    task.definition,
    task.condition,
    String(task.allowOverlapping),
    null,
    task.resumedOn,
    task.suspendedOn,
    roleType(task),
    task.config,
    null,
    JSON.stringify({ Predecessors: [] }),
    task.suspendedReason,
    null,
    task.targetCompletionInterval,
  ];
}
