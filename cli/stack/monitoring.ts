import type { ResultRow } from "../../loader/connection";
import type { WorkshopNames } from "../../components/naming";
import { cellText } from "./cellText";

/** What watches the stack's dynamic tables, as SHOW and the history tell of it. */
export interface MonitoringStatus {
  /** `stale`: it cannot be read any more, as after its dynamic table was replaced. */
  readonly stream?: { readonly name: string; readonly of: string; readonly stale: boolean };
  /** `reason`: why it was suspended, where Snowflake says so. */
  readonly task?: { readonly name: string; readonly state: string; readonly reason?: string };
  /** `schedule`: undefined for an alert on new data. */
  readonly alert?: { readonly name: string; readonly state: string; readonly schedule?: string };
  /** The last mails, newest first; undefined where asking would wake the warehouse. */
  readonly mails?: readonly Mail[];
}

export interface Mail {
  /** ISO 8601. */
  readonly createdOn: string;
  /** As in NOTIFICATION_HISTORY: QUEUED, SUCCESS, FAILED ... */
  readonly status: string;
  readonly error?: string;
}

/** How many mails to show. */
const LAST_MAILS = 3;

/**
 * Asks what watches the dynamic tables.
 *
 * @param show runs a statement; no rows where it fails
 * @param options `costsNothing`: whether a query may start the warehouse, as on the local target; else mails are asked for
 *   only where the warehouse runs anyway
 */
export async function readMonitoring(
  show: (statement: string) => Promise<readonly ResultRow[]>,
  names: WorkshopNames,
  options: { costsNothing: boolean },
): Promise<MonitoringStatus> {
  const schema = `${names.analyticsDatabase}.${names.analyticsSchema}`;
  const one = async (kind: string, name: string, where = ` IN SCHEMA ${schema}`): Promise<ResultRow | undefined> =>
    (await show(`SHOW ${kind} LIKE '${name}'${where}`)).find((row) => row.name === name);
  const [stream, task, alert, warehouse] = await Promise.all([
    one("STREAMS", names.stream),
    one("TASKS", names.captureTask),
    one("ALERTS", names.errorAlert),
    one("WAREHOUSES", names.warehouse, ""),
  ]);
  const mayAsk = alert !== undefined && (options.costsNothing || warehouse?.state === "STARTED");
  return {
    ...(stream ? { stream: streamFrom(stream) } : {}),
    ...(task ? { task: taskFrom(task) } : {}),
    ...(alert ? { alert: alertFrom(alert) } : {}),
    ...(mayAsk ? { mails: (await show(mailsOf(names))).map(mailFrom) } : {}),
  };
}

/** Snowflake documentation: "NOTIFICATION_HISTORY". */
function mailsOf({ analyticsDatabase, emailIntegration }: WorkshopNames): string {
  return (
    `SELECT CREATED, STATUS, ERROR_MESSAGE FROM TABLE(${analyticsDatabase}.INFORMATION_SCHEMA.NOTIFICATION_HISTORY(` +
    `INTEGRATION_NAME => '${emailIntegration}', RESULT_LIMIT => ${LAST_MAILS})) ORDER BY CREATED DESC`
  );
}

function streamFrom(row: ResultRow): MonitoringStatus["stream"] {
  // Text in some accounts, a BOOLEAN in others.
  return { name: cellText(row.name), of: cellText(row.table_name), stale: cellText(row.stale) === "true" };
}

function taskFrom(row: ResultRow): MonitoringStatus["task"] {
  const reason = row.last_suspended_reason;
  const suspended = row.state !== "started" && reason;
  return { name: cellText(row.name), state: cellText(row.state), ...(suspended ? { reason: cellText(reason) } : {}) };
}

function alertFrom(row: ResultRow): MonitoringStatus["alert"] {
  return {
    name: cellText(row.name),
    state: cellText(row.state),
    ...(row.schedule ? { schedule: cellText(row.schedule) } : {}),
  };
}

function mailFrom(row: ResultRow): Mail {
  return {
    createdOn: new Date(cellText(row.CREATED)).toISOString(),
    status: cellText(row.STATUS),
    ...(row.ERROR_MESSAGE ? { error: cellText(row.ERROR_MESSAGE) } : {}),
  };
}
