import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { runs, states } from "./alert";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run("create table t (id int) change_tracking = true");
});
afterEach(() => snowglobe.stop());

const CREATE = "create alert a warehouse = wh schedule = '5 MINUTE' comment = 'c' if (exists (select id from t)) then";

describe("definition", () => {
  test("SHOW, DESCRIBE and ALTER", async () => {
    expect(await client.value(`${CREATE} begin select 1; end -- a note of a tool's`)).toBe(
      "Alert A successfully created.",
    );
    await client.run(
      "alter alert a set schedule = '10 MINUTE', comment = 'd'",
      "alter alert a modify condition exists (select id from t where id > 1)",
      "alter alert a modify action select 2",
      "alter alert a resume",
    );
    const shown = await client.row("show alerts like 'a' in schema d.public");
    expect(shown).toEqual({
      created_on: expect.anything(),
      name: "A",
      database_name: "D",
      schema_name: "PUBLIC",
      owner: "ACCOUNTADMIN",
      comment: "d",
      warehouse: "WH",
      schedule: "10 MINUTE",
      state: "started",
      condition: "select id from t where id > 1",
      action: "select 2",
      owner_role_type: "ROLE",
    });
    expect(await client.row("describe alert a")).toEqual(shown);
    await client.run("alter alert a unset warehouse", "alter alert a unset comment", "alter alert a suspend");
    expect(await client.row("show alerts")).toMatchObject({ warehouse: null, comment: "", state: "suspended" });
    await client.run("comment on alert a is 'e'");
    expect(await client.row("show alerts")).toMatchObject({ comment: "e" });
    expect(await client.value("drop alert a")).toBe("A successfully dropped.");
    await client.run("drop alert if exists a", "alter alert if exists a resume");
    expect(await client.rows("show alerts")).toEqual([]);
  });

  test("as the provider writes it", async () => {
    await client.run(
      `CREATE ALERT "D"."PUBLIC"."A" WAREHOUSE = "WH" SCHEDULE = '5 MINUTE' COMMENT = 'c' IF (EXISTS (select 1 as c)) THEN select 1 as c --terraform_provider_usage_tracking {"json_schema_version":"2"}`,
      'ALTER ALERT "D"."PUBLIC"."A" RESUME',
    );
    expect(await client.rows(`SHOW ALERTS LIKE 'A' IN SCHEMA "D"."PUBLIC"`)).toMatchObject([
      { warehouse: "WH", schedule: "5 MINUTE", condition: "select 1 as c", action: "select 1 as c", state: "started" },
    ]);
    await client.run('DROP ALERT IF EXISTS "D"."PUBLIC"."A"');
  });

  test("OR REPLACE, IF NOT EXISTS and CLONE make suspended alerts", async () => {
    await client.run(`${CREATE} select 1`, "alter alert a resume");
    expect((await client.failure(`${CREATE} select 1`)).code).toBe("002002");
    expect(await client.value(`${CREATE.replace("alert", "alert if not exists")} select 2`)).toBe(
      "A already exists, statement succeeded.",
    );
    await client.run("create alert b clone a", "create alert e clone a schedule = '7 MINUTE' comment = 'mine'");
    expect(await client.row("show alerts like 'b'")).toMatchObject({
      schedule: "5 MINUTE",
      condition: "select id from t",
      action: "select 1",
      comment: "c",
      state: "suspended",
    });
    expect(await client.row("show alerts like 'e'")).toMatchObject({ schedule: "7 MINUTE", comment: "mine" });
    await client.run(`${CREATE.replace("create", "create or replace")} select 3`);
    expect(await client.row("show alerts like 'a'")).toMatchObject({ action: "select 3", state: "suspended" });
  });

  test("SHOW by place, pattern, start and limit", async () => {
    await client.run(
      "create schema other",
      ...["one", "two", '"Three"'].map(
        (name) => `create alert other.${name} schedule = '1 MINUTE' if (exists (select 1)) then select 1`,
      ),
      "use schema public",
      `${CREATE} select 1`,
    );
    const names = async (rest: string) => (await client.rows(`show alerts ${rest}`)).map((row) => row.name);
    expect(await names("")).toEqual(["A"]);
    expect(await names("in schema other")).toEqual(["ONE", "TWO", "Three"]);
    expect(await names("in database d")).toEqual(["ONE", "TWO", "Three", "A"]);
    expect(await names("in account")).toHaveLength(4);
    expect(await names("like 't%' in schema other")).toEqual(["TWO", "Three"]);
    expect(await names("in schema other starts with 'T'")).toEqual(["TWO", "Three"]);
    expect(await names("in schema other limit 1 from 'ONE'")).toEqual(["TWO"]);
  });

  test.each([
    ["create alert x with tag (k = 'v') if (exists (select id from t)) then select 1", "WITH TAG"],
    ["create alert x config = '{}' if (exists (select id from t)) then select 1", "CONFIG"],
    ["alter alert a rename to b", "renameTo"],
  ])("%s is refused by name", async (sqlText, feature) => {
    await client.run(`${CREATE} select 1`);
    expect(await client.failure(sqlText)).toMatchObject({ code: "000002", message: expect.stringContaining(feature) });
  });

  test("a dropped schema takes its alerts along, and brings them back", async () => {
    await client.run(
      "create schema s",
      "create alert s.a schedule = '1 MINUTE' if (exists (select 1)) then select 1",
      "alter alert s.a resume",
      "drop schema s",
    );
    await snowglobe.advance(60);
    expect(await runs(client)).toEqual([]);
    await client.run("undrop schema s");
    await snowglobe.advance(60);
    expect(await states(client)).toEqual(["TRIGGERED"]);
  });
});

describe("rights", () => {
  /** A role that may make alerts in the schema. */
  beforeEach(() =>
    client.run(
      "create role watcher",
      "grant role watcher to user admin",
      "grant usage on warehouse wh to role watcher",
      "grant usage on database d to role watcher",
      "grant usage, create alert, create table on schema d.public to role watcher",
    ),
  );

  test("making one takes CREATE ALERT, and USAGE on its warehouse or EXECUTE MANAGED ALERT", async () => {
    const serverless = "create alert m schedule = '1 MINUTE' if (exists (select 1)) then select 1";
    await client.run("create warehouse hidden", "use role watcher");
    expect((await client.failure(serverless)).code).toBe("003001");
    expect((await client.failure(CREATE.replace("= wh", "= hidden") + " select 1")).code).toBe("002003");
    await client.run(
      `${CREATE} select 1`,
      "use role accountadmin",
      "revoke create alert on schema d.public from role watcher",
    );
    await client.run("grant execute managed alert on account to role watcher", "use role watcher");
    expect((await client.failure(serverless)).code).toBe("003001");
    await client.run(
      "use role accountadmin",
      "grant create alert on schema d.public to role watcher",
      "use role watcher",
    );
    await client.run(serverless);
  });

  test("resuming and running takes the owner's EXECUTE ALERT; it runs with the owner's rights alone", async () => {
    await client.run("use role watcher", `${CREATE.replace("5 MINUTE", "1 MINUTE")} select 1`);
    const refused = "EXECUTE ALERT privilege must be granted to owner role";
    expect((await client.failure("alter alert a resume")).message).toContain(refused);
    expect((await client.failure("execute alert a")).message).toContain(refused);
    await client.run(
      "use role accountadmin",
      "grant execute alert on account to role watcher",
      "use role watcher",
      "alter alert a resume",
    );
    await snowglobe.advance(60);
    await client.run("use role accountadmin", "grant select on table t to role watcher", "insert into t values (1)");
    await snowglobe.advance(60);
    await client.run("revoke usage on warehouse wh from role watcher");
    await snowglobe.advance(60);
    await client.run("revoke execute alert on account from role watcher");
    await snowglobe.advance(60);
    expect((await runs(client)).map((run) => [run.STATE, run.SQL_ERROR_MESSAGE])).toEqual([
      ["CONDITION_FAILED", expect.stringContaining("'D.PUBLIC.T' does not exist or not authorized")],
      ["TRIGGERED", null],
      ["FAILED", expect.stringContaining("USAGE privilege on the alert's warehouse")],
      ["FAILED", expect.stringContaining(refused)],
    ]);
  });

  test("a serverless alert needs EXECUTE MANAGED ALERT to run", async () => {
    await client.run(
      "grant execute alert, execute managed alert on account to role watcher",
      "use role watcher",
      "create alert a schedule = '1 MINUTE' if (exists (select 1)) then select 1",
      "alter alert a resume",
    );
    await snowglobe.advance(60);
    await client.run("use role accountadmin", "revoke execute managed alert on account from role watcher");
    await snowglobe.advance(60);
    expect((await runs(client)).map((run) => [run.STATE, run.SQL_ERROR_MESSAGE])).toEqual([
      ["TRIGGERED", null],
      ["FAILED", expect.stringContaining("EXECUTE MANAGED ALERT privilege")],
    ]);
  });

  test("alerts can be granted on one by one, all, and those to come", async () => {
    await client.run(
      `${CREATE} select 1`,
      "grant operate on all alerts in schema d.public to role watcher",
      "grant monitor on future alerts in schema d.public to role watcher",
      "create alert b schedule = '1 MINUTE' if (exists (select 1)) then select 1",
      "grant ownership on alert b to role watcher copy current grants",
    );
    const granted = async (alert: string) =>
      (await client.rows(`show grants on alert ${alert}`)).map((row) => `${row.privilege} ${row.grantee_name}`).sort();
    expect(await granted("a")).toEqual(["OPERATE WATCHER", "OWNERSHIP ACCOUNTADMIN"]);
    expect(await granted("b")).toEqual(["MONITOR WATCHER", "OWNERSHIP WATCHER"]);
  });

  test("OPERATE suspends, resumes and executes; only the owner changes, drops and sees the history", async () => {
    await client.run(
      `${CREATE} select 1`,
      "grant operate on alert a to role watcher",
      "use role watcher",
      "alter alert a resume",
      "execute alert a",
      "alter alert a suspend",
    );
    await snowglobe.advance(1);
    for (const sqlText of [
      "alter alert a set comment = 'x'",
      "alter alert a modify action select 2",
      "drop alert a",
      "create alert b clone a",
    ]) {
      expect((await client.failure(sqlText)).code).toBe("003001");
    }
    expect(await runs(client)).toEqual([]);
    await client.run(
      "use role accountadmin",
      "revoke operate on alert a from role watcher",
      "grant monitor on alert a to role watcher",
      "use role watcher",
    );
    expect((await client.failure("alter alert a resume")).code).toBe("003001");
    expect(await client.rows("show alerts")).toHaveLength(1);
    await client.run("use role accountadmin", "revoke monitor on alert a from role watcher", "use role watcher");
    expect(await client.rows("show alerts")).toEqual([]);
    expect((await client.failure("alter alert a resume")).code).toBe("002003");
    await client.run("use role accountadmin");
    expect(await states(client)).toEqual(["CONDITION_FALSE"]);
  });

  test("the functions of a run take the database role SNOWFLAKE.ALERT_VIEWER", async () => {
    await client.run(
      "grant execute alert on account to role watcher",
      "use role watcher",
      "create alert a warehouse = wh schedule = '1 MINUTE' if (exists (select snowflake.alert.scheduled_time())) then select 1",
      "alter alert a resume",
    );
    await snowglobe.advance(60);
    expect((await client.failure("grant database role snowflake.alert_viewer to role watcher")).code).toBe("003001");
    await client.run("use role accountadmin", "grant database role snowflake.alert_viewer to role watcher");
    await snowglobe.advance(60);
    expect(await client.rows("show grants of database role snowflake.alert_viewer")).toMatchObject([
      { role: "SNOWFLAKE.ALERT_VIEWER", granted_to: "ROLE", grantee_name: "WATCHER" },
    ]);
    expect(await client.rows("show grants to role watcher")).toContainEqual(
      expect.objectContaining({ privilege: "USAGE", granted_on: "DATABASE_ROLE", name: "SNOWFLAKE.ALERT_VIEWER" }),
    );
    await client.run("revoke database role snowflake.alert_viewer from role watcher");
    await snowglobe.advance(60);
    expect((await runs(client)).map((run) => [run.STATE, run.SQL_ERROR_MESSAGE])).toEqual([
      ["CONDITION_FAILED", expect.stringContaining("Unknown function SNOWFLAKE.ALERT.SCHEDULED_TIME")],
      ["TRIGGERED", null],
      ["CONDITION_FAILED", expect.stringContaining("Unknown function SNOWFLAKE.ALERT.SCHEDULED_TIME")],
    ]);
    expect((await client.failure("grant database role snowflake.other to role watcher")).code).toBe("000002");
  });

  test("statements of a run bear the user SYSTEM and the owner's role", async () => {
    await client.run(
      "create table who (u varchar, r varchar)",
      "grant insert on table who to role watcher",
      "grant execute alert on account to role watcher",
      "use role watcher",
      "create alert a warehouse = wh schedule = '1 MINUTE' if (exists (select 1)) then insert into who select current_user(), current_role()",
      "alter alert a resume",
    );
    await snowglobe.advance(60);
    await client.run("use role accountadmin");
    expect(await client.rows("select * from who")).toEqual([{ U: "SYSTEM", R: "WATCHER" }]);
  });
});
