/** A data file that somebody took away, without its log, or of another version. */
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Storage } from "../../src/storage";

let folder: string;
let file: string;
const options = { memoryLimit: "256MB", threads: 1, now: () => 1_000_000 };

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "snowglobe-file-"));
  file = path.join(folder, "live.duckdb");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function note(storage: Storage, n: number): Promise<void> {
  await storage.write(undefined, {}, async (writer) => {
    await writer.run(`CREATE TABLE IF NOT EXISTS catalog.notes (n INTEGER); INSERT INTO catalog.notes VALUES (${n})`);
  });
}

/** What a kill leaves behind, without some of it. @returns the data file */
function killed(...without: readonly string[]): string {
  const copy = path.join(folder, "copy.duckdb");
  for (const end of ["", ".wal", ".log-since"]) {
    if (existsSync(file + end) && !without.includes(end)) copyFileSync(file + end, copy + end);
  }
  return copy;
}

async function notes(path: string): Promise<unknown[]> {
  const storage = await Storage.open(path, options);
  try {
    return (await storage.query("SELECT n FROM catalog.notes ORDER BY n")).map(({ n }) => n);
  } finally {
    await storage.close();
  }
}

test("a log that was taken away is missed, until somebody decides to go on without it", async () => {
  const storage = await Storage.open(file, options);
  await note(storage, 1);
  await storage.checkpoint();
  await note(storage, 2);
  const copy = killed(".wal");
  await storage.close();
  await expect(Storage.open(copy, options)).rejects.toThrow(
    /^log \S+copy\.duckdb\.wal of the data file is missing, and with it the last changes: restore it, or remove/,
  );
  rmSync(`${copy}.log-since`);
  expect(await notes(copy)).toEqual([1]);
});

test("a log that a checkpoint took away is not missed", async () => {
  const storage = await Storage.open(file, options);
  await note(storage, 1);
  await storage.checkpoint();
  const copy = killed(".wal");
  await storage.close();
  expect(await notes(copy)).toEqual([1]);
  expect(await notes(file)).toEqual([1]);
});

test.each([["the data file", ""] as const, ["its log", ".wal"] as const])(
  "when %s is removed underneath, nothing more is acknowledged",
  async (_, end) => {
    const storage = await Storage.open(file, options);
    await note(storage, 1);
    rmSync(file + end);
    await expect(note(storage, 2)).rejects.toMatchObject({ code: "100132" });
    expect(await storage.query("SELECT n FROM catalog.notes")).toEqual([{ n: 1 }]);
    await storage.close();
  },
);

test("a start without the data file that was there makes no new one", async () => {
  const storage = await Storage.open(file, options);
  await note(storage, 1);
  const copy = killed("", ".wal");
  await storage.close();
  await expect(Storage.open(copy, options)).rejects.toThrow(/^data file \S+copy\.duckdb is missing: restore it/);
  expect(existsSync(copy)).toBe(false);
});

describe("space", () => {
  const made = async (storage: Storage, table: number, rows: number): Promise<void> => {
    await storage.write(undefined, {}, async (writer) => {
      await writer.createTable(table, [
        { name: "c1", type: "DECIMAL(38,0)" },
        { name: "c2", type: "VARCHAR" },
      ]);
      await writer.insert(table, ["c1", "c2"], `SELECT i, md5(CAST(i AS VARCHAR)) FROM range(${rows}) AS r(i)`);
    });
  };

  test("a small table costs some kilobytes", async () => {
    const storage = await Storage.open(file, options);
    await storage.checkpoint();
    const before = statSync(file).size;
    for (let table = 1; table <= 40; table++) await made(storage, table, 3);
    await storage.checkpoint();
    expect((statSync(file).size - before) / 40).toBeLessThan(100 * 1024);
    await storage.close();
  });

  test("what a dropped table took is free for others", async () => {
    const storage = await Storage.open(file, options);
    let most = 0;
    for (let table = 1; table <= 6; table++) {
      await made(storage, table, 100_000);
      await storage.checkpoint();
      if (table === 2) most = statSync(file).size;
      await storage.write(undefined, { tables: [{ id: table, mode: "ddl", name: "T" }] }, (writer) =>
        writer.dropTable(table),
      );
      await storage.checkpoint();
    }
    expect(statSync(file).size).toBeLessThanOrEqual(most);
    await storage.close();
  });
});

describe("formats", () => {
  /** A file as another version made it. */
  async function made(sql: string): Promise<void> {
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    await connection.run(sql);
    connection.closeSync();
    instance.closeSync();
  }
  const FIRST = `
    CREATE SCHEMA storage; CREATE SCHEMA catalog; CREATE SCHEMA data;
    CREATE TABLE storage.meta (format INTEGER);
    CREATE TABLE storage.commits (v BIGINT, ts BIGINT, tables BIGINT[]);
    CREATE TABLE storage.touched (stamp BIGINT, table_id BIGINT);
    CREATE TABLE data.t7 (c1 DECIMAL(38,0), _rid BIGINT, _vf BIGINT, _vt BIGINT, _new BOOLEAN);
    CREATE TABLE data.t7_h (c1 DECIMAL(38,0), _rid BIGINT, _vf BIGINT, _vt BIGINT, _new BOOLEAN);
    INSERT INTO storage.commits VALUES (0, 1, []), (1, 2, [7]);
    INSERT INTO data.t7 VALUES (42, 1, 1, 9223372036854775807, true);`;

  test("the first files, which remember no remakes, are read and written", async () => {
    await made(`${FIRST} INSERT INTO storage.meta VALUES (1)`);
    const storage = await Storage.open(file, options);
    const value = () =>
      storage.read(undefined, undefined, (reader) =>
        reader.texts(`SELECT CAST(c1 AS VARCHAR) FROM ${reader.current(7)} AS t ORDER BY c1`),
      );
    expect(await value()).toEqual(["42"]);
    await storage.write(undefined, { tables: [{ id: 7, mode: "exclusive", name: "T" }] }, async (writer) => {
      await writer.insert(7, ["c1"], "SELECT 43");
      writer.markRemade(7);
    });
    expect(await value()).toEqual(["42", "43"]);
    expect(storage.lastRemake(7, storage.lastVersion)).toBe(storage.lastVersion);
    await storage.close();
  });

  test("a file of a version to come is refused by one line, and stays as it is", async () => {
    await made(`${FIRST} INSERT INTO storage.meta VALUES (99)`);
    await expect(Storage.open(file, options)).rejects.toThrow(
      /^data file \S+ has format 99, this version reads format 1: /,
    );
    expect(existsSync(`${file}.log-since`)).toBe(false);
  });
});
