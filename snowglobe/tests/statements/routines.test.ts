/** Functions in SQL and procedures in Snowflake Scripting, through snowflake-sdk. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse wh", "create database db", "create schema s");
});
afterEach(() => snowglobe.stop());

describe("a function in SQL", () => {
  test("is computed for each row", async () => {
    await client.run(
      "create function twice(x int) returns int as $$ x * 2 $$",
      "create function area(radius float) returns float as 'pi() * radius * radius'",
      "create table t (n int)",
      "insert into t values (1), (2), (null)",
    );
    expect(await client.column("select twice(n) from t order by n")).toEqual([2, 4, null]);
    expect(await client.column("select n from t where twice(n) > 2")).toEqual([2]);
    expect(await client.value("select round(s.area(2.0), 3)")).toBe(12.566);
    expect(await client.value("select db.s.twice(twice(5) + 1)")).toBe(22);
  });

  test("may ask tables, in its own schema and with its owner's rights", async () => {
    await client.run(
      "create table prices (item varchar, price number(10,2))",
      "insert into prices values ('a', 1.50), ('b', 2.25)",
      "create function price_of(wanted varchar) returns number(10,2) as 'select max(price) from prices where item = wanted'",
      "create role reader",
      "create user ada password = 'Something-1' default_role = reader",
      "grant role reader to user ada",
      "grant usage on database db to role reader",
      "grant usage on schema s to role reader",
      "grant usage on warehouse wh to role reader",
      "grant usage on function price_of(varchar) to role reader",
    );
    const ada = await snowglobe.connect({ user: "ADA", password: "Something-1", warehouse: "WH" });
    expect(await ada.column("select db.s.price_of(column1) from values ('a'), ('b'), ('c')")).toEqual([
      1.5,
      2.25,
      null,
    ]);
    expect(await ada.failure("select * from db.s.prices")).toMatchObject({ code: "002003" });
    await client.run("revoke usage on function price_of(varchar) from role reader");
    expect(await ada.failure("select db.s.price_of('a')")).toMatchObject({ code: "002140" });
  });

  test("of several of a name the one that fits is meant", async () => {
    await client.run(
      "create function f(x int) returns varchar as $$ 'number' $$",
      "create function f(x varchar) returns varchar as $$ 'text' $$",
      "create function f(x int, y int default 7) returns varchar as $$ 'two: ' || y $$".replace(
        "x int, y int",
        "x varchar, y int",
      ),
    );
    expect(await client.row("select f(1) a, f('1') b, f('1', 2) c, f(x => 'z', y => 3) d")).toEqual({
      A: "number",
      B: "text",
      C: "two: 2",
      D: "two: 3",
    });
    await client.run("drop function f(int)", "drop function if exists f(int)");
    expect(await client.failure("drop function f(int)")).toMatchObject({ code: "002003" });
    expect(await client.failure("select f(1, 2, 3)")).toMatchObject({ code: "001044" });
  });

  test("gives NULL for NULL where it says so", async () => {
    await client.run(
      "create function strict_one(x int) returns varchar returns null on null input as $$ coalesce(x::varchar, 'none') $$",
      "create function other(x int) returns varchar called on null input as $$ coalesce(x::varchar, 'none') $$",
    );
    expect(await client.row("select strict_one(null) a, other(null) b, strict_one(1) c")).toEqual({
      A: null,
      B: "none",
      C: "1",
    });
  });

  test("may be a table", async () => {
    await client.run(
      "create table orders (customer int, item varchar)",
      "insert into orders values (1, 'a'), (1, 'b'), (2, 'c')",
      "create function orders_of(who int) returns table (item varchar, length int) as 'select item, length(item) from orders where customer = who'",
    );
    expect(await client.rows("select * from table(orders_of(1)) order by item")).toEqual([
      { ITEM: "a", LENGTH: 1 },
      { ITEM: "b", LENGTH: 1 },
    ]);
    expect(
      await client.rows(
        "select v.column1 who, o.item from values (1), (2) v, table(orders_of(v.column1)) o order by 1, 2",
      ),
    ).toEqual([
      { WHO: 1, ITEM: "a" },
      { WHO: 1, ITEM: "b" },
      { WHO: 2, ITEM: "c" },
    ]);
  });

  test("is told", async () => {
    await client.run("create or replace function twice(x int) returns int comment = 'doubles' as 'x * 2'");
    expect(await client.rows("show user functions")).toMatchObject([
      { name: "TWICE", arguments: "TWICE(NUMBER) RETURN NUMBER", description: "doubles", language: "SQL" },
    ]);
    expect(await client.rows("describe function twice(int)")).toEqual([
      { property: "signature", value: "(X NUMBER)" },
      { property: "returns", value: "NUMBER(38,0)" },
      { property: "language", value: "SQL" },
      { property: "body", value: "x * 2" },
    ]);
  });

  test("what cannot be computed is found when it is made; other languages are refused", async () => {
    expect(await client.failure("create function f(x int) returns int as 'y + 1'")).toMatchObject({ code: "000904" });
    expect(await client.failure("create function f(x int) returns int as 'select * from nowhere'")).toMatchObject({
      code: "002003",
    });
    expect(
      await client.failure(
        "create function f(x int) returns int language python handler = 'f' as 'def f(x): return x'",
      ),
    ).toMatchObject({ message: "Unsupported feature 'CREATE FUNCTION in LANGUAGE PYTHON'." });
  });
});

describe("a procedure", () => {
  test("runs its block with its arguments", async () => {
    await client.run(
      "create table log (what varchar, n int)",
      `create procedure note(what varchar, times int default 2) returns varchar language sql as
       $$
       begin
         for i in 1 to times do
           insert into log values (:what, :i);
         end for;
         return what || ' x ' || times;
       end;
       $$`,
    );
    expect(await client.rows("call note('a')")).toEqual([{ NOTE: "a x 2" }]);
    expect(await client.value("call s.note(times => 1, what => upper('b'))")).toBe("B x 1");
    expect(await client.rows("select * from log order by what desc, n")).toEqual([
      { WHAT: "a", N: 1 },
      { WHAT: "a", N: 2 },
      { WHAT: "B", N: 1 },
    ]);
  });

  test("gives what it declares: a value of the type, or a table", async () => {
    await client.run(
      "create procedure d() returns date language sql as 'begin return ''2024-02-29''; end'",
      "create procedure n() returns number(5,1) language sql as 'begin return 2.5; end'",
      "create procedure b() returns boolean language sql as 'begin return 1 = 1; end'",
      "create procedure nothing() returns varchar language sql as 'begin null; end'",
      `create procedure rows_of(k int) returns table (a int, b varchar) language sql as
       'declare r resultset; begin r := (select :k as x, ''y'' as z); return table(r); end'`,
    );
    expect(((await client.value("call d()")) as Date).toISOString()).toBe("2024-02-29T00:00:00.000Z");
    expect(await client.value("call n()")).toBe(2.5);
    expect(await client.value("call b()")).toBe(true);
    expect(await client.value("call nothing()")).toBeNull();
    expect(await client.rows("call rows_of(7)")).toEqual([{ A: 7, B: "y" }]);
    expect(await client.rows("select * from table(result_scan(last_query_id()))")).toEqual([{ A: 7, B: "y" }]);
  });

  test("with the owner's rights, or with the caller's", async () => {
    await client.run(
      "create table secret (n int)",
      "insert into secret values (1)",
      "create procedure as_owner() returns int language sql as 'begin return (select max(n) from secret); end'",
      "create procedure as_caller() returns int language sql execute as caller as 'begin return (select max(n) from db.s.secret); end'",
      "create role reader",
      "create user ada password = 'Something-1' default_role = reader",
      "grant role reader to user ada",
      "grant usage on database db to role reader",
      "grant usage on schema s to role reader",
      "grant usage on warehouse wh to role reader",
      "grant usage on procedure as_owner() to role reader",
      "grant usage on procedure as_caller() to role reader",
    );
    const ada = await snowglobe.connect({ user: "ADA", password: "Something-1", warehouse: "WH" });
    expect(await ada.value("call db.s.as_owner()")).toBe(1);
    expect((await ada.failure("call db.s.as_caller()")).message).toContain("does not exist or not authorized");
  });

  test("may call others and take what they give", async () => {
    await client.run(
      "create procedure inner_one(x int) returns int language sql as 'begin return x + 1; end'",
      `create procedure outer_one(x int) returns int language sql as
       'declare y int; begin call inner_one(:x * 10) into :y; return y; end'`,
    );
    expect(await client.value("call outer_one(4)")).toBe(41);
  });

  test("from a task", async () => {
    await client.run(
      "create table log (n int)",
      "create procedure work() returns varchar language sql as 'begin insert into log values (1); return ''done''; end'",
      "create task work_task warehouse = wh schedule = '10 minutes' as call work()",
      "alter task work_task resume",
    );
    await snowglobe.advance(601);
    expect(await client.column("select n from log")).toEqual([1]);
  });

  test("errors tell what and where", async () => {
    await client.run("create procedure bad() returns int language sql as 'begin return 1 / 0; end'");
    expect((await client.failure("call bad()")).message).toContain("Division by zero");
    expect(await client.failure("call no_such(1)")).toMatchObject({ code: "002140" });
    expect(await client.failure("call bad(1)")).toMatchObject({ code: "001044" });
    expect(await client.failure("create procedure p() returns int language sql as 'select 1'")).toMatchObject({
      sqlState: "42000",
    });
    expect(await client.failure("create procedure p() returns int language java as 'x'")).toMatchObject({
      code: "000002",
    });
  });

  test("is told and dropped", async () => {
    await client.run(
      "create procedure p(x int, y varchar default 'a') returns int language sql as 'begin return 1; end'",
    );
    expect(await client.rows("show procedures")).toMatchObject([
      { name: "P", arguments: "P(NUMBER, DEFAULT VARCHAR) RETURN NUMBER", min_num_arguments: 1, max_num_arguments: 2 },
    ]);
    await client.run("alter procedure p(int, varchar) execute as caller");
    expect(await client.rows("describe procedure p(int, varchar)")).toContainEqual({
      property: "execute as",
      value: "CALLER",
    });
    await client.run("drop procedure p(int, varchar)");
    expect(await client.rows("show procedures")).toEqual([]);
  });
});
