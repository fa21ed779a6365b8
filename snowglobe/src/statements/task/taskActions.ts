import type { Task } from "../../catalog/objects";
import { invalidArguments } from "../../errors";
import { parseObjectName } from "../../sql";
import { BOOLEAN, VARCHAR } from "../../sql/ast/dataType";
import type { ActingFunction } from "../../execution/actingFunction";
import { requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { find } from "../../execution/lookup";
import { resumedTasks } from "./resumeTasks";
import { taskError } from "../../execution/taskError";
import { TaskGraphs } from "../../account/taskGraphs";

/** The functions of tasks that do something. */
export const TASK_ACTIONS: Readonly<Record<string, ActingFunction>> = {
  SYSTEM$SET_RETURN_VALUE: {
    type: BOOLEAN,
    act: async (values, context) => {
      const value = only(values, "SYSTEM$SET_RETURN_VALUE");
      const run = context.session.task;
      if (!run) throw taskError("Function SYSTEM$SET_RETURN_VALUE must be called from within a task.");
      run.setReturnValue(value);
      return true;
    },
  },
  /** Resumes a task and all that run after it, with the finalizer of a root. Source: its page. */
  SYSTEM$TASK_DEPENDENTS_ENABLE: {
    type: BOOLEAN,
    act: async (values, context) => {
      const task = named(values, "SYSTEM$TASK_DEPENDENTS_ENABLE", context);
      const { instance } = context;
      const found = TaskGraphs.of(instance.catalog, task.parentId).graph(task);
      const resumed = resumedTasks(found.reverse(), context);
      await instance.change({ signal: context.signal }, async (_, begin) => {
        const change = await begin();
        for (const one of resumed) change.put(one);
      });
      return true;
    },
  },
  /** Says what it will do before it is done, and reaches what is running alone. Source: its page. */
  SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS: {
    type: VARCHAR,
    act: async (values, context) => {
      const task = named(values, "SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS", context);
      requirePrivilege(context, task, "OPERATE");
      const cancelled = context.instance.taskRequests.cancel(task.id);
      const name = context.instance.catalog.fullName(task);
      return cancelled === 0
        ? `Task ${name} has no ongoing executions.`
        : `Ongoing executions of task ${name} to be cancelled: ${cancelled}.`;
    },
  },
};

function only(values: readonly (string | null)[], name: string): string | null {
  if (values.length === 1) return values[0]!;
  throw invalidArguments(
    name,
    values.map(() => "VARCHAR"),
  );
}

function named(values: readonly (string | null)[], name: string, context: StatementContext): Task {
  return find(context, "TASK", parseObjectName(only(values, name) ?? ""), name);
}
