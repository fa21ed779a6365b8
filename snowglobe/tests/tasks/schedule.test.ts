import type { Task } from "../../src/catalog/objects";
import { nextRun, parseSchedule } from "../../src/execution/schedule";

const at = (text: string): number => Date.parse(text) * 1000;

function task(schedule: string | null, resumedOn: string, started = true): Task {
  return { schedule, started, resumedOn: at(resumedOn) } as Task;
}

test.each([
  ["5 MINUTES", 300],
  ["1 minute", 60],
  ["10 SECONDS", 10],
  ["2 h", 7200],
])("%s is an interval", (text, seconds) => {
  expect(parseSchedule(text)).toEqual({ kind: "interval", seconds });
});

test.each([
  "9 SECONDS",
  "5",
  "0 MINUTES",
  "11521 MINUTES",
  "USING CRON * * * * *",
  "USING CRON 61 * * * * UTC",
  "USING CRON * * * * * Mars/Base",
])("%s is refused", (text) => {
  expect(() => parseSchedule(text)).toThrow(`Invalid schedule '${text}'`);
});

test.each([
  ["5 MINUTES", "2026-01-05T12:00:30Z", "2026-01-05T12:00:30Z", "2026-01-05T12:05:30Z"],
  ["5 MINUTES", "2026-01-05T12:00:30Z", "2026-01-05T12:05:29.999Z", "2026-01-05T12:05:30Z"],
  ["5 MINUTES", "2026-01-05T12:00:30Z", "2026-01-05T12:05:30Z", "2026-01-05T12:10:30Z"],
  ["USING CRON 0 9 * * * America/Los_Angeles", "2026-01-05T00:00:00Z", "2026-01-05T00:00:00Z", "2026-01-05T17:00:00Z"],
  // The morning on which the clocks go forward.
  ["USING CRON 0 9 * * * America/Los_Angeles", "2026-01-05T00:00:00Z", "2026-03-08T00:00:00Z", "2026-03-08T16:00:00Z"],
  ["USING CRON 0 0 L * * UTC", "2026-01-05T00:00:00Z", "2026-02-01T00:00:00Z", "2026-02-28T00:00:00Z"],
  // Day of the month or day of the week, when both are given.
  ["USING CRON 0 0 13 * FRI UTC", "2026-01-05T00:00:00Z", "2026-01-05T00:00:00Z", "2026-01-09T00:00:00Z"],
])("%s resumed at %s: after %s comes %s", (schedule, resumed, now, next) => {
  expect(nextRun(task(schedule, resumed), at(now))).toBe(at(next));
});

test("a suspended task and one without a schedule are never due", () => {
  expect(nextRun(task("5 MINUTES", "2026-01-05T12:00:00Z", false), at("2026-01-05T12:00:00Z"))).toBeUndefined();
  expect(nextRun(task(null, "2026-01-05T12:00:00Z"), at("2026-01-05T12:00:00Z"))).toBeUndefined();
});
