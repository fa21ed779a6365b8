import type { Database, Task } from "../../catalog/objects";
import { compilationError, isMissing } from "../../errors";
import { parseObjectName } from "../../sql";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { holds, owns } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { constantArgument, namedArguments } from "../../execution/functionArguments";
import { find } from "../../execution/lookup";
import { TEXT, TIMESTAMP } from "../../execution/outcome";
import { predecessorsText } from "./showTasks";
import { TaskGraphs } from "../../account/taskGraphs";
import { type ShownColumn, shownRelation, databaseName, schemaName } from "../../execution/shownColumn";

const COLUMNS: readonly ShownColumn<Task>[] = [
  ["CREATED_ON", TIMESTAMP, (task) => task.createdOn],
  ["NAME", TEXT, (task) => task.name],
  ["DATABASE_NAME", TEXT, databaseName],
  ["SCHEMA_NAME", TEXT, schemaName],
  ["OWNER", TEXT, (task) => task.owner],
  ["COMMENT", TEXT, (task) => task.comment],
  ["WAREHOUSE", TEXT, (task) => task.warehouse],
  ["SCHEDULE", TEXT, (task) => task.schedule],
  ["PREDECESSORS", TEXT, predecessorsText],
  ["STATE", TEXT, (task) => (task.started ? "started" : "suspended")],
  ["DEFINITION", TEXT, (task) => task.definition],
  ["CONDITION", TEXT, (task) => task.condition],
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
  const visible = found.filter(
    (one) => owns(context, one) || holds(context, "MONITOR", one.id) || holds(context, "OPERATE", one.id),
  );
  return shownRelation([database.name, "INFORMATION_SCHEMA", "TASK_DEPENDENTS"], COLUMNS, visible, context);
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
