/**
 * The account target from doctor to destroy, with the user's own Pulumi backend and connection, in a copy of the checkout.
 * The tests are one story and run in their order.
 *
 * By default a snowglobe stands for the account. With WORKSHOP_TEST_CONNECTION, the name of a connection of the Snowflake
 * CLI's files, the story is played on that account: components, loader, dbt, scenarios (all four then, in real time) and
 * dashboard. Everything made there bears a name of its own and is destroyed at the end. It costs a few minutes of an
 * x-small warehouse.
 */
import { randomInt } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { readRecord } from "../../cli/local/record";
import { localConnection } from "../../cli/stack/environment";
import { CheckoutCopy, type Ended } from "./support/checkout";
import { newFolder, removeFolders, ROOT } from "./support/context";

const MINUTE = 60_000;
jest.setTimeout(20 * MINUTE);

/** Without `./workshop test`, which installs dbt, a first run may take minutes. */
const FIRST_MS = 40 * MINUTE;

const CONNECTION = process.env.WORKSHOP_TEST_CONNECTION;
const ATTENDEE = `test${randomInt(1e6).toString().padStart(6, "0")}`;
const PREFIX = ATTENDEE.toUpperCase();
const STACK = [
  "--target",
  "account",
  "--attendee",
  ATTENDEE,
  ...(CONNECTION === undefined ? [] : ["--connection", CONNECTION]),
];

let checkout: CheckoutCopy;
let env: NodeJS.ProcessEnv;

const run = (...args: string[]): Promise<Ended> => checkout.start([...args, ...STACK], env).ended;

/** The rows of a statement, through the command under test. */
async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const { code, out, err } = await run("sql", "-q", sql, "--format", "json");
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as Record<string, unknown>[];
}

beforeAll(async () => {
  checkout = new CheckoutCopy();
  const backend = path.join(newFolder(), "backend");
  mkdirSync(backend);
  env = { PULUMI_BACKEND_URL: `file://${backend}`, PULUMI_CONFIG_PASSPHRASE: "of the test" };
  writeFileSync(
    path.join(checkout.root, `Pulumi.dev-${ATTENDEE}.yaml`),
    "config:\n  workshop:target: account\n  workshop:source: sample\n",
  );
  if (CONNECTION !== undefined) return;
  const { code, err } = await checkout.run("local", "start");
  if (code !== 0) throw new Error(err);
  env = { ...env, ...localConnection(checkout.paths, readRecord(checkout.paths.snowglobe)!, {}) };
}, FIRST_MS);

afterAll(async () => {
  await run("destroy", "--yes");
  await checkout.run("local", "stop");
  removeFolders();
}, 10 * MINUTE);

test(
  "doctor finds nothing that stands in the way, and makes nothing",
  async () => {
    const { code, out, err } = await run("doctor", "--json");
    expect([code, err]).toEqual([0, expect.not.stringContaining("fail")]);
    expect(out).not.toMatch(/"status": "fail"/);
    expect(await rows(`SHOW DATABASES LIKE '${PREFIX}%'`)).toEqual([]);
  },
  FIRST_MS,
);

test("up asks where it can, and else wants --yes", async () => {
  expect(await run("up")).toMatchObject({ code: 2, err: expect.stringContaining("--yes must be passed") });
});

test("up makes the attendee's environment; a second one changes nothing", async () => {
  const { code, out, err } = await run("up", "--yes", "--json");
  expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
  expect(JSON.parse(out)).toMatchObject({ result: "succeeded", stack: `dev-${ATTENDEE}` });
  expect(out + err).not.toContain(env.SNOWFLAKE_PASSWORD ?? "no password here");
  expect(await rows("SELECT * FROM LOANS_BY_STATE__DYNAMIC")).toEqual([
    { STATE: "CA", STATE_NAME: "California", NUMBER_OF_LOANS: 7429 },
  ]);
  expect(await run("up", "--yes", "--expect-no-changes")).toMatchObject({ code: 0 });
});

test("loader, dbt and scenarios work there by hand", async () => {
  expect(await run("load", "--source", "sample", "--states", "CA", "--quiet")).toMatchObject({ code: 0 });
  const dbt = await checkout.start(["dbt", ...STACK, "test"], env).ended;
  expect([dbt.code, dbt.out]).toEqual([0, expect.stringContaining("Completed successfully")]);
  const scenario = CONNECTION === undefined ? "basic" : "all";
  const played = await run("scenario", scenario, "--yes", "--source", "sample");
  expect([played.code, played.out]).toEqual([0, expect.stringContaining("Everything was seen as expected")]);
});

test("the dashboard shows it", async () => {
  const child = checkout.start(["dashboard", ...STACK, "--no-open", "--port", "0"], env);
  const address = await new Promise<string>((resolve, reject) => {
    let told = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      told += chunk.toString();
      const found = /http:\/\/\S+token=\S+/.exec(told)?.[0];
      if (found) resolve(found);
    });
    child.once("close", () => reject(new Error(`the dashboard ended: ${told}`)));
  });
  const entered = await fetch(address, { redirect: "manual" });
  const cookie = entered.headers.get("set-cookie")!.split(";")[0]!;
  const page = await fetch(new URL("/", address), { headers: { cookie } });
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Loans by state")]);
  child.kill("SIGINT");
  expect(await child.ended).toMatchObject({ code: 0 });
});

test("destroy leaves nothing of it, and the settings files as they are", async () => {
  const files = ["Pulumi.dev.yaml", `Pulumi.dev-${ATTENDEE}.yaml`].map((name) => path.join(checkout.root, name));
  const texts = files.map((file) => readFileSync(file, "utf8"));
  const { code, err } = await run("destroy", "--yes");
  expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
  for (const kind of ["DATABASES", "WAREHOUSES", "ROLES"])
    expect(await rows(`SHOW ${kind} LIKE '${PREFIX}%'`)).toEqual([]);
  expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(texts);
  expect(texts[0]).toBe(readFileSync(path.join(ROOT, "Pulumi.dev.yaml"), "utf8"));
});
