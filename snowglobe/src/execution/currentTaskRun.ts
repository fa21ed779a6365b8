import type { Task } from "../catalog/objects";
import type { EndedTask, TaskGraphRun } from "../account/taskGraphRun";
import { taskError } from "./taskError";
import { quoteIfNeeded } from "../quoting";

/** Longest return value in bytes of UTF-8. Source: "SYSTEM$SET_RETURN_VALUE". */
const LONGEST_RETURN_VALUE = 10 * 1024;

/** The run of a task in whose session a statement stands: what the functions of tasks answer from. */
export class CurrentTaskRun {
  private value: string | null = null;

  /**
   * @param fullName of the task
   * @param ended those of the graph run's tasks that have ended
   */
  constructor(
    readonly task: Task,
    readonly fullName: string,
    readonly graphRun: TaskGraphRun,
    private readonly ended: ReadonlyMap<number, EndedTask>,
  ) {}

  get returnValue(): string | null {
    return this.value;
  }

  /** @throws SnowflakeError for more than 10 kB */
  setReturnValue(value: string | null): void {
    if (value !== null && Buffer.byteLength(value) > LONGEST_RETURN_VALUE) {
      throw taskError(`The return value of a task must not be longer than ${LONGEST_RETURN_VALUE} bytes.`);
    }
    this.value = value;
  }

  /**
   * What a predecessor returned, near or far. Source: "SYSTEM$GET_PREDECESSOR_RETURN_VALUE".
   *
   * @param name case-sensitive; absent: of the only predecessor that is not suspended
   */
  predecessorValue(name: string | undefined): string | null {
    const near = this.predecessorsOf(this.task).filter((task) => task.started || task.id === this.graphRun.rootId);
    if (name === undefined) {
      if (near.length !== 1) {
        throw taskError(
          `SYSTEM$GET_PREDECESSOR_RETURN_VALUE takes the name of a predecessor: task ${quoteIfNeeded(this.task.name)} has ${near.length} that are enabled.`,
        );
      }
      return this.valueOf(near[0]!);
    }
    for (let level = near, seen = new Set<number>(); level.length > 0;) {
      const found = level.find((task) => task.name === name);
      if (found) return this.valueOf(found);
      for (const task of level) seen.add(task.id);
      level = level.flatMap((task) => this.predecessorsOf(task)).filter((task) => !seen.has(task.id));
    }
    throw taskError(`Task ${quoteIfNeeded(this.task.name)} has no enabled predecessor ${quoteIfNeeded(name)}.`);
  }

  private valueOf(task: Task): string | null {
    return this.ended.get(task.id)?.returnValue ?? null;
  }

  private predecessorsOf(task: Task): Task[] {
    const ids = task.predecessors ?? [];
    return (this.graphRun.tasks ?? []).filter((one) => ids.includes(one.id));
  }
}
