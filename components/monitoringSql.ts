/**
 * The statements that task and alert run, and how they are shown. Pure.
 *
 * All names are unquoted identifiers in upper case (naming.ts), and no address holds a quote (recipients.ts).
 */
import type { WorkshopNames } from "./naming";

/** Most failures that one mail lists. */
const MOST_IN_MAIL = 20;

/** Qualified names of what is watched and of what watches it. */
export interface MonitoringObjects {
  readonly database: string;
  readonly schema: string;
  readonly stagingTable: string;
  readonly failuresView: string;
  readonly stream: string;
  readonly errorsTable: string;
  readonly captureTask: string;
  readonly errorAlert: string;
}

/** Where the monitoring's objects lie. */
export function monitoringObjects(names: WorkshopNames): MonitoringObjects {
  const { analyticsDatabase: database, analyticsSchema: schema } = names;
  const own = (name: string): string => `${database}.${schema}.${name}`;
  return {
    database,
    schema,
    stagingTable: `${database}.${names.stagingSchema}.${names.stagingTable}`,
    failuresView: `${database}.${names.failuresSchema}.${names.failuresView}`,
    stream: own(names.stream),
    errorsTable: own(names.errorsTable),
    captureTask: own(names.captureTask),
    errorAlert: own(names.errorAlert),
  };
}

/** When the task has something to do. Snowflake documentation: "Triggered tasks". */
export function captureCondition({ stream }: MonitoringObjects): string {
  return `SYSTEM$STREAM_HAS_DATA('${stream}')`;
}

/**
 * What the task does: the failures as they are now replace those of before, and the stream moves on, all three or none.
 * Without the transaction a failure midway would leave the table empty, and the stream unread or read for nothing.
 *
 * Snowflake documentation: "Introduction to streams", data flow; "Transactions".
 */
export function captureBody({ stream, failuresView, errorsTable }: MonitoringObjects): string {
  return `BEGIN
  BEGIN TRANSACTION;
  DELETE FROM ${errorsTable};
  INSERT INTO ${errorsTable} (TEST_NAME, COUNT_FAILED, ERROR_STATE, WARNING_STATE, TESTED_MODELS)
    SELECT TEST_NAME, COUNT_FAILED, ERROR_STATE, WARNING_STATE, TESTED_MODELS
    FROM ${failuresView}
    WHERE COUNT_FAILED > 0;
  -- A stream moves on when DML reads it, whatever the statement keeps of it.
  INSERT INTO ${errorsTable} (TEST_NAME) SELECT METADATA$ACTION FROM ${stream} WHERE FALSE;
  COMMIT;
EXCEPTION
  WHEN OTHER THEN
    ROLLBACK;
    RAISE;
END`;
}

export const ERRORS_TABLE_COMMENT = "Workshop: the data tests that fail";

/** The table of failures, with the columns of the view they come from. The alert needs its changes. */
export function createErrorsTable({ errorsTable }: MonitoringObjects): string {
  return `CREATE OR REPLACE TABLE ${errorsTable} (
  TEST_NAME VARCHAR,
  COUNT_FAILED NUMBER(38, 0),
  ERROR_STATE VARCHAR,
  WARNING_STATE VARCHAR,
  TESTED_MODELS VARIANT
)
CHANGE_TRACKING = TRUE
COMMENT = '${ERRORS_TABLE_COMMENT}'`;
}

/** What the alert looks for. One on new data may read one table only, without a join or a common table expression. */
export function alertCondition({ errorsTable }: MonitoringObjects): string {
  return `SELECT TEST_NAME, COUNT_FAILED FROM ${errorsTable}`;
}

/**
 * What the alert does: one mail with the failures, the biggest first. It reads the table, not the condition's result: for
 * that the owner would need the database role SNOWFLAKE.ALERT_VIEWER, and the task fills the table as a whole anyway.
 * Failures that are gone by now are not mailed.
 *
 * Snowflake documentation: "SYSTEM$SEND_SNOWFLAKE_NOTIFICATION", "EMAIL_INTEGRATION_CONFIG".
 */
export function alertAction(
  { errorsTable, database, schema }: MonitoringObjects,
  mail: { readonly integration: string; readonly recipients: readonly string[] },
): string {
  const plain = (column: string): string => `REPLACE(REPLACE(${column}, '&', '&amp;'), '<', '&lt;')`;
  return `DECLARE
  failures VARCHAR;
BEGIN
  SELECT LISTAGG('<li><b>' || ${plain("TEST_NAME")} || '</b> in '
      || ${plain("ARRAY_TO_STRING(TESTED_MODELS::ARRAY, ', ')")} || ', failures: ' || COUNT_FAILED || '</li>')
      WITHIN GROUP (ORDER BY COUNT_FAILED DESC)
    INTO :failures
    FROM (SELECT * FROM ${errorsTable} ORDER BY COUNT_FAILED DESC LIMIT ${MOST_IN_MAIL});
  IF (failures <> '') THEN
    CALL SYSTEM$SEND_SNOWFLAKE_NOTIFICATION(
      SNOWFLAKE.NOTIFICATION.TEXT_HTML(
        '<p>Data tests fail after a refresh of the dynamic tables in ${database}.${schema}:</p><ul>' || :failures || '</ul>'
      ),
      SNOWFLAKE.NOTIFICATION.EMAIL_INTEGRATION_CONFIG(
        '${mail.integration}',
        'Data tests fail in ${database}.${schema}',
        ARRAY_CONSTRUCT(${mail.recipients.map((address) => `'${address}'`).join(", ")}),
        NULL,
        NULL
      )
    );
  END IF;
END`;
}

/**
 * A query that shows columns of one object as text; no row where it is not there. It looks in the whole account, since a
 * look into a schema that is not there would be an error.
 *
 * @param kind in the plural, as SHOW takes it
 * @param columns of SHOW's result
 */
export function showOne(
  kind: "STREAMS" | "TABLES" | "TASKS" | "ALERTS" | "USERS",
  name: string,
  columns: readonly string[],
  inSchema?: Pick<MonitoringObjects, "database" | "schema">,
): string {
  const [where, place] = inSchema
    ? [" IN ACCOUNT", ` AND "database_name" = '${inSchema.database}' AND "schema_name" = '${inSchema.schema}'`]
    : ["", ""];
  // Some are BOOLEAN in one place and text in another.
  const items = columns.map((column) => `TO_VARCHAR("${column}") AS "${column}"`);
  return `SHOW ${kind} LIKE '${name}'${where} ->> SELECT ${items.join(", ")} FROM $1 WHERE "name" = '${name}'${place}`;
}
