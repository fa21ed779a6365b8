import type { RunSql } from "../catalog/change";
import type { Storage } from "../storage";
import type { AlertPositions } from "./alertPositions";
import { documents, type Keeping, type StoredRow } from "./keeping";
import type { Microseconds } from "../time";

/** Rows are kept this long. Source: "ALERT_HISTORY". */
const KEPT: Microseconds = 7 * 86_400 * 1e6;

/** Source: "ALERT_HISTORY", STATE. */
export type AlertRunState =
  | "SCHEDULED"
  | "EXECUTING"
  | "FAILED"
  | "CANCELLED"
  | "CONDITION_FALSE"
  | "CONDITION_FAILED"
  | "ACTION_FAILED"
  | "TRIGGERED";
export type AlertScheduledFrom = "SCHEDULE" | "EXECUTE ALERT" | "TRIGGER";

/** One run of one alert. */
export interface AlertRun {
  readonly id: string;
  readonly objectId: number;
  readonly name: string;
  readonly schemaName: string;
  readonly databaseName: string;
  readonly condition: string;
  readonly conditionQueryId: string | null;
  readonly action: string;
  /** null until the action begins. */
  readonly actionQueryId: string | null;
  readonly state: AlertRunState;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly scheduledTime: Microseconds;
  readonly completedOn: Microseconds | null;
  readonly scheduledFrom: AlertScheduledFrom;
}

/** Where an alert on new data goes with a run. */
export interface AlertMove {
  readonly alertId: number;
  readonly version: number;
}

/**
 * What alerts did: runs that ended, those whose action has committed something, and those that EXECUTE ALERT has asked for
 * are in the data file.
 */
export class AlertHistory implements Keeping {
  readonly table = {
    name: "alert_history",
    columns: "scheduled BIGINT, id VARCHAR, doc VARCHAR",
  };
  private readonly runs = new Map<string, AlertRun>();

  constructor(
    private readonly storage: Storage,
    private readonly positions: AlertPositions,
  ) {}

  load(rows: readonly StoredRow[]): void {
    const found = documents<AlertRun>(rows);
    found.sort((a, b) => a.scheduledTime - b.scheduledTime);
    for (const run of found) this.runs.set(run.id, run);
  }

  /** Shows a run that has just begun. */
  begin(run: AlertRun): void {
    this.runs.set(run.id, run);
  }

  /** Shows a run no more that came to nothing. */
  forget(run: AlertRun): void {
    this.runs.delete(run.id);
  }

  /**
   * Keeps a run's new state; with it, in one commit, where the alert stands.
   *
   * @param run undefined: the alert moves without a run
   */
  async keep(run: AlertRun | undefined, move?: AlertMove): Promise<void> {
    const committed = (): void => this.publish(run, move);
    await this.storage.write(undefined, { committed }, async (writer) => {
      await this.persist(run, move, (sql, values) => writer.run(sql, values as never));
    });
  }

  /** Writes as `keep` does, in a transaction of the caller's. `publish` must follow when it has committed. */
  async persist(run: AlertRun | undefined, move: AlertMove | undefined, sql: RunSql): Promise<void> {
    if (run) {
      await sql("DELETE FROM catalog.alert_history WHERE id = ?", [run.id]);
      await sql("INSERT INTO catalog.alert_history VALUES (?, ?, ?)", [
        BigInt(Math.floor(run.scheduledTime)),
        run.id,
        JSON.stringify(run),
      ]);
    }
    if (move) await this.positions.persist(move.alertId, move.version, sql);
  }

  publish(run: AlertRun | undefined, move: AlertMove | undefined): void {
    if (run) this.runs.set(run.id, run);
    if (move) this.positions.publish(move.alertId, move.version);
  }

  async forgetOld(now: Microseconds, run: RunSql): Promise<void> {
    const oldest = now - KEPT;
    for (const one of this.runs.values()) if (one.scheduledTime < oldest) this.runs.delete(one.id);
    await run("DELETE FROM catalog.alert_history WHERE scheduled < ?", [BigInt(Math.floor(oldest))]);
  }

  /** When the alert's last run without an error was due; null: none. Source: "LAST_SUCCESSFUL_SCHEDULED_TIME". */
  lastSuccess(alertId: number): Microseconds | null {
    let last: Microseconds | null = null;
    for (const run of this.runs.values()) {
      if (run.objectId !== alertId || (run.state !== "TRIGGERED" && run.state !== "CONDITION_FALSE")) continue;
      if (last === null || run.scheduledTime > last) last = run.scheduledTime;
    }
    return last;
  }

  all(): readonly AlertRun[] {
    return [...this.runs.values()];
  }
}
