import type { Alert } from "../catalog/objects";
import type { CancelAlarm } from "../clock";
import type { AlertRun, AlertScheduledFrom } from "../account/alertHistory";
import { newAlertRun } from "../statements/alert/newAlertRun";
import type { Instance } from "../execution/instance";
import { nextRun } from "../execution/schedule";
import { AlertRuns, type AlertOccasion } from "./alertRun";
import { NewDataWatch } from "./newDataWatch";
import type { Microseconds } from "../time";

/** A run that is later than this has been missed. */
const LATE: Microseconds = 1e6;
/** Shortest time between two runs of one alert on new data: an alert that writes to its own table must not run forever. */
const PAUSE: Microseconds = 1e6;

/**
 * Runs alerts: on their schedules, when there is new data, and by EXECUTE ALERT. Schedules are derived from the catalog,
 * so that they go on after a restart. Source: "Setting up alerts based on data in Snowflake".
 */
export class AlertRunner {
  private stopped = false;
  private readonly abort = new AbortController();
  private readonly runs: AlertRuns;
  private readonly newData: NewDataWatch;
  /** For each alert that runs, the end of all that it has to do. */
  private readonly running = new Map<number, Promise<void>>();
  /** Alarms that ring once. */
  private readonly once = new Set<CancelAlarm>();

  private cancelTick: CancelAlarm | undefined;
  private armedFor: Microseconds | undefined;
  /** Up to when scheduled runs have been started. */
  private doneUntil: Microseconds;

  private stopListening: (() => void) | undefined;
  private cancelLook: CancelAlarm | undefined;
  private lookDue: Microseconds | undefined;
  /** Alerts whose tables are looked at or that run; `again`: data came meanwhile. */
  private readonly looking = new Map<number, "once" | "again">();
  /** Start of the last run of each alert on new data. */
  private readonly lastRuns = new Map<number, Microseconds>();

  /** @param onError told of what is no failure of an alert itself, which the history records */
  constructor(
    private readonly instance: Instance,
    private readonly onError: (error: unknown) => void,
  ) {
    this.runs = new AlertRuns(instance, this.abort.signal);
    this.newData = new NewDataWatch(instance, this.abort.signal);
    this.doneUntil = instance.clock.now();
    instance.onCatalogChange(() => {
      this.passOver();
      this.arm();
    });
  }

  start(): void {
    this.instance.alertRequests.onRequest((run) => this.request(run));
    this.endInterrupted();
    // What EXECUTE ALERT has asked a process before this one for.
    for (const run of this.instance.alertHistory.all()) if (run.state === "SCHEDULED") this.request(run);
    this.arm();
  }

  stop(): void {
    this.stopped = true;
    this.cancelTick?.();
    this.cancelLook?.();
    this.stopListening?.();
    for (const cancel of this.once) cancel();
    this.instance.alertRequests.onRequest(undefined);
    this.abort.abort();
  }

  /**
   * Ends the runs in whose action the last process was killed: what the action had committed stays, and is not done
   * twice. Runs that had committed nothing have left no trace, and come again.
   */
  private endInterrupted(): void {
    const { alertHistory, clock } = this.instance;
    const interrupted = alertHistory.all().filter((run) => run.state === "EXECUTING");
    if (interrupted.length === 0) return;
    const cancel = clock.alarm(clock.now(), async () => {
      this.once.delete(cancel);
      for (const run of interrupted) {
        const error = { errorCode: "000604", errorMessage: "The service ended while the action ran." };
        await this.guarded(() =>
          alertHistory.keep({ ...run, ...error, state: "ACTION_FAILED", completedOn: clock.now() }),
        );
      }
    });
    this.once.add(cancel);
  }

  private async guarded(body: () => Promise<unknown>): Promise<void> {
    try {
      await body();
    } catch (error) {
      if (!this.stopped) this.onError(error);
    }
  }

  /** Runs an alert once whatever it does now has ended: it never runs twice at a time. */
  private run(alert: Alert, occasion: AlertOccasion, failure?: unknown): Promise<void> {
    const before = this.running.get(alert.id) ?? Promise.resolve();
    const run = before.then(() => this.guarded(() => this.runs.run(alert, occasion, failure)));
    this.running.set(alert.id, run);
    return run.then(() => {
      if (this.running.get(alert.id) === run) this.running.delete(alert.id);
    });
  }

  private newRun(alert: Alert, scheduledFrom: AlertScheduledFrom, scheduledTime: Microseconds): AlertRun {
    return newAlertRun(this.instance.catalog, alert, { scheduledFrom, scheduledTime });
  }

  /** A run that comes while the alert runs follows it. Source: "EXECUTE ALERT", usage notes. */
  private request(run: AlertRun): void {
    const { clock, catalog, alertHistory } = this.instance;
    const cancel = clock.alarm(clock.now(), async () => {
      this.once.delete(cancel);
      const alert = catalog.object(run.objectId);
      if (alert?.kind === "ALERT" && alert.droppedOn === undefined) await this.run(alert, { run });
      else await this.guarded(() => alertHistory.keep({ ...run, state: "CANCELLED", completedOn: clock.now() }));
    });
    this.once.add(cancel);
  }

  private started(): Alert[] {
    return this.instance.catalog.list("ALERT").filter((alert) => alert.started);
  }

  /** Follows the catalog: the alarm for the next scheduled run, and whether anybody waits for new data. */
  private arm(): void {
    if (this.stopped) return;
    const started = this.started();
    const times = started.flatMap((alert) => this.nextRun(alert) ?? []);
    const next = times.length === 0 ? undefined : Math.min(...times);
    if (next !== this.armedFor) {
      this.cancelTick?.();
      this.armedFor = next;
      this.cancelTick = next === undefined ? undefined : this.instance.clock.alarm(next, () => this.tick(next));
    }
    const waiting = started.some(isOnNewData);
    if (waiting && !this.stopListening) {
      this.stopListening = this.instance.storage.dataChanges.listen(() => this.lookAt(this.instance.clock.now()));
      this.lookAt(this.instance.clock.now());
    } else if (!waiting) {
      this.stopListening?.();
      this.stopListening = undefined;
    }
  }

  /**
   * What came back (by UNDROP) or got another schedule has its next run after now, not one in the past. Times for which
   * the alarm is about to ring still count.
   */
  private passOver(): void {
    const now = this.instance.clock.now();
    if (this.armedFor === undefined || this.armedFor > now) this.doneUntil = Math.max(this.doneUntil, now);
  }

  private nextRun(alert: Alert): Microseconds | undefined {
    return nextRun(alert, Math.max(this.doneUntil, alert.resumedOn ?? 0));
  }

  private async tick(at: Microseconds): Promise<void> {
    this.armedFor = undefined;
    const due = this.started().filter((alert) => this.nextRun(alert) === at);
    // After a sleep of the machine only the latest time counts: what was missed is not made up for.
    this.doneUntil = Math.max(this.doneUntil, at, this.instance.clock.now() - LATE);
    const runs = due
      // A time that comes while the alert still runs is left out.
      .filter((alert) => !this.running.has(alert.id))
      .map((alert) => this.run(alert, { run: this.newRun(alert, "SCHEDULE", at) }));
    // Other times go on while these run.
    this.arm();
    await Promise.all(runs);
  }

  /** Looks for new data at a time, or at one before it for which a look is due already. */
  private lookAt(at: Microseconds): void {
    if (this.stopped || (this.lookDue !== undefined && this.lookDue <= at)) return;
    this.cancelLook?.();
    this.lookDue = at;
    this.cancelLook = this.instance.clock.alarm(at, () => this.lookAtAll());
  }

  private async lookAtAll(): Promise<void> {
    this.lookDue = undefined;
    await this.guarded(async () => {
      await Promise.all(
        this.started()
          .filter(isOnNewData)
          .map((alert) => this.guarded(() => this.look(alert))),
      );
    });
  }

  /** Looks once at a time: two at once would find the same rows. */
  private async look(alert: Alert): Promise<void> {
    if (this.looking.has(alert.id)) {
      this.looking.set(alert.id, "again");
      return;
    }
    this.looking.set(alert.id, "once");
    try {
      await this.lookAndRun(alert);
    } finally {
      const again = this.looking.get(alert.id) === "again";
      this.looking.delete(alert.id);
      if (again) this.lookAt(this.instance.clock.now());
    }
  }

  private async lookAndRun(alert: Alert): Promise<void> {
    const now = this.instance.clock.now();
    const earliest = (this.lastRuns.get(alert.id) ?? -Infinity) + PAUSE;
    if (now < earliest) return this.lookAt(earliest);
    const found = await this.newData.look(alert);
    if (!found) return;
    this.lastRuns.set(alert.id, now);
    const occasion = { run: this.newRun(alert, "TRIGGER", now), newRows: found.newRows };
    await this.run(alert, occasion, found.failure);
  }
}

/** An alert without a schedule runs when there is new data. */
function isOnNewData(alert: Alert): boolean {
  return alert.schedule === null;
}
