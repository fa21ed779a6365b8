import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { consume, hasData, prepare, shown } from "./stream";

const ALL = 42_535;
const CALIFORNIA = 7_429;

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterEach(() => snowglobe.stop());

/** How many rows a stream shows, by action and whether they are of an update. */
async function counts(stream: string): Promise<unknown[]> {
  return (
    await client.rows(
      `select metadata$action as a, metadata$isupdate as u, count(*) as n from ${stream} group by 1, 2 order by 1, 2`,
    )
  ).map((row) => [row.A, row.U, row.N]);
}

test("a reload shows all old rows gone and all new ones come", async () => {
  const loans = (count: number): string =>
    `select seq4(), iff(seq4() < ${CALIFORNIA}, 'CA', 'TX') from table(generator(rowcount => ${count}))`;
  await client.run(
    "create table loans (id int, addr_state varchar)",
    `insert into loans ${loans(CALIFORNIA)}`,
    "create dynamic table stg_personal_loans target_lag = '1 minute' warehouse = wh as select id, addr_state from loans",
    "create or replace stream dynamic_table_stream on dynamic table stg_personal_loans",
  );
  expect((await client.rows("show streams"))[0]).toMatchObject({
    source_type: "Dynamic Table",
    table_name: "D.PUBLIC.STG_PERSONAL_LOANS",
  });
  await snowglobe.advance(120);
  expect(await hasData(client, "dynamic_table_stream")).toBe(false);
  await client.run("truncate table loans", `insert into loans ${loans(ALL)}`);
  expect(await hasData(client, "dynamic_table_stream")).toBe(false);
  await snowglobe.advance(60);
  expect(await hasData(client, "dynamic_table_stream")).toBe(true);
  expect(await counts("dynamic_table_stream")).toEqual([
    ["DELETE", false, CALIFORNIA],
    ["INSERT", false, ALL],
  ]);
  await client.run("create or replace temporary table seen as select * from dynamic_table_stream");
  expect(await client.value("select count(*) from seen")).toBe(CALIFORNIA + ALL);
  expect(await counts("dynamic_table_stream")).toEqual([]);
  expect(await hasData(client, "dynamic_table_stream")).toBe(false);
  await client.run("update loans set addr_state = 'NY' where id = 1");
  await snowglobe.advance(60);
  expect(await shown(client, "dynamic_table_stream")).toEqual(["+u1,NY", "-u1,CA"]);
});

test("two refreshes collapse into one net change", async () => {
  await client.run(
    "create table t (id int, v varchar)",
    "insert into t values (1, 'a'), (2, 'b')",
    "create dynamic table dt target_lag = '1 minute' warehouse = wh as select id, v from t",
    "create stream s on dynamic table dt",
    "insert into t values (3, 'c')",
  );
  await snowglobe.advance(60);
  await client.run("update t set v = 'x' where id in (1, 3)", "delete from t where id = 2");
  await snowglobe.advance(60);
  expect(await shown(client, "s")).toEqual(["+3,x", "+u1,x", "-2,b", "-u1,a"]);
});

test("after a reinitialisation the whole table goes and comes anew, and the stream goes on", async () => {
  await client.run(
    "create table t (id int, v varchar) change_tracking = true",
    "insert into t values (1, 'a'), (2, 'b')",
    "create view v as select id, v from t",
    "create dynamic table dt target_lag = '1 minute' warehouse = wh as select id, v from v",
    "create stream s on dynamic table dt",
    "create stream other on dynamic table dt",
    "create or replace view v as select id, upper(v) as v from t",
    "insert into t values (3, 'c')",
  );
  await snowglobe.advance(60);
  expect(
    await client.column(
      "select refresh_action from table(information_schema.dynamic_table_refresh_history(name => 'dt')) order by data_timestamp desc limit 1",
    ),
  ).toEqual(["REINITIALIZE"]);
  expect(await shown(client, "s")).toEqual(["+1,A", "+2,B", "+3,C", "-1,a", "-2,b"]);
  const pairs =
    "select count(*) from s a join s b on a.metadata$row_id = b.metadata$row_id and a.metadata$action < b.metadata$action";
  expect(await client.value(pairs)).toBe(0);
  await consume(client, "s");
  expect(await shown(client, "s")).toEqual([]);
  await client.run("update t set v = 'z' where id = 1");
  await snowglobe.advance(60);
  expect(await shown(client, "s")).toEqual(["+u1,Z", "-u1,A"]);
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  expect(await shown(client, "s")).toEqual(["+u1,Z", "-u1,A"]);
  expect(await shown(client, "other")).toEqual(["+1,Z", "+2,B", "+3,C", "-1,a", "-2,b"]);
});

test("what a stream on a dynamic table cannot be", async () => {
  await client.run(
    "create table t (id int)",
    "create dynamic table dt target_lag = '1 minute' warehouse = wh as select id from t",
    "create dynamic table dt_full target_lag = '1 minute' warehouse = wh as select id from t order by id limit 3",
    "create dynamic table dt_later target_lag = '1 minute' warehouse = wh initialize = on_schedule as select id from t",
  );
  expect(await client.failure("create stream s on table dt")).toEqual({
    code: "002203",
    sqlState: "42601",
    message: "SQL compilation error:\nObject found is of type 'DYNAMIC_TABLE', not specified type 'TABLE'.",
  });
  expect((await client.failure("create stream s on dynamic table t")).message).toMatch(
    /Object found is of type 'TABLE', not specified type 'DYNAMIC_TABLE'/,
  );
  expect((await client.failure("create stream s on dynamic table dt_full")).message).toMatch(/refresh mode is FULL/);
  expect((await client.failure("create stream s on dynamic table dt append_only = true")).message).toMatch(
    /APPEND_ONLY/,
  );
  expect((await client.failure("create stream s on dynamic table dt_later")).message).toMatch(/not initialized/);
});

test("a replaced dynamic table makes the stream stale", async () => {
  const create = "create or replace dynamic table dt target_lag = '1 minute' warehouse = wh as select id from t";
  await client.run("create table t (id int)", create, "create stream s on dynamic table dt", create);
  expect((await client.failure("select * from s")).message).toMatch(
    /Base DYNAMIC TABLE 'D.PUBLIC.DT' dropped, cannot read from stream 'D.PUBLIC.S'/,
  );
});
