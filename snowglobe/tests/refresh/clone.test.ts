import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { history, lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create table base (id int, v varchar)",
    "insert into base values (1, 'a'), (2, 'b')",
    "create dynamic table dt target_lag = '1 minute' warehouse = wh comment = 'first' as select id, v from base where id < 100",
  );
});
afterEach(() => snowglobe.stop());

/** What DYNAMIC_TABLE_GRAPH_HISTORY says of the dynamic tables now: name and reason of suspension, by path. */
async function reasons(): Promise<Record<string, unknown>> {
  const rows = await client.rows(
    `select qualified_name as name, scheduling_state:reason_code::varchar as reason
     from table(d.information_schema.dynamic_table_graph_history())`,
  );
  return Object.fromEntries(rows.map((row) => [row.NAME, row.REASON]));
}

test("a clone has rows and definition, starts suspended and goes on incrementally", async () => {
  await client.run("insert into base values (3, 'c')", "create dynamic table copy clone dt");
  expect(await client.rows("select id, v from copy order by id")).toEqual([
    { ID: 1, V: "a" },
    { ID: 2, V: "b" },
  ]);
  expect((await client.rows("show dynamic tables like 'COPY'"))[0]).toMatchObject({
    is_clone: true,
    scheduling_state: "SUSPENDED",
    target_lag: "1 minute",
    warehouse: "WH",
    comment: "first",
    refresh_mode: "ADAPTIVE",
  });
  expect(await reasons()).toEqual({ "D.PUBLIC.DT": null, "D.PUBLIC.COPY": "CLONED_AUTO_SUSPENDED" });
  expect(await history(client, "COPY")).toEqual([]);
  await snowglobe.advance(60);
  expect(await client.value("select count(*) from copy")).toBe(2);

  await client.run(
    "alter dynamic table copy resume",
    "delete from base where id = 1",
    "update base set v = 'B' where id = 2",
  );
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "COPY")).toMatchObject({ REFRESH_ACTION: "INCREMENTAL", INSERTED: 2, DELETED: 2 });
  expect(await client.rows("select id, v from copy order by id")).toEqual([
    { ID: 2, V: "B" },
    { ID: 3, V: "c" },
  ]);
  expect(await client.rows("select * from dt order by id")).toEqual(
    await client.rows("select * from copy order by id"),
  );
});

test("lag, warehouse and grants can be the clone's own", async () => {
  await client.run(
    "create warehouse other",
    "create role reader",
    "grant select on dynamic table dt to role reader",
    "create dynamic table copy clone dt copy grants target_lag = '5 minutes' warehouse = other",
  );
  expect((await client.rows("show dynamic tables like 'COPY'"))[0]).toMatchObject({
    target_lag: "5 minutes",
    warehouse: "OTHER",
  });
  const grants = (await client.rows("show grants on dynamic table copy")).map((row) => row.privilege);
  expect(grants.sort()).toEqual(["OWNERSHIP", "SELECT"]);
  await client.run("create or replace dynamic table copy clone dt");
  expect(await client.rows("show grants on dynamic table copy")).toHaveLength(1);
  expect((await client.failure("create dynamic table copy clone dt")).message).toMatch(/already exists/);
});

test("in another schema the clone still reads what the source reads", async () => {
  await client.run(
    "create schema dev",
    "create table dev.base (id int, v varchar)",
    "create dynamic table dev.copy clone d.public.dt",
    "alter dynamic table d.dev.copy resume",
    "insert into d.public.base values (3, 'c')",
    "insert into d.dev.base values (99, 'other')",
  );
  await snowglobe.advance(60);
  expect(await client.column("select id from d.dev.copy order by id")).toEqual([1, 2, 3]);
});

test("an uninitialized table is cloned to a dynamic table, not to a table", async () => {
  await client.run(
    "create dynamic table later target_lag = downstream warehouse = wh initialize = on_schedule as select id from base",
    "create dynamic table copy clone later",
  );
  expect((await client.failure("select * from copy")).message).toMatch(/not initialized/);
  expect((await client.failure("create table t clone later")).message).toMatch(
    /Cannot clone an uninitialized dynamic table. Please run a manual refresh/,
  );
  await client.run("alter dynamic table copy refresh", "create table t clone copy");
  expect(await client.value("select count(*) from t")).toBe(2);
});

test("a table made of a dynamic table is a table", async () => {
  await client.run("create table snapshot clone dt", "insert into snapshot values (7, 'own')");
  expect((await client.rows("show tables like 'SNAPSHOT'"))[0]).toMatchObject({ is_dynamic: "N", rows: 3 });
  await client.run("insert into base values (3, 'c')");
  await snowglobe.advance(60);
  expect(await client.column("select id from snapshot order by id")).toEqual([1, 2, 7]);
});

test("what is made on a clone waits with it", async () => {
  await client.run(
    "create dynamic table copy clone dt",
    "create dynamic table leaf target_lag = '1 minute' warehouse = wh as select count(*) as n from copy",
  );
  expect(await reasons()).toMatchObject({ "D.PUBLIC.LEAF": "UPSTREAM_CLONED_AUTO_SUSPENDED" });
  await client.run("alter dynamic table copy resume");
  expect(await reasons()).toMatchObject({ "D.PUBLIC.COPY": null, "D.PUBLIC.LEAF": null });
});

test("the lag rule holds for clones, and what cannot be done is refused by name", async () => {
  await client.run(
    "create dynamic table slow target_lag = '5 minutes' warehouse = wh as select id from base",
    "create dynamic table reader target_lag = '10 minutes' warehouse = wh as select id from slow",
    "create transient dynamic table passing target_lag = '5 minutes' warehouse = wh as select id from base",
  );
  const message = async (sql: string): Promise<string> => (await client.failure(sql)).message;
  expect(await message("create dynamic table c clone reader target_lag = '1 minute'")).toMatch(/shorter/);
  expect(await message("create dynamic table c clone passing")).toMatch(/Transient object cannot be cloned/);
  expect(await message("create dynamic table c clone base")).toMatch(/does not exist/);
});

test("a clone as of an earlier time has the rows of then, and its first refresh makes them anew", async () => {
  await snowglobe.advance(100);
  await client.run("insert into base values (3, 'c')");
  await snowglobe.advance(60);
  expect(await client.value("select count(*) from dt")).toBe(3);
  await client.run("create dynamic table past clone dt at (offset => -90)");
  expect(await client.column("select id from past order by id")).toEqual([1, 2]);
  await client.run("alter dynamic table past refresh");
  expect(await client.column("select id from past order by id")).toEqual([1, 2, 3]);
  expect(await lastRefresh(client, "PAST")).toMatchObject({ REFRESH_ACTION: "REINITIALIZE" });
});

test("a schema's clone is a pipeline of its own", async () => {
  await client.run(
    "create view v as select id from base",
    "create dynamic table leaf target_lag = '1 minute' warehouse = wh as select count(*) as n from dt",
    "create dynamic table stopped target_lag = '1 minute' warehouse = wh as select id from base",
    "alter dynamic table stopped suspend",
    "create role reader",
    "grant select on dynamic table dt to role reader",
    "create task t warehouse = wh schedule = '5 minutes' as select 1",
    "create schema dev clone public",
  );
  expect(await client.value("select current_schema()")).toBe("DEV");
  expect(await reasons()).toMatchObject({
    "D.PUBLIC.DT": null,
    "D.DEV.DT": "CLONED_AUTO_SUSPENDED",
    "D.DEV.LEAF": "UPSTREAM_CLONED_AUTO_SUSPENDED",
    "D.DEV.STOPPED": "USER_SUSPENDED",
  });
  const inputs = await client.rows(
    `select name, inputs[0]:name::varchar as input from table(information_schema.dynamic_table_graph_history())
     where schema_name = 'DEV' and name <> 'STOPPED' order by name`,
  );
  expect(inputs).toEqual([
    { NAME: "DT", INPUT: "D.DEV.BASE" },
    { NAME: "LEAF", INPUT: "D.DEV.DT" },
  ]);
  expect((await client.rows("show grants on dynamic table dev.dt")).map((row) => row.privilege).sort()).toEqual([
    "OWNERSHIP",
    "SELECT",
  ]);
  expect((await client.rows("show tasks in schema dev"))[0]).toMatchObject({ name: "T", state: "suspended" });

  await client.run("insert into dev.base values (3, 'c')", "insert into public.base values (4, 'd'), (5, 'e')");
  expect(await client.column("select id from dev.v order by id")).toEqual([1, 2, 3]);
  await client.run("alter dynamic table dev.dt resume");
  await snowglobe.advance(60);
  expect(await client.column("select id from dev.dt order by id")).toEqual([1, 2, 3]);
  expect(await client.value("select n from dev.leaf")).toBe(3);
  expect(await client.value("select n from public.leaf")).toBe(4);
  await client.run("delete from dev.base where id = 1");
  await snowglobe.advance(60);
  const [last] = await client.rows(
    `select refresh_action from table(information_schema.dynamic_table_refresh_history(name => 'D.DEV.DT'))
     order by data_timestamp desc limit 1`,
  );
  expect(last).toEqual({ REFRESH_ACTION: "INCREMENTAL" });
  expect(await client.column("select id from dev.dt order by id")).toEqual([2, 3]);
});

test("names written with their schema still mean the original", async () => {
  await client.run(
    "create dynamic table full_name target_lag = '1 minute' warehouse = wh as select count(*) as n from d.public.dt",
    "create schema dev clone public",
    "alter dynamic table full_name resume",
    "insert into d.public.base values (3, 'c')",
  );
  await snowglobe.advance(60);
  expect(await client.value("select n from dev.full_name")).toBe(3);
});

test("a database's clone has all schemas, and goes on after a restart", async () => {
  await client.run(
    "create schema raw",
    "create table raw.loans (id int)",
    "insert into raw.loans values (1)",
    "use schema d.public",
    "create dynamic table loans target_lag = '1 minute' warehouse = wh as select id from raw.loans",
    "create database e clone d",
    "alter dynamic table e.public.loans resume",
    "insert into e.raw.loans values (2)",
  );
  await snowglobe.advance(60);
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "E", schema: "PUBLIC", warehouse: "WH" });
  expect(await client.column("select id from loans order by id")).toEqual([1, 2]);
  expect(await client.column("select id from d.public.loans")).toEqual([1]);
  await client.run("drop database d");
  await snowglobe.advance(60);
  expect(await client.value("select count(*) from loans")).toBe(2);
});

test("a container with what cannot be cloned is refused whole", async () => {
  await client.run("create stream s on table base");
  expect((await client.failure("create schema dev clone public")).message).toMatch(
    /CLONE of a database or schema with a STREAM \(S\)/,
  );
  expect(await client.rows("show schemas like 'DEV' in database d")).toEqual([]);
});
