/** What people see: terminal, tables, the engine's events, the tally of tests. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { UsageError, UserError, Interrupted, outcomeOf } from "../../cli/errors";
import { DeploymentView, stripMarkup } from "../../cli/output/deployment";
import { clockNote } from "../../cli/output/clock";
import { formatTable } from "../../cli/output/table";
import { formatSeconds } from "../../cli/output/terminal";
import { failureText, formatSummary, hasChanges } from "../../cli/stack/operations";
import { recordedTerminal } from "./support/context";

describe("terminal", () => {
  test("lines for people go to standard output, with --json to standard error", () => {
    const plain = recordedTerminal();
    plain.terminal.say("hello");
    expect([plain.out(), plain.err()]).toEqual(["hello\n", ""]);
    const json = recordedTerminal({ json: true });
    json.terminal.say("hello");
    json.terminal.result({ a: 1 });
    expect([JSON.parse(json.out()), json.err()]).toEqual([{ a: 1 }, "hello\n"]);
  });

  test.each([
    [{ isTTY: true, env: {} }, true],
    [{ isTTY: true, env: { NO_COLOR: "1" } }, false],
    [{ isTTY: true, env: { TERM: "dumb" } }, false],
    [{ isTTY: false, env: {} }, false],
    [{ isTTY: false, env: { FORCE_COLOR: "1" } }, true],
    [{ isTTY: false, env: { FORCE_COLOR: "0" } }, false],
    [{ isTTY: false, env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, false],
  ])("colours of %j", (options, colored) => {
    expect(recordedTerminal(options).terminal.colors.isColorSupported).toBe(colored);
  });

  test("where nobody can answer, a question is refused", async () => {
    const { terminal } = recordedTerminal();
    await expect(terminal.confirm("Sure?")).rejects.toThrow(
      new UsageError("--yes must be passed in non-interactive mode"),
    );
  });

  test("a quick step leaves no line; a long one tells now and then, without a terminal in whole lines", () => {
    let now = 0;
    const { terminal, out, err } = recordedTerminal();
    terminal.step("quick", () => now).done();
    expect(out()).toBe("");
    const step = terminal.step("dbt", () => now);
    step.update("1 of 50 packages");
    now = 1_500;
    step.update("10 of 50 packages");
    now = 3_000;
    step.update("20 of 50 packages");
    now = 12_000;
    step.update("30 of 50 packages");
    now = 12_400;
    step.done();
    expect(out()).toBe("  dbt: 10 of 50 packages (1.5 s)\n  dbt: 30 of 50 packages (12 s)\n✓ dbt (12 s)\n");
    expect(err()).toBe("");
  });

  test("on a terminal the step stands in the last line, and lines appear above it", () => {
    let now = 0;
    const { terminal, out, err } = recordedTerminal({ isTTY: true, env: { NO_COLOR: "1" } });
    const step = terminal.step("dbt", () => now);
    now = 1_000;
    step.update("5 of 50 packages");
    terminal.say("a line");
    step.fail();
    expect(out()).toBe("a line\n");
    const line = "  dbt: 5 of 50 packages (1.0 s)";
    expect(err()).toBe(`${line}\r\x1b[2K${line}\r\x1b[2K`);
  });

  test.each([
    [0, "0.0 s"],
    [9_940, "9.9 s"],
    [9_960, "10 s"],
    [99_400, "99 s"],
    [99_600, "1 min 40 s"],
    [185_000, "3 min 05 s"],
  ])("%i ms is %s", (milliseconds, text) => {
    expect(formatSeconds(milliseconds)).toBe(text);
  });
});

test("a table has plain columns, numbers to the right", () => {
  expect(
    formatTable(
      ["table", "rows", ""],
      [
        ["LOANS.PERSONAL_LOANS", 42535, "on"],
        ["A", 7, undefined],
      ],
    ),
  ).toBe("  table                   rows\n  LOANS.PERSONAL_LOANS  42,535  on\n  A                          7");
});

describe("the engine's events", () => {
  const urn = (type: string, name: string): string => `urn:pulumi:local::project::${type}::${name}`;
  const step = (op: string, type: string, name: string, more: object = {}): object => ({
    op,
    type,
    urn: urn(type, name),
    provider: "",
    new: { custom: true },
    ...more,
  });
  const WAREHOUSE = "snowflake:index/warehouse:Warehouse";
  const show = (...events: object[]): { view: DeploymentView; out: string } => {
    let now = 0;
    const { terminal, out } = recordedTerminal();
    const view = new DeploymentView(terminal, () => (now += 1_000));
    for (const event of events) view.handle(event as EngineEvent);
    view.finish();
    return { view, out: out() };
  };

  test("a change is a line with its kind, name and time", () => {
    const { view, out } = show(
      { resourcePreEvent: { metadata: step("create", WAREHOUSE, "warehouse") } },
      { resOutputsEvent: { metadata: step("create", WAREHOUSE, "warehouse") } },
    );
    expect(out).toMatch(/^ {2}\+ snowflake Warehouse {20}warehouse {28}created \(\d\.0 s\)\n$/);
    expect(view.changes).toEqual([
      { op: "create", type: WAREHOUSE, name: "warehouse", urn: urn(WAREHOUSE, "warehouse") },
    ]);
  });

  test("an update names what differs", () => {
    const metadata = step("update", WAREHOUSE, "warehouse", { diffs: ["warehouseSize", "comment"] });
    expect(show({ resOutputsEvent: { metadata } }).out).toMatch(/~ .*updated \[warehouseSize, comment\]\n$/);
  });

  test("a plan says what would be done; a replacement's three steps are one line", () => {
    const steps = ["create-replacement", "replace", "delete-replaced"].map((op) => ({
      resourcePreEvent: { metadata: step(op, WAREHOUSE, "warehouse", { diffs: ["name"] }), planning: true },
    }));
    const { view, out } = show(...steps);
    expect(out).toMatch(/^ {2}± .*to replace \[name\]\n$/);
    expect(view.changes).toMatchObject([{ op: "replace", name: "warehouse", diffs: ["name"] }]);
  });

  test("what is the same, groups, providers and the stack are left out", () => {
    const { view, out } = show(
      { resOutputsEvent: { metadata: step("same", WAREHOUSE, "warehouse") } },
      { resOutputsEvent: { metadata: step("create", "workshop:index:Warehouse", "w", { new: { custom: false } }) } },
      { resOutputsEvent: { metadata: step("create", "pulumi:providers:snowflake", "default") } },
      { resOutputsEvent: { metadata: step("create", "pulumi:pulumi:Stack", "s", { new: { custom: false } }) } },
    );
    expect(out).toBe("");
    expect(view.changes).toEqual([]);
  });

  test("a command's lines bear its name; the engine's own talk is left out", () => {
    const say = (severity: string, message: string, more: object = {}): object => ({
      diagnosticEvent: { severity, message, color: "raw", urn: urn("command:local:Command", "dbt-build"), ...more },
    });
    const { out } = show(
      say("info", "<{%reset%}>Done. PASS=5<{%reset%}>\n"),
      say("info#err", "a word on stderr\n"),
      say("debug", "noise\n"),
      say("info", "passing\n", { ephemeral: true }),
      say("warning", "beware\n"),
    );
    expect(out).toBe("      dbt-build │ Done. PASS=5\n      dbt-build │ a word on stderr\n  ! dbt-build: beware\n");
  });

  test("failures are kept with their resource", () => {
    const { view, out } = show(
      { resOpFailedEvent: { metadata: step("create", WAREHOUSE, "warehouse"), status: 0, steps: 1 } },
      { diagnosticEvent: { severity: "error", message: "no such size\n", urn: urn(WAREHOUSE, "warehouse") } },
      { diagnosticEvent: { severity: "error", message: "update failed", urn: urn("pulumi:pulumi:Stack", "s") } },
    );
    expect(out).toMatch(/✗ snowflake Warehouse +warehouse +failed\n/);
    expect(view.failures).toEqual([
      { resource: "warehouse", urn: urn(WAREHOUSE, "warehouse"), message: "no such size" },
    ]);
    expect(view.failedCreates).toMatchObject([{ op: "create", urn: urn(WAREHOUSE, "warehouse") }]);
  });
});

test("markup of the engine and of terminals is removed", () => {
  expect(stripMarkup("<{%fg 1%}>red<{%reset%}> \x1b[31mred\x1b[0m")).toBe("red red");
});

describe("failures in words", () => {
  test("dbt's names its summary", () => {
    expect(
      failureText(
        "up",
        [{ resource: "dbt-build", message: "exit status 1: running ...\nlong\noutput\nmore\nstill" }],
        "",
      ),
    ).toBe(
      "./workshop up failed:\n  dbt-build: exit status 1: running ... long output more\n" +
        "See dbt's summary above; look closer with ./workshop dbt build --select MODEL, fix it, and run it again: " +
        "./workshop up goes on from what is there.\n" +
        "If it is the data test of addr_state, other states than California are loaded: ./workshop load --states CA",
    );
  });
  test("an engine that was killed is no riddle", () => {
    expect(failureText("up", [], "code: -2\n stdout: \n stderr: \n err?: undefined\n")).toBe(
      "./workshop up failed: the Pulumi engine was ended from outside. Run it again: ./workshop up goes on from what is there.",
    );
    const told = "code: -1\n stdout: \n stderr: error: no such stack\n";
    expect(failureText("up", [], told)).toBe("./workshop up failed: no such stack");
  });

  test("of two commands at once the one that comes too late says so", () => {
    const message =
      "code: 255\n stdout: \n stderr: error: the stack is currently locked by 1 lock(s). Either wait ...\n";
    expect(failureText("up", [], message)).toBe(
      "./workshop up failed: another command works on this stack. Wait until it has ended, and run this again.",
    );
  });
  test("the provider's errors are told once, without its makers' marks", () => {
    const said = "001003 (42000): SQL compilation error";
    const failures = [
      { resource: "raw", message: `sdk-v2/provider2.go:509: sdk.helper_schema: ${said}: provider=snowflake@1.3.0` },
      { resource: "raw", message: `deleting urn:pulumi:local::p::t::raw: ${said}` },
      { resource: "raw", message: `1 error occurred:\n\t* ${said}\n\n` },
    ];
    expect(failureText("up", failures, "").split("\n").slice(0, 2)).toEqual([
      "./workshop up failed:",
      `  raw: ${said}`,
    ]);
  });
  test("a refused login says which variables", () => {
    const message = "390100 (08004): Incorrect username or password was specified.";
    const told = `update: exit status 1: running "cd x && dbt build --vars '{\\"a\\": 1}'": first\nDone. PASS=5 ERROR=1\n`;
    expect(failureText("up", [{ resource: "dbt-build", message: told }], "")).toMatch(
      /^.\/workshop up failed:\n {2}dbt-build: exit status 1: Done\. PASS=5 ERROR=1\n/,
    );
    expect(failureText("up", [{ message }], "")).toMatch(/check SNOWFLAKE_USER and SNOWFLAKE_PASSWORD/);
  });
  test("the same message of two resources is told once", () => {
    const failure = { resource: "a", message: "gone" };
    expect(failureText("up", [failure, { ...failure, resource: "b" }], "").match(/gone/g)).toHaveLength(1);
  });
  test("without a failed resource the engine's own error is told", () => {
    const words = "code: 255\n stdout: \n stderr: error: no changes were expected but changes occurred\n";
    expect(failureText("preview", [], words)).toBe(
      "./workshop preview failed: no changes were expected but changes occurred",
    );
  });
});

test("summaries", () => {
  expect(formatSummary({ create: 2, same: 15 })).toBe("2 created, 15 unchanged");
  expect(formatSummary({})).toBe("nothing to do");
  expect(hasChanges({ same: 3, read: 1 })).toBe(false);
  expect(hasChanges({ same: 3, update: 1 })).toBe(true);
});

describe("exit codes", () => {
  test.each<[string, unknown, number, string]>([
    ["a mistake to fix", new UserError("x"), 1, "x"],
    ["a wrong command line", new UsageError("x"), 2, "x"],
    ["Ctrl-C", new Interrupted("x"), 130, "x"],
    ["another part's abort", Object.assign(new Error("stopped"), { name: "AbortError" }), 130, "stopped"],
    ["another part's error", Object.assign(new Error("no engine"), { name: "EngineError" }), 1, "no engine"],
    ["no error at all", "thrown text", 1, "thrown text"],
  ])("%s", (_, error, exitCode, message) => {
    expect(outcomeOf(error)).toEqual({ exitCode, message });
  });
  test("a defect shows its stack", () => {
    expect(outcomeOf(new TypeError("x is not a function")).message).toMatch(/TypeError: x is not a function\n +at /);
  });
});

describe("a table that is too wide", () => {
  const head = ["dynamic table", "rows", "target lag"];
  const rows = [
    ["WORKSHOP.LOANS_BY_STATE__DYNAMIC", 10, "1 minute"],
    ["WORKSHOP.STG_PERSONAL_LOANS", 42_535, ""],
  ];

  test("stands upright, a line for each cell that says something", () => {
    const text = formatTable(head, rows, { width: 48 });
    expect(text).toBe(
      [
        "  dynamic table WORKSHOP.LOANS_BY_STATE__DYNAMIC",
        "    rows        10",
        "    target lag  1 minute",
        "  dynamic table WORKSHOP.STG_PERSONAL_LOANS",
        "    rows        42,535",
      ].join("\n"),
    );
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(48);
  });

  test("stays a table where there is room, and where nothing ends the lines", () => {
    expect(formatTable(head, rows, { width: 70 })).toBe(formatTable(head, rows));
    expect(formatTable(head, rows)).toMatch(/^ {2}dynamic table +rows +target lag$/m);
  });
});

test("a clock that is ahead is told, one that is not is not", () => {
  const here = Date.parse("2026-11-30T12:00:00Z");
  expect(clockNote("2026-11-30T12:15:00Z", here)).toBe(
    "its clock is 15 min 00 s ahead of this computer's, since --fast moved it: times are by it",
  );
  expect(clockNote("2026-11-30T12:00:30Z", here)).toBeUndefined();
});
