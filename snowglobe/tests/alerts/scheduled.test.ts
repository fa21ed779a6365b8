import { prepare } from "../refresh/pipeline";
import { START, startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { mailbox, prepareMail, runs, states } from "./alert";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create table gauge (v int)",
    "create table log (at timestamp_ltz, last timestamp_ltz, note varchar)",
  );
});
afterEach(() => snowglobe.stop());

const CONDITION = "select v from gauge where v > 200";
const ACTION = "insert into log values (current_timestamp(), null, 'n')";
const count = () => client.value("select count(*) from log");
const seconds = START / 1e6;

test("is made suspended, evaluates all rows on its interval from RESUME on, and stops at SUSPEND", async () => {
  await client.run(
    `create alert a warehouse = wh schedule = '1 MINUTE' if (exists (${CONDITION})) then ${ACTION}`,
    "insert into gauge values (300)",
  );
  await snowglobe.advance(120);
  expect(await count()).toBe(0);
  await client.run("alter alert a resume");
  await snowglobe.advance(59);
  expect(await count()).toBe(0);
  await snowglobe.advance(61);
  expect(await count()).toBe(2);
  await client.run("delete from gauge");
  await snowglobe.advance(60);
  expect(await runs(client)).toMatchObject([
    { STATE: "TRIGGERED", SCHEDULED_FROM: "SCHEDULE", AT: seconds + 180 },
    { STATE: "TRIGGERED", SCHEDULED_FROM: "SCHEDULE", AT: seconds + 240 },
    { STATE: "CONDITION_FALSE", ACTION_QUERY_ID: null, AT: seconds + 300 },
  ]);
  await client.run("alter alert a suspend");
  await snowglobe.advance(600);
  expect(await states(client)).toHaveLength(3);
});

test("by CRON with a time zone", async () => {
  // The clock begins at 12:00 UTC, four in the morning in Los Angeles.
  await client.run(
    `create alert a schedule = 'USING CRON 30 4 * * * America/Los_Angeles' if (exists (select 1)) then ${ACTION}`,
    "alter alert a resume",
  );
  await snowglobe.advance(29 * 60);
  expect(await count()).toBe(0);
  await snowglobe.advance(24 * 3600);
  expect(await count()).toBe(1);
});

test.each(["30 SECONDS", "1 HOUR", "0 MINUTE", "11521 MINUTE", "often", "USING CRON * * * * * Mars/Base"])(
  "the schedule %s is refused",
  async (schedule) => {
    const failure = await client.failure(
      `create alert a schedule = '${schedule}' if (exists (select 1)) then select 1`,
    );
    expect(failure).toMatchObject({
      code: "001008",
      message: expect.stringContaining(`Invalid schedule '${schedule}'`),
    });
  },
);

test("the condition may be a SHOW", async () => {
  await client.run(
    `create alert a schedule = '1 minute' if (exists (show tables like 'WANTED')) then ${ACTION}`,
    "alter alert a resume",
  );
  await snowglobe.advance(60);
  await client.run("create table wanted (i int)");
  await snowglobe.advance(60);
  expect(await states(client)).toEqual(["CONDITION_FALSE", "TRIGGERED"]);
});

test("names and arguments are not looked at before it runs; then the history says what is wrong", async () => {
  await client.run(
    "create alert c schedule = '1 minute' if (exists (select nothing(1) from nowhere)) then select 1",
    "create alert a schedule = '1 minute' if (exists (select 1)) then insert into nowhere values (1)",
    "alter alert c resume",
    "alter alert a resume",
  );
  await snowglobe.advance(60);
  expect(await runs(client, "c")).toMatchObject([
    {
      STATE: "CONDITION_FAILED",
      SQL_ERROR_CODE: 2003,
      SQL_ERROR_MESSAGE: expect.stringContaining("NOWHERE"),
      ACTION_QUERY_ID: null,
    },
  ]);
  expect(await runs(client, "a")).toMatchObject([
    { STATE: "ACTION_FAILED", SQL_ERROR_CODE: 2003, SQL_ERROR_MESSAGE: expect.stringContaining("NOWHERE") },
  ]);
  expect((await client.failure("create alert x if (exists (delete from gauge)) then select 1")).code).toBe("002141");
});

test("the functions of a run: its time, that of the last success, and the condition's result", async () => {
  await client.run(
    `create alert a schedule = '1 minute' if (exists (
       select v, snowflake.alert.scheduled_time() as at, snowflake.alert.last_successful_scheduled_time() as last
       from gauge where v > 200 or snowflake.alert.scheduled_time() < '2026-01-05 12:02:30 +00:00'::timestamp_ltz)) then
     begin
       let n int := (select count(*) from table(result_scan(snowflake.alert.get_condition_query_uuid())));
       let text varchar := (select listagg(v, ',') from (
         select * from (select v from table(result_scan(snowflake.alert.get_condition_query_uuid())) order by v limit 2)));
       insert into log select snowflake.alert.scheduled_time(), snowflake.alert.last_successful_scheduled_time(), :n || ': ' || :text;
     end`,
    "insert into gauge values (201), (202), (203)",
    "alter alert a resume",
  );
  await snowglobe.advance(120);
  await client.run("delete from gauge");
  await snowglobe.advance(120);
  await client.run("insert into gauge values (300)");
  await snowglobe.advance(60);
  const logged = await client.rows(
    "select date_part(epoch_second, at) as at, date_part(epoch_second, last) as last, note from log order by at",
  );
  expect(logged).toEqual([
    { AT: seconds + 60, LAST: null, NOTE: "3: 201,202" },
    { AT: seconds + 120, LAST: seconds + 60, NOTE: "3: 201,202" },
    { AT: seconds + 300, LAST: seconds + 240, NOTE: "1: 300" },
  ]);
  const [run] = await runs(client);
  expect(run!.CONDITION_QUERY_ID).toMatch(/^[0-9a-f-]{36}$/);
  expect(run!.ACTION_QUERY_ID).not.toBe(run!.CONDITION_QUERY_ID);
});

test("outside of an alert the functions fail", async () => {
  for (const name of ["get_condition_query_uuid", "scheduled_time", "last_successful_scheduled_time"]) {
    expect((await client.failure(`select snowflake.alert.${name}()`)).message).toContain(
      "only be called within an alert",
    );
  }
});

test("EXECUTE ALERT runs a suspended alert once", async () => {
  await client.run(`create alert a schedule = '1 minute' if (exists (select 1)) then ${ACTION}`);
  expect(await client.value("execute alert a")).toBe("Alert A is scheduled to run immediately.");
  await snowglobe.advance(300);
  expect(await count()).toBe(1);
  expect(await runs(client)).toMatchObject([{ STATE: "TRIGGERED", SCHEDULED_FROM: "EXECUTE ALERT" }]);
  expect(await client.row("show alerts")).toMatchObject({ state: "suspended" });
});

test("a run that was asked for comes after a restart, too", async () => {
  await client.run(`create alert a schedule = '1 minute' if (exists (select 1)) then ${ACTION}`, "execute alert a");
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  await snowglobe.advance(1);
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  await snowglobe.advance(1);
  expect(await count()).toBe(1);
  await client.run("execute alert a", "drop alert a");
  await snowglobe.advance(1);
  expect(await states(client)).toEqual(["TRIGGERED", "CANCELLED"]);
});

test("one run follows the other: two requests at once make two runs", async () => {
  await client.run(
    `create alert a schedule = '1 minute' if (exists (select 1)) then ${ACTION}`,
    "execute alert a",
    "execute alert a",
  );
  await snowglobe.advance(1);
  expect(await count()).toBe(2);
});

test("schedules go on after a restart; the history is still there", async () => {
  await client.run(
    `create alert a schedule = '1 minute' if (exists (select 1)) then ${ACTION}`,
    "alter alert a resume",
  );
  await snowglobe.advance(90);
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  expect(await states(client)).toEqual(["TRIGGERED"]);
  await snowglobe.advance(30);
  expect(await runs(client)).toMatchObject([{ AT: seconds + 60 }, { AT: seconds + 120 }]);
});

test("a schedule that changes while it is started counts from RESUME, and makes up for nothing", async () => {
  await client.run(
    `create alert a schedule = '60 MINUTE' if (exists (select 1)) then ${ACTION}`,
    "alter alert a resume",
  );
  await snowglobe.advance(150);
  await client.run("alter alert a set schedule = '1 MINUTE'");
  await snowglobe.advance(35);
  expect(await runs(client)).toMatchObject([{ AT: seconds + 180 }]);
});

test("a plain mail by SYSTEM$SEND_EMAIL", async () => {
  await prepareMail(client);
  await client.run(
    `create alert a warehouse = wh schedule = '1 minute' if (exists (${CONDITION}))
     then call system$send_email('send_email_notifications', 'ann@example.com', 'Gauge', 'Above 200')`,
    "alter alert a resume",
    "insert into gauge values (201)",
  );
  await snowglobe.advance(60);
  await client.run("delete from gauge");
  await snowglobe.advance(60);
  const mails = await mailbox(snowglobe);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatch(/^To: ann@example.com$/m);
  expect(mails[0]).toContain("Above 200");
});

describe("ALERT_HISTORY", () => {
  beforeEach(async () => {
    await client.run(
      `create alert a schedule = '1 minute' if (exists (select 1)) then ${ACTION}`,
      `create alert "b" schedule = '1 minute' if (exists (select 1 where false)) then ${ACTION}`,
      "alter alert a resume",
      'alter alert "b" resume',
    );
    await snowglobe.advance(150);
  });
  const history = (args: string) => client.rows(`select * from table(information_schema.alert_history(${args}))`);

  test("newest first, with the next run of each; its columns", async () => {
    const rows = await history("");
    expect(rows.map((row) => row.STATE)).toEqual([
      "SCHEDULED",
      "SCHEDULED",
      ...["TRIGGERED", "CONDITION_FALSE", "TRIGGERED", "CONDITION_FALSE"].map(() => expect.any(String)),
    ]);
    expect(Object.keys(rows[0]!)).toEqual([
      "NAME",
      "DATABASE_NAME",
      "SCHEMA_NAME",
      "CONDITION",
      "CONDITION_QUERY_ID",
      "ACTION",
      "ACTION_QUERY_ID",
      "STATE",
      "SQL_ERROR_CODE",
      "SQL_ERROR_MESSAGE",
      "SCHEDULED_TIME",
      "COMPLETED_TIME",
      "SCHEDULED_FROM",
    ]);
    expect(rows.find((row) => row.STATE === "TRIGGERED")).toMatchObject({
      NAME: "A",
      DATABASE_NAME: "D",
      SCHEMA_NAME: "PUBLIC",
      CONDITION: "select 1",
      ACTION,
      SQL_ERROR_CODE: null,
    });
  });

  test("by name, limit and time", async () => {
    expect(new Set((await history("alert_name => 'A'")).map((row) => row.NAME))).toEqual(new Set(["A"]));
    expect(new Set((await history("alert_name => 'B'")).map((row) => row.NAME))).toEqual(new Set(["b"]));
    expect((await history("result_limit => 1")).map((row) => row.STATE)).toEqual(["SCHEDULED"]);
    expect(await history("scheduled_time_range_end => current_timestamp()")).toHaveLength(4);
    const between = `scheduled_time_range_start => dateadd('second', -40, current_timestamp()),
      scheduled_time_range_end => current_timestamp()`;
    expect(await history(between)).toHaveLength(2);
    expect(
      (await client.failure("select * from table(information_schema.alert_history(result_limit => 0))")).code,
    ).toBe("001008");
  });

  test("a range that begins before the last week is refused", async () => {
    expect(
      await history("scheduled_time_range_start => dateadd('day', -7, current_timestamp()), alert_name => 'A'"),
    ).toHaveLength(3);
    const failure = await client.failure(
      "select * from table(information_schema.alert_history(scheduled_time_range_start => dateadd('day', -8, current_timestamp())))",
    );
    expect(failure.message).toContain("within the last 7 days");
  });
});
