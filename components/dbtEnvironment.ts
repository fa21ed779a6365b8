import type { StagingRefreshMode } from "./config";
import type { Environment, WorkshopNames } from "./naming";

/**
 * The environment variables by which the dbt project finds its objects. The connection itself comes from SNOWFLAKE_* .
 * Paths are relative to the checkout, where dbt must be started; each attendee has a target folder of their own, so that
 * builds side by side do not disturb each other.
 *
 * @param names the environment's names
 * @param options `lag`: target lag of loans_by_state__dynamic. `stagingRefreshMode`: of stg_personal_loans. `accessRoles`: false where the account has no roles of the
 *   workshop's own; dbt then runs as the connecting role and grants nothing.
 */
export function dbtEnvironment(
  names: WorkshopNames,
  options: { environment: Environment; lag: string; stagingRefreshMode: StagingRefreshMode; accessRoles: boolean },
): Record<string, string> {
  const folder = `.workshop/dbt/${names.analyticsDatabase}`;
  return {
    ...(options.accessRoles ? { SNOWFLAKE_ROLE: names.transformerRole } : {}),
    SNOWFLAKE_WAREHOUSE: names.warehouse,
    DBT_DATABASE: names.analyticsDatabase,
    DBT_SCHEMA: names.analyticsSchema,
    DBT_TARGET: options.environment,
    // dbt takes the first as relative to its project folder, the second as relative to the current one.
    DBT_TARGET_PATH: `../${folder}/target`,
    DBT_LOG_PATH: `${folder}/logs`,
    DBT_SEND_ANONYMOUS_USAGE_STATS: "false",
    WORKSHOP_RAW_DATABASE: names.rawDatabase,
    WORKSHOP_WAREHOUSE: names.warehouse,
    WORKSHOP_ANALYST_ROLE: options.accessRoles ? names.analystRole : "",
    WORKSHOP_TARGET_LAG: options.lag,
    WORKSHOP_STAGING_REFRESH_MODE: options.stagingRefreshMode.toUpperCase(),
  };
}
