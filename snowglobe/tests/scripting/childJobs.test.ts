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
beforeEach(() => client.run("create or replace table t (a int)"));

// Source: "Working with asynchronous child jobs", "AWAIT (Snowflake Scripting)".
test("jobs of a block: all have run when AWAIT ALL returns", async () => {
  await client.run("begin async (insert into t values (1)); async (insert into t values (2)); await all; end");
  expect(await client.value("select listagg(a, ',') within group (order by a) from t")).toBe("1,2");
});

test("jobs in a loop see the loop's variables", async () => {
  await client.run("begin for i in 1 to 3 do async (insert into t values (:i * 10)); end for; await all; end");
  expect(await client.value("select sum(a) from t")).toBe(60);
});

test("a RESULTSET's rows can be read after AWAIT, not before", async () => {
  await client.run("insert into t values (500), (225)");
  const block = (between: string): string => `
    declare total int default 0; res resultset default async (select a from t);
    begin
      ${between}
      let c cursor for res;
      for r in c do total := total + r.a; end for;
      return total;
    end`;
  expect(await client.value(block("await res;"))).toBe(725);
  expect((await client.failure(block("null;"))).message).toContain("RESULTSET 'RES' has to be awaited");
});

test("what a job fails with is raised by AWAIT, at the job's place", async () => {
  const failure = await client.failure(
    "begin\n    let res resultset := async (select * from nowhere);\n    await res;\nend",
  );
  expect(failure.code).toBe("002003");
  expect(failure.message).toContain("Uncaught exception of type 'STATEMENT_ERROR' on line 2 at position 25");
  const caught =
    "begin async (select * from nowhere); await all; exception when statement_error then return sqlcode; end";
  expect(await client.value(caught)).toBe(2003);
});

test("a canceled job has no rows", async () => {
  const failure = await client.failure(
    "begin let res resultset := async (select 1); cancel res; return table(res); end",
  );
  expect(failure.message).toContain("RESULTSET 'RES' was canceled");
  expect((await client.failure("begin let res resultset := (select 1); await res; end")).message).toContain(
    "RESULTSET 'RES' runs no asynchronous child job",
  );
});
