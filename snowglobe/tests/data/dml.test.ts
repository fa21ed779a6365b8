import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse wh", "create database d", "use schema d.public");
});
afterAll(() => snowglobe.stop());

beforeEach(() =>
  client.run(
    "create or replace table t (id int, name varchar(5), made varchar default 'now' || '!', n number(4, 1))",
    "create or replace table s (id int, name varchar, n int)",
  ),
);

const all = (): Promise<Record<string, unknown>[]> => client.rows("select * from t order by id, name");

describe("INSERT", () => {
  test("VALUES, column lists, DEFAULT and SELECT", async () => {
    expect(await client.row("insert into t values (1, 'a', 'm', 1.25), (2, null, default, '7')")).toEqual({
      "number of rows inserted": 2,
    });
    await client.run(
      "insert into t (n, id) values (3, 3)",
      "insert into t (id, made) values (4, default)",
      "insert into t (id, name) select id + 10, name from t where id <= 2",
      "insert into t (id, name) with c as (select 20 as id) select id, 'cte' from c",
    );
    expect(await all()).toEqual([
      { ID: 1, NAME: "a", MADE: "m", N: 1.3 },
      { ID: 2, NAME: null, MADE: "now!", N: 7 },
      { ID: 3, NAME: null, MADE: "now!", N: 3 },
      { ID: 4, NAME: null, MADE: "now!", N: null },
      { ID: 11, NAME: "a", MADE: "now!", N: null },
      { ID: 12, NAME: null, MADE: "now!", N: null },
      { ID: 20, NAME: "cte", MADE: "now!", N: null },
    ]);
  });

  test("OVERWRITE replaces the rows and keeps the table", async () => {
    await client.run("alter table t set change_tracking = true", "insert into t (id) values (1), (2)");
    expect(await client.row("insert overwrite into t (id) select id + 5 from t")).toEqual({
      "number of rows inserted": 2,
    });
    expect(await client.column("select id from t order by 1")).toEqual([6, 7]);
    expect((await client.rows("show tables like 'T'"))[0]).toMatchObject({ change_tracking: "ON" });
    await client.run("begin", "insert into t (id) values (8)", "insert overwrite into t (id) select id * 10 from t");
    expect(await client.column("select id from t order by 1")).toEqual([60, 70, 80]);
    await client.run("rollback");
    expect(await client.column("select id from t order by 1")).toEqual([6, 7]);
  });

  test("counts of values and columns must agree", async () => {
    expect(await client.failure("insert into t values (1, 'a')")).toEqual({
      code: "002020",
      sqlState: "21S01",
      message: "SQL compilation error:\nInsert value list does not match column list expecting 4 but got 2",
    });
    expect((await client.failure("insert into t (id, id) values (1, 2)")).message).toMatch(
      /duplicate column name 'ID'/,
    );
    expect((await client.failure("insert into t (nothing) values (1)")).code).toBe("000904");
  });

  test("text that is too long, numbers that are too large or none, NULL where none is allowed", async () => {
    expect(await client.failure("insert into t (name) values ('123456')")).toMatchObject({ code: "100078" });
    expect((await client.failure("insert into t (name) values ('123456')")).message).toMatch(
      /String '123456' is too long and would be truncated/,
    );
    expect(await client.failure("insert into t (n) values (1000)")).toMatchObject({ code: "100046" });
    expect(await client.failure("insert into t (id) values ('abc')")).toMatchObject({
      code: "100038",
      message: "Numeric value 'abc' is not recognized",
    });
    await client.run("create or replace table strict (id int not null, v int)");
    expect(await client.failure("insert into strict values (null, 1)")).toMatchObject({
      code: "100072",
      sqlState: "22000",
      message: expect.stringMatching(/^NULL result in a non-nullable column/),
    });
    await client.run("insert into strict values (1, 1)");
    expect((await client.failure("update strict set id = null")).code).toBe("100072");
    expect((await client.failure("insert into strict (v) values (2)")).code).toBe("100072");
    expect(await client.rows("select * from strict")).toEqual([{ ID: 1, V: 1 }]);
  });

  test("20,000 rows of VALUES stay one statement", async () => {
    const values = Array.from({ length: 20_000 }, (_, i) => `(${i}, 'n${i % 100}')`).join(", ");
    expect(await client.row(`insert into t (id, name) values ${values}`)).toEqual({
      "number of rows inserted": 20_000,
    });
    expect(await client.value("select sum(id) from t")).toBe((19_999 * 20_000) / 2);
  });
});

describe("UPDATE and DELETE", () => {
  beforeEach(() =>
    client.run(
      "insert into t (id, name, n) values (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)",
      "insert into s values (1, 'x', 10), (2, 'y', 20), (2, 'z', 30)",
    ),
  );

  test("values see the row as it was", async () => {
    expect(await client.row("update t set id = n, n = id + 1, made = default where id > 1")).toEqual({
      "number of rows updated": 2,
      "number of multi-joined rows updated": 0,
    });
    expect(await client.rows("select id, n, made from t order by id")).toEqual([
      { ID: 1, N: 1, MADE: "now!" },
      { ID: 2, N: 3, MADE: "now!" },
      { ID: 3, N: 4, MADE: "now!" },
    ]);
  });

  test("FROM another table: a target row that several source rows meet is updated once", async () => {
    expect(await client.row("update t set n = s.n, name = s.name from s where t.id = s.id")).toEqual({
      "number of rows updated": 2,
      "number of multi-joined rows updated": 1,
    });
    const rows = await client.rows("select id, n::int as n, name from t order by id");
    expect(rows[0]).toEqual({ ID: 1, N: 10, NAME: "x" });
    // Which of the two is not said, but it is one of them whole.
    expect([
      { ID: 2, N: 20, NAME: "y" },
      { ID: 2, N: 30, NAME: "z" },
    ]).toContainEqual(rows[1]);
    expect(rows[2]).toEqual({ ID: 3, N: 3, NAME: "c" });
    await client.run("alter session set error_on_nondeterministic_update = true");
    expect(await client.failure("update t set n = s.n from s where t.id = s.id")).toMatchObject({ code: "100090" });
    await client.run("alter session unset error_on_nondeterministic_update");
  });

  test("with an alias, a subquery and itself", async () => {
    await client.run(
      "update t as x set x.n = (select max(n) from s where s.id = x.id) where exists (select 1 from s where s.id = x.id)",
    );
    expect(await client.column("select n::int from t order by id")).toEqual([10, 30, 3]);
    await client.run("update t set n = other.n from t other where t.id = other.id + 1");
    expect(await client.column("select n::int from t order by id")).toEqual([10, 10, 30]);
  });

  test("DELETE with WHERE, with USING, of all", async () => {
    expect(await client.row("delete from t using s where t.id = s.id and s.n > 15")).toEqual({
      "number of rows deleted": 1,
    });
    expect(await client.row("delete from t where id in (select id from s)")).toEqual({ "number of rows deleted": 1 });
    expect(await client.row("delete from t")).toEqual({ "number of rows deleted": 1 });
    expect(await client.row("delete from t where 1 = 1")).toEqual({ "number of rows deleted": 0 });
  });

  test("unknown and doubled columns are named", async () => {
    expect((await client.failure("update t set nothing = 1")).message).toMatch(/invalid identifier 'NOTHING'/);
    expect((await client.failure("update t set id = 1, id = 2")).message).toMatch(/duplicate column name 'ID'/);
    expect((await client.failure("delete from t where nothing = 1")).message).toMatch(/invalid identifier 'NOTHING'/);
  });
});

describe("MERGE", () => {
  beforeEach(() =>
    client.run(
      "insert into t (id, name, n) values (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)",
      "insert into s values (2, 'y', 20), (3, 'z', 30), (4, 'w', 40), (5, 'v', 50)",
    ),
  );

  test("each row goes to the first clause that takes it", async () => {
    const sql = `merge into t using s on t.id = s.id
      when matched and s.n = 30 then delete
      when matched then update set name = s.name, n = t.n + s.n
      when not matched and s.n > 45 then insert (id, name) values (s.id, 'big')
      when not matched then insert (id, name, n) values (id, s.name, s.n)`;
    expect(await client.row(sql)).toEqual({
      "number of rows inserted": 2,
      "number of rows updated": 1,
      "number of rows deleted": 1,
    });
    expect(await client.rows("select id, name, n::int as n, made from t order by id")).toEqual([
      { ID: 1, NAME: "a", N: 1, MADE: "now!" },
      { ID: 2, NAME: "y", N: 22, MADE: "now!" },
      { ID: 4, NAME: "w", N: 40, MADE: "now!" },
      { ID: 5, NAME: "big", N: null, MADE: "now!" },
    ]);
  });

  test("a row that no clause takes stays, a false condition takes none", async () => {
    await client.run("merge into t using (select 1 as id) s on t.id = s.id when matched and false then delete");
    expect(await client.value("select count(*) from t")).toBe(3);
    expect(
      await client.row(
        "merge into t using s on t.id = s.id when not matched and s.n > 45 then insert (id) values (s.id)",
      ),
    ).toEqual({ "number of rows inserted": 1 });
  });

  test("two source rows for one target row: an error, unless both delete or the session allows it", async () => {
    await client.run("insert into s values (2, 'yy', 21)");
    const update = "merge into t using s on t.id = s.id when matched then update set n = s.n";
    expect(await client.failure(update)).toMatchObject({ code: "100090", sqlState: "42P18" });
    expect(await client.value("select n::int from t where id = 2")).toBe(2);
    expect(await client.row("merge into t using s on t.id = s.id when matched and s.n < 25 then delete")).toEqual({
      "number of rows deleted": 1,
    });
    await client.run(
      "insert into s values (3, 'zz', 31)",
      "alter session set error_on_nondeterministic_merge = false",
      update,
      "alter session unset error_on_nondeterministic_merge",
    );
    expect([30, 31]).toContain(await client.value("select n::int from t where id = 3"));
    expect(await client.value("select count(*) from t where id = 3")).toBe(1);
  });

  test("unqualified names in VALUES mean the source, quoted ones as dbt writes them", async () => {
    await client.run(
      `merge into t as DBT_INTERNAL_DEST using (select 9 as id, 'new' as name) as DBT_INTERNAL_SOURCE
         on ((DBT_INTERNAL_SOURCE.id = DBT_INTERNAL_DEST.id))
       when matched then update set "NAME" = DBT_INTERNAL_SOURCE."NAME"
       when not matched then insert ("ID", "NAME") values ("ID", "NAME")`,
    );
    expect(await client.value("select name from t where id = 9")).toBe("new");
  });

  test("a failing value changes nothing", async () => {
    const sql =
      "merge into t using s on t.id = s.id when matched then delete when not matched then insert (name) values ('too long')";
    expect(await client.failure(sql)).toMatchObject({ code: "100078" });
    expect(await client.value("select count(*) from t")).toBe(3);
  });
});

test("counts reach the driver", async () => {
  const { statement } = await client.driver.execute("insert into t (id) values (1), (2)");
  expect(statement.getNumUpdatedRows()).toBe(2);
  const update = await client.driver.execute("update t set n = 1");
  expect(update.statement.getNumUpdatedRows()).toBe(2);
  const select = await client.driver.execute("select * from t");
  expect(select.statement.getNumUpdatedRows()).toBe(-1);
});
