/**
 * What watches the dynamic tables, under mocks: which resources with which statements, and when they are made anew. Not
 * that the statements do what they say: tests/cli/monitoring.engine.test.ts runs them.
 */
import * as pulumi from "@pulumi/pulumi";
import { readConfig, type ConfigKey } from "../../components/config";
import { declareMonitoring } from "../../components/monitoring";
import { Repairs } from "../../components/repairs";
import { workshopNames } from "../../components/naming";
import { SnowflakeProvider } from "../../components/snowflakeProvider";
import { record, type Declared, type DynamicTableRecord, type Recording } from "./recorder";

interface Options {
  readonly stack?: string;
  readonly settings?: Partial<Record<ConfigKey, string>>;
  readonly dynamicTables?: readonly DynamicTableRecord[];
  readonly role?: string;
  readonly schemaIncarnation?: string;
}

const STAGING: DynamicTableRecord = {
  databaseName: "BALBOA_DEV",
  schemaName: "WORKSHOP",
  name: "STG_PERSONAL_LOANS",
  createdOn: "2026-01-05T12:00:00Z",
};

/** Stands for what builds the dynamic tables. */
class Build extends pulumi.ComponentResource {
  constructor(name = "build") {
    super("test:index:Build", name);
  }
}

function declare({ stack = "local", settings = {}, ...rest }: Options = {}): Promise<Recording> {
  const config = readConfig((key) => settings[key], { stack, env: {} });
  return record(
    () => {
      const provider = new SnowflakeProvider("snowflake");
      declareMonitoring(
        {
          config,
          names: workshopNames(config),
          warehouse: "WH",
          role: rest.role,
          schemaIncarnation: rest.schemaIncarnation ?? "first",
          schema: new Build("schema"),
          repairs: new Repairs(),
        },
        { providers: { snowflake: provider }, dependsOn: [new Build()] },
      );
      return {};
    },
    stack,
    {},
    rest.dynamicTables ?? [STAGING],
  );
}

const named = ({ resources }: Recording, name: string): Declared => {
  const found = resources.filter((resource) => resource.name === name && !resource.type.startsWith("workshop:"));
  expect(found).toHaveLength(1);
  return found[0]!;
};

/** Resources of the provider, as `name: kind`. */
const declared = ({ resources }: Recording): string[] =>
  resources
    .filter(({ type }) => type.startsWith("snowflake:"))
    .map(({ name, type }) => `${name}: ${type.split(":").at(-1)}`)
    .sort();

const SERVERLESS = { serverless: "true" };

describe("failures are captured", () => {
  test("by a stream on the dynamic table, which shows that it can be read", async () => {
    const stream = named(await declare(), "failures-stream-execute");
    expect(stream.inputs).toEqual({
      execute:
        "CREATE OR REPLACE STREAM BALBOA_DEV.WORKSHOP.DYNAMIC_TABLE_STREAM " +
        "ON DYNAMIC TABLE BALBOA_DEV.WORKSHOP.STG_PERSONAL_LOANS COMMENT = 'Workshop: the changes of the staging table'",
      revert: "DROP STREAM IF EXISTS BALBOA_DEV.WORKSHOP.DYNAMIC_TABLE_STREAM",
      query:
        "SHOW STREAMS LIKE 'DYNAMIC_TABLE_STREAM' IN ACCOUNT ->> " +
        'SELECT TO_VARCHAR("name") AS "name", TO_VARCHAR("table_name") AS "table_name", TO_VARCHAR("stale") AS "stale", ' +
        'TO_VARCHAR("comment") AS "comment", TO_VARCHAR("owner") AS "owner" FROM $1 ' +
        `WHERE "name" = 'DYNAMIC_TABLE_STREAM' AND "database_name" = 'BALBOA_DEV' AND "schema_name" = 'WORKSHOP'`,
    });
    expect(stream).toMatchObject({
      deleteBeforeReplace: true,
      replacementTrigger: [STAGING.createdOn, 0],
      deletedWith: "schema",
    });
  });

  test("in a table whose changes are tracked", async () => {
    const table = named(await declare(), "failures-errors-table-execute");
    expect(table.inputs.execute).toMatch(
      /^CREATE OR REPLACE TABLE BALBOA_DEV\.WORKSHOP\.ERRORS_TABLE \([^;]*\)\nCHANGE_TRACKING = TRUE\n/,
    );
    expect(table.inputs.query).toContain('"change_tracking"');
    expect(table).toMatchObject({ deleteBeforeReplace: true, replacementTrigger: ["first", 0] });
  });

  test("by a triggered task on the warehouse, resumed, whose statements are one transaction", async () => {
    const task = named(await declare(), "failures-task");
    expect(task.inputs).toEqual({
      database: "BALBOA_DEV",
      schema: "WORKSHOP",
      name: "CAPTURE_ERRORS_TASK",
      warehouse: "WH",
      when: "SYSTEM$STREAM_HAS_DATA('BALBOA_DEV.WORKSHOP.DYNAMIC_TABLE_STREAM')",
      sqlStatement: expect.any(String),
      started: true,
      comment: expect.any(String),
    });
    const statements = (task.inputs.sqlStatement as string).split(";").map((text) => text.replace(/--.*/g, "").trim());
    expect(statements.map((text) => text.split(/\s+/).slice(0, 2).join(" "))).toEqual([
      "BEGIN BEGIN",
      "DELETE FROM",
      "INSERT INTO",
      "INSERT INTO",
      "COMMIT",
      "EXCEPTION WHEN",
      "RAISE",
      "END",
    ]);
    expect(task.after).toEqual(expect.arrayContaining(["failures-stream-execute", "failures-errors-table-execute"]));
    expect(task).toMatchObject({ deleteBeforeReplace: true, replacementTrigger: "failures-stream-execute-id" });
  });

  test("by a serverless task where config says so, by statements", async () => {
    const stack = await declare({ settings: SERVERLESS });
    expect(named(stack, "failures-task-execute").inputs.execute).toMatch(
      /^CREATE OR REPLACE TASK BALBOA_DEV\.WORKSHOP\.CAPTURE_ERRORS_SERVERLESS_TASK TARGET_COMPLETION_INTERVAL = '1 MINUTE' COMMENT = '[^']+' WHEN SYSTEM\$STREAM_HAS_DATA\('[\w.]+'\) AS\nBEGIN\n/,
    );
    expect(named(stack, "failures-task-resumed-execute")).toMatchObject({
      inputs: {
        execute: "ALTER TASK BALBOA_DEV.WORKSHOP.CAPTURE_ERRORS_SERVERLESS_TASK RESUME",
        revert: "ALTER TASK IF EXISTS BALBOA_DEV.WORKSHOP.CAPTURE_ERRORS_SERVERLESS_TASK SUSPEND",
      },
      replacementTrigger: ["failures-task-execute-id", 0],
    });
    expect(JSON.stringify(stack.resources)).not.toContain("WAREHOUSE = ");
  });

  test("in production from where dbt builds there, into the attendee's schema", async () => {
    const stack = await declare({ stack: "prd", settings: { environment: "prd", recipients: "a@b.c" } });
    expect(named(stack, "failures-stream-execute").inputs.execute).toContain(
      "CREATE OR REPLACE STREAM BALBOA.WORKSHOP.DYNAMIC_TABLE_STREAM ON DYNAMIC TABLE BALBOA.L1_LOANS.STG_PERSONAL_LOANS ",
    );
    expect(named(stack, "failures-task").inputs.sqlStatement).toContain("FROM BALBOA.L1_OBSERVE.STG_TEST_FAILURES");
  });
});

describe("a dynamic table that was replaced", () => {
  const trigger = async (dynamicTables: readonly DynamicTableRecord[]): Promise<unknown> =>
    named(await declare({ dynamicTables }), "failures-stream-execute").replacementTrigger;

  test("has its stream made anew; a table of that name elsewhere does not matter", async () => {
    const elsewhere = [
      { ...STAGING, databaseName: "ALICE_BALBOA_DEV", createdOn: "a" },
      { ...STAGING, schemaName: "OTHER", createdOn: "b" },
      { ...STAGING, name: "STG_PERSONAL_LOANS2", createdOn: "c" },
    ];
    expect(await trigger([...elsewhere, STAGING])).toEqual([STAGING.createdOn, 0]);
    expect(await trigger([{ ...STAGING, createdOn: "2026-01-05T13:00:00Z" }])).toEqual(["2026-01-05T13:00:00Z", 0]);
    expect(await trigger(elsewhere)).toEqual(["", 0]);
  });
});

describe("failures are mailed", () => {
  test("by an integration that may write to the recipients only, which the transformer may use", async () => {
    const stack = await declare({ settings: { recipients: "ada@example.com,bob@example.com" }, role: "T" });
    expect(named(stack, "mail-integration").inputs).toEqual({
      name: "SEND_EMAIL_NOTIFICATIONS",
      enabled: true,
      allowedRecipients: ["ada@example.com", "bob@example.com"],
      comment: expect.any(String),
    });
    expect(named(stack, "mail-usage").inputs).toEqual({
      accountRoleName: "T",
      privileges: ["USAGE"],
      onAccountObject: { objectType: "INTEGRATION", objectName: "SEND_EMAIL_NOTIFICATIONS" },
    });
  });

  test("on the local target to users that are made for the addresses, and have no password", async () => {
    const stack = await declare({ stack: "local-alice" });
    const user = named(stack, "mail-recipient-1-execute");
    expect(user.inputs).toMatchObject({
      execute: expect.stringMatching(/^CREATE OR REPLACE USER ALICE_RECIPIENT_1 EMAIL = 'alice@example\.com' COMMENT/),
      revert: "DROP USER IF EXISTS ALICE_RECIPIENT_1",
    });
    expect(user.inputs.execute).not.toContain("PASSWORD");
    expect(named(stack, "mail-integration").after).toContain("mail-recipient-1-execute");
  });

  test("on an account to users that are there", async () => {
    const stack = await declare({ stack: "dev", settings: { recipients: "ada@example.com" } });
    expect(declared(stack).filter((line) => line.includes("recipient"))).toEqual([]);
    expect(named(stack, "mail-integration").inputs.allowedRecipients).toEqual(["ada@example.com"]);
  });

  test("by nobody on an account where nobody is to get them, and that is said", async () => {
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    const stack = await declare({ stack: "dev" });
    expect(declared(stack)).toEqual([
      "failures-errors-table-execute: Execute",
      "failures-stream-execute: Execute",
      "failures-task: Task",
    ]);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/pulumi config set workshop:recipients/)]]);
    warn.mockRestore();
  });

  test("by an alert on new data that begins again with a new table, and is resumed", async () => {
    const stack = await declare();
    const alert = named(stack, "error-alert-alert-execute");
    expect(alert.inputs.execute).toMatch(
      /^CREATE OR REPLACE ALERT BALBOA_DEV\.WORKSHOP\.ERROR_ALERT WAREHOUSE = WH COMMENT = '[^']+'\nIF \(EXISTS \(SELECT [^;]+ FROM BALBOA_DEV\.WORKSHOP\.ERRORS_TABLE\)\)\nTHEN\nDECLARE\n/,
    );
    expect(alert.inputs.execute).not.toContain("SCHEDULE");
    expect(alert.inputs.execute).toContain("'SEND_EMAIL_NOTIFICATIONS'");
    expect(alert.inputs.execute).toContain("ARRAY_CONSTRUCT('attendee@example.com')");
    expect(alert).toMatchObject({
      deleteBeforeReplace: true,
      replacementTrigger: ["failures-errors-table-execute-id", 0],
      after: expect.arrayContaining(["failures-task", "mail-integration"]) as unknown,
    });
    expect(named(stack, "error-alert-alert-resumed-execute")).toMatchObject({
      inputs: {
        execute: "ALTER ALERT BALBOA_DEV.WORKSHOP.ERROR_ALERT RESUME",
        revert: "ALTER ALERT IF EXISTS BALBOA_DEV.WORKSHOP.ERROR_ALERT SUSPEND",
      },
      replacementTrigger: ["error-alert-alert-execute-id", 0],
    });
  });

  test.each([
    ["5 minutes", { interval: 5 }],
    ["USING CRON 0 8 * * MON UTC", { cron: { expression: "0 8 * * MON", timeZone: "UTC" } }],
  ])("by the provider's own resource with the schedule '%s'", async (alertSchedule, expected) => {
    const stack = await declare({ settings: { alertSchedule } });
    expect(declared(stack).filter((line) => line.startsWith("error-alert"))).toEqual(["error-alert-alert: Alert"]);
    expect(named(stack, "error-alert-alert").inputs).toEqual({
      database: "BALBOA_DEV",
      schema: "WORKSHOP",
      name: "ERROR_ALERT_ON_SCHEDULE",
      warehouse: "WH",
      alertSchedule: expected,
      condition: "SELECT TEST_NAME, COUNT_FAILED FROM BALBOA_DEV.WORKSHOP.ERRORS_TABLE",
      action: expect.stringContaining("SYSTEM$SEND_SNOWFLAKE_NOTIFICATION"),
      enabled: true,
      comment: expect.any(String),
    });
  });

  test("by a serverless alert on a schedule, by statements", async () => {
    const stack = await declare({ settings: { ...SERVERLESS, alertSchedule: "USING CRON 0 8 * * * UTC" } });
    expect(named(stack, "error-alert-alert-execute").inputs.execute).toMatch(
      /^CREATE OR REPLACE ALERT [\w.]+ SCHEDULE = 'USING CRON 0 8 \* \* \* UTC' COMMENT = /,
    );
  });
});
