import { createHash } from "node:crypto";
import type { Catalog } from "../catalog/catalog";
import type { Task } from "../catalog/objects";
import { callsFunction, parseExpression } from "../sql";

/** A root starts its graph: by a schedule, by new data, or by EXECUTE TASK. A task alone is a graph of one. */
export function isRoot(task: Task): boolean {
  return !isChild(task) && task.finalizes === undefined;
}

function isChild(task: Task): boolean {
  return (task.predecessors ?? []).length > 0;
}

/** A root with a condition on streams and no schedule runs when there is new data. Source: "Triggered tasks". */
export function isTriggered(task: Task): boolean {
  return isRoot(task) && task.schedule === null && asksForData(task);
}

const asking = new WeakMap<Task, boolean>();

function asksForData(task: Task): boolean {
  if (!task.condition) return false;
  let known = asking.get(task);
  if (known === undefined) {
    known = callsFunction(parseExpression(task.condition), "SYSTEM$STREAM_HAS_DATA");
    asking.set(task, known);
  }
  return known;
}

/**
 * The task graphs of one schema, within which every graph lies. Source: "Create a sequence of tasks with a task graph".
 */
export class TaskGraphs {
  private readonly byId: ReadonlyMap<number, Task>;
  private readonly childrenOf = new Map<number, Task[]>();
  private readonly finalizers = new Map<number, Task>();

  /** @param tasks all live tasks of the schema */
  constructor(tasks: readonly Task[]) {
    this.byId = new Map(tasks.map((task) => [task.id, task]));
    for (const task of tasks) {
      for (const id of task.predecessors ?? []) {
        const children = this.childrenOf.get(id);
        if (children) children.push(task);
        else this.childrenOf.set(id, [task]);
      }
      if (task.finalizes !== undefined) this.finalizers.set(task.finalizes, task);
    }
  }

  static of(catalog: Catalog, schemaId: number): TaskGraphs {
    return new TaskGraphs(catalog.list("TASK", schemaId));
  }

  task(id: number): Task | undefined {
    return this.byId.get(id);
  }

  predecessors(task: Task): Task[] {
    return (task.predecessors ?? []).flatMap((id) => this.byId.get(id) ?? []);
  }

  children(task: Task): readonly Task[] {
    return this.childrenOf.get(task.id) ?? [];
  }

  finalizer(root: Task): Task | undefined {
    return this.finalizers.get(root.id);
  }

  /** The roots over a task, itself for a root. A graph that can run has one. */
  roots(task: Task): Task[] {
    if (task.finalizes !== undefined) {
      const root = this.byId.get(task.finalizes);
      return root ? [root] : [];
    }
    return reach(task, (one) => this.predecessors(one)).filter(isRoot);
  }

  /** A task and all that run after it, however far; each after its predecessors among them. No finalizer. */
  withDependents(task: Task): Task[] {
    const found = reach(task, (one) => this.children(one));
    const inside = new Set(found.map((one) => one.id));
    const waits = new Map(found.map((one) => [one.id, count(one, inside)]));
    const ordered: Task[] = [];
    const ready = [task];
    for (let next = ready.shift(); next; next = ready.shift()) {
      ordered.push(next);
      for (const child of this.children(next)) {
        const left = waits.get(child.id)! - 1;
        waits.set(child.id, left);
        if (left === 0) ready.push(child);
      }
    }
    return ordered;
  }

  /** All tasks of a root's graph: the root first, its finalizer last. */
  graph(root: Task): Task[] {
    const finalizer = this.finalizer(root);
    return [...this.withDependents(root), ...(finalizer ? [finalizer] : [])];
  }

  /** What tells two versions of a graph apart. */
  digest(root: Task): string {
    const parts = this.graph(root).map((task) => [
      task.id,
      task.definition,
      task.condition,
      task.warehouse,
      task.schedule,
      task.targetCompletionInterval,
      task.allowOverlapping,
      task.config,
      task.predecessors ?? [],
      task.finalizes ?? null,
      task.parameters,
      task.id === root.id || task.started,
    ]);
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  }
}

function count(task: Task, inside: ReadonlySet<number>): number {
  return (task.predecessors ?? []).filter((id) => inside.has(id)).length;
}

/** A task and all that can be reached from it. */
function reach(task: Task, next: (task: Task) => readonly Task[]): Task[] {
  const seen = new Map([[task.id, task]]);
  for (const one of seen.values()) for (const other of next(one)) if (!seen.has(other.id)) seen.set(other.id, other);
  return [...seen.values()];
}
