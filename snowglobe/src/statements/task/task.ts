import { randomUUID } from "node:crypto";
import type { Task } from "../../catalog/objects";
import { ACCOUNT } from "../../catalog/privileges";
import { insufficientPrivileges, unsupported } from "../../errors";
import type { Statement, StatementOf } from "../../sql/ast/statement";
import { holds } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreate, register } from "../../execution/create";
import { status } from "../../execution/outcome";
import { requireCondition } from "./taskCondition";
import { finalizedRoot, predecessorTasks, requireGraphRules, requireRootsSuspended } from "./taskGraphRules";
import { isRoot, TaskGraphs } from "../../account/taskGraphs";
import { requireWhole, withSettings } from "./taskSettings";
import { quoteIfNeeded } from "../../quoting";

/** CREATE TASK: made suspended. Source: "CREATE TASK". */
export const createTask: Handler<StatementOf<"createTask">> = async (statement, context) => {
  if (statement.clone) throw unsupported("CREATE TASK ... CLONE");
  if (statement.tags.length > 0) throw unsupported("TAG");
  const plan = planCreate(context, "TASK", statement.name, statement);
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  requireSupported(statement.body!.statement);
  if (statement.when) requireCondition(statement.when.expression);
  const replaced = plan.replaced?.kind === "TASK" ? plan.replaced : undefined;
  const fresh: Task = {
    ...plan.base,
    warehouse: null,
    schedule: null,
    targetCompletionInterval: null,
    condition: statement.when?.text ?? null,
    definition: statement.body!.text,
    allowOverlapping: false,
    config: null,
    ...stateOf(plan.altered),
  };
  const task = linked(withSettings(fresh, statement.properties, context), statement, context);
  requireWhole(task);
  requireGraphRules(context, task, replaced);
  const graph = graphOf(replaced, context);
  const leaving = replaced && !isRoot(replaced) ? [replaced] : plan.altered ? [plan.altered] : [];
  requireRootsSuspended(context, [...leaving, ...graph.map(({ task: one }) => one), ...neighbours(task, context)]);
  if (task.warehouse === null && !holds(context, "EXECUTE MANAGED TASK", ACCOUNT)) {
    throw insufficientPrivileges("account", context.instance.accountName);
  }
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    register(context, change, task, replaced);
    for (const { relinked } of graph) change.put(relinked(task));
  });
  return status(`Task ${quoteIfNeeded(task.name)} successfully created.`);
};

/** @throws SnowflakeError for a body that this server cannot run at all */
export function requireSupported(body: Statement): void {
  if (body.kind === "unsupportedStatement") throw unsupported(body.feature);
}

/** What CREATE OR ALTER leaves as it is; a new task is suspended. */
function stateOf(
  altered: Task | undefined,
): Pick<Task, "uuid" | "started" | "resumedOn" | "suspendedOn" | "suspendedReason" | "failures" | "graphVersion"> {
  const { uuid = randomUUID(), started = false, resumedOn = null, failures = 0, graphVersion } = altered ?? {};
  const { suspendedOn = null, suspendedReason = null } = altered ?? {};
  return { uuid, started, resumedOn, suspendedOn, suspendedReason, failures, ...(graphVersion && { graphVersion }) };
}

function linked(task: Task, { after, finalize }: StatementOf<"createTask">, context: StatementContext): Task {
  const predecessors = predecessorTasks(context, task, after).map((one) => one.id);
  return {
    ...task,
    ...(predecessors.length > 0 && { predecessors }),
    ...(finalize && { finalizes: finalizedRoot(context, task, finalize).id }),
  };
}

function neighbours(task: Task, context: StatementContext): Task[] {
  const graphs = TaskGraphs.of(context.instance.catalog, task.parentId);
  return [...(task.predecessors ?? []), task.finalizes].flatMap((id) =>
    id === undefined ? [] : (graphs.task(id) ?? []),
  );
}

/** The tasks beside a replaced one, which the new one of its name takes over. */
function graphOf(
  replaced: Task | undefined,
  context: StatementContext,
): { readonly task: Task; readonly relinked: (successor: Task) => Task }[] {
  if (!replaced) return [];
  const graphs = TaskGraphs.of(context.instance.catalog, replaced.parentId);
  const finalizer = graphs.finalizer(replaced);
  return [
    ...graphs.children(replaced).map((task) => ({
      task,
      relinked: (successor: Task): Task => ({
        ...task,
        predecessors: task.predecessors!.map((id) => (id === replaced.id ? successor.id : id)),
      }),
    })),
    ...(finalizer
      ? [{ task: finalizer, relinked: (successor: Task) => ({ ...finalizer, finalizes: successor.id }) }]
      : []),
  ];
}
