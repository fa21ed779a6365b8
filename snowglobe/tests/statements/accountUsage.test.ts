/** SNOWFLAKE.ACCOUNT_USAGE: what the account has and had, for those who may read it. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let admin: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  admin = await snowglobe.connect();
  await admin.run(
    "create warehouse w",
    "create database d",
    "use schema d.public",
    "create tag cost_center allowed_values 'a', 'b'",
    "create table t (a int not null, b varchar(10)) with tag (cost_center = 'a')",
    "create view v as select a from t",
    "create masking policy m as (x varchar) returns varchar -> '***'",
    "alter table t modify column b set masking policy m",
    "insert into t values (1, 'x'), (2, 'y')",
    "create table gone (x int)",
    "drop table gone",
    "create role reader",
    "create role outsider",
    "create user ana password = 'secret' email = 'ana@example.com'",
    "grant role reader to user ana",
    "grant usage on database d to role reader",
    "create database role d.dr",
  );
});

afterAll(() => snowglobe.stop());

test("TABLES has rows of what is there and of what was dropped, with ids and counts", async () => {
  expect(
    await admin.rows(
      `select table_name, table_schema, table_type, row_count, deleted is not null as dropped
       from snowflake.account_usage.tables where table_catalog = 'D' order by 1`,
    ),
  ).toEqual([
    { TABLE_NAME: "GONE", TABLE_SCHEMA: "PUBLIC", TABLE_TYPE: "BASE TABLE", ROW_COUNT: null, DROPPED: true },
    { TABLE_NAME: "T", TABLE_SCHEMA: "PUBLIC", TABLE_TYPE: "BASE TABLE", ROW_COUNT: 2, DROPPED: false },
    { TABLE_NAME: "V", TABLE_SCHEMA: "PUBLIC", TABLE_TYPE: "VIEW", ROW_COUNT: null, DROPPED: false },
  ]);
  expect(
    await admin.column(
      `select count(*) from snowflake.account_usage.tables t
       join snowflake.account_usage.schemata s on t.table_schema_id = s.schema_id
       join snowflake.account_usage.databases d on d.database_id = s.catalog_id
       where d.database_name = 'D' and t.table_catalog_id = d.database_id and t.deleted is null`,
    ),
  ).toEqual([2]);
});

test("COLUMNS and VIEWS", async () => {
  expect(
    await admin.rows(
      `select column_name, ordinal_position, is_nullable, data_type, character_maximum_length
       from snowflake.account_usage.columns where table_name = 'T' and deleted is null order by 2`,
    ),
  ).toEqual([
    {
      COLUMN_NAME: "A",
      ORDINAL_POSITION: 1,
      IS_NULLABLE: "NO",
      DATA_TYPE: "NUMBER",
      CHARACTER_MAXIMUM_LENGTH: null,
    },
    { COLUMN_NAME: "B", ORDINAL_POSITION: 2, IS_NULLABLE: "YES", DATA_TYPE: "TEXT", CHARACTER_MAXIMUM_LENGTH: 10 },
  ]);
  expect(await admin.rows("select table_name, is_secure from snowflake.account_usage.views")).toEqual([
    { TABLE_NAME: "V", IS_SECURE: "NO" },
  ]);
});

test("tags and policies, and where they are set", async () => {
  expect(
    await admin.rows(
      `select tag_name, tag_database, allowed_values[1]::varchar as second, owner_role_type
       from snowflake.account_usage.tags`,
    ),
  ).toEqual([{ TAG_NAME: "COST_CENTER", TAG_DATABASE: "D", SECOND: "b", OWNER_ROLE_TYPE: "ROLE" }]);
  expect(
    await admin.rows(
      `select tag_name, tag_value, domain, object_database, object_schema, object_name, apply_method
       from snowflake.account_usage.tag_references where object_deleted is null`,
    ),
  ).toEqual([
    {
      TAG_NAME: "COST_CENTER",
      TAG_VALUE: "a",
      DOMAIN: "TABLE",
      OBJECT_DATABASE: "D",
      OBJECT_SCHEMA: "PUBLIC",
      OBJECT_NAME: "T",
      APPLY_METHOD: "MANUAL",
    },
  ]);
  expect(
    await admin.rows(
      `select policy_name, policy_kind, ref_entity_name, ref_column_name, policy_id = p.id as same
       from snowflake.account_usage.policy_references,
         (select policy_id as id from snowflake.account_usage.masking_policies) p`,
    ),
  ).toEqual([
    {
      POLICY_NAME: "M",
      POLICY_KIND: "MASKING_POLICY",
      REF_ENTITY_NAME: "T",
      REF_COLUMN_NAME: "B",
      SAME: true,
    },
  ]);
  expect(await admin.column("select count(*) from snowflake.account_usage.row_access_policies")).toEqual([0]);
});

test("roles, users and grants", async () => {
  expect(
    await admin.rows(
      `select name, role_type, role_database_name from snowflake.account_usage.roles
       where name in ('READER', 'DR') order by 1`,
    ),
  ).toEqual([
    { NAME: "DR", ROLE_TYPE: "DATABASE_ROLE", ROLE_DATABASE_NAME: "D" },
    { NAME: "READER", ROLE_TYPE: "ROLE", ROLE_DATABASE_NAME: null },
  ]);
  expect(
    await admin.rows(
      "select email, has_password, disabled::boolean as off from snowflake.account_usage.users where name = 'ANA'",
    ),
  ).toEqual([{ EMAIL: "ana@example.com", HAS_PASSWORD: true, OFF: false }]);
  expect(
    await admin.rows("select role, granted_to from snowflake.account_usage.grants_to_users where grantee_name = 'ANA'"),
  ).toEqual([{ ROLE: "READER", GRANTED_TO: "USER" }]);
  expect(
    await admin.rows(
      `select privilege, granted_on, name, granted_to, grant_option
       from snowflake.account_usage.grants_to_roles where grantee_name = 'READER'`,
    ),
  ).toEqual([
    { PRIVILEGE: "USAGE", GRANTED_ON: "DATABASE", NAME: "D", GRANTED_TO: "ACCOUNT ROLE", GRANT_OPTION: false },
  ]);
});

test("histories of statements and tasks", async () => {
  await expect(admin.run("select * from d.public.nowhere")).rejects.toThrow("NOWHERE");
  expect(
    await admin.rows(
      `select query_type, execution_status, user_name, error_code from snowflake.account_usage.query_history
       where query_text in ('create table gone (x int)', 'select * from d.public.nowhere') order by start_time`,
    ),
  ).toEqual([
    { QUERY_TYPE: "CREATE_TABLE", EXECUTION_STATUS: "SUCCESS", USER_NAME: "ADMIN", ERROR_CODE: null },
    { QUERY_TYPE: expect.any(String), EXECUTION_STATUS: "FAIL", USER_NAME: "ADMIN", ERROR_CODE: 2003 },
  ]);
  expect(await admin.column("select count(*) from snowflake.account_usage.task_history")).toEqual([0]);
});

test("only ACCOUNTADMIN and roles with IMPORTED PRIVILEGES read it", async () => {
  const hidden = "Database 'SNOWFLAKE' does not exist or not authorized";
  const reads = "select count(*) > 0 from snowflake.account_usage.tables";
  await admin.run("grant role outsider to user admin", "grant role reader to user admin");
  const other = await snowglobe.connect();
  await other.run("use role reader", "use secondary roles none");
  await expect(other.run(reads)).rejects.toThrow(hidden);
  await admin.run("grant imported privileges on database snowflake to role reader");
  expect(await other.column(reads)).toEqual([true]);
  expect((await admin.rows("show grants to role reader")).filter(({ name }) => name === "SNOWFLAKE")).toMatchObject([
    { privilege: "USAGE", granted_on: "DATABASE" },
  ]);
  await other.run("use role outsider");
  await expect(other.run(reads)).rejects.toThrow(hidden);
  await admin.run("revoke imported privileges on database snowflake from role reader");
  await other.run("use role reader");
  await expect(other.run(reads)).rejects.toThrow(hidden);
});

test("what is not done is told apart from what is not there, and nothing can be written", async () => {
  await expect(admin.run("select * from snowflake.account_usage.login_history")).rejects.toThrow(
    "Unsupported feature 'SNOWFLAKE.ACCOUNT_USAGE.LOGIN_HISTORY'",
  );
  await expect(admin.run("select * from snowflake.organization_usage.accounts")).rejects.toThrow(
    "Unsupported feature 'schema SNOWFLAKE.ORGANIZATION_USAGE'",
  );
  await expect(admin.run("select * from snowflake.account_usage.nonsense")).rejects.toThrow("does not exist");
  await expect(admin.run("delete from snowflake.account_usage.tables")).rejects.toThrow("database SNOWFLAKE");
  await expect(admin.run("create database snowflake")).rejects.toThrow("Object 'SNOWFLAKE' already exists.");
  await expect(admin.run("grant usage on database snowflake to role reader")).rejects.toThrow("IMPORTED PRIVILEGES");
});

test("a view over it reads with its owner's rights", async () => {
  await admin.run(
    "create view d.public.loads as select table_name from snowflake.account_usage.tables where table_catalog = 'D'",
    "grant usage on schema d.public to role reader",
    "grant select on view d.public.loads to role reader",
  );
  const other = await snowglobe.connect();
  await other.run("use role reader", "use secondary roles none");
  expect(await other.column("select count(*) from d.public.loads where table_name = 'T'")).toEqual([1]);
});
