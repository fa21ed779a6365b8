/**
 * The commands' way with the real engine, on a small program of commands in place of the workshop's own: what people see,
 * how failures and interruptions end, and how the next run goes on. It proves nothing about Snowflake.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { local } from "@pulumi/command";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import type { StackChoice } from "../../cli/context";
import { isRunning } from "../../cli/local/processes";
import { PROJECT } from "../../cli/paths";
import { localStacks, readDeployment } from "../../cli/stack/localBackend";
import { recordInstance } from "../../cli/stack/instance";
import { openStack } from "../../cli/stack/open";
import { hasChanges, runOperation, settleState } from "../../cli/stack/operations";
import { ensureEngine, type Engine } from "../../plugins/engine";
import { fakeContext, fakePaths, newFolder, removeFolders, ROOT } from "./support/context";

jest.setTimeout(120_000);
const BUILD_MS = 30 * 60_000;
const choice: StackChoice = { target: "local" };

let paths: ReturnType<typeof fakePaths>;
let engine: Engine;

beforeAll(async () => {
  await ensureEngine({ sourceDir: ROOT, stateDir: fakePaths().state });
}, BUILD_MS);

beforeEach(async () => {
  paths = fakePaths();
  engine = await ensureEngine({ sourceDir: ROOT, stateDir: paths.state });
});
afterEach(removeFolders);

function open(context: ReturnType<typeof fakeContext>, program: PulumiFn, who: StackChoice = choice): Promise<Stack> {
  return openStack(context, who, { engine, program, connection: { SNOWFLAKE_USER: "ADMIN", SECRET: "s3cr3t-w0rd" } });
}

const inputs = { interpreter: ["/bin/sh", "-c"] };
const say = (words: string): PulumiFn => {
  return async () => {
    new local.Command("speaker", { ...inputs, create: `echo ${words}` });
  };
};

test("shows resources and the lines of their commands; a second up finds nothing to do", async () => {
  const context = fakeContext({ paths });
  const stack = await open(context, say("hello from the command"));
  const first = await runOperation(context, "up", (o) => stack.up(o));
  expect(first.summary).toMatchObject({ create: 2 });
  expect(first.changes).toMatchObject([{ op: "create", type: "command:local:Command", name: "speaker" }]);
  expect(context.out()).toMatch(/speaker │ hello from the command/);
  expect(context.out()).toMatch(/\+ command Command +speaker +created \(\d+(\.\d)? s\)/);

  const second = await runOperation(context, "up", (o) => stack.up({ ...o, expectNoChanges: true }));
  expect(hasChanges(second.summary)).toBe(false);
  expect(second.changes).toEqual([]);
});

test("preview tells what an edit would change, and changes nothing", async () => {
  const context = fakeContext({ paths });
  await runOperation(context, "up", async (o) => (await open(context, say("one"))).up(o));
  const stack = await open(context, say("two"));
  const { changes, summary } = await runOperation(context, "preview", (o) => stack.preview(o));
  expect(summary).toMatchObject({ update: 1 });
  expect(changes).toMatchObject([{ op: "update", name: "speaker", diffs: ["create"] }]);
  expect(context.out()).toMatch(/~ command Command +speaker +to update \[create\]/);
  await expect(runOperation(context, "preview", (o) => stack.preview({ ...o, expectNoChanges: true }))).rejects.toThrow(
    /changes.*expected|expected.*no changes/i,
  );
});

test("a failing command is told with its name and output; the next up makes the rest", async () => {
  const flag = path.join(paths.state, "repaired");
  const program: PulumiFn = async () => {
    const first = new local.Command("first", { ...inputs, create: "echo fine" });
    new local.Command(
      "dbt-build",
      { ...inputs, create: `echo the reason; test -e "${flag}" || exit 3` },
      { dependsOn: first },
    );
  };
  const context = fakeContext({ paths });
  const stack = await open(context, program);
  const failure = await runOperation(context, "up", (o) => stack.up(o)).catch((error: Error) => error);
  expect(failure).toMatchObject({ name: "UserError", exitCode: 1 });
  const message = (failure as Error).message;
  expect(message).toMatch(/^.\/workshop up failed:\n {2}dbt-build: .*exit status 3/);
  expect(message).toMatch(/\.\/workshop up goes on from what is there\.$/m);
  expect(context.out()).toMatch(/dbt-build │ the reason/);
  expect(context.out()).toMatch(/✗ command Command +dbt-build +failed/);

  writeFileSync(flag, "");
  const { changes } = await runOperation(context, "up", (o) => stack.up(o));
  expect(changes.map((c) => c.name)).toEqual(["dbt-build"]);
});

test("interrupted in the midst: the command is ended, what was made is kept, the next up goes on", async () => {
  const flag = path.join(paths.state, "quick");
  const program: PulumiFn = async () => {
    const first = new local.Command("first", { ...inputs, create: "echo fine" });
    new local.Command(
      "slow",
      { ...inputs, create: `test -e "${flag}" || { echo $$ > "${flag}.pid"; sleep 600; }` },
      { dependsOn: first },
    );
  };
  const context = fakeContext({ paths });
  const stack = await open(context, program);
  const running = runOperation(context, "up", (o) => stack.up(o)).catch((error: Error) => error);
  while (!existsSync(`${flag}.pid`) || readFileSync(`${flag}.pid`, "utf8") === "")
    await new Promise((resolve) => setTimeout(resolve, 50));
  context.interrupt.pull();
  expect(await running).toMatchObject({ name: "Interrupted", exitCode: 130 });
  expect(isRunning(Number(readFileSync(`${flag}.pid`, "utf8")))).toBe(false);

  writeFileSync(flag, "");
  const again = fakeContext({ paths });
  const reopened = await open(again, program);
  await settleState(again, reopened, undefined);
  const { changes } = await runOperation(again, "up", (o) => reopened.up(o));
  expect(changes.map((c) => c.name)).toEqual(["slow"]);
});

test("a pending operation and a lock of a killed engine are settled", async () => {
  const context = fakeContext({ paths });
  await runOperation(context, "up", async (o) => (await open(context, say("one"))).up(o));
  const file = path.join(paths.backend, ".pulumi", "stacks", PROJECT, "local.json");
  const state = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint: { latest: { resources: { type: string; urn: string }[]; pending_operations?: unknown[] } };
  };
  const command = state.checkpoint.latest.resources.find((r) => r.type === "command:local:Command")!;
  const lost = { ...command, urn: command.urn.replace("speaker", "lost"), id: "" };
  state.checkpoint.latest.pending_operations = [{ resource: lost, type: "creating" }];
  writeFileSync(file, JSON.stringify(state));
  const locks = path.join(paths.backend, ".pulumi", "locks", "organization", PROJECT, "local");
  mkdirSync(locks, { recursive: true });
  writeFileSync(path.join(locks, "dead.json"), JSON.stringify({ pid: 2 ** 22 + 1, hostname: os.hostname() }));
  expect(readDeployment(paths, "local")?.pending_operations).toHaveLength(1);

  const stack = await open(context, say("one"));
  const settled = await settleState(context, stack, undefined);
  expect(settled.pending_operations ?? []).toEqual([]);
  expect(settled.resources?.map((r) => r.type)).toContain("command:local:Command");
  await runOperation(context, "up", (o) => stack.up({ ...o, expectNoChanges: true }));
});

test("resources of a snowglobe whose data are gone are forgotten, and made anew", async () => {
  const context = fakeContext({ paths });
  const stack = await open(context, say("one"));
  await settleState(context, stack, { instanceId: "the first" });
  recordInstance(paths, stack.name, "the first");
  await runOperation(context, "up", (o) => stack.up(o));
  expect((await settleState(context, stack, { instanceId: "the first" })).resources).not.toEqual([]);

  const settled = await settleState(context, stack, { instanceId: "the second" });
  expect(settled.resources).toEqual([]);
  expect(context.out()).toMatch(/snowglobe's data are new, so the 1 resources? of stack local/);
  const { summary } = await runOperation(context, "up", (o) => stack.up(o));
  expect(summary).toMatchObject({ create: 2 });
});

test("stacks of two attendees stand side by side", async () => {
  const context = fakeContext({ paths });
  const alice = await open(context, say("one"), { target: "local", attendee: "Alice" });
  await runOperation(context, "up", (o) => alice.up(o));
  const bob = await open(context, say("two"), { target: "local", attendee: "bob" });
  await runOperation(context, "up", (o) => bob.up(o));
  expect(localStacks(paths)).toEqual(["local-alice", "local-bob"]);
  expect(await alice.getConfig("workshop:attendee")).toMatchObject({ value: "Alice" });
  await alice.destroy({ remove: true });
  expect(localStacks(paths)).toEqual(["local-bob"]);
  await runOperation(context, "up", (o) => bob.up({ ...o, expectNoChanges: true }));
});

test("settings files of an account's stacks stay as they are, from the first up to the stack's removal", async () => {
  const root = newFolder();
  const files = {
    "Pulumi.yaml": readFileSync(path.join(ROOT, "Pulumi.yaml"), "utf8"),
    "Pulumi.dev.yaml": "# of all\nconfig:\n  workshop:target: account\n",
    "Pulumi.dev-alice.yaml": "# hers\nconfig:\n  workshop:states: NY\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  mkdirSync(paths.backend, { recursive: true });
  const env = { PULUMI_BACKEND_URL: `file://${paths.backend}`, PULUMI_CONFIG_PASSPHRASE: "of the test" };
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    const context = fakeContext({ paths: { ...paths, root } });
    for (const who of [{ target: "account" }, { target: "account", attendee: "alice" }] as const) {
      const stack = await open(context, say("one"), who);
      await runOperation(context, "up", (o) => stack.up(o));
      const again = await open(context, say("one"), who);
      await runOperation(context, "up", (o) => again.up({ ...o, expectNoChanges: true }));
      await runOperation(context, "destroy", (o) => again.destroy(o));
      await again.workspace.removeStack(again.name);
    }
  } finally {
    process.env = before;
  }
  expect(readdirSync(root).sort()).toEqual(Object.keys(files).sort());
  for (const [name, text] of Object.entries(files)) expect(readFileSync(path.join(root, name), "utf8")).toBe(text);
});

test("the connection's password is in no file of the state", async () => {
  const context = fakeContext({ paths });
  const stack = await open(context, say("one"));
  await runOperation(context, "up", (o) => stack.up(o));
  const found = spawnSync("grep", ["-rl", "s3cr3t-w0rd", paths.state]);
  expect(found.stdout.toString()).toBe("");
  expect(found.status).toBe(1);
});
