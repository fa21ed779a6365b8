import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { VirtualClock, type CancelAlarm } from "../../src/clock";
import { prepare } from "../refresh/pipeline";
import { START, TestSnowglobe, type TestClient } from "../server";

/** Goes on while what it called still runs, as time does. */
class ImpatientClock extends VirtualClock {
  override alarm(at: number, ring: () => Promise<void>): CancelAlarm {
    return super.alarm(at, () => {
      void ring();
      return Promise.resolve();
    });
  }
}

let snowglobe: TestSnowglobe;
let client: TestClient;
let blocker: TestClient;

beforeEach(async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "snowglobe-test-"));
  snowglobe = new TestSnowglobe(folder, new ImpatientClock(START));
  await snowglobe.open();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run("create table gate (n int)", "insert into gate values (0)");
  blocker = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  await blocker.run("begin", "update gate set n = 100");
});
afterEach(() => snowglobe.stop());

const WAITS = "update gate set n = n + 1";
const make = (task: string, clauses: string, body: string) =>
  client.run(`create task ${task} warehouse = wh ${clauses} as ${body}`);

/** Waits until the runs are these: names, states and how often. */
async function until(...wanted: readonly string[]): Promise<void> {
  for (let seen = ""; seen !== wanted.join(", ");) {
    const found = await client.column(`select name || ' ' || state || ' ' || count(*)
      from table(information_schema.task_history()) where state <> 'SCHEDULED' group by name, state order by 1`);
    seen = found.join(", ");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("a time that comes while the graph still runs is left out, and EXECUTE TASK waits", async () => {
  await make("a", "schedule = '1 minute'", "select 1");
  await make("b", "after a", WAITS);
  await client.value("select system$task_dependents_enable('a')");
  await snowglobe.advance(60);
  await until("A SUCCEEDED 1", "B EXECUTING 1");
  await snowglobe.advance(120);
  await client.run("execute task a", "execute task a");
  await snowglobe.advance(0);
  await until("A SUCCEEDED 1", "B EXECUTING 1");
  await blocker.run("commit");
  await until("A SUCCEEDED 3", "B SUCCEEDED 3");
  expect(await client.value("select n from gate")).toBe(103);
  await snowglobe.advance(60);
  await until("A SUCCEEDED 4", "B SUCCEEDED 4");
});

test("with ALLOW_OVERLAPPING_EXECUTION children run beside those of the run before; the root does not", async () => {
  await make("a", "schedule = '1 minute' allow_overlapping_execution = true", "select 1");
  await make("b", "after a", WAITS);
  await client.value("select system$task_dependents_enable('a')");
  await snowglobe.advance(60);
  await until("A SUCCEEDED 1", "B EXECUTING 1");
  await snowglobe.advance(60);
  await until("A SUCCEEDED 2", "B EXECUTING 2");
  await client.run("alter task a suspend", `alter task a modify as ${WAITS}`, "alter task a resume");
  await snowglobe.advance(60);
  await until("A EXECUTING 1", "A SUCCEEDED 2", "B EXECUTING 2");
  await snowglobe.advance(60);
  await until("A EXECUTING 1", "A SUCCEEDED 2", "B EXECUTING 2");
  await blocker.run("commit");
  await until("A SUCCEEDED 3", "B SUCCEEDED 3");
});

test("a run that takes longer than its timeout fails", async () => {
  await make("a", "schedule = '1 minute' user_task_timeout_ms = 5000", WAITS);
  await client.run("alter task a resume");
  await snowglobe.advance(60);
  await until("A EXECUTING 1");
  await snowglobe.advance(5);
  await until("A FAILED 1");
  expect(
    await client.row(
      "select error_code, error_message from table(information_schema.task_history()) where state = 'FAILED'",
    ),
  ).toEqual({
    ERROR_CODE: "000630",
    ERROR_MESSAGE: "Statement reached its statement or warehouse timeout of 5 second(s) and was canceled.",
  });
  await blocker.run("rollback");
});
