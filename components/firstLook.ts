import type { Environment, WorkshopNames } from "./naming";

/** Statements that show a new environment at work, in the order in which to try them. */
export function firstLook(names: WorkshopNames, environment: Environment): string[] {
  const schema = (layer: string): string =>
    `${names.analyticsDatabase}.${environment === "prd" ? layer : names.analyticsSchema}`;
  const analytics = schema("L3_LOAN_ANALYTICS");
  return [
    `SHOW DYNAMIC TABLES IN DATABASE ${names.analyticsDatabase}`,
    `SELECT * FROM ${analytics}.LOANS_BY_STATE__DYNAMIC`,
    `SELECT * FROM ${analytics}.LOANS_BY_STATE__STANDARD`,
    `SELECT * FROM ${schema("L1_OBSERVE")}.STG_TEST_FAILURES`,
    `SELECT NAME, STATE, REFRESH_ACTION, DATA_TIMESTAMP, STATISTICS ` +
      `FROM TABLE(${names.analyticsDatabase}.INFORMATION_SCHEMA.DYNAMIC_TABLE_REFRESH_HISTORY()) ` +
      `ORDER BY DATA_TIMESTAMP DESC LIMIT 10`,
  ];
}
