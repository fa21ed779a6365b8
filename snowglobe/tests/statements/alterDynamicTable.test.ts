import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { lastRefresh, prepare } from "../refresh/pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create table base (id int, v varchar)",
    "insert into base values (1, 'a'), (2, 'b')",
    "create dynamic table dt target_lag = '1 minute' warehouse = wh as select id, v from base",
  );
});
afterEach(() => snowglobe.stop());

const shown = async (name: string): Promise<unknown> => (await client.rows(`show dynamic tables like '${name}'`))[0];

test("every property that can be set, and unset again", async () => {
  await client.run(
    "create warehouse other",
    `alter dynamic table dt set target_lag = '2 minutes' warehouse = other initialization_warehouse = wh
       data_retention_time_in_days = 3 max_data_extension_time_in_days = 4 comment = 'new'`,
  );
  expect(await shown("DT")).toMatchObject({
    target_lag: "2 minutes",
    warehouse: "OTHER",
    initialization_warehouse: "WH",
    comment: "new",
  });
  const parameters = async (): Promise<unknown> =>
    Object.fromEntries((await client.rows("show parameters in table dt")).map((row) => [row.key, row.value]));
  expect(await parameters()).toMatchObject({ DATA_RETENTION_TIME_IN_DAYS: "3", MAX_DATA_EXTENSION_TIME_IN_DAYS: "4" });
  await client.run(
    "alter dynamic table dt unset initialization_warehouse, data_retention_time_in_days, max_data_extension_time_in_days, comment",
    "alter dynamic table dt set target_lag = downstream",
  );
  expect(await shown("DT")).toMatchObject({ target_lag: "DOWNSTREAM", initialization_warehouse: null, comment: "" });
  expect(await parameters()).toMatchObject({ DATA_RETENTION_TIME_IN_DAYS: "1", MAX_DATA_EXTENSION_TIME_IN_DAYS: "14" });
});

test("columns get comments, and nothing else of them is altered", async () => {
  await client.run("alter dynamic table dt alter column id comment 'the id', column v comment 'the value'");
  expect((await client.rows("describe dynamic table dt")).map((row) => row.comment)).toEqual(["the id", "the value"]);
  await client.run("alter dynamic table dt modify column id unset comment");
  expect((await client.rows("describe dynamic table dt")).map((row) => row.comment)).toEqual([null, "the value"]);
  expect((await client.failure("alter dynamic table dt alter column id set data type varchar")).message).toMatch(
    /not allowed on dynamic table 'DT'/,
  );
});

test.each([
  ["set contact purpose = someone", "SET CONTACT"],
  ["add search optimization", "ADD SEARCH OPTIMIZATION"],
])("ALTER ... %s is refused by name", async (action, feature) => {
  expect(await client.failure(`alter dynamic table dt ${action}`)).toMatchObject({
    code: "000002",
    message: `Unsupported feature 'ALTER DYNAMIC TABLE ... ${feature}'.`,
  });
});

test.each([
  [
    "create dynamic table no target_lag = '1 minute' warehouse = wh with storage lifecycle policy p on (id) as select id from base",
    "STORAGE LIFECYCLE POLICY",
  ],
  [
    "create dynamic table no target_lag = '1 minute' warehouse = wh insert only inputs as select id from base",
    "INSERT ONLY INPUTS",
  ],
  [
    "create dynamic table no target_lag = '1 minute' warehouse = wh with data metric function (m on (id)) as select id from base",
    "DATA METRIC FUNCTION",
  ],
  ["create dynamic table no from backup set b identifier 'x'", "CREATE DYNAMIC TABLE ... FROM BACKUP SET"],
  [
    "select * from snowflake.account_usage.dynamic_table_refresh_history",
    "SNOWFLAKE.ACCOUNT_USAGE.DYNAMIC_TABLE_REFRESH_HISTORY",
  ],
])("%s is refused by name", async (sql, feature) => {
  expect(await client.failure(sql)).toMatchObject({ code: "000002", message: `Unsupported feature '${feature}'.` });
});

test("mode and initialisation are chosen once", async () => {
  for (const property of ["refresh_mode = full", "initialize = on_create"]) {
    expect((await client.failure(`alter dynamic table dt set ${property}`)).message).toMatch(/cannot be altered/);
  }
});

test("two dynamic tables swap; readers go by the name and make their rows anew", async () => {
  await client.run(
    "create dynamic table dt_v2 target_lag = '5 minutes' warehouse = wh as select id, upper(v) as v from base where id > 1",
    "create dynamic table reader target_lag = '10 minutes' warehouse = wh as select v from dt",
    "alter dynamic table dt swap with dt_v2",
  );
  expect(await client.column("select v from dt")).toEqual(["B"]);
  expect(await client.column("select v from dt_v2 order by v")).toEqual(["a", "b"]);
  expect(await shown("DT")).toMatchObject({ target_lag: "5 minutes" });
  await client.run("alter dynamic table reader refresh");
  expect(await lastRefresh(client, "READER")).toMatchObject({ REFRESH_ACTION: "REINITIALIZE" });
  expect(await client.column("select v from reader")).toEqual(["B"]);
  await client.run("insert into base values (3, 'c')");
  await snowglobe.advance(600);
  expect(await client.column("select v from dt_v2 order by v")).toEqual(["a", "b", "c"]);
  expect((await client.failure("alter dynamic table dt swap with base")).message).toMatch(
    /can only be swapped with another dynamic table/,
  );
});

test("a dropped table comes back with its rows, and goes on", async () => {
  await client.run(
    "create dynamic table reader target_lag = '1 minute' warehouse = wh as select count(*) as n from dt",
    "drop dynamic table dt",
    "insert into base values (3, 'c')",
  );
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "READER")).toMatchObject({
    STATE: "FAILED",
    STATE_MESSAGE: expect.stringMatching(/DT' does not exist or not authorized/) as string,
  });
  await client.run("undrop dynamic table dt");
  expect(await client.value("select count(*) from dt")).toBe(2);
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "DT")).toMatchObject({ REFRESH_ACTION: "INCREMENTAL", INSERTED: 1 });
  expect(await client.value("select n from reader")).toBe(3);
  expect((await client.failure("undrop dynamic table dt")).message).toMatch(/'DT' already exists/);
  expect((await client.failure("undrop dynamic table nope")).message).toMatch(/did not exist or was purged/);
});

test("each privilege opens its own part", async () => {
  await client.run(
    "create role other",
    "grant role other to user admin",
    "grant usage on database d to role other",
    "grant usage on schema d.public to role other",
    "grant usage on warehouse wh to role other",
    "grant select on dynamic table dt to role other",
    "use secondary roles none",
  );
  const as = async (grant: string | undefined, sql: string): Promise<string> => {
    await client.run("use role accountadmin");
    if (grant) await client.run(`grant ${grant} on dynamic table dt to role other`);
    await client.run("use role other");
    try {
      await client.run(sql);
      return "done";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const refused = /Insufficient privileges to operate on dynamic table 'DT'/;
  expect(await as(undefined, "select * from dt")).toBe("done");
  for (const action of ["suspend", "resume", "refresh", "set target_lag = '2 minutes'", "set warehouse = wh"]) {
    expect(await as(undefined, `alter dynamic table dt ${action}`)).toMatch(refused);
  }
  const hidden = { text: null, warehouse: null, scheduling_state: null, last_suspended_on: null };
  expect(await shown("DT")).toMatchObject({ name: "DT", target_lag: "1 minute", ...hidden });
  const refreshes = "select * from table(d.information_schema.dynamic_table_refresh_history())";
  expect(await client.rows(refreshes)).toEqual([]);
  for (const action of ["suspend", "resume", "refresh", "set target_lag = '2 minutes'", "set warehouse = wh"]) {
    expect(await as("operate", `alter dynamic table dt ${action}`)).toBe("done");
  }
  for (const action of ["rename to x", "set comment = 'c'", "unset comment", "set data_retention_time_in_days = 2"]) {
    expect(await as(undefined, `alter dynamic table dt ${action}`)).toMatch(refused);
  }
  expect(await as(undefined, "drop dynamic table dt")).toMatch(refused);
  expect(await as("monitor", "select 1")).toBe("done");
  expect(await shown("DT")).toMatchObject({ warehouse: "WH", scheduling_state: "RUNNING" });
  expect((await client.rows(refreshes)).length).toBeGreaterThan(0);
});

test("a column list gives names, comments and types; types of the query otherwise", async () => {
  await client.run(
    `create dynamic table listed (a number(10, 2) comment 'as money', b) target_lag = '1 minute' warehouse = wh
       as select id, v from base`,
  );
  const described = (await client.rows("describe dynamic table listed")).map(({ name, type, comment }) => [
    name,
    type,
    comment,
  ]);
  expect(described).toEqual([
    ["A", "NUMBER(10,2)", "as money"],
    ["B", "VARCHAR(16777216)", null],
  ]);
  await client.run("insert into base values (3, 'c')");
  await snowglobe.advance(60);
  expect(await client.column("select a::varchar from listed order by a")).toEqual(["1.00", "2.00", "3.00"]);
  expect(
    (
      await client.failure(
        "create dynamic table no (a) target_lag = '1 minute' warehouse = wh as select id, v from base",
      )
    ).message,
  ).toMatch(/Invalid column definition list/);
});
