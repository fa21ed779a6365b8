import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { mailbox, prepareMail, runs, states } from "./alert";

let snowglobe: TestSnowglobe;
let client: TestClient;

/** The workshop's second worksheet: refresh, stream, task, table of errors, alert on new data, one HTML mail. */
beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await prepareMail(client);
  await client.run(
    "create table loans (id int, addr_state varchar) change_tracking = true",
    "insert into loans values (1, 'CA'), (2, 'CA')",
    "create dynamic table stg target_lag = '1 minute' warehouse = wh as select id, addr_state from loans",
    `create view failures as
       select 'accepted_values' as test_name, count(*) as count_failed, parse_json('["stg"]') as tested_models
       from (select addr_state from stg where addr_state <> 'CA' group by addr_state)`,
    "create stream s on dynamic table stg",
    "create table errors_table as select * from failures where false",
    `create task capture target_completion_interval = '1 minutes' when system$stream_has_data('s') as
       begin
         delete from errors_table;
         insert into errors_table select * from failures where count_failed > 0;
         create or replace temp table consumed as select * from s;
       end`,
    "alter task capture resume",
    "alter table errors_table set change_tracking = true",
    `create or replace alert error_alert
       if (exists (
         select '<p>' || test_name || ': ' || count_failed || ' in ' || tested_models::string || '</p>' as fragment
         from errors_table
       ))
       then
       begin
         let fragments varchar := (
           select array_to_string(array_agg(fragment)::array, '')
           from (select fragment from table(result_scan(snowflake.alert.get_condition_query_uuid())) limit 20)
         );
         call system$send_snowflake_notification(
           snowflake.notification.text_html('<h1>Errors</h1>' || :fragments),
           snowflake.notification.email_integration_config(
             'send_email_notifications',
             'alert: errors detected on dynamic table refresh',
             array_construct('admin@example.com', 'ann@example.com'),
             null, null
           )
         );
       end`,
    "alter alert error_alert resume",
  );
});
afterEach(() => snowglobe.stop());

test("one HTML mail for each refresh that leaves failures, none when the data is clean", async () => {
  await snowglobe.advance(120);
  expect(await mailbox(snowglobe)).toEqual([]);
  await client.run("insert overwrite into loans values (1, 'CA'), (2, 'NY'), (3, 'TX'), (4, 'TX')");
  await snowglobe.advance(90);
  const [first, ...more] = await mailbox(snowglobe);
  expect(more).toEqual([]);
  expect(first).toMatch(/^Subject: alert: errors detected on dynamic table refresh$/m);
  expect(first).toMatch(/^To: admin@example.com, ann@example.com$/m);
  expect(first).toContain("text/html");
  expect(first).toContain('<h1>Errors</h1><p>accepted_values: 2 in ["stg"]</p>');
  expect(await runs(client, "error_alert")).toMatchObject([
    { STATE: "TRIGGERED", SCHEDULED_FROM: "TRIGGER", SQL_ERROR_MESSAGE: null },
  ]);
  await snowglobe.advance(600);
  expect(await mailbox(snowglobe)).toHaveLength(1);

  await client.run("insert into loans values (5, 'WY')");
  await snowglobe.advance(90);
  expect((await mailbox(snowglobe)).map((mail) => /accepted_values: \d/.exec(mail)![0]).sort()).toEqual([
    "accepted_values: 2",
    "accepted_values: 3",
  ]);

  await client.run("delete from loans where addr_state <> 'CA'");
  await snowglobe.advance(600);
  expect(await client.rows("select * from errors_table")).toEqual([]);
  expect(await mailbox(snowglobe)).toHaveLength(2);
  expect(await states(client, "error_alert")).toEqual(["TRIGGERED", "TRIGGERED"]);
  expect(
    await client.value(
      "select count(*) from table(information_schema.notification_history()) where status = 'SUCCESS'",
    ),
  ).toBe(2);
});

test("refresh, stream, task, alert and mail come within one move of the clock", async () => {
  await snowglobe.advance(120);
  await client.run("insert into loans values (3, 'NY')");
  const before = await mailbox(snowglobe);
  // The period of a lag of one minute is 48 seconds.
  await snowglobe.advance(48 + 30);
  expect((await mailbox(snowglobe)).length - before.length).toBe(1);
});

test("the alert may be scheduled instead: it mails on its schedule while there are errors", async () => {
  await client.run(
    "drop alert error_alert",
    `create alert error_alert warehouse = wh schedule = '5 MINUTE'
       if (exists (select 1 from errors_table))
       then call system$send_email('send_email_notifications', 'admin@example.com', 'errors', 'see errors_table')`,
    "alter alert error_alert resume",
    "insert into loans values (3, 'NY')",
  );
  await snowglobe.advance(660);
  expect(await mailbox(snowglobe)).toHaveLength(2);
});
