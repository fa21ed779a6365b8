/** Results that lie on disk, read again by RESULT_SCAN; and whose they are. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("CREATE WAREHOUSE wh", "CREATE DATABASE d");
});
afterAll(() => snowglobe.stop());

const ROWS = 25_000;
const LARGE = `SELECT seq4() AS n, 'line ' || n || '\\n"quoted" \\\\ é' AS s, IFF(n % 3 = 0, NULL, n / 4) AS q,
    DATEADD('day', n % 1000, '2026-01-01'::DATE) AS d, OBJECT_CONSTRUCT('a', ARRAY_CONSTRUCT(n, NULL)) AS v
  FROM TABLE(GENERATOR(ROWCOUNT => ${ROWS})) ORDER BY n`;

async function lastId(): Promise<string> {
  return String(await client.value("SELECT LAST_QUERY_ID()"));
}

test("a large result is read again with its values, types and order", async () => {
  await client.run(LARGE);
  const id = await lastId();
  const facts = (from: string) =>
    client.row(
      `SELECT count(*) AS c, sum(n) AS n, sum(q) AS q, max(s) AS s, min(d) AS d, count(v:a[0]) AS v FROM ${from}`,
    );
  expect(await facts(`TABLE(RESULT_SCAN('${id}'))`)).toEqual(await facts(`(${LARGE})`));
  expect(await client.value(`SELECT count(*) FROM TABLE(RESULT_SCAN('${id}'))`)).toBe(ROWS);
  const first = `SELECT n, s, q, d, v FROM TABLE(RESULT_SCAN('${id}')) LIMIT 3`;
  expect(await client.rows(first)).toEqual(await client.rows(`${LARGE} LIMIT 3`));
});

test("it may be written to a table, and joined with itself", async () => {
  await client.run(LARGE);
  const id = await lastId();
  await client.run(`CREATE TABLE kept AS SELECT a.n, b.s FROM TABLE(RESULT_SCAN('${id}')) a
    JOIN TABLE(RESULT_SCAN('${id}')) b ON a.n = b.n WHERE a.n < 1000`);
  expect(await client.row("SELECT count(*) AS c, max(n) AS n FROM kept")).toEqual({ C: 1_000, N: 999 });
});

test("a result belongs to the user who asked, not to who has that name later", async () => {
  const anew = async (): Promise<TestClient> => {
    await client.run("CREATE OR REPLACE USER ada PASSWORD = 'Lovelace-1815-x' DEFAULT_ROLE = 'PUBLIC'");
    return snowglobe.connect({ user: "ADA", password: "Lovelace-1815-x" });
  };
  const first = await anew();
  await first.run("SELECT 42 AS secret");
  const id = String(await first.value("SELECT LAST_QUERY_ID()"));
  expect(await first.value(`SELECT * FROM TABLE(RESULT_SCAN('${id}'))`)).toBe(42);
  await first.close();
  const second = await anew();
  expect(await second.failure(`SELECT * FROM TABLE(RESULT_SCAN('${id}'))`)).toMatchObject({ code: "000709" });
  await second.close();
});
