/** The texts that the Snowflake provider (Terraform provider 1.2.1) sends, and what it scans of the answers. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
});

afterAll(() => snowglobe.stop());

/** Every statement of a resource ends in this comment. */
const TRACKING =
  ' --terraform_provider_usage_tracking {"json_schema_version":"1","version":"v1.2.1","resource":"snowflake_x","operation":"create"}';

const sent = (sql: string): string => sql + TRACKING;

/** SHOW PARAMETERS as the provider reads it: value by key. */
async function parameters(of: string): Promise<Record<string, unknown>> {
  const rows = await client.rows(sent(`SHOW PARAMETERS IN ${of}`));
  return Object.fromEntries(rows.map((row) => [row.key, row.value]));
}

async function levels(of: string): Promise<Record<string, unknown>> {
  const rows = await client.rows(sent(`SHOW PARAMETERS IN ${of}`));
  return Object.fromEntries(rows.map((row) => [row.key, row.level]));
}

describe("Warehouse", () => {
  test("create, read, alter, drop", async () => {
    await client.run(
      sent(
        `CREATE WAREHOUSE "WH_T" WAREHOUSE_TYPE = 'STANDARD' WAREHOUSE_SIZE = 'XSMALL' MAX_CLUSTER_COUNT = 1 MIN_CLUSTER_COUNT = 1 SCALING_POLICY = 'STANDARD' AUTO_SUSPEND = 60 AUTO_RESUME = true INITIALLY_SUSPENDED = true COMMENT = 'it''s mine' ENABLE_QUERY_ACCELERATION = false QUERY_ACCELERATION_MAX_SCALE_FACTOR = 8 MAX_CONCURRENCY_LEVEL = 7 STATEMENT_QUEUED_TIMEOUT_IN_SECONDS = 29 STATEMENT_TIMEOUT_IN_SECONDS = 89`,
      ),
    );
    const shown = sent(`SHOW WAREHOUSES LIKE 'WH_T'`);
    const first = await client.row(shown);
    expect(first).toMatchObject({
      name: "WH_T",
      state: "SUSPENDED",
      type: "STANDARD",
      size: "X-Small",
      min_cluster_count: 1,
      max_cluster_count: 1,
      started_clusters: 0,
      is_default: "N",
      is_current: "Y",
      auto_suspend: 60,
      auto_resume: "true",
      comment: "it's mine",
      enable_query_acceleration: "false",
      query_acceleration_max_scale_factor: 8,
      resource_monitor: "null",
      scaling_policy: "STANDARD",
      owner: "ACCOUNTADMIN",
      owner_role_type: "ROLE",
    });
    expect(await client.row(shown)).toEqual(first);
    expect(await parameters(`WAREHOUSE "WH_T"`)).toEqual({
      MAX_CONCURRENCY_LEVEL: "7",
      STATEMENT_QUEUED_TIMEOUT_IN_SECONDS: "29",
      STATEMENT_TIMEOUT_IN_SECONDS: "89",
    });
    expect(new Set(Object.values(await levels(`WAREHOUSE "WH_T"`)))).toEqual(new Set(["WAREHOUSE"]));

    await client.run(
      sent(`ALTER WAREHOUSE "WH_T" SET WAREHOUSE_SIZE = 'SMALL' WAIT_FOR_COMPLETION = true AUTO_SUSPEND = 120`),
      sent(`ALTER WAREHOUSE "WH_T" UNSET COMMENT, MAX_CONCURRENCY_LEVEL, MAX_CLUSTER_COUNT, AUTO_RESUME`),
    );
    expect(await client.row(shown)).toMatchObject({ size: "Small", auto_suspend: 120, comment: "" });
    expect((await parameters(`WAREHOUSE "WH_T"`)).MAX_CONCURRENCY_LEVEL).toBe("8");
    await client.run(sent(`ALTER WAREHOUSE "WH_T" RESUME IF SUSPENDED`));
    expect(await client.row(shown)).toMatchObject({ state: "STARTED" });
    await client.run(sent(`ALTER WAREHOUSE "WH_T" SUSPEND`));
    expect(await client.failure(sent(`ALTER WAREHOUSE "WH_T" SUSPEND`))).toMatchObject({ code: "090064" });
    await client.run(sent(`ALTER WAREHOUSE "WH_T" RENAME TO "WH_U"`));
    expect(await client.rows(shown)).toEqual([]);
    await client.run(sent(`DROP WAREHOUSE IF EXISTS "WH_U"`), sent(`DROP WAREHOUSE IF EXISTS "WH_U"`));
  });

  test("a rename to a taken name, a resource monitor and an unknown size are refused", async () => {
    await client.run("create warehouse w1", "create warehouse w2");
    expect(await client.failure("alter warehouse w1 rename to w2")).toMatchObject({ code: "002002" });
    expect(await client.failure("alter warehouse w1 set resource_monitor = rm")).toMatchObject({ code: "000002" });
    expect(await client.failure("alter warehouse w1 set warehouse_size = 'HUGE'")).toMatchObject({ code: "002097" });
    expect(await client.failure("alter warehouse w1 unset warehouse_colour")).toMatchObject({ code: "000002" });
    await client.run("drop warehouse w1", "drop warehouse w2");
  });
});

describe("Database and Schema", () => {
  test("create, read twice, alter, drop", async () => {
    await client.run(
      sent(`CREATE DATABASE "RAW_P" DATA_RETENTION_TIME_IN_DAYS = 2 COMMENT = 'raw'`),
      sent(`CREATE SCHEMA "RAW_P"."LOANS" WITH MANAGED ACCESS COMMENT = 'loans' DATA_RETENTION_TIME_IN_DAYS = 0`),
    );
    const databases = sent(`SHOW DATABASES LIKE 'RAW_P'`);
    const database = await client.row(databases);
    expect(database).toMatchObject({
      name: "RAW_P",
      origin: "",
      owner: "ACCOUNTADMIN",
      comment: "raw",
      options: "",
      retention_time: "2",
      kind: "STANDARD",
      owner_role_type: "ROLE",
    });
    expect(database.created_on).toBeInstanceOf(Date);
    expect(await client.row(databases)).toEqual(database);
    expect(await client.rows(sent(`SHOW REPLICATION DATABASES WITH PRIMARY "WORKSHOP"."SNOWGLOBE"."RAW_P"`))).toEqual(
      [],
    );
    const ofDatabase = await parameters(`DATABASE "RAW_P"`);
    // The provider fails on a missing one, and on a number or boolean that does not parse.
    expect(ofDatabase).toEqual({
      CATALOG: "",
      DATA_RETENTION_TIME_IN_DAYS: "2",
      DEFAULT_DDL_COLLATION: "",
      ENABLE_CONSOLE_OUTPUT: "false",
      EXTERNAL_VOLUME: "",
      LOG_LEVEL: "OFF",
      MAX_DATA_EXTENSION_TIME_IN_DAYS: "14",
      METRIC_LEVEL: "NONE",
      NOORDER_SEQUENCE_AS_DEFAULT: "true",
      QUOTED_IDENTIFIERS_IGNORE_CASE: "false",
      REPLACE_INVALID_CHARACTERS: "false",
      ROW_TIMESTAMP_DEFAULT: "false",
      STORAGE_SERIALIZATION_POLICY: "OPTIMIZED",
      SUSPEND_TASK_AFTER_NUM_FAILURES: "10",
      TASK_AUTO_RETRY_ATTEMPTS: "0",
      TRACE_LEVEL: "OFF",
      USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE: "Medium",
      USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS: "30",
      USER_TASK_TIMEOUT_MS: "3600000",
    });
    expect((await levels(`DATABASE "RAW_P"`)).DATA_RETENTION_TIME_IN_DAYS).toBe("DATABASE");

    const schemas = sent(`SHOW SCHEMAS LIKE 'LOANS' IN DATABASE "RAW_P"`);
    expect(await client.row(schemas)).toMatchObject({
      name: "LOANS",
      is_default: "N",
      is_current: "Y",
      database_name: "RAW_P",
      options: "MANAGED ACCESS",
      retention_time: "0",
      comment: "loans",
      owner_role_type: "ROLE",
    });
    expect(await parameters(`SCHEMA "RAW_P"."LOANS"`)).toMatchObject({
      DATA_RETENTION_TIME_IN_DAYS: "0",
      PIPE_EXECUTION_PAUSED: "false",
      MAX_DATA_EXTENSION_TIME_IN_DAYS: "14",
    });
    expect(await client.rows(sent(`DESCRIBE SCHEMA "RAW_P"."LOANS"`))).toEqual([]);

    await client.run(
      sent(`ALTER DATABASE "RAW_P" SET DATA_RETENTION_TIME_IN_DAYS = 1, LOG_LEVEL = 'OFF', COMMENT = 'other'`),
      sent(`ALTER DATABASE "RAW_P" UNSET LOG_LEVEL, COMMENT`),
      sent(`ALTER SCHEMA "RAW_P"."LOANS" DISABLE MANAGED ACCESS`),
      sent(`ALTER SCHEMA "RAW_P"."LOANS" UNSET DATA_RETENTION_TIME_IN_DAYS`),
      sent(`ALTER SCHEMA IF EXISTS "RAW_P"."LOANS" RENAME TO "RAW_P"."CREDITS"`),
    );
    expect(await client.row(databases)).toMatchObject({ comment: "", retention_time: "1" });
    expect(await client.row(sent(`SHOW SCHEMAS LIKE 'CREDITS' IN DATABASE "RAW_P"`))).toMatchObject({
      options: "",
      retention_time: "1",
    });
    expect(await client.column(sent(`DESCRIBE DATABASE "RAW_P"`))).toHaveLength(3);
    await client.run(sent(`DROP SCHEMA IF EXISTS "RAW_P"."CREDITS"`), sent(`DROP DATABASE IF EXISTS "RAW_P"`));
    await client.run(sent(`DROP SCHEMA IF EXISTS "RAW_P"."CREDITS"`), sent(`DROP DATABASE IF EXISTS "RAW_P"`));
  });

  test("SHOW PARAMETERS names each value's type", async () => {
    await client.run("create database p1");
    const rows = await client.rows("show parameters in database p1");
    const typeOf = (key: string): unknown => rows.find((row) => row.key === key)?.type;
    expect(typeOf("DATA_RETENTION_TIME_IN_DAYS")).toBe("NUMBER");
    expect(typeOf("ENABLE_CONSOLE_OUTPUT")).toBe("BOOLEAN");
    expect(typeOf("LOG_LEVEL")).toBe("STRING");
    for (const row of rows) {
      if (row.type === "NUMBER") expect(row.value).toMatch(/^-?\d+$/);
      if (row.type === "BOOLEAN") expect(row.value).toMatch(/^(true|false)$/);
    }
    await client.run("drop database p1");
  });
});

describe("AccountRole and grants", () => {
  beforeAll(() =>
    client.run(
      `CREATE DATABASE "G"`,
      `CREATE SCHEMA "G"."S"`,
      `CREATE WAREHOUSE "WG" INITIALLY_SUSPENDED = true`,
      "create table g.s.t1 (a int)",
      "create table g.s.t2 (a int)",
      "create view g.s.v as select a from g.s.t1",
      sent(`CREATE ROLE "R" COMMENT = 'reads'`),
    ),
  );

  test("a role is read, altered, dropped", async () => {
    const shown = sent(`SHOW ROLES LIKE 'R'`);
    expect(await client.row(shown)).toMatchObject({
      name: "R",
      is_default: "N",
      is_current: "N",
      is_inherited: "N",
      assigned_to_users: 0,
      granted_to_roles: 0,
      granted_roles: 0,
      owner: "ACCOUNTADMIN",
      comment: "reads",
    });
    await client.run(sent(`ALTER ROLE "R" SET COMMENT = 'x'`), sent(`ALTER ROLE "R" UNSET COMMENT`));
    expect(await client.row(shown)).toMatchObject({ comment: "" });
  });

  /** Privileges of a role as the provider filters them from SHOW GRANTS. */
  async function granted(on: string, kind: string): Promise<unknown[]> {
    const rows = await client.rows(sent(`SHOW GRANTS ON ${on}`));
    const own = rows.filter((row) => row.grantee_name === "R" && row.granted_to === "ROLE" && row.granted_on === kind);
    for (const row of own) {
      expect(row.granted_by).not.toBe("");
      expect(row.grant_option).toMatch(/^(true|false)$/);
    }
    return own.map((row) => row.privilege).sort();
  }

  async function future(inside: string, kind: string): Promise<unknown[]> {
    const rows = await client.rows(sent(`SHOW FUTURE GRANTS IN ${inside}`));
    const own = rows.filter((row) => row.grantee_name === "R" && row.grant_to === "ROLE" && row.grant_on === kind);
    return own.map((row) => row.privilege).sort();
  }

  test("on an account object", async () => {
    await client.run(sent(`GRANT USAGE, OPERATE ON WAREHOUSE "WG" TO ROLE "R"`));
    expect(await granted(`WAREHOUSE "WG"`, "WAREHOUSE")).toEqual(["OPERATE", "USAGE"]);
    await client.run(sent(`REVOKE OPERATE ON WAREHOUSE "WG" FROM ROLE "R"`));
    expect(await granted(`WAREHOUSE "WG"`, "WAREHOUSE")).toEqual(["USAGE"]);
    await client.run(sent(`GRANT USAGE, CREATE SCHEMA ON DATABASE "G" TO ROLE "R" WITH GRANT OPTION`));
    expect(await granted(`DATABASE "G"`, "DATABASE")).toEqual(["CREATE SCHEMA", "USAGE"]);
    await client.run(sent(`REVOKE USAGE, CREATE SCHEMA ON DATABASE "G" FROM ROLE "R"`));
    expect(await granted(`DATABASE "G"`, "DATABASE")).toEqual([]);
  });

  test("on the account", async () => {
    const all = ["EXECUTE ALERT", "EXECUTE MANAGED ALERT", "EXECUTE MANAGED TASK", "EXECUTE TASK"];
    await client.run(sent(`GRANT ${all.join(", ")} ON ACCOUNT TO ROLE "R"`));
    expect(await granted("ACCOUNT", "ACCOUNT")).toEqual(all);
    await client.run(sent(`REVOKE ${all.join(", ")} ON ACCOUNT FROM ROLE "R"`));
    expect(await granted("ACCOUNT", "ACCOUNT")).toEqual([]);
  });

  test("on a schema, on all and future schemas", async () => {
    await client.run(
      sent(`GRANT USAGE, CREATE DYNAMIC TABLE, CREATE TABLE, CREATE VIEW ON SCHEMA "G"."S" TO ROLE "R"`),
      sent(`GRANT MONITOR ON ALL SCHEMAS IN DATABASE "G" TO ROLE "R"`),
      sent(`GRANT USAGE ON FUTURE SCHEMAS IN DATABASE "G" TO ROLE "R"`),
    );
    const expected = ["CREATE DYNAMIC TABLE", "CREATE TABLE", "CREATE VIEW", "MONITOR", "USAGE"];
    expect(await granted(`SCHEMA "G"."S"`, "SCHEMA")).toEqual(expected);
    expect(await granted(`SCHEMA "G"."PUBLIC"`, "SCHEMA")).toEqual(["MONITOR"]);
    expect(await future(`DATABASE "G"`, "SCHEMA")).toEqual(["USAGE"]);
    await client.run("create schema g.later");
    expect(await granted(`SCHEMA "G"."LATER"`, "SCHEMA")).toEqual(["USAGE"]);
  });

  test("on a schema's object, on all and future objects in a schema and a database", async () => {
    await client.run(
      sent(`GRANT SELECT ON TABLE "G"."S"."T1" TO ROLE "R"`),
      sent(`GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA "G"."S" TO ROLE "R"`),
      sent(`GRANT SELECT ON ALL VIEWS IN DATABASE "G" TO ROLE "R"`),
      sent(`GRANT SELECT ON FUTURE TABLES IN DATABASE "G" TO ROLE "R"`),
      sent(`GRANT SELECT, MONITOR ON FUTURE DYNAMIC TABLES IN SCHEMA "G"."S" TO ROLE "R"`),
      sent(`GRANT SELECT ON FUTURE VIEWS IN SCHEMA "G"."S" TO ROLE "R"`),
    );
    expect(await granted(`TABLE "G"."S"."T1"`, "TABLE")).toEqual(["INSERT", "SELECT", "UPDATE"]);
    expect(await granted(`TABLE "G"."S"."T2"`, "TABLE")).toEqual(["INSERT", "UPDATE"]);
    expect(await granted(`VIEW "G"."S"."V"`, "VIEW")).toEqual(["SELECT"]);
    expect(await future(`DATABASE "G"`, "TABLE")).toEqual(["SELECT"]);
    expect(await future(`SCHEMA "G"."S"`, "DYNAMIC_TABLE")).toEqual(["MONITOR", "SELECT"]);
    await client.run("create table g.s.t3 (a int)");
    expect(await granted(`TABLE "G"."S"."T3"`, "TABLE")).toEqual(["SELECT"]);
    await client.run(
      sent(`REVOKE SELECT ON FUTURE TABLES IN DATABASE "G" FROM ROLE "R"`),
      sent(`REVOKE INSERT, UPDATE ON ALL TABLES IN SCHEMA "G"."S" FROM ROLE "R"`),
    );
    expect(await future(`DATABASE "G"`, "TABLE")).toEqual([]);
    expect(await granted(`TABLE "G"."S"."T2"`, "TABLE")).toEqual([]);
  });

  test("ALL PRIVILEGES leaves out ownership", async () => {
    await client.run(sent(`GRANT ALL PRIVILEGES ON TABLE "G"."S"."T2" TO ROLE "R"`));
    expect(await granted(`TABLE "G"."S"."T2"`, "TABLE")).toEqual([
      "DELETE",
      "EVOLVE SCHEMA",
      "INSERT",
      "REFERENCES",
      "SELECT",
      "TRUNCATE",
      "UPDATE",
    ]);
    await client.run(sent(`REVOKE ALL PRIVILEGES ON TABLE "G"."S"."T2" FROM ROLE "R"`));
    expect(await granted(`TABLE "G"."S"."T2"`, "TABLE")).toEqual([]);
  });

  test("a privilege that the kind does not know is refused", async () => {
    expect(await client.failure(`grant insert on warehouse wg to role r`)).toMatchObject({ code: "003008" });
  });

  test("GrantAccountRole", async () => {
    await client.run(
      sent(`CREATE ROLE "PARENT"`),
      sent(`GRANT ROLE "R" TO ROLE "PARENT"`),
      sent(`GRANT ROLE "R" TO USER "ADMIN"`),
    );
    expect(await client.rows(sent(`SHOW GRANTS OF ROLE "R"`))).toMatchObject([
      { role: "R", granted_to: "ROLE", grantee_name: "PARENT", granted_by: "ACCOUNTADMIN" },
      { role: "R", granted_to: "USER", grantee_name: "ADMIN", granted_by: "ACCOUNTADMIN" },
    ]);
    expect(await client.failure(`grant role "PARENT" to role "R"`)).toMatchObject({ code: "002010" });
    await client.run(sent(`REVOKE ROLE "R" FROM ROLE "PARENT"`), sent(`REVOKE ROLE "R" FROM USER "ADMIN"`));
    expect(await client.rows(sent(`SHOW GRANTS OF ROLE "R"`))).toEqual([]);
  });

  test("a dropped role takes its grants with it, future ones too", async () => {
    await client.run(sent(`DROP ROLE IF EXISTS "R"`), sent(`DROP ROLE IF EXISTS "R"`));
    expect(await client.rows(`show future grants in schema g.s`)).toEqual([]);
    expect((await client.rows(`show grants on schema g.s`)).map((row) => row.grantee_name)).toEqual(["ACCOUNTADMIN"]);
    await client.run("create table g.s.after (a int)");
  });
});

describe("Execute", () => {
  test("texts run as they are; the query's rows come with their names", async () => {
    await client.run("create database e", "create table e.public.t (a int)");
    await client.run(sent("ALTER TABLE E.PUBLIC.T SET CHANGE_TRACKING = TRUE"));
    expect(await client.row(sent(`SHOW TABLES LIKE 'T' IN SCHEMA E.PUBLIC`))).toMatchObject({ change_tracking: "ON" });
    await client.run(sent("ALTER TABLE E.PUBLIC.T SET CHANGE_TRACKING = FALSE"));
    expect(await client.row(sent(`SHOW TABLES LIKE 'T' IN SCHEMA E.PUBLIC`))).toMatchObject({ change_tracking: "OFF" });
    await client.run("drop database e");
  });

  test("what a client asks before it plans", async () => {
    expect(await client.row("SELECT CURRENT_ACCOUNT() as CURRENT_ACCOUNT")).toEqual({ CURRENT_ACCOUNT: "SNOWGLOBE" });
    expect(await client.row("SELECT 1")).toEqual({ "1": 1 });
    expect(await client.value("SELECT CURRENT_SESSION() as CURRENT_SESSION")).toMatch(/^\d+$/);
  });
});
