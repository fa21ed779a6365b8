import type { WorkshopNames } from "./naming";

/**
 * Statements that show a new environment at work, in the order in which to try them.
 *
 * @param options `monitoring`: whether failures are captured
 */
export function firstLook(names: WorkshopNames, options: { monitoring: boolean }): string[] {
  const { analyticsDatabase: database } = names;
  const loansByState = `${database}.${names.loansByStateSchema}.LOANS_BY_STATE`;
  return [
    `SHOW DYNAMIC TABLES IN DATABASE ${database}`,
    `SELECT * FROM ${loansByState}__DYNAMIC`,
    `SELECT * FROM ${loansByState}__STANDARD`,
    `SELECT * FROM ${database}.${names.failuresSchema}.${names.failuresView}`,
    `SELECT NAME, STATE, REFRESH_ACTION, DATA_TIMESTAMP, STATISTICS ` +
      `FROM TABLE(${database}.INFORMATION_SCHEMA.DYNAMIC_TABLE_REFRESH_HISTORY()) ` +
      `ORDER BY DATA_TIMESTAMP DESC LIMIT 10`,
    ...(options.monitoring
      ? [
          `SELECT * FROM ${database}.${names.analyticsSchema}.${names.errorsTable}`,
          `SELECT NAME, STATE, ERROR_MESSAGE, SCHEDULED_TIME, COMPLETED_TIME ` +
            `FROM TABLE(${database}.INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => '${names.captureTask}')) ` +
            `ORDER BY SCHEDULED_TIME DESC LIMIT 10`,
        ]
      : []),
  ];
}
