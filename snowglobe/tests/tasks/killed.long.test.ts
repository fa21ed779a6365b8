import { snowglobeProcesses } from "../processes";

const ROUNDS = Number(process.env.TASK_KILL_ROUNDS ?? 3);
const snowglobes = snowglobeProcesses();

/** What each task of the graph runs after. */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  A: [],
  B: ["A"],
  C: ["A"],
  D: ["B", "C"],
  E: ["D"],
};

interface Row {
  readonly task: string;
  readonly state: string;
}

test("after kill -9 a graph goes on: nothing that committed runs twice, and what was asked for is done", async () => {
  let running = await snowglobes.start();
  let client = await running.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "use schema d.public",
    "create table log (task varchar, run varchar)",
  );
  const body =
    "insert into log select system$task_runtime_info('CURRENT_TASK_NAME'), system$task_runtime_info('CURRENT_TASK_GRAPH_RUN_GROUP_ID')";
  for (const [task, after] of Object.entries(AFTER)) {
    const clauses = after.length === 0 ? "schedule = '8 hours'" : `after ${after.join(", ")}`;
    await client.run(`create task ${task} warehouse = wh ${clauses} as ${body}`);
  }
  await client.run(`create task f warehouse = wh finalize = a as ${body}`, "select system$task_dependents_enable('a')");
  for (let round = 0; round < ROUNDS; round++) {
    const server = running;
    for (let run = 0; run < 3; run++) await client.run("execute task a");
    await new Promise((resolve) => setTimeout(resolve, (round * 67) % 400));
    await server.kill();

    running = await snowglobes.start();
    client = await running.connect();
    const open = "select 1 from table(information_schema.current_task_graphs()) where scheduled_from <> 'SCHEDULE'";
    while ((await client.rows(open)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));

    const history = await client.rows(
      "select graph_run_group_id, name, state from table(information_schema.task_history(result_limit => 10000)) where scheduled_from = 'EXECUTE_TASK'",
    );
    const runs = new Map<string, Row[]>();
    for (const [run, task, state] of history)
      runs.set(run!, [...(runs.get(run!) ?? []), { task: task!, state: state! }]);
    expect(runs.size).toBe(3 * (round + 1));
    const done = new Map<string, number>();
    for (const [run, task, count] of await client.rows("select run, task, count(*) from log group by all")) {
      done.set(`${run!} ${task!}`, Number(count));
    }
    for (const [run, rows] of runs) {
      const states = new Map(rows.map((row) => [row.task, row.state]));
      // One row for each task that ran.
      expect(states.size).toBe(rows.length);
      for (const [task, state] of states) {
        const times = done.get(`${run} ${task}`) ?? 0;
        if (state === "SUCCEEDED") expect(times).toBe(1);
        else {
          // It was killed while it ran: before its commit, or after.
          expect(state).toBe("FAILED");
          expect(times).toBeLessThanOrEqual(1);
        }
      }
      for (const [task, after] of Object.entries(AFTER)) {
        expect([task, states.has(task)]).toEqual([task, after.every((one) => states.get(one) === "SUCCEEDED")]);
      }
      expect(states.has("F")).toBe(true);
    }
  }
}, 120_000);
