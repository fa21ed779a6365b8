/** Queries over staged files, VALIDATE and INFER_SCHEMA. */
import { CopyAccount, type Row } from "../statements/copyAccount";
import { parquet } from "./parquet";

let account: CopyAccount;
let run: (sql: string) => Promise<Row[]>;

beforeEach(async () => {
  account = await CopyAccount.open();
  run = (sql) => account.run(sql);
});
afterEach(() => account.close());

async function failure(sql: string): Promise<{ code: string; message: string }> {
  const error: unknown = await run(sql).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!error) throw new Error(`succeeded: ${sql}`);
  const { code, message } = error as { code: string; message: string };
  return { code, message };
}

describe("SELECT from a stage", () => {
  test("columns by position, with the file's name and row", async () => {
    await account.stage("a/one.csv", "1,x\n2,y\n");
    await account.stage("a/two.csv", '3,"z, z",more\n');
    await run("CREATE FILE FORMAT quoted TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '\"'");
    expect(
      await run(`SELECT METADATA$FILENAME, METADATA$FILE_ROW_NUMBER, t.$1::INT, t.$2, $3
        FROM @st/a (FILE_FORMAT => quoted) t ORDER BY 1, 2`),
    ).toEqual([
      ["a/one.csv", "1", "1", "x", null],
      ["a/one.csv", "2", "2", "y", null],
      ["a/two.csv", "1", "3", "z, z", "more"],
    ]);
    expect(await run("SELECT $1 FROM @st/a (FILE_FORMAT => 'quoted', PATTERN => '.*two.*')")).toEqual([["3"]]);
    expect(await run("SELECT count(*), sum($1::INT) FROM @db.s.st (FILE_FORMAT => db.s.quoted)")).toEqual([["3", "6"]]);
    expect(await run("SELECT * FROM @st/a/one.csv ORDER BY 1")).toEqual([
      ["1", "x"],
      ["2", "y"],
    ]);
    expect(await run("SELECT $1, $4 FROM @st/none")).toEqual([]);
  });

  test("documents of JSON and of Parquet, joined with a table", async () => {
    await run("CREATE FILE FORMAT j TYPE = JSON");
    await run("CREATE FILE FORMAT p TYPE = PARQUET");
    await account.stage("f.json", '{"id": 1, "tags": ["a", "b"]}\n{"id": 2, "tags": []}\n');
    await account.stage("f.parquet", await parquet("SELECT 2 AS id, 'two' AS name"));
    expect(
      await run(`SELECT j.$1:id::INT, t.value::VARCHAR FROM @st/f.json (FILE_FORMAT => j) j,
        LATERAL FLATTEN(j.$1:tags) t ORDER BY 2`),
    ).toEqual([
      ["1", "a"],
      ["1", "b"],
    ]);
    expect(
      await run(`SELECT p.$1:name::VARCHAR FROM @st/f.json (FILE_FORMAT => j) j
        JOIN @st/f.parquet (FILE_FORMAT => p) p ON p.$1:id = j.$1:id`),
    ).toEqual([["two"]]);
    await run("CREATE TABLE made AS SELECT $1:id::INT AS id FROM @st/f.json (FILE_FORMAT => j)");
    await run("INSERT INTO made SELECT $1:id::INT + 10 FROM @st/f.json (FILE_FORMAT => j)");
    expect(await run("SELECT id FROM made ORDER BY id")).toEqual([["1"], ["2"], ["11"], ["12"]]);
  });

  test("what cannot be read is told; a view cannot keep a stage", async () => {
    await run("CREATE FILE FORMAT quoted TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '\"'");
    await account.stage("f.csv", '1,"open\n');
    expect((await failure("SELECT $1 FROM @st (FILE_FORMAT => quoted)")).message).toContain("f.csv");
    expect((await failure("SELECT $1 FROM @nowhere")).code).toBe("002003");
    expect((await failure("CREATE VIEW v AS SELECT $1 a FROM @st")).code).toBe("000002");
  });
});

describe("VALIDATE", () => {
  test("shows what the last load, or one by its id, rejected", async () => {
    await run("CREATE TABLE t (a NUMBER, b VARCHAR)");
    await account.stage("f.csv", "1,x\ntwo,y\n3,z\nfour,\n");
    await run("COPY INTO t FROM @st ON_ERROR = CONTINUE");
    const [[id]] = (await run("SELECT last_query_id()")) as [[string]];
    const expected = [
      ["Numeric value 'two' is not recognized", "st/f.csv", "2", "two,y"],
      ["Numeric value 'four' is not recognized", "st/f.csv", "4", "four,"],
    ];
    const columns = "error, file, row_number, rejected_record";
    expect(await run(`SELECT ${columns} FROM TABLE(VALIDATE(t, JOB_ID => '_last')) ORDER BY row_number`)).toEqual(
      expected,
    );
    expect(await run(`SELECT ${columns} FROM TABLE(VALIDATE(db.s.t, JOB_ID => '${id}')) ORDER BY 3`)).toEqual(expected);
    await account.stage("g.csv", "5,x\n");
    await run("COPY INTO t FROM @st FILES = ('g.csv')");
    expect(await run("SELECT * FROM TABLE(VALIDATE(t, JOB_ID => '_last'))")).toEqual([]);
  });

  test("of a load that there was not", async () => {
    await run("CREATE TABLE t (a NUMBER)");
    expect((await failure("SELECT * FROM TABLE(VALIDATE(t, JOB_ID => '_last'))")).code).toBe("000709");
  });
});

describe("INFER_SCHEMA", () => {
  const infer = (format: string, more = ""): string =>
    `SELECT column_name, type, nullable, expression, order_id FROM TABLE(INFER_SCHEMA(LOCATION => '@st', FILE_FORMAT => '${format}'${more})) ORDER BY order_id`;

  test("of Parquet", async () => {
    await run("CREATE FILE FORMAT f TYPE = PARQUET");
    await account.stage(
      "f.parquet",
      await parquet(
        "SELECT 1::BIGINT AS id, 'a' AS name, 1.5::DECIMAL(10,2) AS x, 0.5::DOUBLE AS y, DATE '2024-01-01' AS d",
      ),
    );
    expect(await run(infer("f"))).toEqual([
      ["id", "NUMBER(38, 0)", "1", "$1:id::NUMBER(38, 0)", "0"],
      ["name", "TEXT", "1", "$1:name::TEXT", "1"],
      ["x", "NUMBER(10, 2)", "1", "$1:x::NUMBER(10, 2)", "2"],
      ["y", "REAL", "1", "$1:y::REAL", "3"],
      ["d", "DATE", "1", "$1:d::DATE", "4"],
    ]);
    expect((await run(infer("f", ", IGNORE_CASE => TRUE")))[0]).toEqual([
      ...["ID", "NUMBER(38, 0)", "1", "GET_IGNORE_CASE ($1, ID)::NUMBER(38, 0)", "0"],
    ]);
  });

  test("of JSON and CSV", async () => {
    await run("CREATE FILE FORMAT j TYPE = JSON");
    await run("CREATE FILE FORMAT c TYPE = CSV PARSE_HEADER = TRUE");
    await account.stage(
      "f.json",
      '{"ok": true, "d": "2024-01-01", "t": "2024-01-01 10:00:00", "n": 12}\n{"n": 1.25}\n',
    );
    expect(await run(infer("j"))).toEqual([
      ["ok", "BOOLEAN", "1", "$1:ok::BOOLEAN", "0"],
      ["d", "DATE", "1", "$1:d::DATE", "1"],
      ["t", "TIMESTAMP_NTZ", "1", "$1:t::TIMESTAMP_NTZ", "2"],
      ["n", "NUMBER(4, 2)", "1", "$1:n::NUMBER(4, 2)", "3"],
    ]);
    await run("REMOVE @st");
    await account.stage("f.csv", "id,name\n1,a\n20,b\n");
    expect(await run(infer("c"))).toEqual([
      ["id", "NUMBER(2, 0)", "1", "$1::NUMBER(2, 0)", "0"],
      ["name", "TEXT", "1", "$2::TEXT", "1"],
    ]);
  });
});
