/** Transactions that begin and end by themselves. Source: "Transactions", implicit transactions. */
import { describeConnectors, PythonClient } from "../server/pythonClient";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;
let other: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "alter user admin set default_warehouse = 'WH', default_namespace = 'D.PUBLIC'",
  );
  other = await snowglobe.connect();
});
afterAll(() => snowglobe.stop());
beforeEach(async () => {
  client = await snowglobe.connect();
  await client.run("create or replace table t (id int)");
});
afterEach(() => client.close());

const ids = (of: TestClient): Promise<unknown[]> => of.column("select id from t order by id");

describe("AUTOCOMMIT = FALSE", () => {
  beforeEach(() => client.run("alter session set autocommit = false"));

  test("the first DML statement begins a transaction, ROLLBACK undoes it, the next begins another", async () => {
    expect(await client.value("select current_transaction()")).toBeNull();
    await client.run("insert into t values (1)");
    const first = await client.value("select current_transaction()");
    expect(first).toMatch(/^\d+$/);
    await client.run("insert into t values (2)");
    expect(await client.value("select current_transaction()")).toBe(first);
    expect(await ids(client)).toEqual([1, 2]);
    expect(await ids(other)).toEqual([]);
    await client.run("rollback");
    expect(await ids(client)).toEqual([]);
    await client.run("insert into t values (3)", "commit", "delete from t", "rollback");
    expect(await ids(other)).toEqual([3]);
  });

  test("INSERT into several tables begins one, too", async () => {
    await client.run("insert all into t (id) values (a) select 1 as a");
    expect(await client.value("select current_transaction()")).not.toBeNull();
    await client.run("rollback");
    expect(await ids(client)).toEqual([]);
  });

  test("queries begin none", async () => {
    await client.run("select * from t", "show tables", "describe table t");
    expect(await client.value("select current_transaction()")).toBeNull();
  });

  test.each(["autocommit = false", "autocommit = true", "autocommit = FALSE, query_tag = 'x'"])(
    "ALTER SESSION SET %s commits",
    async (setting) => {
      await client.run("insert into t values (1)", `alter session set ${setting}`, "rollback");
      expect(await ids(other)).toEqual([1]);
    },
  );

  test("so do UNSET and DDL", async () => {
    await client.run("insert into t values (1)", "create or replace table t2 (a int)", "rollback");
    await client.run("insert into t values (2)", "alter session unset autocommit", "rollback");
    expect(await ids(other)).toEqual([1, 2]);
    await client.run("insert into t values (3)", "rollback");
    expect(await ids(other)).toEqual([1, 2, 3]);
  });

  test("another parameter commits nothing", async () => {
    await client.run("insert into t values (1)", "alter session set query_tag = 'x'", "rollback");
    expect(await ids(other)).toEqual([]);
  });

  test("a failing statement undoes itself alone", async () => {
    await client.run("insert into t values (1)");
    await client.failure("insert into t values ('no number')");
    await client.run("insert into t values (2)", "commit");
    expect(await ids(other)).toEqual([1, 2]);
  });

  test("the end of the session rolls back", async () => {
    const gone = await snowglobe.connect();
    await gone.run("alter session set autocommit = false", "insert into t values (1)");
    await gone.close();
    expect(await ids(other)).toEqual([]);
  });

  test("BEGIN after an implicit begin is ignored, an explicit COMMIT ends it", async () => {
    await client.run("insert into t values (1)", "begin", "insert into t values (2)", "commit", "rollback");
    expect(await ids(other)).toEqual([1, 2]);
  });
});

test("a user's AUTOCOMMIT holds from the login on", async () => {
  await other.run("alter user admin set autocommit = false");
  const careful = await snowglobe.connect();
  await other.run("alter user admin unset autocommit");
  await careful.run("insert into t values (1)");
  expect(await ids(other)).toEqual([]);
  await careful.close();
});

describe("a transaction that has ended", () => {
  test("LAST_TRANSACTION and DESCRIBE TRANSACTION tell of it", async () => {
    await client.run("begin name pay", "insert into t values (1)");
    const id = await client.value("select current_transaction()");
    const describe = async (): Promise<unknown> => client.row(`describe transaction ${String(id)}`);
    expect(await describe()).toMatchObject({ id, user: "ADMIN", state: "running", ended_on: null });
    await client.run("commit");
    expect(await client.value("select last_transaction()")).toBe(id);
    expect(await describe()).toMatchObject({ state: "committed", ended_on: expect.anything() as unknown });
    await client.run("start transaction", "rollback work");
    const undone = await client.value("select last_transaction()");
    expect(undone).not.toBe(id);
    expect(await client.row(`desc transaction ${String(undone)}`)).toMatchObject({ state: "rolled back" });
    expect(await client.failure("desc transaction 1")).toMatchObject({ code: "002003" });
  });

  test("a statement outside of one was one", async () => {
    const before = await client.value("select last_transaction()");
    await client.run("insert into t values (1)");
    const id = await client.value("select last_transaction()");
    expect(id).not.toBe(before);
    expect(await client.row(`desc transaction ${String(id)}`)).toMatchObject({ state: "committed" });
    await client.failure("insert into t values ('x')");
    const failed = await client.value("select last_transaction()");
    expect(await client.row(`desc transaction ${String(failed)}`)).toMatchObject({ state: "rolled back" });
    await client.run("select * from t");
    expect(await client.value("select last_transaction()")).toBe(failed);
  });
});

describeConnectors((python) => {
  test("autocommit at connect, commit() and rollback()", async () => {
    const connection = await PythonClient.connect(python, snowglobe.port, { autocommit: false });
    await connection.run("insert into t values (1)");
    await connection.call("rollback");
    await connection.run("insert into t values (2)");
    await connection.call("commit");
    await connection.run("insert into t values (3)");
    await connection.close();
    expect(await ids(other)).toEqual([2]);
  });

  test("autocommit(False) and back", async () => {
    const connection = await PythonClient.connect(python, snowglobe.port);
    await connection.run("insert into t values (1)");
    await connection.call("rollback");
    await connection.call("autocommit", false);
    await connection.run("insert into t values (2)");
    await connection.call("rollback");
    await connection.run("insert into t values (3)");
    await connection.call("autocommit", true);
    await connection.run("insert into t values (4)");
    await connection.call("rollback");
    await connection.close();
    expect(await ids(other)).toEqual([1, 3, 4]);
  });
});
