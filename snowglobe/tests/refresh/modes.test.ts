/** Which mode a definition gets, and which definitions no mode takes. Sources: "Dynamic table refresh modes", "Supported queries for dynamic tables". */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { dt, freshSchema, modeOf, shown } from "./documented";
import { lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());
beforeEach(() => freshSchema(client, "sc"));

const auto = async (query: string): Promise<unknown> => {
  await client.run(dt("auto_d", "", query));
  return modeOf(client, "AUTO_D");
};
const incremental = (query: string): Promise<void> => client.run(dt("d", "refresh_mode = incremental", query));
const refused = async (options: string, query: string): Promise<string> => {
  const failure = await client.failure(dt("no", options, query));
  expect(await client.rows("show dynamic tables like 'NO'")).toEqual([]);
  return `${failure.code}: ${failure.message}`;
};

test("AUTO is ADAPTIVE where the query can be followed, and says nothing of a reason", async () => {
  await client.run(dt("d", "", "select id, amt from src where amt > 5"));
  expect(await shown(client, "D")).toMatchObject({ refresh_mode: "ADAPTIVE", refresh_mode_reason: null });
});

test("INCREMENTAL is INCREMENTAL", async () => {
  await client.run(dt("d", "refresh_mode = incremental", "select id, amt from src where amt > 5"));
  expect(await shown(client, "D")).toMatchObject({ refresh_mode: "INCREMENTAL", refresh_mode_reason: null });
});

test("FULL by wish says so", async () => {
  await client.run(dt("d", "refresh_mode = full", "select id from src"));
  expect(await shown(client, "D")).toMatchObject({
    refresh_mode: "FULL",
    refresh_mode_reason: "USER_SPECIFIED_FULL_REFRESH",
  });
});

test("what cannot be followed is refused to INCREMENTAL and ADAPTIVE", async () => {
  const except = "select id from src except select id from src where grp = 'b'";
  const message = await refused("refresh_mode = incremental", except);
  expect(message).toMatch(/^002711: /);
  expect(message).toContain("Dynamic Table 'NO' is defined with REFRESH_MODE = INCREMENTAL");
  expect(await refused("refresh_mode = adaptive", except)).toMatch(/SQL compilation error/);
});

test.each([
  ["LIMIT", "select * from src order by amt limit 2"],
  ["EXISTS", "select id from src where exists (select 1 from dim where dim.grp = src.grp)"],
  ["IN (SELECT)", "select id from src where grp in (select grp from dim)"],
  ["RANDOM", "select id, random() as r from src"],
  ["an exact percentile", "select percentile_cont(0.5) within group (order by amt) as p from src"],
  ["UNPIVOT", "select * from (select id, amt as a, amt as b from src) unpivot (v for n in (a, b))"],
  ["an outer join without an equality", "select s.id, d.label from src s left join dim d on s.grp > d.grp"],
  [
    "an approximate count in HAVING",
    "select grp, count(*) n from src group by grp having approx_count_distinct(id) > 1",
  ],
  ["SEQ of FLATTEN", "select f.value, f.seq from src, lateral flatten(input => array_construct(id, amt)) f"],
  ["CURRENT_ROLE", "select id, current_role() as r from src"],
  ["CURRENT_WAREHOUSE", "select id, current_warehouse() as w from src"],
  ["the time in the SELECT list", "select id, current_timestamp() as now from src"],
])("%s is FULL by AUTO, and refused to INCREMENTAL", async (_, query) => {
  expect(await auto(query)).toBe("FULL");
  expect((await shown(client, "AUTO_D")).refresh_mode_reason).not.toBeNull();
  await refused("refresh_mode = incremental", query);
});

test.each([
  ["an outer join on equality", "select s.id, d.label from src s left join dim d on s.grp = d.grp"],
  ["a join by range", "select a.id, b.id as other from src a join src b on a.amt between b.amt and b.amt + 5"],
  ["an approximate count", "select grp, approx_count_distinct(id) as n from src group by grp"],
  ["FLATTEN", "select f.value from src, lateral flatten(input => array_construct(id, amt)) f"],
  ["MIN_BY", "select grp, min_by(id, amt) as first from src group by grp"],
  ["the time in WHERE", "select id from src where ts < current_timestamp()"],
  ["PIVOT with a list", "select * from (select grp, amt from src) pivot (sum(amt) for grp in ('a', 'b'))"],
])("%s can be followed", async (_, query) => {
  await incremental(query);
  expect(await modeOf(client, "D")).toBe("INCREMENTAL");
});

test("constant rows in a join are followed", async () => {
  await incremental("select s.id, v.g from src s join (values ('a', 'x'), ('b', 'y')) v(k, g) on s.grp = v.k");
  await client.run("insert into src values (4, 'b', 1, null)", "alter dynamic table d refresh");
  expect(await client.value("select count(*) from d")).toBe(4);
  expect((await lastRefresh(client, "D")).REFRESH_ACTION).toBe("INCREMENTAL");
});

test.each(["CURRENT_SESSION", "CURRENT_USER"])("%s is refused in every mode", async (name) => {
  for (const mode of ["auto", "full", "incremental", "adaptive"]) {
    expect(await refused(`refresh_mode = ${mode}`, `select id, ${name}() as s from src`)).toContain(
      `Unsupported context function '${name}' used in dynamic table definition.`,
    );
  }
});

test("ANY_VALUE and SAMPLE are refused in every mode", async () => {
  await refused("refresh_mode = full", "select any_value(id) as x from src");
  await refused("refresh_mode = full", "select id from src sample (50)");
});

test("there is no temporary dynamic table", async () => {
  await client.failure("create temporary dynamic table d target_lag = '1 minute' warehouse = wh as select id from src");
  expect(await client.rows("show dynamic tables")).toEqual([]);
});

test("LAG is the older spelling of TARGET_LAG", async () => {
  await client.run("create dynamic table d lag = '5 minutes' warehouse = wh as select id from src");
  expect((await shown(client, "D")).target_lag).toBe("5 minutes");
});

test("a table does not replace a dynamic table; DROP TABLE drops one", async () => {
  await client.run(dt("d", "", "select id from src"));
  expect((await client.failure("create or replace table d (k int)")).message).toMatch(
    /already exists as DYNAMIC_TABLE/,
  );
  expect(await modeOf(client, "D")).toBe("ADAPTIVE");
  expect(await client.value("drop table d")).toBe("D successfully dropped.");
  await client.run("drop table if exists d");
  expect(await client.rows("show dynamic tables")).toEqual([]);
});

test("a view may be made over a table that has not been refreshed yet", async () => {
  await client.run(dt("d", "initialize = on_schedule", "select id from src"), "create view v as select * from d");
  expect((await client.failure("select * from v")).message).toMatch(/not initialized/);
  await client.run("alter dynamic table d refresh");
  expect(await client.value("select count(*) from v")).toBe(3);
});

test("ADAPTIVE makes all rows anew after a change in bulk, and then follows again", async () => {
  await client.run(
    "create table big (id int, g int) change_tracking = true",
    "insert into big select seq4(), seq4() % 500 from table(generator(rowcount => 20000))",
    dt("d", "", "select a.g, count(*) as n, sum(b.id) as s from big a join big b on a.id = b.id group by a.g"),
    "insert overwrite into big select id, g from big",
    "alter dynamic table d refresh",
  );
  const remade = await client.row(
    "select reinit_reason from table(information_schema.dynamic_table_refresh_history(name => 'D')) where refresh_action = 'REINITIALIZE'",
  );
  expect(remade).toEqual({ REINIT_REASON: expect.any(String) as unknown });
  await snowglobe.advance(1);
  await client.run("insert into big values (1, 1)", "alter dynamic table d refresh");
  expect((await lastRefresh(client, "D")).REFRESH_ACTION).toBe("INCREMENTAL");
});

test("ADAPTIVE follows a bulk change of what treats each row by itself", async () => {
  await client.run(
    "create table big (id int, g int) change_tracking = true",
    "insert into big select seq4(), seq4() % 500 from table(generator(rowcount => 5000))",
    dt("d", "", "select id, g + 1 as h from big where id >= 0"),
    "insert overwrite into big select id, g from big",
    "alter dynamic table d refresh",
  );
  expect((await lastRefresh(client, "D")).REFRESH_ACTION).toBe("INCREMENTAL");
});

test("what is not done is refused by name", async () => {
  await client.run(dt("d", "", "select id from src"));
  for (const statement of [
    "alter dynamic table d set log_event_level = warn",
    "alter table d set data_metric_schedule = '5 minute'",
  ]) {
    expect(await client.failure(statement)).toMatchObject({ code: "000002", sqlState: "0A000" });
  }
  await client.run("drop dynamic table d", dt("d", "", "select id from src"));
  expect((await client.failure("undrop dynamic table d")).message).toContain("Dynamic table 'D' already exists.");
});
