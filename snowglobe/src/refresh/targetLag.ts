import type { TargetLag } from "../catalog/objects";
import { compilationError } from "../errors";

/** Shortest lag, in seconds. Source: "Set the target lag for a dynamic table". */
const SHORTEST = 60;

const UNITS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

/** Reads `'5 minutes'` or DOWNSTREAM. @throws SnowflakeError for anything else, and for less than 60 seconds */
export function parseTargetLag(text: string): TargetLag {
  if (/^\s*downstream\s*$/i.test(text)) return { kind: "DOWNSTREAM" };
  const match = /^\s*(\d+)\s+(second|minute|hour|day)s?\s*$/i.exec(text);
  if (!match) {
    throw compilationError(
      `Invalid value '${text}' for TARGET_LAG: use '<num> { seconds | minutes | hours | days }' or DOWNSTREAM.`,
      "001008",
      "22023",
    );
  }
  const count = Number(match[1]);
  const unit = match[2]!.toLowerCase();
  const seconds = count * UNITS[unit]!;
  if (seconds < SHORTEST) {
    throw compilationError(`Target lag '${text}' is too short: the minimum is ${SHORTEST} seconds.`, "001008", "22023");
  }
  return { kind: "TIME", seconds, text: `${count} ${unit}${count === 1 ? "" : "s"}` };
}

/** As SHOW DYNAMIC TABLES prints it. */
export function targetLagText(lag: TargetLag | null): string | null {
  if (lag === null) return null;
  return lag.kind === "DOWNSTREAM" ? "DOWNSTREAM" : lag.text;
}

/** As the columns TARGET_LAG_TYPE print it. */
export function targetLagType(lag: TargetLag | null): "USER_DEFINED" | "DOWNSTREAM" | null {
  return lag && (lag.kind === "TIME" ? "USER_DEFINED" : "DOWNSTREAM");
}

/** As the columns TARGET_LAG_SEC print it. */
export function targetLagSeconds(lag: TargetLag | null): number | null {
  return lag?.kind === "TIME" ? lag.seconds : null;
}

/** Seconds between the ticks of the finest schedule. */
export const FINEST_PERIOD = 48;

/**
 * Seconds between the scheduled refreshes of a table with this lag: 48 s times a power of two, at most four fifths of
 * the lag, so that a refresh has time to run. All periods divide each other, so tables of a pipeline meet at the same
 * data timestamps. The documentation speaks of heuristics only; a lag of one minute is seen to refresh every 48 s.
 */
export function refreshPeriod(lagSeconds: number): number {
  let period = FINEST_PERIOD;
  while (period * 2 <= lagSeconds * 0.8) period *= 2;
  return period;
}
