/** EXPLAIN of queries, in its three forms. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create database d", "create schema d.s", "create table z1 (id int)", "create table z2 (id int)");
});

afterAll(() => snowglobe.stop());

const JOIN = "select z1.id, z2.id from z1, z2 where z2.id = z1.id";

test("a table of the plan's operations, in the page's columns", async () => {
  const rows = await client.rows(`explain ${JOIN}`);
  expect(Object.keys(rows[0]!)).toEqual([
    ...["step", "id", "parentOperators", "operation", "objects", "alias", "expressions"],
    ...["partitionsTotal", "partitionsAssigned", "bytesAssigned"],
  ]);
  expect(rows[0]).toMatchObject({ step: null, operation: "GlobalStats", partitionsTotal: 2 });
  expect(rows[1]).toMatchObject({
    step: 1,
    id: 0,
    parentOperators: null,
    operation: "Result",
    expressions: "Z1.ID, Z2.ID",
  });
  const scans = rows.filter((row) => row.operation === "TableScan");
  expect(scans.map((row) => [row.objects, row.expressions, row.partitionsTotal])).toEqual([
    ["D.S.Z1", "ID", 1],
    ["D.S.Z2", "ID", 1],
  ]);
  expect(rows.some((row) => String(row.expressions).includes("(Z2.ID = Z1.ID)"))).toBe(true);
  expect(await client.rows(`explain using tabular ${JOIN}`)).toHaveLength(rows.length);
});

test("as JSON and as text", async () => {
  const plan = JSON.parse(String(await client.value(`explain using json ${JOIN}`))) as {
    readonly GlobalStats: unknown;
    readonly Operations: readonly (readonly Record<string, unknown>[])[];
  };
  expect(plan.GlobalStats).toMatchObject({ partitionsTotal: 2, partitionsAssigned: 2 });
  expect(plan.Operations[0]![0]).toEqual({ id: 0, operation: "Result", expressions: ["Z1.ID", "Z2.ID"] });
  expect(plan.Operations[0]!.filter(({ operation }) => operation === "TableScan")).toHaveLength(2);
  const text = String(await client.value(`explain using text ${JOIN}`));
  expect(text.split("\n")[0]).toBe("GlobalStats:");
  expect(text).toMatch(/^1:0 {5}->Result {2}Z1.ID, Z2.ID$/m);
  expect(text).toMatch(
    /->TableScan {2}D.S.Z1 {2}ID {2}\{partitionsTotal=1, partitionsAssigned=1, bytesAssigned=\d+\}$/m,
  );
});

test("operations of all kinds", async () => {
  const operations = async (sql: string): Promise<unknown[]> =>
    (await client.rows(`explain ${sql}`)).slice(1).map((row) => row.operation);
  expect(
    await operations(
      "select id, count(*) from z1 where id > 1 group by id having count(*) > 2 order by 2 desc limit 3",
    ),
  ).toEqual(expect.arrayContaining(["Result", "Limit", "Sort", "Filter", "Aggregate", "TableScan"]));
  expect(await operations("select * from z1 left join z2 using (id)")).toContain("LeftOuterJoin");
  expect(await operations("select * from z1 union all select * from z2")).toContain("UnionAll");
  expect(await operations("select row_number() over (order by id) from z1")).toContain("WindowFunction");
  expect(await operations("select f.value from z1, lateral flatten(array_construct(id)) f")).toContain("Flatten");
});

test("nothing is run; what cannot be bound is an error, INFORMATION_SCHEMA is hidden", async () => {
  expect(await client.rows("explain select 1/0 from z1")).not.toHaveLength(0);
  expect(await client.failure("explain select gone from z1")).toMatchObject({ code: "000904" });
  expect(await client.failure("explain select * from information_schema.tables")).toMatchObject({ sqlState: "42501" });
  expect(await client.failure("explain delete from z1")).toMatchObject({ code: "000002" });
});
