/** FROZEN WHERE and BACKFILL FROM. Source: "Frozen regions and backfill". */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { dt, freshSchema, modeOf, shown } from "./documented";
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
beforeEach(() => freshSchema(client, `sc${++schema}`));
// Each moment of the clock would refresh them all.
afterEach(() => client.run(`drop schema sc${schema}`));

async function refreshed(name: string): Promise<string> {
  await snowglobe.advance(1);
  await client.run(`alter dynamic table ${name} refresh`);
  return (await client.value(
    `select refresh_action from table(information_schema.dynamic_table_refresh_history(name => 'sc${schema}.${name}'))
     qualify row_number() over (order by data_timestamp desc) = 1`,
  )) as string;
}

const amounts = (name = "d"): Promise<unknown[]> => client.column(`select amt from ${name} order by id`);
const OLD = "frozen where (ts < '2025-01-01')";

test.each(["full", "incremental", "adaptive"])("frozen rows stay as they are: %s", async (mode) => {
  await client.run(dt("d", `refresh_mode = ${mode} ${OLD}`, "select * from src"), "update src set amt = 99");
  await refreshed("d");
  expect(await amounts()).toEqual([10, 99, 99]);
  await client.run("delete from src where id <> 3");
  await refreshed("d");
  expect(await amounts()).toEqual([10, 99]);
});

test("a frozen group stays, whatever becomes of its rows", async () => {
  const query = "select year(ts) as y, count(*) as n, sum(amt) as amt, max(id) as id from src group by all";
  await client.run(
    dt("d", "refresh_mode = incremental frozen where (y < 2025)", query),
    "insert into src values (4, 'z', 1, '2024-05-05'), (5, 'z', 1, '2025-05-05')",
  );
  expect(await refreshed("d")).toBe("INCREMENTAL");
  expect(await client.rows("select y, n from d order by y")).toEqual([
    { Y: 2024, N: 1 },
    { Y: 2025, N: 2 },
    { Y: 2026, N: 1 },
  ]);
});

test("METADATA$IS_FROZEN tells them apart, SHOW prints the predicate", async () => {
  await client.run(dt("d", OLD, "select * from src"), dt("plain", "", "select * from src"));
  expect(await client.rows("select id, metadata$is_frozen as f from d as x order by id")).toEqual([
    { ID: 1, F: true },
    { ID: 2, F: false },
    { ID: 3, F: false },
  ]);
  expect(await client.column("select id from d where metadata$is_frozen")).toEqual([1]);
  expect(await client.column("select metadata$is_frozen from plain")).toEqual([false, false, false]);
  expect(Object.keys((await client.rows("select * from d"))[0]!)).toEqual(["ID", "GRP", "AMT", "TS"]);
  expect((await shown(client, "D")).immutable_where).toBe("ts < '2025-01-01'");
  expect((await shown(client, "PLAIN")).immutable_where).toBeNull();
});

test.each([
  ["a region that shrinks with time", "ts > current_timestamp()"],
  ["one that shrinks behind NOT", "not (ts < current_timestamp())"],
  ["a subquery", "id in (select 1)"],
  ["a column that the table has not", "grp = 'a'"],
  ["a random value", "id < random()"],
  ["a column that an aggregate computes", "n > 1"],
])("%s is refused", async (_, predicate) => {
  await client.failure(dt("d", `frozen where (${predicate})`, "select id, ts, count(*) as n from src group by all"));
  expect(await client.rows("show dynamic tables")).toEqual([]);
});

test("a region that grows with time", async () => {
  await client.run(
    dt(
      "d",
      "refresh_mode = full immutable where (ts < current_timestamp() - interval '5 hours')",
      "select * from src",
    ).replace("'1 minute'", "'1 day'"),
    "insert into src values (4, 'c', 40, '2026-01-05')",
  );
  await refreshed("d");
  await snowglobe.advance(2 * 3600);
  await client.run("update src set amt = 99");
  await refreshed("d");
  expect(await amounts()).toEqual([10, 20, 30, 40]);
});

test("without the clause all rows are made anew; a smaller region thaws its rows; a larger one does not", async () => {
  await client.run(dt("d", `refresh_mode = full ${OLD}`, "select * from src"), "update src set amt = 99");
  await client.run("alter dynamic table d set frozen where (ts < '2025-12-31')");
  expect(await refreshed("d")).toBe("FULL");
  expect(await amounts()).toEqual([10, 20, 99]);
  await client.run("alter dynamic table d set frozen where (ts < '2025-01-01')");
  expect(await refreshed("d")).toBe("REINITIALIZE");
  expect(await amounts()).toEqual([10, 99, 99]);
  await client.run("alter dynamic table d unset frozen where");
  expect(await refreshed("d")).toBe("REINITIALIZE");
  expect(await amounts()).toEqual([99, 99, 99]);
});

test("rows outside of the region are made anew alone", async () => {
  await client.run(dt("d", `refresh_mode = incremental ${OLD}`, "select id, amt, ts from src"));
  await client.run(
    "update src set amt = 99",
    dt("d", `refresh_mode = incremental ${OLD}`, "select id, amt + 1 as amt, ts from src").replace(
      "create",
      "create or alter",
    ),
  );
  expect(await refreshed("d")).toBe("REINITIALIZE");
  expect(await amounts()).toEqual([10, 100, 100]);
});

test("frozen rows can be changed, others cannot", async () => {
  await client.run(dt("d", `refresh_mode = full ${OLD}`, "select * from src"));
  expect(await client.value("delete from d where id = 1")).toBe(1);
  await client.run("update src set amt = 99");
  await refreshed("d");
  expect(await client.column("select id from d order by id")).toEqual([2, 3]);
  await client.run("insert into d values (1, 'a', 11, '2024-01-01')", "update d set amt = 12 where id = 1");
  for (const sql of [
    "delete from d where id = 2",
    "delete from d",
    "update d set amt = 0",
    "update d set ts = '2026-01-01' where id = 1",
    "insert into d values (9, 'a', 11, '2026-01-01')",
    "truncate table d",
  ]) {
    await client.failure(sql);
  }
  await refreshed("d");
  expect(await amounts()).toEqual([12, 99, 99]);
});

test("a relied key must hold the predicate's columns", async () => {
  await client.run(dt("d", OLD, "select id, ts from src"), "alter table d add constraint p primary key (id, ts) rely");
  expect(await client.failure("alter table d add constraint q unique (id) rely")).toMatchObject({
    code: "002857",
    sqlState: "55000",
  });
  await client.run("alter dynamic table d unset frozen where", "alter table d add constraint q unique (id) rely");
  expect(await client.failure("alter dynamic table d set frozen where (ts < '2025-01-01')")).toMatchObject({
    code: "002857",
  });
});

test("BACKFILL FROM fills the frozen rows, the query all others", async () => {
  await client.run(
    "create table snap as select id, grp, 777::number(10,2) as amt, ts from src",
    dt("d", `${OLD} backfill from snap`, "select * from src"),
  );
  expect(await amounts()).toEqual([777, 20, 30]);
  await client.run("update src set amt = 99");
  await refreshed("d");
  expect(await amounts()).toEqual([777, 99, 99]);
  await client.failure(dt("e", "backfill from snap", "select * from src"));
  await client.failure(dt("e", `${OLD} backfill from snap`, "select id, ts from src"));
});

test("a frozen region tells what changes below a FULL table", async () => {
  await client.run(
    dt("u", `refresh_mode = full ${OLD}`, "select id, amt, ts from src"),
    dt("d", "refresh_mode = incremental", "select id, amt from u"),
    "update src set amt = 99",
  );
  expect(await modeOf(client, "D")).toBe("INCREMENTAL");
  expect(await refreshed("d")).toBe("INCREMENTAL");
  expect(await amounts()).toEqual([10, 99, 99]);
});
