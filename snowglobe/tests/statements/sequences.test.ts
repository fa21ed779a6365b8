/** Sequences and AUTOINCREMENT columns, through snowflake-sdk. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse wh", "create database db", "create schema s");
});
afterEach(() => snowglobe.stop());

const numbers = (sql: string): Promise<unknown[]> => client.column(sql);

describe("a sequence", () => {
  test("gives each row of a statement another number, and goes on in the next", async () => {
    await client.run("create sequence sq start = 10 increment = 5");
    expect(await numbers("select sq.nextval")).toEqual([10]);
    expect(await numbers("select s.sq.nextval from table(generator(rowcount => 3)) order by 1")).toEqual([15, 20, 25]);
    // Each mention is a number of its own.
    expect(await client.row("select db.s.sq.nextval a, sq.nextval b")).toEqual({ A: 30, B: 35 });
    expect(await client.row("select r.a a, r.a b from (select sq.nextval a) r")).toEqual({ A: 40, B: 40 });
  });

  // The example of "Using sequences".
  test("is a column's default", async () => {
    await client.run(
      "create or replace sequence seq1",
      "create or replace table foo (k number default seq1.nextval, v number)",
      "insert into foo (v) values (100)",
      "insert into foo values (default, 101)",
      "insert into foo (v) select v from foo order by v",
      "insert into foo values (1000, 1001)",
    );
    expect(await client.rows("select k, v from foo order by k")).toEqual([
      { K: 1, V: 100 },
      { K: 2, V: 101 },
      { K: 3, V: 100 },
      { K: 4, V: 101 },
      { K: 1000, V: 1001 },
    ]);
    // Also from another schema, where the name alone means nothing.
    await client.run("create schema other", "insert into s.foo (v) values (102)");
    expect(await numbers("select k from s.foo where v = 102")).toEqual([5]);
    await client.run("drop sequence s.seq1");
    expect((await client.failure("insert into s.foo (v) values (103)")).message).toContain("SEQ1");
  });

  test("is told, altered, granted and dropped", async () => {
    await client.run("create sequence sq start with 1 increment by 1 order comment = 'c'");
    expect(await client.rows("show sequences")).toMatchObject([
      { name: "SQ", schema_name: "S", interval: 1, owner: "ACCOUNTADMIN", comment: "c", ordered: "Y" },
    ]);
    const [{ next_value: next }] = (await client.rows("show sequences")) as [{ next_value: number }];
    expect(await numbers("select sq.nextval")).toEqual([next]);
    await client.run("alter sequence sq set increment by 10");
    const [a, b] = (await numbers("select sq.nextval from table(generator(rowcount => 2)) order by 1")) as number[];
    expect(b! - a!).toBe(10);
    await client.run("alter sequence sq rename to sr", "create role r", "grant usage on sequence sr to role r");
    expect(await client.rows("show grants on sequence sr")).toHaveLength(2);
    await client.run("drop sequence sr", "drop sequence if exists sr");
    expect(await client.failure("select sr.nextval")).toMatchObject({ code: "000904" });
    expect(await client.failure("create sequence z increment = 0")).toMatchObject({ sqlState: "22023" });
  });

  test("gives no number twice, whatever becomes of the transaction and the server", async () => {
    await client.run("create sequence sq", "create table t (n number)", "begin", "insert into t select sq.nextval");
    await client.run("rollback");
    expect(await numbers("select sq.nextval")).toEqual([2]);
    await snowglobe.restart();
    client = await snowglobe.connect({ database: "DB", schema: "S", warehouse: "WH" });
    expect((await numbers("select sq.nextval"))[0]).toBeGreaterThanOrEqual(3);
  });
});

describe("an AUTOINCREMENT column", () => {
  test("numbers rows that bring no value", async () => {
    await client.run(
      "create table t (id int autoincrement, v varchar)",
      "insert into t (v) values ('a'), ('b')",
      "insert into t values (default, 'c')",
      "insert into t values (100, 'd')",
      "insert into t (v) select 'e'",
    );
    expect(await client.rows("select * from t order by id")).toEqual([
      { ID: 1, V: "a" },
      { ID: 2, V: "b" },
      { ID: 3, V: "c" },
      { ID: 4, V: "e" },
      { ID: 100, V: "d" },
    ]);
    await client.run("merge into t using (select 'f' v) s on t.v = s.v when not matched then insert (v) values (s.v)");
    expect(await numbers("select id from t where v = 'f'")).toEqual([5]);
  });

  test("begins and steps as it says, and is told", async () => {
    await client.run(
      "create table t (id int identity(100, 10) not null, v int)",
      "create table u (id int autoincrement start 5 increment 2 order, v int)",
      "insert into t (v) values (1), (2)",
      "insert into u (v) values (1), (2)",
    );
    expect(await numbers("select id from t order by id")).toEqual([100, 110]);
    expect(await numbers("select id from u order by id")).toEqual([5, 7]);
    expect((await client.rows("describe table t"))[0]).toMatchObject({
      name: "ID",
      default: "IDENTITY START 100 INCREMENT 10 NOORDER",
      "null?": "N",
    });
    expect((await client.rows("show columns in table u"))[0]).toMatchObject({
      autoincrement: "IDENTITY START 5 INCREMENT 2 ORDER",
    });
    expect(
      await client.row(
        "select is_identity, identity_start, identity_increment from information_schema.columns where table_name = 'T' and column_name = 'ID'",
      ),
    ).toEqual({ IS_IDENTITY: "YES", IDENTITY_START: "100", IDENTITY_INCREMENT: "10" });
  });

  test("of a clone goes on, of a table like it begins anew", async () => {
    await client.run(
      "create table t (id int autoincrement, v int)",
      "insert into t (v) values (1), (2)",
      "create table c clone t",
      "create table l like t",
      "create schema s2 clone s",
    );
    for (const table of ["c", "l", "s2.t", "t"]) await client.run(`insert into ${table} (v) values (9)`);
    expect(await numbers("select id from c where v = 9")).toEqual([3]);
    expect(await numbers("select id from l")).toEqual([1]);
    expect(((await numbers("select id from s2.t where v = 9")) as number[])[0]).toBeGreaterThan(2);
    expect(((await numbers("select id from t where v = 9")) as number[])[0]).toBeGreaterThan(2);
  });

  test("takes whole numbers only", async () => {
    expect((await client.failure("create table t (id varchar autoincrement)")).message).toContain("whole number");
  });
});
