import { LockTable, type LockMode } from "../../src/storage/lockTable";

const owner = (id: string) => ({ id });
const need = (id: number, mode: LockMode) => [{ id, mode, name: `TABLE_${id}` }];

/** Whether a promise is settled once everything that can run has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(
    () => (done = true),
    () => (done = true),
  );
  await new Promise(setImmediate);
  return done;
}

let locks: LockTable;
const [a, b, c] = [owner("11"), owner("22"), owner("33")];

beforeEach(() => {
  locks = new LockTable(() => 1);
});

test.each<[LockMode, LockMode, boolean]>([
  ["shared", "shared", true],
  ["shared", "exclusive", false],
  ["exclusive", "shared", false],
  ["exclusive", "exclusive", false],
  ["shared", "ddl", false],
  ["ddl", "shared", false],
  ["upkeep", "shared", true],
  ["upkeep", "exclusive", true],
  ["exclusive", "upkeep", true],
  ["upkeep", "ddl", false],
  ["ddl", "upkeep", false],
])("%s then %s side by side: %s", async (held, wanted, together) => {
  await locks.acquire(a, need(1, held));
  expect(locks.tryAcquire(b, need(1, wanted)[0]!)).toBe(together);
  await locks.acquire(c, need(2, wanted));
  locks.releaseAll(a);
  expect(locks.tryAcquire(b, need(1, wanted)[0]!)).toBe(true);
});

test("waiting requests are granted in order of arrival; a later one that would fit does not overtake", async () => {
  await locks.acquire(a, need(1, "shared"));
  const exclusive = locks.acquire(b, need(1, "exclusive"));
  const shared = locks.acquire(c, need(1, "shared"));
  expect(await settled(shared)).toBe(false);
  locks.releaseAll(a);
  await exclusive;
  expect(await settled(shared)).toBe(false);
  locks.releaseAll(b);
  await shared;
});

test("a stronger lock on what one holds goes before the queue, and a weaker one is there already", async () => {
  await locks.acquire(a, need(1, "shared"));
  const other = locks.acquire(b, need(1, "exclusive"));
  await locks.acquire(a, need(1, "exclusive"));
  await locks.acquire(a, need(1, "shared"));
  expect(locks.holds(a, 1, "exclusive")).toBe(true);
  expect(await settled(other)).toBe(false);
  locks.releaseAll(a);
  await other;
});

test("a wait ends after LOCK_TIMEOUT with an error that names both sides, and leaves the queue", async () => {
  await locks.acquire(a, need(1, "exclusive"), { statementId: "s-a" });
  const wait = locks.acquire(b, need(1, "shared"), { timeoutSeconds: 0.02, statementId: "s-b" });
  await expect(wait).rejects.toMatchObject({
    code: "000625",
    sqlState: "57014",
    message:
      "Statement 's-a' has locked table 'TABLE_1' in transaction 11 and this lock has not yet been released.\n" +
      "Your statement 's-b' was aborted because the lock was not granted within LOCK_TIMEOUT (0.02 seconds).",
  });
  await expect(locks.acquire(b, need(1, "shared"), { timeoutSeconds: 0 })).rejects.toMatchObject({ code: "000625" });
  locks.releaseAll(a);
  expect(locks.holds(b, 1, "shared")).toBe(false);
  await locks.acquire(c, need(1, "ddl"));
});

test("a cancelled wait ends at once, and those behind it go on", async () => {
  await locks.acquire(a, need(1, "shared"));
  const abort = new AbortController();
  const wait = locks.acquire(b, need(1, "exclusive"), { signal: abort.signal });
  const behind = locks.acquire(c, need(1, "shared"));
  abort.abort();
  await expect(wait).rejects.toMatchObject({ code: "000604", sqlState: "57014" });
  await behind;
});

test("the statement that closes a deadlock fails; its owner keeps what it has, and the others go on when it ends", async () => {
  await locks.acquire(a, need(1, "exclusive"));
  await locks.acquire(b, need(2, "exclusive"));
  await locks.acquire(c, need(3, "exclusive"));
  const first = locks.acquire(a, need(2, "exclusive"));
  const second = locks.acquire(b, need(3, "exclusive"));
  await expect(locks.acquire(c, need(1, "shared"))).rejects.toMatchObject({
    code: "000625",
    message: expect.stringMatching(/locked table 'TABLE_1' in transaction 11[^]*deadlock/),
  });
  expect(locks.holds(c, 3, "exclusive")).toBe(true);
  locks.releaseAll(c);
  await second;
  locks.releaseAll(b);
  await first;
});

test("two holders of a shared lock that both want more are a deadlock", async () => {
  await locks.acquire(a, need(1, "shared"));
  await locks.acquire(b, need(1, "shared"));
  const first = locks.acquire(a, need(1, "exclusive"));
  await expect(locks.acquire(b, need(1, "exclusive"))).rejects.toMatchObject({ code: "000625" });
  locks.releaseAll(b);
  await first;
});

test("a deadlock through the order of the queue is seen", async () => {
  await locks.acquire(a, need(1, "shared"));
  await locks.acquire(b, need(2, "exclusive"));
  const exclusive = locks.acquire(b, need(1, "exclusive"));
  await expect(locks.acquire(a, need(2, "shared"))).rejects.toMatchObject({ code: "000625" });
  locks.releaseAll(a);
  await exclusive;
});
