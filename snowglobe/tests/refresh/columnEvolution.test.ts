import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create table base (id int, v varchar(5))",
    "insert into base values (1, 'a'), (2, 'b')",
    "create dynamic table star target_lag = '1 minute' warehouse = wh as select * from base where id < 100",
  );
});
afterEach(() => snowglobe.stop());

const columns = (name: string): Promise<unknown[]> => client.column(`describe table ${name}`);

test("SELECT * takes up new columns and lets go of dropped ones", async () => {
  await client.run("alter table base add column more int default 7", "insert into base values (3, 'c', 8)");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "STAR")).toMatchObject({ STATE: "SUCCEEDED", REFRESH_ACTION: "REINITIALIZE" });
  expect(await client.rows("select * from star order by id")).toEqual([
    { ID: 1, V: "a", MORE: 7 },
    { ID: 2, V: "b", MORE: 7 },
    { ID: 3, V: "c", MORE: 8 },
  ]);
  await client.run("alter table base drop column v", "delete from base where id = 1");
  await snowglobe.advance(60);
  expect(await columns("star")).toEqual(["ID", "MORE"]);
  expect(await client.rows("select * from star order by id")).toEqual([
    { ID: 2, MORE: 7 },
    { ID: 3, MORE: 8 },
  ]);
  await client.run("insert into base values (4, 9)");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "STAR")).toMatchObject({ REFRESH_ACTION: "INCREMENTAL", INSERTED: 1, DELETED: 0 });
});

test("the whole pipeline follows in one cycle, full and incremental", async () => {
  await client.run(
    "create dynamic table reader target_lag = '1 minute' warehouse = wh as select * from star",
    "create dynamic table top target_lag = '1 minute' warehouse = wh as select * from reader order by id limit 1",
    "alter table base add column more int",
    "update base set more = 5",
  );
  await snowglobe.advance(60);
  for (const name of ["STAR", "READER"]) {
    expect(await lastRefresh(client, name)).toMatchObject({ STATE: "SUCCEEDED", REFRESH_ACTION: "INCREMENTAL" });
  }
  expect(await lastRefresh(client, "TOP")).toMatchObject({ STATE: "SUCCEEDED", REFRESH_ACTION: "FULL" });
  expect(await client.rows("select * from top")).toEqual([{ ID: 1, V: "a", MORE: 5 }]);
  await client.run("alter table base drop column v");
  await snowglobe.advance(60);
  expect(await columns("top")).toEqual(["ID", "MORE"]);
});

test("a column comes back with the same name and other values", async () => {
  await client.run("alter table base drop column v", "alter table base add column v int default 3");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "STAR")).toMatchObject({ STATE: "SUCCEEDED", REFRESH_ACTION: "REINITIALIZE" });
  expect(await client.column("select v from star")).toEqual(["3", "3"]);
});

test("a wider column widens the dynamic table's", async () => {
  await client.run(
    "alter table base alter column v set data type varchar(20)",
    "insert into base values (3, 'longer than five')",
  );
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "STAR")).toMatchObject({ STATE: "SUCCEEDED" });
  expect(await client.column("select v from star order by id")).toEqual(["a", "b", "longer than five"]);
  expect((await client.rows("describe table star")).map((row) => row.type)).toEqual(["NUMBER(38,0)", "VARCHAR(20)"]);
});

test.each([
  ["number(10,2)", "1.25", "NUMBER(10,2)"],
  ["float", "1.25", "FLOAT"],
])("a column whose values would not fit as they are (%s) fails the refresh", async (type, value, shown) => {
  await client.run("alter table base drop column id", `alter table base add column id ${type} default ${value}`);
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "STAR")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringContaining(
      `Dynamic table 'STAR' was made with column ID of type NUMBER(38,0) but its query now gives ${shown}: recreate it.`,
    ) as string,
  });
  expect(await client.column("select id from star order by id")).toEqual([1, 2]);
});

test("a time is not cut to the digits of the second that its column was made with", async () => {
  const at = (digits: number): string =>
    `create or replace view v as select '2026-01-05 12:00:00.75'::timestamp_ntz(${digits}) as t from base`;
  await client.run(
    at(0),
    "create dynamic table times target_lag = '1 minute' warehouse = wh as select t from v",
    at(6),
  );
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "TIMES")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(
      /column T of type TIMESTAMP_NTZ\(0\) but its query now gives TIMESTAMP_NTZ\(6\)/,
    ) as string,
  });
});

test("columns that CREATE listed do not follow: the refresh says what to do", async () => {
  await client.run(
    "create dynamic table listed (a, b) target_lag = '1 minute' warehouse = wh as select * from base",
    "alter table base add column more int",
  );
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "LISTED")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(/made with columns \(ID, V\).*\(ID, V, MORE\): recreate it/s) as string,
  });
});

test("values of columns that CREATE named are not rounded; where it gave the type, they are cast to that", async () => {
  await client.run(
    "create dynamic table named (a, b) target_lag = '1 minute' warehouse = wh as select * from base",
    "create dynamic table typed (a number(10,0), b) target_lag = '1 minute' warehouse = wh as select id, v from base",
    "create or replace table base (id number(10,2), v varchar(5)) change_tracking = true",
    "insert into base values (1.25, 'a'), (2.75, 'b')",
  );
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "NAMED")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringContaining(
      "column A of type NUMBER(38,0) but its query now gives NUMBER(10,2)",
    ) as string,
  });
  expect(await client.column("select a from named order by a")).toEqual([1, 2]);
  expect(await lastRefresh(client, "TYPED")).toMatchObject({ STATE: "SUCCEEDED" });
  expect(await client.column("select a from typed order by a")).toEqual([1, 3]);
});

test("a stream on the table shows its rows gone and come anew where they are made so", async () => {
  await client.run("create stream changes on dynamic table star", "alter table base add column more int");
  await snowglobe.advance(60);
  expect(await client.rows("select * from changes")).toEqual([]);
  await client.run("alter table base add column even_more int default 7");
  await snowglobe.advance(60);
  const rows = await client.rows("select metadata$action as action, count(*) as n from changes group by 1 order by 1");
  expect(rows).toEqual([
    { ACTION: "DELETE", N: 2 },
    { ACTION: "INSERT", N: 2 },
  ]);
});
