import { lagLine, lagSeconds, lagsOf } from "../../dashboard/lag";
import type { ShownDynamicTable } from "../../dashboard/reads/metadata";
import type { Refresh } from "../../dashboard/snapshot";

const T0 = Date.UTC(2026, 0, 5, 12);
const at = (seconds: number): string => new Date(T0 + 1000 * seconds).toISOString();

const table = (name: string, targetLag: string, dataAt: number | undefined): ShownDynamicTable => ({
  database: "D",
  schema: "S",
  name,
  rows: 1,
  bytes: 1,
  targetLag,
  refreshMode: "FULL",
  schedulingState: "ACTIVE",
  ...(dataAt === undefined ? {} : { dataTimestamp: at(dataAt) }),
});

const refresh = (name: string, dataAt: number, endedAt: number, state = "SUCCEEDED"): Refresh => ({
  schema: "S",
  table: name,
  state,
  action: "FULL",
  trigger: "SCHEDULED",
  dataTimestamp: at(dataAt),
  endedAt: at(endedAt),
});

test.each([
  ["1 minute", 60],
  ["2 hours", 7_200],
  ["90 seconds", 90],
  ["3 days", 259_200],
  ["DOWNSTREAM", undefined],
])("target lag %s", (text, seconds) => {
  expect(lagSeconds(text)).toBe(seconds);
});

test("a lag grows with time and falls with each refresh to what that refresh took", () => {
  const completions = [
    { at: T0 + 2_000, dataTime: T0 },
    { at: T0 + 49_000, dataTime: T0 + 48_000 },
  ];
  expect(lagLine(completions, T0 - 60_000, T0 + 60_000)).toEqual([
    { at: at(2), lagSeconds: 2 },
    { at: at(49), lagSeconds: 49 },
    { at: at(49), lagSeconds: 1 },
    { at: at(60), lagSeconds: 12 },
  ]);
});

test("a line that begins before the window enters it at its height", () => {
  const completions = [
    { at: T0, dataTime: T0 },
    { at: T0 + 50_000, dataTime: T0 + 50_000 },
  ];
  expect(lagLine(completions, T0 + 20_000, T0 + 60_000)[0]).toEqual({ at: at(20), lagSeconds: 20 });
  expect(lagLine(completions.slice(0, 1), T0 + 20_000, T0 + 60_000)).toEqual([
    { at: at(20), lagSeconds: 20 },
    { at: at(60), lagSeconds: 60 },
  ]);
});

test("each table gets its own refreshes, DOWNSTREAM the shortest target, and a failed refresh no new data", () => {
  const tables = [table("STG", "DOWNSTREAM", 48), table("LEAF", "1 minute", 48), table("SLOW", "1 hour", undefined)];
  const refreshes = [
    refresh("LEAF", 48, 50),
    refresh("LEAF", 0, 2),
    refresh("LEAF", 96, 97, "FAILED"),
    refresh("STG", 48, 49),
  ];
  const [stg, leaf, slow] = lagsOf(tables, refreshes, new Map(), at(100));
  expect(stg).toMatchObject({ targetSeconds: 60, dataTimestamp: at(48) });
  expect(leaf!.refreshes.map(({ state }) => state)).toEqual(["SUCCEEDED", "SUCCEEDED", "FAILED"]);
  expect(leaf!.line.at(-1)).toEqual({ at: at(50), lagSeconds: 2 });
  expect(slow).toMatchObject({ targetSeconds: 3_600, line: [] });
});

test("a data timestamp that a poll saw first counts until the history tells of its refresh", () => {
  const tables = [table("LEAF", "1 minute", 48)];
  const seen = new Map([["S.LEAF", [{ dataTimestamp: at(48), seenAt: at(55) }]]]);
  const before = lagsOf(tables, [refresh("LEAF", 0, 1)], seen, at(60))[0]!;
  expect(before.line).toContainEqual({ at: at(55), lagSeconds: 7 });
  const after = lagsOf(tables, [refresh("LEAF", 0, 1), refresh("LEAF", 48, 50)], seen, at(60))[0]!;
  expect(after.line).toContainEqual({ at: at(50), lagSeconds: 2 });
  expect(after.line).not.toContainEqual({ at: at(55), lagSeconds: 7 });
});
