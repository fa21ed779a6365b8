import { compilationError } from "../../errors";
import { parseSchedule } from "../../execution/schedule";

const MINUTES = /^\s*\d{1,5}\s+(MINUTES?|M)\s*$/i;
const CRON = /^\s*USING\s+CRON\s/i;

/**
 * Checks SCHEDULE of an alert: `5 MINUTE` (up to 11520, 8 days) or `USING CRON 0 9 * * MON America/Los_Angeles`; other
 * units than a task's it has not. Source: "CREATE ALERT".
 *
 * @throws SnowflakeError for anything else
 */
export function requireAlertSchedule(text: string): void {
  try {
    if (MINUTES.test(text) || CRON.test(text)) {
      parseSchedule(text);
      return;
    }
  } catch {
    // Said below.
  }
  throw compilationError(
    `Invalid schedule '${text}'. Use '<n> MINUTE', from 1 to 11520, or 'USING CRON <minute hour day month weekday> <time zone>'.`,
    "001008",
    "22023",
  );
}
