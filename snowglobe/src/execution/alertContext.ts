import type { RunRecord } from "../account/alertRunRecord";
import type { Microseconds } from "../time";

/** The rows that an alert on new data looks at: those inserted between two versions, in place of all of the source's. */
export interface NewRows {
  /** Id of the table or view that the condition names. */
  readonly sourceId: number;
  /** Version after which rows are new. */
  readonly from: number;
  /** Version up to which they are looked at. */
  readonly to: number;
}

/** What the statements of a running alert know of its run. */
export interface AlertContext {
  readonly conditionQueryId: string;
  readonly scheduledTime: Microseconds;
  /** Of the last run that ended TRIGGERED or CONDITION_FALSE; null: none. */
  readonly lastSuccessfulScheduledTime: Microseconds | null;
  /** While the condition of an alert on new data is evaluated. */
  readonly newRows?: NewRows;
  /** While the action runs. */
  readonly record?: RunRecord;
}
