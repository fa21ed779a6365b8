import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create table base (id int, v varchar, extra int)",
    "insert into base values (1, 'a', 0), (2, 'b', 0)",
    "create dynamic table dt target_lag = '1 minute' warehouse = wh as select id, v from base",
  );
});
afterEach(() => snowglobe.stop());

const ids = (): Promise<unknown[]> => client.column("select id from dt order by id");

test("creating an incremental table switches its base's change tracking on", async () => {
  expect((await client.rows("show tables like 'BASE'"))[0]).toMatchObject({ change_tracking: "ON" });
});

test("change tracking switched off fails the refresh with its text; on again, the gap is repaired by reinitialising", async () => {
  await client.run("alter table base set change_tracking = false", "insert into base values (3, 'c', 0)");
  await snowglobe.advance(60);
  const text = "Change tracking is not enabled or has been missing for the time range requested on table 'BASE'.";
  expect(await lastRefresh(client, "DT")).toMatchObject({ STATE: "FAILED", STATE_MESSAGE: text });
  await client.run("alter table base set change_tracking = true", "insert into base values (4, 'd', 0)");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({
    STATE: "SUCCEEDED",
    REFRESH_ACTION: "REINITIALIZE",
  });
  expect(await ids()).toEqual([1, 2, 3, 4]);
});

test("a replaced base fails without change tracking and reinitialises with it", async () => {
  await client.run("create or replace table base (id int, v varchar)", "insert into base values (7, 'g')");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(/^Change tracking is not enabled or has been missing/),
  });
  await client.run("alter table base set change_tracking = true");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({
    STATE: "SUCCEEDED",
    REFRESH_ACTION: "REINITIALIZE",
    INSERTED: 1,
    DELETED: 2,
  });
  expect(await ids()).toEqual([7]);
});

test("INSERT OVERWRITE and TRUNCATE keep the table and its tracking", async () => {
  await client.run("insert overwrite into base values (5, 'e', 0)");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({ REFRESH_ACTION: "INCREMENTAL", INSERTED: 1, DELETED: 2 });
  await client.run("truncate table base");
  await snowglobe.advance(60);
  expect(await ids()).toEqual([]);
  expect(await lastRefresh(client, "DT")).toMatchObject({ REFRESH_ACTION: "INCREMENTAL", INSERTED: 0, DELETED: 1 });
});

test("columns that are not referenced come and go without effect", async () => {
  await client.run("alter table base drop column extra", "alter table base add column more varchar");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({ STATE: "SUCCEEDED", REFRESH_ACTION: "NO_DATA" });
});

test("a dropped or renamed column that is referenced fails; the same name anew reinitialises", async () => {
  await client.run("alter table base drop column v");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(/invalid identifier 'V'/),
  });
  await client.run("alter table base add column v varchar default 'new'");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({ STATE: "SUCCEEDED", REFRESH_ACTION: "REINITIALIZE" });
  expect(await client.column("select distinct v from dt")).toEqual(["new"]);
});

test("a dropped base fails the refresh, and UNDROP fixes it", async () => {
  await client.run("drop table base");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(/BASE' does not exist or not authorized/),
  });
  await client.run("undrop table base", "insert into base values (3, 'c', 0)");
  await snowglobe.advance(60);
  expect(await ids()).toEqual([1, 2, 3]);
});

test("a changed view reinitialises what reads it", async () => {
  await client.run(
    "create view big as select id, v from base where id > 1",
    "create dynamic table over_view target_lag = '1 minute' warehouse = wh as select id from big",
    "create or replace view big as select id, v from base where id < 2",
  );
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "OVER_VIEW")).toMatchObject({ REFRESH_ACTION: "REINITIALIZE" });
  expect(await client.column("select id from over_view")).toEqual([1]);
  await client.run("create or replace view big as select id, v from base order by id limit 1");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "OVER_VIEW")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(/Unsupported query operator type: Limit/),
  });
});

test("replacing an upstream dynamic table reinitialises the incremental reader, not the full one", async () => {
  await client.run(
    "create dynamic table inc target_lag = '1 minute' warehouse = wh as select id from dt",
    "create dynamic table top target_lag = '1 minute' warehouse = wh as select id from dt order by id limit 1",
    "create or replace dynamic table dt target_lag = '1 minute' warehouse = wh as select id, v from base where id > 1",
  );
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "INC")).toMatchObject({ REFRESH_ACTION: "REINITIALIZE" });
  expect(await lastRefresh(client, "TOP")).toMatchObject({ REFRESH_ACTION: "FULL" });
  expect(await client.column("select id from inc")).toEqual([2]);
  expect(await client.column("select id from top")).toEqual([2]);
});

test("a replaced upstream that waits for its first refresh is refreshed before its reader", async () => {
  await client.run(
    "create dynamic table inc target_lag = '1 minute' warehouse = wh as select id from dt",
    `create or replace dynamic table dt target_lag = downstream warehouse = wh initialize = on_schedule
       as select id, v from base where id > 1`,
  );
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "INC")).toMatchObject({ STATE: "SUCCEEDED" });
  expect(await client.column("select id from inc")).toEqual([2]);
});

test("what depends on time changes though no row does", async () => {
  await client.run(
    "create table events (id int, at timestamp_ltz)",
    "insert into events select 1, current_timestamp()",
    `create dynamic table recent target_lag = '1 minute' warehouse = wh
       as select id from events where at > dateadd(minute, -10, current_timestamp())`,
  );
  expect(await client.column("select id from recent")).toEqual([1]);
  await snowglobe.advance(300);
  expect(await client.column("select id from recent")).toEqual([1]);
  await snowglobe.advance(600);
  expect(await client.column("select id from recent")).toEqual([]);
});

test("a table turned into a dynamic table and back as dbt does it", async () => {
  await client.run(
    "create table x as select id from base",
    "create dynamic table reader target_lag = '1 minute' warehouse = wh as select id from x",
    "drop dynamic table if exists D.PUBLIC.x__dbt_tmp",
    `create dynamic table D.PUBLIC.x__dbt_tmp target_lag = 'downstream' warehouse = WH refresh_mode = AUTO
       initialize = ON_CREATE scheduler = 'ENABLE' as (\n\n select id from base where id > 1\n)`,
    'drop table if exists "D"."PUBLIC"."X__dbt_backup" cascade',
    'alter table "D"."PUBLIC"."X" rename to "D"."PUBLIC"."X__dbt_backup"',
    "alter dynamic table D.PUBLIC.x__dbt_tmp rename to D.PUBLIC.x",
    'drop table if exists "D"."PUBLIC"."X__dbt_backup" cascade',
  );
  await snowglobe.advance(60);
  expect(await client.column("select id from reader")).toEqual([2]);
  await client.run("insert into base values (3, 'c', 0)");
  await snowglobe.advance(60);
  expect(await client.column("select id from x order by 1")).toEqual([2, 3]);
  expect(await client.column("select id from reader order by 1")).toEqual([2, 3]);

  await client.run(
    "drop table if exists D.PUBLIC.x",
    "create or replace transient table D.PUBLIC.x\n\n as (select 9 as id\n    )",
  );
  expect(await client.rows("show dynamic tables like 'X'")).toEqual([]);
  expect(await client.column("select id from x")).toEqual([9]);
});

test("the owner's role must keep its rights", async () => {
  await client.run(
    "create role maker",
    "grant usage on database d to role maker",
    "grant usage on schema d.public to role maker",
    "grant usage on warehouse wh to role maker",
    "grant create dynamic table on schema d.public to role maker",
    "grant select on table base to role maker",
    "grant role maker to user admin",
    "use role maker",
    "create dynamic table mine target_lag = '1 minute' warehouse = wh as select id from base",
    "use role accountadmin",
    "revoke select on table base from role maker",
  );
  await snowglobe.advance(60);
  await client.run("use role maker");
  expect(await lastRefresh(client, "MINE")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(/BASE' does not exist or not authorized|Insufficient privileges/),
  });
  await client.run(
    "use role accountadmin",
    "alter table base set change_tracking = false",
    "grant select on table base to role maker",
    "use role maker",
  );
  const { message } = await client.failure(
    "create dynamic table other target_lag = '1 minute' warehouse = wh as select id from base",
  );
  expect(message).toMatch(/Change tracking is not enabled on table 'BASE'/);
});

test("a table that was replaced without a column goes on to be refreshed for the reader that fails for it", async () => {
  await client.run(
    "create or replace dynamic table dt target_lag = downstream warehouse = wh as select id, v from base",
    "create dynamic table reader target_lag = '1 minute' warehouse = wh as select id, v from dt",
    "create or replace dynamic table dt target_lag = downstream warehouse = wh as select id from base",
    "insert into base values (3, 'c', 0)",
  );
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "READER")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(/invalid identifier 'V'/),
  });
  expect(await lastRefresh(client, "DT")).toMatchObject({ STATE: "SUCCEEDED", REFRESH_TRIGGER: "SCHEDULED" });
  expect(await ids()).toEqual([1, 2, 3]);
});
