/** What the command line accepts, and what each command is called with. The commands themselves are replaced. */
import { CommanderError } from "commander";
import { createProgram } from "../../cli/program";
import { UsageError } from "../../cli/errors";
import { fakeContext, fakePaths, removeFolders } from "./support/context";

const run = jest.fn<Promise<unknown>, [unknown, unknown, unknown?]>();

/** What stands for a file of commands: its functions tell that they were called, and with what. */
function mockCalled(...names: string[]): Record<string, unknown> {
  const called =
    (name: string) =>
    (_context: unknown, ...args: unknown[]) =>
      run(name, ...(args as [unknown, unknown?]));
  return Object.fromEntries(names.map((name) => [name, called(name)]));
}
jest.mock("../../cli/commands/up", () => mockCalled("up"));
jest.mock("../../cli/commands/preview", () => mockCalled("preview"));
jest.mock("../../cli/commands/refresh", () => mockCalled("refresh"));
jest.mock("../../cli/commands/class", () => mockCalled("classUp", "classLoad", "classScenario", "classDestroy"));
jest.mock("../../cli/commands/classLook", () => mockCalled("classStatus", "classDashboard"));
jest.mock("../../cli/commands/destroy", () => mockCalled("destroy"));
jest.mock("../../cli/commands/status", () => mockCalled("status"));
jest.mock("../../cli/commands/load", () => mockCalled("load"));
jest.mock("../../cli/commands/dashboard", () => mockCalled("dashboard"));
jest.mock("../../cli/commands/dbt", () => mockCalled("runDbt"));
jest.mock("../../cli/commands/pulumi", () => mockCalled("runPulumi"));
jest.mock("../../cli/commands/doctor", () => mockCalled("doctor"));
jest.mock("../../cli/commands/scenario", () => mockCalled("scenario"));
jest.mock("../../cli/commands/sql", () => mockCalled("sql"));
jest.mock("../../cli/commands/test", () => mockCalled("test"));
jest.mock("../../cli/commands/bench", () => mockCalled("bench"));
jest.mock("../../cli/commands/proof", () => mockCalled("proof"));
jest.mock("../../cli/commands/local", () =>
  mockCalled("localStart", "localStop", "localStatus", "localReset", "localLogs"),
);
jest.mock("../../cli/commands/localEnv", () => mockCalled("localEnv"));

const jsonOf: boolean[] = [];

async function call(...args: string[]): Promise<number> {
  const { command, exitCode } = createProgram((json) => {
    jsonOf.push(json);
    return fakeContext({ paths });
  });
  command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const sub of [command, ...command.commands, ...command.commands.flatMap((c) => c.commands)])
    sub.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  await command.parseAsync(args, { from: "user" });
  return exitCode();
}

let paths: ReturnType<typeof fakePaths>;
beforeAll(() => {
  paths = fakePaths();
});
afterAll(removeFolders);
beforeEach(() => {
  run.mockReset().mockResolvedValue(0);
  jsonOf.length = 0;
});

const stack = { target: "local" };
const switches = { yes: false, json: false, expectNoChanges: false };
const worksheet = {
  ...{ ...stack, file: undefined, query: undefined, format: "table" },
  ...{ step: false, shell: false, continueOnError: false },
};

test.each<[string[], string, ...unknown[]]>([
  [["up"], "up", { ...stack, ...switches }],
  [["up", "--yes", "--attendee", "alice"], "up", { ...stack, ...switches, yes: true, attendee: "alice" }],
  [["up", "--target=account", "-y"], "up", { ...switches, yes: true, target: "account" }],
  [["preview", "--diff"], "preview", { ...stack, ...switches, diff: true, markdown: false }],
  [
    ["preview", "--expect-no-changes"],
    "preview",
    { ...stack, ...switches, diff: false, markdown: false, expectNoChanges: true },
  ],
  [
    ["preview", "--markdown", "--base", "origin/main"],
    "preview",
    { ...stack, ...switches, diff: false, markdown: true, base: "origin/main" },
  ],
  [["refresh", "--expect-no-changes"], "refresh", { ...stack, ...switches, expectNoChanges: true }],
  [["destroy", "--yes"], "destroy", { ...stack, ...switches, yes: true, force: false }],
  [["destroy", "--force"], "destroy", { ...stack, ...switches, force: true }],
  [["doctor", "--json"], "doctor", { ...stack, json: true }],
  [["scenario", "errors"], "scenario", { ...stack, scenario: "errors", fast: false, yes: false }],
  [
    ["scenario", "all", "--fast", "--yes", "--source", "loans.csv"],
    "scenario",
    { ...stack, scenario: "all", fast: true, yes: true, source: "loans.csv" },
  ],
  [
    ["doctor", "--target", "account", "--connection", "dev"],
    "doctor",
    { target: "account", connection: "dev", json: false },
  ],
  [["sql", "sql/script.sql"], "sql", { ...worksheet, file: "sql/script.sql" }],
  [["sql", "-"], "sql", { ...worksheet, file: "-" }],
  [["sql", "-q", "select 1", "--format", "csv"], "sql", { ...worksheet, query: "select 1", format: "csv" }],
  [
    ["sql", "a.sql", "--step", "--shell", "--continue-on-error"],
    "sql",
    { ...worksheet, file: "a.sql", step: true, shell: true, continueOnError: true },
  ],
  [["status"], "status", { ...stack, json: false }],
  [["dashboard"], "dashboard", { ...stack, port: 8440, intervalSeconds: 5, open: undefined }],
  [
    ["dashboard", "--port", "0", "--interval", "30", "--no-open", "--attendee", "bob"],
    "dashboard",
    { ...stack, attendee: "bob", port: 0, intervalSeconds: 30, open: false },
  ],
  [["dashboard", "--open"], "dashboard", { ...stack, port: 8440, intervalSeconds: 5, open: true }],
  [["local", "start"], "localStart", {}],
  [["local", "start", "--port", "0"], "localStart", { port: 0 }],
  [["local", "status", "--json"], "localStatus", { json: true }],
  [["local", "reset", "--state"], "localReset", { yes: false, state: true }],
  [["local", "logs", "-f"], "localLogs", { follow: true }],
  [["test", "--quick"], "test", { quick: true, args: [] }],
  [["test", "tests/cli", "--quick", "-t", "x"], "test", { quick: true, args: ["tests/cli", "-t", "x"] }],
  [["bench", "up"], "bench", "up", { json: false }],
  [["bench", "refresh", "--max-rows", "1000", "--json"], "bench", "refresh", { json: true, maxRows: 1000 }],
  [["bench", "results", "--json"], "bench", "results", { json: true }],
  [["bench", "refresh", "--budgets"], "bench", "refresh", { json: false, budgets: true }],
  [["dbt", "build", "--select", "a", "--json"], "runDbt", stack, ["build", "--select", "a", "--json"]],
  [["dbt", "--attendee", "bob", "run", "-x"], "runDbt", { ...stack, attendee: "bob" }, ["run", "-x"]],
  [["dbt", "--version"], "runDbt", stack, ["--version"]],
  [["dbt", "--help"], "runDbt", stack, ["--help"]],
  [["pulumi", "up", "--yes", "--stack", "local"], "runPulumi", stack, ["up", "--yes", "--stack", "local"]],
  [["pulumi", "--target", "account", "login", "--help"], "runPulumi", { target: "account" }, ["login", "--help"]],
  [["local", "env"], "localEnv"],
])("%j", async (args, ...expected) => {
  await call(...args);
  expect(run.mock.calls).toEqual([expected]);
});

test("load passes on what the loader understands", async () => {
  await call("load", "--states", "CA,NY", "--source", "x.csv", "--json");
  expect(run).toHaveBeenCalledWith("load", expect.objectContaining({ states: "CA,NY", source: "x.csv", json: true }));
  expect(jsonOf).toEqual([true]);
});

test.each([["up"], ["doctor"], ["sql"]])(
  "a connection is for the account target, and has a plain name: %s",
  async (name) => {
    await expect(call(name, "--connection", "dev")).rejects.toThrow(UsageError);
    await expect(call(name, "--target", "account", "--connection", "$(x)")).rejects.toThrow(UsageError);
    expect(run).not.toHaveBeenCalled();
  },
);

test("--attendee is taken wherever it stands", async () => {
  for (const args of [
    ["--attendee", "ada", "status"],
    ["status", "--attendee", "ada"],
  ]) {
    await call(...args);
    expect(run).toHaveBeenLastCalledWith("status", { attendee: "ada", target: "local", json: false });
  }
  const choice = { attendee: "ada", target: "local" };
  for (const args of [
    ["dbt", "--attendee", "ada", "ls", "--quiet"],
    ["dbt", "ls", "--attendee", "ada", "--quiet"],
    ["--attendee", "ada", "dbt", "ls", "--quiet"],
    ["dbt", "ls", "--quiet", "--attendee=ada"],
  ]) {
    await call(...args);
    expect(run).toHaveBeenLastCalledWith("runDbt", choice, ["ls", "--quiet"]);
  }
  await expect(call("--attendee", "ada", "local", "status")).rejects.toThrow("says nothing to ./workshop status");
  await expect(call("destroy", "--all", "--attendee", "ada")).rejects.toThrow(UsageError);
});

test("results of sql in another form than tables have standard output to themselves", async () => {
  await call("sql", "-q", "select 1", "--format", "json");
  await call("sql", "-q", "select 1");
  await call("preview", "--markdown");
  expect(jsonOf).toEqual([true, false, true]);
});

test.each([
  ["load"],
  ["doctor"],
  ["scenario", "all"],
  ["sql"],
  ["dbt", "build"],
  ["pulumi", "up"],
  ["local", "status"],
  ["test"],
  ["bench", "up"],
  ["class", "up", "--attendees", "3"],
  ["destroy", "--all"],
])("the exit code of %s is the command's", async (...args) => {
  run.mockResolvedValue(3);
  expect(await call(...args)).toBe(3);
});

test.each([
  [["frobnicate"]],
  [["up", "--target", "moon"]],
  [["up", "extra"]],
  [["up", "--attendee"]],
  [["local", "start", "--port", "http"]],
  [["local", "start", "--port", "65536"]],
  [["bench", "down"]],
  [["bench", "refresh", "--max-rows", "0"]],
  [["dashboard", "--interval", "0"]],
  [["sql", "a.sql", "--format", "xml"]],
  [["scenario"]],
  [["scenario", "everything"]],
  [[]],
])("%j is refused as a wrong command line", async (args) => {
  await expect(call(...args)).rejects.toThrow(CommanderError);
  expect(run).not.toHaveBeenCalled();
});

test.each(["1st", "with-hyphen", "a".repeat(21), "select", ""])("attendee %j is refused", async (attendee) => {
  await expect(call("up", `--attendee=${attendee}`)).rejects.toThrow(UsageError);
  expect(run).not.toHaveBeenCalled();
});
