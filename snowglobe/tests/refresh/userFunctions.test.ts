/** Functions of the user's, and ranks over sliding frames, in definitions. Source: "Supported queries for dynamic tables". */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { dt, freshSchema, modeOf } from "./documented";
import { lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await freshSchema(client, "fn");
  await client.run(
    "create function changing(x number) returns number as 'x * 2'",
    "create function steady(x number) returns number immutable as 'x * 2'",
    "create function asking(x number) returns number as 'select max(amt) from src where id <= x'",
  );
});
afterAll(() => snowglobe.stop());
afterEach(() => client.run("drop dynamic table if exists d"));

test.each([
  "select id, changing(amt) as v from src",
  "select grp, sum(changing(amt)) as v from src group by grp",
  "select id from src where steady(amt) > 20",
  "select steady(amt) as g, count(*) as n from src group by g",
])("is followed: %s", async (query) => {
  await client.run(dt("d", "refresh_mode = incremental", query));
  await snowglobe.advance(1);
  await client.run("insert into src values (9, 'c', 40, null)", "alter dynamic table d refresh");
  expect(await lastRefresh(client, "D")).toMatchObject({ REFRESH_ACTION: "INCREMENTAL" });
  expect(await client.rows(`select * from d minus (${query})`)).toEqual([]);
  expect(await client.rows(`${query} minus select * from d`)).toEqual([]);
});

test.each([
  "select id from src where changing(amt) > 20",
  "select changing(amt) as g, count(*) as n from src group by g",
  "select grp, sum(changing(amt)) as v from src group by grp having sum(changing(amt)) > 1",
  "select id from src qualify row_number() over (partition by grp order by changing(amt)) = 1",
  "select * from (select id, changing(amt) as v from src) where v > 3",
  "select s.id from src s join dim on changing(s.amt) > length(dim.label)",
  "select id, asking(id) as v from src",
  "select id, rank() over (partition by grp order by amt rows between 2 preceding and unbounded following) as r from src",
  "select id, seq4() as n from src",
  "select id, percent_rank() over (order by amt rows between 1 preceding and 1 following) as r from src",
])("is FULL: %s", async (query) => {
  expect((await client.failure(dt("d", "refresh_mode = incremental", query))).code).toBe("002711");
  await client.run(dt("d", "", query));
  expect(await modeOf(client, "D")).toBe("FULL");
});

test("a function that is replaced, even by the same, makes all rows anew", async () => {
  await client.run(dt("d", "refresh_mode = incremental", "select id, steady(amt) as v from src"));
  await snowglobe.advance(1);
  await client.run("create or replace function steady(x number) returns number immutable as 'x * 2'");
  await client.run("alter dynamic table d refresh");
  expect(await lastRefresh(client, "D")).toMatchObject({ REFRESH_ACTION: "REINITIALIZE" });
});

test("no frozen region may call one", async () => {
  const failure = await client.failure(dt("d", "frozen where (steady(id) > 2)", "select id from src"));
  expect(failure.message).toMatch(/user-defined function/);
});

test("a rank within a sliding frame counts the rows of the frame", async () => {
  await client.run("create table ranked (x int)", "insert into ranked values (1), (1), (2), (3), (3), (5)");
  expect(
    await client.column(
      "select rank() over (order by x rows between 2 preceding and unbounded following) as r from ranked order by x, r",
    ),
  ).toEqual([1, 1, 3, 2, 3, 3]);
});
