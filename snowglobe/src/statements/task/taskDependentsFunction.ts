import type { Database, Task } from "../../catalog/objects";
import { compilationError, isMissing } from "../../errors";
import { parseObjectName } from "../../sql";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { holds, owns } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { constantArgument, namedArguments } from "../../execution/functionArguments";
import { find } from "../../execution/lookup";
import { TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
import { relationOf } from "../../execution/sqlRelation";
import { predecessorNames } from "./showTasks";
import { TaskGraphs } from "../../account/taskGraphs";

const COLUMNS: readonly ColumnSpec[] = [
  ["CREATED_ON", TIMESTAMP],
  ["NAME", TEXT],
  ["DATABASE_NAME", TEXT],
  ["SCHEMA_NAME", TEXT],
  ["OWNER", TEXT],
  ["COMMENT", TEXT],
  ["WAREHOUSE", TEXT],
  ["SCHEDULE", TEXT],
  ["PREDECESSORS", TEXT],
  ["STATE", TEXT],
  ["DEFINITION", TEXT],
  ["CONDITION", TEXT],
];

/** INFORMATION_SCHEMA.TASK_DEPENDENTS(...): a task, then what runs after it. Source: "TASK_DEPENDENTS". */
export function taskDependentsRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const given = namedArguments(args, ["TASK_NAME", "RECURSIVE"]);
  const task = namedTask(constantArgument(given, "TASK_NAME") ?? "", context);
  const recursive = !/^false$/i.test(constantArgument(given, "RECURSIVE") ?? "true");
  const graphs = TaskGraphs.of(context.instance.catalog, task.parentId);
  const finalizer = graphs.finalizer(task);
  const found = recursive ? graphs.graph(task) : [task, ...graphs.children(task), ...(finalizer ? [finalizer] : [])];
  return relationOf(
    [database.name, "INFORMATION_SCHEMA", "TASK_DEPENDENTS"],
    COLUMNS,
    found
      .filter((one) => owns(context, one) || holds(context, "MONITOR", one.id) || holds(context, "OPERATE", one.id))
      .map((one) => row(one, graphs, context)),
  );
}

function namedTask(name: string, context: StatementContext): Task {
  const invalid = compilationError(
    `Invalid value [${name}] for function 'TASK_DEPENDENTS_SCAN', parameter 1: must be a valid task name`,
    "001015",
    "22023",
  );
  if (name === "") throw invalid;
  try {
    return find(context, "TASK", parseObjectName(name), "SELECT");
  } catch (error) {
    throw isMissing(error) ? invalid : error;
  }
}

function row(task: Task, graphs: TaskGraphs, context: StatementContext): Cell[] {
  const [database, schema] = context.instance.catalog.pathOf(task);
  return [
    task.createdOn,
    task.name,
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
  ];
}
