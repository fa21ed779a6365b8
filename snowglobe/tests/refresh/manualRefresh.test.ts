import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { history, lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create table base (id int, v varchar)",
    "insert into base values (1, '10')",
    "create dynamic table up target_lag = downstream warehouse = wh as select id, v::int as v from base",
    "create dynamic table leaf target_lag = '1 hour' warehouse = wh as select sum(v) as s from up",
    "create dynamic table side target_lag = '1 hour' warehouse = wh as select max(v) as m from up",
  );
});
afterEach(() => snowglobe.stop());

test("not inside a transaction, which goes on", async () => {
  await client.run("begin", "insert into base values (2, '5')");
  expect(await client.failure("alter dynamic table leaf refresh")).toMatchObject({
    code: "002743",
    message: "Manual refresh of a dynamic table is not supported inside a multi-statement transaction.",
  });
  await client.run("rollback");
  expect(await client.value("select count(*) from base")).toBe(1);
});

test("several tables in one statement: what they share is refreshed once, all at one data timestamp", async () => {
  await client.run("insert into base values (2, '5')");
  const before = (await history(client)).length;
  expect(await client.row("alter dynamic table leaf, d.public.side refresh")).toMatchObject({
    refreshed_dynamic_table_count: 3,
  });
  const manual = (await history(client)).filter((row) => row.REFRESH_TRIGGER === "MANUAL");
  expect((await history(client)).length).toBe(before + 3);
  expect(manual.map((row) => row.NAME).sort()).toEqual(["LEAF", "SIDE", "UP"]);
  expect(new Set(manual.map((row) => row.AT)).size).toBe(1);
  expect(await client.failure("alter dynamic table leaf, public.leaf refresh")).toMatchObject({
    code: "002008",
    message: expect.stringContaining("Duplicate Dynamic Table: LEAF") as string,
  });
  await client.run(
    "alter dynamic table if exists nowhere, leaf refresh",
    "alter dynamic table if exists nowhere refresh",
  );
  expect((await client.failure("alter dynamic table leaf, nowhere refresh")).message).toMatch(
    /NOWHERE' does not exist/,
  );
  expect((await client.failure("alter dynamic table leaf, side suspend")).code).toBe("001003");
});

test("a failing upstream is named, and what does not depend on it is refreshed", async () => {
  await client.run(
    "create dynamic table other target_lag = '1 hour' warehouse = wh as select count(*) as n from base",
    "insert into base values (2, 'broken')",
  );
  expect(await client.failure("alter dynamic table other, leaf refresh")).toMatchObject({
    code: "002753",
    message: expect.stringMatching(
      /^Manual refresh failed because an upstream dynamic table failed to refresh. UP: .*'broken' is not recognized/s,
    ) as string,
  });
  expect(await client.value("select n from other")).toBe(2);
  expect(await lastRefresh(client, "LEAF")).toMatchObject({
    STATE: "UPSTREAM_FAILED",
    STATE_MESSAGE:
      "Skipped refreshing because an input dynamic table failed. Some inputs failed to refresh: [D.PUBLIC.UP].",
  });
});

test("needs OPERATE on all that it refreshes", async () => {
  await client.run(
    "create role operator",
    "grant role operator to user admin",
    "grant usage on database d to role operator",
    "grant usage on schema d.public to role operator",
    "grant usage on warehouse wh to role operator",
    "grant create dynamic table on schema d.public to role operator",
    "grant select on dynamic table up to role operator",
    "grant operate on dynamic table leaf to role operator",
    "use secondary roles none",
    "use role operator",
  );
  expect(await client.failure("alter dynamic table leaf refresh")).toMatchObject({
    code: "002756",
    message: expect.stringMatching(/'UP'. OPERATE privilege is required for manual refresh/) as string,
  });
  const create = "create dynamic table own target_lag = '1 hour' warehouse = wh as select id from up";
  expect(await client.failure(create)).toMatchObject({
    code: "002757",
    message: expect.stringMatching(/'UP'. OPERATE privilege is required for initial refresh/) as string,
  });
  await client.run("use role accountadmin", "grant operate on dynamic table up to role operator", "use role operator");
  await client.run("alter dynamic table leaf refresh", create);
});

test("a table out of the schedule is refreshed by hand alone, without what it reads", async () => {
  await client.run("alter dynamic table leaf set scheduler = disable", "insert into base values (2, '5')");
  expect((await client.rows("show dynamic tables like 'LEAF'"))[0]).toMatchObject({
    scheduler: "DISABLE",
    target_lag: null,
  });
  await client.run("alter dynamic table leaf refresh");
  expect(await client.value("select s from leaf")).toBe(10);
  await client.run("alter dynamic table up refresh", "alter dynamic table leaf refresh");
  expect(await client.value("select s from leaf")).toBe(15);
  await client.run("insert into base values (3, '1')");
  await snowglobe.advance(2 * 3600);
  expect(await client.value("select s from leaf")).toBe(15);
  expect((await client.failure("alter dynamic table leaf set scheduler = enable")).message).toMatch(/TARGET_LAG/);
  await client.run("alter dynamic table leaf set target_lag = '1 minute'");
  expect((await client.rows("show dynamic tables like 'LEAF'"))[0]).toMatchObject({ scheduler: "ENABLE" });
  await snowglobe.advance(60);
  expect(await client.value("select s from leaf")).toBe(16);
});
