/**
 * What somebody changes by hand and what is dropped under the stack, with the real engine, provider, dbt and snowglobe: a
 * preview names it, the next plain `up` puts it right, the one after has nothing to do, and destroy leaves nothing. The
 * tests are one story and run in their order.
 *
 * WORKSHOP_TEST_DAMAGE is the number of random combinations of damage and settings; 1 where it is not set.
 */
import { rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { CheckoutCopy } from "./support/checkout";
import { removeFolders } from "./support/context";

const MINUTE = 60_000;
jest.setTimeout(10 * MINUTE);

/** Without `./workshop test`, which installs dbt, a first run may take minutes. */
const FIRST_MS = 40 * MINUTE;

const COMBINATIONS = Number(process.env.WORKSHOP_TEST_DAMAGE ?? "1");

interface Changes {
  readonly changes: readonly { readonly op: string; readonly name: string }[];
}

let checkout: CheckoutCopy;

beforeAll(async () => {
  checkout = new CheckoutCopy();
  await up();
}, FIRST_MS);
afterAll(async () => {
  await checkout.run("local", "reset", "--yes", "--state");
  removeFolders();
}, MINUTE);

async function up(...args: string[]): Promise<void> {
  const { code, out, err } = await checkout.run("up", ...args);
  expect({ code, err: code === 0 ? "" : `${out}\n${err}` }).toEqual({ code: 0, err: "" });
}

/** Settings of the stack; none for the defaults. */
function set(settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(([key, value]) => `  workshop:${key}: "${value}"\n`);
  const file = path.join(checkout.root, "Pulumi.local.yaml");
  if (lines.length === 0) rmSync(file, { force: true });
  else writeFileSync(file, `config:\n${lines.join("")}`);
}

const SCHEMA = "BALBOA_DEV.WORKSHOP";

/** A change by hand, and the resource that puts it right. */
const DRIFTS: readonly (readonly [statement: string, resource: string])[] = [
  [`DROP DYNAMIC TABLE ${SCHEMA}.LOANS_BY_STATE__DYNAMIC`, "dbt-build"],
  [`ALTER DYNAMIC TABLE ${SCHEMA}.STG_PERSONAL_LOANS SUSPEND`, "dbt-build"],
  [`DROP VIEW ${SCHEMA}.STG_TEST_FAILURES`, "dbt-build"],
  [`CREATE OR REPLACE TABLE ${SCHEMA}.LOANS_BY_STATE__STANDARD (A INT)`, "dbt-build"],
  ["ALTER TABLE RAW.LOANS.PERSONAL_LOANS SET CHANGE_TRACKING = FALSE", "change-tracking-execute"],
  [`CREATE OR REPLACE TABLE ${SCHEMA}.ERRORS_TABLE (A INT)`, "failures-errors-table-execute"],
  [`DROP STREAM ${SCHEMA}.DYNAMIC_TABLE_STREAM`, "failures-stream-execute"],
  [`ALTER ALERT ${SCHEMA}.ERROR_ALERT SUSPEND`, "error-alert-alert-resumed-execute"],
  ["ALTER USER RECIPIENT_1 SET EMAIL = 'other@example.com'", "mail-recipient-1-execute"],
];

test("each change by hand is named by preview and put right by the next up, which leaves nothing to do", async () => {
  await checkout.query(...DRIFTS.map(([statement]) => statement));
  const { changes } = await checkout.json<Changes>("preview");
  expect(changes.map(({ name }) => name)).toEqual(expect.arrayContaining(DRIFTS.map(([, resource]) => resource)));
  await up();
  await up("--expect-no-changes");
  const show = async (statement: string): Promise<unknown> => (await checkout.query(statement))[0];
  expect(await show(`SHOW ALERTS IN SCHEMA ${SCHEMA}`)).toMatchObject({ state: "started" });
  expect(await show(`SHOW DYNAMIC TABLES LIKE 'STG%' IN SCHEMA ${SCHEMA}`)).not.toMatchObject({
    scheduling_state: "SUSPENDED",
  });
  expect(await checkout.query(`SELECT * FROM ${SCHEMA}.LOANS_BY_STATE__STANDARD`)).toEqual([
    { STATE: "CA", STATE_NAME: "California", NUMBER_OF_LOANS: 7429 },
  ]);
});

test("the raw table, dropped or given away, comes back as the loader's", async () => {
  await checkout.query("DROP TABLE RAW.LOANS.PERSONAL_LOANS");
  await up();
  await up("--expect-no-changes");
  await checkout.query("GRANT OWNERSHIP ON TABLE RAW.LOANS.PERSONAL_LOANS TO ROLE ACCOUNTADMIN COPY CURRENT GRANTS");
  await up();
  const [table] = await checkout.query("SHOW TABLES LIKE 'PERSONAL_LOANS' IN SCHEMA RAW.LOANS");
  expect(table).toMatchObject({ owner: "LOADER", change_tracking: "ON", rows: 7429 });
});

const DAMAGE = [
  "DROP DATABASE IF EXISTS RAW",
  "DROP DATABASE IF EXISTS BALBOA_DEV",
  "DROP DATABASE IF EXISTS BALBOA",
  "DROP WAREHOUSE IF EXISTS WH_TRANSFORMING_DYNAMIC_TABLES",
  "DROP ROLE IF EXISTS LOADER",
  "DROP ROLE IF EXISTS TRANSFORMER_DBT",
  "DROP ROLE IF EXISTS ANALYST",
] as const;

const SETTINGS = fc.record(
  {
    environment: fc.constantFrom("dev", "prd"),
    accessRoles: fc.constantFrom("true", "false"),
    monitoring: fc.constantFrom("true", "false"),
    serverless: fc.constantFrom("true", "false"),
    alertSchedule: fc.constant("5 minutes"),
    dynamicTableLag: fc.constant("5 minutes"),
    recipients: fc.constant("a@example.com,b@example.com"),
  },
  { requiredKeys: [] },
);

test("whatever was dropped and set, up makes all anew and leaves nothing to do", async () => {
  const combinations = fc.sample(fc.tuple(fc.subarray([...DAMAGE], { minLength: 1 }), SETTINGS), {
    numRuns: COMBINATIONS,
    seed: 20_261_130,
  });
  for (const [damage, settings] of combinations) {
    await checkout.query(...damage);
    set(settings);
    await up();
    await up("--expect-no-changes");
  }
});

test("destroy ends with nothing left, whatever was dropped before", async () => {
  await checkout.query(...DAMAGE);
  const { code, out, err } = await checkout.run("destroy", "--yes");
  expect({ code, err: code === 0 ? "" : `${out}\n${err}` }).toEqual({ code: 0, err: "" });
  expect(checkout.leftOvers()).toEqual([]);
});
