import type { ResultRow } from "../../loader/connection";
import { quoted } from "../names";
import type { Mail, Refresh, Run } from "../snapshot";
import type { Reader } from "./read";
import { count, instant, optionalText, text } from "./values";

/** Rows that are asked for. Refreshes: a table with a target lag of one minute has 75 in an hour. */
const REFRESHES = 500;
const RUNS = 100;
const MAILS = 30;

/**
 * Refreshes of a database's dynamic tables within the last day, newest first. Snowflake documentation:
 * "DYNAMIC_TABLE_REFRESH_HISTORY".
 */
export async function readRefreshes(reader: Reader, database: string): Promise<readonly Refresh[]> {
  const rows = await reader.read(
    `SELECT SCHEMA_NAME, NAME, STATE, STATE_MESSAGE, REFRESH_ACTION, REFRESH_TRIGGER, DATA_TIMESTAMP, ` +
      `REFRESH_START_TIME, REFRESH_END_TIME, STATISTICS:numInsertedRows::NUMBER AS INSERTED, ` +
      `STATISTICS:numDeletedRows::NUMBER AS DELETED ` +
      `FROM TABLE(${quoted(database)}.INFORMATION_SCHEMA.DYNAMIC_TABLE_REFRESH_HISTORY(RESULT_LIMIT => ${REFRESHES})) ` +
      `ORDER BY DATA_TIMESTAMP DESC, REFRESH_START_TIME DESC`,
  );
  return rows.flatMap((row) => {
    const dataTimestamp = instant(row.DATA_TIMESTAMP);
    return dataTimestamp ? [refresh(row, dataTimestamp)] : [];
  });
}

function refresh(row: ResultRow, dataTimestamp: string): Refresh {
  return {
    schema: text(row.SCHEMA_NAME),
    table: text(row.NAME),
    state: text(row.STATE),
    action: optionalText(row.REFRESH_ACTION),
    trigger: text(row.REFRESH_TRIGGER),
    dataTimestamp,
    startedAt: instant(row.REFRESH_START_TIME),
    endedAt: instant(row.REFRESH_END_TIME),
    inserted: count(row.INSERTED),
    deleted: count(row.DELETED),
    message: optionalText(row.STATE_MESSAGE),
  };
}

/** Runs of a database's tasks, newest first, the next one included. Snowflake documentation: "TASK_HISTORY". */
export async function readTaskRuns(reader: Reader, database: string): Promise<readonly Run[]> {
  const rows = await reader.read(
    `SELECT NAME, SCHEMA_NAME, STATE, SCHEDULED_FROM, SCHEDULED_TIME, COMPLETED_TIME, ERROR_MESSAGE AS MESSAGE ` +
      `FROM TABLE(${quoted(database)}.INFORMATION_SCHEMA.TASK_HISTORY(RESULT_LIMIT => ${RUNS})) ` +
      `WHERE DATABASE_NAME = '${database}' ORDER BY SCHEDULED_TIME DESC`,
  );
  return rows.map(run);
}

/** Runs of a database's alerts, newest first. Snowflake documentation: "ALERT_HISTORY". */
export async function readAlertRuns(reader: Reader, database: string): Promise<readonly Run[]> {
  const rows = await reader.read(
    `SELECT NAME, SCHEMA_NAME, STATE, SCHEDULED_FROM, SCHEDULED_TIME, COMPLETED_TIME, SQL_ERROR_MESSAGE AS MESSAGE ` +
      `FROM TABLE(${quoted(database)}.INFORMATION_SCHEMA.ALERT_HISTORY(RESULT_LIMIT => ${RUNS})) ` +
      `WHERE DATABASE_NAME = '${database}' ORDER BY SCHEDULED_TIME DESC`,
  );
  return rows.map(run);
}

function run(row: ResultRow): Run {
  return {
    name: text(row.NAME),
    schema: text(row.SCHEMA_NAME),
    state: text(row.STATE),
    from: optionalText(row.SCHEDULED_FROM),
    scheduledAt: instant(row.SCHEDULED_TIME) ?? "",
    completedAt: instant(row.COMPLETED_TIME),
    message: optionalText(row.MESSAGE),
  };
}

/**
 * Mails of an integration within the last day, newest first. Snowflake tells neither recipients nor bodies.
 * Documentation: "NOTIFICATION_HISTORY".
 */
export async function readMails(reader: Reader, database: string, integration: string): Promise<readonly Mail[]> {
  const rows = await reader.read(
    `SELECT ID, CREATED, INTEGRATION_NAME, STATUS, ERROR_MESSAGE ` +
      `FROM TABLE(${quoted(database)}.INFORMATION_SCHEMA.NOTIFICATION_HISTORY(` +
      `INTEGRATION_NAME => '${integration}', RESULT_LIMIT => ${MAILS})) ORDER BY CREATED DESC`,
  );
  return rows.map((row) => ({
    id: text(row.ID),
    createdAt: instant(row.CREATED) ?? "",
    integration: text(row.INTEGRATION_NAME),
    status: text(row.STATUS),
    message: optionalText(row.ERROR_MESSAGE),
  }));
}
