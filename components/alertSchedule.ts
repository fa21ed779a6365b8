import { cronProblem } from "./cron";

/** When a scheduled alert runs. Snowflake documentation: "CREATE ALERT", SCHEDULE. */
export type AlertSchedule =
  | { readonly minutes: number }
  /** Five fields, and the name of a time zone. */
  | { readonly cron: string; readonly timeZone: string };

/** 8 days. Snowflake documentation: "CREATE ALERT", SCHEDULE. */
const MOST_MINUTES = 11_520;

/**
 * Reads a schedule: `5 minutes`, or `USING CRON 0 8 * * MON UTC`.
 *
 * @returns the schedule; or why it cannot be used, to follow the text in a message
 */
export function alertScheduleFrom(text: string): AlertSchedule | string {
  const [, interval] = /^([1-9]\d*) minutes?$/i.exec(text.replace(/\s+/g, " ")) ?? [];
  if (interval !== undefined) {
    const minutes = Number(interval);
    return minutes <= MOST_MINUTES ? { minutes } : `is too long: Snowflake allows ${MOST_MINUTES} minutes`;
  }
  const [, cron, timeZone] = /^USING CRON ((?:[\w*,/-]+ ){4}[\w*,/-]+) ([A-Za-z]\w*(?:\/[\w+-]+)*)$/i.exec(text) ?? [];
  if (cron === undefined || timeZone === undefined)
    return "must be a time such as '5 minutes', or 'USING CRON 0 8 * * * UTC'";
  const problem = cronProblem(cron);
  if (problem !== undefined) return problem;
  if (!isTimeZone(timeZone))
    return `has '${timeZone}', which is no time zone: take one such as America/Los_Angeles or UTC`;
  return { cron, timeZone };
}

/** Whether a zone is one of the tz database's. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The schedule as CREATE ALERT takes it, without the quotes. */
export function alertScheduleText(schedule: AlertSchedule): string {
  return "minutes" in schedule ? `${schedule.minutes} MINUTE` : `USING CRON ${schedule.cron} ${schedule.timeZone}`;
}
