/** COPY INTO <location>: what files are written, and what is in them. */
import { gunzipSync } from "node:zlib";
import { CopyAccount, type Row } from "../statements/copyAccount";

let account: CopyAccount;
let run: (sql: string) => Promise<Row[]>;

beforeEach(async () => {
  account = await CopyAccount.open();
  run = (sql) => account.run(sql);
  await run("CREATE TABLE t (id NUMBER, name VARCHAR, d DATE, x FLOAT)");
  await run(
    `INSERT INTO t VALUES (1, 'a,b', '2024-02-29', 1.5), (2, NULL, NULL, NULL), (3, 'say "hi"', '2024-03-01', 2)`,
  );
});
afterEach(() => account.close());

const files = async (): Promise<(string | null)[]> => (await run("LIST @st")).map(([name]) => name!);

async function failure(sql: string): Promise<{ code: string; message: string }> {
  const error: unknown = await run(sql).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!error) throw new Error(`succeeded: ${sql}`);
  const { code, message } = error as { code: string; message: string };
  return { code, message };
}

test("CSV, packed by gzip, under a name of its own; the answer counts", async () => {
  const [[rows, inputBytes, outputBytes]] = (await run("COPY INTO @st/out/ FROM (SELECT * FROM t ORDER BY id)")) as [
    Row,
  ];
  expect(rows).toBe("3");
  expect(await files()).toEqual(["st/out/data_0_0_0.csv.gz"]);
  const packed = await account.read("out/data_0_0_0.csv.gz");
  expect(packed.length).toBe(Number(outputBytes));
  const text = gunzipSync(packed).toString();
  expect(text.length).toBe(Number(inputBytes));
  expect(text).toBe('1,a\\,b,2024-02-29,1.5\n2,\\N,\\N,\\N\n3,say "hi",2024-03-01,2\n');
});

test("header, quotes, NULLs and formats as the file format says", async () => {
  await run(`COPY INTO @st/one.csv FROM (SELECT * FROM t ORDER BY id) SINGLE = TRUE HEADER = TRUE
    FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE FIELD_DELIMITER = '|' FIELD_OPTIONALLY_ENCLOSED_BY = '"'
      NULL_IF = () DATE_FORMAT = 'DD/MM/YYYY')`);
  expect((await account.read("one.csv")).toString()).toBe(
    '"ID"|"NAME"|"D"|"X"\n1|"a,b"|29/02/2024|1.5\n2|||\n3|"say ""hi"""|01/03/2024|2\n',
  );
});

test("what was unloaded loads again as it was", async () => {
  await run("CREATE TABLE back LIKE t");
  for (const format of ["(TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '\"')", "(TYPE = CSV)"]) {
    await run(`COPY INTO @st/again FROM t FILE_FORMAT = ${format} OVERWRITE = TRUE`);
    await run(`COPY INTO back FROM @st/again FILE_FORMAT = ${format}`);
    expect(await run("SELECT id, name, d::VARCHAR, x FROM back ORDER BY id")).toEqual(
      await run("SELECT id, name, d::VARCHAR, x FROM t ORDER BY id"),
    );
    await run("TRUNCATE TABLE back");
  }
  await run("COPY INTO @st/p FROM t FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE");
  expect(await files()).toContain("st/p_0_0_0.snappy.parquet");
  await run("COPY INTO back FROM @st/p FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_SENSITIVE");
  expect(await run("SELECT count(*), count(name), sum(x) FROM back")).toEqual([["3", "2", "3.5"]]);
});

test("JSON of one semi-structured column", async () => {
  await run(
    "COPY INTO @st/j FROM (SELECT object_construct('id', id, 'name', name) FROM t ORDER BY id) FILE_FORMAT = (TYPE = JSON COMPRESSION = NONE)",
  );
  expect((await account.read("j_0_0_0.json")).toString()).toBe(
    '{"id":1,"name":"a,b"}\n{"id":2}\n{"id":3,"name":"say \\"hi\\""}\n',
  );
  expect((await failure("COPY INTO @st/k FROM t FILE_FORMAT = (TYPE = JSON)")).message).toContain("OBJECT_CONSTRUCT");
});

test("a folder for each partition", async () => {
  const answer =
    await run(`COPY INTO @st/by FROM t PARTITION BY ('year=' || year(d)) FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE)
    DETAILED_OUTPUT = TRUE`);
  expect(answer.map(([name, , rows]) => [name!.replace(/[0-9a-f-]{36}/, "ID"), rows]).sort()).toEqual([
    ["by/__NULL__/data_ID_0_0_0.csv", "1"],
    ["by/year=2024/data_ID_0_0_0.csv", "2"],
  ]);
});

test("files that are there stay unless OVERWRITE says otherwise; no rows make no file", async () => {
  await run("COPY INTO @st/x FROM t");
  expect((await failure("COPY INTO @st/x FROM t")).message).toContain("already existing at the unload destination");
  await run("COPY INTO @st/x FROM t OVERWRITE = TRUE");
  expect(await run("COPY INTO @st/none FROM (SELECT * FROM t WHERE id > 9)")).toEqual([["0", "0", "0"]]);
  expect(await files()).toEqual(["st/x_0_0_0.csv.gz"]);
});

test("more than one file where rows exceed MAX_FILE_SIZE", async () => {
  await run("COPY INTO @st/m FROM (SELECT seq4() FROM TABLE(GENERATOR(ROWCOUNT => 100))) MAX_FILE_SIZE = 150");
  expect((await files()).length).toBe(2);
});

test("no name leads out of the stage", async () => {
  expect((await failure("COPY INTO '@st/../../x' FROM t")).code).toBe("001008");
  expect((await failure("COPY INTO 's3://bucket/x' FROM t")).code).toBe("000002");
});
