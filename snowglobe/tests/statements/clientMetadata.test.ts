/** What clients ask of an account and a session: history, variables, functions, results, stages; files of statements. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;
let folder: string;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  folder = mkdtempSync(path.join(tmpdir(), "snowglobe-files-"));
  await client.run("create warehouse wh", "create database d", "create schema d.s", "create table t (a int)");
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await snowglobe.stop();
});

const values = async (sql: string): Promise<unknown[]> => (await client.rows(sql)).map((row) => Object.values(row));

describe("QUERY_HISTORY and its family", () => {
  test("statements with where they ran, how they ended and what they counted", async () => {
    await client.run("alter session set query_tag = 'tagged'", "insert into t values (1), (2)", "select * from t");
    await client.failure("select 1/0 from t");
    await client.run("begin", "delete from t where a = 7", "rollback", "alter session unset query_tag");
    const rows = await values(
      `select query_text, query_type, execution_status, error_code, database_name, schema_name, role_name, warehouse_name,
              warehouse_size, rows_produced, rows_inserted, transaction_id > 0, query_tag
       from table(information_schema.query_history_by_session()) where query_tag = 'tagged' order by start_time, query_text`,
    );
    const where = ["D", "S", "ACCOUNTADMIN", "WH", "X-Small"];
    expect(rows).toEqual(
      expect.arrayContaining([
        ["insert into t values (1), (2)", "INSERT", "SUCCESS", null, ...where, 1, 2, false, "tagged"],
        ["select * from t", "SELECT", "SUCCESS", null, ...where, 2, null, false, "tagged"],
        ["select 1/0 from t", "SELECT", "FAILED_WITH_ERROR", 100051, ...where, null, null, false, "tagged"],
        ["begin", "BEGIN_TRANSACTION", "SUCCESS", null, ...where, 1, null, true, "tagged"],
        ["delete from t where a = 7", "DELETE", "SUCCESS", null, ...where, 1, 0, true, "tagged"],
      ]),
    );
  });

  test("the newest first, up to a limit; the statement itself is running", async () => {
    await snowglobe.advance(10);
    await client.run("select 'one'", "select 'two'");
    const rows = await values(
      "select query_text, execution_status from table(information_schema.query_history(result_limit => 2))",
    );
    expect(rows[0]).toEqual([expect.stringContaining("result_limit"), "RUNNING"]);
    expect(rows).toHaveLength(2);
    expect(
      await values(
        `select query_text from table(information_schema.query_history(
           end_time_range_start => dateadd(second, -1, current_timestamp()), end_time_range_end => current_timestamp()))
         where query_text like 'select ''%' order by 1`,
      ),
    ).toEqual([["select 'one'"], ["select 'two'"]]);
  });

  test("by user and by warehouse; others' statements for those who watch the warehouse", async () => {
    await client.run(
      "create role worker",
      "create user ann password = 'a long enough password' default_role = worker",
      "grant role worker to user ann",
      "grant usage on warehouse wh to role worker",
      "grant usage on database d to role worker",
    );
    const ann = await snowglobe.connect({
      user: "ANN",
      password: "a long enough password",
      warehouse: "WH",
      database: "D",
    });
    await ann.run("select 'hers'");
    const mine = "select count(*) from table(information_schema.query_history_by_user('ADMIN'))";
    expect(await ann.value(mine)).toBe(0);
    await client.run("grant monitor on warehouse wh to role worker");
    expect(Number(await ann.value(mine))).toBeGreaterThan(5);
    expect(
      await values(
        "select user_name from table(information_schema.query_history_by_user(user_name => 'ann')) where query_text = 'select ''hers'''",
      ),
    ).toEqual([["ANN"]]);
    expect(
      await values(
        "select distinct warehouse_name from table(information_schema.query_history_by_warehouse(warehouse_name => 'wh'))",
      ),
    ).toEqual([["WH"]]);
  });
});

test("SHOW VARIABLES", async () => {
  await client.run("set (n, name) = (42, 'x')", "set flag = true");
  const rows = await client.rows("show variables");
  expect(Object.keys(rows[0]!)).toEqual([
    ...["session_id", "created_on", "updated_on", "name", "value", "type", "comment"],
  ]);
  expect(rows.map((row) => [row.name, row.value, row.type])).toEqual([
    ["FLAG", "true", "boolean"],
    ["N", "42", "fixed"],
    ["NAME", "x", "text"],
  ]);
  expect(await client.rows("show variables like 'n%'")).toHaveLength(2);
});

test("SHOW FUNCTIONS has the user's and the built-in ones", async () => {
  await client.run("create function twice(a int) returns int as '2 * a'");
  expect(await client.row("show functions like 'twice'")).toMatchObject({
    name: "TWICE",
    is_builtin: "N",
    schema_name: "S",
    arguments: "TWICE(NUMBER) RETURN NUMBER",
  });
  expect(await client.row("show functions like 'upper'")).toMatchObject({
    is_builtin: "Y",
    is_aggregate: "N",
    min_num_arguments: 1,
    max_num_arguments: 1,
    language: "SQL",
  });
  expect(await client.row("show functions like 'sum'")).toMatchObject({ is_aggregate: "Y" });
  expect(await client.rows("show user functions")).toHaveLength(1);
});

test("DESCRIBE RESULT, STAGE and WAREHOUSE", async () => {
  await client.run("select 1::number(5,2) as n, 'x'::varchar(3) as v, current_date() as d");
  expect((await client.rows("desc result last_query_id()")).map((row) => [row.name, row.type, row.kind])).toEqual([
    ["N", "NUMBER(5,2)", "COLUMN"],
    ["V", "VARCHAR(3)", "COLUMN"],
    ["D", "DATE", "COLUMN"],
  ]);
  expect(await client.failure("describe result '01234567-0000-0000-0000-000000000000'")).toMatchObject({
    code: "000709",
  });
  await client.run("create stage st file_format = (type = csv field_delimiter = '|')");
  const rows = await client.rows("describe stage st");
  expect(Object.keys(rows[0]!)).toEqual([
    ...["parent_property", "property", "property_type", "property_value", "property_default"],
  ]);
  expect(rows.find((row) => row.property === "FIELD_DELIMITER")).toMatchObject({
    property_value: "|",
    property_default: ",",
  });
  expect(new Set(rows.map((row) => row.parent_property))).toEqual(
    new Set(["STAGE_FILE_FORMAT", "STAGE_COPY_OPTIONS", "STAGE_LOCATION", "DIRECTORY"]),
  );
  expect(await client.row("describe warehouse wh")).toMatchObject({ name: "WH", kind: "WAREHOUSE" });
});

test("a sequence that was not used yet shows its start, and shows it again", async () => {
  await client.run("create sequence fresh start = 5 increment = 3");
  for (let time = 0; time < 2; time++) {
    expect(await client.row("show sequences like 'fresh'")).toMatchObject({ next_value: 5 });
  }
  expect(await client.value("select fresh.nextval")).toBe(5);
});

test("INFORMATION_SCHEMA as a schema has no grants of its own", async () => {
  expect(await client.rows("show grants on schema information_schema")).toEqual([]);
  expect(await client.rows("show grants on schema d.information_schema")).toEqual([]);
  expect(await client.failure("show grants on schema gone.information_schema")).toMatchObject({ code: "002003" });
});

test("functions of the client's session", async () => {
  expect(JSON.parse(String(await client.value("select current_available_roles()")))).toEqual(
    expect.arrayContaining(["ACCOUNTADMIN", "PUBLIC", "SYSADMIN"]),
  );
  expect(await client.value("select current_ip_address()")).toBe("127.0.0.1");
  expect(await client.value("select current_region()")).toMatch(/^(AWS|AZURE|GCP)_[A-Z0-9_]+$/);
  expect(JSON.parse(String(await client.value("select system$bootstrap_data_request('ACCOUNT')")))).toMatchObject({
    accountInfo: { serviceLevelName: "ENTERPRISE" },
  });
  expect(await client.failure("select system$bootstrap_data_request('SHARES')")).toMatchObject({ code: "000002" });
});

describe("EXECUTE IMMEDIATE FROM", () => {
  const put = async (name: string, text: string): Promise<void> => {
    const file = path.join(folder, path.basename(name));
    writeFileSync(file, text);
    const target = path.posix.dirname(name);
    await client.run(
      `put 'file://${file}' @scripts/${target === "." ? "" : target} auto_compress = false overwrite = true`,
    );
  };
  beforeAll(() => client.run("create stage scripts"));

  test("runs the statements of a file, and answers what the last one does", async () => {
    await put(
      "sql/all.sql",
      "create or replace table made (a int);\ninsert into made values (1), (2);\n-- all\nselect sum(a) as s from made;\n",
    );
    expect(await values("execute immediate from @scripts/sql/all.sql")).toEqual([[3]]);
    expect(await values("execute immediate from '@scripts/sql/all.sql'")).toEqual([[3]]);
    await put("sql/block.sql", "begin\n  let x := 20 + 1;\n  return x * 2;\nend;\n");
    expect(await values("execute immediate from @d.s.scripts/sql/block.sql")).toEqual([[42]]);
  });

  test("files may execute files beside them", async () => {
    await put("a/outer.sql", "execute immediate from './inner.sql';");
    await put("a/inner.sql", "execute immediate from '../b/deep.sql';");
    await put("b/deep.sql", "execute immediate from '/root.sql';");
    await put("root.sql", "select 'root' as r;");
    expect(await values("execute immediate from @scripts/a/outer.sql")).toEqual([["root"]]);
    await put("loop.sql", "execute immediate from 'loop.sql';");
    expect(await client.failure("execute immediate from @scripts/loop.sql")).toMatchObject({ code: "000002" });
  });

  test("errors say in which file and where; what ran before stays done", async () => {
    await put("bad.sql", "insert into made values (99);\n\n  select * from gone;\nselect 1;");
    const failure = await client.failure("execute immediate from @scripts/bad.sql");
    expect(failure).toMatchObject({ code: "002003", sqlState: "42S02" });
    expect(failure.message).toMatch(
      /^Uncaught exception of type 'STATEMENT_ERROR' in file @SCRIPTS\/bad.sql on line 3 at position 2:\n/,
    );
    expect(await client.value("select count(*) from made where a = 99")).toBe(1);
    expect(await client.failure("execute immediate from @scripts/no.sql")).toMatchObject({
      code: "001501",
      sqlState: "02000",
    });
    expect(await client.failure("execute immediate from 'x.sql'")).toMatchObject({ code: "001503", sqlState: "42601" });
    expect(await client.failure("execute immediate from @gone/x.sql")).toMatchObject({
      code: "002003",
      sqlState: "02000",
    });
    await put("template.sql", "--!jinja\nselect {{ x }};");
    expect(await client.failure("execute immediate from @scripts/template.sql")).toMatchObject({ code: "000002" });
    expect(await client.failure("execute immediate from @scripts/bad.sql using (a => 1)")).toMatchObject({
      code: "000002",
    });
  });
});
