import type { Storage } from "../../src/storage";
import { TemporaryStorage } from "./temporaryStorage";

let temporary: TemporaryStorage;
let storage: Storage;
const exclusive = { tables: [{ id: 1, mode: "exclusive" as const }] };

beforeEach(async () => {
  temporary = await TemporaryStorage.create();
  storage = temporary.storage;
  await storage.write(undefined, {}, async (w) => {
    await w.createTable(1, [{ name: "c1", type: "BIGINT" }]);
    await w.insert(1, ["c1"], "FROM range(10)");
  });
});

afterEach(() => temporary.remove());

const addOne = async () => {
  const { version } = await storage.write(undefined, exclusive, (w) => w.update(1, { set: { c1: "t.c1 + 1" } }));
  return version!;
};

const sums = (versions: number[]) =>
  storage.read(undefined, undefined, async (r) => {
    const result: unknown[] = [];
    for (const version of versions) result.push(await r.value(`SELECT sum(c1)::INTEGER FROM ${r.asOf(1, version)} t`));
    result.push(await r.value(`SELECT sum(c1)::INTEGER FROM ${r.current(1)} t`));
    return result;
  });

test("purging keeps all versions from the horizon on, and removes what lies before it", async () => {
  const versions = [await addOne(), await addOne(), await addOne(), await addOne()];
  expect(await sums(versions)).toEqual([55, 65, 75, 85, 85]);
  const result = await storage.purge(() => versions[1]!);
  expect(result).toEqual({ marks: 40, versions: 20 });
  expect(await sums(versions.slice(1))).toEqual([65, 75, 85, 85]);
  expect(await storage.purge(() => versions[1]!)).toEqual({ marks: 0, versions: 0 });
  expect(storage.commitTime(versions[1]!)).toBeDefined();
});

test("a running read keeps the rows that it sees", async () => {
  await storage.read(undefined, undefined, async (r) => {
    await addOne();
    await storage.purge(() => Infinity);
    expect(await r.value(`SELECT sum(c1)::INTEGER FROM ${r.current(1)} t`)).toBe(45);
  });
  expect(await storage.purge(() => Infinity)).toEqual({ marks: 10, versions: 10 });
});

test("changes of an open transaction are not touched; a table that is being altered is left for later", async () => {
  const transaction = storage.begin();
  await storage.write(transaction, exclusive, (w) => w.delete(1, { where: "c1 < 5" }));
  await storage.purge(() => Infinity);
  await storage.rollback(transaction);
  expect(await sums([])).toEqual([45]);

  await addOne();
  await storage.write(undefined, { tables: [{ id: 1, mode: "ddl" }] }, async (w) => {
    expect(await storage.purge(() => Infinity)).toEqual({ marks: 0, versions: 0 });
    await w.addColumn(1, { name: "c2", type: "BIGINT" });
  });
  expect(await storage.purge(() => Infinity)).toEqual({ marks: 10, versions: 10 });
});

test("a table's last change stays known when its commit is forgotten", async () => {
  const last = await addOne();
  await storage.write(undefined, {}, (w) => w.createTable(2, [{ name: "c1", type: "BIGINT" }]));
  for (let n = 0; n < 5; n += 1) {
    await storage.write(undefined, { tables: [{ id: 2, mode: "shared" }] }, (w) => w.insert(2, ["c1"], "VALUES (1)"));
  }
  const newest = storage.lastVersion;
  await storage.purge(() => newest);
  expect(await storage.query("SELECT count(*)::INTEGER AS n FROM storage.commits")).toEqual([{ n: 2 }]);
  storage = await temporary.reopen();
  expect([storage.lastChange(1), storage.lastChange(2), storage.lastVersion]).toEqual([last, newest, newest]);
});

test("a checkpoint that running statements forbid is put off", async () => {
  const done = await storage.read(undefined, undefined, async (r) => {
    await r.value(`SELECT 1 FROM ${r.current(1)} t LIMIT 1`);
    return storage.checkpoint();
  });
  expect(done).toBe(true);
  await storage.write(undefined, exclusive, async (w) => {
    await w.update(1, { set: { c1: "t.c1 + 1" } });
    expect(await storage.checkpoint()).toBe(false);
  });
  expect(await storage.checkpoint()).toBe(true);
});

test("a checkpoint that moves rows does not mislead a statement that found its rows before", async () => {
  await storage.write(undefined, { tables: [{ id: 1, mode: "shared" }] }, (w) =>
    w.insert(1, ["c1"], "FROM range(10, 300000)"),
  );
  await storage.checkpoint();
  await storage.write(undefined, exclusive, (w) => w.delete(1, { where: "c1 < 200000" }));
  await storage.purge(() => Infinity);
  await storage.write(undefined, exclusive, async (w) => {
    const found = await w.materialize(`SELECT _rid FROM ${w.current(1)} t WHERE c1 IN (200000, 250000, 299999)`);
    expect(await storage.checkpoint()).toBe(true);
    expect(await w.delete(1, { rows: `FROM ${found.name}` })).toBe(3);
  });
  const left = await storage.read(undefined, undefined, (r) =>
    r.rows(`SELECT count(*)::INTEGER AS n, min(c1)::INTEGER AS a, max(c1)::INTEGER AS b FROM ${r.current(1)} t`),
  );
  expect(left).toEqual([{ n: 99_997, a: 200_001, b: 299_998 }]);
});
