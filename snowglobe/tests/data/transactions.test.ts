import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let one: TestClient;
let two: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  one = await snowglobe.connect();
  await one.run("create warehouse wh", "create database d");
  two = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  await one.run("use schema d.public");
});
afterAll(() => snowglobe.stop());
beforeEach(() => one.run("create or replace table t (id int, v varchar)", "insert into t values (1, 'a'), (2, 'b')"));
afterEach(async () => {
  await one.run("rollback");
  await two.run("rollback");
});

const ids = (client: TestClient): Promise<unknown[]> => client.column("select id from t order by id");

test("others see a transaction's rows when it commits, statement by statement", async () => {
  await two.run("begin transaction");
  await one.run("begin", "insert into t values (3, 'c')", "delete from t where id = 1");
  expect(await ids(one)).toEqual([2, 3]);
  expect(await ids(two)).toEqual([1, 2]);
  await one.run("commit");
  expect(await ids(two)).toEqual([2, 3]);
});

test("ROLLBACK undoes all of it", async () => {
  await one.run(
    "begin work",
    "insert into t values (3, 'c')",
    "update t set v = 'changed'",
    "delete from t where id = 2",
    "merge into t using (select 9 as id) s on t.id = s.id when not matched then insert (id) values (s.id)",
    "truncate table t",
    "rollback",
  );
  expect(await one.rows("select * from t order by id")).toEqual([
    { ID: 1, V: "a" },
    { ID: 2, V: "b" },
  ]);
});

test("a failing statement undoes itself and leaves the transaction open", async () => {
  await one.run("begin", "insert into t values (3, 'c')");
  expect((await one.failure("insert into t select v::int, v from t")).code).toBe("100038");
  expect((await one.failure("select nothing from t")).code).toBe("000904");
  await one.run("insert into t values (4, 'd')");
  expect(await ids(two)).toEqual([1, 2]);
  await one.run("commit");
  expect(await ids(two)).toEqual([1, 2, 3, 4]);
});

test("a second writer of the same rows waits for the first", async () => {
  await one.run("begin", "update t set v = v || '1' where id = 1");
  const waiting = two.run("update t set v = v || '2' where id = 1");
  // An insert does not wait for an insert, but for an update of its table neither does a read.
  expect(await two.driver.connection.isUp()).toBe(true);
  await one.run("commit");
  await waiting;
  expect(await one.value("select v from t where id = 1")).toBe("a12");
});

test("LOCK_TIMEOUT ends the wait", async () => {
  await one.run("begin", "update t set v = 'x'");
  await two.run("alter session set lock_timeout = 1");
  const failure = await two.failure("update t set v = 'y'");
  expect(failure).toMatchObject({ code: "000625", sqlState: "57014" });
  await two.run("alter session unset lock_timeout");
});

test("DDL commits what is open", async () => {
  await one.run("begin", "insert into t values (3, 'c')", "create table if not exists other (id int)", "rollback");
  expect(await ids(two)).toEqual([1, 2, 3]);
});

test("a closed connection rolls back", async () => {
  const three = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  await three.run("begin", "delete from t");
  await three.close();
  expect(await ids(one)).toEqual([1, 2]);
  await one.run("update t set v = 'free'");
});

test("current_transaction tells of an open one", async () => {
  expect(await one.value("select current_transaction()")).toBeNull();
  await one.run("begin");
  expect(String(await one.value("select current_transaction()"))).toMatch(/^\d+$/);
});

test("several statements in one request", async () => {
  const run = (sqlText: string, count: number) =>
    one.driver.execute(sqlText, { parameters: { MULTI_STATEMENT_COUNT: count } });
  await run("begin; insert into t values (5, 'e'); insert into t values (6, 'f'); commit;", 4);
  expect(await ids(two)).toEqual([1, 2, 5, 6]);
  await expect(run("select 1; select 2", 3)).rejects.toMatchObject({ code: "000008" });
  await expect(run("insert into t values (7, 'g'); select * from nowhere", 2)).rejects.toMatchObject({
    code: "002003",
  });
  expect(await ids(two)).toEqual([1, 2, 5, 6, 7]);
  expect((await one.failure("select 1; select 2")).code).toBe("000008");
});
