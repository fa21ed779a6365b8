/** Plans that are kept answer what the text means now, not what it meant when it was planned. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("CREATE WAREHOUSE wh", "CREATE DATABASE d", "CREATE TABLE t (x INT)", "INSERT INTO t VALUES (1)");
});
afterAll(() => snowglobe.stop());

test("a text that comes again is answered anew", async () => {
  for (let at = 0; at < 5; at++) expect(await client.value("SELECT 1")).toBe(1);
  const drawn = new Set<unknown>();
  for (let at = 0; at < 5; at++) drawn.add(await client.value("SELECT random()"));
  expect(drawn.size).toBe(5);
  for (let at = 0; at < 4; at++) expect((await client.failure("SELECT 1 / 0")).code).toBe("100051");
});

test("rows that no plan expected are seen, and those of open transactions are not", async () => {
  const other = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  const beyond = "SELECT count(*) FROM t WHERE x > 100";
  for (let at = 0; at < 4; at++) expect(await client.value(beyond)).toBe(0);
  await other.run("BEGIN", "INSERT INTO t VALUES (1000)");
  for (let at = 0; at < 4; at++) {
    expect(await client.value(beyond)).toBe(0);
    expect(await other.value(beyond)).toBe(1);
  }
  await other.run("COMMIT");
  expect(await client.value(beyond)).toBe(1);
  await client.run("BEGIN");
  for (let at = 0; at < 3; at++) expect(await client.value("SELECT count(*) FROM t WHERE x = 77")).toBe(0);
  await client.run("INSERT INTO t VALUES (77)");
  expect(await client.value("SELECT count(*) FROM t WHERE x = 77")).toBe(1);
  await client.run("ROLLBACK");
  await other.close();
});
