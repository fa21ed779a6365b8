/** On whose behalf refreshes run. Sources: "Dynamic table access control", EXECUTE AS USER; "CREATE DYNAMIC TABLE", REQUIRE USER. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create warehouse other_wh",
    "create role builder",
    "grant role builder to user admin",
    "create role reader",
    "grant usage on database d to role builder",
    "grant usage on schema d.public to role builder",
    "grant create dynamic table on schema d.public to role builder",
    "grant usage on warehouse wh to role builder",
    "grant usage on database d to role reader",
    "grant usage on schema d.public to role reader",
    "create table secret (id int) change_tracking = true",
    "insert into secret values (1)",
    "grant select on table secret to role reader",
    "create user runner default_secondary_roles = ('ALL')",
    "grant role reader to user runner",
  );
});
afterAll(() => snowglobe.stop());

const as = async (role: string, ...statements: readonly string[]): Promise<void> => {
  await client.run(`use role ${role}`, "use secondary roles none", "use warehouse wh", ...statements);
};
const made = (more: string): string =>
  `create dynamic table d target_lag = '1 hour' warehouse = wh ${more} as select id from secret`;

test("the role needs IMPERSONATE on the user, and the user the role", async () => {
  await as("builder");
  const clause = made("execute as user runner use secondary roles all");
  expect(await client.failure(clause)).toMatchObject({
    code: "003001",
    message: expect.stringContaining("Insufficient privileges to operate on user 'RUNNER'"),
  });
  expect((await client.failure(made("execute as user nobody"))).message).toMatch(
    /User 'NOBODY' does not exist or not authorized/,
  );
  await as("accountadmin", "grant impersonate on user runner to role builder");
  await as("builder");
  expect((await client.failure(clause)).code).toBe("003001");
  await as("accountadmin", "grant role builder to user runner");
  await as("builder");
  // The owner's role alone cannot read it.
  expect((await client.failure(made(""))).code).toBe("002003");
  await client.run(clause);
  expect(await client.value("select count(*) from d")).toBe(1);
});

test("refreshes have the user's secondary roles, and histories say so", async () => {
  await as("accountadmin", "insert into secret values (2)");
  await as("builder", "alter dynamic table d refresh");
  expect(await client.value("select count(*) from d")).toBe(2);
  const last = await client.row(
    `select execute_as_user, secondary_role_names[0]::varchar as roles, warehouse
     from table(information_schema.dynamic_table_refresh_history(name => 'D')) where refresh_trigger = 'MANUAL'`,
  );
  expect(last).toEqual({ EXECUTE_AS_USER: "RUNNER", ROLES: "ALL", WAREHOUSE: "WH" });
  expect((await client.rows("show dynamic tables like 'D'"))[0]).toMatchObject({
    execute_as_user: "RUNNER",
    secondary_role_names: "ALL",
  });
  expect(
    await client.value(
      "select execute_as_user from table(information_schema.dynamic_table_graph_history(name => 'd.public.d'))",
    ),
  ).toBe("RUNNER");
});

test("another user is no reason to begin anew; without one the owner's role acts alone", async () => {
  await as("builder", "alter dynamic table d set execute as user runner use secondary roles none");
  expect((await client.failure("alter dynamic table d refresh")).message).toMatch(/SECRET/);
  await client.run("alter dynamic table d set execute as user runner", "alter dynamic table d refresh");
  expect(await lastRefresh(client, "D")).toMatchObject({ REFRESH_ACTION: "NO_DATA" });
  await client.run("alter dynamic table d unset execute as user");
  expect((await client.rows("show dynamic tables like 'D'"))[0]).toMatchObject({ execute_as_user: null });
  expect((await client.failure("alter dynamic table d refresh")).message).toMatch(/SECRET/);
  await client.run("alter dynamic table d set execute as user runner");
});

test("without IMPERSONATE refreshes fail, as EXPLAIN CHANGES says; a dropped user is INVALID", async () => {
  await as("accountadmin", "revoke impersonate on user runner from role builder");
  await as("builder");
  expect(
    await client.value(
      `explain changes alter dynamic table d refresh ->> select parse_json("effects")[0]:properties:expect_failure_reason::varchar from $1`,
    ),
  ).toMatch(/operate on user 'RUNNER'/);
  expect((await client.failure("alter dynamic table d refresh")).message).toMatch(/operate on user 'RUNNER'/);
  await as("accountadmin", "drop user runner");
  await as("builder");
  expect((await client.rows("show dynamic tables like 'D'"))[0]).toMatchObject({ execute_as_user: "INVALID" });
});

test("COPY SESSION refreshes with the session's user and warehouse, once", async () => {
  await as("accountadmin", "use warehouse other_wh", "create table base (id int)", "insert into base values (1)");
  await client.run(
    "create dynamic table ru target_lag = downstream warehouse = wh initialize = on_schedule require user as select id from base",
  );
  await client.failure("alter dynamic table ru refresh");
  await client.run("alter dynamic table ru refresh copy session");
  expect(
    await client.rows(
      "select warehouse, execute_as_user from table(information_schema.dynamic_table_refresh_history(name => 'RU'))",
    ),
  ).toEqual([{ WAREHOUSE: "OTHER_WH", EXECUTE_AS_USER: "ADMIN" }]);
});

test("CURRENT_WAREHOUSE is the one that refreshes the table, whoever asks", async () => {
  await as(
    "accountadmin",
    "create or replace table base (id int)",
    "insert into base values (1)",
    "use warehouse other_wh",
  );
  await client.run(
    "create dynamic table cw target_lag = '1 hour' warehouse = wh as select id, current_warehouse() as w from base",
    "insert into base values (2)",
    "alter dynamic table cw refresh",
  );
  expect(await client.column("select distinct w from cw")).toEqual(["WH"]);
});

test("initialisations run on INITIALIZATION_WAREHOUSE, what follows on WAREHOUSE", async () => {
  await as("accountadmin", "use warehouse wh", "create or replace table base (id int)", "insert into base values (1)");
  await client.run(
    "create dynamic table iw target_lag = '1 hour' warehouse = wh initialization_warehouse = other_wh refresh_mode = incremental as select id from base",
    "insert into base values (2)",
    "alter dynamic table iw refresh",
    "create or replace table base (id int) change_tracking = true",
  );
  await snowglobe.advance(1);
  await client.run("alter dynamic table iw refresh");
  expect(
    await client.rows(
      `select refresh_action as action, warehouse from table(information_schema.dynamic_table_refresh_history(name => 'IW'))
       order by data_timestamp, refresh_trigger`,
    ),
  ).toEqual([
    { ACTION: "INCREMENTAL", WAREHOUSE: "OTHER_WH" },
    { ACTION: "INCREMENTAL", WAREHOUSE: "WH" },
    { ACTION: "REINITIALIZE", WAREHOUSE: "OTHER_WH" },
  ]);
  await client.run(
    "insert into base values (1)",
    "drop warehouse other_wh",
    "create or replace table base (id int) change_tracking = true",
  );
  expect((await client.failure("alter dynamic table iw refresh")).message).toMatch(/warehouse is missing: 'OTHER_WH'/);
});
