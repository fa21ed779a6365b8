/** RECOMMENDATIONS of DYNAMIC_TABLES(), as a table's definition gives them. Source: "Dynamic Tables Insights". */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { dt, freshSchema } from "./documented";
import { prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await freshSchema(client, "hints");
});
afterAll(() => snowglobe.stop());
afterEach(() => client.run("drop dynamic table d"));

async function insights(): Promise<unknown[]> {
  return client.column(
    `select f.value:name::varchar from table(information_schema.dynamic_tables(name => 'D')) t,
       lateral flatten(input => t.recommendations:recommendations) f order by 1`,
  );
}

test.each([
  ["select id, amt from src where amt > 5", []],
  ["select grp, count(*) as n, sum(amt) as s from src group by grp", []],
  ["select grp, count(*) as n, sum(amt) as s from src group by grp having n > 1", []],
  ["select count(*) as n from src group by grp", ["TOP_LEVEL_AGGREGATE_EXPRESSIONS_NOT_PERSISTED"]],
  ["select grp, sum(amt) / count(*) as mean from src group by grp", ["TOP_LEVEL_AGGREGATE_EXPRESSIONS_NOT_PERSISTED"]],
  [
    "select d.label, n from (select grp, count(*) as n from src group by grp) s join dim d on s.grp = d.grp",
    ["TOP_LEVEL_AGGREGATE_NOT_TOP_LEVEL"],
  ],
  ["select mod(id, 7) as m, count(*) as n from src group by m", ["NON_MONOTONIC_GROUPING_KEY"]],
  ["select date_trunc(month, ts) as m, count(*) as n from src group by m", []],
  ["select id, grp, ts from src qualify row_number() over (partition by grp order by ts) = 1", []],
  [
    "select id from src qualify row_number() over (partition by grp order by ts) = 1",
    ["QUALIFY_RANK_KEYS_NOT_PERSISTED"],
  ],
  [
    "select s.id, s.ts, d.label from (select id, grp, ts from src qualify rank() over (partition by grp order by ts) = 1) s join dim d on s.grp = d.grp",
    ["QUALIFY_RANK_NOT_TOP_LEVEL"],
  ],
  [
    "select id, lag(amt) over (partition by grp order by ts) as before from src",
    ["EXPENSIVE_ORDER_DEPENDENT_WINDOW_FUNCTION"],
  ],
  ["select id, sum(amt) over (partition by grp) as s from src", []],
  ["select id from src order by id limit 2", ["AUTO_RESOLVED_TO_FULL_REFRESH"]],
])("of %s", async (query, expected) => {
  await client.run(dt("d", "", query));
  expect(await insights()).toEqual(expected);
});

test("of a table that was asked to be FULL there are none", async () => {
  await client.run(dt("d", "refresh_mode = full", "select count(*) as n from src group by grp"));
  expect(await insights()).toEqual([]);
});
