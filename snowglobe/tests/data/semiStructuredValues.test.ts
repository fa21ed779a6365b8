import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse wh", "create database d", "use schema d.public");
  await client.run("create table t (id int, o object, a array, v variant)");
});
afterAll(() => snowglobe.stop());
beforeEach(() => client.run("delete from t"));

test("NULL goes into OBJECT, ARRAY and VARIANT, in VALUES and in SELECT", async () => {
  await client.run("insert into t values (1, null, null, null)", "insert into t select 2, null, null, null");
  expect(await client.rows("select * from t order by id")).toEqual([
    { ID: 1, O: null, A: null, V: null },
    { ID: 2, O: null, A: null, V: null },
  ]);
});

test("what is stored in a VARIANT comes back with its type, through tables and kept results", async () => {
  await client.run("insert into t select 1, {'b': 1, 'a': null}, [1, null, 2.5::float], '2024-01-01'::date");
  const row = await client.row(
    "select v::date = '2024-01-01' as d, typeof(v) as t, a[1] is null as u, typeof(a[2]) as f from t",
  );
  expect(row).toEqual({ D: true, T: "DATE", U: true, F: "DOUBLE" });
  expect(await client.value("select count(*) from t where o = {'a': null, 'b': 1}")).toBe(1);
  await client.rows("select o, a from t");
  const kept = await client.row(
    "select o:b::int as b, array_size(a) as n, a[1] is null as u from table(result_scan(last_query_id()))",
  );
  expect(kept).toEqual({ B: 1, N: 3, U: true });
});

test("elements of a flattened array that are undefined are NULL", async () => {
  const rows = await client.rows(
    "select value, index from table(flatten([1, null, parse_json('null')])) order by index",
  );
  expect(rows.map((row) => row.VALUE)).toEqual([1, null, null]);
  expect(await client.value("select count(value) from table(flatten([1, null]))")).toBe(1);
});

test("what is no object does not go into an OBJECT", async () => {
  expect(await client.failure("insert into t (o) select 5::variant")).toMatchObject({ code: "100071" });
});
