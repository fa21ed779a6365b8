import { unsupported } from "./errors";
import type { Microseconds } from "./catalog/objects";

/** Cancels an alarm that has not rung. */
export type CancelAlarm = () => void;

/**
 * The one clock of a snowglobe: everything that has to do with time asks it, so that tests can move time themselves.
 * Times are microseconds since 1970-01-01 UTC.
 */
export interface Clock {
  now(): Microseconds;
  /** Calls `ring` once when `at` has come (at once if it has passed). Errors in `ring` are the caller's to catch. */
  alarm(at: Microseconds, ring: () => Promise<void>): CancelAlarm;
  /**
   * Moves a virtual clock forward and returns when everything that became due on the way has run.
   * @throws SnowflakeError on the real clock, which nobody moves
   */
  advance(by: Microseconds): Promise<void>;
}

/** The longest delay that setTimeout takes, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

export class RealClock implements Clock {
  private readonly startWall = Date.now();
  private readonly startMonotonic = performance.now();

  /** Wall-clock time at start plus monotonic time since: never goes back, resolves below a millisecond. */
  now(): Microseconds {
    return Math.floor((this.startWall + (performance.now() - this.startMonotonic)) * 1000);
  }

  alarm(at: Microseconds, ring: () => Promise<void>): CancelAlarm {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const left = Math.ceil((at - this.now()) / 1000);
      timer = setTimeout(
        () => (left > LONGEST_TIMER ? arm() : void ring()),
        Math.min(Math.max(left, 0), LONGEST_TIMER),
      );
    };
    arm();
    return () => clearTimeout(timer);
  }

  advance(): Promise<void> {
    return Promise.reject(unsupported("moving the real clock"));
  }
}

interface Alarm {
  readonly at: Microseconds;
  readonly order: number;
  readonly ring: () => Promise<void>;
}

/** A clock that stands still until it is moved. */
export class VirtualClock implements Clock {
  private readonly alarms = new Set<Alarm>();
  private order = 0;
  private moving: Promise<void> = Promise.resolve();

  constructor(private time: Microseconds) {}

  now(): Microseconds {
    return this.time;
  }

  alarm(at: Microseconds, ring: () => Promise<void>): CancelAlarm {
    const alarm = { at, order: this.order++, ring };
    this.alarms.add(alarm);
    return () => this.alarms.delete(alarm);
  }

  advance(by: Microseconds): Promise<void> {
    this.moving = this.moving.then(() => this.move(this.time + by));
    return this.moving;
  }

  private async move(target: Microseconds): Promise<void> {
    for (let next = this.due(target); next; next = this.due(target)) {
      this.alarms.delete(next);
      this.time = Math.max(this.time, next.at);
      await next.ring();
    }
    this.time = Math.max(this.time, target);
  }

  private due(target: Microseconds): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.alarms) {
      if (alarm.at > target) continue;
      if (!first || alarm.at < first.at || (alarm.at === first.at && alarm.order < first.order)) first = alarm;
    }
    return first;
  }
}
