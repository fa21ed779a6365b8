import type { Storage } from "../../src/storage";
import { TemporaryStorage } from "./temporaryStorage";

const T = 1;
const ddl = { tables: [{ id: T, mode: "ddl" as const }] };
const exclusive = { tables: [{ id: T, mode: "exclusive" as const }] };

let temporary: TemporaryStorage;
let storage: Storage;
let start: number;

beforeEach(async () => {
  temporary = await TemporaryStorage.create();
  storage = temporary.storage;
  await storage.write(undefined, {}, async (w) => {
    await w.createTable(T, [
      { name: "c1", type: "BIGINT" },
      { name: "c2", type: "VARCHAR" },
    ]);
    await w.insert(T, ["c1", "c2"], "VALUES (1, '10'), (2, '20'), (3, '30')");
  });
  start = storage.lastVersion;
  await storage.write(undefined, exclusive, (w) => w.update(T, { set: { c2: "'11'" }, where: "c1 = 1" }));
  await storage.write(undefined, exclusive, (w) => w.delete(T, { where: "c1 = 2" }));
});

afterEach(() => temporary.remove());

function texts(item: "current" | "past" | "changes", columns: string): Promise<unknown[]> {
  return storage.read(undefined, undefined, (r) => {
    const from = {
      current: () => r.current(T),
      past: () => r.asOf(T, start),
      changes: () => r.changes(T, start, r.snapshot),
    }[item]();
    return r.texts(`SELECT concat_ws(' ', ${columns}) FROM ${from} t ORDER BY 1`);
  });
}

test("a new column is there in the past too, with its default", async () => {
  await storage.write(undefined, ddl, (w) => w.addColumn(T, { name: "c3", type: "INTEGER" }, "7"));
  await storage.write(undefined, ddl, (w) => w.addColumn(T, { name: "c4", type: "DATE" }));
  expect(storage.tableColumns(T)).toEqual(["c1", "c2", "c3", "c4"]);
  expect(await texts("past", "c1, c3, c4")).toEqual(["1 7", "2 7", "3 7"]);
  await storage.write(undefined, exclusive, (w) => w.update(T, { set: { c3: "t.c3 + 1" }, where: "c1 = 3" }));
  await storage.write(undefined, exclusive, (w) => w.insert(T, ["c1"], "VALUES (4)"));
  expect(await texts("current", "c1, c2, c3")).toEqual(["1 11 7", "3 30 8", "4"]);
  expect(await texts("changes", "c1, c3, _action, _isupdate")).toEqual([
    "1 7 DELETE true",
    "1 7 INSERT true",
    "2 7 DELETE false",
    "3 7 DELETE true",
    "3 8 INSERT true",
    "4 INSERT false",
  ]);
});

test("a dropped column and a changed type, within one statement, and after opening again", async () => {
  await storage.write(undefined, ddl, async (w) => {
    await w.alterColumnType(T, "c2", "INTEGER", "c2::INTEGER * 2");
    await w.addColumn(T, { name: "c3", type: "VARCHAR" }, "'x'");
    await w.dropColumn(T, "c1");
    await w.update(T, { set: { c3: "t.c3 || t.c2" } });
  });
  expect(await texts("past", "c2, c3")).toEqual(["20 x", "40 x", "60 x"]);
  storage = await temporary.reopen();
  expect(storage.tableColumns(T)).toEqual(["c2", "c3"]);
  expect(await texts("current", "c2, c3")).toEqual(["22 x22", "60 x60"]);
  await storage.write(undefined, exclusive, (w) => w.delete(T, { where: "c2 = 22" }));
  expect(await texts("changes", "c2, c3, _action")).toEqual([
    "20 x DELETE",
    "40 x DELETE",
    "60 x DELETE",
    "60 x60 INSERT",
  ]);
});

test("a failing change of shape leaves the shape as it was", async () => {
  const failing = storage.write(undefined, ddl, async (w) => {
    await w.addColumn(T, { name: "c3", type: "INTEGER" });
    await w.alterColumnType(T, "c2", "DATE");
  });
  await expect(failing).rejects.toThrow();
  expect(storage.tableColumns(T)).toEqual(["c1", "c2"]);
  await storage.write(undefined, exclusive, (w) => w.update(T, { set: { c2: "'31'" }, where: "c1 = 3" }));
  expect(await texts("current", "c1, c2")).toEqual(["1 11", "3 31"]);
});

test("a change of shape waits for open transactions, which may have rows of their own", async () => {
  const transaction = storage.begin();
  await storage.write(transaction, exclusive, (w) => w.update(T, { set: { c2: "'12'" }, where: "c1 = 1" }));
  const adding = storage.write(undefined, ddl, (w) => w.addColumn(T, { name: "c3", type: "INTEGER" }, "5"));
  await storage.write(transaction, exclusive, (w) => w.insert(T, ["c1"], "VALUES (9)"));
  expect(storage.tableColumns(T)).toEqual(["c1", "c2"]);
  await storage.commit(transaction);
  await adding;
  expect(await texts("current", "c1, c2, c3")).toEqual(["1 12 5", "3 30 5", "9 5"]);
});

test("CREATE TABLE AS keeps the query's types; a clone has the rows of a past version with their ids", async () => {
  const { value } = await storage.write(undefined, {}, (w) =>
    w.createTableAs(2, ["c1", "c2"], `SELECT c1::SMALLINT, c2 || '!' FROM ${w.current(T)} t`),
  );
  expect(value).toBe(2);
  await storage.write(undefined, {}, (w) => w.clone(T, 3, start));
  await storage.write(undefined, {}, (w) => w.clone(T, 4));
  const shown = (table: number) =>
    storage.read(undefined, undefined, (r) =>
      r.texts(`SELECT concat_ws(' ', c1, typeof(c1), c2) FROM ${r.current(table)} t ORDER BY 1`),
    );
  expect(await shown(2)).toEqual(["1 SMALLINT 11!", "3 SMALLINT 30!"]);
  expect(await shown(3)).toEqual(["1 BIGINT 10", "2 BIGINT 20", "3 BIGINT 30"]);
  expect(await shown(4)).toEqual(["1 BIGINT 11", "3 BIGINT 30"]);
  const ids = (table: number) =>
    storage.read(undefined, undefined, (r) => r.texts(`SELECT _rid::VARCHAR FROM ${r.current(table)} t ORDER BY c1`));
  expect(await ids(4)).toEqual(await ids(T));
  const before = storage.lastVersion;
  await storage.write(undefined, { tables: [{ id: 3, mode: "exclusive" }] }, (w) =>
    w.update(3, { set: { c2: "'new'" }, where: "c1 = 1" }),
  );
  const changes = await storage.read(undefined, undefined, (r) =>
    r.texts(`SELECT c2 || _action FROM ${r.changes(3, before, r.snapshot)} t ORDER BY 1`),
  );
  expect(changes).toEqual(["10DELETE", "newINSERT"]);
});

test("a dropped table is gone with its history; a failing statement brings it back", async () => {
  const failing = storage.write(undefined, ddl, async (w) => {
    await w.dropTable(T);
    await w.run("SELECT error('no')");
  });
  await expect(failing).rejects.toThrow(/no/);
  expect(await texts("current", "c1")).toEqual(["1", "3"]);
  await storage.write(undefined, ddl, (w) => w.dropTable(T));
  expect(storage.tableIds()).toEqual([]);
  expect(() => storage.tableColumns(T)).toThrow("there is no stored table 1");
  expect(await storage.query("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'data'")).toEqual([]);
});

test("DDL inside an explicit transaction is refused", async () => {
  const transaction = storage.begin();
  const creating = storage.write(transaction, {}, (w) => w.createTable(9, [{ name: "c1", type: "INTEGER" }]));
  await expect(creating).rejects.toThrow(/explicit transaction/);
  await storage.rollback(transaction);
});

test("numbers of 128 bits lie on disk as they are, in whatever way their table was made", async () => {
  const wide = { name: "c1", type: "DECIMAL(38,0)" };
  await storage.write(undefined, {}, (w) => w.createTable(10, [wide, { name: "c2", type: "BIGINT" }]));
  await storage.write(undefined, { tables: [{ id: 10, mode: "ddl" }] }, (w) =>
    w.addColumn(10, { name: "c3", type: "HUGEINT" }, "7"),
  );
  await storage.write(undefined, { tables: [{ id: 10, mode: "shared" }] }, (w) =>
    w.insert(10, ["c1", "c2", "c3"], "SELECT i, i, i FROM range(5000) AS r(i)"),
  );
  await storage.write(undefined, {}, (w) => w.createTableAs(11, ["c1", "c2"], `SELECT c1, c2 FROM ${w.current(10)} t`));
  await storage.write(undefined, {}, (w) => w.clone(10, 12));
  expect(await storage.checkpoint()).toBe(true);
  for (const [table, columns] of [
    ["t10", ["c1", "c3"]],
    ["t11", ["c1"]],
    ["t12", ["c1", "c3"]],
  ] as const) {
    const rows = await storage.query(
      `SELECT DISTINCT column_name AS name FROM pragma_storage_info('data.${table}')
        WHERE compression = 'Uncompressed' AND segment_type <> 'VALIDITY' AND NOT starts_with(column_name, '_') ORDER BY 1`,
    );
    expect([table, rows.map((row) => row.name)]).toEqual([table, expect.arrayContaining([...columns])]);
  }
});
