import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { consume, hasData, prepare, shown } from "./stream";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());
beforeEach(() =>
  client.run(
    "create or replace table t (id int, g varchar)",
    "create or replace table u (g varchar, name varchar)",
    "insert into t values (1, 'a'), (2, 'b'), (3, 'c')",
    "insert into u values ('a', 'A'), ('b', 'B')",
  ),
);

interface Case {
  readonly name: string;
  readonly query: string;
  readonly changes: readonly string[];
  readonly expected: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "projection",
    query: "select id * 10 as x, upper(g) as g from t",
    changes: ["insert into t values (4, 'd')", "update t set g = 'z' where id = 1", "delete from t where id = 2"],
    expected: ["+40,D", "+u10,Z", "-20,B", "-u10,A"],
  },
  {
    name: "filter: a row that comes to meet it, one that ceases to",
    query: "select id from t where g < 'c'",
    changes: [
      "update t set g = 'x' where id = 1",
      "update t set g = 'a' where id = 3",
      "insert into t values (9, 'x')",
    ],
    expected: ["+3", "-1"],
  },
  {
    name: "inner join: changes on both sides",
    query: "select t.id, u.name from t join u on t.g = u.g",
    changes: [
      "insert into u values ('c', 'C')",
      "update u set name = 'BB' where g = 'b'",
      "insert into t values (4, 'c')",
    ],
    expected: ["+3,C", "+4,C", "+u2,BB", "-u2,B"],
  },
  {
    name: "cross join",
    query: "select t.id, u.name from t, u where t.id < 2",
    changes: ["insert into u values ('c', 'C')", "delete from u where g = 'a'"],
    expected: ["+1,C", "-1,A"],
  },
  {
    name: "a table joined with itself",
    query: "select a.id as x, b.id as y from t a join t b on a.id < b.id",
    changes: ["delete from t where id = 2", "insert into t values (4, 'd')"],
    expected: ["+1,4", "+3,4", "-1,2", "-2,3"],
  },
  {
    name: "UNION ALL, the same row twice",
    query: "select g from t union all select g from u",
    changes: ["delete from u where g = 'a'", "insert into t values (5, 'e')", "insert into u values ('e', 'E')"],
    expected: ["+e", "+e", "-a"],
  },
  {
    name: "a filter over UNION ALL over a CTE that is read twice",
    query:
      "with c as (select id, g from t where id > 1) select * from (select id from c union all select id + 100 from c) where id <> 103",
    changes: ["insert into t values (4, 'd')", "delete from t where id = 3"],
    expected: ["+104", "+4", "-3"],
  },
  {
    name: "a view on a view",
    query: "select id + 1 as id from (select * from inner_view)",
    changes: ["insert into t values (4, 'a')", "insert into t values (5, 'q')"],
    expected: ["+5"],
  },
];

test.each(CASES)("$name", async ({ query, changes, expected }) => {
  await client.run(
    "create or replace view inner_view as select id from t where g < 'm'",
    `create or replace view v as ${query}`,
    "create or replace stream s on view v",
  );
  expect(await shown(client, "s")).toEqual([]);
  expect(await hasData(client, "s")).toBe(false);
  await client.run(...changes);
  expect(await shown(client, "s")).toEqual(expected);
  expect(await hasData(client, "s")).toBe(true);
  await consume(client, "s");
  expect(await shown(client, "s")).toEqual([]);
});

test("APPEND_ONLY and SHOW_INITIAL_ROWS on a view", async () => {
  await client.run(
    "create or replace view v as select id, g from t where id <> 2",
    "create or replace stream appended on view v append_only = true",
    "create or replace stream initial on view v show_initial_rows = true",
    "insert into t values (4, 'd'), (5, 'e')",
    "delete from t where id in (1, 5)",
  );
  expect(await shown(client, "appended")).toEqual(["+4,d", "+5,e"]);
  expect(await shown(client, "initial")).toEqual(["+1,a", "+3,c"]);
  await consume(client, "initial");
  expect(await shown(client, "initial")).toEqual(["+4,d", "-1,a"]);
});

test.each([
  ["select g, count(*) as n from t group by g", /'GROUP BY'/],
  ["select distinct g from t", /'DISTINCT'/],
  ["select g from t union select g from u", /'(UNION|DISTINCT)'/],
  ["select g from t except select g from u", /'EXCEPT'/],
  ["select id from t limit 2", /LIMIT/],
  ["select id, row_number() over (order by id) as n from t", /window functions/],
  ["select id from t qualify row_number() over (order by id) = 1", /QUALIFY|window functions/],
  ["select t.id, u.name from t left join u on t.g = u.g", /joins of type '\[LEFT_OUTER_JOIN\]'/],
  ["select id from t where g in (select g from u)", /subquery expressions/],
  ["select id from t where exists (select 1 from u where u.g = t.g)", /subquery expressions/],
  ["select id, current_timestamp() as at from t", /non-deterministic functions/],
  ["select id, random() as r from t", /non-deterministic functions/],
  ["select f.value from t, lateral flatten(input => array_construct(t.id)) f", /lateral joins/],
  ["select column1 as x from values (1)", /'VALUES'/],
  ["select t.id from t at (offset => 0)", /time travel/],
])("a stream on %s is refused", async (query, reason) => {
  await client.run(`create or replace view v as ${query}`);
  const failure = await client.failure("create or replace stream s on view v");
  expect(failure.message).toMatch(/Change tracking is not supported on queries with/);
  expect(failure.message).toMatch(reason);
});

test("views that read dynamic tables, and inserts alone from a join, are refused by name", async () => {
  await client.run(
    "create or replace dynamic table dt target_lag = '1 minute' warehouse = wh as select id from t",
    "create or replace view over_dt as select id from dt",
    "create or replace view joined as select t.id from t join u on t.g = u.g",
  );
  expect((await client.failure("create stream s1 on view over_dt")).message).toMatch(/Unsupported feature/);
  expect((await client.failure("create stream s1 on view joined append_only = true")).message).toMatch(
    /Unsupported feature/,
  );
});

test("an inner view that comes to read another table cannot be followed", async () => {
  await client.run(
    "create or replace view inner_view as select g from t",
    "create or replace view v as select g from inner_view",
    "create or replace stream s on view v",
    "create or replace view inner_view as select g from u",
  );
  expect((await client.failure("select * from s")).message).toMatch(/recreate the stream/);
});
