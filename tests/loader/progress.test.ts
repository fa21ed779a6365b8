import { formatBytes, formatRows, LineProgress, progressFor } from "../../loader/progress";
import { formatReport } from "../../loader/report";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [999_949, "999.9 kB"],
  [999_950, "1.0 MB"],
  [12_345_678, "12.3 MB"],
  [5e12, "5000.0 GB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test("rows are grouped by thousands", () => {
  expect(formatRows(42535)).toBe("42,535");
});

test("without a terminal: a line at each step, and one every two seconds", () => {
  let now = 0;
  const lines: string[] = [];
  const progress = new LineProgress(
    (line) => lines.push(line),
    () => now,
  );
  progress.step("Loading", 2_000_000);
  for (now = 500; now <= 4500; now += 500) progress.update(now, now * 400);
  progress.step("Copying");
  progress.finish();
  expect(lines).toEqual([
    "Loading ...",
    "Loading ... 2,000 rows, 800.0 kB (40 %)",
    "Loading ... 4,000 rows, 1.6 MB (80 %)",
    "Copying ...",
  ]);
});

test("the report for people", () => {
  const report = {
    source: "built-in sample (synthetic)",
    synthetic: true,
    target: "RAW.LOANS.PERSONAL_LOANS",
    states: ["CA"],
    rowsRead: 42_538,
    rowsLoaded: 7_429,
    rowsOfOtherStates: 35_106,
    rowsRefused: 3,
    refusals: [{ reason: "LOAN_ID is empty", rows: 3, firstRow: 17 }],
    bytes: 18_000_000,
    seconds: 1.25,
  };
  expect(formatReport(report).split("\n")).toEqual([
    "RAW.LOANS.PERSONAL_LOANS: 7,429 rows loaded in 1.3 s",
    "  source   built-in sample (synthetic), 18.0 MB",
    "  read     42,538 rows",
    "  states   CA; 35,106 rows of others left out",
    "  refused  3 rows",
    "           3: LOAN_ID is empty; first is row 17",
  ]);
});

test("on a terminal: a bar once the size is known, rows and bytes always", () => {
  let drawn = "";
  const nothing = (): boolean => true;
  const terminal = {
    isTTY: true,
    columns: 120,
    write: (text: string) => {
      drawn += text;
      return true;
    },
    clearLine: nothing,
    cursorTo: nothing,
    moveCursor: nothing,
    clearScreenDown: nothing,
  };
  const progress = progressFor(terminal as unknown as NodeJS.WriteStream);
  /** What one step draws last. */
  const step = (name: string, total: number | undefined, known: number | undefined): string => {
    drawn = "";
    progress.step(name, total);
    progress.update(42_535, 9_000_000, known);
    progress.finish();
    return drawn;
  };
  expect(step("Loading", 12_000_000, undefined)).toMatch(/Loading {6}\u2588+\u2591+ 75% 42,535 rows, 9\.0 MB/);
  expect(step("Downloading", undefined, 12_000_000)).toMatch(/Downloading {2}\u2588+\u2591+ 75% 42,535 rows, 9\.0 MB/);
  expect(step("Copying", undefined, undefined)).toMatch(/Copying {6}42,535 rows, 9\.0 MB/);
});
