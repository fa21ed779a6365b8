import type { DynamicTable } from "../catalog/objects";
import type { CancelAlarm } from "../clock";
import { FINEST_PERIOD, refreshPeriod } from "../refresh/targetLag";
import type { Instance } from "../execution/instance";
import { recordNotRun, type RefreshPoint } from "../refresh/refreshDynamicTable";
import { refreshPipeline } from "../refresh/refreshPipeline";

const MICROSECONDS = 1e6;

/**
 * Refreshes dynamic tables on their target lag. Ticks lie on a grid that starts in 1970, so that all tables whose
 * periods meet get the same data timestamp, and a restart goes on with the same ticks.
 */
export class Refresher {
  private cancel: CancelAlarm | undefined;
  private armedFor: number | undefined;
  private stopped = false;
  private running = false;

  /** @param onError told of what is no failure of a refresh itself, which the history records */
  constructor(
    private readonly instance: Instance,
    private readonly onError: (error: unknown) => void,
  ) {
    instance.onCatalogChange(() => this.arm());
  }

  start(): void {
    this.arm();
  }

  stop(): void {
    this.stopped = true;
    this.cancel?.();
  }

  /** Sets the alarm for the next tick at which some table is due. */
  private arm(): void {
    if (this.stopped) return;
    const next = this.nextTick();
    if (next === this.armedFor) return;
    this.cancel?.();
    this.armedFor = next;
    this.cancel = next === undefined ? undefined : this.instance.clock.alarm(next, () => this.tick(next));
  }

  private nextTick(): number | undefined {
    const periods = this.scheduled().map((table) => periodOf(table));
    if (periods.length === 0) return undefined;
    // All periods are multiples of the shortest one.
    const shortest = Math.min(...periods) * MICROSECONDS;
    return (Math.floor(this.instance.clock.now() / shortest) + 1) * shortest;
  }

  private async tick(at: number): Promise<void> {
    this.armedFor = undefined;
    try {
      const due = this.scheduled()
        .filter((table) => at % (periodOf(table) * MICROSECONDS) === 0)
        .map((table) => table.id);
      // The next tick comes even if this one takes longer.
      this.arm();
      if (due.length > 0) await this.cycle(due, at);
    } catch (error) {
      this.onError(error);
    } finally {
      this.arm();
    }
  }

  /** A cycle that comes due while the one before still runs is skipped. Source: "Set the target lag for a dynamic table". */
  private async cycle(due: readonly number[], at: number): Promise<void> {
    const { storage } = this.instance;
    const version = storage.versionAt(at) ?? storage.lastVersion;
    const point: RefreshPoint = { dataTimestamp: at, version, trigger: "SCHEDULED" };
    if (this.running) {
      for (const id of due) await recordNotRun(this.instance, id, point, "SKIPPED");
      return;
    }
    this.running = true;
    try {
      await refreshPipeline(this.instance, due, point);
    } finally {
      this.running = false;
    }
  }

  /** Tables with a schedule of their own; those with DOWNSTREAM follow their readers. */
  private scheduled(): DynamicTable[] {
    return this.instance.catalog
      .list("DYNAMIC TABLE")
      .filter((table) => table.targetLag?.kind === "TIME" && !table.suspended && !table.requireUser);
  }
}

/** Seconds. */
function periodOf(table: DynamicTable): number {
  return table.targetLag?.kind === "TIME" ? refreshPeriod(table.targetLag.seconds) : FINEST_PERIOD;
}
