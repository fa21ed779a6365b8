/** Tables made by and growing with staged files, directory tables, and the history of loads. */
import { CopyAccount, type Row } from "../statements/copyAccount";
import { parquet } from "./parquet";

let account: CopyAccount;
let run: (sql: string) => Promise<Row[]>;

beforeEach(async () => {
  account = await CopyAccount.open();
  run = (sql) => account.run(sql);
});
afterEach(() => account.close());

const failure = (sql: string): Promise<string> =>
  run(sql).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );

/** Name, type and nullability of a table's columns. */
const columnsOf = async (table: string): Promise<Row[]> =>
  (await run(`DESCRIBE TABLE ${table}`)).map((row) => [row[0]!, row[1]!, row[3]!]);

describe("USING TEMPLATE and GENERATE_COLUMN_DESCRIPTION", () => {
  beforeEach(async () => {
    await run("CREATE FILE FORMAT pq TYPE = PARQUET");
    await run("CREATE FILE FORMAT js TYPE = JSON");
  });

  test("a table has the columns of the files, as INFER_SCHEMA finds them", async () => {
    await account.stage(
      "a.parquet",
      await parquet("SELECT 'x' AS country, 1::DECIMAL(9,0) AS n, DATE '2024-01-01' AS d"),
    );
    await run(
      "CREATE TABLE t USING TEMPLATE (SELECT ARRAY_AGG(OBJECT_CONSTRUCT(*)) FROM TABLE(INFER_SCHEMA(LOCATION => '@st/a.parquet', FILE_FORMAT => 'pq', IGNORE_CASE => TRUE))) ENABLE_SCHEMA_EVOLUTION = TRUE COMMENT = 'made'",
    );
    expect(await columnsOf("t")).toEqual([
      ["COUNTRY", "VARCHAR(16777216)", "Y"],
      ["N", "NUMBER(9,0)", "Y"],
      ["D", "DATE", "Y"],
    ]);
    await run("COPY INTO t FROM @st FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE");
    expect(await run("SELECT country, n FROM t")).toEqual([["x", "1"]]);
    expect(await failure("CREATE TABLE u USING TEMPLATE (SELECT 1)")).toContain("USING TEMPLATE needs");
  });

  test("names keep their case, and FILES chooses", async () => {
    await account.stage("in/a.json", '{"country": {"a": 1}, "continent": "EU"}');
    await account.stage("in/b.json", '{"other": 1}');
    const of = (kind: string): string =>
      `SELECT GENERATE_COLUMN_DESCRIPTION(ARRAY_AGG(OBJECT_CONSTRUCT(*)) WITHIN GROUP (ORDER BY order_id), '${kind}') FROM TABLE(INFER_SCHEMA(LOCATION => '@st/in/', FILES => ('a.json'), FILE_FORMAT => 'js'))`;
    expect(await run(of("table"))).toEqual([['"country" OBJECT,\n"continent" TEXT']]);
    expect(await run(of("external_table"))).toEqual([
      ['"country" OBJECT AS ($1:country::OBJECT),\n"continent" TEXT AS ($1:continent::TEXT)'],
    ]);
    expect(await run(of("view"))).toEqual([['"country" ,\n"continent"']]);
  });
});

describe("schema evolution", () => {
  test("a COPY by names adds what is new and drops NOT NULL of what is missing", async () => {
    await run("CREATE TABLE t (col1 VARCHAR, col2 VARCHAR NOT NULL, col3 VARCHAR)");
    await account.stage("file2.parquet", await parquet("SELECT 'd' AS col1, 'e' AS \"COL3\", 7 AS col4"));
    const copy = "COPY INTO t FROM @st FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE";
    expect(await failure(copy)).not.toBe("");
    const shown = 'SELECT "enable_schema_evolution" FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))';
    await run("SHOW TABLES LIKE 'T'");
    expect(await run(shown)).toEqual([["N"]]);
    await run("ALTER TABLE t SET ENABLE_SCHEMA_EVOLUTION = TRUE");
    await run("SHOW TABLES LIKE 'T'");
    expect(await run(shown)).toEqual([["Y"]]);
    await run(copy);
    expect(await run("SELECT col1, col2, col3, col4 FROM t")).toEqual([["d", null, "e", "7"]]);
    expect((await columnsOf("t")).map((row) => [row[0], row[2]])).toEqual([
      ["COL1", "Y"],
      ["COL2", "Y"],
      ["COL3", "Y"],
      ["COL4", "Y"],
    ]);
    const records = await run(
      "SELECT column_name, PARSE_JSON(schema_evolution_record):evolutionType::VARCHAR, PARSE_JSON(schema_evolution_record):fileName::VARCHAR FROM information_schema.columns WHERE table_name = 'T' AND schema_evolution_record IS NOT NULL ORDER BY 1",
    );
    expect(records).toEqual([
      ["COL2", "DROP_NOT_NULL", "st/file2.parquet"],
      ["COL4", "ADD_COLUMN", "st/file2.parquet"],
    ]);
  });

  test("CSV with a header and JSON grow too; without the option nothing does", async () => {
    await run("CREATE TABLE t (a NUMBER) ENABLE_SCHEMA_EVOLUTION = TRUE");
    await account.stage("f.csv", "a,b\n1,2024-01-02\n");
    const options = "MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE";
    await run(
      `COPY INTO t FROM @st/f.csv FILE_FORMAT = (TYPE = CSV PARSE_HEADER = TRUE ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE) ${options}`,
    );
    await account.stage("g.json", '{"A": 2, "c": true}');
    await run(`COPY INTO t FROM @st/g.json FILE_FORMAT = (TYPE = JSON) ${options}`);
    expect(await run("SELECT a, TO_VARCHAR(b), TO_VARCHAR(c) FROM t ORDER BY a")).toEqual([
      ["1", "2024-01-02", null],
      ["2", null, "true"],
    ]);
    await run("ALTER TABLE t SET ENABLE_SCHEMA_EVOLUTION = FALSE");
    await account.stage("h.json", '{"A": 3, "z": 1}');
    await run(`COPY INTO t FROM @st/h.json FILE_FORMAT = (TYPE = JSON) ${options}`);
    expect((await columnsOf("t")).length).toBe(3);
  });
});

describe("directory tables", () => {
  test("show what the last refresh has found", async () => {
    await run("CREATE STAGE ds DIRECTORY = (ENABLE = TRUE)");
    expect(await failure("SELECT * FROM DIRECTORY(@st)")).toContain("has no directory table");
    await run("ALTER STAGE st SET DIRECTORY = (ENABLE = TRUE)");
    await account.stage("a.csv", "12345");
    await account.stage("b/c.csv", "1");
    expect(await run("SELECT * FROM DIRECTORY(@st)")).toEqual([]);
    expect(await run("ALTER STAGE st REFRESH")).toEqual([
      ["a.csv", "REGISTERED_NEW", "File registered successfully."],
      ["b/c.csv", "REGISTERED_NEW", "File registered successfully."],
    ]);
    expect(await run("SELECT relative_path, size, md5, file_url FROM DIRECTORY(@st) d ORDER BY d.size DESC")).toEqual([
      [
        "a.csv",
        "5",
        "827ccb0eea8a706c4c34a16891f84e7b",
        "https://snowglobe.snowflakecomputing.com/api/files/DB/S/ST/a.csv",
      ],
      [
        "b/c.csv",
        "1",
        "c4ca4238a0b923820dcc509a6f75849b",
        "https://snowglobe.snowflakecomputing.com/api/files/DB/S/ST/b%2fc.csv",
      ],
    ]);
    expect(await run("SELECT SYSTEM$TYPEOF(last_modified) LIKE 'TIMESTAMP_TZ%' FROM DIRECTORY(@st) LIMIT 1")).toEqual([
      ["1"],
    ]);
    await run("REMOVE @st/a.csv");
    expect(await run("ALTER STAGE st REFRESH SUBPATH = 'b'")).toEqual([]);
    expect(await run("ALTER STAGE st REFRESH")).toEqual([["a.csv", "UNREGISTERED", "File unregistered successfully."]]);
    expect(await run("SELECT COUNT(*) FROM DIRECTORY(@st)")).toEqual([["1"]]);
    const enabled = (await run("DESCRIBE STAGE st")).filter((row) => row[0] === "DIRECTORY" && row[1] === "ENABLE");
    expect(enabled).toEqual([["DIRECTORY", "ENABLE", "Boolean", "true", "false"]]);
  });

  test("functions of files are refused by name; made-up ones do not exist", async () => {
    for (const call of [
      "BUILD_SCOPED_FILE_URL(@st, 'a.csv')",
      "BUILD_STAGE_FILE_URL(@st/b, 'a.csv')",
      "GET_PRESIGNED_URL(@st, 'a.csv', 60)",
      "GET_STAGE_LOCATION(@st)",
      "GET_RELATIVE_PATH(@st, 'x')",
    ]) {
      const name = call.slice(0, call.indexOf("("));
      expect(await failure(`SELECT ${call}`)).toContain(`Unsupported feature 'function ${name}'`);
    }
    expect(await failure("SELECT MAKE_UP(@st)")).toContain("Unknown function MAKE_UP");
    expect(await failure("SELECT UPPER(@st)")).toContain("Unsupported feature 'a stage as a value'");
  });

  test("a stage is renamed and altered", async () => {
    await account.stage("a.csv", "x|y\n");
    await run("ALTER STAGE st RENAME TO st2");
    await run("ALTER STAGE st2 SET FILE_FORMAT = (TYPE = CSV FIELD_DELIMITER = '|') COMMENT = 'c'");
    expect(await run("SELECT $2 FROM @st2")).toEqual([["y"]]);
    await run("CREATE FILE FORMAT f TYPE = CSV");
    await run("ALTER FILE FORMAT f RENAME TO f2");
    expect(await run("SELECT $1 FROM @st2 (FILE_FORMAT => 'f2')")).toEqual([["x|y"]]);
  });
});

describe("COPY_HISTORY and LOAD_HISTORY", () => {
  test("tell of each file, until TRUNCATE", async () => {
    await run("CREATE TABLE t (a NUMBER)");
    await account.stage("good.csv", "1\n2\n");
    await account.stage("mixed.csv", "3\nx\n");
    await run("COPY INTO t FROM @st ON_ERROR = CONTINUE");
    const history =
      "SELECT file_name, stage_location, row_count, row_parsed, error_count, status, first_error_line_number, table_name FROM TABLE(information_schema.copy_history(TABLE_NAME => 'T', START_TIME => DATEADD(hours, -1, CURRENT_TIMESTAMP()))) ORDER BY 1";
    expect(await run(history)).toEqual([
      ["good.csv", "@DB.S.ST", "2", "2", "0", "Loaded", null, "T"],
      ["mixed.csv", "@DB.S.ST", "1", "2", "1", "Partially loaded", "2", "T"],
    ]);
    expect(
      await run(
        "SELECT file_name, status, row_count FROM information_schema.load_history WHERE table_name = 'T' ORDER BY 1",
      ),
    ).toEqual([
      ["@DB.S.ST/good.csv", "LOADED", "2"],
      ["@DB.S.ST/mixed.csv", "PARTIALLY_LOADED", "1"],
    ]);
    await run("BEGIN");
    await account.stage("undone.csv", "9\n");
    await run("COPY INTO t FROM @st/undone.csv");
    await run("ROLLBACK");
    expect(await run(history)).toHaveLength(2);
    await run("TRUNCATE TABLE t");
    expect(await run(history)).toEqual([]);
  });
});
