/** `./workshop doctor`: what it finds, and how to fix it. A snowglobe inside this process stands in for an account. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import * as path from "node:path";
import { readConfig } from "../../components/config";
import { workshopNames } from "../../components/naming";
import { doctor } from "../../cli/commands/doctor";
import { checkAccount, type AccountPlan } from "../../cli/doctor/accountTarget";
import { checkDisks, type Disk } from "../../cli/doctor/disk";
import type { Finding } from "../../cli/doctor/finding";
import { checkLocalTarget } from "../../cli/doctor/localTarget";
import { neededPrivileges } from "../../cli/doctor/privileges";
import { PASSWORD, startSnowglobe, type TestClient, type TestSnowglobe } from "../../snowglobe/tests/server";
import { fakeContext, fakePaths, newFolder, removeFolders } from "./support/context";

afterAll(removeFolders);

const faults = (findings: readonly Finding[]): Finding[] => findings.filter(({ status }) => status !== "ok");

describe("an account", () => {
  let snowglobe: TestSnowglobe;
  let admin: TestClient;
  const plan = (settings: Record<string, string> = {}): AccountPlan => {
    const config = readConfig((key) => settings[key], { stack: "dev", env: {} });
    return { config, names: workshopNames(config) };
  };
  const env = (changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ...{ SNOWFLAKE_ACCOUNT: "local", SNOWFLAKE_HOST: "127.0.0.1", SNOWFLAKE_PORT: String(snowglobe.port) },
    ...{ SNOWFLAKE_PROTOCOL: "http", SNOWFLAKE_USER: "ADMIN", SNOWFLAKE_PASSWORD: PASSWORD },
    ...changes,
  });

  beforeAll(async () => {
    snowglobe = await startSnowglobe();
    admin = await snowglobe.connect();
    await admin.run(
      "CREATE ROLE DEPLOYER",
      "CREATE ROLE BUILDER",
      "GRANT ROLE BUILDER TO ROLE DEPLOYER",
      "GRANT CREATE DATABASE ON ACCOUNT TO ROLE BUILDER",
      "GRANT ROLE DEPLOYER TO USER ADMIN",
      "CREATE USER ADA EMAIL = 'ada@example.com'",
      "CREATE USER OLD EMAIL = 'old@example.com' DISABLED = TRUE",
    );
  });
  afterAll(() => snowglobe.stop());

  test("ACCOUNTADMIN may do everything", async () => {
    const findings = await checkAccount(env(), plan({ recipients: "ada@example.com" }));
    expect(faults(findings)).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual([
      ...["login", "role", "privilege", "privilege", "privilege", "privilege", "privilege", "names", "mail"],
    ]);
  });

  test("each missing privilege comes with the statement that grants it, and the statements suffice", async () => {
    const missing = faults(
      await checkAccount(env({ SNOWFLAKE_ROLE: "DEPLOYER" }), plan({ recipients: "ada@example.com" })),
    );
    expect(missing.map(({ status, detail, fix }) => [status, detail, fix])).toEqual([
      [
        "fail",
        "DEPLOYER lacks CREATE WAREHOUSE (for the warehouse)",
        "USE ROLE ACCOUNTADMIN; GRANT CREATE WAREHOUSE ON ACCOUNT TO ROLE DEPLOYER;",
      ],
      [
        "fail",
        "DEPLOYER lacks CREATE ROLE (for the roles)",
        "USE ROLE ACCOUNTADMIN; GRANT CREATE ROLE ON ACCOUNT TO ROLE DEPLOYER;",
      ],
      [
        "fail",
        "DEPLOYER lacks MANAGE GRANTS (for what the roles may do)",
        "USE ROLE ACCOUNTADMIN; GRANT MANAGE GRANTS ON ACCOUNT TO ROLE DEPLOYER;",
      ],
      [
        "fail",
        "DEPLOYER lacks CREATE INTEGRATION (for mail)",
        "USE ROLE ACCOUNTADMIN; GRANT CREATE INTEGRATION ON ACCOUNT TO ROLE DEPLOYER;",
      ],
      [
        "fail",
        "DEPLOYER does not have SYSADMIN, which gets the workshop's roles",
        "GRANT ROLE SYSADMIN TO ROLE DEPLOYER; or set workshop:parentRole to DEPLOYER",
      ],
      ["warn", "users' addresses cannot be seen by this role", "each recipient must be a user's verified address"],
    ]);
    for (const { status, fix } of missing)
      if (status === "fail")
        for (const statement of fix!
          .replace(/; or .*$/, "")
          .split(";")
          .filter(Boolean))
          await admin.run(statement.trim());
    const after = await checkAccount(env({ SNOWFLAKE_ROLE: "DEPLOYER" }), plan());
    expect(after.filter(({ status }) => status === "fail")).toEqual([]);
  });

  test("names that are taken by somebody else's objects", async () => {
    await admin.run("CREATE DATABASE RAW", "CREATE WAREHOUSE WH_TRANSFORMING_DYNAMIC_TABLES COMMENT = 'Workshop: x'");
    const found = faults(await checkAccount(env(), plan())).filter(({ check }) => check === "names");
    expect(found).toEqual([
      {
        ...{
          check: "names",
          status: "fail",
          detail: "there is a database RAW already, and the workshop did not make it",
        },
        fix: "choose --attendee NAME, which gives all names a prefix",
      },
    ]);
    expect(faults(await checkAccount(env(), plan({ attendee: "alice" })))).toEqual([
      expect.objectContaining({ check: "mail", status: "warn", detail: "nobody gets the alert's mail" }),
    ]);
    await admin.run("DROP DATABASE RAW", "DROP WAREHOUSE WH_TRANSFORMING_DYNAMIC_TABLES");
  });

  test("recipients must be addresses of users", async () => {
    const findings = await checkAccount(env(), plan({ recipients: "ADA@example.com,old@example.com,eve@example.com" }));
    expect(
      findings.filter(({ check }) => check === "mail").map(({ status, detail }) => [status, detail.split(";")[0]]),
    ).toEqual([
      ["ok", "ADA@example.com is user ADA's"],
      ["fail", "old@example.com is the address of no enabled user"],
      ["fail", "eve@example.com is the address of no enabled user"],
    ]);
  });

  test("a refused login is told without the password", async () => {
    const [login, ...rest] = await checkAccount(env({ SNOWFLAKE_PASSWORD: "wr0ng" }), plan());
    expect(rest).toEqual([]);
    expect(login).toMatchObject({ check: "login", status: "fail" });
    expect(login!.detail).toMatch(/Incorrect username or password/);
    expect(JSON.stringify(login)).not.toContain("wr0ng");
  });

  test("nothing was made", async () => {
    expect(await admin.rows("SHOW DATABASES")).toEqual([]);
    expect(await admin.rows("SHOW WAREHOUSES")).toEqual([]);
  });
});

test("what is needed depends on the settings", () => {
  const needed = (settings: Parameters<typeof neededPrivileges>[0]): string[] =>
    neededPrivileges(settings).map(({ privilege }) => privilege);
  const base = { accessRoles: false, monitoring: false, recipients: [], serverless: false };
  expect(needed(base)).toEqual(["CREATE DATABASE", "CREATE WAREHOUSE"]);
  expect(needed({ ...base, monitoring: true, serverless: true, recipients: ["a@b.c"] })).toEqual([
    ...["CREATE DATABASE", "CREATE WAREHOUSE", "CREATE INTEGRATION"],
    ...["EXECUTE TASK", "EXECUTE MANAGED TASK", "EXECUTE ALERT", "EXECUTE MANAGED ALERT"],
  ]);
});

describe("this computer", () => {
  test("a fresh checkout is fine", async () => {
    const context = fakeContext({ paths: fakePaths(), env: { ...process.env, WORKSHOP_SNOWGLOBE_PORT: "0" } });
    expect(faults(await checkLocalTarget(context))).toEqual([]);
  });

  test("a port that somebody else listens at, and secrets that others may read", async () => {
    const paths = fakePaths();
    mkdirSync(paths.snowglobe, { recursive: true });
    const file = path.join(paths.snowglobe, "password");
    writeFileSync(file, "x");
    chmodSync(file, 0o644);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const context = fakeContext({ paths, env: { ...process.env, WORKSHOP_SNOWGLOBE_PORT: String(port) } });
    const found = faults(await checkLocalTarget(context));
    await new Promise((resolve) => server.close(resolve));
    expect(found.map(({ check, detail, fix }) => [check, detail, fix])).toEqual([
      [
        "snowglobe",
        `cannot listen on 127.0.0.1:${port} (EADDRINUSE)`,
        "end the program that listens there, or choose another port in WORKSHOP_SNOWGLOBE_PORT",
      ],
      ["secrets", `others may read ${file}`, `chmod 0600 "${file}"`],
    ]);
  });

  test("the command tells each finding and ends with 1 when something is to fix", async () => {
    const env = {
      ...{ PATH: "", HOME: newFolder(), WORKSHOP_PYTHON: "/no/such/python", WORKSHOP_ENGINE: "path" },
      ...{ WORKSHOP_CACHE_DIR: newFolder(), WORKSHOP_SNOWGLOBE_PORT: "0" },
    };
    const context = fakeContext({ paths: fakePaths(), env });
    expect(await doctor(context, { target: "local", json: false })).toBe(1);
    expect(context.out()).toMatch(/^ok {4}Node\.js +\d+\./);
    expect(context.out()).toMatch(/^fail {2}Python +WORKSHOP_PYTHON is "\/no\/such\/python"/m);
    expect(context.out()).toMatch(/^warn {2}dbt +not installed yet → the first up does/m);
    expect(context.out()).toMatch(
      /^fail {2}Pulumi +not there; WORKSHOP_ENGINE allows no way to get it → unset WORKSHOP_/m,
    );
    expect(context.out()).toMatch(/\n2 to fix, \d warnings?\.\n$/);
    const json = fakeContext({ paths: fakePaths(), env, json: true });
    expect(await doctor(json, { target: "local", json: true })).toBe(1);
    expect(JSON.parse(json.out())).toMatchObject({ ok: false, findings: expect.any(Array) as unknown });
  });

  test.each([
    [
      "no Go",
      "exit 127",
      /^fail {2}Pulumi +not there; .* cannot be reached, and there is no Go to build it → install/m,
    ],
    ["an old Go", "echo go1.20.1", /^fail {2}Pulumi +not there; .* and Go 1\.20 is too old to build it → install/m],
    [
      "a Go",
      "echo go1.99.0",
      /^warn {2}Pulumi +not there yet; .* cannot be reached → the first up builds .* Go 1\.99, in/m,
    ],
  ])("where Pulumi cannot be downloaded, with %s, the way that is left is named", async (_, go, expected) => {
    const [cache, bin] = [newFolder(), newFolder()];
    writeFileSync(path.join(cache, "download-failed.json"), JSON.stringify({ at: Date.now() }));
    writeFileSync(path.join(bin, "go"), `#!/bin/sh\n${go}\n`, { mode: 0o755 });
    const env = { PATH: bin, HOME: newFolder(), WORKSHOP_CACHE_DIR: cache, WORKSHOP_SNOWGLOBE_PORT: "0" };
    const context = fakeContext({ paths: fakePaths(), env });
    await doctor(context, { target: "local", json: false });
    expect(context.out()).toMatch(expected);
  });

  test("each file system that a first up writes to is looked at, with all that goes there", () => {
    const paths = fakePaths();
    const [cache, home] = [newFolder(), newFolder()];
    const context = fakeContext({ paths, env: { HOME: home, WORKSHOP_CACHE_DIR: cache, GOTMPDIR: home } });
    const disk =
      (cacheMb: number, stateMb = 9_000): Disk =>
      (folder) => ({
        device: [cache, home].indexOf(folder) + 1,
        freeMb: folder === cache ? cacheMb : folder === home ? 3_000 : stateMb,
      });
    const told = (...args: Parameters<typeof checkDisks>): unknown =>
      checkDisks(...args).map(({ status, detail, fix }) => [status, detail, ...(fix ? [fix] : [])]);
    const state: unknown = ["ok", `9,000 MB free for ${paths.state}`];
    expect(told(context, { dbt: true, engine: "download" }, disk(5_000))).toEqual([
      state,
      ["ok", `5,000 MB free for ${cache}`],
    ]);
    expect(told(context, { dbt: true, engine: "download" }, disk(700))).toEqual([
      state,
      ["warn", `700 MB free for ${cache}`, "a first up may take 1,500 MB for a while"],
    ]);
    expect(told(context, { dbt: false, engine: "build" }, disk(5_000))).toEqual([
      state,
      ["ok", `5,000 MB free for ${cache}`],
      [
        "warn",
        `3,000 MB free for ${home}/go/pkg/mod, ${home}/.cache/go-build, ${home}`,
        "a first up may take 5,700 MB for a while",
      ],
    ]);
    expect(told(context, { dbt: false, engine: "none" }, disk(0, 100))).toEqual([
      ["fail", `100 MB free for ${paths.state}`, "make room: 500 MB"],
      ["ok", `0 MB free for ${cache}`],
    ]);
  });

  test("an account that nothing names", async () => {
    const env = {
      ...{ PATH: "", HOME: newFolder(), WORKSHOP_ENGINE: "path", WORKSHOP_CACHE_DIR: newFolder() },
    };
    const context = fakeContext({ env });
    expect(await doctor(context, { target: "account", json: false })).toBe(1);
    expect(context.out()).toMatch(/^fail {2}login +No Snowflake account: set SNOWFLAKE_ACCOUNT/m);
  });
});
