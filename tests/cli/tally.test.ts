/** How the test command counts. */
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { add, formatTally, NOTHING, one, readResults, tallyGo, tallyJest } from "../../cli/test/tally";
import { newFolder, removeFolders } from "./support/context";

afterEach(removeFolders);
const file = (passed: number, failed = 0, skipped = 0) => ({ file: "a.test.ts", passed, failed, skipped });

test.each([
  ["all passed", [file(3), file(2, 0, 1)], 0, "1 skipped\n5 passed, 0 failed"],
  ["one failed", [file(3, 1)], 1, "3 passed, 1 failed"],
  ["jest crashed after passes", [file(3)], 1, "3 passed, 1 failed"],
  ["jest crashed at once", [], 1, "0 passed, 1 failed"],
  ["no test at all", [], 0, "0 passed, 1 failed"],
  ["only skipped ones", [file(0, 0, 4)], 0, "4 skipped\n0 passed, 1 failed"],
])("%s", (_, results, exitCode, expected) => {
  expect(formatTally(tallyJest(results, exitCode))).toBe(expected);
});

test("a line that a crash cut short is left out", () => {
  const results = path.join(newFolder(), "results");
  writeFileSync(results, `${JSON.stringify(file(2))}\n{"file":"b`);
  expect(readResults(results)).toEqual([file(2)]);
});

test("Go's tests are counted, packages are not", () => {
  const lines = [
    { Action: "run", Test: "TestA" },
    { Action: "pass", Test: "TestA" },
    { Action: "fail", Test: "TestB" },
    { Action: "skip", Test: "TestC" },
    { Action: "fail" },
  ].map((event) => JSON.stringify(event));
  expect(tallyGo(["go: downloading x", ...lines, ""].join("\n"))).toEqual({ passed: 1, failed: 1, skipped: 1 });
});

test("sums", () => {
  expect(add(one(true), add(one(false), NOTHING))).toEqual({ passed: 1, failed: 1, skipped: 0 });
});
