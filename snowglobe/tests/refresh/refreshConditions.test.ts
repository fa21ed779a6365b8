import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create table base (id int)",
    "insert into base values (1)",
    "create warehouse other",
    "use warehouse wh",
    "create dynamic table dt target_lag = '1 minute' warehouse = other as select id from base",
  );
});
afterEach(() => snowglobe.stop());

test("a missing warehouse fails the refresh, until the table has another one", async () => {
  await client.run("drop warehouse other", "insert into base values (2)");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: "Dynamic table could not be refreshed because warehouse is missing: 'OTHER'.",
  });
  await client.run("alter dynamic table dt set warehouse = wh");
  await snowglobe.advance(60);
  expect(await client.value("select count(*) from dt")).toBe(2);
});

test("the owner's lost privileges fail the refresh", async () => {
  await client.run(
    "create role maker",
    "grant role maker to role accountadmin",
    "grant usage on database d to role maker",
    "grant usage on schema d.public to role maker",
    "grant usage on warehouse wh to role maker",
    "grant usage on warehouse other to role maker",
    "grant select on table base to role maker",
    "grant ownership on dynamic table dt to role maker copy current grants",
    "revoke usage on warehouse other from role maker",
  );
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(/warehouse is missing/) as string,
  });
  await client.run("grant usage on warehouse other to role maker", "revoke select on table base from role maker");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(/BASE' does not exist or not authorized/) as string,
  });
  await client.run("grant select on table base to role maker");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({ STATE: "SUCCEEDED" });
});

test("suspended longer than the base keeps its changes, an incremental table must be made anew", async () => {
  await client.run(
    "alter table base set data_retention_time_in_days = 1, max_data_extension_time_in_days = 1",
    "create table kept (id int)",
    "create dynamic table unchanged target_lag = '1 minute' warehouse = wh as select id from kept",
    "create dynamic table whole target_lag = '1 minute' warehouse = wh refresh_mode = full as select id from base",
    "alter table kept set data_retention_time_in_days = 1, max_data_extension_time_in_days = 1",
  );
  for (const name of ["dt", "unchanged", "whole"]) await client.run(`alter dynamic table ${name} suspend`);
  await client.run("insert into base values (2)");
  await snowglobe.advance(86_400 + 600);
  for (const name of ["dt", "unchanged", "whole"]) await client.run(`alter dynamic table ${name} resume`);
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE:
      "Upstream table 'BASE' is outside the data retention period. Change tracking data is no longer available.",
  });
  expect(await lastRefresh(client, "UNCHANGED")).toMatchObject({ STATE: "SUCCEEDED", REFRESH_ACTION: "NO_DATA" });
  expect(await lastRefresh(client, "WHOLE")).toMatchObject({ STATE: "SUCCEEDED", REFRESH_ACTION: "FULL" });
  await client.run("create or replace dynamic table dt target_lag = '1 minute' warehouse = wh as select id from base");
  expect(await client.value("select count(*) from dt")).toBe(2);
});

test("a dynamic table behind a view is refused, at creation and when the view comes to read one", async () => {
  await client.run("create view v as select id from dt", "create view w as select id from base");
  const create = (from: string): string =>
    `create dynamic table reader target_lag = '1 minute' warehouse = wh as select id from ${from}`;
  expect((await client.failure(create("v"))).message).toMatch(
    /'READER' cannot read dynamic table 'DT' through a view.* DYNAMIC_TABLE_REFRESH_BOUNDARY/,
  );
  await client.run(create("dynamic_table_refresh_boundary(v)"), "drop dynamic table reader");
  await client.run(create("w"), "create or replace view w as select id from dt");
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "READER")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(/through a view/) as string,
  });
});
