/** Transitions of a dynamic table's definition. Sources: "Modify dynamic tables", "CREATE DYNAMIC TABLE". */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { dt, freshSchema, shown } from "./documented";
import { history, lastRefresh, prepare } from "./pipeline";

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

const alter = (name: string, options: string, query: string): string =>
  dt(name, options, query).replace("create", "create or alter");

async function refreshed(name: string): Promise<{ action: unknown; reason: unknown }> {
  await snowglobe.advance(1);
  await client.run(`alter dynamic table ${name} refresh`);
  const row = await client.row(
    `select refresh_action, reinit_reason from table(information_schema.dynamic_table_refresh_history(name => 'sc${schema}.${name}'))
     qualify row_number() over (order by data_timestamp desc) = 1`,
  );
  return { action: row.REFRESH_ACTION, reason: row.REINIT_REASON };
}

const PLAIN = "select id, amt from src where amt > 5";

test("ALTER does not change the mode", async () => {
  await client.run(dt("d", "", PLAIN));
  await client.failure("alter dynamic table d set refresh_mode = full");
});

test.each(["incremental", "adaptive"])("from FULL to %s all rows are made anew once", async (mode) => {
  await client.run(dt("d", "refresh_mode = full", PLAIN), alter("d", `refresh_mode = ${mode}`, PLAIN));
  expect((await shown(client, "D")).refresh_mode).toBe(mode.toUpperCase());
  expect(await refreshed("d")).toEqual({ action: "REINITIALIZE", reason: expect.any(String) as string });
  await client.run("insert into src values (9, 'c', 90, null)");
  expect(await refreshed("d")).toEqual({ action: "INCREMENTAL", reason: null });
});

test.each([
  ["incremental", "auto", "INCREMENTAL"],
  ["incremental", "adaptive", "ADAPTIVE"],
  ["adaptive", "incremental", "INCREMENTAL"],
  ["adaptive", "auto", "ADAPTIVE"],
])("from %s to %s nothing is made anew", async (from, to, mode) => {
  await client.run(dt("d", `refresh_mode = ${from}`, PLAIN), alter("d", `refresh_mode = ${to}`, PLAIN));
  expect((await shown(client, "D")).refresh_mode).toBe(mode);
  await client.run("insert into src values (9, 'c', 90, null)");
  expect(await refreshed("d")).toEqual({ action: "INCREMENTAL", reason: null });
});

test("a new last column is there at once, reads NULL, and is filled by the next refresh", async () => {
  await client.run(dt("d", "", "select id from src"));
  const before = (await history(client, `sc${schema}.d`)).length;
  await client.run(alter("d", "", "select id, amt * 2 as dbl from src"));
  expect(await client.column("select dbl from d")).toEqual([null, null, null]);
  expect(await history(client, `sc${schema}.d`)).toHaveLength(before);
  expect(await refreshed("d")).toMatchObject({ action: "REINITIALIZE" });
  expect(await client.column("select dbl from d order by id")).toEqual([20, 40, 60]);
});

test("a new column elsewhere is refused, and the old definition stays", async () => {
  await client.run(dt("d", "", "select id, amt from src"));
  await client.failure(alter("d", "", "select id, amt * 2 as dbl, amt from src"));
  expect((await client.rows("describe table d")).map((row) => row.name)).toEqual(["ID", "AMT"]);
  expect(await refreshed("d")).toMatchObject({ action: "NO_DATA" });
});

test("columns may go, and the last ones get other names", async () => {
  await client.run(dt("d", "", "select id, grp, amt from src"), alter("d", "", "select id, amt as money from src"));
  expect((await client.rows("describe table d")).map((row) => row.name)).toEqual(["ID", "MONEY"]);
  await refreshed("d");
  expect(await client.column("select money from d order by id")).toEqual([10, 20, 30]);
  await client.failure(alter("d", "", "select ts from src"));
  await client.failure(alter("d", "", "select id, 'x' as money from src"));
});

test.each(["copy grants", "with tag (t = 'x')", "with row access policy p on (id)", "copy tags"])(
  "%s is refused",
  async (clause) => {
    await client.run(dt("d", "", "select id from src"), "grant select on dynamic table d to role public");
    await client.failure(alter("d", clause, "select id from src"));
    await client.run(alter("d", "comment = 'other'", "select id from src"));
    expect((await client.rows("show grants on dynamic table d")).map((row) => row.privilege)).toContain("SELECT");
  },
);

test("what is not said has its default again", async () => {
  await client.run(
    "create warehouse if not exists other",
    dt("d", "initialization_warehouse = other comment = 'c' data_retention_time_in_days = 3", "select id from src"),
    "create or alter dynamic table d target_lag = '5 minutes' warehouse = wh as select id from src",
  );
  expect(await shown(client, "D")).toMatchObject({
    target_lag: "5 minutes",
    initialization_warehouse: null,
    comment: "",
    refresh_mode: "ADAPTIVE",
  });
  expect(await refreshed("d")).toMatchObject({ action: "NO_DATA" });
});

test("makes the table where there is none", async () => {
  await client.run(alter("d", "", "select id from src"));
  expect(await client.value("select count(*) from d")).toBe(3);
  expect((await lastRefresh(client, `sc${schema}.D`)).REFRESH_TRIGGER).toBe("CREATION");
});

test("does not make dependents anew; CREATE OR REPLACE does, but for FULL ones", async () => {
  await client.run(
    dt("u", "refresh_mode = incremental", "select id, amt from src where amt > 5"),
    dt("d", "refresh_mode = incremental", "select id from u"),
    dt("f", "refresh_mode = full", "select id from u"),
    alter("u", "refresh_mode = incremental", "select id, amt from src where amt > 15"),
  );
  expect(await refreshed("u")).toMatchObject({ action: "REINITIALIZE" });
  expect(await refreshed("d")).toMatchObject({ action: "INCREMENTAL" });
  expect(await client.column("select id from d order by id")).toEqual([2, 3]);
  await client.run(
    dt("u", "refresh_mode = incremental", "select id, amt from src").replace("create", "create or replace"),
  );
  expect(await refreshed("d")).toMatchObject({ action: "REINITIALIZE" });
  expect(await refreshed("f")).toMatchObject({ action: "FULL" });
});

test("an upstream that becomes FULL without a key stops what follows it", async () => {
  await client.run(
    dt("u", "refresh_mode = incremental", "select id, amt from src"),
    dt("d", "refresh_mode = incremental", "select id from u"),
    alter("u", "refresh_mode = full", "select id, amt from src"),
  );
  expect((await client.failure("alter dynamic table d refresh")).message).toMatch(
    /Dynamic table can no longer be refreshed incrementally/,
  );
});

test("needs the ownership, where a lag needs OPERATE alone", async () => {
  await client.run(
    dt("d", "", "select id from src"),
    "create or replace role operator",
    "grant role operator to user admin",
    "grant usage on database d to role operator",
    `grant usage on schema d.sc${schema} to role operator`,
    "grant usage on warehouse wh to role operator",
    "grant select on table src to role operator",
    "grant operate, select on dynamic table d to role operator",
    "use role operator",
    "use secondary roles none",
  );
  expect(await client.failure(alter("d", "", "select id, 1 as one from src"))).toMatchObject({ code: "003001" });
  await client.run("alter dynamic table d set target_lag = '10 minutes'", "use role accountadmin");
});

test("an OR REPLACE that fails leaves the old table and its rows", async () => {
  await client.run(dt("d", "", "select id from src"));
  await client.failure(
    "create or replace dynamic table d target_lag = '1 minute' warehouse = wh as select 1 / (id - 1) as x from src",
  );
  expect(await client.column("select id from d order by id")).toEqual([1, 2, 3]);
});
