import { Cron } from "croner";
import type { Task } from "../catalog/objects";
import { compilationError } from "../errors";
import { isTimezone } from "../timezone";
import type { Microseconds } from "../time";

/** When a task runs. Source: "CREATE TASK", SCHEDULE. */
export type Schedule =
  | { readonly kind: "interval"; readonly seconds: number }
  | { readonly kind: "cron"; readonly pattern: string; readonly timezone: string };

/** Seconds in the units of an interval, by their first letter. */
const UNITS: Readonly<Record<string, number>> = { S: 1, M: 60, H: 3600 };
/** Shortest and longest interval in seconds. Source: "CREATE TASK": 10 seconds to 8 days. */
const SHORTEST = 10;
const LONGEST = 691_200;
/** Shortest and longest TARGET_COMPLETION_INTERVAL in seconds. Source: "CREATE TASK": 10 seconds to 24 hours. */
const LONGEST_TARGET = 86_400;

const INTERVAL = /^\s*(\d{1,9})\s+(SECONDS?|S|MINUTES?|M|HOURS?|H)\s*$/i;

/**
 * Reads SCHEDULE: `5 MINUTES`, `USING CRON 0 9 * * MON America/Los_Angeles`.
 * @throws SnowflakeError for anything else
 */
export function parseSchedule(text: string): Schedule {
  const seconds = intervalSeconds(text);
  if (seconds !== undefined) {
    if (seconds < SHORTEST || seconds > LONGEST) throw invalidSchedule(text);
    return { kind: "interval", seconds };
  }
  const cron = /^\s*USING\s+CRON\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(\S+)\s*$/i.exec(text);
  if (!cron || !isTimezone(cron[2]!)) throw invalidSchedule(text);
  const schedule: Schedule = { kind: "cron", pattern: cron[1]!, timezone: cron[2]! };
  try {
    if (!cronOf(schedule).nextRun(new Date(0))) throw invalidSchedule(text);
  } catch {
    throw invalidSchedule(text);
  }
  return schedule;
}

/** @throws SnowflakeError for a TARGET_COMPLETION_INTERVAL that is none */
export function requireTargetInterval(text: string): void {
  const seconds = intervalSeconds(text);
  if (seconds === undefined || seconds < SHORTEST || seconds > LONGEST_TARGET) {
    throw compilationError(`Invalid target completion interval '${text}'`, "001008", "22023");
  }
}

function intervalSeconds(text: string): number | undefined {
  const match = INTERVAL.exec(text);
  return match ? Number(match[1]) * UNITS[match[2]!.charAt(0).toUpperCase()]! : undefined;
}

function invalidSchedule(text: string): Error {
  return compilationError(
    `Invalid schedule '${text}'. Use '<n> SECONDS | MINUTES | HOURS' or 'USING CRON <minute hour day month weekday> <time zone>'.`,
    "001008",
    "22023",
  );
}

function cronOf(schedule: Extract<Schedule, { kind: "cron" }>): Cron {
  return new Cron(schedule.pattern, { timezone: schedule.timezone, paused: true });
}

/**
 * When a started task (or alert) is due next; undefined where it has no schedule.
 *
 * @param now only times after it count
 */
export function nextRun(
  task: Pick<Task, "started" | "schedule" | "resumedOn">,
  now: Microseconds,
): Microseconds | undefined {
  if (!task.started || task.schedule === null) return undefined;
  const schedule = parseSchedule(task.schedule);
  if (schedule.kind === "cron") {
    const next = cronOf(schedule).nextRun(new Date(Math.floor(now / 1000)));
    return next ? next.getTime() * 1000 : undefined;
  }
  const period = schedule.seconds * 1e6;
  const base = task.resumedOn ?? 0;
  return base + (Math.floor(Math.max(0, now - base) / period) + 1) * period;
}
