import type { Storage } from "../../src/storage";
import { TemporaryStorage } from "./temporaryStorage";

let temporary: TemporaryStorage;
let storage: Storage;

beforeEach(async () => {
  temporary = await TemporaryStorage.create();
  storage = temporary.storage;
  await storage.write(undefined, {}, async (w) => {
    for (const id of [1, 2]) await w.createTable(id, [{ name: "c1", type: "BIGINT" }]);
  });
});

afterEach(() => temporary.remove());

const insert = (id: number, transaction?: ReturnType<Storage["begin"]>) =>
  storage.write(transaction, { tables: [{ id, mode: "shared" }] }, (w) => w.insert(id, ["c1"], "FROM range(2)"));

test("each commit that changes rows is told once, with its tables and when it is to be seen", async () => {
  const told: { tables: readonly number[]; last: number }[] = [];
  const unlisten = storage.dataChanges.listen((tables) => told.push({ tables, last: storage.lastVersion }));
  const { version } = await insert(1);
  expect(told).toEqual([{ tables: [1], last: version }]);

  const transaction = storage.begin();
  await insert(1, transaction);
  await insert(2, transaction);
  expect(told).toHaveLength(1);
  const last = await storage.commit(transaction);
  expect(told.slice(1)).toEqual([{ tables: [1, 2], last }]);

  unlisten();
  await insert(1);
  expect(told).toHaveLength(2);
});

test("what changes no rows is not told", async () => {
  const told: unknown[] = [];
  storage.dataChanges.listen((tables) => told.push(tables));
  const transaction = storage.begin();
  await insert(1, transaction);
  await storage.rollback(transaction);
  await storage.write(undefined, {}, (w) => w.run("CREATE TABLE other (n INTEGER)"));
  expect(told).toEqual([]);
});
