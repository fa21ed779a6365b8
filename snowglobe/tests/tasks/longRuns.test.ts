import type { TestClient } from "../server";
import { TaskPlayground } from "./playground";

let tasks: TaskPlayground;

beforeEach(async () => {
  tasks = await TaskPlayground.start();
});
afterEach(() => tasks.snowglobe.stop());

describe("runs that take long", () => {
  let blocker: TestClient;
  let blocked: Promise<void>;

  /** Starts a run of the root `a`, which waits for a row that another session has locked. */
  async function begin(clauses = "schedule = '1 minute'"): Promise<void> {
    blocker = await tasks.connect();
    await blocker.run("create table gate (n int)", "insert into gate values (1)");
    await tasks.make("a", clauses, "update gate set n = n + 1");
    await tasks.make("b", "after a");
    await tasks.make("f", "finalize = a");
    await tasks.enable();
    await blocker.run("begin", "update gate set n = 10");
    blocked = tasks.snowglobe.advance(60);
    await tasks.begun();
  }

  test("CURRENT_TASK_GRAPHS shows what runs and what is next, COMPLETE_TASK_GRAPHS what has ended", async () => {
    await begin();
    const current = () =>
      tasks.client.rows(
        "select root_task_name r, state, scheduled_from s from table(information_schema.current_task_graphs()) order by scheduled_time",
      );
    expect(await current()).toEqual([
      { R: "A", STATE: "EXECUTING", S: "SCHEDULE" },
      { R: "A", STATE: "SCHEDULED", S: "SCHEDULE" },
    ]);
    await blocker.run("commit");
    await blocked;
    expect(await current()).toEqual([{ R: "A", STATE: "SCHEDULED", S: "SCHEDULE" }]);
    expect(
      await tasks.client.rows(
        "select root_task_name r, state, first_error_code e from table(information_schema.complete_task_graphs())",
      ),
    ).toEqual([{ R: "A", STATE: "SUCCEEDED", E: null }]);
    await tasks.snowglobe.advance(3700);
    await tasks.client.run("alter task a suspend");
    await tasks.snowglobe.advance(3700);
    expect(await tasks.client.rows("select * from table(information_schema.complete_task_graphs())")).toEqual([]);
    expect(await current()).toEqual([]);
  });

  test("EXECUTE TASK waits for the run under way", async () => {
    await begin();
    await tasks.client.run("alter task a suspend", "execute task a");
    const next = tasks.snowglobe.advance(0);
    await blocker.run("commit");
    await Promise.all([blocked, next]);
    expect(await tasks.client.value("select n from gate")).toBe(12);
    expect(await tasks.runs()).toEqual(
      ["A SUCCEEDED", "B SUCCEEDED", "F SUCCEEDED", "A SUCCEEDED", "B SUCCEEDED", "F SUCCEEDED"].sort(),
    );
  });

  test("SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS", async () => {
    await begin();
    expect(await tasks.client.value("select system$user_task_cancel_ongoing_executions('a')")).toMatch(/cancelled: 1/);
    await blocked;
    await blocker.run("rollback");
    expect(await tasks.runs()).toEqual(["A CANCELLED", "F SUCCEEDED"]);
    expect(await tasks.client.column("select state from table(information_schema.complete_task_graphs())")).toEqual([
      "CANCELLED",
    ]);
    expect(await tasks.client.value("select system$user_task_cancel_ongoing_executions('a')")).toMatch(/no ongoing/);
    await tasks.client.run("execute task a retry last");
    await tasks.snowglobe.advance(1);
    expect(await tasks.ran()).toEqual(["f", "b", "f"]);
  });
});
