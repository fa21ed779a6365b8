import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { runs, states } from "./alert";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create table t (id int, what varchar) change_tracking = true",
    "create table seen (id int, what varchar)",
  );
});
afterEach(() => snowglobe.stop());

/** Keeps what the condition found. */
const KEEP = "insert into seen select * from table(result_scan(snowflake.alert.get_condition_query_uuid()))";

/** An alert on new data in T, resumed. */
function alert(condition = "select id, what from t", action = KEEP): Promise<void> {
  return client.run(`create or replace alert a if (exists (${condition})) then ${action}`, "alter alert a resume");
}

const seen = () => client.column("select id from seen order by id");

test("runs once for each commit that inserts, on the new rows alone", async () => {
  await client.run("insert into t values (1, 'before')");
  await alert();
  await snowglobe.advance(60);
  expect(await runs(client)).toEqual([]);
  await client.run("insert into t values (2, 'x'), (3, 'y')");
  await snowglobe.advance(0);
  expect(await seen()).toEqual([2, 3]);
  await client.run("insert into t values (4, 'z')");
  await snowglobe.advance(60);
  expect(await seen()).toEqual([2, 3, 4]);
  expect(await runs(client)).toMatchObject(
    [1, 2].map(() => ({ STATE: "TRIGGERED", SCHEDULED_FROM: "TRIGGER", SQL_ERROR_MESSAGE: null })),
  );
});

test("what came in several commits before a look makes one run", async () => {
  await alert();
  await client.run("insert into t values (1, 'x')", "insert into t values (2, 'y')", "delete from t where id = 1");
  await snowglobe.advance(60);
  expect(await seen()).toEqual([1, 2]);
  expect(await states(client)).toEqual(["TRIGGERED"]);
});

test("rows of an open transaction are new when it commits, those of one that is rolled back never", async () => {
  await alert();
  await client.run("begin", "insert into t values (1, 'x')");
  await snowglobe.advance(60);
  expect(await runs(client)).toEqual([]);
  await client.run("commit", "begin", "insert into t values (2, 'y')", "rollback");
  await snowglobe.advance(60);
  expect(await seen()).toEqual([1]);
});

test("deletes, updates and truncation alone do not run it, nor does a condition that no new row meets", async () => {
  await client.run("insert into t values (1, 'x'), (2, 'x')");
  await alert("select count(*) as id, max(what) as what from t where what = 'x' having count(*) > 0");
  await client.run("delete from t where id = 1", "update t set what = 'y'", "insert into t values (3, 'z')");
  await snowglobe.advance(60);
  await client.run("truncate table t");
  await snowglobe.advance(60);
  expect(await runs(client)).toEqual([]);
  await client.run("insert into t values (4, 'x')");
  await snowglobe.advance(60);
  expect(await client.rows("select * from seen")).toEqual([{ ID: 1, WHAT: "x" }]);
});

test("a count over the table is asked only when rows came", async () => {
  await client.run("insert into t values (1, 'x')");
  await alert("select count(*), 'n' from t");
  await client.run("delete from t");
  await snowglobe.advance(60);
  expect(await runs(client)).toEqual([]);
});

test("without change tracking the history says so; once it is on, later rows are seen", async () => {
  await client.run("alter table t set change_tracking = false");
  await alert();
  await client.run("insert into t values (1, 'x')");
  await snowglobe.advance(60);
  expect(await runs(client)).toMatchObject([
    { STATE: "CONDITION_FAILED", SQL_ERROR_MESSAGE: expect.stringContaining("Change tracking is not enabled") },
  ]);
  await client.run("alter table t set change_tracking = true", "insert into t values (2, 'y')");
  await snowglobe.advance(60);
  expect(await seen()).toEqual([2]);
  expect(await states(client)).toEqual(["CONDITION_FAILED", "TRIGGERED"]);
});

test("a condition that fails leaves its rows for the next run", async () => {
  await alert("select id, what from t where 1 / (id - 1) is not null");
  await client.run("insert into t values (1, 'x')");
  await snowglobe.advance(60);
  await client.run(
    "alter alert a modify condition exists (select id, what from t where id > 0)",
    "insert into t values (2, 'y')",
  );
  await snowglobe.advance(60);
  expect(await states(client)).toEqual(["CONDITION_FAILED", "TRIGGERED"]);
  expect(await seen()).toEqual([1, 2]);
});

test("an action that fails is told, and not tried again on the same rows", async () => {
  await alert(undefined, "insert into nowhere values (1)");
  await client.run("insert into t values (1, 'x')");
  await snowglobe.advance(60);
  expect(await runs(client)).toMatchObject([
    { STATE: "ACTION_FAILED", SQL_ERROR_CODE: 2003, SQL_ERROR_MESSAGE: expect.stringContaining("NOWHERE") },
  ]);
  await client.run(`alter alert a modify action ${KEEP}`, "insert into t values (2, 'y')");
  await snowglobe.advance(60);
  expect(await seen()).toEqual([2]);
});

test("rows that come while it is suspended are not new to it", async () => {
  await alert();
  await client.run("alter alert a suspend", "insert into t values (1, 'x')");
  await snowglobe.advance(60);
  await client.run("alter alert a resume");
  await snowglobe.advance(60);
  await client.run("insert into t values (2, 'y')");
  await snowglobe.advance(60);
  expect(await seen()).toEqual([2]);
});

test("a condition that moves to another table sees what comes there from then on", async () => {
  await alert();
  await client.run(
    "create table other like t change_tracking = true",
    "alter table other set change_tracking = true",
    "insert into other values (1, 'x')",
    "alter alert a modify condition exists (select id, what from other)",
    "insert into other values (2, 'y')",
    "insert into t values (3, 'z')",
  );
  await snowglobe.advance(60);
  expect(await seen()).toEqual([2]);
});

test("it goes on when its table is replaced; a table that is missing is told once", async () => {
  await alert();
  await client.run("drop table t", "insert into seen values (0, 'n')");
  await snowglobe.advance(60);
  await client.run("insert into seen values (0, 'n')");
  await snowglobe.advance(60);
  expect(await runs(client)).toMatchObject([
    { STATE: "CONDITION_FAILED", SQL_ERROR_MESSAGE: expect.stringContaining("'D.PUBLIC.T' does not exist") },
  ]);
  await client.run(
    "create table t (id int, what varchar) change_tracking = true",
    "truncate table seen",
    "insert into t values (5, 'x')",
  );
  await snowglobe.advance(60);
  expect(await seen()).toEqual([5]);
});

test("an action that inserts into its own table runs again, though not at once", async () => {
  await alert(undefined, "insert into t select max(id) + 1, 'more' from t");
  await client.run("insert into t values (1, 'x')");
  await snowglobe.advance(4);
  expect(await states(client)).toEqual(["TRIGGERED", "TRIGGERED", "TRIGGERED", "TRIGGERED", "TRIGGERED"]);
});

describe("a view", () => {
  test("with a filter: new rows of its table that it shows", async () => {
    await client.run("create view v change_tracking = true as select id, what from t where what = 'bad'");
    await alert("select id, what from v");
    await client.run("insert into t values (1, 'good')");
    await snowglobe.advance(60);
    expect(await runs(client)).toEqual([]);
    await client.run("insert into t values (2, 'bad'), (3, 'good')");
    await snowglobe.advance(60);
    expect(await seen()).toEqual([2]);
  });

  test("with a join: rows that appear in it", async () => {
    await client.run(
      "create table names (id int, name varchar) change_tracking = true",
      "insert into names values (1, 'one')",
      "create view v change_tracking = true as select t.id, n.name as what from t join names n on n.id = t.id",
    );
    await alert("select id, what from v");
    await client.run("insert into t values (1, 'x'), (2, 'y')");
    await snowglobe.advance(60);
    expect(await seen()).toEqual([1]);
    await client.run("insert into names values (2, 'two')");
    await snowglobe.advance(60);
    expect(await seen()).toEqual([1, 2]);
  });

  test("without change tracking, or over an aggregate: the history says what is wrong", async () => {
    await client.run("create view v as select id, what from t");
    await alert("select id, what from v");
    await client.run("insert into t values (1, 'x')");
    await snowglobe.advance(60);
    await client.run(
      "create or replace view v as select max(id) as id, 'm' as what from t",
      "insert into t values (2, 'y')",
    );
    await snowglobe.advance(60);
    expect((await runs(client)).map((run) => [run.STATE, run.SQL_ERROR_MESSAGE])).toEqual([
      ["CONDITION_FAILED", expect.stringContaining("Change tracking is not enabled on view 'V'")],
      ["CONDITION_FAILED", expect.stringContaining("'GROUP BY'")],
    ]);
  });
});

test("a dynamic table: rows that a refresh brought", async () => {
  await client.run(
    "create dynamic table dt target_lag = '1 minute' warehouse = wh as select id, what from t where what = 'bad'",
  );
  await alert("select id, what from dt");
  await client.run("insert into t values (1, 'bad'), (2, 'good')");
  expect(await seen()).toEqual([]);
  await snowglobe.advance(60);
  expect(await seen()).toEqual([1]);
  await snowglobe.advance(600);
  expect(await states(client)).toEqual(["TRIGGERED"]);
});

test.each([
  ["select t.id from t join seen s on s.id = t.id", "cannot join tables"],
  ["select t.id from t, seen", "cannot join tables"],
  ["with x as (select id from t) select id from x", "cannot have a common table expression"],
  ["select id from t union all select id from seen", "cannot have a set operator"],
  ["select id from t where id in (select id from seen)", "must read exactly one table or view"],
  ["select 1", "must read exactly one table or view"],
  ["show tables", "must be a SELECT"],
  ["call system$send_email('a', 'b', 'c', 'd')", "must be a SELECT"],
])("the condition %s is refused", async (condition, message) => {
  const create = `create alert a if (exists (${condition})) then select 1`;
  expect((await client.failure(create)).message).toContain(message);
  await client.run("create alert a if (exists (select id from t)) then select 1");
  expect((await client.failure(`alter alert a modify condition exists (${condition})`)).message).toContain(message);
  await client.run(`create alert b schedule = '1 minute' if (exists (${condition})) then select 1`);
});

test("EXECUTE ALERT does not run it, and neither form becomes the other", async () => {
  await client.run(
    "create alert a if (exists (select id from t)) then select 1",
    "create alert s schedule = '1 minute' if (exists (select id from t)) then select 1",
  );
  expect((await client.failure("execute alert a")).message).toContain("alert on new data");
  expect((await client.failure("alter alert a set schedule = '1 minute'")).message).toContain("cannot be made");
  expect((await client.failure("alter alert s unset schedule")).message).toContain("cannot be made");
  expect(await client.row("show alerts like 'a'")).toMatchObject({ schedule: null, warehouse: null });
});

test("after a restart nothing is missed and nothing seen twice", async () => {
  await alert();
  await client.run(
    "create alert gone if (exists (select id from t)) then select 1",
    "alter alert gone resume",
    "drop alert gone",
    "insert into t values (1, 'x')",
  );
  // Housekeeping comes by meanwhile.
  await snowglobe.advance(1_300);
  await client.run("insert into t values (2, 'y')");
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  await snowglobe.advance(60);
  expect(await seen()).toEqual([1, 2]);
  expect(await states(client)).toEqual(["TRIGGERED", "TRIGGERED"]);
});
