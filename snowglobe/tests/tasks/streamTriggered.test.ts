import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

/** The workshop's second worksheet by hand: a stream on the staging table, and a task that keeps the failures. */
beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create table loans (id int, addr_state varchar) change_tracking = true",
    "insert into loans values (1, 'CA'), (2, 'CA')",
    "create dynamic table stg target_lag = '1 minute' warehouse = wh as select id, addr_state from loans",
    `create view failures as select 'accepted_values' as test_name, count(*) as count_failed
       from (select addr_state from stg where addr_state <> 'CA' group by addr_state)`,
    "create stream s on dynamic table stg",
    "create table errors_table as select * from failures where false",
    `create task capture warehouse = wh when system$stream_has_data('s') as
       begin
         delete from errors_table;
         insert into errors_table select * from failures where count_failed > 0;
         create or replace temporary table consumed as select * from s;
       end`,
    "alter task capture resume",
  );
});
afterEach(() => snowglobe.stop());

const runs = () =>
  client.column(`select state || ' ' || scheduled_from
    from table(information_schema.task_history(task_name => 'capture')) where state <> 'SCHEDULED' order by run_id`);
const errors = () => client.rows("select test_name, count_failed from errors_table");
const hasData = () => client.value("select system$stream_has_data('s')");

test("a refresh that brings changes runs the task once; one without does not", async () => {
  await snowglobe.advance(120);
  expect(await runs()).toEqual([]);
  await client.run("insert overwrite into loans values (1, 'CA'), (2, 'NY'), (3, 'TX'), (4, 'TX')");
  expect(await errors()).toEqual([]);
  await snowglobe.advance(90);
  expect(await errors()).toEqual([{ TEST_NAME: "accepted_values", COUNT_FAILED: 2 }]);
  expect(await hasData()).toBe(false);
  expect(await runs()).toEqual(["SUCCEEDED TRIGGER"]);
  await snowglobe.advance(600);
  expect(await runs()).toEqual(["SUCCEEDED TRIGGER"]);
  await client.run("insert overwrite into loans values (1, 'CA')");
  await snowglobe.advance(90);
  expect(await errors()).toEqual([]);
  expect(await runs()).toEqual(["SUCCEEDED TRIGGER", "SUCCEEDED TRIGGER"]);
});

test("a task that fails leaves the stream unread and tries again, not sooner than its trigger interval", async () => {
  await client.run("alter table errors_table rename to elsewhere", "insert into loans values (5, 'WY')");
  await snowglobe.advance(75);
  expect(await runs()).toContain("FAILED TRIGGER");
  expect(await hasData()).toBe(true);
  await client.run("alter table elsewhere rename to errors_table");
  await snowglobe.advance(60);
  expect(await errors()).toEqual([{ TEST_NAME: "accepted_values", COUNT_FAILED: 1 }]);
  expect((await runs()).at(-1)).toBe("SUCCEEDED TRIGGER");
  expect(await hasData()).toBe(false);
});

test.each([
  ["rows of another table", "insert into other values (1)"],
  ["no rows", "insert into loans select 1, 'CA' where false"],
  ["a transaction that wrote nothing", "begin", "commit"],
  ["rows that were rolled back", "begin", "insert into loans values (9, 'NV')", "rollback"],
  ["a temporary table", "create temporary table passing as select 1 as a"],
  ["the catalog", "comment on table other is 'of no concern'"],
  ["a refresh without data", "alter dynamic table stg refresh"],
])("after a change of no concern to it (%s) the next one still wakes the task", async (_what, ...statements) => {
  await client.run("create table other (a int)");
  await snowglobe.advance(120);
  await client.run(...statements);
  await snowglobe.advance(10);
  expect(await runs()).toEqual([]);
  await client.run("insert into loans values (3, 'NY')");
  await snowglobe.advance(90);
  expect(await runs()).toEqual(["SUCCEEDED TRIGGER"]);
  expect(await errors()).toEqual([{ TEST_NAME: "accepted_values", COUNT_FAILED: 1 }]);
});
