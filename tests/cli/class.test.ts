/** The class: who is in it, how many at a time, what is shown. Its commands have a test of their own with the engine. */
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { Board } from "../../cli/class/board";
import { reasonOf } from "../../cli/class/memberRun";
import { defaultParallel, pool } from "../../cli/class/pool";
import { readRoster } from "../../cli/class/roster";
import { checkClassSize, type Machine } from "../../cli/doctor/classSize";
import { fakeContext, newFolder, recordedTerminal, removeFolders } from "./support/context";

afterEach(removeFolders);

const never = new AbortController().signal;

describe("roster", () => {
  test("a number, names, or a file", () => {
    expect(readRoster("3", "/").attendees).toEqual(["attendee01", "attendee02", "attendee03"]);
    expect(readRoster("120", "/").attendees.at(-1)).toBe("attendee120");
    expect(readRoster("ada, Bob", "/").attendees).toEqual(["ada", "Bob"]);
    const folder = newFolder();
    writeFileSync(path.join(folder, "class.csv"), '\uFEFFfull name,Attendee\n"Lovelace, Ada",ada\n\nBob,bob\n');
    expect(readRoster("class.csv", folder)).toEqual({ attendees: ["ada", "bob"], unusedColumns: ["full name"] });
  });

  test.each([
    ["attendee\nada\n9lives\n", /class\.csv, line 3: '9lives' must start with a letter/],
    ["attendee\nada\nAda\n", /class\.csv, line 3: 'Ada' is there twice/],
    ["name\nada\n", /class\.csv has no column 'attendee'/],
    ["attendee\n", /class\.csv names nobody/],
    ['attendee\n"ada\n', /class\.csv cannot be read as CSV/],
  ])("refuses %j and says where", (content, message) => {
    const folder = newFolder();
    writeFileSync(path.join(folder, "class.csv"), content);
    expect(() => readRoster("class.csv", folder)).toThrow(message);
  });

  test.each(["0", "201", "no-such.csv", "ada,,bob", ""])("refuses %j", (text) => {
    expect(() => readRoster(text, newFolder())).toThrow(/--attendees/);
  });
});

describe("pool", () => {
  test("never more at a time than allowed; results in the items' order", async () => {
    let atWork = 0;
    let most = 0;
    const results = await pool([5, 1, 3, 2, 4], 2, never, async (item) => {
      most = Math.max(most, ++atWork);
      for (let i = 0; i < item; i++) await Promise.resolve();
      atWork--;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 30, 20, 40]);
    expect(most).toBe(2);
  });

  test("after an interruption no further one is begun", async () => {
    const controller = new AbortController();
    const begun: number[] = [];
    await pool([1, 2, 3], 1, controller.signal, async (item) => {
      begun.push(item);
      if (item === 2) controller.abort();
    });
    expect(begun).toEqual([1, 2]);
  });

  test("by cores and free memory, one at least", () => {
    expect(defaultParallel(4, 16 * 2 ** 30)).toBe(4);
    expect(defaultParallel(4, 2 ** 30)).toBe(1);
    expect(defaultParallel(2, 0)).toBe(1);
    expect(defaultParallel(64, 256 * 2 ** 30)).toBe(8);
  });
});

describe("board", () => {
  test("without a terminal a line for each that has ended, and no control characters", () => {
    const { terminal, out, err } = recordedTerminal();
    let now = 0;
    const board = new Board(terminal, ["ada", "barbara"], () => now);
    board.begin("ada");
    board.update("ada", "dbt-build");
    now = 24_000;
    board.end("ada", true, "74 created");
    board.begin("barbara");
    board.end("barbara", false, "exit status 1");
    board.finish();
    expect(out()).toBe("✓ ada           24 s  74 created\n✗ barbara      0.0 s  exit status 1\n");
    expect(err()).toBe("");
  });
});

test.each([
  [
    ["+ Warehouse", "./workshop up failed:", "  dbt-build: exit status 1", "See dbt's summary above"],
    "dbt-build: exit status 1",
  ],
  [["./workshop up failed: snowglobe ended in the midst of it"], "snowglobe ended in the midst of it"],
  [["There is no stack local-ada."], "There is no stack local-ada."],
])("the reason among %j", (lines, reason) => {
  expect(reasonOf(lines)).toBe(reason);
});

describe("doctor --class", () => {
  const about = (attendees: number, machine: Machine, isLocal = true): string[] =>
    checkClassSize(fakeContext(), attendees, isLocal, machine).map(({ check, status }) => `${check} ${status}`);

  test("says how many at a time, and what is too little for how many", () => {
    const plenty = { cores: 4, freeMb: 16_000, freeDiskMb: 50_000 };
    expect(about(30, plenty)).toEqual(["class ok", "class memory ok", "class disk ok"]);
    expect(about(30, { ...plenty, freeMb: 2_000 })).toEqual(["class ok", "class memory warn", "class disk ok"]);
    expect(about(30, { ...plenty, freeDiskMb: 1_000 })).toEqual(["class ok", "class memory ok", "class disk fail"]);
    // In an account the environments are elsewhere.
    expect(about(30, { ...plenty, freeMb: 3_000, freeDiskMb: 1_000 }, false)).toEqual([
      "class ok",
      "class memory ok",
      "class disk ok",
    ]);
  });
});
