/** What the command line accepts, and what each command is called with. The commands themselves are replaced. */
import { CommanderError } from "commander";
import { commands } from "../../cli/lazy";
import { createProgram } from "../../cli/program";
import { UsageError } from "../../cli/errors";
import { fakeContext, fakePaths, removeFolders } from "./support/context";

const run = jest.fn<Promise<unknown>, [unknown, unknown, unknown?]>();
jest.mock("../../cli/lazy", () => {
  const names: Record<string, readonly string[]> = {
    up: ["up"],
    preview: ["preview"],
    refresh: ["refresh"],
    destroy: ["destroy"],
    status: ["status"],
    load: ["load"],
    dbt: ["runDbt"],
    test: ["test"],
    bench: ["bench"],
    local: ["localStart", "localStop", "localStatus", "localReset", "localLogs"],
  };
  const called =
    (name: string) =>
    (_context: unknown, ...args: unknown[]) =>
      run(name, ...(args as [unknown, unknown?]));
  return {
    commands: Object.fromEntries(
      Object.entries(names).map(([file, functions]) => [
        file,
        () => Object.fromEntries(functions.map((name) => [name, called(name)])),
      ]),
    ),
  };
});

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

test.each<[string[], string, ...unknown[]]>([
  [["up"], "up", { ...stack, ...switches }],
  [["up", "--yes", "--attendee", "alice"], "up", { ...stack, ...switches, yes: true, attendee: "alice" }],
  [["up", "--target=account", "-y"], "up", { ...switches, yes: true, target: "account" }],
  [["preview", "--diff"], "preview", { ...stack, ...switches, diff: true }],
  [["preview", "--expect-no-changes"], "preview", { ...stack, ...switches, diff: false, expectNoChanges: true }],
  [["refresh", "--expect-no-changes"], "refresh", { ...stack, ...switches, expectNoChanges: true }],
  [["destroy", "--yes"], "destroy", { ...stack, ...switches, yes: true }],
  [["status"], "status", { ...stack, json: false }],
  [["local", "start"], "localStart", {}],
  [["local", "start", "--port", "0"], "localStart", { port: 0 }],
  [["local", "status", "--json"], "localStatus", { json: true }],
  [["local", "reset", "--state"], "localReset", { yes: false, state: true }],
  [["local", "logs", "-f"], "localLogs", { follow: true }],
  [["test", "--quick"], "test", { quick: true, args: [] }],
  [["test", "tests/cli", "--quick", "-t", "x"], "test", { quick: true, args: ["tests/cli", "-t", "x"] }],
  [["bench", "up"], "bench", "up", { json: false }],
  [["bench", "refresh", "--max-rows", "1000", "--json"], "bench", "refresh", { json: true, maxRows: 1000 }],
  [["dbt", "build", "--select", "a", "--json"], "runDbt", stack, ["build", "--select", "a", "--json"]],
  [["dbt", "--attendee", "bob", "run", "-x"], "runDbt", { ...stack, attendee: "bob" }, ["run", "-x"]],
  [["dbt", "--version"], "runDbt", stack, ["--version"]],
  [["dbt", "--help"], "runDbt", stack, ["--help"]],
])("%j", async (args, ...expected) => {
  await call(...args);
  expect(run.mock.calls).toEqual([expected]);
});

test("load passes on what the loader understands", async () => {
  await call("load", "--states", "CA,NY", "--source", "x.csv", "--json");
  expect(run).toHaveBeenCalledWith("load", expect.objectContaining({ states: "CA,NY", source: "x.csv", json: true }));
  expect(jsonOf).toEqual([true]);
});

test.each([["load"], ["dbt", "build"], ["local", "status"], ["test"], ["bench", "up"]])(
  "the exit code of %s is the command's",
  async (...args) => {
    run.mockResolvedValue(3);
    expect(await call(...args)).toBe(3);
  },
);

test.each([
  [["frobnicate"]],
  [["up", "--target", "moon"]],
  [["up", "extra"]],
  [["up", "--attendee"]],
  [["local", "start", "--port", "http"]],
  [["local", "start", "--port", "65536"]],
  [["bench", "down"]],
  [["bench", "refresh", "--max-rows", "0"]],
  [["destroy", "--force"]],
  [[]],
])("%j is refused as a wrong command line", async (args) => {
  await expect(call(...args)).rejects.toThrow(CommanderError);
  expect(run).not.toHaveBeenCalled();
});

test.each(["1st", "with-hyphen", "a".repeat(21), "select", ""])("attendee %j is refused", async (attendee) => {
  await expect(call("up", `--attendee=${attendee}`)).rejects.toThrow(UsageError);
  expect(run).not.toHaveBeenCalled();
});

test("every command is there to be loaded", () => {
  expect(Object.keys(commands).sort()).toEqual(
    Object.keys(jest.requireActual<{ commands: object }>("../../cli/lazy").commands).sort(),
  );
});
