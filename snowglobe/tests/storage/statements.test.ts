import { DuplicateRowError, type Storage, type Transaction } from "../../src/storage";
import { TemporaryStorage } from "./temporaryStorage";

const T = 1;
const exclusive = { tables: [{ id: T, mode: "exclusive" as const }] };
const shared = { tables: [{ id: T, mode: "shared" as const }] };

let temporary: TemporaryStorage;
let storage: Storage;

beforeEach(async () => {
  temporary = await TemporaryStorage.create();
  storage = temporary.storage;
  await storage.write(undefined, {}, (w) =>
    w.createTable(T, [
      { name: "c1", type: "BIGINT" },
      { name: "c2", type: "VARCHAR" },
    ]),
  );
});

afterEach(() => temporary.remove());

async function contents(transaction?: Transaction, table = T): Promise<unknown[]> {
  const rows = await storage.read(transaction, undefined, (r) =>
    r.texts(`SELECT c1 || ':' || coalesce(c2, 'null') FROM ${r.current(table)} t ORDER BY 1`),
  );
  return rows;
}

async function insert(values: string, transaction?: Transaction): Promise<number | undefined> {
  const { version } = await storage.write(transaction, shared, (w) => w.insert(T, ["c1", "c2"], `VALUES ${values}`));
  return version;
}

test("autocommitted statements get ascending versions, and reads see the last one", async () => {
  const first = await insert("(1, 'a'), (2, 'b')");
  const second = await insert("(3, 'c')");
  expect(second).toBeGreaterThan(first!);
  expect(storage.lastVersion).toBe(second);
  expect(storage.lastChange(T)).toBe(second);
  expect(await contents()).toEqual(["1:a", "2:b", "3:c"]);
});

test("a statement that changes no row makes no version", async () => {
  const before = storage.lastVersion;
  const { version, value } = await storage.write(undefined, exclusive, (w) => w.delete(T, { where: "c1 = 99" }));
  expect([value, version, storage.lastVersion]).toEqual([0, undefined, before]);
});

test("columns that are not named become NULL, parameters are bound", async () => {
  const { value } = await storage.write(undefined, shared, (w) => w.insert(T, ["c1"], "SELECT $1::BIGINT + 1", [41n]));
  expect(value).toBe(1);
  expect(await contents()).toEqual(["42:null"]);
});

describe.each([
  ["by itself", false],
  ["in a transaction", true],
])("%s", (_, explicit) => {
  let transaction: Transaction | undefined;

  beforeEach(async () => {
    await insert("(1, 'a'), (2, 'b'), (3, 'c')");
    transaction = explicit ? storage.begin() : undefined;
  });

  async function done(): Promise<void> {
    if (transaction) await storage.commit(transaction);
  }

  test("update with an expression over the row", async () => {
    const { value } = await storage.write(transaction, exclusive, (w) =>
      w.update(T, { set: { c2: "x.c2 || x.c1" }, alias: "x", where: "x.c1 > 1" }),
    );
    expect(value).toBe(2);
    expect(await contents(transaction)).toEqual(["1:a", "2:b2", "3:c3"]);
    await done();
    expect(await contents()).toEqual(["1:a", "2:b2", "3:c3"]);
  });

  test("update from another relation; two source rows for one row are refused, and nothing of it remains", async () => {
    const from = (rows: string) => ({
      set: { c2: "s.v" },
      from: `, (VALUES ${rows}) AS s(k, v)`,
      where: "s.k = t.c1",
    });
    await storage.write(transaction, exclusive, (w) => w.update(T, from("(1, 'p'), (7, 'q')")));
    const twice = storage.write(transaction, exclusive, (w) => w.update(T, from("(2, 'p'), (2, 'q')")));
    await expect(twice).rejects.toThrow(DuplicateRowError);
    expect(await contents(transaction)).toEqual(["1:p", "2:b", "3:c"]);
    await done();
    expect(await contents()).toEqual(["1:p", "2:b", "3:c"]);
  });

  test("several operations of one statement see each other", async () => {
    await storage.write(transaction, exclusive, async (w) => {
      await w.update(T, { set: { c2: "'u'" }, where: "c1 = 1" });
      await w.update(T, { set: { c2: "c2 || 'v'" }, where: "c1 <= 2" });
      await w.delete(T, { rows: `SELECT _rid FROM ${w.current(T)} t WHERE c1 = 2` });
      await w.insert(T, ["c1", "c2"], `SELECT c1 + 10, c2 FROM ${w.current(T)} t`);
      await w.delete(T, { where: "c1 = 13" });
    });
    await done();
    expect(await contents()).toEqual(["11:uv", "1:uv", "3:c"]);
    const at = await storage.read(undefined, undefined, (r) =>
      r.texts(`SELECT c2 FROM ${r.asOf(T, storage.lastVersion)} t ORDER BY c1`),
    );
    expect(at).toEqual(["uv", "c", "uv"]);
  });

  test("INSERT OVERWRITE reads the rows that it replaces", async () => {
    const replace = () =>
      storage.write(transaction, exclusive, (w) =>
        w.replace(T, ["c1", "c2"], `SELECT c1 * 10, c2 FROM ${w.current(T)} t WHERE c1 <> 2`),
      );
    expect((await replace()).value).toBe(2);
    expect((await replace()).value).toBe(2);
    await done();
    expect(await contents()).toEqual(["100:a", "300:c"]);
  });

  test("a failing statement leaves nothing", async () => {
    await storage.write(transaction, exclusive, (w) => w.update(T, { set: { c2: "'kept'" }, where: "c1 = 1" }));
    const failing = storage.write(transaction, exclusive, async (w) => {
      await w.delete(T, { where: "true" });
      await w.insert(T, ["c1"], "SELECT 'no number'::BIGINT");
    });
    await expect(failing).rejects.toThrow(/Could not convert/);
    expect(await contents(transaction)).toEqual(["1:kept", "2:b", "3:c"]);
    await done();
    expect(await contents()).toEqual(["1:kept", "2:b", "3:c"]);
  });
});

test("a transaction's changes are its own until it commits; rollback undoes them", async () => {
  await insert("(1, 'a'), (2, 'b')");
  const first = storage.begin();
  await storage.write(first, exclusive, (w) => w.update(T, { set: { c2: "'mine'" }, where: "c1 = 1" }));
  await insert("(5, 'e')", first);
  expect(await contents(first)).toEqual(["1:mine", "2:b", "5:e"]);
  expect(await contents()).toEqual(["1:a", "2:b"]);
  await storage.rollback(first);
  expect(await contents()).toEqual(["1:a", "2:b"]);

  const second = storage.begin();
  await storage.write(second, exclusive, (w) => w.truncate(T));
  expect(await contents(second)).toEqual([]);
  const version = await storage.commit(second);
  expect(storage.lastChange(T)).toBe(version);
  expect(await contents()).toEqual([]);
  await expect(storage.write(second, shared, (w) => w.truncate(T))).rejects.toThrow(/was committed/);
});

test("what `also` does at commit is part of it; when it fails, the transaction stays open", async () => {
  await storage.write(undefined, {}, (w) => w.run("CREATE TABLE catalog.offsets (v BIGINT)"));
  const transaction = storage.begin();
  await insert("(1, 'a')", transaction);
  const failing = storage.commit(transaction, async (sql) => {
    await sql.run("INSERT INTO catalog.offsets VALUES (1)");
    await sql.run("SELECT error('no')");
  });
  await expect(failing).rejects.toThrow(/no/);
  expect(await storage.query("FROM catalog.offsets")).toEqual([]);
  expect(await contents()).toEqual([]);
  await storage.commit(transaction, async (sql) => {
    await sql.run("INSERT INTO catalog.offsets VALUES (2)");
  });
  expect(await storage.query("FROM catalog.offsets")).toEqual([{ v: 2n }]);
  expect(await contents()).toEqual(["1:a"]);
});

test("a statement must have locked what it changes", async () => {
  const unlocked = storage.write(undefined, {}, (w) => w.insert(T, ["c1"], "SELECT 1"));
  await expect(unlocked).rejects.toThrow(/without having locked it \(shared\)/);
  await expect(storage.write(undefined, shared, (w) => w.truncate(T))).rejects.toThrow(/\(exclusive\)/);
  await expect(storage.write(undefined, exclusive, (w) => w.dropTable(T))).rejects.toThrow(/\(ddl\)/);
});

test.each([false, true])("a delta keeps the row ids that it is given (in a transaction: %s)", async (explicit) => {
  await storage.write(undefined, exclusive, (w) =>
    w.applyDelta(T, undefined, { columns: ["c1", "c2"], select: "VALUES (1, 'a', 100), (2, 'b', 200)" }),
  );
  const from = storage.lastVersion;
  const transaction = explicit ? storage.begin() : undefined;
  const { value } = await storage.write(transaction, exclusive, (w) =>
    w.applyDelta(T, "VALUES (200), (999)", { columns: ["c1", "c2"], select: "VALUES (2, 'B', 200), (3, 'c', 300)" }),
  );
  if (transaction) await storage.commit(transaction);
  expect(value).toEqual({ deleted: 1, inserted: 2 });
  const changes = (mode: "DEFAULT" | "APPEND_ONLY") =>
    storage.read(undefined, undefined, (r) =>
      r.texts(
        `SELECT concat_ws(' ', _rid, c2, _action, _isupdate) FROM ${r.changes(T, from, r.snapshot, mode)} t ORDER BY 1`,
      ),
    );
  expect(await changes("DEFAULT")).toEqual(["200 B INSERT true", "200 b DELETE true", "300 c INSERT false"]);
  expect(await changes("APPEND_ONLY")).toEqual(["300 c INSERT false"]);
});

test("commit times ascend though the clock stands still, and are found again", async () => {
  await temporary.remove();
  temporary = await TemporaryStorage.create({ now: () => 1_000_000 });
  storage = temporary.storage;
  await storage.write(undefined, {}, (w) => w.createTable(T, [{ name: "c1", type: "BIGINT" }]));
  const versions: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const { version } = await storage.write(undefined, shared, (w) => w.insert(T, ["c1"], "SELECT 1"));
    versions.push(version!);
  }
  const check = () => {
    const times = versions.map((version) => storage.commitTime(version)!);
    for (let n = 1; n < times.length; n += 1) expect(times[n]).toBeGreaterThan(times[n - 1]!);
    expect(times.map((time) => storage.versionAt(time))).toEqual(versions);
    expect(storage.versionAt(999_999)).toBeUndefined();
    expect(storage.versionAt(2_000_000)).toBe(versions.at(-1));
  };
  check();
  storage = await temporary.reopen();
  check();
  expect(storage.lastChange(T)).toBe(versions.at(-1));
});
