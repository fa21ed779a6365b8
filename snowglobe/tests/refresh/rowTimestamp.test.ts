/** ROW_TIMESTAMP and METADATA$ROW_LAST_COMMIT_TIME. Source: "Use row timestamps to measure latency in your pipelines". */
import { startSnowglobe, START, type TestClient, type TestSnowglobe } from "../server";
import { prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());

let schema = 0;
beforeEach(() => client.run(`create schema rt${++schema}`));
afterEach(() => client.run(`drop schema rt${schema}`));

/** Seconds since this moment of the clock at which rows were committed, by id; null where that is not known. */
async function seconds(table: string, from: number): Promise<Record<number, number | null>> {
  const rows = await client.rows(
    `select id, date_part(epoch_second, metadata$row_last_commit_time) - ${from} as s from ${table}`,
  );
  return Object.fromEntries(rows.map(({ ID, S }) => [ID, S]));
}
const now = async (): Promise<number> =>
  Number(await client.value("select date_part(epoch_second, current_timestamp())"));

test("rows show when they were committed; those of before show NULL", async () => {
  await client.run("create table t (id int)", "insert into t values (1)");
  expect((await client.failure("select metadata$row_last_commit_time from t")).code).toBe("000904");
  await client.run("alter table t set row_timestamp = true");
  const start = await now();
  expect(start).toBeGreaterThanOrEqual(START / 1e6);
  await client.run("insert into t values (2)");
  await snowglobe.advance(10);
  await client.run("begin", "insert into t values (3)", "update t set id = 4 where id = 2");
  expect(await seconds("t", start)).toEqual({ 1: null, 3: null, 4: null });
  await snowglobe.advance(10);
  await client.run("commit");
  expect(await seconds("t", start)).toEqual({ 1: null, 3: 20, 4: 20 });
  expect(Object.keys(await client.row("select * from t where id = 1"))).toEqual(["ID"]);
});

test("switched off, the times are gone for good", async () => {
  await client.run("create table t (id int) row_timestamp = true", "insert into t values (1)");
  await client.run("alter table t unset row_timestamp");
  expect((await client.failure("select metadata$row_last_commit_time from t")).code).toBe("000904");
  await client.run("alter table t set row_timestamp = true");
  expect(await seconds("t", 0)).toEqual({ 1: null });
});

test("a clone keeps the times, a copy has its own", async () => {
  await client.run("create table t (id int) row_timestamp = true", "insert into t values (1)");
  const start = await now();
  await snowglobe.advance(5);
  await client.run(
    "create table c clone t",
    "create table s (id int) row_timestamp = true",
    "insert into s select * from t",
  );
  await client.run(`create schema rt${schema}_copy clone rt${schema}`);
  expect(await seconds("c", start)).toEqual({ 1: 0 });
  expect(await seconds("s", start)).toEqual({ 1: 5 });
  expect(await seconds(`rt${schema}_copy.t`, start)).toEqual({ 1: 0 });
  await client.run(`drop schema rt${schema}_copy`, `use schema rt${schema}`);
});

test("the times outlive retention, housekeeping and a restart", async () => {
  await client.run("create table t (id int) row_timestamp = true", "insert into t values (1)");
  const start = await now();
  await snowglobe.advance(1);
  await client.run("insert into t values (2)", "create table other (x int)");
  for (let day = 0; day < 3; day += 1) {
    await snowglobe.advance(86_400);
    await client.run("insert into other values (1)");
  }
  expect(await seconds("t", start)).toEqual({ 1: 0, 2: 1 });
  await snowglobe.restart();
  client = await snowglobe.connect();
  await client.run("use warehouse wh", `use schema d.rt${schema}`);
  expect(await seconds("t", start)).toEqual({ 1: 0, 2: 1 });
});

test("a dynamic table keeps its source's times incrementally, and has its own", async () => {
  await client.run(
    "create table events (id int, kind varchar) row_timestamp = true",
    "insert into events values (1, 'click'), (2, 'view')",
    `create dynamic table d target_lag = '1 hour' warehouse = wh refresh_mode = incremental row_timestamp = true as
       select id, kind, metadata$row_last_commit_time as source_time from events`,
  );
  const start = await now();
  await snowglobe.advance(10);
  await client.run("update events set kind = 'x' where id = 1", "insert into events values (3, 'y')");
  await snowglobe.advance(10);
  await client.run("alter dynamic table d refresh");
  expect(await seconds("d", start)).toEqual({ 1: 20, 2: 0, 3: 20 });
  expect(
    await client.rows(`select id, date_part(epoch_second, source_time) - ${start} as s from d order by id`),
  ).toEqual([
    { ID: 1, S: 10 },
    { ID: 2, S: 0 },
    { ID: 3, S: 10 },
  ]);
  expect(
    await client.value(
      `select refresh_action from table(information_schema.dynamic_table_refresh_history(name => 'D')) where refresh_trigger = 'MANUAL'`,
    ),
  ).toBe("INCREMENTAL");
});

test("CREATE OR ALTER that does not say it keeps it", async () => {
  const definition = "target_lag = '1 hour' warehouse = wh as select 1 as id";
  await client.run(
    `create dynamic table d row_timestamp = true ${definition}`,
    `create or alter dynamic table d ${definition}`,
  );
  expect(await client.value("select metadata$row_last_commit_time is not null from d")).toBe(true);
  await client.run(`create or alter dynamic table d row_timestamp = false ${definition}`);
  expect((await client.failure("select metadata$row_last_commit_time from d")).code).toBe("000904");
});

test("a schema's default holds for its new tables; no change, clustering key or frozen region may name the times", async () => {
  await client.run(`alter schema rt${schema} set row_timestamp_default = true`, "create table t (id int)");
  await client.run(
    "insert into t values (1)",
    "create table u (id int) row_timestamp = false",
    "insert into u values (1)",
  );
  expect(await client.value("select metadata$row_last_commit_time is not null from t")).toBe(true);
  expect((await client.failure("select metadata$row_last_commit_time from u")).code).toBe("000904");
  await client.run("alter table t set change_tracking = true");
  await client.failure("select metadata$row_last_commit_time from t changes(information => default) at (offset => 0)");
  await client.failure("alter table t cluster by (metadata$row_last_commit_time)");
  await client.failure(
    "create dynamic table f frozen where (metadata$row_last_commit_time is null) target_lag = '1 hour' warehouse = wh as select * from t",
  );
});

test("UPDATE, DELETE and MERGE find rows by the times", async () => {
  await client.run("create table t (id int) row_timestamp = true", "insert into t values (1)");
  await snowglobe.advance(60);
  await client.run("insert into t values (2)");
  const old = "metadata$row_last_commit_time < dateadd(second, -30, current_timestamp())";
  await client.run(`update t set id = id + 10 where ${old}`);
  expect(await client.column("select id from t order by id")).toEqual([2, 11]);
  await snowglobe.advance(60);
  await client.run(`delete from t where ${old} and id = 2`);
  await client.run(`merge into t using (select 11 as id) s on t.id = s.id and t.${old} when matched then delete`);
  expect(await client.column("select id from t")).toEqual([]);
});
