/** Refresh boundaries, lag, the schedule, and refreshes by hand. Sources: "Data consistency and pipeline boundaries", "Set the target lag", "CREATE DYNAMIC TABLE". */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { dt, freshSchema, shown } from "./documented";
import { history, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());

let schema = 0;
beforeEach(async () => {
  await client.run("create or replace schema clean");
  await freshSchema(client, `sc${++schema}`);
});
afterEach(() => client.run(`drop schema sc${schema}`));

const refreshes = async (name: string): Promise<number> => (await history(client, `sc${schema}.${name}`)).length;

test("a view over a dynamic table is read through a boundary alone", async () => {
  await client.run(dt("u", "", "select id from src"), "create view v as select * from u");
  await client.failure(dt("d", "", "select * from v"));
  await client.run(
    dt("d", "", "select * from dynamic_table_refresh_boundary(v)"),
    dt("e", "", "select x.id from dynamic_table_refresh_boundary(u) as x join src on src.id = x.id"),
  );
  expect(await client.column("select count(*) from d union all select count(*) from e")).toEqual([3, 3]);
  expect(await client.value("select count(*) from dynamic_table_refresh_boundary(src)")).toBe(3);
  expect(
    JSON.parse(
      (await client.value(
        `select to_json(inputs) from table(information_schema.dynamic_table_graph_history()) where name = 'D' and schema_name = 'SC${schema}'`,
      )) as string,
    ),
  ).toEqual([{ kind: "VIEW", name: `D.SC${schema}.V`, insideRefreshBoundary: true }]);
});

test("what is behind a boundary is not refreshed with the table, and its failures stay there", async () => {
  await client.run(
    dt("u", "", "select id, 10 / amt as x from src").replace("'1 minute'", "'1 hour'"),
    dt("d", "", "select x from dynamic_table_refresh_boundary(u)"),
    "insert into src values (4, 'z', 0, null)",
    "alter dynamic table d refresh",
  );
  expect(await refreshes("U")).toBe(1);
  await client.failure("alter dynamic table u refresh");
  await client.run("alter dynamic table d refresh");
  expect((await history(client, `sc${schema}.D`)).map((row) => row.STATE)).toEqual([
    "SUCCEEDED",
    "SUCCEEDED",
    "SUCCEEDED",
  ]);
  await client.run("delete from src where id = 4", "update src set amt = 1", "alter dynamic table u refresh");
  await snowglobe.advance(1);
  await client.run("alter dynamic table d refresh");
  expect(await client.value("select sum(x) from d")).toBe(30);
});

test("a table is not read on both sides of a boundary", async () => {
  await client.run(dt("u", "", "select id from src"));
  await client.failure(dt("d", "", "select a.id from u a join dynamic_table_refresh_boundary(u) b on a.id = b.id"));
});

test("a lag is not shorter than that of what is read directly", async () => {
  await client.run(dt("u", "", "select id from src").replace("'1 minute'", "'1 hour'"));
  await client.failure(dt("d", "", "select id from u"));
  await client.run(dt("d", "", "select id from dynamic_table_refresh_boundary(u)"));
});

test("a reader behind a boundary does not wake a DOWNSTREAM table", async () => {
  const downstream = dt("u", "", "select id from src").replace("'1 minute'", "downstream");
  await client.run(downstream, dt("d", "", "select id from dynamic_table_refresh_boundary(u)"));
  await client.run("insert into src values (4, 'z', 0, null)");
  await snowglobe.advance(120);
  expect(await client.value("select count(*) from d")).toBe(3);
  await client.run(dt("direct", "", "select id from u"));
  await client.run("insert into src values (5, 'z', 0, null)");
  await snowglobe.advance(120);
  expect(await client.value("select count(*) from direct")).toBe(5);
});

test("the shortest lag is a minute", async () => {
  await client.failure(dt("d", "", "select id from src").replace("'1 minute'", "'30 seconds'"));
  await client.run(dt("d", "", "select id from src").replace("'1 minute'", "'60 seconds'"));
});

test("SCHEDULER and TARGET_LAG", async () => {
  const create = (options: string): string =>
    `create or replace dynamic table d warehouse = wh ${options} as select id from src`;
  await client.failure(create("scheduler = disable target_lag = '1 minute'"));
  await client.failure(create("scheduler = enable"));
  await client.run(create("scheduler = disable"));
  expect(await shown(client, "D")).toMatchObject({ target_lag: null, scheduler: "DISABLE" });
  await client.run("alter dynamic table d set target_lag = '5 minutes'");
  expect(await shown(client, "D")).toMatchObject({ target_lag: "5 minutes", scheduler: "ENABLE" });
  await client.run("alter dynamic table d set scheduler = disable");
  expect(await shown(client, "D")).toMatchObject({ target_lag: null, scheduler: "DISABLE" });
  await client.failure("alter dynamic table d set scheduler = enable");
  await client.run(create("target_lag = '1 minute'"));
  expect(await shown(client, "D")).toMatchObject({ scheduler: null });
  await client.run(create("target_lag = '1 minute' scheduler = enable"));
  expect(await shown(client, "D")).toMatchObject({ scheduler: "ENABLE" });
});

test("several tables are refreshed to one data timestamp, what they share once", async () => {
  await client.run(
    dt("u", "", "select id from src"),
    dt("d1", "", "select id from u"),
    dt("d2", "", "select id from u"),
  );
  await snowglobe.advance(1);
  await client.run("insert into src values (4, 'z', 0, null)", "alter dynamic table d1, d2 refresh");
  const manual = (await Promise.all(["U", "D1", "D2"].map((name) => history(client, `sc${schema}.${name}`))))
    .flat()
    .filter((row) => row.REFRESH_TRIGGER === "MANUAL");
  expect(manual.map((row) => row.NAME).sort()).toEqual(["D1", "D2", "U"]);
  expect(new Set(manual.map((row) => row.AT)).size).toBe(1);
  expect(await client.failure('alter dynamic table d1, "D1" refresh')).toMatchObject({
    code: "002008",
    message: expect.stringContaining("Duplicate Dynamic Table: ") as string,
  });
  await client.run("alter dynamic table if exists d1, nope refresh");
  await client.failure("alter dynamic table d1, nope refresh");
});

test("REQUIRE USER", async () => {
  await client.failure(dt("d", "require user", "select id from src"));
  await client.run(dt("d", "require user initialize = on_schedule", "select id from src"));
  await client.failure("alter dynamic table d refresh");
  await snowglobe.advance(120);
  await client.failure("select * from d");
  await client.run("alter dynamic table d refresh copy session");
  expect(await client.value("select count(*) from d")).toBe(3);
});

test("before the first refresh a table can be neither read nor cloned", async () => {
  await client.run(dt("d", "initialize = on_schedule", "select id from src"));
  expect(await client.failure("select * from d")).toMatchObject({
    code: "002741",
    message: expect.stringContaining(
      "Dynamic Table is not initialized. Please run a manual refresh or wait for a scheduled refresh before querying.",
    ) as string,
  });
  expect((await client.failure("create table t clone d")).message).toContain(
    "Cannot clone an uninitialized dynamic table.",
  );
});

test("names are exchanged by SWAP WITH, rows are clustered by name only", async () => {
  await client.run(
    dt("a", "cluster by (id)", "select id from src"),
    dt("b", "", "select grp from src"),
    "alter dynamic table a swap with b",
  );
  expect((await shown(client, "B")).cluster_by).toBe("LINEAR(ID)");
  await client.run("alter dynamic table b drop clustering key", "alter dynamic table b cluster by (id)");
  expect((await shown(client, "B")).cluster_by).toBe("LINEAR(ID)");
  await client.failure("alter dynamic table b cluster by (nothing)");
});
