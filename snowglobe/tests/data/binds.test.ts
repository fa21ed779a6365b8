import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse wh", "create database d", "use schema d.public");
});
afterAll(() => snowglobe.stop());

test("one value of each type of the driver", async () => {
  const when = new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 456));
  const rows = await client.rows(
    `select ?::int as i, ? as f, ? as s, ? as b, ? as n, ?::timestamp_ntz as ts, parse_json(?):a[1]::int as v, ?:a as o`,
    [7, 1.5, `it's "quoted" \\ and\nlong`, true, null as never, when as never, '{"a":[1,2]}', { a: 3 } as never],
  );
  expect(rows).toMatchObject([{ I: 7, F: 1.5, S: `it's "quoted" \\ and\nlong`, B: true, N: null, V: 2, O: 3 }]);
  expect(new Date(rows[0]!.TS as string).getTime()).toBe(when.getTime());
});

test("binds by number and again, in WHERE, LIMIT and DML", async () => {
  await client.run("create or replace table t (id int, name varchar)");
  await client.rows("insert into t values (?, ?)", [1, "a"]);
  await client.rows("insert into t select :1, :2 union all select :1 + 1, :2", [2, "b"]);
  await client.rows("update t set name = ? where id = ?", ["c", 3]);
  expect(await client.rows("select * from t where name in (?, ?) order by id limit ?", ["c", "b", 1])).toEqual([
    { ID: 2, NAME: "b" },
  ]);
  await client.rows("delete from t where id = :1", [1]);
  expect(await client.column("select id from t order by 1")).toEqual([2, 3]);
  await expect(client.rows("select ?, ?", [1])).rejects.toMatchObject({ code: "002049" });
});

test("binds keep their places where a name is one, too", async () => {
  await client.run("create or replace table before_that (a int)", "drop table if exists after_that");
  await client.rows("alter table identifier(?) rename to identifier(?)", ["before_that", "after_that"]);
  expect(await client.rows("select ? as x, a from identifier(?) where a = ?", [1, "after_that", 2])).toEqual([]);
  await client.rows("alter table identifier(?) add column b int comment 'x'", ["after_that"]);
  expect(await client.column("describe table after_that")).toEqual(["A", "B"]);
});

describe("array binds", () => {
  const commits = (): number => snowglobe.engine.instance.storage.lastVersion;

  test("many rows are one INSERT: one statement, one commit, the counts added up", async () => {
    await client.run("create or replace table t (id int, name varchar(10), x float, b boolean, at timestamp_ntz)");
    const at = new Date(Date.UTC(2024, 1, 29));
    const binds = Array.from({ length: 5_000 }, (_, i) => [
      i,
      i % 3 === 0 ? null : `n'${i}`,
      i / 4,
      i % 2 === 0,
      at.toISOString(),
    ]);
    const before = commits();
    const { statement } = await client.driver.execute("insert into t values (?, ?, ?, ?, ?)", {
      binds: binds as never,
    });
    expect(commits() - before).toBe(1);
    expect(statement.getNumUpdatedRows()).toBe(5_000);
    expect(
      await client.row(
        "select count(*) as c, sum(id) as s, count(name) as n, sum(x) as x, count_if(b) as b, max(name) as m, min(at)::varchar as at from t",
      ),
    ).toEqual({
      C: 5_000,
      S: (4_999 * 5_000) / 2,
      N: 3_333,
      X: (4_999 * 5_000) / 8,
      B: 2_500,
      M: "n'998",
      AT: "2024-02-29 00:00:00.000",
    });
  });

  test("values in expressions, constants and column lists", async () => {
    await client.run("create or replace table t (id int, name varchar, made varchar default 'd', v variant)");
    await client.driver.execute("insert into t (name, id) values (upper(?) || '!', ? * 10)", {
      binds: [
        ["a", 1],
        ["b", 2],
      ],
    });
    expect(await client.rows("select id, name, made from t order by id")).toEqual([
      { ID: 10, NAME: "A!", MADE: "d" },
      { ID: 20, NAME: "B!", MADE: "d" },
    ]);
  });

  test("a bad value in the midst leaves no row", async () => {
    await client.run("create or replace table t (id int)");
    await expect(
      client.driver.execute("insert into t values (?)", { binds: [["1"], ["x"], ["3"]] }),
    ).rejects.toMatchObject({ code: "100038" });
    expect(await client.value("select count(*) from t")).toBe(0);
  });

  test("numbers of different sizes find a common type", async () => {
    await client.run("create or replace table t (n number(38, 10))");
    await client.driver.execute("insert into t values (?)", { binds: [[1], [2.25], [12345678901], [-0.5]] });
    expect(await client.column("select n::varchar from t order by n")).toEqual([
      "-0.5000000000",
      "1.0000000000",
      "2.2500000000",
      "12345678901.0000000000",
    ]);
  });

  test("UPDATE and DELETE run row by row, as one transaction", async () => {
    await client.run("create or replace table t (id int, v int)", "insert into t values (1, 1), (2, 2), (3, 3)");
    const before = commits();
    const { rows } = await client.driver.execute("update t set v = ? where id = ?", {
      binds: [
        [10, 1],
        [20, 2],
      ],
    });
    expect(rows).toEqual([{ "number of rows updated": 2, "number of multi-joined rows updated": 0 }]);
    expect(commits() - before).toBe(1);
    await expect(
      client.driver.execute("update t set v = ?::int where id = ?", {
        binds: [
          ["7", 1],
          ["x", 2],
        ] as never,
      }),
    ).rejects.toMatchObject({ code: "100038" });
    expect(await client.column("select v from t order by id")).toEqual([10, 20, 3]);
  });
});
