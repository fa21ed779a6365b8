/** Characters that end texts, or mean something, elsewhere. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("CREATE WAREHOUSE wh", "CREATE DATABASE d");
});
afterAll(() => snowglobe.stop());

test("a NUL in a comment, a literal, a bind and a column is a character like others", async () => {
  await client.run("CREATE TABLE t (x VARCHAR DEFAULT 'a\0b') COMMENT = 'c\0d'", "INSERT INTO t VALUES ('e\0''f')");
  await client.run("INSERT INTO t (x) VALUES (DEFAULT)");
  expect(await client.column("SELECT comment FROM d.information_schema.tables WHERE table_name = 'T'")).toEqual([
    "c\0d",
  ]);
  expect(await client.column("SELECT x FROM t ORDER BY x")).toEqual(["a\0b", "e\0'f"]);
  expect(await client.value("SELECT length('\0')")).toBe(1);
  expect((await client.rows("SELECT ? AS x", ["g\0h"]))[0]).toEqual({ X: "g\0h" });
});

test("a key of an object is a key, never a pattern", async () => {
  await client.run(
    "CREATE TABLE j (v VARIANT)",
    `INSERT INTO j SELECT PARSE_JSON('{"*": 1, "a": 2, "b.c": 3, "$": 4, "?": 5, "[0]": 6, "**": 7, "x*": 8, "a/b~c": 9, "q\\\\"r": 10}')`,
  );
  const row = await client.row(
    `SELECT v:"*" AS a, v['*'] AS b, v:"b.c" AS c, v:"$" AS d, v:"?" AS e, v:"[0]" AS f, v:"**" AS g, v['x*'] AS h,
            GET(v, '*') AS i, GET_PATH(v, '"*"') AS j, v['a*'] AS k, GET(v, 'A') AS l,
            v['a/b~c'] AS m, v['q"r'] AS n FROM j`,
  );
  expect(Object.values(row).map((value) => (value === null ? null : Number(value)))).toEqual([
    1,
    1,
    3,
    4,
    5,
    6,
    7,
    8,
    1,
    1,
    null,
    null,
    9,
    10,
  ]);
});

test.each([
  "SELECT HEX_DECODE_BINARY('zz')",
  "SELECT CHR(-5)",
  "SELECT CHR(99999999)",
  "SELECT CONVERT_TIMEZONE('Nowhere/Land', CURRENT_TIMESTAMP())",
  "SELECT REGEXP_REPLACE('a', '(')",
])("%s is the user's mistake, not the server's", async (sql) => {
  expect(await client.failure(sql)).toMatchObject({ code: expect.not.stringMatching("000603") });
});
