/**
 * Stream, task, table of failures, alert and mail, as `up` makes them, with the real engine, provider, dbt and snowglobe, in
 * a copy of the checkout. The tests are one story and run in their order. Time is moved ahead, except in one test.
 */
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { MonitoringStatus } from "../../cli/stack/monitoring";
import { CheckoutCopy } from "./support/checkout";
import { removeFolders } from "./support/context";
import { advance, mailbox } from "./support/pipeline";

const MINUTE = 60_000;
jest.setTimeout(5 * MINUTE);

/** Without `./workshop test`, which installs dbt, a first run may take minutes. */
const FIRST_MS = 40 * MINUTE;

/** A refresh comes within a minute, the task within half a minute after it; then the rest at once. */
const CYCLE_SECONDS = 100;

interface Changes {
  readonly changes: readonly { readonly op: string; readonly name: string }[];
  readonly drifted?: readonly string[];
}

let checkout: CheckoutCopy;
const SCHEMA = "BALBOA_DEV.WORKSHOP";
const FAILURE = "accepted_values_stg_personal_loans_addr_state__CA";

const load = async (...args: string[]): Promise<void> => {
  const { code, err } = await checkout.run("load", "--quiet", ...args);
  expect({ code, err }).toEqual({ code: 0, err: "" });
};
const monitoring = async (): Promise<MonitoringStatus> =>
  (await checkout.json<{ objects: { monitoring: MonitoringStatus } }>("status")).objects.monitoring;
const errors = async (schema = SCHEMA): Promise<unknown[]> =>
  (await checkout.query(`SELECT TEST_NAME, COUNT_FAILED FROM ${schema}.ERRORS_TABLE`)).map((row) => Object.values(row));
const history = async (name: string, columns: string): Promise<unknown[]> =>
  (
    await checkout.query(
      `SELECT ${columns} FROM TABLE(BALBOA_DEV.INFORMATION_SCHEMA.${name}()) ` +
        (name === "NOTIFICATION_HISTORY" ? "ORDER BY CREATED" : "ORDER BY SCHEDULED_TIME"),
    )
  ).map((row) => Object.values(row));
const hasData = async (): Promise<unknown> =>
  (await checkout.query(`SELECT SYSTEM$STREAM_HAS_DATA('${SCHEMA}.DYNAMIC_TABLE_STREAM') AS H`))[0]?.H;

beforeAll(() => {
  checkout = new CheckoutCopy();
});
afterAll(async () => {
  await checkout.run("local", "reset", "--yes", "--state");
  removeFolders();
}, MINUTE);

test(
  "up makes them, the transformer owns them, and a second up changes nothing",
  async () => {
    const { code, out, err } = await checkout.run("up");
    expect({ code, err: code === 0 ? "" : `${out}\n${err}` }).toEqual({ code: 0, err: "" });
    expect(await monitoring()).toEqual({
      stream: { name: "DYNAMIC_TABLE_STREAM", of: `${SCHEMA}.STG_PERSONAL_LOANS`, stale: false },
      task: { name: "CAPTURE_ERRORS_TASK", state: "started" },
      alert: { name: "ERROR_ALERT", state: "started" },
      mails: [],
    });
    for (const kind of ["STREAMS", "TASKS", "ALERTS", "TABLES LIKE 'ERRORS_TABLE'"])
      expect(await checkout.query(`SHOW ${kind} IN SCHEMA ${SCHEMA}`)).toEqual([
        expect.objectContaining({ owner: "TRANSFORMER_DBT" }),
      ]);
    expect((await checkout.run("up", "--expect-no-changes")).code).toBe(0);
    expect((await checkout.run("refresh", "--expect-no-changes")).out).toMatch(/No drift\./);
  },
  FIRST_MS,
);

describe("without any command after the load", () => {
  test("California's loans alone: nothing happens", async () => {
    await advance(checkout, CYCLE_SECONDS);
    expect(await errors()).toEqual([]);
    expect(await history("TASK_HISTORY", "STATE")).toEqual([]);
    expect(mailbox(checkout)).toEqual([]);
  });

  test("all states: refreshed at one timestamp, captured, mailed once, and every history agrees", async () => {
    await load();
    await advance(checkout, CYCLE_SECONDS);
    const refreshed = await checkout.query(
      "SELECT DATA_TIMESTAMP, COUNT(*) AS N FROM TABLE(BALBOA_DEV.INFORMATION_SCHEMA.DYNAMIC_TABLE_REFRESH_HISTORY()) " +
        "WHERE REFRESH_TRIGGER = 'SCHEDULED' AND REFRESH_ACTION IN ('INCREMENTAL', 'FULL') GROUP BY 1",
    );
    expect(refreshed).toEqual([expect.objectContaining({ N: 2 })]);
    expect(await hasData()).toBe(false);
    expect(await errors()).toEqual([[FAILURE, 49]]);
    expect(await history("TASK_HISTORY", "STATE, SCHEDULED_FROM, ERROR_MESSAGE")).toEqual([
      ["SUCCEEDED", "TRIGGER", null],
    ]);
    expect(await history("ALERT_HISTORY", "STATE, SCHEDULED_FROM, SQL_ERROR_MESSAGE")).toEqual([
      ["TRIGGERED", "TRIGGER", null],
    ]);
    expect(await history("NOTIFICATION_HISTORY", "STATUS, INTEGRATION_NAME, ERROR_MESSAGE")).toEqual([
      ["SUCCESS", "SEND_EMAIL_NOTIFICATIONS", null],
    ]);
    const mails = mailbox(checkout);
    expect(mails.map(({ to }) => to)).toEqual(["attendee@example.com"]);
    expect(mails[0]!.text).toContain(`<b>${FAILURE}</b> in stg_personal_loans, failures: 49`);
  });

  test("refreshes that change nothing bring no other mail, one that does brings one more", async () => {
    await advance(checkout, 3 * CYCLE_SECONDS);
    expect(mailbox(checkout)).toHaveLength(1);
    await load("--states", "CA,NY");
    await advance(checkout, CYCLE_SECONDS);
    expect(await errors()).toEqual([[FAILURE, 1]]);
    expect(mailbox(checkout)).toHaveLength(2);
    expect((await monitoring()).mails?.map(({ status }) => status)).toEqual(["SUCCESS", "SUCCESS"]);
  });

  test("back to California: no failure is kept, and nobody is told", async () => {
    await load("--states", "CA");
    await advance(checkout, CYCLE_SECONDS);
    expect(await errors()).toEqual([]);
    expect(await hasData()).toBe(false);
    expect(mailbox(checkout)).toHaveLength(2);
    expect(await history("TASK_HISTORY", "STATE")).toEqual([["SUCCEEDED"], ["SUCCEEDED"], ["SUCCEEDED"]]);
    expect((await checkout.run("up", "--expect-no-changes")).code).toBe(0);
  });
});

test("refresh finds what was changed by hand, up fixes it, and all works as before", async () => {
  await checkout.query(
    `DROP STREAM ${SCHEMA}.DYNAMIC_TABLE_STREAM`,
    `ALTER TASK ${SCHEMA}.CAPTURE_ERRORS_TASK SUSPEND`,
    `ALTER ALERT ${SCHEMA}.ERROR_ALERT SUSPEND`,
    "ALTER NOTIFICATION INTEGRATION SEND_EMAIL_NOTIFICATIONS SET ENABLED = FALSE",
    "ALTER USER RECIPIENT_1 SET DISABLED = TRUE",
  );
  const { changes, drifted } = await checkout.json<Changes>("refresh");
  expect([...drifted!].sort()).toEqual([
    "error-alert-alert-resumed-execute",
    "failures-stream-execute",
    "mail-recipient-1-execute",
  ]);
  expect(changes.map(({ name }) => name)).toEqual(expect.arrayContaining(["failures-task", "mail-integration"]));

  const repaired = await checkout.json<Changes>("up");
  expect(repaired.changes.map(({ name }) => name).sort()).toEqual([
    "error-alert-alert-resumed-execute",
    "failures-stream-execute",
    "failures-task",
    "mail-integration",
    "mail-recipient-1-execute",
  ]);
  expect((await checkout.json<Changes>("refresh")).drifted).toEqual([]);
  expect((await checkout.run("up", "--expect-no-changes")).code).toBe(0);
  await load();
  await advance(checkout, CYCLE_SECONDS);
  expect(await errors()).toEqual([[FAILURE, 49]]);
  expect(mailbox(checkout)).toHaveLength(3);
});

test("a table of failures that was dropped comes back with the alert on it", async () => {
  await checkout.query(`DROP TABLE ${SCHEMA}.ERRORS_TABLE`);
  expect((await checkout.json<Changes>("refresh")).drifted).toEqual(["failures-errors-table-execute"]);
  const { changes } = await checkout.json<Changes>("up");
  expect(changes.map(({ name }) => name).sort()).toEqual([
    "error-alert-alert-execute",
    "error-alert-alert-resumed-execute",
    "failures-errors-table-execute",
  ]);
  await load("--states", "CA,TX,NY");
  await advance(checkout, CYCLE_SECONDS);
  expect(await errors()).toEqual([[FAILURE, 2]]);
  expect(mailbox(checkout)).toHaveLength(4);
});

test("a dynamic table that dbt replaced: status says it, up sees it without a refresh, then all works", async () => {
  await load("--states", "CA");
  expect((await checkout.run("dbt", "build", "--full-refresh", "--vars", '{"persist_tests": "true"}')).code).toBe(0);
  expect((await monitoring()).stream).toMatchObject({ stale: true });
  expect((await checkout.run("status")).out).toMatch(/DYNAMIC_TABLE_STREAM +cannot be read any more; .\/workshop up/);
  // The task meets the stream that cannot be read, again and again.
  await advance(checkout, CYCLE_SECONDS);

  const { changes } = await checkout.json<Changes>("up");
  expect(changes.map(({ name }) => name).sort()).toEqual(["failures-stream-execute", "failures-task"]);
  expect(await monitoring()).toMatchObject({ stream: { stale: false }, task: { state: "started" } });
  expect((await checkout.run("up", "--expect-no-changes")).code).toBe(0);
  const before = mailbox(checkout).length;
  await load();
  await advance(checkout, CYCLE_SECONDS);
  expect(await errors()).toEqual([[FAILURE, 49]]);
  expect(mailbox(checkout)).toHaveLength(before + 1);
});

test("the worksheet does the same by hand", async () => {
  await load("--states", "CA");
  await advance(checkout, CYCLE_SECONDS);
  const before = mailbox(checkout).length;
  const { code, out, err } = await checkout.run("sql", path.join(checkout.root, "sql/script2_advanced.sql"));
  expect({ code, err: code === 0 ? "" : `${out}\n${err}` }).toEqual({ code: 0, err: "" });
  await load();
  await advance(checkout, CYCLE_SECONDS);
  expect(await errors()).toEqual([[FAILURE, 49]]);
  const mails = mailbox(checkout);
  expect(mails).toHaveLength(before + 1);
  expect(mails.at(-1)!.text).toContain(`<li>${FAILURE} in stg_personal_loans, failures: 49</li>`);
});

test("refresh and up bring back what the worksheet replaced", async () => {
  expect([...(await checkout.json<Changes>("refresh")).drifted!].sort()).toEqual([
    "error-alert-alert-execute",
    "failures-errors-table-execute",
    "failures-stream-execute",
  ]);
  const { changes } = await checkout.json<Changes>("up");
  expect(changes.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["failures-task", "error-alert-alert-execute"]),
  );
  expect((await checkout.json<Changes>("refresh")).drifted).toEqual([]);
  expect((await checkout.run("up", "--expect-no-changes")).code).toBe(0);
});

test("in real time: within two minutes after the load there is a mail", async () => {
  const before = mailbox(checkout).length;
  await load("--states", "CA,NY");
  for (const deadline = Date.now() + 2 * MINUTE; mailbox(checkout).length === before && Date.now() < deadline;)
    await sleep(1_000);
  expect(mailbox(checkout)).toHaveLength(before + 1);
  expect(await errors()).toEqual([[FAILURE, 1]]);
});

describe("another attendee, with settings of their own", () => {
  const BOB = "BOB_BALBOA_DEV.BOB";
  const settings = (lines: string): void =>
    writeFileSync(path.join(checkout.root, "Pulumi.local-bob.yaml"), `config:\n  workshop:target: local\n${lines}`);
  const toBob = (): number => mailbox(checkout).filter(({ to }) => to === "bob@example.com, ann@example.com").length;

  test("serverless, and mailed on a schedule as long as there are failures", async () => {
    settings(
      "  workshop:recipients: bob@example.com,ann@example.com\n" +
        '  workshop:serverless: "true"\n  workshop:alertSchedule: 5 minutes\n',
    );
    const { code, out, err } = await checkout.run("up", "--attendee", "bob");
    expect({ code, err: code === 0 ? "" : `${out}\n${err}` }).toEqual({ code: 0, err: "" });
    expect(await checkout.query(`SHOW TASKS IN SCHEMA ${BOB}`)).toEqual([
      expect.objectContaining({ warehouse: null, state: "started" }),
    ]);
    expect((await checkout.run("up", "--attendee", "bob", "--expect-no-changes")).code).toBe(0);
    await load("--attendee", "bob");
    await advance(checkout, 16 * 60);
    expect(await errors(BOB)).toEqual([[FAILURE, 49]]);
    expect(toBob()).toBe(3);
  });

  test("on the warehouse by the provider's own alert, after another up", async () => {
    settings("  workshop:recipients: bob@example.com,ann@example.com\n  workshop:alertSchedule: 5 minutes\n");
    const { changes } = await checkout.json<Changes>("up", "--attendee", "bob");
    expect(changes.map(({ op, name }) => `${op} ${name}`)).toEqual(
      expect.arrayContaining(["create error-alert-alert", "delete error-alert-alert-execute", "create failures-task"]),
    );
    expect(await checkout.query(`SHOW ALERTS IN SCHEMA ${BOB}`)).toEqual([
      expect.objectContaining({
        warehouse: "BOB_WH_TRANSFORMING_DYNAMIC_TABLES",
        schedule: "5 MINUTE",
        state: "started",
      }),
    ]);
    expect((await checkout.run("refresh", "--attendee", "bob", "--expect-no-changes")).out).toMatch(/No drift\./);
    const before = toBob();
    await load("--attendee", "bob", "--states", "CA,NY");
    await advance(checkout, 6 * 60);
    expect(toBob()).toBe(before + 1);
  });

  test("destroy takes all of it away, and leaves the other's", async () => {
    expect((await checkout.run("destroy", "--attendee", "bob", "--yes")).code).toBe(0);
    for (const kind of ["USERS", "NOTIFICATION INTEGRATIONS", "ROLES", "WAREHOUSES"])
      expect((await checkout.query(`SHOW ${kind}`)).filter(({ name }) => String(name).startsWith("BOB_"))).toEqual([]);
    expect((await checkout.run("up", "--expect-no-changes")).code).toBe(0);
  });
});

test("nothing watches any more where config says so", async () => {
  writeFileSync(path.join(checkout.root, "Pulumi.local.yaml"), 'config:\n  workshop:monitoring: "false"\n');
  const { changes } = await checkout.json<Changes>("up");
  expect(new Set(changes.map(({ op }) => op))).toEqual(new Set(["delete"]));
  expect(await monitoring()).toEqual({});
});
