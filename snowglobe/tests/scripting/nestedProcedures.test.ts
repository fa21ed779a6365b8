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

// Source: "Writing stored procedures in Snowflake Scripting", using nested stored procedures.
test("it changes the variables of its block, over several calls", async () => {
  const block = `
    declare
      counter number := 0;
      count_on procedure() returns varchar as begin counter := counter + 1; return counter; end;
    begin
      call count_on(); call count_on(); call count_on();
      return counter;
    end`;
  expect(await client.value(block)).toBe(3);
  await client.run(`create or replace procedure counted() returns varchar language sql as $$${block}$$`);
  expect(await client.row("call counted()")).toEqual({ COUNTED: "3" });
});

test("it takes arguments, and binds them in SQL", async () => {
  await client.run("create or replace table t (a int, b int)");
  const product = await client.value(`
    declare
      a number; b number; x number;
      log_product procedure(n number, m number) returns number as
      begin
        insert into t values (:n, :m);
        x := :n * :m;
        return x;
      end;
    begin
      a := 5; b := 10;
      call log_product(:a, :b);
      return x;
    end`);
  expect(product).toBe(50);
  expect(await client.rows("select * from t")).toEqual([{ A: 5, B: 10 }]);
});

test("it may return a table, and call another one of the block", async () => {
  const rows = await client.rows(`
    declare
      res resultset;
      total int := 0;
      add procedure(n int) returns int as begin total := total + n; return total; end;
      both procedure() returns table() as
      declare own resultset;
      begin
        call add(10); call add(5);
        own := (select :total as total);
        return table(own);
      end;
    begin
      res := (call both());
      return table(res);
    end`);
  expect(rows).toEqual([{ TOTAL: 15 }]);
});

test("its errors are those of its block; endless calls end", async () => {
  const block = (body: string): string => `
    declare p procedure() returns int as begin ${body} end;
    begin call p(); return 'no error'; exception when expression_error then return 'caught'; end`;
  expect(await client.value(block("return 1 / 0;"))).toBe("caught");
  const [code, message] = await client.failure(block("call p(); return 1;")).then((one) => [one.code, one.message]);
  expect([code, message]).toEqual(["000002", expect.stringContaining("more than 16 deep")]);
});

test("outside its block nobody knows it, and its arguments are counted", async () => {
  await client.run("declare own procedure() returns int as begin return 1; end; begin call own(); end");
  expect((await client.failure("call own()")).message).toContain("Unknown function OWN");
  const failure = await client.failure(
    "declare own procedure(a int) returns int as begin return a; end; begin call own(); end",
  );
  expect(failure.code).toBe("001044");
});
