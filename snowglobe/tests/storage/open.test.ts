import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Storage, StorageOpenError } from "../../src/storage";
import { TEST_OPTIONS, TemporaryStorage } from "./temporaryStorage";

let temporary: TemporaryStorage;

beforeEach(async () => {
  temporary = await TemporaryStorage.create();
});

afterEach(() => temporary.remove());

async function opening(path: string): Promise<string> {
  const error = await Storage.open(path, TEST_OPTIONS).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StorageOpenError);
  return (error as Error).message;
}

test("a file that another process has open", async () => {
  const program = `
    const { DuckDBInstance } = require("@duckdb/node-api");
    DuckDBInstance.create(${JSON.stringify(temporary.path)}).catch((error) => console.log(error.message));`;
  const seenByOther = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" }).stdout;
  expect(seenByOther).toMatch(/Could not set lock/);
  // The same words, as this process would get them.
  jest.spyOn(DuckDBInstance, "create").mockRejectedValueOnce(new Error(seenByOther));
  expect(await opening("/data/x.duckdb")).toBe(
    `data file /data/x.duckdb is in use by process ${process.pid}: stop it, or choose another file`,
  );
});

test("a directory that is not there, a file that is something else, a reserved name: one line that says what to do", async () => {
  const missing = join(temporary.directory, "none", "x.duckdb");
  expect(await opening(missing)).toBe(
    `data file ${missing} cannot be made, its directory ${join(temporary.directory, "none")} does not exist: create the directory`,
  );
  const damaged = join(temporary.directory, "damaged.duckdb");
  writeFileSync(damaged, "no database".repeat(1000));
  const message = await opening(damaged);
  expect(message).toContain(`data file ${damaged} cannot be read, it is damaged or no data file: restore it`);
  expect(message).not.toContain("\n");
  expect(await opening(join(temporary.directory, "catalog.db"))).toMatch(/the name 'catalog' is reserved/);
});

test("a file of another format is refused", async () => {
  await temporary.storage.write(undefined, {}, (w) => w.run("UPDATE storage.meta SET format = 99"));
  await temporary.storage.close();
  expect(await opening(temporary.path)).toMatch(/has format 99, this version reads format 1: start with a new file/);
});

test("SQL reaches files in the allowed directory only, and cannot change that", async () => {
  const directory = join(temporary.directory, "stages");
  mkdirSync(directory);
  writeFileSync(join(directory, "in.csv"), "a,b\n1,2\n");
  const outside = join(temporary.directory, "secret.csv");
  writeFileSync(outside, "a,b\n3,4\n");
  const storage = await Storage.open(":memory:", { ...TEST_OPTIONS, fileDirectories: [directory] });
  try {
    expect(await storage.query(`FROM read_csv('${directory}/in.csv')`)).toEqual([{ a: 1n, b: 2n }]);
    for (const sql of [
      `FROM read_csv('${outside}')`,
      `FROM read_csv('${directory}/../secret.csv')`,
      `FROM '${outside}'`,
      `FROM glob('${temporary.directory}/*')`,
      `ATTACH '${temporary.directory}/other.db'`,
      `COPY (SELECT 1) TO '${temporary.directory}/out.csv'`,
      "SET enable_external_access = true",
      `SET allowed_directories = ['/']`,
      "SET lock_configuration = false",
      "RESET allowed_directories",
      "SET TimeZone = 'America/New_York'",
      "INSTALL httpfs",
    ]) {
      const refused = await storage.query(sql).then(
        () => `not refused: ${sql}`,
        () => "refused",
      );
      expect(refused).toBe("refused");
    }
    expect(await storage.query("SELECT current_setting('TimeZone') AS zone")).toEqual([{ zone: "UTC" }]);
  } finally {
    await storage.close();
  }
});

test("what was open when the process ended is rolled back at the next start; what was committed stays", async () => {
  let { storage } = temporary;
  const exclusive = { tables: [{ id: 1, mode: "exclusive" as const }] };
  await storage.write(undefined, {}, async (w) => {
    await w.createTable(1, [{ name: "c1", type: "BIGINT" }]);
    await w.insert(1, ["c1"], "VALUES (1), (2), (3)");
  });
  const version = storage.lastVersion;
  const transaction = storage.begin();
  await storage.write(transaction, exclusive, (w) => w.update(1, { set: { c1: "t.c1 * 10" }, where: "t.c1 > 1" }));
  await storage.write(transaction, exclusive, (w) => w.delete(1, { where: "c1 IN (1, 20)" }));
  expect(await storage.query("FROM storage.touched")).toHaveLength(1);

  storage = await temporary.reopen();
  expect(await storage.query("FROM storage.touched")).toEqual([]);
  expect(storage.lastVersion).toBe(version);
  const rows = await storage.read(undefined, undefined, (r) =>
    r.texts(`SELECT c1::VARCHAR FROM ${r.current(1)} t ORDER BY 1`),
  );
  expect(rows).toEqual(["1", "2", "3"]);
  expect(await storage.query("SELECT DISTINCT _vt::VARCHAR AS vt FROM data.t1")).toEqual([
    { vt: "9223372036854775807" },
  ]);
});

test("row ids stay unique over rollbacks, statements at once and restarts", async () => {
  let { storage } = temporary;
  await storage.write(undefined, {}, (w) => w.createTable(1, [{ name: "c1", type: "BIGINT" }]));
  const insert = (transaction?: ReturnType<Storage["begin"]>) =>
    storage.write(transaction, { tables: [{ id: 1, mode: "shared" }] }, async (w) => {
      await w.insert(1, ["c1"], "FROM range(3000)");
      await w.insert(1, ["c1"], "FROM range(10)");
    });
  for (let round = 0; round < 3; round += 1) {
    const [kept, undone] = [storage.begin(), storage.begin()];
    await Promise.all([insert(kept), insert(undone), insert(), insert()]);
    await insert(kept);
    await storage.rollback(undone);
    await storage.commit(kept);
    storage = await temporary.reopen();
  }
  const counts = await storage.query("SELECT count(*) AS n, count(DISTINCT _rid) AS ids FROM data.t1");
  expect(counts).toEqual([{ n: 36_120n, ids: 36_120n }]);
});
