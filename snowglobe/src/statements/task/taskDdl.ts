import type { Task } from "../../catalog/objects";
import { clauseLines, commentClause, parameterClauses, referredName, type DdlWriter } from "../../execution/ddl";
import { quoteString } from "../../sql";
import { quoteIfNeeded } from "../../quoting";

/** CREATE TASK; one that is made again is suspended. Source: "GET_DDL". */
export const taskDdl: DdlWriter<Task> = (task, name, context) => {
  const after = (task.predecessors ?? []).flatMap((id) => referredName(id, context) ?? []);
  const finalizes = task.finalizes === undefined ? undefined : referredName(task.finalizes, context);
  return `create or replace task ${name}${clauseLines(
    task.warehouse !== null && `warehouse=${quoteIfNeeded(task.warehouse)}`,
    task.schedule !== null && `schedule=${quoteString(task.schedule)}`,
    task.targetCompletionInterval !== null &&
      `target_completion_interval=${quoteString(task.targetCompletionInterval)}`,
    task.config !== null && `config=${quoteString(task.config)}`,
    task.allowOverlapping && "allow_overlapping_execution=TRUE",
    ...parameterClauses(task),
    commentClause(task),
    after.length > 0 && `after ${after.join(", ")}`,
    finalizes !== undefined && `finalize=${finalizes}`,
    task.condition !== null && `when ${task.condition}`,
    `as ${task.definition}`,
  )};`;
};
