/**
 * The main job end to end, with the real engine, provider, loader, dbt and snowglobe, in a copy of the checkout. The tests
 * are one story and run in their order.
 */
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readRecord } from "../../cli/local/record";
import { PROJECT } from "../../cli/paths";
import { CheckoutCopy } from "./support/checkout";
import { removeFolders } from "./support/context";
import { loseAnswer } from "./support/lostAnswer";

const MINUTE = 60_000;
jest.setTimeout(5 * MINUTE);

/** Without `./workshop test`, which installs dbt, a first run may take minutes. */
const FIRST_MS = 40 * MINUTE;

interface Changes {
  readonly summary: Readonly<Record<string, number>>;
  readonly changes: readonly { readonly op: string; readonly name: string; readonly diffs?: readonly string[] }[];
  readonly drifted?: readonly string[];
}

interface DynamicTable {
  readonly name: string;
  readonly rows: number;
  readonly refreshMode: string;
  readonly refreshModeReason?: string;
}

interface Status {
  readonly objects: {
    readonly loans: { readonly rows: number; readonly changeTracking: boolean };
    readonly dynamicTables: readonly DynamicTable[];
  };
}

/** By the workshop's facts: the ten last states by name. */
const TEN_STATES = [
  ["WY", "Wyoming", 87],
  ["WI", "Wisconsin", 516],
  ["WV", "West Virginia", 187],
  ["WA", "Washington", 888],
  ["VA", "Virginia", 1487],
  ["VT", "Vermont", 57],
  ["UT", "Utah", 278],
  ["TX", "Texas", 2915],
  ["TN", "Tennessee", 32],
  ["SD", "South Dakota", 67],
];

let checkout: CheckoutCopy;
let hostsFile: string;
const MODELS = "BALBOA_DEV.WORKSHOP";
const byState = async (table: string, schema = MODELS): Promise<unknown[][]> =>
  (await checkout.query(`SELECT * FROM ${schema}.${table} ORDER BY STATE_NAME DESC`)).map((row) => Object.values(row));

/** Process of the engine that works on the stack, by its lock on the state. */
function enginePid(): number {
  const folder = path.join(checkout.paths.backend, ".pulumi", "locks", "organization", PROJECT, "local");
  const [lock] = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return (JSON.parse(readFileSync(path.join(folder, lock!), "utf8")) as { pid: number }).pid;
}

/** Makes Node programs write down to whom they connect. */
function recordingHosts(): NodeJS.ProcessEnv {
  const hook = path.join(__dirname, "support", "recordHosts.cjs");
  return { NODE_OPTIONS: `--require "${hook}"`, WORKSHOP_TEST_HOSTS: hostsFile };
}

beforeAll(() => {
  checkout = new CheckoutCopy();
  hostsFile = path.join(checkout.root, "..", "hosts");
});
afterAll(async () => {
  await checkout.run("local", "reset", "--yes", "--state");
  removeFolders();
}, MINUTE);

describe("a new environment", () => {
  test(
    "up makes everything by itself and ends with what was made, how to connect, what to try",
    async () => {
      const { code, out, err } = await checkout.start(["up"], recordingHosts()).ended;
      expect({ code, err: code === 0 ? "" : `${out}\n${err}` }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/dbt-build │ .*Done\. PASS=\d+ WARN=0 ERROR=0/);
      expect(out).toMatch(/PERSONAL_LOANS +7,429 +change tracking on/);
      expect(out).toMatch(/http:\/\/127\.0\.0\.1:\d+, account WORKSHOP-SNOWGLOBE/);
      expect(out).toMatch(/\.\/workshop load +brings the other states' loans/);
    },
    FIRST_MS,
  );

  test("neither command nor loader nor snowglobe spoke to another computer", () => {
    const hosts = new Set(readFileSync(hostsFile, "utf8").trim().split("\n"));
    expect([...hosts].filter((host) => !/^(127\.0\.0\.1|localhost|::1|\/.*)$/.test(host))).toEqual([]);
    expect(hosts).toContain("127.0.0.1");
  });

  test("California's loans are there, with 52 columns and change tracking", async () => {
    expect(await checkout.query("SELECT COUNT(*) AS N FROM RAW.LOANS.PERSONAL_LOANS")).toEqual([{ N: 7429 }]);
    expect(await checkout.query("DESCRIBE TABLE RAW.LOANS.PERSONAL_LOANS")).toHaveLength(52);
    const [table] = await checkout.query("SHOW TABLES LIKE 'PERSONAL_LOANS' IN SCHEMA RAW.LOANS");
    expect(table).toMatchObject({ change_tracking: "ON" });
  });

  test("both models hold one row, and AUTO resolved as it should", async () => {
    expect(await byState("LOANS_BY_STATE__DYNAMIC")).toEqual([["CA", "California", 7429]]);
    expect(await byState("LOANS_BY_STATE__STANDARD")).toEqual([["CA", "California", 7429]]);
    const { objects } = await checkout.json<Status>("status");
    const table = (name: string): DynamicTable | undefined => objects.dynamicTables.find((t) => t.name === name);
    expect(table("STG_PERSONAL_LOANS")).toMatchObject({ rows: 7429, refreshMode: "INCREMENTAL" });
    expect(table("LOANS_BY_STATE__DYNAMIC")).toMatchObject({
      refreshMode: "FULL",
      refreshModeReason: expect.stringMatching(/\S/) as string,
    });
  });

  test("a second up changes nothing", async () => {
    const { code, out, err } = await checkout.run("up", "--expect-no-changes");
    expect({ code, out, err }).toMatchObject({ code: 0, out: expect.stringMatching(/\d+ unchanged in/) as string });
    expect(out).not.toMatch(/created|updated|replaced|deleted/);
  });

  test("preview after an edit of a model shows that dbt would build, and only that", async () => {
    const model = path.join(checkout.root, "dbt/models/L3_coves/loan_analytics/loans_by_state__standard.sql");
    const before = readFileSync(model, "utf8");
    appendFileSync(model, "\n-- edited\n");
    try {
      const { changes } = await checkout.json<Changes>("preview");
      expect(changes).toMatchObject([{ op: "update", name: "dbt-build" }]);
    } finally {
      writeFileSync(model, before);
    }
    const { changes } = await checkout.json<Changes>("preview", "--expect-no-changes");
    expect(changes).toEqual([]);
  });
});

describe("all states", () => {
  test("the dynamic table follows the load within a minute and a bit, the standard one does not", async () => {
    const report = await checkout.json<{ rowsLoaded: number }>("load");
    expect(report.rowsLoaded).toBe(42_535);
    // A cycle is 48 s; a busy computer needs some more.
    const deadline = Date.now() + 90_000;
    while ((await byState("LOANS_BY_STATE__DYNAMIC")).length < 10 && Date.now() < deadline) await sleep(1_000);
    expect(await byState("LOANS_BY_STATE__DYNAMIC")).toEqual(TEN_STATES);
    expect(await byState("LOANS_BY_STATE__STANDARD")).toEqual([["CA", "California", 7429]]);
  });

  test("the view of test failures counts the states that should not be there", async () => {
    expect(await checkout.query(`SELECT COUNT_FAILED FROM ${MODELS}.STG_TEST_FAILURES`)).toEqual([
      { COUNT_FAILED: 49 },
    ]);
  });

  test("the refresh history tells the story, at one data timestamp", async () => {
    const rows = await checkout.query(
      "SELECT NAME, STATE, REFRESH_ACTION, DATA_TIMESTAMP, STATISTICS " +
        "FROM TABLE(BALBOA_DEV.INFORMATION_SCHEMA.DYNAMIC_TABLE_REFRESH_HISTORY()) " +
        "WHERE STATE = 'SUCCEEDED' AND REFRESH_ACTION IN ('INCREMENTAL', 'FULL') ORDER BY DATA_TIMESTAMP DESC",
    );
    const [incremental, full] = ["STG_PERSONAL_LOANS", "LOANS_BY_STATE__DYNAMIC"].map((name) =>
      rows.find((row) => row.NAME === name),
    );
    expect(incremental).toMatchObject({ REFRESH_ACTION: "INCREMENTAL" });
    expect(full).toMatchObject({ REFRESH_ACTION: "FULL" });
    expect(String(full?.DATA_TIMESTAMP)).toBe(String(incremental?.DATA_TIMESTAMP));
    expect(JSON.stringify(incremental?.STATISTICS)).toMatch(/numInsertedRows\D+42535|numInsertedRows\D+35106/);
  });

  test("the rows loaded by hand are data, not a change of the stack", async () => {
    expect((await checkout.run("up", "--expect-no-changes")).code).toBe(0);
    expect(await checkout.query("SELECT COUNT(*) AS N FROM RAW.LOANS.PERSONAL_LOANS")).toEqual([{ N: 42_535 }]);
  });
});

test("refresh finds what was changed by hand, and up fixes it", async () => {
  await checkout.query(
    "ALTER TABLE RAW.LOANS.PERSONAL_LOANS SET CHANGE_TRACKING = FALSE",
    "ALTER WAREHOUSE WH_TRANSFORMING_DYNAMIC_TABLES SET WAREHOUSE_SIZE = 'SMALL'",
  );
  const { changes, drifted } = await checkout.json<Changes>("refresh");
  expect(changes.map((change) => change.name)).toEqual(expect.arrayContaining(["warehouse-warehouse"]));
  expect(drifted).toEqual(["change-tracking-execute"]);

  const repaired = await checkout.json<Changes>("up");
  expect(new Set(repaired.changes.map((change) => change.name))).toEqual(
    new Set(["warehouse-warehouse", "change-tracking-execute"]),
  );
  const [table] = await checkout.query("SHOW TABLES LIKE 'PERSONAL_LOANS' IN SCHEMA RAW.LOANS");
  expect(table).toMatchObject({ change_tracking: "ON" });
  const [warehouse] = await checkout.query("SHOW WAREHOUSES LIKE 'WH_TRANSFORMING_DYNAMIC_TABLES'");
  expect(warehouse).toMatchObject({ size: "X-Small" });
  expect((await checkout.json<Changes>("refresh")).drifted).toEqual([]);
});

test("a second attendee lives beside the first; destroying one leaves the other whole", async () => {
  expect((await checkout.run("up", "--attendee", "bob")).code).toBe(0);
  expect(await byState("LOANS_BY_STATE__DYNAMIC", "BOB_BALBOA_DEV.BOB")).toEqual([["CA", "California", 7429]]);
  const names = async (show: string): Promise<string[]> =>
    (await checkout.query(show)).map((row) => String(row.name)).filter((name) => name.startsWith("BOB_"));
  expect(await names("SHOW DATABASES")).toHaveLength(2);

  expect((await checkout.run("destroy", "--attendee", "bob", "--yes")).code).toBe(0);
  for (const kind of ["DATABASES", "WAREHOUSES", "ROLES"]) expect(await names(`SHOW ${kind}`)).toEqual([]);
  expect((await checkout.run("up", "--expect-no-changes")).code).toBe(0);
  expect(await byState("LOANS_BY_STATE__DYNAMIC")).toEqual(TEN_STATES);
});

describe("accidents", () => {
  test("snowglobe killed: the next command starts it again on its data", async () => {
    process.kill(readRecord(checkout.paths.snowglobe)!.pid, "SIGKILL");
    const { code, out } = await checkout.run("up", "--expect-no-changes");
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/42,535/) as string });
  });

  test("a wrong password is one line that says what to check, and loses nothing", async () => {
    const file = path.join(checkout.paths.snowglobe, "password");
    const password = readFileSync(file, "utf8");
    writeFileSync(file, "wrong");
    const { code, err } = await checkout.run("up");
    writeFileSync(file, password);
    expect(code).toBe(1);
    expect(err).toMatch(/Incorrect username or password/);
    expect(err).toMatch(/check SNOWFLAKE_USER and SNOWFLAKE_PASSWORD/);
    expect(err).not.toMatch(/\n +at /);
    expect((await checkout.run("up", "--expect-no-changes")).code).toBe(0);
  });

  test("a setting that cannot be used is one line that names it", async () => {
    const file = path.join(checkout.root, "Pulumi.local.yaml");
    writeFileSync(file, "config:\n  workshop:states: Kalifornien\n");
    const { code, err } = await checkout.run("preview");
    rmSync(file);
    expect(code).toBe(1);
    expect(err).toMatch(/workshop:states 'Kalifornien' must be/);
    expect(err).not.toMatch(/\n +at /);
  });

  test("snowglobe's data deleted: up says so in one line and makes everything anew", async () => {
    expect((await checkout.run("local", "reset", "--yes")).code).toBe(0);
    const { code, out } = await checkout.run("up");
    expect(out).toMatch(/snowglobe's data are new, so the \d+ resources of stack local are gone and forgotten\./);
    expect(code).toBe(0);
    expect(await byState("LOANS_BY_STATE__DYNAMIC")).toEqual([["CA", "California", 7429]]);
  });

  test("destroy leaves nothing: neither files nor processes", async () => {
    const { code, out } = await checkout.run("destroy", "--yes");
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/stack local is gone/) as string });
    expect(checkout.leftOvers()).toEqual([]);
    expect(checkout.processes()).toEqual([]);
    expect(await checkout.run("destroy", "--yes")).toMatchObject({
      code: 0,
      out: "There is no stack local: nothing to destroy.\n",
    });
  });

  test("a port that is taken is one line", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const port = String((other.address() as AddressInfo).port);
    const { code, err } = await checkout.start(["up"], { WORKSHOP_SNOWGLOBE_PORT: port }).ended;
    other.close();
    expect(code).toBe(1);
    expect(err).toMatch(new RegExp(`^snowglobe cannot listen on port ${port}: another program uses it\\..*\n$`));
  });

  test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "%s in the midst of up: the next up finishes",
    async (signal) => {
      const child = checkout.start(["up"]);
      await new Promise<void>((resolve) => {
        child.stdout!.on("data", (chunk: Buffer) => chunk.toString().includes("loans-load │") && resolve());
        void child.ended.then(() => resolve());
      });
      child.kill(signal);
      const { code } = await child.ended;
      expect(code).toBe(signal === "SIGKILL" ? null : 130);

      const again = await checkout.run("up");
      expect({ code: again.code, err: again.err }).toEqual({ code: 0, err: "" });
      expect(await byState("LOANS_BY_STATE__DYNAMIC")).toEqual([["CA", "California", 7429]]);
      expect((await checkout.run("destroy", "--yes")).code).toBe(0);
      expect(checkout.leftOvers()).toEqual([]);
      expect(checkout.processes()).toEqual([]);
    },
  );

  test.each([
    ["the engine", /access-analyst /, () => enginePid()],
    ["snowglobe", /access-analyst /, () => readRecord(checkout.paths.snowglobe)!.pid],
    ["snowglobe", /loans-load │/, () => readRecord(checkout.paths.snowglobe)!.pid],
  ])("%s killed in the midst of up, at %s: the next up finishes", async (_who, moment, pid) => {
    const child = checkout.start(["up"]);
    let out = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      const seen = moment.test(out);
      out += chunk.toString();
      if (!seen && moment.test(out)) process.kill(pid(), "SIGKILL");
    });
    const { code, err } = await child.ended;
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringMatching(/goes on from/) as string });
    expect(err).not.toMatch(/\n +at /);

    const again = await checkout.run("up");
    expect({ code: again.code, err: again.err }).toEqual({ code: 0, err: "" });
    expect(await byState("LOANS_BY_STATE__DYNAMIC")).toEqual([["CA", "California", 7429]]);
    expect((await checkout.run("up", "--expect-no-changes")).code).toBe(0);
    expect((await checkout.run("destroy", "--yes")).code).toBe(0);
    expect(checkout.leftOvers()).toEqual([]);
  });

  test.each([
    ["the next up finishes", ["up"]],
    ["destroy leaves nothing of it", ["destroy", "--yes"]],
  ])("snowglobe killed between making an object and saying so: %s", async (_what, next) => {
    expect((await checkout.run("local", "start")).code).toBe(0);
    const file = path.join(checkout.paths.snowglobe, "snowglobe.json");
    const record = readRecord(checkout.paths.snowglobe)!;
    const lost = await loseAnswer(record.port, /CREATE ROLE \\"TRANSFORMER_DBT/, () =>
      process.kill(record.pid, "SIGKILL"),
    );
    writeFileSync(file, JSON.stringify({ ...record, port: lost.port }));
    const { code, err } = await checkout.run("up");
    lost.close();
    expect({ isLost: lost.isLost(), code, err }).toEqual({
      isLost: true,
      code: 1,
      err: expect.stringMatching(/^\.\/workshop up failed: snowglobe ended in the midst of it/) as string,
    });

    const { code: again, err: error } = await checkout.run(...next);
    expect({ code: again, err: error }).toEqual({ code: 0, err: "" });
    if (next[0] === "up") {
      expect((await checkout.run("up", "--expect-no-changes")).code).toBe(0);
      expect((await checkout.run("destroy", "--yes")).code).toBe(0);
    }
    expect(checkout.leftOvers()).toEqual([]);
  });

  test("a failing data test fails up with dbt's own summary and what to do; destroy works all the same", async () => {
    const file = path.join(checkout.root, "Pulumi.local.yaml");
    writeFileSync(file, "config:\n  workshop:states: all\n");
    const { code, out, err } = await checkout.run("up");
    expect(code).toBe(1);
    expect(out).toMatch(/dbt-build │ .*Done\. PASS=\d+ WARN=\d+ ERROR=[1-9]/);
    expect(err).toMatch(/^\.\/workshop up failed:\n {2}dbt-build: /);
    expect(err).toMatch(/See dbt's summary above/);

    // A destroy without snowglobe running, on top.
    await checkout.run("local", "stop");
    expect((await checkout.run("destroy", "--yes")).code).toBe(0);
    rmSync(file);
    expect(checkout.leftOvers()).toEqual([]);
    expect(checkout.processes()).toEqual([]);
  });
});

test("a source that cannot be reached is one line; nothing is lost", async () => {
  expect((await checkout.run("up")).code).toBe(0);
  const { code, err } = await checkout.run("load", "--source", path.join(checkout.root, "none.csv"), "--quiet");
  expect(code).toBe(1);
  expect(err.trim().split("\n")).toHaveLength(1);
  expect(await checkout.query("SELECT COUNT(*) AS N FROM RAW.LOANS.PERSONAL_LOANS")).toEqual([{ N: 7429 }]);
  expect((await checkout.run("destroy", "--yes")).code).toBe(0);
  rmSync(checkout.paths.state, { recursive: true, force: true });
});
