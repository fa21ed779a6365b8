/** Functions, table functions and procedures in JavaScript. Values from Snowflake's pages on them. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let admin: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  admin = await snowglobe.connect();
  await admin.run("create warehouse w", "create database d", "use schema d.public");
});

afterAll(() => snowglobe.stop());

const failure = async (sqlText: string): Promise<string> => (await admin.failure(sqlText)).message;

describe("functions", () => {
  test("arguments have upper-case names, or those in quotes", async () => {
    await admin.run(
      "create function add5(n double) returns double language javascript as 'return N + 5;'",
      `create function add5_quoted("n" double) returns double language javascript as 'return n + 5;'`,
      "create function add5_lowercase(n double) returns double language javascript as 'return n + 5;'",
      "create or replace function my_array_reverse(a array) returns array language javascript as $$ return A.reverse(); $$",
    );
    expect(await admin.column("select add5(0.0)")).toEqual([5]);
    expect(await admin.column("select add5_quoted(0.0)")).toEqual([5]);
    expect(await failure("select add5_lowercase(0.0)")).toContain(
      "JavaScript execution error: Uncaught ReferenceError",
    );
    expect(await admin.column("select array_to_string(my_array_reverse([1, 2, 3]), ',')")).toEqual(["3,2,1"]);
    expect(await admin.column("select sum(add5(seq4())) from table(generator(rowcount => 10))")).toEqual([95]);
  });

  test("SQL NULL is undefined, a JSON null is null", async () => {
    await admin.run(
      "create table strings (s string)",
      "insert into strings values (null), ('non-null string')",
      `create function string_reverse_nulls(s string) returns string language javascript as '
         if (S === undefined) { return "string was null"; } else { return undefined; }'`,
      `create function variant_nulls(V VARIANT) returns varchar language javascript as '
         if (V === undefined) { return "input was SQL null"; } else if (V === null) { return "input was variant null"; } else { return V; }'`,
      `create function variant_returns(V VARIANT) returns variant language javascript as $$
         if (V == 'return undefined') { return undefined; } else if (V == 'return null') { return null; }
         else if (V == 3) { return { key1: undefined, key2: null }; } else { return V; } $$`,
      "create function strict_one(a float) returns float language javascript strict as 'return A === undefined ? 1 : 2'",
    );
    expect(await admin.column("select string_reverse_nulls(s) as r from strings order by 1 nulls last")).toEqual([
      "string was null",
      null,
    ]);
    expect(
      await admin.row("select variant_nulls(cast(null as variant)) as a, variant_nulls(parse_json('null')) as b"),
    ).toEqual({ A: "input was SQL null", B: "input was variant null" });
    expect(
      await admin.row(
        `select variant_returns('return undefined'::variant) is null as u, is_null_value(variant_returns('return null'::variant)) as n,
           to_json(variant_returns(3::variant)) as o`,
      ),
    ).toEqual({ U: true, N: true, O: '{"key2":null}' });
    expect(await admin.column("select strict_one(null)")).toEqual([null]);
  });

  test("each type comes and goes as the page of mappings says", async () => {
    await admin.run(
      "create function kinds(b boolean, d date, t timestamp_ntz, x binary, o object, ti time) returns varchar language javascript as $$ return [B ? 1 : 0, D instanceof Date, T.getTime(), X[0], O.a, TI].join('|'); $$",
      "create function day_after(d date) returns date language javascript as $$ return new Date(D.getTime() + 86400000); $$",
      "create function later(t timestamp_tz) returns timestamp_ltz language javascript as $$ return new Date(T.getTime() + 1); $$",
      "create function bytes(n float) returns binary language javascript as $$ return new Uint8Array([N, 255]); $$",
      "create function truth(s string) returns boolean language javascript as 'return S.length > 2'",
      "create function text_of(a double) returns string language javascript as 'return A'",
      "create function grown(o object) returns object language javascript as 'O.b = 2; return O;'",
    );
    await admin.run("alter session set timezone = 'UTC'");
    expect(
      await admin.column(
        "select kinds(true, '2024-01-02', '2024-01-02 00:00:01', to_binary('0AFF'), {'a': 7}, '12:30:00')",
      ),
    ).toEqual(["1|true|1704153601000|10|7|12:30:00"]);
    expect(await admin.column("select to_varchar(day_after('2024-02-28'::date))")).toEqual(["2024-02-29"]);
    expect(
      await admin.column("select to_varchar(later('2024-01-01 00:00:00 +0200'), 'YYYY-MM-DD HH24:MI:SS.FF3')"),
    ).toEqual(["2023-12-31 22:00:00.001"]);
    expect(await admin.column("select to_varchar(bytes(1))")).toEqual(["01FF"]);
    expect(
      await admin.row("select truth('abc') as a, truth('a') as b, text_of(1.5) as c, grown({'a': 1}):b as d"),
    ).toEqual({
      A: true,
      B: false,
      C: "1.5",
      D: 2,
    });
    expect(await failure("create function f(a int) returns float language javascript as 'return A'")).toContain(
      "Language JAVASCRIPT does not support type 'NUMBER(38,0)' for argument or return type.",
    );
  });

  test("what the handler throws is the statement's error", async () => {
    await admin.run(
      `create function validate_id(id float) returns varchar language javascript as $$
         try { if (ID < 0) { throw "ID cannot be negative!"; } return "ID validated."; } catch (err) { return "Error: " + err; } $$`,
      "create function thrower(s string) returns string language javascript as $$ throw new TypeError('no ' + S); $$",
      "create function broken(s string) returns string language javascript as $$ return ( $$",
    );
    expect(await admin.column("select validate_id(column1) from values (1), (-1)")).toEqual([
      "ID validated.",
      "Error: ID cannot be negative!",
    ]);
    expect(await admin.failure("select thrower('x')")).toEqual({
      code: "100132",
      sqlState: "P0000",
      message: "JavaScript execution error: Uncaught TypeError: no x in THROWER",
    });
    expect(await failure("select broken('x')")).toContain("SyntaxError");
  });

  test("nothing of the machine is there, and time and memory are limited", async () => {
    await admin.run(
      `create function looks() returns variant language javascript as $$
         return ["require", "process", "fetch", "setTimeout", "Deno", "XMLHttpRequest", "eval", "std", "os"].filter((name) => typeof globalThis[name] !== "undefined"); $$`,
      "create function endless() returns float language javascript as 'while (true) {}'",
      "create function hungry() returns float language javascript as 'const all = []; while (true) all.push(new Array(1000000).fill(1));'",
      "create function deep() returns float language javascript as 'const f = () => f() + 1; return f();'",
    );
    expect(await admin.column("select array_size(looks())")).toEqual([0]);
    expect(await failure("select endless()")).toContain("took more than 2 seconds");
    expect(await failure("select hungry()")).toContain("JavaScript execution error");
    expect(await failure("select deep()")).toContain("JavaScript execution error");
    expect(await admin.column("select add5(1)")).toEqual([6]);
  });

  test("they are shown with their language, and others are refused by name", async () => {
    expect(await admin.row("show user functions like 'add5' ->> select \"language\" as l from $1")).toEqual({
      L: "JAVASCRIPT",
    });
    for (const language of ["python", "java", "scala"]) {
      expect(
        await admin.failure(`create function o() returns int language ${language} handler = 'x' as 'x'`),
      ).toMatchObject({ code: "000002", message: expect.stringContaining(language.toUpperCase()) as string });
    }
  });
});

describe("table functions", () => {
  test("rows of constants and of a table", async () => {
    await admin.run(
      `create function hello0() returns table (output_col varchar) language javascript as '{
         processRow: function f(row, rowWriter, context) {
           rowWriter.writeRow({OUTPUT_COL: "Hello"});
           rowWriter.writeRow({OUTPUT_COL: "World"});
         }}'`,
      `create function js_udtf(a float, b float) returns table (y float, x float) language javascript as $$ {
         processRow: (row, rowWriter) => rowWriter.writeRow({ Y: row.B, X: row.A }) } $$`,
      `create function char_sum(ins string) returns table (num float) language javascript as '{
         processRow: function (row, rowWriter, context) { this.csum += row.INS.length; rowWriter.writeRow({NUM: row.INS.length}); },
         finalize: function (rowWriter, context) { rowWriter.writeRow({NUM: this.csum}); },
         initialize: function (argumentInfo, context) { this.csum = 0; } }'`,
    );
    expect(await admin.column("select output_col from table(hello0())")).toEqual(["Hello", "World"]);
    expect(await admin.row("select * from table(js_udtf(10.0::float, 20.0::float))")).toEqual({ Y: 20, X: 10 });
    await admin.run("create table pairs (c1 float, c2 float)", "insert into pairs values (1, 2), (3, 4)");
    expect(await admin.rows("select c1, y from pairs, table(js_udtf(pairs.c1, pairs.c2)) order by 1")).toEqual([
      { C1: 1, Y: 2 },
      { C1: 3, Y: 4 },
    ]);
    expect(await admin.column("select num from table(char_sum('kelly'))")).toEqual([5, 5]);
    expect(await failure("select * from strings, table(char_sum(s)) where s is not null")).toContain("finalize()");
  });
});

describe("procedures", () => {
  beforeAll(() => admin.run("create table t (a int, s string)", "insert into t values (1, 'x'), (2, 'y'), (3, null)"));

  test("results are read row by row, statements take binds", async () => {
    await admin.run(
      `create procedure read_all(P float) returns string language javascript as $$
         var statement = snowflake.createStatement({ sqlText: "select a, s from t where a >= ? order by a", binds: [P] });
         var rs = statement.execute();
         var found = [];
         while (rs.next()) { found.push(rs.getColumnValue(1) + "=" + rs.getColumnValue("S") + "=" + rs.A); }
         return found.join(";") + " " + statement.getRowCount() + " " + statement.getColumnName(2) + " " + statement.getColumnSqlType(1); $$`,
    );
    expect(await admin.column("call read_all(2)")).toEqual(["2=y=2;3=null=3 2 S NUMBER"]);
  });

  test("statements change, and errors can be caught", async () => {
    await admin.run(
      `create procedure changing() returns variant language javascript execute as caller as $$
         var inserted = snowflake.execute({ sqlText: "insert into t select :1, :2", binds: [10, "it's"] });
         var updated = snowflake.createStatement({ sqlText: "update t set s = 'z' where a < 3" });
         updated.execute();
         var caught = "";
         try { snowflake.execute({ sqlText: "select * from nowhere" }); } catch (err) { caught = err.code + " " + err.state + " " + err.message; }
         return { inserted: inserted.getNumRowsAffected(), updated: updated.getNumRowsUpdated(), caught: caught }; $$`,
    );
    const [answer] = await admin.column("call changing()");
    expect(answer).toMatchObject({
      inserted: 1,
      updated: 2,
      caught: expect.stringMatching(/^2003 \S+ .*NOWHERE/s) as string,
    });
    expect(await admin.column("select s from t where a = 10")).toEqual(["it's"]);
  });

  test("an error that is not caught, and one of the code itself", async () => {
    await admin.run(
      "create procedure failing() returns string language javascript as $$ snowflake.execute({ sqlText: 'select * from nowhere' }); $$",
      "create procedure mistaken() returns string language javascript as $$ return nothing_there; $$",
      "create procedure own() returns string language javascript as $$ throw 'plain text'; $$",
    );
    expect(await admin.failure("call failing()")).toMatchObject({
      code: "100183",
      message: expect.stringContaining("'D.PUBLIC.NOWHERE' does not exist") as string,
    });
    expect(await failure("call mistaken()")).toContain("ReferenceError");
    expect(await failure("call own()")).toContain("plain text");
  });

  test("dates are SfDate, and NULL comes and goes", async () => {
    await admin.run("alter session set timezone = 'UTC'");
    await admin.run(
      `create procedure seconds(TSV varchar) returns float language javascript as $$
         var rs = snowflake.execute({ sqlText: "select '" + TSV + "'::timestamp_ntz" });
         rs.next();
         return rs.getColumnValue(1).getEpochSeconds(); $$`,
      `create procedure nanos(TSV varchar) returns float language javascript as $$
         var rs = snowflake.execute({ sqlText: "select '" + TSV + "'::timestamp_ntz" });
         rs.next();
         return rs.getColumnValue(1).getNanoSeconds(); $$`,
      `create procedure back(t timestamp_ltz) returns timestamp_ltz language javascript as $$
         var rs = snowflake.execute({ sqlText: "select dateadd(day, 1, ?::timestamp_ltz) as n", binds: [new Date(T)] });
         rs.next();
         return rs.N; $$`,
      "create procedure nothing(a string) returns string language javascript as $$ return A === undefined ? null : 'x'; $$",
    );
    expect(await admin.column("call seconds('1971-01-01 00:00:00')")).toEqual([31_536_000]);
    expect(await admin.column("call nanos('1970-01-01 00:00:01.987654')")).toEqual([987_654_000]);
    expect(await admin.column("call nothing(null)")).toEqual([null]);
    expect(
      await admin.row("call back('2024-01-01'::timestamp_ltz) ->> select to_varchar($1, 'YYYY-MM-DD') as b from $1"),
    ).toEqual({ B: "2024-01-02" });
  });

  test("rights of the owner or of the caller, in transactions too", async () => {
    await admin.run(
      "create role r",
      "create user u password = 'u''s secret' default_role = r",
      "grant role r to user u",
      "grant usage on warehouse w to role r",
      "grant usage on database d to role r",
      "grant usage on schema d.public to role r",
      "create procedure counted() returns float language javascript as $$ var rs = snowflake.execute({ sqlText: 'select count(*) from t' }); rs.next(); return rs.getColumnValue(1); $$",
      "create procedure counted_by_caller() returns float language javascript execute as caller as $$ var rs = snowflake.execute({ sqlText: 'select count(*) from t' }); rs.next(); return rs.getColumnValue(1); $$",
      "grant usage on procedure counted() to role r",
      "grant usage on procedure counted_by_caller() to role r",
    );
    const user = await snowglobe.connect({
      user: "u",
      password: "u's secret",
      warehouse: "w",
      database: "d",
      schema: "public",
    });
    expect(await user.column("call counted()")).toEqual([4]);
    expect((await user.failure("call counted_by_caller()")).message).toContain("does not exist or not authorized");
    await admin.run(
      `create procedure undone() returns string language javascript as $$
         snowflake.execute({ sqlText: "begin" });
         snowflake.execute({ sqlText: "delete from t" });
         snowflake.execute({ sqlText: "rollback" });
         return "done"; $$`,
    );
    expect(await admin.column("call undone()")).toEqual(["done"]);
    expect(await admin.column("select count(*) from t")).toEqual([4]);
  });

  test("other sessions go on while one computes, and it can be cancelled", async () => {
    await admin.run("create procedure busy() returns string language javascript as $$ while (true) {} $$");
    const [session] = await admin.column("select current_session()");
    const other = await snowglobe.connect();
    const ended = admin.failure("call busy()");
    expect(await other.column("select 1")).toEqual([1]);
    await other.run(`select system$cancel_all_queries(${String(session)})`);
    expect((await ended).message).toContain("canceled");
  });
});
