import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
});
afterAll(() => snowglobe.stop());

/** Each test has a database D of its own, with roots R1 and R2 and a child C1 of R1. */
beforeEach(async () => {
  client = await snowglobe.connect();
  await client.run("drop database if exists d", "drop warehouse if exists wh");
  await prepare(client);
  await make("r1", "schedule = '1 minute'");
  await make("r2", "schedule = '1 minute'");
  await make("c1", "after r1");
});
afterEach(() => client.close());

async function make(task: string, clauses: string, verb = "create task"): Promise<void> {
  await client.run(`${verb} ${task} warehouse = wh ${clauses} as select 1`);
}
const shown = (task: string) => client.row(`show tasks like '${task}'`);
const relations = async (task: string) => JSON.parse(String((await shown(task)).task_relations)) as unknown;
const predecessors = async (task: string) => JSON.parse(String((await shown(task)).predecessors)) as unknown;

describe("predecessors", () => {
  test("are added and removed, and shown", async () => {
    expect(await predecessors("c1")).toEqual(["D.PUBLIC.R1"]);
    await client.run("alter task c1 add after r2, public.r2", "alter task c1 add after d.public.r2");
    expect(await relations("c1")).toEqual({ Predecessors: ["D.PUBLIC.R1", "D.PUBLIC.R2"] });
    await client.run("alter task c1 remove after 'public.r1'");
    expect(await predecessors("c1")).toEqual(["D.PUBLIC.R2"]);
    expect(await shown("c1")).toMatchObject({ allow_overlapping_execution: "null", schedule: null });
    await client.run("alter task c1 remove after r2");
    expect(await relations("c1")).toEqual({ Predecessors: [] });
    expect(await shown("c1")).toMatchObject({ allow_overlapping_execution: "false" });
  });

  test.each([
    ["create task x after nosuch as select 1", "Invalid predecessor NOSUCH was specified."],
    ["alter task c1 add after nosuch", "Invalid predecessor NOSUCH was specified."],
    ["alter task c1 remove after nosuch", "Invalid predecessor NOSUCH was specified."],
    ["alter task c1 remove after r2", "Task C1 does not have predecessor R2."],
    ["alter task c1 add after c1", "Task C1 cannot use itself as its predecessor."],
    ["alter task r1 add after r2", "Task R1 cannot have both a schedule and a predecessor."],
    ["alter task c1 set schedule = '5 minutes'", "Task C1 cannot have both a schedule and a predecessor."],
    [
      "create task x schedule = '1 minute' after r1 as select 1",
      "Task X cannot have both a schedule and a predecessor.",
    ],
    [
      "create task x config = '{}' after r1 as select 1",
      "Task D.PUBLIC.X cannot both be a non-root task and have a config.",
    ],
    ["alter task c1 set config = '{}'", "Task D.PUBLIC.C1 cannot both be a non-root task and have a config."],
    [
      "alter task c1 set allow_overlapping_execution = true",
      "Cannot set allow_overlapping_execution on non-root task D.PUBLIC.C1.",
    ],
    [
      "alter task c1 set task_auto_retry_attempts = 2",
      "Cannot set parameter TASK_AUTO_RETRY_ATTEMPTS on non-root task C1. Non-root tasks use the parameter setting from their root task. Please set this on the root task for this task instead.",
    ],
    [
      "execute task c1",
      "Execute task cannot be called on non-root task D.PUBLIC.C1. Call EXECUTE TASK on the root task of its graph instead.",
    ],
  ])("%s is refused", async (sqlText, message) => {
    expect((await client.failure(sqlText)).message).toBe(message);
  });

  test("a loop is refused", async () => {
    await make("c2", "after c1");
    await make("c3", "after c2");
    expect((await client.failure("alter task c1 add after c3")).message).toBe(
      "Task C1 cannot have predecessor C3: it runs after C1 itself.",
    );
    expect((await client.failure("create or replace task c1 warehouse = wh after c3 as select 1")).message).toContain(
      "it runs after C1 itself",
    );
  });

  test("lie in the same schema and belong to the same owner", async () => {
    await client.run("create schema s2", "use schema public");
    await make("s2.r9", "schedule = '1 minute'");
    expect((await client.failure("alter task c1 add after s2.r9")).message).toBe(
      "Cannot have predecessor R9 from a different schema.",
    );
    await client.run("create role if not exists other", "grant ownership on task r2 to role other");
    expect((await client.failure("alter task c1 add after r2")).message).toBe(
      "Cannot have predecessor R2 with a different owner.",
    );
  });

  test("are 100 at most, as are children", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `p${index}`);
    // C1 is a child of R1, too.
    for (const name of names.slice(0, 99)) await make(name, "after r1");
    expect((await client.failure("create task p99 warehouse = wh after r1 as select 1")).message).toBe(
      "Task R1 cannot have more than 100 children.",
    );
    await client.run("drop task c1", "create task p99 warehouse = wh after r1 as select 1");
    await make("many", `after ${names.join(", ")}`);
    expect((await client.failure("alter task many add after r1")).message).toMatch(/more than 100/);
  });

  test("lead to one root when the graph is to run", async () => {
    await client.run("alter task c1 add after r2");
    const message = "Task D.PUBLIC.C1 has more than one root task: R1, R2. A graph has one root.";
    expect((await client.failure("alter task r1 resume")).message).toBe(message);
    expect((await client.failure("execute task r2")).message).toBe(message);
  });
});

describe("finalizers", () => {
  beforeEach(() => make("f1", "finalize = r1"));

  test("are shown on both sides, taken off and put on", async () => {
    expect(await relations("f1")).toEqual({ FinalizedRootTask: "D.PUBLIC.R1", Predecessors: [] });
    expect(await relations("r1")).toEqual({ Predecessors: [], FinalizerTask: "D.PUBLIC.F1" });
    await client.run("alter task f1 unset finalize");
    expect(await relations("f1")).toEqual({ Predecessors: [] });
    await client.run("alter task f1 set finalize = 'r1'");
    expect(await relations("r1")).toEqual({ Predecessors: [], FinalizerTask: "D.PUBLIC.F1" });
  });

  test.each([
    ["create task x finalize = r1 as select 1", "Finalize target R1 already have finalizer."],
    ["create task x finalize = nosuch as select 1", "Invalid finalized root task NOSUCH was specified."],
    ["create task x finalize = c1 as select 1", "Task D.PUBLIC.X cannot finalize a non-root task D.PUBLIC.C1."],
    ["create task x finalize = f1 as select 1", "Task D.PUBLIC.X cannot finalize a non-root task D.PUBLIC.F1."],
    [
      "create task x finalize = r2 schedule = '1 minute' as select 1",
      "Task X cannot have a schedule and be a finalizer task.",
    ],
    [
      "create task x finalize = r2 after r1 as select 1",
      "Task D.PUBLIC.X cannot have predecessors as a finalizer task.",
    ],
    ["create task x after f1 as select 1", "Task D.PUBLIC.F1 cannot have children as a finalizer task."],
    ["alter task r2 set finalize = r1", "Finalize target R1 already have finalizer."],
    ["alter task r1 set finalize = r2", "Task D.PUBLIC.R1 cannot have children as a finalizer task."],
    ["alter task r2 set finalize = r2", "Task R2 cannot finalize itself."],
    ["alter task f1 set config = '{}'", "Task D.PUBLIC.F1 cannot both be a non-root task and have a config."],
    [
      "alter task r1 add after r2",
      "This task has a finalizer and cannot be made a child task. Please remove the finalizer before adding a predecessor.",
    ],
    [
      "execute task f1",
      "Execute task cannot be called on non-root task D.PUBLIC.F1. Call EXECUTE TASK on the root task of its graph instead.",
    ],
  ])("%s is refused", async (sqlText, message) => {
    expect((await client.failure(sqlText)).message).toBe(message);
  });
});

describe("a graph whose root is started", () => {
  beforeEach(async () => {
    await make("f1", "finalize = r1");
    expect(await client.value("select system$task_dependents_enable('r1')")).toBe(true);
  });

  test.each([
    "alter task c1 suspend",
    "alter task c1 modify as select 2",
    "alter task c1 remove after r1",
    "alter task f1 unset finalize",
    "alter task r1 set comment = 'x'",
    "create task x warehouse = wh after c1 as select 1",
    "create or replace task c1 warehouse = wh after r1 as select 1",
    "create or replace task r1 warehouse = wh schedule = '1 minute' as select 1",
    "drop task c1",
    "drop task f1",
    "drop task r1",
  ])("does not take %s", async (sqlText) => {
    expect(await client.failure(sqlText)).toMatchObject({
      code: "091421",
      message: "Unable to update graph with root task D.PUBLIC.R1 since that root task is not suspended.",
    });
  });

  test("SYSTEM$TASK_DEPENDENTS_ENABLE has started all of it", async () => {
    const states = await client.rows("show tasks");
    expect(Object.fromEntries(states.map((row) => [row.name, row.state]))).toEqual({
      C1: "started",
      F1: "started",
      R1: "started",
      R2: "suspended",
    });
    expect(await client.column("show tasks like '%1' in schema public")).toHaveLength(3);
    expect((await client.rows("show tasks root only")).map((row) => row.name)).toEqual(["R1", "R2"]);
  });

  test("a child cannot be resumed by itself", async () => {
    await client.run("alter task r1 suspend", "alter task c1 suspend", "alter task r1 resume");
    expect((await client.failure("alter task c1 resume")).code).toBe("091421");
    await client.run("alter task r1 suspend", "alter task c1 resume", "alter task r1 resume");
  });
});

describe("what becomes of the rest of a graph", () => {
  beforeEach(async () => {
    await make("c2", "after c1, r1");
    await make("f1", "finalize = r1");
    await client.value("select system$task_dependents_enable('r1')");
    await client.run("alter task r1 suspend");
  });

  test("when a task is dropped: children without another predecessor become roots, suspended", async () => {
    await client.run("drop task c1");
    expect(await predecessors("c2")).toEqual(["D.PUBLIC.R1"]);
    expect(await shown("c2")).toMatchObject({ state: "started" });
    await client.run("drop task r1");
    expect(await shown("c2")).toMatchObject({
      predecessors: "[]",
      state: "suspended",
      last_suspended_reason: "CHILD_BECAME_ROOT",
    });
    expect(await shown("f1")).toMatchObject({
      task_relations: '{"Predecessors":[]}',
      state: "suspended",
      last_suspended_reason: "FINALIZER_BECAME_ROOT",
    });
  });

  test("when a task is replaced: the new one stands in its place", async () => {
    await make("r1", "schedule = '2 minutes'", "create or replace task");
    expect(await predecessors("c2")).toEqual(["D.PUBLIC.C1", "D.PUBLIC.R1"]);
    expect(await relations("f1")).toEqual({ FinalizedRootTask: "D.PUBLIC.R1", Predecessors: [] });
    expect((await client.failure("create or replace task r1 after r2 as select 1")).message).toBe(
      "Cannot replace task D.PUBLIC.R1 with a non-root task because it has a finalizer task. Please remove the finalizer task first.",
    );
  });

  test("when one task gets another owner: its links are cut; when all do: they stay", async () => {
    await client.run("create role if not exists heir", "grant ownership on all tasks in schema public to role heir");
    expect(await predecessors("c2")).toEqual(["D.PUBLIC.C1", "D.PUBLIC.R1"]);
    await client.run("grant ownership on task c1 to role accountadmin");
    expect(await predecessors("c1")).toEqual([]);
    expect(await predecessors("c2")).toEqual(["D.PUBLIC.R1"]);
    expect(await shown("c1")).toMatchObject({ owner: "ACCOUNTADMIN", last_suspended_reason: "GRANT_OWNERSHIP" });
  });

  test("when its schema is dropped and comes back: all of it is suspended", async () => {
    await client.run("alter task r1 resume", "drop schema public", "undrop schema public", "use schema public");
    expect(await shown("r1")).toMatchObject({
      state: "suspended",
      last_suspended_reason: "SCHEMA_OR_DATABASE_DELETED",
    });
    expect(await predecessors("c1")).toEqual(["D.PUBLIC.R1"]);
  });
});

test("TASK_DEPENDENTS lists a task, and what runs after it", async () => {
  await make("c2", "after c1 when system$get_predecessor_return_value() = 'x'");
  await make("f1", "finalize = r1");
  const dependents = (args: string) =>
    client.rows(`select name, predecessors, state, condition from table(information_schema.task_dependents(${args}))`);
  expect(await dependents("task_name => 'd.public.r1'")).toEqual([
    { NAME: "R1", PREDECESSORS: "[]", STATE: "suspended", CONDITION: null },
    { NAME: "C1", PREDECESSORS: '["D.PUBLIC.R1"]', STATE: "suspended", CONDITION: null },
    {
      NAME: "C2",
      PREDECESSORS: '["D.PUBLIC.C1"]',
      STATE: "suspended",
      CONDITION: "system$get_predecessor_return_value() = 'x'",
    },
    { NAME: "F1", PREDECESSORS: "[]", STATE: "suspended", CONDITION: null },
  ]);
  const direct = await dependents("task_name => 'r1', recursive => false");
  expect(direct.map((row) => row.NAME)).toEqual(["R1", "C1", "F1"]);
  expect((await client.failure("select * from table(information_schema.task_dependents('nosuch'))")).message).toContain(
    "Invalid value [nosuch] for function 'TASK_DEPENDENTS_SCAN', parameter 1: must be a valid task name",
  );
});

test("graph functions take a limit up to 10,000", async () => {
  for (const name of ["current_task_graphs", "complete_task_graphs"]) {
    const { message } = await client.failure(`select * from table(information_schema.${name}(result_limit => 10001))`);
    expect(message).toContain("Value for parameter RESULT_LIMIT exceeds maximum allowable value (10,000).");
  }
});

test("a task without a schedule, a stream or a predecessor runs by EXECUTE TASK alone", async () => {
  await make("alone", "");
  expect((await client.failure("alter task alone resume")).message).toContain("neither a schedule nor a condition");
  await client.run("execute task alone");
  await snowglobe.advance(1);
  expect(await client.column("select state from table(information_schema.task_history(task_name => 'alone'))")).toEqual(
    ["SUCCEEDED"],
  );
});
