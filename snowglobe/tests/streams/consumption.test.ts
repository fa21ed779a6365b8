import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { consume, hasData, prepare, shown } from "./stream";

let snowglobe: TestSnowglobe;
let client: TestClient;
let second: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  second = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
});
afterAll(() => snowglobe.stop());

/** A table with two rows, of which a stream shows the second. */
beforeEach(() =>
  client.run(
    "create or replace table t (id int)",
    "insert into t values (1)",
    "create or replace stream s on table t",
    "insert into t values (2)",
    "create or replace table target (id int, n int)",
    "insert into target values (1, 0), (2, 0)",
  ),
);

test.each([
  ["INSERT", "insert into target select id, 1 from s"],
  ["INSERT with a filter that takes nothing", "insert into target select id, 1 from s where 1 = 0"],
  ["INSERT OVERWRITE", "insert overwrite into target select id, 1 from s"],
  ["INSERT by way of a CTE", "insert into target with c as (select id from s) select id, 1 from c"],
  ["UPDATE ... FROM", "update target set n = 1 from s where s.id = target.id"],
  ["UPDATE with a subquery", "update target set n = (select count(*) from s)"],
  ["DELETE ... USING", "delete from target using s where s.id = target.id"],
  ["DELETE with a subquery", "delete from target where id in (select id from s)"],
  ["MERGE", "merge into target using s on s.id = target.id when matched then update set n = 1"],
  ["CREATE TABLE AS", "create or replace table made as select * from s"],
  ["CREATE TEMPORARY TABLE AS", "create or replace temporary table made as select * from s"],
  ["INSERT through a view on the stream", "insert into target select id, 1 from over_s"],
])("%s consumes the whole stream", async (_, statement) => {
  await client.run("create or replace view over_s as select id from s");
  expect(await hasData(client, "s")).toBe(true);
  await client.run(statement);
  expect(await shown(client, "s")).toEqual([]);
  expect(await hasData(client, "s")).toBe(false);
  await client.run("insert into t values (3)");
  expect(await shown(client, "s")).toEqual(["+3"]);
});

test.each([
  ["a query", "select * from s"],
  ["a description", "describe stream s"],
  ["a temporary result", "select count(*) from s join t on s.id = t.id"],
  ["a view", "create or replace view v as select * from s"],
  ["a statement that fails", "insert into target select id, 1 / 0 from s"],
  ["a table that fails", "create table broken as select 1 / 0 as x from s"],
])("%s does not consume", async (_, statement) => {
  await client.rows(statement).catch(() => undefined);
  expect(await shown(client, "s")).toEqual(["+2"]);
});

test("the offset moves when the transaction commits, to where it began", async () => {
  await client.run("begin");
  expect(await shown(client, "s")).toEqual(["+2"]);
  await second.run("insert into t values (3)");
  await client.run("insert into target select id, 7 from s");
  // Every statement of the transaction sees the same changes, consumed or not, and not its own.
  await client.run("insert into t values (4)");
  expect(await shown(client, "s")).toEqual(["+2"]);
  expect(await shown(second, "s")).toEqual(["+2", "+3"]);
  await client.run("insert into target select id, 8 from s", "commit");
  expect(await client.rows("select id, n from target where n > 0 order by n")).toEqual([
    { ID: 2, N: 7 },
    { ID: 2, N: 8 },
  ]);
  expect(await shown(second, "s")).toEqual(["+3", "+4"]);
  expect(await hasData(client, "s")).toBe(true);
});

test("a transaction that is rolled back consumes nothing", async () => {
  await client.run("begin", "insert into target select id, 7 from s", "rollback");
  expect(await shown(client, "s")).toEqual(["+2"]);
  expect(await client.value("select count(*) from target where n = 7")).toBe(0);
});

test("a statement that fails inside a transaction consumes nothing, its neighbours do", async () => {
  await client.run("create or replace stream s2 on table t at (stream => 's')", "begin");
  expect((await client.failure("insert into target select id, 1 / (id - 2) from s")).message).toMatch(
    /Division by zero/,
  );
  await client.run("insert into target select id, 1 from s2", "commit");
  expect(await shown(client, "s")).toEqual(["+2"]);
  expect(await shown(client, "s2")).toEqual([]);
});

test("DDL commits the transaction and with it the offset", async () => {
  await client.run("begin", "insert into target select id, 7 from s", "create or replace table another (id int)");
  expect(await shown(client, "s")).toEqual([]);
});

test("a connection that ends leaves the stream as it was", async () => {
  const third = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  await third.run("begin", "insert into target select id, 7 from s");
  await third.close();
  expect(await shown(client, "s")).toEqual(["+2"]);
  await client.run("insert into target select id, 1 from s");
  expect(await shown(client, "s")).toEqual([]);
});

test("a stream is locked while a transaction consumes it", async () => {
  await client.run("begin", "insert into target select id, 7 from s");
  await second.run("alter session set lock_timeout = 0");
  const failure = await second.failure("insert into target select id, 9 from s");
  expect(failure.code).toBe("000625");
  await second.run("alter session unset lock_timeout");
  const waiting = second.run("insert into target select id, 9 from s");
  await client.run("commit");
  await waiting;
  expect(await client.value("select count(*) from target where n = 9")).toBe(0);
});

test("what another transaction consumed meanwhile is not consumed twice", async () => {
  await second.run("begin");
  expect(await shown(second, "s")).toEqual(["+2"]);
  await client.run("insert into target select id, 7 from s");
  expect(await shown(second, "s")).toEqual(["+2"]);
  await second.run("insert into target select id, 9 from s", "commit");
  expect(await client.column("select n from target where n > 0")).toEqual([7]);
  await client.run("insert into t values (3)");
  expect(await shown(client, "s")).toEqual(["+3"]);
});

test("consumers at the same time share the changes out, each change once", async () => {
  await client.run("create or replace table t (id int)", "create or replace stream s on table t");
  await client.run("truncate table target");
  const writer = (async () => {
    for (let id = 0; id < 40; id++) await client.run(`insert into t values (${id})`);
  })();
  const third = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  const consumer = async (own: TestClient, explicit: boolean): Promise<void> => {
    for (let round = 0; round < 15; round++) {
      if (explicit) await own.run("begin");
      await own.run("insert into target select id, 1 from s");
      if (explicit) await own.run(round % 3 === 0 ? "rollback" : "commit");
    }
  };
  await Promise.all([writer, consumer(second, false), consumer(third, true)]);
  await client.run("insert into target select id, 1 from s");
  expect(await client.column("select id from target order by id")).toEqual(Array.from({ length: 40 }, (__, id) => id));
});

test("offsets survive a restart", async () => {
  await client.run(
    "create or replace stream kept on table t at (stream => 's')",
    "alter stream kept set comment = 'x'",
  );
  await consume(client, "s");
  await client.run("insert into t values (3)");
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  second = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  expect(await shown(client, "s")).toEqual(["+3"]);
  expect(await shown(client, "kept")).toEqual(["+2", "+3"]);
  await snowglobe.advance(1200);
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  second = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  expect(await shown(client, "s")).toEqual(["+3"]);
  expect(await shown(client, "kept")).toEqual(["+2", "+3"]);
});
