import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());

// Source: "Writing stored procedures in Snowflake Scripting", using arguments passed to a stored procedure.
describe("output arguments", () => {
  test("the caller's variable gets the last value", async () => {
    await client.run(
      "create or replace procedure two(x out number) returns string as begin x := 2; return 'Done'; end",
    );
    expect(await client.value("begin let v := 1; call two(:v); return v; end")).toBe(2);
    expect(await client.value("declare v number; begin call two(:v); return v; end")).toBe(2);
  });

  test("several of them, over several calls; input arguments stay", async () => {
    await client.run(`
      create or replace procedure several(n in number, n_out out number, s varchar(100), s_out output varchar(100))
      returns number as
      begin
        n := n + 1; n_out := n_out + 1; s := s || ' hi'; s_out := s_out || ' hi';
        return 1;
      end`);
    const values = await client.value(`
      begin
        let a int := 1; let b int := 1; let c varchar(100) := 'x'; let d varchar(100) := 'x';
        call several(:a, :b, :c, :d);
        call several(:a, :b, :c, :d);
        return a || ',' || b || ',' || c || ',' || d;
      end`);
    expect(values).toBe("1,3,x,x hi hi");
  });

  test("a variable of another type is brought to the argument's, and back", async () => {
    await client.run(
      "create or replace procedure twice(x out number) returns string as begin x := x * 2; return 'Done'; end",
    );
    expect(
      await client.value("begin let a float := 500.662; call twice(:a); return a || ' ' || system$typeof(a); end"),
    ).toBe("1002 FLOAT[DOUBLE]");
  });

  test("only a variable can be given, each once", async () => {
    await client.run(
      "create or replace procedure both(x out int, y out int) returns int as begin x := 1; y := 2; return 0; end",
    );
    const takes = "takes a variable";
    expect((await client.failure("begin let a := 1; call both(:a + 1, :a); return a; end")).message).toContain(takes);
    expect((await client.failure("call both(1, 2)")).message).toContain(takes);
    expect((await client.failure("begin let a := 1; call both(:a, :a); return a; end")).message).toContain(
      "more than one output argument",
    );
  });

  test("neither a default nor a function can have one", async () => {
    const create = "create or replace";
    expect(
      (await client.failure(`${create} procedure p(x out int default 1) returns int as begin return 1; end`)).message,
    ).toContain("output argument cannot have a default");
    expect((await client.failure(`${create} function f(x out int) returns int as 'x'`)).message).toContain(
      "no output arguments",
    );
  });

  test("GET_DDL and SHOW PROCEDURES tell them", async () => {
    await client.run(
      "create or replace procedure told(x out number) returns string as begin x := 2; return 'Done'; end",
    );
    expect(await client.value("select get_ddl('procedure', 'told(number)')")).toContain('("X" OUT NUMBER(38,0))');
    const [shown] = await client.rows("show procedures like 'told'");
    expect(shown).toMatchObject({ arguments: "TOLD(OUT NUMBER) RETURN VARCHAR" });
  });
});

// Source: "CALL (with anonymous procedure)".
test("a procedure for one statement: WITH ... AS PROCEDURE ... CALL", async () => {
  const statement = (call: string): string =>
    `with shout as procedure (message varchar) returns varchar language sql as $$ begin return upper(message); end $$ ${call}`;
  expect(await client.value(statement("call shout('hello')"))).toBe("HELLO");
  expect(
    await client.value(
      `begin ${statement("call shout('a') into :r")}; return r; end`.replace("begin", "declare r varchar; begin"),
    ),
  ).toBe("A");
  expect((await client.failure("call shout('hello')")).message).toContain("Unknown function SHOUT");
});
