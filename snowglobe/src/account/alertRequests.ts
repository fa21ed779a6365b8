import type { AlertRun } from "./alertHistory";

/** From EXECUTE ALERT to whoever runs alerts. */
export class AlertRequests {
  private listener: ((run: AlertRun) => void) | undefined;

  onRequest(listener: ((run: AlertRun) => void) | undefined): void {
    this.listener = listener;
  }

  /** @param run is in the history, so that it is not lost with the process */
  request(run: AlertRun): void {
    this.listener?.(run);
  }
}
