import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run("create table log (n int, at timestamp_ltz)", "create table flags (on_ boolean)");
});
afterEach(() => snowglobe.stop());

const INSERT = "insert into log values (1, current_timestamp())";

/** The runs of a task, oldest first. */
function runs(task = "t") {
  return client.rows(`select state, scheduled_from, error_message, attempt_number
    from table(information_schema.task_history(task_name => '${task}')) where state <> 'SCHEDULED' order by run_id, attempt_number`);
}
async function states(task = "t"): Promise<unknown[]> {
  return (await runs(task)).map((run) => run.STATE);
}
const count = () => client.value("select count(*) from log");

describe("a scheduled task", () => {
  test("is made suspended, runs on its interval from RESUME on, and stops at SUSPEND", async () => {
    await client.run(`create task t warehouse = wh schedule = '1 minute' as ${INSERT}`);
    await snowglobe.advance(120);
    expect(await count()).toBe(0);
    await client.run("alter task t resume");
    await snowglobe.advance(59);
    expect(await count()).toBe(0);
    await snowglobe.advance(61);
    expect(await count()).toBe(2);
    await client.run("alter task t suspend");
    await snowglobe.advance(600);
    expect(await count()).toBe(2);
    expect(await states()).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  });

  test("by CRON with a time zone", async () => {
    // The clock begins at 12:00 UTC, four in the morning in Los Angeles.
    await client.run(
      `create task t warehouse = wh schedule = 'USING CRON 30 4 * * * America/Los_Angeles' as ${INSERT}`,
      "alter task t resume",
    );
    await snowglobe.advance(29 * 60);
    expect(await count()).toBe(0);
    await snowglobe.advance(24 * 3600);
    expect(await count()).toBe(1);
  });

  test("goes on after a restart; its history is still there", async () => {
    await client.run(`create task t warehouse = wh schedule = '1 minute' as ${INSERT}`, "alter task t resume");
    await snowglobe.advance(90);
    await snowglobe.restart();
    client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
    expect(await states()).toEqual(["SUCCEEDED"]);
    await snowglobe.advance(30);
    expect(await states()).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  });

  test("WHEN that is false skips the run", async () => {
    await client.run(
      "create stream s on table flags",
      `create task t warehouse = wh schedule = '1 minute' when system$stream_has_data('s') as ${INSERT}`,
      "alter task t resume",
    );
    await snowglobe.advance(60);
    await client.run("insert into flags values (true)");
    await snowglobe.advance(60);
    expect(await states()).toEqual(["SKIPPED", "SUCCEEDED"]);
    expect((await runs())[0]!.ERROR_MESSAGE).toBe("Conditional expression for task evaluated to false.");
    expect(await count()).toBe(1);
  });

  test("the body is a block; temporary tables end with the run", async () => {
    await client.run(
      `create task t warehouse = wh schedule = '1 minute' as
       begin
         let k int := 7;
         create temporary table scratch as select :k as n;
         insert into log select n, current_timestamp() from scratch;
       end`,
      "alter task t resume",
    );
    await snowglobe.advance(120);
    expect(await runs()).toEqual(
      [1, 2].map(() => ({ STATE: "SUCCEEDED", SCHEDULED_FROM: "SCHEDULE", ERROR_MESSAGE: null, ATTEMPT_NUMBER: 1 })),
    );
    expect(await client.column("select n from log")).toEqual([7, 7]);
  });
});

describe("failures", () => {
  test("are told in the history; after so many the task is suspended", async () => {
    await client.run(
      "create task t warehouse = wh schedule = '1 minute' suspend_task_after_num_failures = 2 as insert into nowhere values (1)",
      "alter task t resume",
    );
    await snowglobe.advance(600);
    const found = await runs();
    expect(found.map((run) => run.STATE)).toEqual(["FAILED", "FAILED_AND_AUTO_SUSPENDED"]);
    expect(found[0]!.ERROR_MESSAGE).toContain("Object 'D.PUBLIC.NOWHERE' does not exist or not authorized.");
    expect(await client.row("show tasks like 't'")).toMatchObject({
      state: "suspended",
      last_suspended_reason: "SUSPENDED_DUE_TO_ERRORS",
    });
  });

  test("a success begins the count anew", async () => {
    await client.run(
      "insert into flags values (false)",
      `create task t warehouse = wh schedule = '1 minute' suspend_task_after_num_failures = 2 as
       begin
         let ok boolean := (select on_ from flags);
         if (not ok) then insert into nowhere values (1); end if;
       end`,
      "alter task t resume",
    );
    await snowglobe.advance(60);
    await client.run("update flags set on_ = true");
    await snowglobe.advance(60);
    await client.run("update flags set on_ = false");
    await snowglobe.advance(60);
    expect(await states()).toEqual(["FAILED", "SUCCEEDED", "FAILED"]);
    expect(await client.row("show tasks like 't'")).toMatchObject({ state: "started" });
  });

  test("retries stand in the history with their number", async () => {
    await client.run(
      "create task t warehouse = wh schedule = '1 minute' task_auto_retry_attempts = 1 as insert into nowhere values (1)",
      "alter task t resume",
    );
    await snowglobe.advance(60);
    expect((await runs()).map((run) => [run.SCHEDULED_FROM, run.ATTEMPT_NUMBER])).toEqual([
      ["SCHEDULE", 1],
      ["AUTOMATIC RETRY", 2],
    ]);
  });
});

describe("a triggered task", () => {
  const CREATE = "create task t target_completion_interval = '1 minutes' when system$stream_has_data('s') as";
  const CONSUME = "begin insert into log select 1, current_timestamp() from s; end";

  beforeEach(() => client.run("create stream s on table flags"));

  test("runs when its stream gets data, at most every 30 seconds", async () => {
    await client.run(`${CREATE} ${CONSUME}`, "alter task t resume");
    await snowglobe.advance(300);
    expect(await runs()).toEqual([]);
    await client.run("insert into flags values (true)");
    await snowglobe.advance(2);
    expect(await count()).toBe(1);
    await client.run("insert into flags values (true)");
    await snowglobe.advance(25);
    expect(await count()).toBe(1);
    await snowglobe.advance(5);
    expect(await count()).toBe(2);
    expect((await runs()).map((run) => [run.STATE, run.SCHEDULED_FROM])).toEqual([
      ["SUCCEEDED", "TRIGGER"],
      ["SUCCEEDED", "TRIGGER"],
    ]);
  });

  test("waits for no data of others, and is not kept from its own by a pause of theirs", async () => {
    await client.run(
      `${CREATE} ${CONSUME}`,
      "create table others (n int)",
      "create stream s2 on table others",
      "create task t2 warehouse = wh when system$stream_has_data('s2') as insert into log select 2, current_timestamp() from s2",
      "alter task t resume",
      "alter task t2 resume",
      "insert into flags values (true)",
    );
    await snowglobe.advance(2);
    await client.run("insert into flags values (true)", "insert into others values (1)");
    await snowglobe.advance(2);
    expect(await client.column("select n from log order by n")).toEqual([1, 2]);
    await snowglobe.advance(600);
    expect(await client.column("select n from log order by n")).toEqual([1, 1, 2]);
  });

  test("that does not consume its stream fires again at each interval", async () => {
    await client.run(`${CREATE} ${INSERT}`, "insert into flags values (true)", "alter task t resume");
    await snowglobe.advance(91);
    expect(await count()).toBe(4);
  });

  test("a condition that cannot be evaluated fails the run by its message", async () => {
    await client.run(
      "create task t warehouse = wh when system$stream_has_data('nowhere') as select 1",
      "alter task t resume",
    );
    await snowglobe.advance(2);
    expect(await runs()).toMatchObject([{ STATE: "FAILED", ERROR_MESSAGE: expect.stringContaining("NOWHERE") }]);
  });

  test.each([
    "exists (select 1 from flags)",
    "current_timestamp() > '2026-01-01'",
    "(select count(*) from flags) > 0",
    "nowhere_function('s')",
    "system$stream_has_data('s') and random() > 0",
    "n = 1",
  ])("WHEN %s is refused", async (condition) => {
    expect(await client.failure(`create task t warehouse = wh when ${condition} as select 1`)).toMatchObject({
      message:
        "Invalid expression for task condition expression. Only some data type conversions and the following functions are allowed: [SYSTEM$GET_PREDECESSOR_RETURN_VALUE, SYSTEM$STREAM_HAS_DATA].",
    });
  });

  test.each([
    "system$stream_has_data('s') or not system$stream_has_data('s')",
    "1 = 1",
    "to_boolean(system$stream_has_data('s')::varchar)",
    "system$get_predecessor_return_value('p')::int between 1 and 3",
    "system$get_predecessor_return_value('p') in ('a', 'b')",
  ])("WHEN %s is taken", async (condition) => {
    await client.run(`create task t warehouse = wh schedule = '1 minute' when ${condition} as select 1`);
    expect(await client.row("show tasks like 't'")).toMatchObject({ condition });
  });

  test("serverless it needs TARGET_COMPLETION_INTERVAL, on a warehouse it takes none", async () => {
    expect((await client.failure("create task t when system$stream_has_data('s') as select 1")).message).toContain(
      "TARGET_COMPLETION_INTERVAL",
    );
    expect(
      (
        await client.failure(
          "create task t warehouse = wh target_completion_interval = '1 minute' when system$stream_has_data('s') as select 1",
        )
      ).message,
    ).toContain("TARGET_COMPLETION_INTERVAL");
    expect(
      (await client.failure("create task t target_completion_interval = '9 seconds' as select 1")).message,
    ).toContain("'9 seconds'");
  });
});

describe("EXECUTE TASK", () => {
  test("runs a suspended task once", async () => {
    await client.run(`create task t warehouse = wh schedule = '1 minute' as ${INSERT}`);
    expect(await client.value("execute task t")).toBe("Task T is scheduled to run immediately.");
    await snowglobe.advance(300);
    expect(await count()).toBe(1);
    expect(await runs()).toMatchObject([{ STATE: "SUCCEEDED", SCHEDULED_FROM: "EXECUTE_TASK" }]);
  });
});

describe("definition and rights", () => {
  test("SHOW, DESCRIBE, ALTER and parameters", async () => {
    await client.run(
      `create task t warehouse = wh schedule = '5 minutes' comment = 'c' user_task_timeout_ms = 1000 when 1 = 1 as ${INSERT}`,
      "alter task t set schedule = '10 minutes' comment = 'd'",
      "alter task t modify as select 2",
      "alter task t modify when 2 = 2",
    );
    const shown = await client.row("show tasks like 't'");
    expect(shown).toMatchObject({
      name: "T",
      database_name: "D",
      schema_name: "PUBLIC",
      owner: "ACCOUNTADMIN",
      comment: "d",
      warehouse: "WH",
      schedule: "10 minutes",
      predecessors: "[]",
      state: "suspended",
      definition: "select 2",
      condition: "2 = 2",
      allow_overlapping_execution: "false",
      target_completion_interval: null,
    });
    expect(await client.row("describe task t")).toEqual(shown);
    const parameters = await client.rows("show parameters like 'USER_TASK_TIMEOUT_MS' in task t");
    expect(parameters).toMatchObject([{ value: "1000", level: "TASK" }]);
    await client.run("alter task t resume");
    expect((await client.failure("alter task t set comment = 'x'")).message).toContain("is not suspended");
    await client.run("drop task t", "drop task if exists t");
    expect(await client.rows("show tasks")).toEqual([]);
  });

  test("the owner needs EXECUTE TASK to resume; others need OPERATE; a run has the owner's rights alone", async () => {
    await client.run(
      "create role worker",
      "grant role worker to user admin",
      "grant usage on warehouse wh to role worker",
      "grant usage on database d to role worker",
      "grant usage, create task on schema d.public to role worker",
      "use role worker",
      `create task t warehouse = wh schedule = '1 minute' as ${INSERT}`,
    );
    expect((await client.failure("alter task t resume")).message).toContain(
      "EXECUTE TASK privilege must be granted to owner role",
    );
    await client.run(
      "use role accountadmin",
      "grant execute task on account to role worker",
      "use role worker",
      "alter task t resume",
    );
    await snowglobe.advance(60);
    await client.run("use role accountadmin");
    expect(await runs()).toMatchObject([{ STATE: "FAILED", ERROR_MESSAGE: expect.stringContaining("LOG") }]);
    await client.run("grant insert on table log to role worker");
    await snowglobe.advance(60);
    expect(await states()).toEqual(["FAILED", "SUCCEEDED"]);
    await client.run(
      "create role other",
      "grant role other to user admin",
      "grant usage on database d to role other",
      "grant usage on schema d.public to role other",
      "grant monitor on task t to role other",
      "use role other",
    );
    expect((await client.failure("alter task t suspend")).code).toBe("003001");
    await client.run("use role accountadmin");
  });

  test("a new owner gets the task suspended", async () => {
    await client.run(
      `create task t warehouse = wh schedule = '1 minute' as ${INSERT}`,
      "alter task t resume",
      "create role heir",
      "grant ownership on task t to role heir",
    );
    expect(await client.row("show tasks like 't'")).toMatchObject({
      owner: "HEIR",
      state: "suspended",
      last_suspended_reason: "GRANT_OWNERSHIP",
    });
  });

  test("TASK_HISTORY shows the next run of a started task, and takes its filters", async () => {
    await client.run(`create task t warehouse = wh schedule = '1 minute' as ${INSERT}`, "alter task t resume");
    const history = (args: string) =>
      client.rows(
        `select name, state, datediff(second, current_timestamp(), scheduled_time) s from table(information_schema.task_history(${args}))`,
      );
    expect(await history("")).toEqual([{ NAME: "T", STATE: "SCHEDULED", S: 60 }]);
    await snowglobe.advance(60);
    expect(await history("")).toMatchObject([{ STATE: "SCHEDULED" }, { STATE: "SUCCEEDED" }]);
    expect(await history("task_name => 'other'")).toEqual([]);
    expect(await history("result_limit => 1")).toHaveLength(1);
    expect(await history("error_only => true")).toEqual([]);
    expect(await history("scheduled_time_range_start => dateadd('hour', 1, current_timestamp())")).toEqual([]);
  });
});
