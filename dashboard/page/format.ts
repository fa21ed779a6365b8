/** Numbers and times for people, in the browser's language and time zone. */

/** The zone in which all times are shown, as `Europe/Berlin`. */
export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const NUMBER = new Intl.NumberFormat();
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const SHORT_CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function formatNumber(value: number): string {
  return NUMBER.format(value);
}

/** `1 row`, `2 rows`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

export function formatClock(time: string | number): string {
  return CLOCK.format(new Date(time));
}

export function formatShortClock(time: number): string {
  return SHORT_CLOCK.format(new Date(time));
}

/** With its date; for titles. */
export function formatFull(time: string): string {
  return FULL.format(new Date(time));
}

/** `8 s`, `2 min`, `2 min 05 s`, `3 h 20 min`, `2 d 4 h`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${pad(whole % 60)} s` : ""}`;
  const minutes = Math.round(whole / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
  return `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`;
}

/** As an axis says it, in the largest unit that fits without a fraction: `80 s`, `2 min`, `3 h`. */
export function formatAxisSeconds(seconds: number): string {
  if (seconds > 0 && seconds % 3_600 === 0) return `${formatNumber(seconds / 3_600)} h`;
  if (seconds > 0 && seconds % 60 === 0) return `${formatNumber(seconds / 60)} min`;
  return `${formatNumber(seconds)} s`;
}

/** How long before `now` a time was: `just now`, `12 s ago`, `in 30 s`. */
export function formatAgo(time: string, now: string): string {
  const seconds = (Date.parse(now) - Date.parse(time)) / 1000;
  if (Math.abs(seconds) < 1) return "just now";
  return seconds > 0 ? `${formatSeconds(seconds)} ago` : `in ${formatSeconds(-seconds)}`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
