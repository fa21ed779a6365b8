import { randomUUID } from "node:crypto";
import type { Alert } from "../catalog/objects";
import type { Session } from "../session/session";
import { openSystemSession } from "../session/systemSession";
import type { AlertContext, NewRows } from "../execution/alertContext";
import { carriesRecord } from "../statements/alert/actionEffects";
import type { AlertMove, AlertRun, AlertRunState } from "../account/alertHistory";
import { mayRun } from "../statements/alert/alertPrivileges";
import { RunRecord } from "../account/alertRunRecord";
import type { Instance } from "../execution/instance";
import type { StatementResult } from "../account/result";
import { translateDuckDbError } from "../translate";

/** What an alert runs for. */
export interface AlertOccasion {
  /** As it stands in the history, if EXECUTE ALERT has asked for it. */
  readonly run: AlertRun;
  /** Of an alert on new data. */
  readonly newRows?: NewRows;
}

/**
 * Runs alerts once: condition, action, and what the history says of it. Source: "Setting up alerts based on data in
 * Snowflake".
 *
 * An alert on new data moves past its rows with its action's first commit, so that they are acted upon once, whatever
 * happens to the process; when the condition fails it stays, and sees them again together with the next ones.
 */
export class AlertRuns {
  constructor(
    private readonly instance: Instance,
    /** Aborted when the service ends: a run that is under way is left as it is. */
    private readonly signal: AbortSignal,
  ) {}

  /** @param failure of what precedes the condition: the run fails with it */
  async run(alert: Alert, occasion: AlertOccasion, failure?: unknown): Promise<void> {
    const run: AlertRun = { ...occasion.run, state: "EXECUTING", conditionQueryId: randomUUID() };
    this.instance.alertHistory.begin(run);
    const refusal = mayRun(this.instance, alert);
    if (refusal) return this.end(run, "FAILED", occasion, refusal);
    if (failure !== undefined) return this.end(run, "CONDITION_FAILED", occasion, failure);
    const session = openSystemSession(this.instance, alert, alert.warehouse);
    try {
      await this.evaluate(alert, run, occasion, session);
    } finally {
      // Rolls back what the action left open, drops its temporary objects.
      await session.close();
    }
  }

  private async evaluate(alert: Alert, begun: AlertRun, occasion: AlertOccasion, session: Session): Promise<void> {
    const { alertHistory } = this.instance;
    const known: AlertContext = {
      conditionQueryId: begun.conditionQueryId!,
      scheduledTime: begun.scheduledTime,
      lastSuccessfulScheduledTime: alertHistory.lastSuccess(alert.id),
    };
    const { newRows } = occasion;
    session.state.alert = { ...known, ...(newRows && { newRows }) };
    let found: StatementResult;
    try {
      found = await this.execute(session, alert.condition, known.conditionQueryId);
    } catch (error) {
      return this.end(begun, "CONDITION_FAILED", occasion, error);
    }
    if (found.total === 0) return this.end(begun, "CONDITION_FALSE", occasion);
    const run: AlertRun = { ...begun, actionQueryId: randomUUID() };
    alertHistory.begin(run);
    const record = new RunRecord(alertHistory, run, newRows && moveOf(run, newRows));
    if (!carriesRecord(alert.action)) await record.keep();
    session.state.alert = { ...known, record };
    try {
      await this.execute(session, alert.action, run.actionQueryId!);
    } catch (error) {
      return this.end(run, "ACTION_FAILED", occasion, error);
    }
    return this.end(run, "TRIGGERED", occasion);
  }

  private execute(session: Session, sqlText: string, queryId: string): Promise<StatementResult> {
    return session.execute({ sqlText, queryId, describeOnly: false, signal: this.signal });
  }

  private async end(run: AlertRun, state: AlertRunState, { newRows }: AlertOccasion, error?: unknown): Promise<void> {
    if (this.signal.aborted) return;
    const { alertHistory, clock } = this.instance;
    const looked = state !== "FAILED" && state !== "CONDITION_FAILED";
    const move = newRows && looked ? moveOf(run, newRows) : undefined;
    if (state === "CONDITION_FALSE" && move) {
      // The history of alerts on new data has no such rows. Source: "ALERT_HISTORY", STATE.
      alertHistory.forget(run);
      return alertHistory.keep(undefined, move);
    }
    const told = error === undefined ? undefined : translateDuckDbError(error);
    const ended: AlertRun = {
      ...run,
      state,
      errorCode: told?.code ?? null,
      errorMessage: told?.message ?? null,
      completedOn: clock.now(),
    };
    return alertHistory.keep(ended, move);
  }
}

function moveOf(run: AlertRun, newRows: NewRows): AlertMove {
  return { alertId: run.objectId, version: newRows.to };
}
