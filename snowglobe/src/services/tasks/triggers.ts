import type { Task } from "../../catalog/objects";
import type { CancelAlarm } from "../../clock";
import type { SnowflakeError } from "../../errors";
import type { Instance } from "../../execution/instance";
import { isTriggered } from "../../account/taskGraphs";
import { taskParameter } from "../../statements/task/taskParameter";
import { translateDuckDbError } from "../../translate";
import { conditionHolds } from "./taskAttempt";
import type { Microseconds } from "../../time";

/** Changes are looked at when the second is over in which they came. */
const SECOND: Microseconds = 1e6;
/** Conditions are looked at this often though nothing changes. Source: "Triggered tasks". */
const HEALTH_CHECK: Microseconds = 12 * 3_600 * 1e6;

/** What is known of a triggered task since it was resumed. */
interface Watch {
  /** Its resumption: another one begins anew. */
  readonly resumedOn: Microseconds;
  /** Since when its condition has to be looked at, whatever has changed: it was resumed or ran. */
  waitsSince: Microseconds;
  /** Data and catalog for which the condition was false, and when that was seen; absent: not seen since then. */
  seen?: { readonly version: number; readonly generation: number; readonly on: Microseconds };
  /** Start of the last run. */
  lastRun?: Microseconds;
  /** It is being looked at, or runs for it. */
  busy: boolean;
}

/** Starts triggered tasks when commits bring what they wait for. Source: "Triggered tasks". */
export class Triggers {
  private readonly watches = new Map<number, Watch>();
  /** When the first change came that has not been looked at. */
  private changedOn: Microseconds | undefined;
  private cancel: CancelAlarm | undefined;
  private armedFor: Microseconds | undefined;

  /**
   * @param isBusy whether the graph of a root runs
   * @param launch runs a graph whose root's condition holds, or could not be evaluated
   * @param stop aborted when the server stops
   */
  constructor(
    private readonly instance: Instance,
    private readonly isBusy: (task: Task) => boolean,
    private readonly launch: (task: Task, at: Microseconds, failure?: SnowflakeError) => Promise<void>,
    private readonly stop: AbortSignal,
  ) {}

  start(): void {
    const unlisten = this.instance.storage.dataChanges.listen(() => this.changed());
    this.stop.addEventListener("abort", () => {
      unlisten();
      this.cancel?.();
    });
    this.instance.onCatalogChange(() => {
      this.changedOn ??= this.instance.clock.now();
      this.arm();
    });
    this.changed();
  }

  /**
   * Rows changed, and with them maybe what conditions say. Costs nothing once a look is on its way; an earlier change may
   * have been of no concern, and then none is.
   */
  private changed(): void {
    const { changedOn, armedFor } = this;
    if (changedOn !== undefined && armedFor !== undefined && armedFor <= secondAfter(changedOn)) return;
    this.changedOn = this.instance.clock.now();
    this.arm();
  }

  /** Sets the alarm for the next look. */
  arm(): void {
    if (this.stop.aborted) return;
    const times = this.triggered().flatMap((task) => this.dueAt(task) ?? []);
    const next = times.length === 0 ? undefined : Math.min(...times);
    if (next === this.armedFor) return;
    this.cancel?.();
    this.armedFor = next;
    this.cancel = next === undefined ? undefined : this.instance.clock.alarm(next, () => this.look());
  }

  private triggered(): Task[] {
    return this.instance.catalog.list("TASK").filter((task) => task.started && isTriggered(task));
  }

  private watchOf(task: Task): Watch {
    const known = this.watches.get(task.id);
    if (known && known.resumedOn === task.resumedOn) return known;
    const fresh: Watch = {
      resumedOn: task.resumedOn ?? 0,
      waitsSince: this.instance.clock.now(),
      lastRun: known?.lastRun,
      busy: known?.busy ?? false,
    };
    this.watches.set(task.id, fresh);
    return fresh;
  }

  /** When to look at a task: not while it runs, nor before its shortest interval is over. */
  private dueAt(task: Task): Microseconds | undefined {
    const watch = this.watchOf(task);
    if (watch.busy || this.isBusy(task)) return undefined;
    const wanted = this.wantedAt(watch);
    const pause = taskParameter(this.instance, task, "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS") * SECOND;
    return watch.lastRun === undefined ? wanted : Math.max(wanted, watch.lastRun + pause);
  }

  private wantedAt({ seen, waitsSince }: Watch): Microseconds {
    const { storage, catalog } = this.instance;
    if (!seen) return secondAfter(waitsSince);
    if (seen.version === storage.lastVersion && seen.generation === catalog.generation) return seen.on + HEALTH_CHECK;
    // Without a change that waits, the last look came too early for this task.
    return this.changedOn === undefined ? seen.on : secondAfter(this.changedOn);
  }

  private async look(): Promise<void> {
    this.armedFor = undefined;
    const now = this.instance.clock.now();
    const due = this.triggered().filter((task) => (this.dueAt(task) ?? Infinity) <= now);
    this.changedOn = undefined;
    const looks = due.map((task) => this.lookAt(task, now));
    // Others go on while these run.
    this.arm();
    await Promise.all(looks);
  }

  private async lookAt(task: Task, at: Microseconds): Promise<void> {
    const watch = this.watchOf(task);
    watch.busy = true;
    try {
      const { storage, catalog } = this.instance;
      const seen = { version: storage.lastVersion, generation: catalog.generation, on: at };
      let failure: SnowflakeError | undefined;
      try {
        if (!(await conditionHolds(this.instance, task, this.stop))) {
          watch.seen = seen;
          return;
        }
      } catch (error) {
        failure = translateDuckDbError(error);
      }
      if (this.stop.aborted) return;
      watch.seen = undefined;
      watch.lastRun = at;
      await this.launch(task, at, failure);
      watch.waitsSince = this.instance.clock.now();
    } finally {
      watch.busy = false;
      this.arm();
    }
  }
}

function secondAfter(at: Microseconds): Microseconds {
  return (Math.floor(at / SECOND) + 1) * SECOND;
}
