/** What SHOW, DESCRIBE and INFORMATION_SCHEMA answer, and what they refuse. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create warehouse w",
    "create database d2",
    "create table d2.public.z (a int)",
    "create database d1",
    "create schema d1.s",
    "create table d1.s.ab (n number(10,2) not null default 1, v varchar(10) comment 'vee', b binary(5), ts timestamp_tz(3))",
    `create table d1.s."ab_c" (a int)`,
    "create table d1.s.b (a int)",
    "create transient table d1.public.t (a int)",
    "create view d1.s.v (x) as select a from b",
    "use schema d1.s",
  );
});

afterAll(() => snowglobe.stop());

const names = async (sql: string): Promise<unknown[]> => (await client.rows(sql)).map((row) => row.name);

describe("SHOW", () => {
  test("LIKE is a pattern without case, STARTS WITH a prefix with it", async () => {
    expect(await names("show tables")).toEqual(["AB", "B", "ab_c"]);
    expect(await names("show tables like 'AB%'")).toEqual(["AB", "ab_c"]);
    expect(await names("show tables like 'ab\\\\_c'")).toEqual(["ab_c"]);
    expect(await names("show tables like '_'")).toEqual(["B"]);
    expect(await names("show tables like 'a.*'")).toEqual([]);
    expect(await names("show tables starts with 'ab'")).toEqual(["ab_c"]);
    expect(await names("show tables starts with 'A'")).toEqual(["AB"]);
  });

  test("LIMIT and FROM page through", async () => {
    expect(await names("show tables limit 2")).toEqual(["AB", "B"]);
    expect(await names("show tables limit 2 from 'B'")).toEqual(["ab_c"]);
    expect(await names("show tables like '%b%' in schema d1.s starts with 'A' limit 5 from 'A'")).toEqual(["AB"]);
  });

  test("IN: the session's schema, a schema, a database, the account; by place, then by name", async () => {
    expect(await names("show tables in d1.public")).toEqual(["T"]);
    expect(await names("show tables in schema s")).toEqual(["AB", "B", "ab_c"]);
    expect(await names("show tables in database d1")).toEqual(["T", "AB", "B", "ab_c"]);
    expect(await names("show tables in database d1 limit 2")).toEqual(["T", "AB"]);
    expect(await names("show tables in account")).toEqual(["T", "AB", "B", "ab_c", "Z"]);
    expect(await names("show views in database")).toEqual(["V"]);
    expect(await names("show objects in d1.s")).toEqual(["AB", "B", "V", "ab_c"]);
    expect(await names("show schemas in database d2")).toEqual(["INFORMATION_SCHEMA", "PUBLIC"]);
    expect(await names("show schemas in account")).toHaveLength(5);
    for (const sql of ["show tables in schema d1.gone", "show schemas in database gone", "show views in gone.s"]) {
      expect(await client.failure(sql)).toMatchObject({ code: "002043", sqlState: "02000" });
    }
    const fresh = await snowglobe.connect();
    expect((await fresh.rows("show tables")).length).toBe(5);
  });

  test("TERSE has five columns", async () => {
    const columns = ["created_on", "name", "kind", "database_name", "schema_name"];
    expect(Object.keys((await client.rows("show terse tables"))[0]!)).toEqual(columns);
    expect(await client.row("show terse tables in d1.public")).toMatchObject({
      kind: "TRANSIENT",
      database_name: "D1",
      schema_name: "PUBLIC",
    });
    expect(await client.row("show terse databases like 'd2'")).toMatchObject({ name: "D2", database_name: null });
    expect(await client.row("show terse views")).toMatchObject({ kind: "VIEW", schema_name: "S" });
  });

  test("columns, of one table or of a schema", async () => {
    const rows = await client.rows("show columns in table ab");
    expect(rows.map((row) => [row.column_name, row["null?"], row.default])).toEqual([
      ["N", "NOT_NULL", "1"],
      ["V", "true", ""],
      ["B", "true", ""],
      ["TS", "true", ""],
    ]);
    expect(JSON.parse(rows[0]!.data_type as string)).toEqual({
      type: "FIXED",
      precision: 10,
      scale: 2,
      nullable: false,
    });
    expect(JSON.parse(rows[1]!.data_type as string)).toMatchObject({ type: "TEXT", length: 10, byteLength: 40 });
    expect(await client.rows("show columns like 'v' in schema d1.s")).toMatchObject([{ table_name: "AB" }]);
    expect(await client.rows("show columns in view v")).toMatchObject([{ column_name: "X", table_name: "V" }]);
    expect(await client.failure("show columns in table gone")).toMatchObject({ code: "002003" });
  });

  test("results are read again by RESULT_SCAN and the pipe", async () => {
    await client.run("show tables");
    expect(
      await client.rows(`select "name" as n from table(result_scan(last_query_id())) where "rows" = 0 order by 1`),
    ).toEqual([{ N: "AB" }, { N: "B" }, { N: "ab_c" }]);
    expect(await client.rows(`show tables ->> select count(*) as n from $1`)).toEqual([{ N: 3 }]);
  });

  test("parameters: by level, by pattern, unknown ones refused", async () => {
    await client.run("alter database d1 set data_retention_time_in_days = 7");
    expect(await client.row("show parameters like 'data_ret%' in table d1.s.ab")).toMatchObject({
      key: "DATA_RETENTION_TIME_IN_DAYS",
      value: "7",
      default: "1",
      level: "DATABASE",
      type: "NUMBER",
    });
    await client.run("alter session set json_indent = 0");
    expect(await client.row("show parameters like 'json_indent'")).toMatchObject({ value: "0", level: "SESSION" });
    expect(await client.failure("alter session set no_such_parameter = 1")).toMatchObject({ code: "001006" });
    expect(await client.failure("alter session set timestamp_day_is_always_24h = true")).toMatchObject({
      code: "000002",
    });
    expect(await client.failure("alter session set timezone = 'Nowhere/Land'")).toMatchObject({ code: "001008" });
    for (const days of ["-1", "91", "1.5", "'x'"]) {
      expect(await client.failure(`alter table ab set data_retention_time_in_days = ${days}`)).toMatchObject({
        code: "001008",
      });
    }
    // All are checked before any is set.
    expect(await client.failure("alter session set json_indent = 3, timezone = 'Nowhere/Land'")).toBeDefined();
    expect(await client.row("show parameters like 'json_indent'")).toMatchObject({ value: "0" });
  });

  test("what cannot be made here has a listing without rows", async () => {
    for (const kind of ["external tables", "materialized views", "pipes", "streamlits"]) {
      expect(await client.rows(`show ${kind} like '%' in database d1`)).toEqual([]);
      expect(await client.failure(`show ${kind} in database gone`)).toMatchObject({ code: "002043" });
    }
    for (const kind of ["network policies", "resource monitors"]) expect(await client.rows(`show ${kind}`)).toEqual([]);
    const { statement } = await client.driver.execute("show pipes");
    expect((statement.getColumns() ?? []).map((column) => column.getName()).slice(0, 5)).toEqual([
      ...["created_on", "name", "database_name", "schema_name", "definition"],
    ]);
  });

  test("what is not there is refused by name", async () => {
    for (const [sql, feature] of [
      ["show secrets", "SHOW SECRETS"],
      ["show tables history", "SHOW TABLES HISTORY"],
      ["select * from d1.information_schema.packages", "INFORMATION_SCHEMA.PACKAGES"],
      ["create database copy clone d1 at (offset => -60)", "CREATE DATABASE ... CLONE ... AT"],
    ] as const) {
      expect(await client.failure(sql)).toEqual({
        code: "000002",
        sqlState: "0A000",
        message: `Unsupported feature '${feature}'.`,
      });
    }
    expect(await client.failure("select * from information_schema.no_such_view")).toMatchObject({ code: "002003" });
  });
});

describe("DESCRIBE", () => {
  test("a table's columns with types, nullability, default, keys and comments", async () => {
    expect(await client.rows("describe table ab type = columns")).toMatchObject([
      {
        name: "N",
        type: "NUMBER(10,2)",
        kind: "COLUMN",
        "null?": "N",
        default: "1",
        "primary key": "N",
        comment: null,
      },
      { name: "V", type: "VARCHAR(10)", "null?": "Y", comment: "vee" },
      { name: "B", type: "BINARY(5)" },
      { name: "TS", type: "TIMESTAMP_TZ(3)" },
    ]);
    expect(await client.rows("desc view v")).toMatchObject([{ name: "X", type: "NUMBER(38,0)" }]);
    expect(await client.failure("describe table d1.s.gone")).toMatchObject({
      message: "SQL compilation error:\nObject 'D1.S.GONE' does not exist or not authorized.",
    });
  });
});

describe("INFORMATION_SCHEMA", () => {
  test("tables with counts, kinds and times", async () => {
    await client.run("insert into b values (1), (2)");
    expect(
      await client.rows(
        "select table_schema s, table_name n, table_type t, is_transient i, row_count c from d1.information_schema.tables order by 1, 2",
      ),
    ).toEqual([
      { S: "PUBLIC", N: "T", T: "BASE TABLE", I: "YES", C: 0 },
      { S: "S", N: "AB", T: "BASE TABLE", I: "NO", C: 0 },
      { S: "S", N: "B", T: "BASE TABLE", I: "NO", C: 2 },
      { S: "S", N: "V", T: "VIEW", I: null, C: null },
      { S: "S", N: "ab_c", T: "BASE TABLE", I: "NO", C: 0 },
    ]);
    expect(await client.value("select count(*) from d2.information_schema.tables")).toBe(1);
  });

  test("columns, views, schemata, databases", async () => {
    expect(
      await client.rows(
        "select column_name c, data_type t, is_nullable n, column_default d, numeric_scale s, character_maximum_length l, comment from information_schema.columns where table_name = 'AB' order by ordinal_position",
      ),
    ).toEqual([
      { C: "N", T: "NUMBER", N: "NO", D: "1", S: 2, L: null, COMMENT: null },
      { C: "V", T: "TEXT", N: "YES", D: null, S: null, L: 10, COMMENT: "vee" },
      { C: "B", T: "BINARY", N: "YES", D: null, S: null, L: 5, COMMENT: null },
      { C: "TS", T: "TIMESTAMP_TZ", N: "YES", D: null, S: null, L: null, COMMENT: null },
    ]);
    expect(await client.value("select view_definition from information_schema.views")).toBe(
      "create view d1.s.v (x) as select a from b",
    );
    expect(await client.column("select schema_name from information_schema.schemata order by 1")).toEqual([
      "INFORMATION_SCHEMA",
      "PUBLIC",
      "S",
    ]);
    expect(await client.column("select database_name from information_schema.databases order by 1")).toEqual([
      "D1",
      "D2",
    ]);
  });

  test("shows a role what it may see", async () => {
    await client.run(
      "create role looker",
      "grant usage on database d1 to role looker",
      "grant usage on schema d1.s to role looker",
      "grant select on d1.s.b to role looker",
      "grant role looker to user admin",
    );
    const looker = await snowglobe.connect({ role: "looker", database: "d1", schema: "s", warehouse: "w" });
    expect(await looker.column("select table_name from information_schema.tables")).toEqual(["B"]);
    expect(await looker.column("select database_name from information_schema.databases")).toEqual(["D1"]);
    expect((await looker.rows("show objects in database d1")).map((row) => row.name)).toEqual(["B"]);
  });
});
