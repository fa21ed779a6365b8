import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { mailbox, prepareMail, runs } from "./alert";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await prepareMail(client);
  await client.run(
    "create table t (id int) change_tracking = true",
    "create table seen (id int)",
    "create table gate (id int)",
    "insert into gate values (0)",
  );
});
afterEach(() => snowglobe.stop());

const KEEP = "insert into seen select * from table(result_scan(snowflake.alert.get_condition_query_uuid()))";
const MAIL = "call system$send_email('send_email_notifications', 'ann@example.com', 'New', 'rows')";
/** Waits for as long as somebody else holds the lock. */
const WAIT = "update gate set id = id + 1";
const seen = () => client.column("select id from seen order by id");

/** Stops the service while the action waits, and starts it again. */
async function interrupt(action: string, kind: "on new data" | "by hand" = "on new data"): Promise<void> {
  const schedule = kind === "by hand" ? "schedule = '60 MINUTE'" : "";
  await client.run(`create alert a ${schedule} if (exists (select id from t)) then ${action}`, "alter alert a resume");
  await client.run("insert into t values (1)");
  if (kind === "by hand") await client.run("execute alert a");
  const holder = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  await holder.run("begin", "update gate set id = id");
  const moving = snowglobe.advance(1);
  for (let waiting = false; !waiting;) {
    const [run] = await runs(client);
    waiting = typeof run?.ACTION_QUERY_ID === "string";
  }
  // The statements before the one that waits.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await snowglobe.restart();
  await moving;
  client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  await snowglobe.advance(5);
}

const history = async () => (await runs(client)).map((run) => [run.STATE, run.SQL_ERROR_MESSAGE]);
const INTERRUPTED = ["ACTION_FAILED", "The service ended while the action ran."];

test("an action that has committed nothing comes again after a restart", async () => {
  await interrupt(`begin ${WAIT}; ${KEEP}; ${MAIL}; end`);
  expect(await seen()).toEqual([1]);
  expect(await mailbox(snowglobe)).toHaveLength(1);
  expect(await history()).toEqual([["TRIGGERED", null]]);
});

test.each([
  ["rows", `begin ${KEEP}; ${WAIT}; end`, [1], 0],
  ["rows, in a transaction of its own", `begin begin transaction; ${KEEP}; commit; ${WAIT}; end`, [1], 0],
  ["a mail", `begin ${MAIL}; ${WAIT}; end`, [], 1],
  ["a table", `begin create table made as select 1 as n; ${WAIT}; end`, [], 0],
])("an action that has committed %s is not done again", async (_, action, rows, mails) => {
  await interrupt(action);
  expect(await seen()).toEqual(rows);
  expect(await mailbox(snowglobe)).toHaveLength(mails);
  expect(await history()).toEqual([INTERRUPTED]);
  await client.run(`alter alert a modify action ${KEEP}`, "insert into t values (2)");
  await snowglobe.advance(5);
  expect(await seen()).toEqual([...rows, 2]);
});

test("what a transaction of the action had not committed is neither there nor forgotten", async () => {
  await interrupt(`begin begin transaction; ${KEEP}; ${WAIT}; commit; end`);
  expect(await seen()).toEqual([1]);
  expect(await history()).toEqual([["TRIGGERED", null]]);
});

test("a run by EXECUTE ALERT comes again where nothing was committed, and else not", async () => {
  await interrupt(`begin ${WAIT}; ${KEEP}; end`, "by hand");
  expect(await seen()).toEqual([1]);
  expect(await history()).toEqual([["TRIGGERED", null]]);
  await client.run("drop alert a");
  await interrupt(`begin ${KEEP}; ${WAIT}; end`, "by hand");
  expect(await seen()).toEqual([1, 1, 1]);
  expect(await history()).toEqual([["TRIGGERED", null], INTERRUPTED]);
});
