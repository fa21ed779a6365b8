import { AsyncLocalStorage } from "node:async_hooks";
import type { Microseconds } from "./time";

/** Cancels an alarm that has not rung. */
export type CancelAlarm = () => void;

/**
 * The one clock of a snowglobe: everything that has to do with time asks it, so that time can be moved.
 * Times are microseconds since 1970-01-01 UTC. A clock never goes back.
 */
export interface Clock {
  now(): Microseconds;
  /** Calls `ring` once when `at` has come (at once if it has passed). Errors in `ring` are the caller's to catch. */
  alarm(at: Microseconds, ring: () => Promise<void>): CancelAlarm;
  /**
   * Waits. What an alarm does may wait too: the time it is moved by passes on meanwhile.
   *
   * @throws the signal's reason when it is aborted
   */
  wait(by: Microseconds, signal: AbortSignal): Promise<void>;
  /**
   * Moves the clock forward and returns when everything that became due on the way has run, in the order of time.
   *
   * @param by at most {@link LONGEST_ADVANCE}
   * @throws RangeError for another distance, and for one that leads past {@link LAST_TIME}
   */
  advance(by: Microseconds): Promise<void>;
}

const DAY = 24 * 3_600 * 1_000_000;

/** The farthest that a clock is moved at once: a year, at which everything with a schedule has its turn. */
export const LONGEST_ADVANCE: Microseconds = 366 * DAY;

/** Where a clock stops to be moved: beyond it microseconds are no longer exact as JavaScript's numbers. */
export const LAST_TIME: Microseconds = Date.UTC(2200, 0, 1) * 1000;

interface Alarm {
  readonly at: Microseconds;
  readonly order: number;
  readonly ring: () => Promise<void>;
}

/** What an alarm does, while it goes on. */
interface Ringing {
  done: Promise<void>;
  /** Called when it waits for the clock itself. */
  paused: () => void;
}

const byTime = (a: Alarm, b: Alarm): number => a.at - b.at || a.order - b.order;

/** Alarms, and time that is moved from one to the next; how time passes meanwhile is the subclass's affair. */
abstract class MovableClock implements Clock {
  private readonly alarms = new Set<Alarm>();
  private order = 0;
  private moving: Promise<void> = Promise.resolve();
  private readonly ringing = new AsyncLocalStorage<Ringing>();

  abstract now(): Microseconds;

  /** Makes it `time` where it is earlier yet, and rings nothing. */
  abstract moveTo(time: Microseconds): void;

  /** Called when the earliest alarm may be another one than before. */
  protected abstract alarmsChanged(): void;

  alarm(at: Microseconds, ring: () => Promise<void>): CancelAlarm {
    const alarm = { at, order: this.order++, ring };
    this.alarms.add(alarm);
    this.alarmsChanged();
    return () => {
      if (this.alarms.delete(alarm)) this.alarmsChanged();
    };
  }

  wait(by: Microseconds, signal: AbortSignal): Promise<void> {
    if (by <= 0) return Promise.resolve();
    const waiter = this.ringing.getStore();
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        cancel();
        reject(signal.reason as Error);
      };
      const cancel = this.alarm(this.now() + by, async () => {
        signal.removeEventListener("abort", stop);
        resolve();
        if (waiter) await endOrPause(waiter);
      });
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      else waiter?.paused();
    });
  }

  advance(by: Microseconds): Promise<void> {
    if (!(by >= 0 && by <= LONGEST_ADVANCE)) return Promise.reject(new RangeError("a clock goes 0 to 366 days ahead"));
    const moved = this.moving.then(() => {
      const target = this.now() + Math.trunc(by);
      if (target > LAST_TIME) throw new RangeError("a clock ends with the year 2199");
      return this.move(target);
    });
    // What went wrong on one way is told to who moved; the next one goes on.
    this.moving = moved.catch(() => undefined);
    return moved;
  }

  protected async move(target: Microseconds): Promise<void> {
    for (let next = this.first(); next && next.at <= target; next = this.first()) {
      this.alarms.delete(next);
      this.moveTo(next.at);
      await this.untilEndOrPause(next);
    }
    this.moveTo(target);
  }

  /** Rings, and returns when what the alarm does has ended or waits for time to pass. */
  private untilEndOrPause(alarm: Alarm): Promise<void> {
    const ringing: Ringing = { done: new Promise(() => undefined), paused: () => undefined };
    const paused = new Promise<void>((resolve) => (ringing.paused = resolve));
    ringing.done = this.ringing.run(ringing, alarm.ring);
    return Promise.race([ringing.done, paused]);
  }

  /** Rings what is due now; what it makes due is for the next time. */
  protected ringDue(): void {
    const now = this.now();
    const due = [...this.alarms].filter((alarm) => alarm.at <= now).sort(byTime);
    // One may have been cancelled by another that rang before it.
    for (const alarm of due) if (this.alarms.delete(alarm)) void alarm.ring();
  }

  protected first(): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.alarms) if (!first || byTime(alarm, first) < 0) first = alarm;
    return first;
  }
}

function endOrPause(ringing: Ringing): Promise<void> {
  return Promise.race([ringing.done, new Promise<void>((resolve) => (ringing.paused = resolve))]);
}

/** The longest delay that setTimeout takes, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The computer's clock, and how far it was moved ahead. */
export class RealClock extends MovableClock {
  private readonly startWall = Date.now();
  private readonly startMonotonic = performance.now();
  private ahead = 0;
  private isMoving = false;
  private timer?: NodeJS.Timeout;

  /** Wall-clock time at start plus monotonic time since: resolves below a millisecond. */
  now(): Microseconds {
    return this.ahead + Math.floor((this.startWall + (performance.now() - this.startMonotonic)) * 1000);
  }

  override moveTo(time: Microseconds): void {
    this.ahead += Math.max(0, time - this.now());
  }

  protected override async move(target: Microseconds): Promise<void> {
    this.isMoving = true;
    try {
      await super.move(target);
    } finally {
      this.isMoving = false;
      this.alarmsChanged();
    }
  }

  /** One timer for the earliest alarm; none while time is moved, which rings the alarms itself. */
  protected override alarmsChanged(): void {
    clearTimeout(this.timer);
    const first = this.first();
    if (!first || this.isMoving) return;
    const left = Math.ceil((first.at - this.now()) / 1000);
    this.timer = setTimeout(
      () => {
        this.ringDue();
        this.alarmsChanged();
      },
      Math.min(Math.max(left, 0), LONGEST_TIMER),
    );
  }
}

/** A clock that stands still until it is moved. */
export class VirtualClock extends MovableClock {
  constructor(private time: Microseconds) {
    super();
  }

  now(): Microseconds {
    return this.time;
  }

  override moveTo(time: Microseconds): void {
    this.time = Math.max(this.time, time);
  }

  protected override alarmsChanged(): void {
    // Time that stands still makes nothing due.
  }
}
