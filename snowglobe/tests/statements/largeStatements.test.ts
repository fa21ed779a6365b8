/** Statements of a size that programs make: answered, or refused by name; nothing in between takes for ever. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "CREATE WAREHOUSE wh",
    "CREATE DATABASE d",
    "CREATE TABLE t (x INT, s VARCHAR)",
    "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (NULL, 'c')",
  );
});
afterAll(() => snowglobe.stop());

const list = (count: number, item: (at: number) => string, separator = ", "): string =>
  Array.from({ length: count }, (_, at) => item(at)).join(separator);

test("200 joins on one key", async () => {
  const joins = list(200, (at) => `JOIN t t${at} ON t.x = t${at}.x`, " ");
  expect(await client.value(`SELECT count(*) FROM t ${joins}`)).toBe(2);
});

test("200 outer joins keep the rows and names of all", async () => {
  const joins = list(200, (at) => `LEFT JOIN t t${at} ON t${at}.x = t.x + ${at % 2}`, " ");
  const row = `SELECT t.x, t0.s AS a, t1.s AS b, t199.s AS c FROM t ${joins} ORDER BY t.x NULLS LAST`;
  expect(await client.rows(row)).toEqual([
    { X: 1, A: "a", B: "b", C: "b" },
    { X: 2, A: "b", B: null, C: null },
    { X: null, A: null, B: null, C: null },
  ]);
});

test("joins written as a list of tables with WHERE", async () => {
  const tables = list(40, (at) => `t t${at}`);
  const equal = list(39, (at) => `t${at}.x = t${at + 1}.x`, " AND ");
  expect(await client.value(`SELECT count(*) FROM ${tables} WHERE ${equal}`)).toBe(2);
});

test("more joins than are planned in any time are refused", async () => {
  const joins = list(300, (at) => `JOIN t t${at} ON t.x = t${at}.x`, " ");
  expect(await client.failure(`SELECT count(*) FROM t ${joins}`)).toMatchObject({ code: "001004" });
});

test("1,500 arms of UNION ALL, in their order, in one type", async () => {
  const arms = list(1_500, (at) => (at === 700 ? "SELECT 0.5 AS x" : `SELECT ${at} AS x`), " UNION ALL ");
  expect(await client.row(`SELECT count(*) AS n, sum(x) AS s FROM (${arms})`)).toEqual({
    N: 1_500,
    S: (1_499 * 1_500) / 2 - 700 + 0.5,
  });
});

test("more arms than are planned in any time are refused", async () => {
  const arms = list(5_000, (at) => `SELECT ${at} AS x`, " UNION ALL ");
  expect(await client.failure(arms)).toMatchObject({ code: "001004" });
});

describe("lists", () => {
  test("IN of 20,000 constants", async () => {
    expect(await client.column(`SELECT x FROM t WHERE x IN (${list(20_000, String)}) ORDER BY x`)).toEqual([1, 2]);
    expect(await client.column(`SELECT x FROM t WHERE x NOT IN (${list(20_000, (at) => String(at + 2))})`)).toEqual([
      1,
    ]);
    expect(await client.value(`SELECT count(*) FROM t WHERE x NOT IN (${list(1_000, String)}, NULL)`)).toBe(0);
  });

  test("IN of rows, with what is unknown about NULL; more than 1,000 are refused", async () => {
    const rows = (count: number) => list(count, (at) => `(${at}, '${at === 1 ? "a" : "n"}')`);
    expect(await client.column(`SELECT x FROM t WHERE (x, s) IN (${rows(100)})`)).toEqual([1]);
    expect(await client.column(`SELECT s FROM t WHERE (x, s) NOT IN (${rows(100)}) ORDER BY s`)).toEqual(["b", "c"]);
    expect(await client.failure(`SELECT x FROM t WHERE (x, s) IN (${rows(5_000)})`)).toMatchObject({ code: "001004" });
  });

  test("VALUES of 20,000 rows", async () => {
    await client.run(
      "CREATE TABLE many (x INT, s VARCHAR)",
      `INSERT INTO many VALUES ${list(20_000, (at) => `(${at}, 'n${at}')`)}`,
    );
    expect(await client.row("SELECT count(*) AS n, max(x) AS x FROM many")).toEqual({ N: 20_000, X: 19_999 });
  });

  test("more than 200,000 items are refused", async () => {
    const message = "maximum number of expressions in a list exceeded, expected at most 200,000, got 200,001";
    const expected = { code: "001795", message: expect.stringContaining(message) };
    expect(await client.failure(`SELECT 1 IN (${list(200_001, () => "1", ",")})`)).toMatchObject(expected);
    expect(await client.failure(`SELECT * FROM VALUES ${list(200_001, () => "(1)", ",")}`)).toMatchObject(expected);
  });

  test("more than 1,000 elements of an array are refused, as those of a call", async () => {
    expect(await client.failure(`SELECT [${list(1_001, String)}]`)).toMatchObject({ code: "000939" });
    expect(await client.value(`SELECT ARRAY_SIZE([${list(1_000, String)}])`)).toBe(1_000);
  });

  test("conditions joined by AND and OR", async () => {
    const pairs = (count: number) => list(count, (at) => `(x = ${at} AND s = 'a')`, " OR ");
    expect(await client.column(`SELECT x FROM t WHERE ${pairs(100)}`)).toEqual([1]);
    expect(await client.failure(`SELECT x FROM t WHERE ${pairs(1_001)}`)).toMatchObject({ code: "001004" });
    const chain = (count: number, operator: string) => list(count, (at) => `x <> ${at + 2}`, ` ${operator} `);
    expect(await client.column(`SELECT x FROM t WHERE ${chain(500, "AND")}`)).toEqual([1]);
    for (const operator of ["AND", "OR"]) {
      const sql = `SELECT x FROM t WHERE ${chain(5_001, operator)}`;
      expect(await client.failure(sql)).toMatchObject({ code: "001004" });
    }
  });
});

test("more common table expressions than are planned in any time are refused", async () => {
  const chain = (count: number) =>
    `WITH ${list(count, (at) => `c${at} AS (SELECT x FROM ${at ? `c${at - 1}` : "t"})`)} SELECT count(x) FROM c${count - 1}`;
  expect(await client.value(chain(100))).toBe(2);
  expect(await client.failure(chain(1_000))).toMatchObject({ code: "001004" });
});

test("500 different aggregates", async () => {
  const sums = list(500, (at) => `SUM(x + ${at}) AS s${at}`);
  expect(await client.row(`SELECT ${sums} FROM t`)).toMatchObject({ S0: 3, S499: 3 + 2 * 499 });
});

test("a text of more than 16 million characters is refused", async () => {
  const text = `SELECT 1 /* ${"x".repeat(17 * 1024 * 1024)} */`;
  expect(await client.failure(text)).toMatchObject({ code: "001004" });
});
