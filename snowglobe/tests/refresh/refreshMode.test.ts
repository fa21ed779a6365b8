import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create table a (id int, g varchar, x float, v variant)",
    "create table b (id int, name varchar)",
    "create view va as select id, g from a where id > 0",
  );
});
afterAll(() => snowglobe.stop());

async function modeOf(query: string, asked = "AUTO"): Promise<{ mode: unknown; reason: unknown }> {
  await client.run(
    `create or replace dynamic table dt target_lag = downstream warehouse = wh refresh_mode = ${asked} as ${query}`,
  );
  const row = (await client.rows("show dynamic tables like 'DT'"))[0]!;
  return { mode: row.refresh_mode, reason: row.refresh_mode_reason };
}

test.each([
  ["projection", "select id, upper(g) as g, id::varchar as t from a"],
  ["filter", "select * from a where id > 3 and g like 'a%'"],
  ["inner join", "select a.id, b.name from a join b on a.id = b.id"],
  ["left join on equality", "select a.id, b.name from a left join b on a.id = b.id and a.g = b.name"],
  ["aggregate", "select g, count(*) as n, sum(id) as s from a group by g"],
  ["distinct", "select distinct g from a"],
  ["union", "select id from a union select id from b"],
  ["union all", "select id from a union all select id from b"],
  ["window", "select id, row_number() over (partition by g order by id) as n from a"],
  ["cte", "with c as (select id from a) select id from c where id > 1"],
  ["order by", "select id from a order by id"],
  ["view", "select * from va"],
  ["flatten", "select a.id, f.value::int as n from a, lateral flatten(input => a.v) f"],
  ["time in where", "select id from a where id < date_part(year, current_timestamp())"],
])("%s can be followed", async (_, query) => {
  expect(await modeOf(query)).toEqual({ mode: "ADAPTIVE", reason: null });
});

test.each([
  ["limit", "select id from a order by id limit 3", "Unsupported query operator type: Limit"],
  ["top", "select top 3 id from a", "Unsupported query operator type: Limit"],
  ["except", "select id from a except select id from b", "Unsupported query operator type: SetOperation[EXCEPT]"],
  ["minus", "select id from a minus select id from b", "Unsupported query operator type: SetOperation[EXCEPT]"],
  [
    "intersect",
    "select id from a intersect select id from b",
    "Unsupported query operator type: SetOperation[INTERSECT]",
  ],
  ["in subquery", "select id from a where id in (select id from b)", "Unsupported query operator type: Subquery"],
  ["exists", "select id from a where exists (select 1 from b)", "Unsupported query operator type: Subquery"],
  ["scalar subquery", "select id, (select max(id) from b) as m from a", "Unsupported query operator type: Subquery"],
  ["rollup", "select g, count(*) as n from a group by rollup (g)", "Unsupported query operator type: GroupingSets"],
  ["session function", "select id, current_role() as r from a", "Unsupported function: CURRENT_ROLE"],
  [
    "random",
    "select id, random() as r from a",
    "non-deterministic function that change tracking does not support: RANDOM",
  ],
  ["percentile", "select g, median(x) as m from a group by g", "Unsupported aggregate function: MEDIAN"],
  [
    "outer join without equality",
    "select a.id, b.name from a left join b on a.id > b.id",
    "Unsupported query operator type: OuterJoin with non-equality predicate",
  ],
])("%s is FULL and says why", async (_, query, reason) => {
  expect(await modeOf(query)).toEqual({ mode: "FULL", reason: expect.stringContaining(reason) as string });
  const { message } = await client.failure(
    `create dynamic table no target_lag = downstream warehouse = wh refresh_mode = incremental as ${query}`,
  );
  expect(message).toContain(reason);
});

test("FULL can be asked for", async () => {
  expect(await modeOf("select id from a", "FULL")).toMatchObject({ mode: "FULL" });
});

test.each([
  ["any_value", "select any_value(id) as x from a", /ANY_VALUE/],
  ["sample", "select id from a sample (10)", /Sample/],
  ["information schema", "select table_name from information_schema.tables", /in a dynamic table/],
  ["time travel", "select id from a at(offset => 0)", /time travel/],
  ["session variable", "select id from a where id = $limit_id", /LIMIT_ID/i],
  ["temporary table", "select id from only_mine", /temporary table/],
])("%s is refused in either mode", async (_, query, text) => {
  await client.run("set limit_id = 3", "create temporary table if not exists only_mine (id int)");
  const { message } = await client.failure(
    `create dynamic table no target_lag = downstream warehouse = wh as ${query}`,
  );
  expect(message).toMatch(text);
  expect(await client.rows("show dynamic tables like 'NO'")).toEqual([]);
});

test("a missing warehouse, lag or option is named", async () => {
  const failure = async (sql: string): Promise<string> => (await client.failure(sql)).message;
  expect(await failure("create dynamic table no target_lag = '1 minute' as select id from a")).toMatch(/WAREHOUSE/);
  expect(await failure("create dynamic table no warehouse = wh scheduler = 'ENABLE' as select id from a")).toMatch(
    /TARGET_LAG/,
  );
  expect(
    await failure("create dynamic table no warehouse = nowhere target_lag = '1 minute' as select id from a"),
  ).toMatch(/NOWHERE/);
});

test("a dynamic table takes no rows from anybody else", async () => {
  await client.run("create or replace dynamic table dt target_lag = downstream warehouse = wh as select id from a");
  for (const sql of [
    "insert into dt values (1)",
    "update dt set id = 2",
    "delete from dt",
    "truncate table dt",
    "merge into dt using b on dt.id = b.id when matched then delete",
  ]) {
    expect((await client.failure(sql)).message).toMatch(/not allowed on dynamic table 'DT'/);
  }
});
