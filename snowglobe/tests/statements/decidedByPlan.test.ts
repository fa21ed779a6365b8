import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

/** What used to be looked for in a statement's text: each stands here in words that such a search would miss. */
let snowglobe: TestSnowglobe;
let client: TestClient;
beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "create table t (a int)",
    "insert into t values (1), (2)",
  );
});
afterAll(() => snowglobe.stop());

test("ROW_COUNT through a view over INFORMATION_SCHEMA", async () => {
  await client.run("create view counts as select table_name, row_count from information_schema.tables");
  expect(await client.value("select row_count from counts where table_name = 'T'")).toBe(2);
});

test("a name in a variable, with a comment before its parenthesis", async () => {
  await client.run("set name = 'made'", "create table identifier/* in a variable */($name) (a int)");
  expect(await client.value("select count(*) from identifier -- the table\n ($name)")).toBe(0);
});

test("a task is triggered by a call in its condition", async () => {
  await client.run(
    "create stream s on table t",
    "create table log (x varchar)",
    "create task by_data warehouse = wh when system$stream_has_data('s') as insert into log values ('by data')",
  );
  await client.run("alter task by_data resume", "insert into t values (3)");
  await snowglobe.advance(60);
  expect(await client.value("select count(*) > 0 from log")).toBe(true);
});

describe("what could not be planned in time is refused before the engine sees it", () => {
  test("views that double the tables they read", async () => {
    await client.run("create view v0 as select a from t");
    for (let i = 1; i <= 9; i++) {
      await client
        .run(`create view v${i} as select x.a from v${i - 1} x join v${i - 1} y on x.a = y.a`)
        .catch(() => undefined);
    }
    expect((await client.failure("select count(*) from v8 x join v8 y on x.a = y.a")).message).toContain("too complex");
  });

  test.each([
    ["subqueries in subqueries", `select ${"(select max(".repeat(12)}a${") from t)".repeat(12)} from t`],
    ["divisions of divisions", `select a${" / a".repeat(400)} from t`],
    ["splits of splits", `select ${"split_part(".repeat(400)}a::varchar${", 'x', 1)".repeat(400)} from t`],
  ])("%s", async (_, sqlText) => {
    expect((await client.failure(sqlText)).message).toContain("too complex");
  });
});
