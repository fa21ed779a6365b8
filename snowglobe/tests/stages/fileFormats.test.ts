/** COPY INTO <table> of JSON and Parquet, and of text in other encodings and compressions. */
import { brotliCompressSync, deflateRawSync, deflateSync } from "node:zlib";
import { CopyAccount, type Row } from "../statements/copyAccount";
import { parquet } from "./parquet";

let account: CopyAccount;
let run: (sql: string) => Promise<Row[]>;

beforeEach(async () => {
  account = await CopyAccount.open();
  run = (sql) => account.run(sql);
});
afterEach(() => account.close());

/** File, status, and rows parsed and loaded of a COPY. */
async function loads(sql: string): Promise<Row[]> {
  return (await run(sql)).map((row) => row.slice(0, 4));
}

async function failure(sql: string): Promise<{ code: string; message: string }> {
  const error: unknown = await run(sql).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!error) throw new Error(`succeeded: ${sql}`);
  const { code, message } = error as { code: string; message: string };
  return { code, message };
}

describe("CSV", () => {
  beforeEach(() => run("CREATE TABLE t (a VARCHAR, b VARCHAR)"));

  test.each([
    ["WINDOWS1252", Buffer.from([0x80, 0x2c, 0xe9, 0x0a]), ["€", "é"]],
    ["ISO88591", Buffer.from([0xa3, 0x2c, 0xe9, 0x0a]), ["£", "é"]],
    ["ISO-8859-15", Buffer.from([0xa4, 0x2c, 0xe9, 0x0a]), ["€", "é"]],
    ["UTF16", Buffer.from("\ufeffж,é\n", "utf16le"), ["ж", "é"]],
    ["UTF16LE", Buffer.from("ж,é\n", "utf16le"), ["ж", "é"]],
    ["UTF8", Buffer.from("\ufeffж,é\n"), ["ж", "é"]],
    ["SHIFTJIS", Buffer.from([0x82, 0xa0, 0x2c, 0x61, 0x0a]), ["あ", "a"]],
  ])("in %s", async (encoding, bytes, row) => {
    await account.stage("f.csv", bytes);
    await run(`COPY INTO t FROM @st FILE_FORMAT = (TYPE = CSV ENCODING = '${encoding}')`);
    expect(await run("SELECT * FROM t")).toEqual([row]);
  });

  test("bytes that are no characters are an error, or U+FFFD where the format says so", async () => {
    await account.stage("f.csv", Buffer.from([0x61, 0xe9, 0x2c, 0x62, 0x0a]));
    expect(await failure("COPY INTO t FROM @st")).toMatchObject({ code: "100144" });
    await run("COPY INTO t FROM @st FILE_FORMAT = (TYPE = CSV REPLACE_INVALID_CHARACTERS = TRUE)");
    expect(await run("SELECT * FROM t")).toEqual([["a\ufffd", "b"]]);
  });

  test.each([
    ["BROTLI", brotliCompressSync("x,y\n")],
    ["DEFLATE", deflateSync("x,y\n")],
    ["RAW_DEFLATE", deflateRawSync("x,y\n")],
  ])("packed by %s", async (compression, bytes) => {
    await account.stage("f.csv", bytes);
    await run(`COPY INTO t FROM @st FILE_FORMAT = (TYPE = CSV COMPRESSION = ${compression})`);
    expect(await run("SELECT * FROM t")).toEqual([["x", "y"]]);
  });

  test("what zlib packed is known by its header, what BZ2 did is refused", async () => {
    await account.stage("f.csv", deflateSync("x,y\n"));
    await run("COPY INTO t FROM @st");
    expect(await run("SELECT * FROM t")).toEqual([["x", "y"]]);
    expect((await failure("COPY INTO t FROM @st FILE_FORMAT = (COMPRESSION = BZ2) FORCE = TRUE")).code).toBe("000002");
  });

  // The page's own example of TRIM_SPACE.
  test("TRIM_SPACE takes blanks away around fields and around their quotes", async () => {
    await account.stage("f.csv", '"Hello world"|" Hello world "\n | "Hello world" \n x  |\ty\n');
    await run(`COPY INTO t FROM @st FILE_FORMAT =
      (TYPE = CSV FIELD_DELIMITER = '|' FIELD_OPTIONALLY_ENCLOSED_BY = '"' TRIM_SPACE = TRUE)`);
    expect(await run("SELECT * FROM t")).toEqual([
      ["Hello world", " Hello world "],
      [null, "Hello world"],
      ["x", "y"],
    ]);
  });

  test("dates, times, timestamps and bytes in formats of the file's", async () => {
    await run("CREATE TABLE v (d DATE, t TIME, ts TIMESTAMP_NTZ, b BINARY)");
    await account.stage("f.csv", "31/12/2024,11.30.00 PM,31.12.2024 23:30,aGk=\n");
    await run(`COPY INTO v FROM @st FILE_FORMAT = (TYPE = CSV DATE_FORMAT = 'DD/MM/YYYY'
      TIME_FORMAT = 'HH12.MI.SS AM' TIMESTAMP_FORMAT = 'DD.MM.YYYY HH24:MI' BINARY_FORMAT = BASE64)`);
    expect(await run("SELECT d::VARCHAR, t::VARCHAR, ts::VARCHAR, b::VARCHAR FROM v")).toEqual([
      ["2024-12-31", "23:30:00", "2024-12-31 23:30:00.000", "6869"],
    ]);
    await account.stage("g.csv", "12/31/2024,,,\n");
    expect(
      await failure("COPY INTO v FROM @st FILES = ('g.csv') FILE_FORMAT = (TYPE = CSV DATE_FORMAT = 'DD/MM/YYYY')"),
    ).toMatchObject({ code: "100040", message: expect.stringContaining("12/31/2024") as string });
  });

  test("SIZE_LIMIT begins no file after that many bytes", async () => {
    for (const name of ["a", "b", "c"]) await account.stage(`${name}.csv`, `${name},1\n`);
    expect((await run("COPY INTO t FROM @st SIZE_LIMIT = 5")).map(([file]) => file)).toEqual(["st/a.csv", "st/b.csv"]);
    expect((await run("COPY INTO t FROM @st SIZE_LIMIT = 1")).map(([file]) => file)).toEqual(["st/c.csv"]);
  });

  test("a query goes on past rows that it fails on", async () => {
    await run("CREATE TABLE n (a NUMBER)");
    await account.stage("f.csv", "1,x\ntwo,x\n3,x\nfour,x\n");
    expect(await loads("COPY INTO n FROM (SELECT $1 FROM @st) ON_ERROR = CONTINUE")).toEqual([
      ["st/f.csv", "PARTIALLY_LOADED", "4", "2"],
    ]);
    expect(await run("SELECT a FROM n ORDER BY a")).toEqual([["1"], ["3"]]);
  });

  test("VALIDATION_MODE shows rows or errors, and loads nothing", async () => {
    await run("CREATE TABLE n (a NUMBER, b VARCHAR)");
    await account.stage("f.csv", "1,x\n2,y\nthree,z\nfour,\n");
    expect(await run("COPY INTO n FROM @st VALIDATION_MODE = RETURN_2_ROWS")).toEqual([
      ["1", "x"],
      ["2", "y"],
    ]);
    expect(await failure("COPY INTO n FROM @st VALIDATION_MODE = RETURN_3_ROWS")).toMatchObject({ code: "100038" });
    const errors = await run("COPY INTO n FROM @st VALIDATION_MODE = RETURN_ERRORS");
    expect(errors.map((row) => row.slice(0, 3))).toEqual([
      ["Numeric value 'three' is not recognized", "st/f.csv", "3"],
      ["Numeric value 'four' is not recognized", "st/f.csv", "4"],
    ]);
    expect(errors.map((row) => row.slice(6))).toEqual([
      ["100038", "22018", '"N"["A":1]', "3", "3", "three,z"],
      ["100038", "22018", '"N"["A":1]', "4", "4", "four,"],
    ]);
    expect(await run("SELECT count(*) FROM n")).toEqual([["0"]]);
  });
});

describe("JSON", () => {
  const DOCUMENTS = '{"Id": 1, "name": "a", "at": "2024-02-29"}\n{"Id": 2,\n "name": null, "more": [1, "]"]}\n';

  test("each document is a row of one VARIANT", async () => {
    await run("CREATE TABLE t (v VARIANT)");
    await account.stage("f.json", DOCUMENTS);
    expect(await loads("COPY INTO t FROM @st FILE_FORMAT = (TYPE = JSON)")).toEqual([
      ["st/f.json", "LOADED", "2", "2"],
    ]);
    expect(await run("SELECT v FROM t ORDER BY v:Id::INT")).toEqual([
      ['{"Id":1,"at":"2024-02-29","name":"a"}'],
      ['{"Id":2,"more":[1,"]"],"name":null}'],
    ]);
  });

  test("an array around all is a document, or many", async () => {
    await run("CREATE TABLE t (v VARIANT)");
    await account.stage("f.json", '[{"a":1},\n{"a":2}]');
    await run("COPY INTO t FROM @st FILE_FORMAT = (TYPE = JSON)");
    expect(await run("SELECT v FROM t")).toEqual([['[{"a":1},{"a":2}]']]);
    await run("COPY INTO t FROM @st FILE_FORMAT = (TYPE = JSON STRIP_OUTER_ARRAY = TRUE) FORCE = TRUE");
    expect(await run("SELECT v:a FROM t WHERE v:a IS NOT NULL ORDER BY 1")).toEqual([["1"], ["2"]]);
  });

  test("by the names of columns", async () => {
    await run("CREATE TABLE t (id NUMBER, name VARCHAR, at DATE, more ARRAY, other NUMBER DEFAULT 7)");
    await account.stage("f.json", DOCUMENTS);
    await run("COPY INTO t FROM @st FILE_FORMAT = (TYPE = JSON) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE");
    expect(await run("SELECT id, name, at::VARCHAR, more, other FROM t ORDER BY id")).toEqual([
      ["1", "a", "2024-02-29", null, null],
      ["2", null, null, '[1,"]"]', null],
    ]);
  });

  test("by a query", async () => {
    await run("CREATE TABLE t (id NUMBER, name VARCHAR, n NUMBER)");
    await account.stage("f.json", DOCUMENTS);
    await run(
      "COPY INTO t FROM (SELECT $1:Id, s.$1:name::VARCHAR, METADATA$FILE_ROW_NUMBER FROM @st s) FILE_FORMAT = (TYPE = JSON)",
    );
    expect(await run("SELECT * FROM t ORDER BY id")).toEqual([
      ["1", "a", "1"],
      ["2", null, "2"],
    ]);
  });

  test("documents that are no JSON, and values that do not fit", async () => {
    await run("CREATE TABLE t (v VARIANT)");
    await run("CREATE TABLE n (a NUMBER)");
    await account.stage("f.json", '{"a": 1}\n{"a": nope}\n{"a": "x"}\n');
    const error = await failure("COPY INTO t FROM @st FILE_FORMAT = (TYPE = JSON)");
    expect(error).toMatchObject({ code: "100069", message: expect.stringContaining("Error parsing JSON") as string });
    expect(error.message).toContain("line 2");
    await run("COPY INTO t FROM @st FILE_FORMAT = (TYPE = JSON) ON_ERROR = CONTINUE");
    expect(await run("SELECT v:a FROM t ORDER BY 1")).toEqual([["1"], ['"x"']]);
    const byName = "FILE_FORMAT = (TYPE = JSON) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE";
    expect(await loads(`COPY INTO n FROM @st ${byName} ON_ERROR = CONTINUE`)).toEqual([
      ["st/f.json", "PARTIALLY_LOADED", "3", "1"],
    ]);
  });

  test("into several columns only by name or query", async () => {
    await run("CREATE TABLE t (a NUMBER, b NUMBER)");
    await account.stage("f.json", "{}");
    expect((await failure("COPY INTO t FROM @st FILE_FORMAT = (TYPE = JSON)")).message).toContain(
      "JSON file format can produce one and only one column of variant, object, or array type.",
    );
  });
});

describe("Parquet", () => {
  const QUERY = `SELECT 1::INTEGER AS id, 'é' AS name, 12.50::DECIMAL(10,2) AS amount, 0.5::DOUBLE AS share, true AS ok,
      DATE '2024-02-29' AS d, TIMESTAMP '2024-02-29 12:30:00.123456' AS ts,
      TIMESTAMPTZ '2024-02-29 12:30:00+00' AS tz, 'hi'::BLOB AS raw, [1, 2] AS list, {'x': 1} AS obj
    UNION ALL SELECT 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL ORDER BY 1`;

  test("by the names of columns, with their types", async () => {
    await run(`CREATE TABLE t (ID NUMBER, NAME VARCHAR, AMOUNT NUMBER(10,2), SHARE FLOAT, OK BOOLEAN, D DATE,
      TS TIMESTAMP_NTZ, TZ TIMESTAMP_TZ, RAW VARCHAR, LIST ARRAY, OBJ OBJECT, NONE NUMBER)`);
    await account.stage("f.parquet", await parquet(QUERY));
    expect(
      await loads("COPY INTO t FROM @st FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE"),
    ).toEqual([["st/f.parquet", "LOADED", "2", "2"]]);
    expect(
      await run(`SELECT id, name, amount, share, ok, d::VARCHAR, ts::VARCHAR, tz::VARCHAR, raw, list, obj, none
        FROM t ORDER BY id`),
    ).toEqual([
      [
        ...["1", "é", "12.50", "0.5", "1", "2024-02-29", "2024-02-29 12:30:00.123", "2024-02-29 12:30:00.000 +0000"],
        ...["hi", "[1,2]", '{"x":1}', null],
      ],
      ["2", ...Array.from({ length: 11 }, () => null)],
    ]);
  });

  test("as one document, and by a query as pandas writes it", async () => {
    await run("CREATE TABLE v (v VARIANT)");
    await run('CREATE TABLE t ("id" NUMBER, "name" VARCHAR, "d" DATE)');
    await account.stage("f.parquet", await parquet("SELECT 1 AS id, 'a' AS name, DATE '2024-02-29' AS d, 1.5 AS x"));
    await run("COPY INTO v FROM @st FILE_FORMAT = (TYPE = PARQUET)");
    expect(await run("SELECT v FROM v")).toEqual([['{"d":"2024-02-29","id":1,"name":"a","x":1.5}']]);
    await run(`COPY INTO t ("id","name","d") FROM (SELECT $1:"id"::NUMBER, $1:"name"::VARCHAR, $1:"d"::DATE FROM @st)
      FILE_FORMAT = (TYPE = PARQUET COMPRESSION = AUTO BINARY_AS_TEXT = FALSE) PURGE = TRUE ON_ERROR = abort_statement`);
    expect(await run('SELECT "id", "name", "d"::VARCHAR FROM t')).toEqual([["1", "a", "2024-02-29"]]);
    expect(await run("LIST @st")).toEqual([]);
  });

  test("rows that do not fit", async () => {
    await run("CREATE TABLE t (id NUMBER, name VARCHAR(1))");
    await account.stage(
      "f.parquet",
      await parquet("SELECT range AS id, repeat('x', range::INT) AS name FROM range(4)"),
    );
    const byName = "FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE";
    expect((await failure(`COPY INTO t FROM @st ${byName}`)).code).toBe("100078");
    expect(await loads(`COPY INTO t FROM @st ${byName} ON_ERROR = CONTINUE`)).toEqual([
      ["st/f.parquet", "PARTIALLY_LOADED", "4", "2"],
    ]);
    expect(await run("SELECT id FROM t ORDER BY id")).toEqual([["0"], ["1"]]);
  });

  test("what is no Parquet file", async () => {
    await run("CREATE TABLE v (v VARIANT)");
    await account.stage("f.parquet", "id,name\n1,a\n");
    expect((await failure("COPY INTO v FROM @st FILE_FORMAT = (TYPE = PARQUET)")).message).toContain("no Parquet file");
  });
});

describe("file formats", () => {
  test("every type can be named; what stands beside a name overrides it", async () => {
    for (const type of ["CSV", "JSON", "PARQUET", "AVRO", "ORC", "XML"])
      await run(`CREATE FILE FORMAT f_${type} TYPE = ${type}`);
    expect((await run("SHOW FILE FORMATS")).map((row) => row[4]).sort()).toEqual([
      ...["AVRO", "CSV", "JSON", "ORC", "PARQUET", "XML"],
    ]);
    await run("ALTER FILE FORMAT f_csv SET FIELD_DELIMITER = '|' SKIP_HEADER = 1");
    const described = await run("DESCRIBE FILE FORMAT f_csv");
    expect(described.find(([name]) => name === "FIELD_DELIMITER")).toEqual(["FIELD_DELIMITER", "String", "|", ","]);
    await run("CREATE TABLE t (a VARCHAR, b VARCHAR)");
    await account.stage("f.csv", "h|h\nx|y\n");
    await run("COPY INTO t FROM @st FILE_FORMAT = (FORMAT_NAME = 'f_csv' TRIM_SPACE = TRUE)");
    expect(await run("SELECT * FROM t")).toEqual([["x", "y"]]);
    expect((await failure("CREATE FILE FORMAT g TYPE = JSON FIELD_DELIMITER = ','")).message).toContain(
      "FIELD_DELIMITER",
    );
  });
});
