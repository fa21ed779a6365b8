/** The metadata statements that dbt-snowflake sends, as texts seen on the wire, and the columns it reads. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

const COMMENT =
  '/* {"app": "dbt", "dbt_version": "1.11.6", "profile_name": "balboa", "target_name": "dev", "connection_name": "list_BALBOA"} */';

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create warehouse WH_TRANSFORM",
    "create database BALBOA",
    "create schema BALBOA.DEV",
    "create table BALBOA.DEV.BASE (LOAN_ID number(38,0) not null, ADDR_STATE varchar(2), AMOUNT float)",
    "insert into BALBOA.DEV.BASE values (1, 'CA', 2.5), (2, 'WY', 3)",
  );
});

afterAll(() => snowglobe.stop());

describe("the cache", () => {
  test("schemas: terse, with a limit and dbt's comment behind", async () => {
    const rows = await client.rows(`show terse schemas in database BALBOA\n    limit 10000\n${COMMENT}`);
    expect(rows.map((row) => row.name)).toEqual(["DEV", "INFORMATION_SCHEMA", "PUBLIC"]);
    expect(Object.keys(rows[0]!)).toEqual(["created_on", "name", "kind", "database_name", "schema_name"]);
    expect(rows[0]).toMatchObject({ database_name: "BALBOA", schema_name: null });
  });

  test("objects of a schema, page by page", async () => {
    await client.run(
      `create dynamic table BALBOA.DEV.DT target_lag = 'downstream' warehouse = WH_TRANSFORM refresh_mode = AUTO initialize = ON_CREATE scheduler = 'ENABLE' as ( select ADDR_STATE from BALBOA.DEV.BASE )`,
      "create or replace   view BALBOA.DEV.V\n as (\n select 1 as A\n );",
      "create transient table BALBOA.DEV.TR (A int)",
    );
    const rows = await client.rows(`show objects in BALBOA.DEV\n    limit 10000\n    \n\n${COMMENT};`);
    expect(
      rows.map(({ name, kind, is_dynamic, is_iceberg, database_name, schema_name }) => ({
        name,
        kind,
        is_dynamic,
        is_iceberg,
        database_name,
        schema_name,
      })),
    ).toEqual(
      [
        { name: "BASE", kind: "TABLE", is_dynamic: "N" },
        { name: "DT", kind: "TABLE", is_dynamic: "Y" },
        { name: "TR", kind: "TABLE", is_dynamic: "N" },
        { name: "V", kind: "VIEW", is_dynamic: "N" },
      ].map((row) => ({ ...row, is_iceberg: "N", database_name: "BALBOA", schema_name: "DEV" })),
    );
    expect(rows[0]).toMatchObject({ rows: 2, owner: "ACCOUNTADMIN" });
    expect(rows[0]!.created_on).toBeInstanceOf(Date);
    expect(await client.column(`show objects in BALBOA.DEV limit 2`)).toHaveLength(2);
    const next = await client.rows(`show objects in BALBOA.DEV limit 2 from 'DT'`);
    expect(next.map((row) => row.name)).toEqual(["TR", "V"]);
  });

  test("a schema that is not there: the error that dbt looks for", async () => {
    for (const sql of ["show objects in BALBOA.GONE limit 10000", "show objects in GONE.DEV limit 10000"]) {
      expect(await client.failure(sql)).toEqual({
        code: "002043",
        sqlState: "02000",
        message: "SQL compilation error:\nObject does not exist, or operation cannot be performed.",
      });
    }
  });

  test("user functions", async () => {
    expect(await client.rows("show user functions in BALBOA.DEV")).toEqual([]);
    expect(await client.failure("show user functions in BALBOA.GONE")).toMatchObject({ code: "002043" });
  });

  test("a missing schema is made once", async () => {
    await client.run("create schema if not exists BALBOA.DEV_DBT_TEST__AUDIT");
    expect(await client.value("create schema if not exists BALBOA.DEV_DBT_TEST__AUDIT")).toBe(
      "DEV_DBT_TEST__AUDIT already exists, statement succeeded.",
    );
  });
});

describe("describe", () => {
  const types = async (name: string): Promise<unknown> =>
    (await client.rows(`describe table ${name}`)).map((row) => [row.name, row.type]);

  test("tables, views, temporary views, dynamic tables", async () => {
    expect(await types("BALBOA.DEV.BASE")).toEqual([
      ["LOAN_ID", "NUMBER(38,0)"],
      ["ADDR_STATE", "VARCHAR(2)"],
      ["AMOUNT", "FLOAT"],
    ]);
    await client.run(
      `create or replace temporary view BALBOA.DEV.x__dbt_tmp ("LOAN_ID" COMMENT $$the id$$, "AT" COMMENT $$$$) as (select LOAN_ID, '2026-01-01'::timestamp_ntz as AT from BALBOA.DEV.BASE)`,
    );
    expect(await types("BALBOA.DEV.x__dbt_tmp")).toEqual([
      ["LOAN_ID", "NUMBER(38,0)"],
      ["AT", "TIMESTAMP_NTZ(9)"],
    ]);
    expect((await client.rows("describe view BALBOA.DEV.x__dbt_tmp"))[0]).toMatchObject({ comment: "the id" });
    expect(await types("BALBOA.DEV.DT")).toEqual([["ADDR_STATE", "VARCHAR(2)"]]);
    const other = await snowglobe.connect();
    expect(await other.failure("describe table BALBOA.DEV.x__dbt_tmp")).toMatchObject({ code: "002003" });
    await client.run("drop view if exists BALBOA.DEV.x__dbt_tmp cascade");
    expect((await client.failure("describe table BALBOA.DEV.x__dbt_tmp")).message).toContain(
      "does not exist or not authorized",
    );
  });
});

describe("persist_docs", () => {
  test("comments on relations and columns", async () => {
    await client.run(
      "comment on table BALBOA.DEV.BASE IS $$the loans; 'all' of $them$$",
      `alter  table BALBOA.DEV.BASE alter "LOAN_ID" COMMENT $$the id$$, "ADDR_STATE" COMMENT $$$$`,
      "comment on dynamic table BALBOA.DEV.DT IS $$dynamic$$",
      `alter table BALBOA.DEV.DT alter "ADDR_STATE" COMMENT $$two letters$$`,
      "comment on view BALBOA.DEV.V IS $$a view$$",
      "comment on column BALBOA.DEV.V.A IS 'one'",
    );
    const comments = await client.rows("show objects in BALBOA.DEV");
    expect(comments.map((row) => row.comment)).toEqual(["the loans; 'all' of $them", "dynamic", "", "a view"]);
    expect((await client.rows("describe table BALBOA.DEV.BASE")).map((row) => row.comment)).toEqual([
      "the id",
      null,
      null,
    ]);
    expect(await client.row("describe table BALBOA.DEV.DT")).toMatchObject({ comment: "two letters" });
    expect(await client.row("describe view BALBOA.DEV.V")).toMatchObject({ comment: "one" });
  });

  test("a comment on what is not there", async () => {
    expect(await client.failure("comment on table BALBOA.DEV.GONE is 'x'")).toMatchObject({ code: "002003" });
    await client.run("comment if exists on table BALBOA.DEV.GONE is 'x'");
  });
});

describe("grants", () => {
  test("grant without a kind word, and what dbt reads to revoke", async () => {
    await client.run("create role REPORTER", "grant select on BALBOA.DEV.BASE to REPORTER");
    const rows = await client.rows("show grants on BALBOA.DEV.BASE");
    expect(rows.filter((row) => row.privilege !== "OWNERSHIP")).toMatchObject([
      { privilege: "SELECT", granted_on: "TABLE", granted_to: "ROLE", grantee_name: "REPORTER" },
    ]);
    await client.run("revoke select on BALBOA.DEV.BASE from REPORTER", "grant select on BALBOA.DEV.V to role REPORTER");
    expect((await client.rows("show grants on BALBOA.DEV.V")).map((row) => row.privilege)).toEqual([
      "OWNERSHIP",
      "SELECT",
    ]);
  });

  test("COPY GRANTS keeps them over OR REPLACE", async () => {
    await client.run("grant select on BALBOA.DEV.V to role REPORTER");
    await client.run("create or replace view BALBOA.DEV.V copy grants as (select 1 as A)");
    expect((await client.rows("show grants on BALBOA.DEV.V")).map((row) => row.privilege)).toContain("SELECT");
    await client.run("create or replace view BALBOA.DEV.V as (select 1 as A)");
    expect((await client.rows("show grants on BALBOA.DEV.V")).map((row) => row.privilege)).toEqual(["OWNERSHIP"]);
  });
});

describe("session", () => {
  test("query_tag by a model's config", async () => {
    const tag = (): Promise<unknown> =>
      client.row("show parameters like 'query_tag' in session").then((row) => row.value);
    expect(await tag()).toBe("");
    await client.run("alter session set query_tag = 'dbt; it''s me'");
    expect(await tag()).toBe("dbt; it's me");
    await client.run("alter session unset query_tag");
    expect(await tag()).toBe("");
  });

  test("a model's own warehouse", async () => {
    await client.run("create warehouse WH_OTHER", "use warehouse WH_TRANSFORM");
    expect(await client.row("select current_warehouse() as warehouse")).toEqual({ WAREHOUSE: "WH_TRANSFORM" });
    await client.run("use warehouse WH_OTHER", "use warehouse WH_TRANSFORM");
  });
});

describe("replacing kinds", () => {
  test("a plain table becomes a dynamic one by names, and a table again when that is dropped", async () => {
    await client.run(
      "create or replace transient table BALBOA.DEV.SWITCH as (select 1 as A)",
      "drop dynamic table if exists BALBOA.DEV.SWITCH__dbt_tmp",
      `create dynamic table BALBOA.DEV.SWITCH__dbt_tmp target_lag = '5 minutes' warehouse = WH_TRANSFORM refresh_mode = AUTO initialize = ON_CREATE scheduler = 'ENABLE' as ( select LOAN_ID from BALBOA.DEV.BASE )`,
      `drop table if exists "BALBOA"."DEV"."SWITCH__dbt_backup" cascade`,
      `alter table "BALBOA"."DEV"."SWITCH" rename to "BALBOA"."DEV"."SWITCH__dbt_backup"`,
      `alter dynamic table BALBOA.DEV.SWITCH__dbt_tmp rename to BALBOA.DEV.SWITCH`,
      `drop table if exists "BALBOA"."DEV"."SWITCH__dbt_backup" cascade`,
    );
    expect(await client.row(`show dynamic tables like 'SWITCH' in schema "BALBOA"."DEV"`)).toMatchObject({
      target_lag: "5 minutes",
      warehouse: "WH_TRANSFORM",
    });
    const replace = "create or replace transient table BALBOA.DEV.SWITCH as (select 2 as A)";
    expect((await client.failure(replace)).message).toMatch(/already exists as DYNAMIC_TABLE/);
    await client.run("drop table if exists BALBOA.DEV.SWITCH", replace);
    expect(await client.rows(`show dynamic tables like 'SWITCH' in schema "BALBOA"."DEV"`)).toEqual([]);
    expect(await client.row(`show tables like 'SWITCH' in schema "BALBOA"."DEV"`)).toMatchObject({ kind: "TRANSIENT" });
  });

  test("a clone of a transient table is transient; a view does not replace a table", async () => {
    await client.run("create or replace\n transient\n table BALBOA.DEV.COPIED\n clone BALBOA.DEV.TR");
    expect(await client.failure("create table BALBOA.DEV.PERMANENT clone BALBOA.DEV.TR")).toMatchObject({
      message: "SQL compilation error:\nTransient object cannot be cloned to a permanent object.",
    });
    expect(await client.failure("create or replace view BALBOA.DEV.TR as select 1 as A")).toMatchObject({
      code: "002203",
      message: "SQL compilation error:\nObject found is of type 'TABLE', not specified type 'VIEW'.",
    });
    expect(await client.failure("create or replace table BALBOA.DEV.V (A int)")).toMatchObject({ code: "002203" });
    expect(await client.failure("drop view BALBOA.DEV.TR")).toMatchObject({ code: "002203" });
  });
});

describe("docs generate and source freshness", () => {
  test("tables and columns in one query whose WHERE uses the select's aliases", async () => {
    const rows = await client.rows(`
      with tables as (
        select table_catalog as "table_database", table_schema as "table_schema", table_name as "table_name",
               case when is_dynamic = 'YES' and table_type = 'BASE TABLE' then 'DYNAMIC TABLE' else table_type end as "table_type",
               comment as "table_comment", table_owner as "table_owner",
               'Clustering Key' as "stats:clustering_key:label", clustering_key as "stats:clustering_key:value",
               (clustering_key is not null) as "stats:clustering_key:include",
               'Row Count' as "stats:row_count:label", row_count as "stats:row_count:value",
               (row_count is not null) as "stats:row_count:include",
               bytes as "stats:bytes:value",
               to_varchar(convert_timezone('UTC', last_altered), 'yyyy-mm-dd HH24:MI'||'UTC') as "stats:last_modified:value"
        from BALBOA.INFORMATION_SCHEMA.tables
        where ((("table_schema" ilike 'DEV' and upper("table_schema") = upper('DEV')
          and "table_name" ilike 'BASE' and upper("table_name") = upper('BASE'))
          or ("table_schema" ilike 'DEV' and upper("table_schema") = upper('DEV')
          and "table_name" ilike 'DT' and upper("table_name") = upper('DT'))))
      ), columns as (
        select table_catalog as "table_database", table_schema as "table_schema", table_name as "table_name",
               column_name as "column_name", ordinal_position as "column_index", data_type as "column_type",
               comment as "column_comment"
        from BALBOA.INFORMATION_SCHEMA.columns
        where (("table_schema" ilike 'DEV' and upper("table_schema") = upper('DEV')))
      )
      select * from tables join columns using ("table_database", "table_schema", "table_name")
      order by "column_index"\n${COMMENT}`);
    expect(rows.map((row) => [row.table_name, row.column_name, row.column_type])).toEqual(
      expect.arrayContaining([
        ["BASE", "LOAN_ID", "NUMBER"],
        ["BASE", "ADDR_STATE", "TEXT"],
        ["BASE", "AMOUNT", "FLOAT"],
        ["DT", "ADDR_STATE", "TEXT"],
      ]),
    );
    expect(rows).toHaveLength(4);
    const base = rows.find((row) => row.column_name === "LOAN_ID")!;
    expect(base).toMatchObject({
      table_type: "BASE TABLE",
      table_owner: "ACCOUNTADMIN",
      "stats:row_count:value": 2,
      "stats:row_count:include": true,
      "stats:clustering_key:include": false,
      "stats:last_modified:value": "2026-01-05 12:00UTC",
      column_comment: "the id",
    });
    expect(rows.find((row) => row.table_name === "DT")).toMatchObject({ table_type: "DYNAMIC TABLE" });
  });

  test("freshness by metadata", async () => {
    await snowglobe.advance(60);
    await client.run("insert into BALBOA.DEV.BASE values (3, 'NY', 1)");
    const row = await client.row(
      `select table_schema as schema, table_name as identifier, last_altered as last_modified, convert_timezone('UTC', current_timestamp()) as snapshotted_at from BALBOA.INFORMATION_SCHEMA.tables where ((upper(table_schema) = upper('DEV') and upper(table_name) = upper('BASE')))`,
    );
    expect(row).toMatchObject({ SCHEMA: "DEV", IDENTIFIER: "BASE" });
    expect((row.LAST_MODIFIED as Date).getTime()).toBe(Date.UTC(2026, 0, 5, 12, 1));
    expect((row.SNAPSHOTTED_AT as Date).getTime()).toBe(Date.UTC(2026, 0, 5, 12, 1));
  });

  test("the on-run-end macro's list of audit tables", async () => {
    await client.run("create or replace transient table BALBOA.DEV_DBT_TEST__AUDIT.not_null_x as (select 1 as A)");
    expect(
      await client.rows(
        "select table_schema, table_name from BALBOA.information_schema.tables where table_schema ilike '%DBT_TEST__AUDIT' and table_type = 'BASE TABLE' order by 1,2",
      ),
    ).toEqual([{ TABLE_SCHEMA: "DEV_DBT_TEST__AUDIT", TABLE_NAME: "NOT_NULL_X" }]);
  });
});
