import { FAIL, note, TaskPlayground } from "./playground";

let tasks: TaskPlayground;

beforeEach(async () => {
  tasks = await TaskPlayground.start();
});
afterEach(() => tasks.snowglobe.stop());

describe("a graph", () => {
  test("runs each task after all of its predecessors, and the finalizer last", async () => {
    await tasks.make("a", "schedule = '1 minute'");
    await tasks.make("b", "after a");
    await tasks.make("c", "after a");
    await tasks.make("d", "after b, c");
    await tasks.make("e", "after d, a");
    await tasks.make("f", "finalize = a");
    expect(await tasks.enable()).toBe(true);
    await tasks.snowglobe.advance(60);
    const order = (await tasks.ran()) as string[];
    expect([...order].sort()).toEqual(["a", "b", "c", "d", "e", "f"]);
    expect(order[0]).toBe("a");
    expect(order.slice(1, 3).sort()).toEqual(["b", "c"]);
    expect(order.slice(3)).toEqual(["d", "e", "f"]);
  });

  test("a failure keeps what comes after it from running, not other branches and the finalizer", async () => {
    await tasks.make("a", "schedule = '1 minute'");
    await tasks.make("b", "after a", FAIL);
    await tasks.make("c", "after b");
    await tasks.make("d", "after a");
    await tasks.make("e", "after c, d");
    await tasks.make("f", "finalize = a");
    await tasks.enable();
    await tasks.snowglobe.advance(60);
    expect(await tasks.ran()).toEqual(["a", "d", "f"]);
    // What was never due has no row.
    expect(await tasks.runs()).toEqual(["A SUCCEEDED", "B FAILED", "D SUCCEEDED", "F SUCCEEDED"]);
  });

  test("a WHEN that is false skips the task and what comes after it", async () => {
    await tasks.make("a", "schedule = '1 minute'");
    await tasks.make("b", "after a when 1 = 2");
    await tasks.make("c", "after b");
    await tasks.make("f", "finalize = a");
    await tasks.enable();
    await tasks.snowglobe.advance(60);
    expect(await tasks.runs()).toEqual(["A SUCCEEDED", "B SKIPPED", "F SUCCEEDED"]);
    const graphs = await tasks.client.rows("select state from table(information_schema.complete_task_graphs())");
    expect(graphs).toEqual([{ STATE: "SUCCEEDED" }]);
  });

  test("a root that is skipped starts nothing, not even the finalizer", async () => {
    await tasks.make("a", "schedule = '1 minute' when 1 = 2");
    await tasks.make("b", "after a");
    await tasks.make("f", "finalize = a");
    await tasks.enable();
    await tasks.snowglobe.advance(60);
    expect(await tasks.runs()).toEqual(["A SKIPPED"]);
    expect(await tasks.client.rows("select * from table(information_schema.complete_task_graphs())")).toEqual([]);
  });

  test("a suspended child counts as passed; where all of several predecessors are suspended, nothing runs", async () => {
    await tasks.make("a", "schedule = '1 minute'");
    await tasks.make("b", "after a");
    await tasks.make("c", "after a");
    await tasks.make("after_one", "after b");
    await tasks.make("after_both", "after b, c");
    await tasks.make("after_mixed", "after a, b");
    await tasks.enable();
    await tasks.client.run(
      "alter task a suspend",
      "alter task b suspend",
      "alter task c suspend",
      "alter task a resume",
    );
    await tasks.snowglobe.advance(60);
    expect((await tasks.runs()).sort()).toEqual(["A SUCCEEDED", "AFTER_MIXED SUCCEEDED", "AFTER_ONE SUCCEEDED"]);
  });

  test("started by a stream", async () => {
    await tasks.client.run("create table src (n int)", "create stream s on table src");
    await tasks.make("a", "when system$stream_has_data('s')", "insert into log select 'a', n::varchar from s");
    await tasks.make("b", "after a");
    await tasks.enable();
    await tasks.snowglobe.advance(60);
    await tasks.client.run("insert into src values (7)");
    await tasks.snowglobe.advance(2);
    expect(await tasks.ran()).toEqual(["a", "b"]);
    const history = await tasks.client.rows(
      "select name, scheduled_from from table(information_schema.task_history()) order by query_start_time, name",
    );
    expect(history).toEqual([
      { NAME: "A", SCHEDULED_FROM: "TRIGGER" },
      { NAME: "B", SCHEDULED_FROM: "TRIGGER" },
    ]);
  });

  test("its tasks share a run in the history", async () => {
    await tasks.make("a", "schedule = '1 minute'");
    await tasks.make("b", "after a");
    await tasks.enable();
    await tasks.snowglobe.advance(120);
    const rows = await tasks.client.rows(`select name, root_task_id, graph_run_group_id, run_id, graph_version
      from table(information_schema.task_history()) where state <> 'SCHEDULED' order by run_id, name`);
    expect(rows.map((row) => row.NAME)).toEqual(["A", "B", "A", "B"]);
    const { id } = await tasks.client.row("show tasks like 'a'");
    expect(new Set(rows.map((row) => row.ROOT_TASK_ID))).toEqual(new Set([id]));
    expect(rows[0]!.GRAPH_RUN_GROUP_ID).toBe(rows[1]!.GRAPH_RUN_GROUP_ID);
    expect(rows[1]!.GRAPH_RUN_GROUP_ID).not.toBe(rows[2]!.GRAPH_RUN_GROUP_ID);
    expect(rows[0]!.RUN_ID).toBe(rows[1]!.RUN_ID);
    expect(Number(rows[2]!.RUN_ID) - Number(rows[0]!.RUN_ID)).toBe(60_000);
    expect(rows.map((row) => row.GRAPH_VERSION)).toEqual([1, 1, 1, 1]);
    const ofRoot = `select name from table(information_schema.task_history(root_task_id => '${String(id)}')) where state <> 'SCHEDULED'`;
    expect(await tasks.client.column(ofRoot)).toHaveLength(4);
  });
});

describe("versions", () => {
  test("a change takes effect when the root is resumed, or run by hand", async () => {
    await tasks.make("a", "schedule = '1 minute'");
    await tasks.make("b", "after a");
    await tasks.enable();
    await tasks.snowglobe.advance(60);
    await tasks.client.run("alter task a suspend", `alter task b modify as ${note("b2")}`, "alter task a resume");
    await tasks.snowglobe.advance(60);
    await tasks.client.run("alter task a suspend", "alter task a resume");
    await tasks.snowglobe.advance(60);
    await tasks.client.run("alter task a suspend", `alter task b modify as ${note("b3")}`, "execute task a");
    await tasks.snowglobe.advance(0);
    expect((await tasks.ran()).filter((task) => task !== "a")).toEqual(["b", "b2", "b2", "b3"]);
    const versions = await tasks.client.column(
      "select graph_version from table(information_schema.task_history(task_name => 'b')) order by scheduled_time",
    );
    expect(versions).toEqual([1, 2, 2, 3]);
  });

  test("a run under way keeps its version", async () => {
    await tasks.make("a", "schedule = '1 minute'");
    await tasks.make("b", "after a");
    await tasks.enable();
    const other = await tasks.connect();
    await other.run("create table gate (n int)", "insert into gate values (1)");
    await tasks.client.run(
      "alter task a suspend",
      "alter task a modify as update gate set n = 2",
      "alter task a resume",
    );
    await other.run("begin", "update gate set n = 3");
    const run = tasks.snowglobe.advance(60);
    // The root waits for the lock; meanwhile its child is changed.
    await tasks.begun();
    await tasks.client.run("alter task a suspend", `alter task b modify as ${note("b2")}`);
    await other.run("commit");
    await run;
    expect(await tasks.ran()).toEqual(["b"]);
  });
});

describe("failures", () => {
  test("automatic retries go on from the task that failed, and the whole graph shares its group", async () => {
    await tasks.make("a", "schedule = '1 minute' task_auto_retry_attempts = 2");
    await tasks.make("b", "after a", FAIL);
    await tasks.make("c", "after b");
    await tasks.make("f", "finalize = a");
    await tasks.enable();
    await tasks.snowglobe.advance(60);
    expect(await tasks.ran()).toEqual(["a", "f", "f", "f"]);
    const attempts = await tasks.client
      .rows(`select attempt_number n, scheduled_from s, count(distinct graph_run_group_id) g
      from table(information_schema.task_history(task_name => 'b')) group by all order by 1`);
    expect(attempts).toEqual([
      { N: 1, S: "SCHEDULE", G: 1 },
      { N: 2, S: "AUTOMATIC RETRY", G: 1 },
      { N: 3, S: "AUTOMATIC RETRY", G: 1 },
    ]);
    const graphs = await tasks.client.rows(`select attempt_number n, state, first_error_task_name e
      from table(information_schema.complete_task_graphs(root_task_name => 'a')) order by 1`);
    expect(graphs).toEqual([1, 2, 3].map((N) => ({ N, STATE: "FAILED", E: "B" })));
  });

  test("a retry that succeeds lets the rest run", async () => {
    await tasks.make("a", "schedule = '1 minute' task_auto_retry_attempts = 1", "call system$set_return_value('v')");
    // Fails where the table is missing, and makes it for the next time.
    await tasks.make(
      "b",
      "after a",
      "begin let e varchar := 'x'; begin insert into once values (1); exception when other then create table once (n int); raise; end; end",
    );
    await tasks.make("c", "after b", note("c", "system$get_predecessor_return_value('A')"));
    await tasks.enable();
    await tasks.snowglobe.advance(60);
    expect(await tasks.runs()).toEqual(["A SUCCEEDED", "B FAILED", "B SUCCEEDED", "C SUCCEEDED"]);
    expect(await tasks.client.column("select value from log")).toEqual(["v"]);
  });

  test("EXECUTE TASK ... RETRY LAST", async () => {
    await tasks.make("a", "schedule = '60 minutes'");
    await tasks.make("b", "after a", FAIL);
    await tasks.make("c", "after b");
    await tasks.enable();
    const retry = "execute task a retry last";
    expect(await tasks.client.failure(retry)).toMatchObject({
      code: "091457",
      message: "Cannot perform retry: no suitable run of graph with root task A to retry.",
    });
    await tasks.client.run("execute task a");
    await tasks.snowglobe.advance(1);
    await tasks.client.run("create table nowhere (n int)", retry);
    await tasks.snowglobe.advance(1);
    expect(await tasks.ran()).toEqual(["a", "c"]);
    const rows = await tasks.client.rows(`select name, attempt_number n, scheduled_from s, state
      from table(information_schema.task_history()) where state <> 'SCHEDULED' order by query_start_time, name`);
    expect(rows).toEqual([
      { NAME: "A", N: 1, S: "EXECUTE_TASK", STATE: "SUCCEEDED" },
      { NAME: "B", N: 1, S: "EXECUTE_TASK", STATE: "FAILED" },
      { NAME: "B", N: 2, S: "MANUAL RETRY", STATE: "SUCCEEDED" },
      { NAME: "C", N: 2, S: "MANUAL RETRY", STATE: "SUCCEEDED" },
    ]);
    const group = await tasks.client.value(
      "select graph_run_group_id from table(information_schema.task_history(task_name => 'a')) where state <> 'SCHEDULED'",
    );
    expect(await tasks.client.failure(retry)).toMatchObject({
      code: "091456",
      message: `Cannot perform retry: run (GRAPH_RUN_GROUP_ID = ${String(group)}, attempt = 2) of graph with root task A had no failures.`,
    });
    expect((await tasks.client.failure("execute task b retry last")).code).toBe("091435");
  });

  test("a graph that was changed is not retried", async () => {
    await tasks.make("a", "schedule = '60 minutes'", FAIL);
    await tasks.client.run("execute task a");
    await tasks.snowglobe.advance(1);
    await tasks.client.run("alter task a modify as select 1");
    expect((await tasks.client.failure("execute task a retry last")).code).toBe("091457");
  });

  test("failures of a child suspend the root", async () => {
    await tasks.make("a", "schedule = '1 minute' suspend_task_after_num_failures = 2");
    await tasks.make("b", "after a", FAIL);
    await tasks.enable();
    await tasks.snowglobe.advance(600);
    expect(
      await tasks.client.column(
        "select state from table(information_schema.task_history(task_name => 'b')) order by scheduled_time",
      ),
    ).toEqual(["FAILED", "FAILED_AND_AUTO_SUSPENDED"]);
    expect(await tasks.client.row("show tasks like 'a'")).toMatchObject({
      state: "suspended",
      last_suspended_reason: "SUSPENDED_DUE_TO_ERRORS",
    });
    expect(await tasks.client.row("show tasks like 'b'")).toMatchObject({ state: "started" });
    // Resumed, the root begins to count anew.
    await tasks.client.run("alter task a resume");
    await tasks.snowglobe.advance(60);
    expect(await tasks.client.row("show tasks like 'a'")).toMatchObject({ state: "started" });
  });
});

describe("after a restart", () => {
  test("a graph that was asked for runs, with the version and the configuration of then", async () => {
    await tasks.make("a", "schedule = '1 hour'", note("a", "system$get_task_graph_config('k')"));
    await tasks.make("b", "after a");
    await tasks.enable();
    await tasks.client.run('execute task a using config = \'{"k": "v"}\'', "alter task a suspend", "drop task b");
    await tasks.snowglobe.restart();
    const client = await tasks.connect();
    expect(await client.value("select count(*) from log")).toBe(0);
    await tasks.snowglobe.advance(0);
    expect(await client.rows("select task, value from log")).toEqual([
      { TASK: "a", VALUE: "v" },
      { TASK: "b", VALUE: null },
    ]);
    await tasks.snowglobe.advance(7200);
    expect(await client.value("select count(*) from log")).toBe(2);
  });

  test("a task that was cut off has failed, and the rest of its graph goes on", async () => {
    await tasks.make("a", "schedule = '1 hour' task_auto_retry_attempts = 3");
    await tasks.make("b", "after a", "update gate set n = n + 1");
    await tasks.make("c", "after a");
    await tasks.make("d", "after b, c");
    await tasks.make("f", "finalize = a");
    await tasks.enable();
    const blocker = await tasks.connect();
    await blocker.run("create table gate (n int)", "insert into gate values (1)", "begin", "update gate set n = 10");
    await tasks.client.run("execute task a");
    const running = tasks.snowglobe.advance(0);
    while ((await tasks.runs()).filter((run) => String(run).endsWith("SUCCEEDED")).length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await tasks.snowglobe.restart();
    await running;
    await tasks.snowglobe.advance(0);
    const client = await tasks.connect();
    expect(
      await client.rows(`select name, state, error_message e from table(information_schema.task_history())
        where state <> 'SCHEDULED' order by name`),
    ).toEqual([
      { NAME: "A", STATE: "SUCCEEDED", E: null },
      { NAME: "B", STATE: "FAILED", E: "The task run was interrupted: the service stopped while it ran." },
      { NAME: "C", STATE: "SUCCEEDED", E: null },
      { NAME: "F", STATE: "SUCCEEDED", E: null },
    ]);
    expect(await client.column("select n from gate")).toEqual([1]);
    await client.run("execute task a retry last");
    await tasks.snowglobe.advance(0);
    expect(await client.column("select n from gate")).toEqual([2]);
    expect(await client.column("select task from log")).toEqual(["a", "c", "f", "d", "f"]);
  });
});
