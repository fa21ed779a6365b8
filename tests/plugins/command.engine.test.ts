/**
 * The built command plugin through the real engine, from programs written with @pulumi/command: what it runs, what it
 * says, what it keeps. The state is a file backend in a temporary folder.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, PulumiCommand, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import { ensureEngine, type Engine } from "../../plugins/engine";
import { alive, removeScratch, ROOT, scratch } from "./support";

jest.setTimeout(120_000);
const BUILD_MS = 30 * 60_000;
const SECRET = "s3cr3t-pa55word";
let engine: Engine;
let command: PulumiCommand;

beforeAll(async () => {
  const env = { ...process.env, WORKSHOP_ENGINE: "built" };
  engine = await ensureEngine({ env, stateDir: scratch(), sourceDir: ROOT });
  process.env.PULUMI_HOME = engine.pulumiHome; // "pulumi version", which the next line runs, writes a log there
  command = await PulumiCommand.get({ root: engine.root });
}, BUILD_MS);

afterAll(removeScratch);

type Outputs = Record<string, unknown>;
type Program = () => Outputs | Promise<Outputs> | undefined;

/** A stack of its own, with a folder for what its commands write. */
class Trial {
  readonly dir = scratch();
  private readonly state = path.join(this.dir, "state");
  readonly file = (name: string) => path.join(this.dir, name);
  readonly read = (name: string) => readFileSync(this.file(name), "utf8");
  /** Lines that commands printed, as the engine told them, with the time each arrived in milliseconds. */
  readonly printed: { line: string; at: number }[] = [];
  readonly operations: string[] = [];

  async stack(program: Program): Promise<Stack> {
    mkdirSync(this.state, { recursive: true });
    return LocalWorkspace.createOrSelectStack(
      { projectName: "trial", stackName: "test", program: async () => (await program()) ?? {} },
      {
        workDir: scratch(),
        pulumiCommand: command,
        envVars: { ...engine.env, PULUMI_BACKEND_URL: `file://${this.state}`, PULUMI_CONFIG_PASSPHRASE: "test" },
      },
    );
  }

  readonly onEvent = (event: EngineEvent) => {
    const { diagnosticEvent: said, resourcePreEvent: step } = event;
    if (said?.urn?.includes("command:local")) this.printed.push({ line: said.message.trimEnd(), at: Date.now() });
    if (step && step.metadata.type === "command:local:Command") this.operations.push(step.metadata.op);
  };

  async up(program: Program): Promise<Record<string, unknown>> {
    this.operations.length = this.printed.length = 0;
    const { outputs } = await (await this.stack(program)).up({ onEvent: this.onEvent });
    return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, output.value as unknown]));
  }

  /** Runs `up`, which must fail, and returns all that the engine said. */
  async fails(program: Program): Promise<string> {
    return this.up(program).then(
      () => {
        throw new Error("up was expected to fail");
      },
      (error: Error) => error.message,
    );
  }

  async destroy(program: Program): Promise<void> {
    await (await this.stack(program)).destroy({ onEvent: this.onEvent });
  }

  lines(): string[] {
    return this.printed.map((p) => p.line);
  }

  /** The text of every file of the backend: state, its backup and its history. */
  stateFiles(): string {
    return readdirSync(this.state, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => readFileSync(path.join(e.parentPath, e.name), "utf8"))
      .join("\n");
  }
}

describe("the life of a command", () => {
  test("create, no change, update, delete each run what they should", async () => {
    const t = new Trial();
    const program =
      (word: string): Program =>
      () => {
        const c = new local.Command("c", {
          dir: t.dir,
          create: 'echo "create $WORD" | tee -a log; echo to-stderr >&2',
          update: 'echo "update $WORD after $PULUMI_COMMAND_STDOUT/$PULUMI_COMMAND_STDERR" | tee -a log',
          delete: 'echo "delete $WORD after $PULUMI_COMMAND_STDOUT" >> log',
          environment: { WORD: word },
        });
        return { stdout: c.stdout, stderr: c.stderr };
      };
    expect(await t.up(program("one"))).toEqual({ stdout: "create one", stderr: "to-stderr" });
    expect(await t.up(program("one"))).toEqual({ stdout: "create one", stderr: "to-stderr" });
    expect(t.operations).toEqual(["same"]);
    expect(await t.up(program("two"))).toEqual({ stdout: "update two after create one/to-stderr", stderr: "" });
    expect(t.operations).toEqual(["update"]);
    await t.destroy(program("two"));
    expect(t.read("log").trim().split("\n")).toEqual([
      "create one",
      "update two after create one/to-stderr",
      "delete two after update two after create one/to-stderr",
    ]);
  });

  test("without an update command, create runs again; addPreviousOutputInEnv false leaves the output out", async () => {
    const t = new Trial();
    const program =
      (word: string): Program =>
      () => ({
        stdout: new local.Command("c", {
          create: 'printf "%s:%s\\n\\n" "$WORD" "${PULUMI_COMMAND_STDOUT-none}"',
          environment: { WORD: word },
          addPreviousOutputInEnv: false,
        }).stdout,
      });
    // Of the two newlines one is taken off.
    expect(await t.up(program("one"))).toEqual({ stdout: "one:none\n" });
    expect(await t.up(program("two"))).toEqual({ stdout: "two:none\n" });
  });

  test("a changed trigger replaces it, also where there is an update command", async () => {
    const t = new Trial();
    const program =
      (trigger: unknown): Program =>
      () =>
        void new local.Command("c", {
          dir: t.dir,
          create: "echo create >> log",
          update: "echo update >> log",
          delete: "echo delete >> log",
          triggers: ["same", trigger],
        });
    await t.up(program(1));
    await t.up(program(1));
    expect(t.operations).toEqual(["same"]);
    await t.up(program({ a: [2] }));
    expect(t.operations).toEqual(expect.arrayContaining(["create-replacement", "replace", "delete-replaced"]));
    expect(t.read("log").trim().split("\n")).toEqual(["create", "create", "delete"]);
  });

  test("a preview shows an update, runs nothing, and does not know the output", async () => {
    const t = new Trial();
    const program =
      (word: string): Program =>
      () => ({ stdout: new local.Command("c", { dir: t.dir, create: `echo ${word} >> log; echo ${word}` }).stdout });
    await t.up(program("one"));
    const preview = await (await t.stack(program("two"))).preview({ onEvent: t.onEvent });
    expect(preview.changeSummary).toEqual({ same: 1, update: 1 });
    expect(t.read("log")).toBe("one\n");
  });

  test("refresh changes nothing", async () => {
    const t = new Trial();
    const program: Program = () => void new local.Command("c", { create: "echo hello" });
    await t.up(program);
    const { summary } = await (await t.stack(program)).refresh();
    expect(summary.resourceChanges).toEqual({ same: 2 });
  });

  test("stdin, dir and interpreter are the process's own", async () => {
    const t = new Trial();
    const program: Program = () => ({
      stdout: new local.Command("c", {
        dir: t.dir,
        stdin: "from stdin",
        interpreter: [process.execPath, "-e"],
        create: "process.stdin.on('data', (d) => console.log(process.cwd() + ' ' + d))",
      }).stdout,
    });
    expect(await t.up(program)).toEqual({ stdout: `${t.dir} from stdin` });
  });
});

describe("what a command prints", () => {
  test("is told line by line while it runs", async () => {
    const t = new Trial();
    // The command goes on only when the first line has arrived here; if lines came at the end it would wait for ever.
    const program: Program = () =>
      void new local.Command("c", {
        dir: t.dir,
        create: "echo first; echo on stderr >&2; until [ -e go ]; do sleep 0.05; done; echo last",
      });
    const stack = await t.stack(program);
    await stack.up({
      onEvent: (event) => {
        t.onEvent(event);
        if (t.lines().includes("first")) writeFileSync(t.file("go"), "");
      },
    });
    expect(t.lines().filter((l) => l !== "on stderr")).toEqual(["first", "last"]);
    expect(t.lines()).toContain("on stderr");
  });

  test.each([
    ["stdout", ["out"]],
    ["stderr", ["err"]],
    ["none", []],
  ] as const)("is told as logging says: %s", async (logging, expected) => {
    const t = new Trial();
    const program: Program = () => {
      const c = new local.Command("c", { create: "echo out; echo err >&2", logging });
      return { stdout: c.stdout, stderr: c.stderr };
    };
    expect(await t.up(program)).toEqual({ stdout: "out", stderr: "err" });
    expect(t.lines()).toEqual(expected);
  });
});

describe("a failing command", () => {
  test("is named with step, exit status, text and the end of its output; the next up creates it", async () => {
    const t = new Trial();
    const script = 'i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo "line $i"; done; echo "it broke" >&2; exit 3';
    const failing: Program = () => void new local.Command("c", { create: script });
    const said = await t.fails(failing);
    expect(said).toContain("create: exit status 3: running");
    expect(said).toContain("while [ $i -lt 60 ]");
    expect(said).toContain("it broke");
    await t.up(() => void new local.Command("c", { create: "true" }));
    expect(t.operations).toEqual(["create"]);
  });

  test("that runs longer than its timeout is ended with all it started", async () => {
    const t = new Trial();
    const program: Program = () =>
      void new local.Command(
        "c",
        { dir: t.dir, create: "sleep 300 & echo $! > child; wait" },
        { customTimeouts: { create: "1s" } },
      );
    expect(await t.fails(program)).toContain("ran longer than 1s");
    expect(alive(Number(t.read("child")))).toBe(false);
  });

  test("that is cancelled is ended with all it started, and leaves no pending operation", async () => {
    const t = new Trial();
    const program: Program = () =>
      void new local.Command("c", {
        dir: t.dir,
        create: "sleep 300 >/dev/null 2>&1 & echo $! > child; echo started; wait",
      });
    const stack = await t.stack(program);
    const interrupt = new AbortController();
    const up = stack.up({
      signal: interrupt.signal,
      onEvent: (event) => {
        t.onEvent(event);
        if (t.lines().includes("started")) interrupt.abort();
      },
    });
    await expect(up).rejects.toThrow();
    expect(alive(Number(t.read("child")))).toBe(false);
    const { deployment } = await stack.exportStack();
    expect((deployment as { pending_operations?: unknown[] }).pending_operations ?? []).toEqual([]);
  });

  const onLinux = process.platform === "linux" ? test : test.skip; // the engine's process is found through /proc
  onLinux("is ended, and the plugin with it, when the engine is killed", async () => {
    const t = new Trial();
    const program: Program = () =>
      void new local.Command("c", {
        dir: t.dir,
        create: "echo $PPID > plugin; sleep 300 & echo $! > child; echo started; wait",
      });
    const parentOf = (pid: number) => Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))![1]);
    const stack = await t.stack(program);
    const up = stack.up({
      onEvent: (event) => {
        if (t.lines().includes("started")) return;
        t.onEvent(event);
        if (t.lines().includes("started")) process.kill(parentOf(Number(t.read("plugin"))), "SIGKILL");
      },
    });
    await expect(up).rejects.toThrow();
    const left = () => ["child", "plugin"].filter((name) => alive(Number(t.read(name))));
    while (left().length > 0) await new Promise((resolve) => setTimeout(resolve, 100)); // else the test's time runs out
    expect(left()).toEqual([]);
  });

  test("whose folder does not exist says so", async () => {
    const t = new Trial();
    const said = await t.fails(() => void new local.Command("c", { create: "true", dir: t.file("absent") }));
    expect(said).toContain(`create: the folder "${t.file("absent")}" (dir) does not exist`);
  });
});

describe("a secret in the environment", () => {
  const program: Program = () => {
    const c = new local.Command("c", {
      create: 'echo "the password is $PASSWORD"',
      environment: { PASSWORD: pulumi.secret(SECRET) },
    });
    return { stdout: c.stdout };
  };

  test("reaches the command, makes its output secret, and is in clear in no file of the backend and in no log", async () => {
    const t = new Trial();
    const result = await (await t.stack(program)).up({ onEvent: t.onEvent });
    expect(result.outputs.stdout).toEqual({ value: `the password is ${SECRET}`, secret: true });
    expect(t.lines()).toEqual(["the password is [secret]"]);
    expect(result.stdout + result.stderr).not.toContain(SECRET);
    expect(t.stateFiles()).toContain("command:local:Command");
    expect(t.stateFiles()).not.toContain(SECRET);
  });

  test("is not in the message of a failure", async () => {
    const t = new Trial();
    const said = await t.fails(
      () =>
        void new local.Command("c", {
          create: pulumi.interpolate`echo "$PASSWORD"; exit 1 # ${SECRET}`,
          environment: { PASSWORD: pulumi.secret(SECRET) },
        }),
    );
    expect(said).toContain("exit status 1");
    expect(said).toContain("[secret]");
    expect(said).not.toContain(SECRET);
  });
});

// How it fails is shown by Go's tests beside the plugin: the SDK leaves a rejected promise behind that ends a test run.
describe("local.run", () => {
  test("runs its command and returns what it printed", async () => {
    const t = new Trial();
    const program: Program = () => {
      const ran = local.runOutput({ command: "cat; echo $WORD >&2", stdin: "in", environment: { WORD: "word" } });
      return { stdout: ran.stdout, stderr: ran.stderr };
    };
    expect(await t.up(program)).toEqual({ stdout: "in", stderr: "word" });
  });
});

describe("what this build of the plugin does not have is refused by name", () => {
  test.each([
    ["assetPaths", () => void new local.Command("c", { create: "true", assetPaths: ["*"] })],
    ["archivePaths", () => void new local.Command("c", { create: "true", archivePaths: ["*"] })],
    [
      "command:remote:Command",
      () => void new remote.Command("c", { connection: { host: "127.0.0.1" }, create: "true" }),
    ],
  ] as [string, Program][])("%s", async (name, program) => {
    const t = new Trial();
    const said = await t.fails(program);
    expect(said).toContain(name);
    expect(said).toContain("not supported by this build of the command plugin");
    expect(existsSync(t.file("log"))).toBe(false);
  });

  test("an input of the wrong kind is named", async () => {
    const t = new Trial();
    const inputs = { create: 7, environment: ["A=1"] } as unknown as local.CommandArgs;
    const said = await t.fails(() => void new local.Command("c", inputs));
    expect(said).toContain("create");
    expect(said).toContain("must be a string");
    expect(said).toContain("environment");
    expect(said).toContain("must be a map of strings");
  });
});
