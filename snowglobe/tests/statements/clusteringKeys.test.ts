/** CLUSTER BY, which is kept and told. Through snowflake-sdk. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse wh", "create database db", "create schema s");
});
afterEach(() => snowglobe.stop());

const keyOf = async (name: string): Promise<unknown> =>
  (await client.rows(`show tables like '${name}'`))[0]!.cluster_by;

// The first example of "Clustering keys & clustered tables".
test("of a new table, also one made by a query, and of a clone", async () => {
  await client.run(
    "create table t1 (c1 date, c2 string, c3 number) cluster by (c1, c2)",
    "create table t2 cluster by (c1, substring(c2, 0, 10)) as select * from t1",
    "create table t3 clone t1",
    "create dynamic table d target_lag = '1 hour' warehouse = wh cluster by (c1) as select * from t1",
  );
  expect(await keyOf("T1")).toBe("LINEAR(C1, C2)");
  expect(await keyOf("T2")).toBe("LINEAR(C1, SUBSTRING(C2, 0, 10))");
  expect(await keyOf("T3")).toBe("LINEAR(C1, C2)");
  expect(await client.rows("show dynamic tables")).toMatchObject([{ cluster_by: "LINEAR(C1)" }]);
  expect(await client.value("select clustering_key from information_schema.tables where table_name = 'T1'")).toBe(
    "LINEAR(C1, C2)",
  );
});

test("is changed and dropped", async () => {
  await client.run("create table t (a int, b int)", "alter table t cluster by (b)");
  expect(await client.rows("show tables like 't'")).toMatchObject([
    { cluster_by: "LINEAR(B)", automatic_clustering: "ON" },
  ]);
  await client.run("alter table t drop clustering key");
  expect(await client.rows("show tables like 't'")).toMatchObject([{ cluster_by: "", automatic_clustering: "OFF" }]);
});

test("of a dynamic table says whether it would be clustered; a clone waits to be resumed", async () => {
  const state = async (name: string): Promise<unknown> =>
    (await client.row(`show dynamic tables like '${name}'`)).automatic_clustering;
  await client.run(
    "create table src (a int, b int)",
    "create dynamic table kept target_lag = '1 hour' warehouse = wh as select a, b from src",
  );
  expect(await state("KEPT")).toBe("OFF");
  await client.run("alter dynamic table kept cluster by (a)");
  expect(await state("KEPT")).toBe("ON");
  await client.run("alter dynamic table kept suspend recluster");
  expect(await state("KEPT")).toBe("OFF");
  await client.run("alter dynamic table kept resume recluster", "create dynamic table copied clone kept");
  expect([await state("KEPT"), await state("COPIED")]).toEqual(["ON", "OFF"]);
  await client.run("drop dynamic table copied", "drop dynamic table kept");
});

test("names columns that the table has", async () => {
  expect(await client.failure("create table t (a int) cluster by (nothing)")).toMatchObject({ code: "000904" });
});
