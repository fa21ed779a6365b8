import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { RawClient } from "../server/rawClient";

const ROUNDS = Number(process.env.TASK_KILL_ROUNDS ?? 3);
const folder = mkdtempSync(path.join(os.tmpdir(), "snowglobe-tasks-killed-"));
const program = path.join(folder, "main.cjs");
const data = path.join(folder, "data");
let running: Server | undefined;

beforeAll(() => {
  buildSync({
    entryPoints: [path.resolve("snowglobe/src/main.ts")],
    outfile: program,
    bundle: true,
    packages: "external",
    platform: "node",
  });
});
afterAll(async () => {
  await running?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** A client that gives up when the server goes, as the drivers do not. */
class Client {
  constructor(private readonly raw: RawClient) {}

  async rows(sql: string): Promise<(string | null)[][]> {
    const { success, message, data: answer } = await this.raw.query(sql);
    if (!success) throw new Error(`${message}: ${sql}`);
    return (answer!.rowset ?? []) as (string | null)[][];
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) await this.rows(sql);
  }
}

/** A snowglobe in a process of its own. */
class Server {
  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  static start(): Promise<Server> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [program, "--data", data, "--port", "0"], {
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...process.env, NODE_PATH: path.resolve("node_modules"), UV_THREADPOOL_SIZE: "16" },
      });
      let errors = "";
      child.stderr.on("data", (text: Buffer) => {
        errors += text.toString();
        const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(errors)?.[1];
        if (port) resolve(new Server(child, Number(port)));
      });
      child.on("exit", () => reject(new Error(`snowglobe ended: ${errors}`)));
    });
  }

  async connect(): Promise<Client> {
    const raw = new RawClient(this.port);
    const password = readFileSync(path.join(data, "password"), "utf8").trim();
    await raw.login({ LOGIN_NAME: "ADMIN", PASSWORD: password }, "?databaseName=D&schemaName=PUBLIC&warehouse=WH");
    return new Client(raw);
  }

  /** kill -9, whatever is under way. */
  kill(): Promise<void> {
    return new Promise((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) return resolve();
      this.child.once("exit", () => resolve());
      this.child.kill("SIGKILL");
    });
  }
}

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
  running = await Server.start();
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

    running = await Server.start();
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
