/** A stack's names, settings, environment and state, without the engine. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { spawn } from "node:child_process";
import { sourceFrom } from "../../cli/commands/load";
import { PROJECT } from "../../cli/paths";
import { driftedResources } from "../../cli/stack/drift";
import { accountConnection, localConnection } from "../../cli/stack/environment";
import { countResources, isLost, recordedInstance, recordInstance } from "../../cli/stack/instance";
import { localStacks, readDeployment, releaseStaleLocks, removeTornAttributes } from "../../cli/stack/localBackend";
import { baseStackName, stackName } from "../../cli/stack/names";
import { openFailure } from "../../cli/stack/open";
import { ensurePassphrase } from "../../cli/stack/passphrase";
import { mergeSettings } from "../../cli/stack/settings";
import { fakePaths, removeFolders } from "./support/context";

let paths: ReturnType<typeof fakePaths>;
beforeEach(() => {
  paths = fakePaths();
});
afterEach(removeFolders);

test.each([
  [{ target: "local" }, "local", "local"],
  [{ target: "account" }, "dev", "dev"],
  [{ target: "local", attendee: "Alice" }, "local-alice", "local"],
  [{ target: "account", attendee: "BOB_2" }, "dev-bob_2", "dev"],
] as const)("%j is stack %s", (choice, name, base) => {
  expect(stackName(choice)).toBe(name);
  expect(baseStackName(choice)).toBe(base);
});

describe("settings", () => {
  const base = { config: { "workshop:target": "local", "workshop:states": "CA" }, encryptionSalt: "of the base" };

  test("the stack's own file goes over the base, the attendee over both", () => {
    const own = { config: { "workshop:states": "NY" } };
    expect(mergeSettings({ base, own, noted: {} }, { target: "local", attendee: "alice" })).toEqual({
      config: { "workshop:target": "local", "workshop:states": "NY", "workshop:attendee": "alice" },
    });
  });
  test("the encryption is that of the stack's own file, else what the engine noted", () => {
    const noted = { encryptionSalt: "noted" };
    expect(mergeSettings({ base, own: base, noted }, { target: "local" }).encryptionSalt).toBe("of the base");
    expect(mergeSettings({ base, own: {}, noted }, { target: "local", attendee: "a" }).encryptionSalt).toBe("noted");
    expect(
      mergeSettings({ base, own: {}, noted: {} }, { target: "account", attendee: "a" }).encryptionSalt,
    ).toBeUndefined();
  });
});

describe("environment", () => {
  beforeEach(() => {
    mkdirSync(paths.snowglobe, { recursive: true });
    writeFileSync(path.join(paths.snowglobe, "password"), "pa55\n");
  });

  test("the local connection hides the user's own account", () => {
    const environment = localConnection(paths, { port: 1234 }, {});
    expect(environment).toMatchObject({
      SNOWFLAKE_HOST: "127.0.0.1",
      SNOWFLAKE_PORT: "1234",
      SNOWFLAKE_PROTOCOL: "http",
      SNOWFLAKE_USER: "ADMIN",
      SNOWFLAKE_PASSWORD: "pa55",
      SNOWFLAKE_PRIVATE_KEY: "",
      SNOWFLAKE_TOKEN: "",
      SNOWFLAKE_DATABASE: "",
    });
    expect(existsSync(environment.SNOWFLAKE_CONFIG_PATH!)).toBe(false);
  });
  test("a proxy is not asked for this computer, and the user's exceptions stay", () => {
    expect(localConnection(paths, { port: 1 }, { no_proxy: "intra.example" })).toMatchObject({
      NO_PROXY: "intra.example,127.0.0.1,localhost",
      no_proxy: "intra.example,127.0.0.1,localhost",
    });
  });
  test.each([
    [{ SNOWFLAKE_ACCOUNT: "ORG-ACC" }, { SNOWFLAKE_ORGANIZATION_NAME: "ORG", SNOWFLAKE_ACCOUNT_NAME: "ACC" }],
    [{ SNOWFLAKE_ACCOUNT: "org-acc-eu_1" }, { SNOWFLAKE_ORGANIZATION_NAME: "org", SNOWFLAKE_ACCOUNT_NAME: "acc-eu_1" }],
    [{ SNOWFLAKE_ORGANIZATION_NAME: "ORG", SNOWFLAKE_ACCOUNT_NAME: "ACC" }, { SNOWFLAKE_ACCOUNT: "ORG-ACC" }],
    [{ SNOWFLAKE_ACCOUNT: "xy12345.eu-central-1" }, {}],
    [{}, {}],
  ])("an account given as %j", (env, expected) => {
    expect(accountConnection(env)).toEqual(expected);
  });
});

describe("state of the file backend", () => {
  const stacks = (): string => path.join(paths.backend, ".pulumi", "stacks", PROJECT);
  const locks = (): string => path.join(paths.backend, ".pulumi", "locks", "organization", PROJECT, "local");
  const write = (name: string, content: unknown): void => {
    mkdirSync(stacks(), { recursive: true });
    writeFileSync(path.join(stacks(), name), typeof content === "string" ? content : JSON.stringify(content));
  };
  const lock = (content: unknown): string => {
    mkdirSync(locks(), { recursive: true });
    const file = path.join(locks(), "lock.json");
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  };

  test("no state: no stacks", () => {
    expect(localStacks(paths)).toEqual([]);
    expect(readDeployment(paths, "local")).toBeUndefined();
  });
  test("stacks are listed without their backups", () => {
    write("local-bob.json", {});
    write("local.json", { checkpoint: { latest: { resources: [] } } });
    write("local.json.bak", {});
    expect(localStacks(paths)).toEqual(["local", "local-bob"]);
    expect(readDeployment(paths, "local")).toEqual({ resources: [] });
    expect(readDeployment(paths, "local-bob")).toEqual({});
  });
  test("a damaged state is one line that says how to fix it", () => {
    write("local.json", "{");
    expect(() => readDeployment(paths, "local")).toThrow(/state of stack local is damaged .*local\.json\.bak/);
  });
  test("the lock of a process that is gone is removed, as is one cut short", async () => {
    const dead = lock({ pid: 2 ** 22 + 1, hostname: os.hostname() });
    await releaseStaleLocks(paths, "local");
    expect(existsSync(dead)).toBe(false);
    const cut = lock("{");
    await releaseStaleLocks(paths, "local");
    expect(existsSync(cut)).toBe(false);
  });
  test("what describes a state and was cut short is removed, the state and the rest stay", () => {
    write("local.json", {});
    write("local.json.attrs", "");
    write("local.json.bak.attrs", { md5: "x" });
    removeTornAttributes(paths, "local");
    expect(readdirSync(stacks()).sort()).toEqual(["local.json", "local.json.bak.attrs"]);
  });
  test("another computer's lock stays", async () => {
    const foreign = lock({ pid: 2 ** 22 + 1, hostname: "elsewhere" });
    await releaseStaleLocks(paths, "local");
    expect(existsSync(foreign)).toBe(true);
  });
  test("an engine at work is waited for, then named", async () => {
    const child = spawn("sleep", ["60"]);
    try {
      const file = lock({ pid: child.pid, hostname: os.hostname() });
      await expect(releaseStaleLocks(paths, "local", 100)).rejects.toThrow(
        `Process ${child.pid} is working on stack local: wait until it has ended, or end it with: kill -INT ${child.pid}`,
      );
      expect(existsSync(file)).toBe(true);
      setTimeout(() => child.kill(), 100);
      await releaseStaleLocks(paths, "local", 30_000);
      expect(existsSync(file)).toBe(false);
    } finally {
      child.kill();
    }
  });
});

describe("the instance a stack stands on", () => {
  const deployment = { resources: [{ urn: "u", type: "snowflake:index/warehouse:Warehouse", custom: true }] };
  test("is noted for each stack", () => {
    recordInstance(paths, "local", "one");
    recordInstance(paths, "local-bob", "two");
    expect([recordedInstance(paths, "local"), recordedInstance(paths, "local-bob")]).toEqual(["one", "two"]);
    expect(recordedInstance(paths, "local-alice")).toBeUndefined();
  });
  test.each([
    ["the same", deployment, "one", "one", false],
    ["another", deployment, "one", "two", true],
    ["none noted, by hand", deployment, undefined, "two", false],
    ["nothing was made", { resources: [] }, "one", "two", false],
    ["only the stack itself", { resources: [{ urn: "u", type: "pulumi:pulumi:Stack" }] }, "one", "two", false],
    ["only a provider", { resources: [{ urn: "u", type: "pulumi:providers:x", custom: true }] }, "one", "two", false],
  ])("lost when it is another: %s", (_, state, recorded, running, lost) => {
    expect(isLost(state, recorded, running)).toBe(lost);
  });
  test("counts real resources only", () => {
    expect(
      countResources({ resources: [...deployment.resources, { urn: "v", type: "workshop:index:Warehouse" }] }),
    ).toBe(1);
  });
});

test("drift of change tracking is found by its component's outputs", async () => {
  const state = (answer: string) => ({
    resources: [
      {
        urn: "e",
        type: "snowflake:index/execute:Execute",
        custom: true,
        outputs: { queryResults: [{ change_tracking: answer, name: "T" }] },
      },
      {
        urn: "c",
        type: "workshop:index:CheckedExecute",
        outputs: { executeUrn: "e", expectedQueryResults: [{ name: "T", change_tracking: "ON" }] },
      },
    ],
  });
  expect(await driftedResources(state("ON"))).toEqual([]);
  expect(await driftedResources(state("OFF"))).toEqual(["e"]);
  expect(await driftedResources({})).toEqual([]);
});

test("the passphrase is random, kept, and its owner's alone", () => {
  const first = ensurePassphrase(paths);
  expect(first).toMatch(/^[\w-]{32}$/);
  expect(ensurePassphrase(paths)).toBe(first);
  expect(statSync(paths.passphrase).mode & 0o777).toBe(0o600);
  expect(ensurePassphrase(fakePaths())).not.toBe(first);
  writeFileSync(paths.passphrase, "\n");
  expect(() => ensurePassphrase(paths)).toThrow(/is empty/);
  expect(readFileSync(paths.passphrase, "utf8")).toBe("\n");
});

test.each([
  ["error: incorrect passphrase", true, /restore \.workshop\/passphrase/],
  ["error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE", false, /Stack dev is encrypted/],
  ["error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", false, /run pulumi login/],
  ["code: 255\n stderr: error: disk full\n", true, /^Stack dev cannot be opened: disk full$/],
])("a stack that does not open: %s", (message, isLocal, expected) => {
  expect(openFailure(message, "dev", isLocal)).toMatch(expected);
});

test.each([
  ["sample", "sample"],
  ["public", "public"],
  ["https://example.com/x.csv", "https://example.com/x.csv"],
  ["x.csv", "/here/x.csv"],
  ["/abs/x.csv.gz", "/abs/x.csv.gz"],
])("load --source %s from /here", (source, expected) => {
  expect(sourceFrom(source, "/here")).toBe(expected);
});
