import type { Storage } from "../../src/storage";
import { TemporaryStorage } from "./temporaryStorage";

let temporary: TemporaryStorage;
let storage: Storage;
const exclusive = (id: number, statementId = "s") => ({
  tables: [{ id, mode: "exclusive" as const }],
  statementId,
});

beforeEach(async () => {
  temporary = await TemporaryStorage.create();
  storage = temporary.storage;
  for (const id of [1, 2]) {
    await storage.write(undefined, {}, async (w) => {
      await w.createTable(id, [{ name: "c1", type: "BIGINT" }]);
      await w.insert(id, ["c1"], "VALUES (0)");
    });
  }
});

afterEach(() => temporary.remove());

const add = (amount: number) => ({ set: { c1: `t.c1 + ${amount}` } });

async function sum(table: number): Promise<unknown> {
  return storage.read(undefined, undefined, (r) => r.value(`SELECT sum(c1)::INTEGER FROM ${r.current(table)} t`));
}

test("no update is lost when many statements and transactions change one row at once", async () => {
  const byItself = Array.from({ length: 20 }, () => storage.write(undefined, exclusive(1), (w) => w.update(1, add(1))));
  const inTransactions = Array.from({ length: 10 }, async () => {
    const transaction = storage.begin();
    await storage.write(transaction, exclusive(1), (w) => w.update(1, add(100)));
    await storage.write(transaction, exclusive(1), (w) => w.update(1, add(100)));
    await storage.commit(transaction);
  });
  await Promise.all([...byItself, ...inTransactions]);
  expect(await sum(1)).toBe(2020);
});

test("a conflicting writer waits for the transaction's end, then works on what was committed", async () => {
  const transaction = storage.begin();
  await storage.write(transaction, exclusive(1), (w) => w.update(1, add(5)));
  const order: string[] = [];
  const waiting = storage
    .write(undefined, exclusive(1), (w) => w.update(1, { set: { c1: "t.c1 * 10" } }))
    .then(() => order.push("writer"));
  await storage.write(undefined, exclusive(2), (w) => w.update(2, add(1)));
  order.push("other table");
  await storage.commit(transaction).then(() => order.push("commit"));
  await waiting;
  expect(order).toEqual(["other table", "commit", "writer"]);
  expect(await sum(1)).toBe(50);
});

test("the victim of a deadlock loses its statement only", async () => {
  const [first, second] = [storage.begin(), storage.begin()];
  await storage.write(first, exclusive(1, "s1"), (w) => w.update(1, add(1)));
  await storage.write(second, exclusive(2, "s2"), (w) => w.update(2, add(2)));
  const waiting = storage.write(first, exclusive(2, "s3"), (w) => w.update(2, add(10)));
  const victim = storage.write(second, exclusive(1, "s4"), (w) => w.update(1, add(20)));
  await expect(victim).rejects.toMatchObject({
    code: "000625",
    sqlState: "57014",
    message: expect.stringContaining(`'s1' has locked table '1' in transaction ${first.id}`),
  });
  await storage.commit(second);
  await waiting;
  await storage.commit(first);
  expect([await sum(1), await sum(2)]).toEqual([1, 12]);
});

test("cancelling stops a running statement, leaves nothing of it, and the transaction goes on", async () => {
  const transaction = storage.begin();
  await storage.write(transaction, exclusive(1), (w) => w.update(1, add(1)));
  const abort = new AbortController();
  const long = storage.write(transaction, { ...exclusive(1), signal: abort.signal }, async (w) => {
    await w.update(1, add(100));
    setImmediate(() => abort.abort());
    await w.insert(1, ["c1"], "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b");
  });
  await expect(long).rejects.toMatchObject({ code: "000604", sqlState: "57014", message: "SQL execution canceled" });
  await storage.write(transaction, exclusive(1), (w) => w.update(1, add(1)));
  await storage.commit(transaction);
  expect(await sum(1)).toBe(2);
});

test("cancelling stops a running read, and its connection can be used again", async () => {
  const abort = new AbortController();
  const long = storage.read(undefined, abort.signal, (r) => {
    setImmediate(() => abort.abort());
    return r.value("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b");
  });
  await expect(long).rejects.toMatchObject({ code: "000604" });
  await expect(storage.read(undefined, abort.signal, (r) => r.value("SELECT 1"))).rejects.toMatchObject({
    code: "000604",
  });
  expect(await sum(1)).toBe(0);
});

test("more statements than connections wait for each other", async () => {
  await temporary.remove();
  temporary = await TemporaryStorage.create({ maxConnections: 2 });
  storage = temporary.storage;
  const values = await Promise.all(
    Array.from({ length: 30 }, (_, n) => storage.read(undefined, undefined, (r) => r.value(`SELECT ${n}`))),
  );
  expect(values).toEqual(Array.from({ length: 30 }, (_, n) => n));
});

test("closing ends what runs, and gives its callers an error", async () => {
  const running = storage.read(undefined, undefined, (r) =>
    r.value("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b"),
  );
  const failed = expect(running).rejects.toThrow(/[Ii]nterrupt/);
  await new Promise(setImmediate);
  await storage.close();
  await failed;
  await expect(storage.query("SELECT 1")).rejects.toThrow("the storage is closed");
  await temporary.reopen();
});
