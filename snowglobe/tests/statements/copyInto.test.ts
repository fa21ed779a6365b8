import { gzipSync } from "node:zlib";
import { CopyAccount, type Row } from "./copyAccount";

const ADVICE =
  "If you would like to continue loading when an error is encountered, use other values such as 'SKIP_FILE' or 'CONTINUE' for the ON_ERROR option. For more information on loading options, please run 'info loading_data' in a SQL client.";
const QUOTED = `FILE_FORMAT = (TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '"')`;

let account: CopyAccount;
let run: (sql: string) => Promise<Row[]>;

beforeEach(async () => {
  account = await CopyAccount.open();
  run = (sql) => account.run(sql);
}, 30_000);

afterEach(() => account.close());

/** The outcome of a statement that must fail. */
async function failure(sql: string): Promise<{ code: string; sqlState: string; message: string }> {
  const error: unknown = await run(sql).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!error) throw new Error(`succeeded: ${sql}`);
  const { code, sqlState, message } = error as { code: string; sqlState: string; message: string };
  return { code, sqlState, message };
}

describe("a value of megabytes, as where a quote is missing", () => {
  test.each([
    ["v varchar(10)", "x".repeat(2_000_000), `User character length limit (10) exceeded by string '${"x".repeat(50)}'`],
    ["v int", "9".repeat(100_000), "Numeric value '999"],
    ["v date", "z".repeat(300_000), "Date 'zzz"],
    ["v boolean", "y".repeat(300_000), "Boolean value 'yyy"],
  ])("for %s stands in no message as a whole", async (column, value, begins) => {
    await run(`create table lv (${column})`);
    await account.stage("long.csv", `${value}\n`);
    const { message } = await failure("copy into lv from @st file_format = (type = csv)");
    expect(message.slice(0, begins.length)).toBe(begins);
    expect(message.length).toBeLessThan(1_200);
    expect(message).toContain("Row 1, column");
    const [row] = await run("copy into lv from @st file_format = (type = csv) on_error = continue");
    expect(JSON.stringify(row).length).toBeLessThan(1_000);
  });

  test("nor in another statement's error", async () => {
    for (const sql of [`select '${"9x".repeat(100_000)}'::int`, `select "${"c".repeat(100_000)}"`]) {
      expect((await failure(sql)).message.length).toBeLessThan(2_100);
    }
  });
});

describe("what a load reads", () => {
  test("answers a row a file, under Snowflake's column names", async () => {
    await run("CREATE TABLE t (a NUMBER, b VARCHAR)");
    await account.stage("one.csv.gz", "1,x\n2,y\n");
    await account.stage("two.csv", "3,z\n");
    expect(await run("COPY INTO t FROM @st")).toEqual([
      ["st/one.csv.gz", "LOADED", "2", "2", "1", "0", null, null, null, null],
      ["st/two.csv", "LOADED", "1", "1", "1", "0", null, null, null, null],
    ]);
    expect(await account.columns("COPY INTO t FROM @st FORCE = TRUE")).toEqual([
      "file",
      "status",
      "rows_parsed",
      "rows_loaded",
      "error_limit",
      "errors_seen",
      "first_error",
      "first_error_line",
      "first_error_character",
      "first_error_column_name",
    ]);
    expect(await run("SELECT a, b FROM t ORDER BY a")).toEqual([
      ["1", "x"],
      ["1", "x"],
      ["2", "y"],
      ["2", "y"],
      ["3", "z"],
      ["3", "z"],
    ]);
  });

  // Each text is read by the quick reader or by the exact one, whichever suits it; the rows must not tell which.
  test.each<[string, string, string, (string | null)[][]]>([
    [
      "nothing is NULL, quoted nothing is a text",
      QUOTED,
      `,""\n"",\n`,
      [
        [null, ""],
        ["", null],
      ],
    ],
    [
      "delimiters and line breaks in quotes",
      QUOTED,
      `"a,b","c\nd"\n"e""f","\r\n"\n`,
      [
        ["a,b", "c\nd"],
        ['e"f', "\r\n"],
      ],
    ],
    [
      "lines that end in CR LF",
      QUOTED,
      `a,"b"\r\nc,d\r\n`,
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "lines that end either way",
      QUOTED,
      `a,b\r\nc,d\n`,
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "a CR alone is data",
      QUOTED,
      `a,b\rc\nd,e\n`,
      [
        ["a", "b\rc"],
        ["d", "e"],
      ],
    ],
    [
      "no line break at the end",
      QUOTED,
      `a,b\nc,d`,
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "blanks stay",
      QUOTED,
      ` a , b \n  ,d\n`,
      [
        [" a ", " b "],
        ["  ", "d"],
      ],
    ],
    [
      "a quote inside a bare field",
      QUOTED,
      `a"b,c\nd,e\n`,
      [
        ['a"b', "c"],
        ["d", "e"],
      ],
    ],
    [
      "a blank before a quote makes the field bare",
      QUOTED,
      ` "a",b\nc,d\n`,
      [
        [' "a"', "b"],
        ["c", "d"],
      ],
    ],
    [
      "quotes are data without the option",
      "FILE_FORMAT = (TYPE = CSV)",
      `"a",""\nb,c\n`,
      [
        ['"a"', '""'],
        ["b", "c"],
      ],
    ],
    [
      "\\N is NULL",
      "FILE_FORMAT = (TYPE = CSV)",
      `\\N,b\nc,\\N\n`,
      [
        [null, "b"],
        ["c", null],
      ],
    ],
    [
      "a backslash keeps a delimiter",
      "FILE_FORMAT = (TYPE = CSV)",
      `a\\,b,c\nd\\\\,e\n`,
      [
        ["a,b", "c"],
        ["d\\", "e"],
      ],
    ],
    [
      "backslashes without escapes",
      "FILE_FORMAT = (TYPE = CSV ESCAPE_UNENCLOSED_FIELD = NONE)",
      `a\\b,c\nd,e\n`,
      [
        ["a\\b", "c"],
        ["d", "e"],
      ],
    ],
    [
      "ESCAPE in quotes",
      `FILE_FORMAT = (TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '"' ESCAPE = '\\\\')`,
      `"a\\"b",c\nd,e\n`,
      [
        ['a"b', "c"],
        ["d", "e"],
      ],
    ],
    [
      "NULL_IF, quoted too",
      `FILE_FORMAT = (TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '"' NULL_IF = ('-', 'NA'))`,
      `-,"NA"\nx,y\n`,
      [
        [null, null],
        ["x", "y"],
      ],
    ],
    [
      "EMPTY_FIELD_AS_NULL = FALSE",
      "FILE_FORMAT = (TYPE = CSV EMPTY_FIELD_AS_NULL = FALSE)",
      `,b\nc,\n`,
      [
        ["", "b"],
        ["c", ""],
      ],
    ],
    [
      "headers are skipped",
      "FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 2)",
      `x\ny,y,y\na,b\nc,d\n`,
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "SKIP_HEADER counts lines, not quotes",
      `FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '"')`,
      `x,"y\na,b\nc,d\n`,
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "another delimiter",
      "FILE_FORMAT = (TYPE = CSV FIELD_DELIMITER = '\\t')",
      `a\tb\nc\td\n`,
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "a delimiter in hex",
      "FILE_FORMAT = (TYPE = CSV FIELD_DELIMITER = '0x7C')",
      `a|b\nc|d\n`,
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "delimiters of several characters",
      "FILE_FORMAT = (TYPE = CSV FIELD_DELIMITER = '||' RECORD_DELIMITER = '<>')",
      `a||b\n<>c|||d`,
      [
        ["a", "b\n"],
        ["c", "|d"],
      ],
    ],
    [
      "blank lines are skipped on demand",
      "FILE_FORMAT = (TYPE = CSV SKIP_BLANK_LINES = TRUE)",
      `a,b\n\nc,d\n\n`,
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "short and long records on demand",
      "FILE_FORMAT = (TYPE = CSV ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE)",
      `a\nb,c,d\ne,f\n`,
      [
        ["a", null],
        ["b", "c"],
        ["e", "f"],
      ],
    ],
    [
      "all records short",
      "FILE_FORMAT = (TYPE = CSV ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE)",
      `a\nb\n`,
      [
        ["a", null],
        ["b", null],
      ],
    ],
    [
      "a byte order mark is dropped",
      QUOTED,
      `\ufeff"a",b\nc,d\n`,
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "other alphabets",
      QUOTED,
      `ä,"日本"\n🙂,é\n`,
      [
        ["ä", "日本"],
        ["🙂", "é"],
      ],
    ],
  ])("%s", async (_, format, text, expected) => {
    await run("CREATE TABLE t (a VARCHAR, b VARCHAR)");
    await account.stage("f.csv", text);
    await account.stage("g.csv.gz", text);
    const rows = expected.length;
    expect((await run(`COPY INTO t FROM @st ${format}`)).map((row) => row.slice(0, 4))).toEqual([
      ["st/f.csv", "LOADED", String(rows), String(rows)],
      ["st/g.csv.gz", "LOADED", String(rows), String(rows)],
    ]);
    const sorted = (list: (string | null)[][]): string[] => list.map((row) => JSON.stringify(row)).sort();
    expect(sorted(await run("SELECT a, b FROM t"))).toEqual(sorted([...expected, ...expected]));
  });

  test("values become the columns' types", async () => {
    await run("CREATE TABLE t (n NUMBER(6,2), f FLOAT, b BOOLEAN, d DATE, ts TIMESTAMP_NTZ, v VARCHAR(3))");
    await account.stage("f.csv", "1.239,1e3,yes,2024-02-29,2024-01-02 03:04:05,abc\n,,,,,\n");
    await run("COPY INTO t FROM @st");
    expect(await run("SELECT n, f, b, d::VARCHAR, ts::VARCHAR, v FROM t ORDER BY n NULLS LAST")).toEqual([
      ["1.24", "1000", "1", "2024-02-29", "2024-01-02 03:04:05.000", "abc"],
      [null, null, null, null, null, null],
    ]);
  });

  test("columns that are not named get their defaults", async () => {
    await run("CREATE TABLE t (a NUMBER DEFAULT 7, b VARCHAR, c VARCHAR)");
    await account.stage("f.csv", "x,y\n");
    await run("COPY INTO t (c, b) FROM @st");
    expect(await run("SELECT a, b, c FROM t")).toEqual([["7", "y", "x"]]);
  });

  test("columns by the names of the header; others are NULL", async () => {
    await run("CREATE TABLE t (a NUMBER DEFAULT 7, b VARCHAR, c VARCHAR)");
    await account.stage("f.csv", "C,other,b\n1,2,3\n4,5,6\n");
    const [row] = await run(
      "COPY INTO t FROM @st FILE_FORMAT = (TYPE = CSV PARSE_HEADER = TRUE) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE",
    );
    expect(row!.slice(0, 4)).toEqual(["st/f.csv", "LOADED", "2", "2"]);
    expect(await run("SELECT a, b, c FROM t ORDER BY c")).toEqual([
      [null, "3", "1"],
      [null, "6", "4"],
    ]);
  });

  test("a named format, and the stage's own", async () => {
    await run("CREATE TABLE t (a VARCHAR, b VARCHAR)");
    await run("CREATE FILE FORMAT bars TYPE = CSV FIELD_DELIMITER = '|'");
    await run("CREATE STAGE own FILE_FORMAT = (TYPE = CSV FIELD_DELIMITER = ';')");
    await account.stage("f.csv", "a|b\n");
    await account.stageIn("@own", "f.csv", "c;d\n");
    await run("COPY INTO t FROM @st FILE_FORMAT = (FORMAT_NAME = 'bars')");
    await run("COPY INTO t FROM @own");
    expect(await run("SELECT a, b FROM t ORDER BY a")).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  test("table stages, user stages, paths, FILES and PATTERN", async () => {
    await run("CREATE TABLE t (a VARCHAR)");
    await account.stageIn("@%t", "one.csv", "table\n");
    await account.stageIn("@~", "in/two.csv", "user\n");
    await account.stage("p/three.csv", "three\n");
    await account.stage("p/four.txt", "four\n");
    expect((await run("COPY INTO t"))[0]![0]).toBe("one.csv");
    expect((await run("COPY INTO t FROM @~/in"))[0]![0]).toBe("in/two.csv");
    expect((await run("COPY INTO t FROM @st/p/ FILES = ('three.csv')"))[0]![0]).toBe("st/p/three.csv");
    expect((await run("COPY INTO t FROM @st PATTERN = '.*[.]txt'"))[0]![0]).toBe("st/p/four.txt");
    expect(await run("SELECT a FROM t ORDER BY a")).toEqual([["four"], ["table"], ["three"], ["user"]]);
    expect(await failure("COPY INTO t FROM @st FILES = ('none.csv')")).toEqual({
      code: "091016",
      sqlState: "22000",
      message: "Remote file 'none.csv' was not found in the stage.",
    });
  });

  test("a query over the file's columns", async () => {
    await run("CREATE TABLE t (id NUMBER, name VARCHAR, source VARCHAR, missing VARCHAR)");
    await account.stage("f.csv", "1,ann,x\n2,bob,y\n");
    await run("COPY INTO t FROM (SELECT $1::NUMBER * 10, UPPER(s.$2), METADATA$FILENAME, $5 FROM @st s)");
    expect(await run("SELECT * FROM t ORDER BY id")).toEqual([
      ["10", "ANN", "f.csv", null],
      ["20", "BOB", "f.csv", null],
    ]);
    await run("CREATE TABLE numbered (n NUMBER, name VARCHAR)");
    await run("COPY INTO numbered FROM (SELECT METADATA$FILE_ROW_NUMBER, $2 FROM @st)");
    expect(await run("SELECT * FROM numbered ORDER BY n")).toEqual([
      ["1", "ann"],
      ["2", "bob"],
    ]);
  });
});

describe("bad rows", () => {
  beforeEach(async () => {
    await run("CREATE TABLE t (a NUMBER(4,1), b VARCHAR(3) NOT NULL, c DATE)");
  });

  test.each<[string, string, string, string, string]>([
    [
      "a number",
      "1,x,\n2x,y,\n",
      "100038",
      "22018",
      `Numeric value '2x' is not recognized\n  File 'st/f.csv', line 2, character 1\n  Row 2, column "T"["A":1]`,
    ],
    [
      "a date",
      `1,"x\nx",\n1,x,never\n`,
      "100040",
      "22007",
      `Date 'never' is not recognized\n  File 'st/f.csv', line 3, character 5\n  Row 2, column "T"["C":3]`,
    ],
    [
      "a text",
      "1,abc,\n1,abcd,\n",
      "100074",
      "54000",
      `User character length limit (3) exceeded by string 'abcd'\n  File 'st/f.csv', line 2, character 3\n  Row 2, column "T"["B":2]`,
    ],
    [
      "no value",
      "1,abc,\n1,,\n",
      "100088",
      "22000",
      `NULL result in a non-nullable column. Use quotes if an empty field should be interpreted as an empty string instead of a null\n  File 'st/f.csv', line 2, character 3\n  Row 2, column "T"["B":2]`,
    ],
    [
      "columns of the first record",
      "1,a\n",
      "100080",
      "22000",
      `Number of columns in file (2) does not match that of the corresponding table (3), use file format option error_on_column_count_mismatch=false to ignore this error\n  File 'st/f.csv', line 2, character 1\n  Row 1, column "T"["B":2]`,
    ],
    [
      "a record too short",
      "1,a,\n2,b\n",
      "100068",
      "22000",
      `End of record reached while expected to parse column '"T"["C":3]'\n  File 'st/f.csv', line 2, character 4\n  Row 2, column "T"["C":3]`,
    ],
    [
      "a record too long by nothing",
      "1,a,\n2,b,,\n",
      "100016",
      "22000",
      `Field delimiter ',' found while expecting record delimiter '\\n'\n  File 'st/f.csv', line 2, character 5\n  Row 2, column "T"["C":3]`,
    ],
    [
      "a blank line",
      "1,a,\n\n2,b,\n",
      "100068",
      "22000",
      `End of record reached while expected to parse column '"T"["B":2]'\n  File 'st/f.csv', line 2, character 1\n  Row 2, column "T"["B":2]`,
    ],
    [
      "text after a quote",
      `1,"a"b,\n`,
      "100065",
      "22000",
      `Found character 'b' instead of field delimiter ','\n  File 'st/f.csv', line 1, character 6\n  Row 1, column "T"["B":2]`,
    ],
    [
      "a blank after a quote",
      `1,"a" ,\n`,
      "100065",
      "22000",
      `Found character ' ' instead of field delimiter ','\n  File 'st/f.csv', line 1, character 6\n  Row 1, column "T"["B":2]`,
    ],
  ])("%s stops the load, and nothing is loaded", async (_, text, code, sqlState, message) => {
    await account.stage("e.csv", "7,ok,\n");
    await account.stage("f.csv", text);
    expect(await failure(`COPY INTO t FROM @st ${QUOTED}`)).toEqual({
      code,
      sqlState,
      message: `${message}\n  ${ADVICE}`,
    });
    expect(await run("SELECT count(*) FROM t")).toEqual([["0"]]);
  });

  test("the first row in the file's order is told, whatever is wrong with it", async () => {
    await account.stage("f.csv", "1,a,\n2,b,bad\n3,c\n");
    expect((await failure("COPY INTO t FROM @st")).message).toMatch(/^Date 'bad' is not recognized/);
    await account.stage("f.csv", "1,a,\n3,c\n2,b,bad\n");
    expect((await failure("COPY INTO t FROM @st")).message).toMatch(/^End of record/);
  });

  test("CONTINUE loads the others", async () => {
    await account.stage("f.csv", "1,a,\nx,b,\n3,c\n4,,\n5,e,2024-01-01\n");
    await account.stage("g.csv", "6,f,\n");
    await account.stage("h.csv", "z,z,z\n");
    expect(await run("COPY INTO t FROM @st ON_ERROR = CONTINUE")).toEqual([
      [
        "st/f.csv",
        "PARTIALLY_LOADED",
        "5",
        "2",
        "5",
        "3",
        "Numeric value 'x' is not recognized",
        "2",
        "1",
        `"T"["A":1]`,
      ],
      ["st/g.csv", "LOADED", "1", "1", "1", "0", null, null, null, null],
      ["st/h.csv", "LOAD_FAILED", "1", "0", "1", "1", "Numeric value 'z' is not recognized", "1", "1", `"T"["A":1]`],
    ]);
    expect(await run("SELECT a, b FROM t ORDER BY a")).toEqual([
      ["1.0", "a"],
      ["5.0", "e"],
      ["6.0", "f"],
    ]);
  });

  test("SKIP_FILE leaves files with bad rows out, from a number or a share of rows on", async () => {
    await account.stage("f.csv", "1,a,\nx,b,\ny,b,\n4,b,\n");
    await account.stage("g.csv", "6,f,\n");
    const statuses = async (onError: string): Promise<unknown> => {
      await run("TRUNCATE TABLE t");
      const rows = await run(`COPY INTO t FROM @st ON_ERROR = ${onError} FORCE = TRUE`);
      return rows.map(([, status, parsed, loaded, , errors]) => [status, parsed, loaded, errors]);
    };
    const whole = ["LOADED", "1", "1", "0"];
    expect(await statuses("SKIP_FILE")).toEqual([["LOAD_FAILED", "4", "0", "2"], whole]);
    expect(await run("SELECT a FROM t")).toEqual([["6.0"]]);
    expect(await statuses("SKIP_FILE_2")).toEqual([["LOAD_FAILED", "4", "0", "2"], whole]);
    expect(await statuses("SKIP_FILE_3")).toEqual([["PARTIALLY_LOADED", "4", "2", "2"], whole]);
    expect(await statuses("'SKIP_FILE_50%'")).toEqual([["PARTIALLY_LOADED", "4", "2", "2"], whole]);
    expect(await statuses("'SKIP_FILE_49%'")).toEqual([["LOAD_FAILED", "4", "0", "2"], whole]);
  });

  test("TRUNCATECOLUMNS and ENFORCE_LENGTH cut", async () => {
    await account.stage("f.csv", "1,abcdef,\n");
    await run("COPY INTO t FROM @st TRUNCATECOLUMNS = TRUE");
    await run("COPY INTO t FROM @st ENFORCE_LENGTH = FALSE FORCE = TRUE");
    expect(await run("SELECT b FROM t")).toEqual([["abc"], ["abc"]]);
  });

  test("RETURN_FAILED_ONLY shows only them", async () => {
    await account.stage("f.csv", "x,b,\n");
    await account.stage("g.csv", "6,f,\n");
    const rows = await run("COPY INTO t FROM @st ON_ERROR = CONTINUE RETURN_FAILED_ONLY = TRUE");
    expect(rows.map(([file]) => file)).toEqual(["st/f.csv"]);
  });

  test("a query that fails names the row", async () => {
    await account.stage("f.csv", "1,a\n2,b\nx,c\n");
    const { code, message } = await failure("COPY INTO t (a, b) FROM (SELECT $1, $2 FROM @st)");
    expect(code).toBe("100038");
    expect(message).toContain("Numeric value 'x' is not recognized\n  File 'st/f.csv', line 3, character 1\n  Row 3,");
  });

  test("a file cut off, or not in UTF-8, is told", async () => {
    const packed = gzipSync("1,a,\n".repeat(10_000));
    await account.stage("f.csv.gz", packed.subarray(0, packed.length - 20));
    expect((await failure("COPY INTO t FROM @st")).message).toMatch(/^File 'st\/f\.csv\.gz' cannot be unpacked/);
    await run("REMOVE @st");
    await account.stage("g.csv", Buffer.from([0x31, 0x2c, 0xe9, 0x2c, 0x0a]));
    expect((await failure("COPY INTO t FROM @st")).code).toBe("100144");
    await run("REMOVE @st");
    await account.stage("h.csv", "1,a,\n");
    expect((await failure("COPY INTO t FROM @st FILE_FORMAT = (COMPRESSION = GZIP)")).code).toBe("100092");
  });
});

describe("load metadata", () => {
  const none = [["Copy executed with 0 files processed."]];

  beforeEach(async () => {
    await run("CREATE TABLE t (a NUMBER)");
    await account.stage("f.csv", "1\n");
  });

  test("a file is loaded once, until its content changes, the table is truncated, or FORCE", async () => {
    expect(await account.columns("COPY INTO t FROM @st/none")).toEqual(["status"]);
    await run("COPY INTO t FROM @st");
    expect(await run("COPY INTO t FROM @st")).toEqual(none);
    await account.stage("f.csv", "2\n");
    expect((await run("COPY INTO t FROM @st"))[0]![1]).toBe("LOADED");
    expect((await run("COPY INTO t FROM @st FORCE = TRUE"))[0]![1]).toBe("LOADED");
    expect(await run("SELECT a FROM t ORDER BY a")).toEqual([["1"], ["2"], ["2"]]);
    await run("TRUNCATE TABLE t");
    expect((await run("COPY INTO t FROM @st"))[0]![1]).toBe("LOADED");
    await run("CREATE OR REPLACE TABLE t (a NUMBER)");
    expect((await run("COPY INTO t FROM @st"))[0]![1]).toBe("LOADED");
  });

  test("a failed load is no load, a partial one is", async () => {
    await account.stage("f.csv", "1\nx\n");
    await failure("COPY INTO t FROM @st");
    expect((await run("COPY INTO t FROM @st ON_ERROR = SKIP_FILE"))[0]![1]).toBe("LOAD_FAILED");
    expect((await run("COPY INTO t FROM @st ON_ERROR = CONTINUE"))[0]![1]).toBe("PARTIALLY_LOADED");
    expect(await run("COPY INTO t FROM @st ON_ERROR = CONTINUE")).toEqual(none);
  });

  test("in a transaction it counts with COMMIT, and goes with ROLLBACK", async () => {
    await run("BEGIN");
    await run("COPY INTO t FROM @st");
    expect(await run("COPY INTO t FROM @st")).toEqual(none);
    await run("ROLLBACK");
    expect(await run("SELECT count(*) FROM t")).toEqual([["0"]]);
    await run("BEGIN");
    await run("COPY INTO t FROM @st");
    await run("COMMIT");
    expect(await run("COPY INTO t FROM @st")).toEqual(none);
    await run("BEGIN");
    await run("TRUNCATE TABLE t");
    await run("COPY INTO t FROM @st");
    await run("COMMIT");
    expect(await run("SELECT a FROM t")).toEqual([["1"]]);
    expect(await run("COPY INTO t FROM @st")).toEqual(none);
  });

  test("of two loads at once one loads the file", async () => {
    const other = await account.otherSession();
    const answers = await Promise.all([run("COPY INTO t FROM @st"), account.run("COPY INTO t FROM @st", other)]);
    expect(answers.map((rows) => rows[0]!.length).sort((a, b) => a - b)).toEqual([1, 10]);
    expect(await run("SELECT a FROM t")).toEqual([["1"]]);
  });

  test("PURGE removes what was loaded in whole", async () => {
    await account.stage("g.csv", "x\n2\n");
    await run("COPY INTO t FROM @st ON_ERROR = CONTINUE PURGE = TRUE");
    expect((await run("LIST @st")).map(([name]) => name)).toEqual(["st/g.csv"]);
  });
});

test.each([
  ["FILE_FORMAT = (TYPE = AVRO)", "files of type AVRO"],
  ["FILE_FORMAT = (TYPE = CSV MULTI_LINE = FALSE)", "MULTI_LINE = FALSE"],
  ["FILE_FORMAT = (TYPE = CSV RECORD_DELIMITER = NONE)", "RECORD_DELIMITER = NONE"],
])("%s is refused by name", async (option, feature) => {
  await run("CREATE TABLE t (a NUMBER)");
  expect(await failure(`COPY INTO t FROM @st ${option}`)).toEqual({
    code: "000002",
    sqlState: "0A000",
    message: `Unsupported feature '${feature}'.`,
  });
});

test("what a query may not do is refused", async () => {
  await run("CREATE TABLE t (a NUMBER)");
  await account.stage("f.csv", "1\n");
  for (const query of ["SELECT count($1) FROM @st", "SELECT $1 FROM @st WHERE $1 > 1", "SELECT DISTINCT $1 FROM @st"]) {
    expect((await failure(`COPY INTO t FROM (${query})`)).message).toBe(
      "SQL compilation error:\nCOPY statement only supports simple SELECT from stage statements for import.",
    );
  }
});
