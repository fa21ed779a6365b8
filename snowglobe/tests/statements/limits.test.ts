/** Limits that hold, and who may end what others began. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let one: TestClient;
let two: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  one = await snowglobe.connect();
  await one.run("CREATE WAREHOUSE wh", "CREATE DATABASE d", "CREATE TABLE t (x INT)", "INSERT INTO t VALUES (1)");
});
afterAll(() => snowglobe.stop());

beforeEach(async () => {
  one = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  two = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
});
afterEach(async () => {
  await Promise.allSettled([one.close(), two.close()]);
});

/** Runs until somebody ends it. */
const ENDLESS = "SELECT count(*) FROM TABLE(GENERATOR(ROWCOUNT => 1000000)) a, TABLE(GENERATOR(ROWCOUNT => 1000000)) b";

async function sessionOf(client: TestClient): Promise<string> {
  return String(await client.value("SELECT CURRENT_SESSION()"));
}

describe("STATEMENT_TIMEOUT_IN_SECONDS", () => {
  const timeout = (seconds: number) => ({
    code: "000630",
    sqlState: "57014",
    message: `Statement reached its statement or warehouse timeout of ${seconds} second(s) and was canceled.`,
  });

  test("of the session ends a query, and the session goes on", async () => {
    await one.run("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1");
    expect(await one.failure(ENDLESS)).toEqual(timeout(1));
    expect(await one.value("SELECT 1")).toBe(1);
  });

  test("the lower of session and warehouse holds, and 0 is no limit of its own", async () => {
    await two.run("ALTER WAREHOUSE wh SET STATEMENT_TIMEOUT_IN_SECONDS = 1");
    expect(await one.failure(ENDLESS)).toEqual(timeout(1));
    await one.run("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 0");
    expect(await one.failure(ENDLESS)).toEqual(timeout(1));
    await two.run("ALTER WAREHOUSE wh UNSET STATEMENT_TIMEOUT_IN_SECONDS");
  });
});

test("LOCK_TIMEOUT holds for DML and for DDL", async () => {
  await one.run("BEGIN", "UPDATE t SET x = 2");
  await two.run("ALTER SESSION SET LOCK_TIMEOUT = 1");
  const expected = { code: "000625", message: expect.stringContaining("LOCK_TIMEOUT (1 seconds)") };
  for (const sql of [
    "DELETE FROM t",
    "DROP TABLE t",
    "ALTER TABLE t ADD COLUMN y INT",
    "CREATE OR REPLACE TABLE t (x INT)",
  ])
    expect(await two.failure(sql)).toMatchObject(expected);
  await one.run("ROLLBACK");
  expect(await two.value("SELECT x FROM t")).toBe(1);
});

test("ROWS_PER_RESULTSET bounds what a query answers", async () => {
  await one.run("ALTER SESSION SET ROWS_PER_RESULTSET = 3");
  const sql = "SELECT seq4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 10)) ORDER BY n";
  expect(await one.column(sql)).toEqual([0, 1, 2]);
  expect(await one.value("SELECT count(*) FROM TABLE(GENERATOR(ROWCOUNT => 10))")).toBe(10);
  await one.run("ALTER SESSION SET ROWS_PER_RESULTSET = 0");
  expect(await one.column(sql)).toHaveLength(10);
});

test("SHOW LOCKS and SHOW TRANSACTIONS tell who holds and who waits", async () => {
  await one.run("BEGIN NAME t1", "UPDATE t SET x = 2");
  const id = String(await one.value("SELECT CURRENT_TRANSACTION()"));
  const waiting = two.failure("DELETE FROM t");
  let locks = await one.rows("SHOW LOCKS");
  while (locks.length < 2) locks = await one.rows("SHOW LOCKS");
  expect(locks).toMatchObject([
    { resource: "D.PUBLIC.T", type: "PARTITIONS", status: "HOLDING", acquired_on: expect.anything() },
    { resource: "D.PUBLIC.T", type: "PARTITIONS", status: "WAITING", acquired_on: null },
  ]);
  expect(locks.map((lock) => String(lock.session))).toEqual([await sessionOf(one), expect.any(String)]);
  expect(Number(locks[0]!.transaction)).toBe(Number(id));
  expect(await one.rows("SHOW TRANSACTIONS IN ACCOUNT")).toMatchObject([
    { user: "ADMIN", name: "T1", state: "running", scope: 0 },
  ]);
  await one.run(`SELECT SYSTEM$CANCEL_QUERY('${locks[1]!.query_id}')`);
  expect(await waiting).toMatchObject({ code: "000604" });
  await one.run("ROLLBACK");
  expect(await one.rows("SHOW LOCKS")).toEqual([]);
});

describe("what others began", () => {
  test("a transaction is aborted, and its session is told before it goes on", async () => {
    await one.run("BEGIN", "INSERT INTO t VALUES (7)");
    const id = String(await one.value("SELECT CURRENT_TRANSACTION()"));
    expect(await two.value(`SELECT SYSTEM$ABORT_TRANSACTION(${id})`)).toBe(`Aborted transaction id: ${id}`);
    const told = { code: "000625", message: `Transaction ${id} was aborted: by user ADMIN.` };
    expect(await one.failure("COMMIT")).toMatchObject(told);
    expect(await one.column("SELECT x FROM t")).toEqual([1]);
    expect(await two.value(`SELECT SYSTEM$ABORT_TRANSACTION(${id})`)).toMatch(/has ended already: rolled back/);
    expect(await two.failure("SELECT SYSTEM$ABORT_TRANSACTION(1)")).toMatchObject({ code: "002003" });
  });

  test("statements of a session are cancelled, one or all", async () => {
    const endless = one.failure(ENDLESS);
    const session = await sessionOf(two);
    expect(await two.value(`SELECT SYSTEM$CANCEL_ALL_QUERIES(${session})`)).toBe("0 cancelled.");
    const other = Number(session) - 1;
    let answer = "";
    while (answer !== "1 cancelled.") answer = String(await two.value(`SELECT SYSTEM$CANCEL_ALL_QUERIES(${other})`));
    expect(await endless).toMatchObject({ code: "000604" });
    expect(await two.value("SELECT SYSTEM$CANCEL_QUERY('none')")).toMatch(/not currently executing/);
  });

  test("a session is ended: its statement fails, its transaction is undone, its client must log in again", async () => {
    await one.run("BEGIN", "INSERT INTO t VALUES (8)");
    const session = await sessionOf(one);
    expect(await two.value(`SELECT SYSTEM$ABORT_SESSION(${session})`)).toBe(`session [${session}] terminated.`);
    await expect(one.rows("SELECT 1")).rejects.toThrow();
    expect(await two.column("SELECT x FROM t")).toEqual([1]);
    expect(await two.failure(`SELECT SYSTEM$ABORT_SESSION(${session})`)).toMatchObject({ code: "002003" });
  });

  test("needs a right to it", async () => {
    await one.run("CREATE OR REPLACE USER ada PASSWORD = 'a'", "BEGIN", "INSERT INTO t VALUES (9)");
    const id = String(await one.value("SELECT CURRENT_TRANSACTION()"));
    const session = await sessionOf(one);
    const ada = await snowglobe.connect({ user: "ADA", password: "a" });
    expect(await ada.failure(`SELECT SYSTEM$ABORT_TRANSACTION(${id})`)).toMatchObject({ code: "002003" });
    expect(await ada.failure(`SELECT SYSTEM$ABORT_SESSION(${session})`)).toMatchObject({ code: "003001" });
    expect(await ada.failure("SHOW LOCKS IN ACCOUNT")).toMatchObject({ code: "003001" });
    expect(await ada.rows("SHOW LOCKS")).toEqual([]);
    await ada.close();
    await one.run("ROLLBACK");
  });
});

test("a transaction that is idle for five minutes while others wait is aborted, and for four hours in any case", async () => {
  await one.run("BEGIN", "UPDATE t SET x = 2");
  const waiting = two.run("UPDATE t SET x = 3");
  while ((await snowglobe.engine.instance.storage.lockStates()).length < 2) await new Promise(setImmediate);
  await snowglobe.advance(4 * 60);
  expect(await one.value("SELECT 1")).toBe(1);
  await snowglobe.advance(4 * 60);
  expect(await one.value("SELECT x FROM t")).toBe(2);
  await snowglobe.advance(6 * 60);
  await waiting;
  expect((await one.failure("COMMIT")).message).toMatch(/idle for 5 minutes/);
  expect(await one.value("SELECT x FROM t")).toBe(3);
  await one.run("BEGIN", "UPDATE t SET x = 1");
  await snowglobe.advance(3 * 3600);
  expect(await one.rows("SHOW TRANSACTIONS")).toHaveLength(1);
  await snowglobe.advance(4 * 3600 + 60);
  expect((await one.failure("SELECT 1")).message).toMatch(/idle for 4 hours/);
});

describe("what is too much is refused by name, before it is made", () => {
  test.each([
    ["GROUP BY CUBE (x, x + 1, x + 2, x + 3, x + 4, x + 5, x + 6, x + 7)", "001795"],
    [`GROUP BY GROUPING SETS (${Array.from({ length: 129 }, () => "(x)").join(", ")})`, "001795"],
  ])("%s", async (clause, code) => {
    expect(await one.failure(`SELECT count(*) FROM t ${clause}`)).toMatchObject({ code });
  });

  test.each([
    ["SELECT REPEAT('ab', 1000000000)", "100078"],
    ["SELECT SPACE(1000000000)", "100078"],
    ["SELECT LPAD('a', 1000000000)", "100078"],
    ["SELECT ARRAY_GENERATE_RANGE(0, 1000000000)", "100082"],
    ["SELECT EDITDISTANCE(REPEAT('ab', 50000), REPEAT('ba', 50000))", "000002"],
  ])("%s", async (sql, code) => {
    expect(await one.failure(sql)).toMatchObject({ code });
  });

  test("what fits is made", async () => {
    expect(
      await one.value("SELECT count(*) FROM t GROUP BY CUBE (x, x + 1, x + 2, x + 3, x + 4, x + 5, x + 6) LIMIT 1"),
    ).toBe(1);
    expect(
      await one.row("SELECT REPEAT('ab', 3) AS a, REPEAT('', 5) AS b, REPEAT('x', -1) AS c, SPACE(2) AS d"),
    ).toEqual({
      A: "ababab",
      B: "",
      C: "",
      D: "  ",
    });
    expect(await one.value("SELECT ARRAY_SIZE(ARRAY_GENERATE_RANGE(10, 0, -2))")).toBe(5);
    expect(await one.value("SELECT EDITDISTANCE('kitten', 'sitting')")).toBe(3);
  });
});

test.each([
  "SEARCH_PATH = 'a, b'",
  "STRICT_JSON_OUTPUT = TRUE",
  "UNSUPPORTED_DDL_ACTION = 'fail'",
  "ABORT_DETACHED_QUERY = TRUE",
])("%s, which does nothing here, is refused by name", async (setting) => {
  expect(await one.failure(`ALTER SESSION SET ${setting}`)).toMatchObject({ code: "000002" });
});
