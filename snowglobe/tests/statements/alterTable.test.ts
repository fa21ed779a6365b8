/** ALTER TABLE and what is kept of a table's definition. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse w", "create database d", "create schema d.s");
});

afterAll(() => snowglobe.stop());

beforeEach(() => client.run("create or replace table t (a int, b varchar(5)) as select 1, 'x'"));

const described = async (name: string, ...keys: string[]): Promise<unknown> =>
  (await client.rows(`describe table ${name}`)).map((row) => keys.map((key) => row[key]));

describe("columns", () => {
  test("added: default for rows that are there, NULL without one", async () => {
    await client.run(
      "alter table t add column c int default 7, d varchar",
      "alter table t add column if not exists c int",
    );
    expect(await client.rows("select * from t")).toEqual([{ A: 1, B: "x", C: 7, D: null }]);
    await client.run("insert into t (a) values (2)");
    expect(await client.rows("select c from t where a = 2")).toEqual([{ C: 7 }]);
    expect(await client.failure("alter table t add column c int")).toMatchObject({ code: "002028" });
    expect(await client.failure("alter table t add column e int not null")).toMatchObject({
      message: expect.stringContaining("Non-nullable column 'E' cannot be added to non-empty table 'T'") as string,
    });
  });

  test("dropped and added again: the old values do not come back", async () => {
    await client.run("alter table t drop column b", "alter table t add column b varchar");
    expect(await client.rows("select * from t")).toEqual([{ A: 1, B: null }]);
    await client.run("alter table t drop column if exists zzz");
    expect(await client.failure("alter table t drop column zzz")).toMatchObject({ code: "000904" });
    await client.run("alter table t drop column b");
    expect(await client.failure("alter table t drop column a")).toMatchObject({ code: "002010" });
  });

  test("renamed, with the keys that name them", async () => {
    await client.run(
      "create or replace table k (id int primary key, other int unique)",
      "alter table k rename column id to number",
    );
    expect(await described("k", "name", "null?", "primary key", "unique key")).toEqual([
      ["NUMBER", "N", "Y", "N"],
      ["OTHER", "Y", "N", "Y"],
    ]);
    expect(await client.failure("alter table k rename column other to number")).toMatchObject({ code: "002028" });
    await client.run("alter table k drop column other", "alter table k add column other int");
    expect(await described("k", "unique key")).toEqual([["N"], ["N"]]);
  });

  test("widened, never narrowed", async () => {
    await client.run(
      "alter table t alter column b set data type varchar(50)",
      "alter table t modify b type varchar(60)",
    );
    expect(await described("t", "type")).toEqual([["NUMBER(38,0)"], ["VARCHAR(60)"]]);
    expect(await client.failure("alter table t alter column b type varchar(3)")).toMatchObject({ code: "002108" });
    expect(await client.failure("alter table t alter column a type varchar")).toMatchObject({ code: "002108" });
  });

  test("NOT NULL is checked against the rows", async () => {
    await client.run("insert into t values (2, null)");
    expect(await client.failure("alter table t alter column b set not null")).toMatchObject({ code: "100072" });
    await client.run("alter table t alter column a set not null");
    expect(await client.failure("insert into t values (null, 'y')")).toMatchObject({ code: "100072" });
    await client.run("alter table t alter column a drop not null", "insert into t values (null, 'y')");
  });

  test("a default that is no constant value cannot be changed; one that makes no sense is not taken", async () => {
    expect(await client.failure("alter table t alter column a set default 3")).toMatchObject({ code: "000002" });
    expect(await client.failure("create table bad (a int default no_such_function())")).toMatchObject({
      code: "002140",
    });
    await client.run("create or replace table good (a int default 1 + 1, b timestamp_ltz default current_timestamp())");
    await client.run("alter table good alter column a drop default", "insert into good (b) values (null)");
    expect(await client.rows("select a from good")).toEqual([{ A: null }]);
  });

  test("several in one statement: all or none", async () => {
    expect(await client.failure(`alter table t alter a comment 'one', zzz comment 'two'`)).toMatchObject({
      code: "000904",
    });
    expect(await described("t", "comment")).toEqual([[null], [null]]);
  });
});

describe("the table", () => {
  test("renamed within the schema, into another, and never over another", async () => {
    await client.run("create or replace schema d.other", "use schema d.s", "create or replace table t (a int)");
    await client.run("insert into t values (1)", "alter table t rename to d.other.moved");
    expect(await client.rows("select * from d.other.moved")).toEqual([{ A: 1 }]);
    await client.run("create table t (a int)");
    expect(await client.failure("alter table d.other.moved rename to d.s.t")).toMatchObject({
      code: "002002",
      message: "SQL compilation error:\nObject 'T' already exists.",
    });
    await client.run("alter table if exists d.s.gone rename to d.s.still_gone");
    expect(await client.failure("alter table d.s.gone rename to d.s.x")).toMatchObject({ code: "002003" });
  });

  test("SWAP WITH exchanges names", async () => {
    await client.run("create or replace table u (z varchar) as select 'u'", "alter table t swap with u");
    expect(await client.rows("select * from t")).toEqual([{ Z: "u" }]);
    expect(await client.rows("select * from u")).toEqual([{ A: 1, B: "x" }]);
    await snowglobe.restart();
    client = await snowglobe.connect({ database: "d", schema: "s", warehouse: "w" });
    expect(await client.rows("select * from t")).toEqual([{ Z: "u" }]);
    expect(await client.rows("select * from u")).toEqual([{ A: 1, B: "x" }]);
  });

  test("LIKE and CLONE take keys, defaults and comments over", async () => {
    await client.run(
      "create or replace table model (id int primary key, n int default 5, c varchar comment 'text')",
      "insert into model (id) values (1)",
      "create or replace table alike like model",
      "create or replace table cloned clone model",
    );
    const expected = [
      ["ID", "Y", null, null],
      ["N", "N", "5", null],
      ["C", "N", null, "text"],
    ];
    for (const name of ["alike", "cloned"]) {
      expect(await described(name, "name", "primary key", "default", "comment")).toEqual(expected);
    }
    expect(await client.rows("select * from alike")).toEqual([]);
    await client.run("delete from model");
    expect(await client.rows("select id, n from cloned")).toEqual([{ ID: 1, N: 5 }]);
  });

  test("set and unset", async () => {
    await client.run("alter table t set comment = 'c' data_retention_time_in_days = 3 change_tracking = true");
    expect(await client.row("show tables like 't'")).toMatchObject({
      comment: "c",
      retention_time: "3",
      change_tracking: "ON",
    });
    await client.run("alter table t unset comment, data_retention_time_in_days");
    expect(await client.row("show tables like 't'")).toMatchObject({ comment: "", retention_time: "1" });
    expect(await client.failure("alter table t set colour = 'red'")).toMatchObject({ code: "001003" });
    expect(await client.failure("alter table t unset colour")).toMatchObject({ code: "000002" });
  });

  test("views are not altered as tables; dynamic tables keep their columns", async () => {
    await client.run(
      "create or replace view v as select a from t",
      "create or replace dynamic table dt target_lag = '1 minute' warehouse = w as select a from t",
    );
    expect(await client.failure("alter table v add column x int")).toMatchObject({ code: "000002" });
    expect(await client.failure("alter table dt add column x int")).toMatchObject({ code: "002010" });
  });
});

test("a new column's default of every type", async () => {
  await client.run(
    `create or replace table typed as select 1 as id`,
    `alter table typed add column n number(10,2) default 1.5, f float default 0.1, s varchar default 'it''s', b boolean default true, d date default '2026-01-02', ts timestamp_ntz default '2026-01-02 03:04:05.678', v variant default null`,
  );
  await client.run("insert into typed (id) values (2)");
  const [old, fresh] = await client.rows("select * exclude id, to_varchar(ts) as t from typed order by id");
  expect(old).toMatchObject({ N: 1.5, F: 0.1, S: "it's", B: true, T: "2026-01-02 03:04:05.678", V: null });
  expect(fresh).toEqual(old);
});
