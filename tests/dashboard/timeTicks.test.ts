/** Labels of the lag charts' time axis. That they are drawn: page.long.test.ts. */
import { timeTicks } from "../../dashboard/page/timeTicks";

const at = (clock: string): number => Date.parse(`2026-01-05T${clock}Z`);
const labels = (start: string, end: string): string[] =>
  timeTicks(at(start), at(end)).values.map((value) => new Date(value).toISOString().slice(11, 19));

test.each([
  ["12:00:07", "12:01:07", ["12:00:15", "12:00:30", "12:00:45", "12:01:00"]],
  ["12:00:00", "12:02:00", ["12:00:00", "12:00:30", "12:01:00", "12:01:30", "12:02:00"]],
  ["12:00:07", "12:04:40", ["12:01:00", "12:02:00", "12:03:00", "12:04:00"]],
  ["12:03:00", "13:03:00", ["12:15:00", "12:30:00", "12:45:00", "13:00:00"]],
  ["00:30:00", "23:30:00", ["06:00:00", "12:00:00", "18:00:00"]],
])("from %s to %s", (start, end, expected) => {
  expect(labels(start, end)).toEqual(expected);
});

test("seconds are shown where minutes alone would repeat themselves", () => {
  expect(timeTicks(at("12:00:00"), at("12:02:30")).needSeconds).toBe(true);
  expect(timeTicks(at("12:00:00"), at("12:05:00")).needSeconds).toBe(false);
});

test("a week has a label a day or two", () => {
  const week = timeTicks(at("12:00:00"), at("12:00:00") + 7 * 86_400_000);
  expect(week.values.map((value) => new Date(value).getUTCDate())).toEqual([7, 9, 11]);
});

test("without any time there is at most one label", () => {
  expect(timeTicks(at("12:00:01"), at("12:00:01")).values).toEqual([]);
});
