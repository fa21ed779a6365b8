import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { RawClient } from "../server/rawClient";

const ROUNDS = Number(process.env.REFRESH_KILL_ROUNDS ?? 3);
const folder = mkdtempSync(path.join(os.tmpdir(), "snowglobe-killed-"));
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

type Cells = readonly (string | null)[];

class Client {
  constructor(private readonly raw: RawClient) {}

  async rows(sql: string): Promise<readonly Cells[]> {
    const { success, message, data } = await this.raw.query(sql);
    if (!success) throw new Error(`${message}: ${sql}`);
    return data!.rowset as Cells[];
  }

  async value(sql: string): Promise<string | null> {
    return (await this.rows(sql))[0]![0]!;
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
      const child = spawn(process.execPath, [program, "--data", data, "--port", "0", "--clock", "virtual"], {
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

  /** A client that gives up when the server goes, as the drivers do not. */
  async connect(): Promise<Client> {
    const raw = new RawClient(this.port);
    const password = readFileSync(path.join(data, "password"), "utf8").trim();
    await raw.login({ LOGIN_NAME: "ADMIN", PASSWORD: password }, "?databaseName=D&schemaName=PUBLIC&warehouse=WH");
    return new Client(raw);
  }

  async advance(seconds: number): Promise<number> {
    const token = readFileSync(path.join(data, "control-token"), "utf8").trim();
    const answer = await fetch(`http://127.0.0.1:${this.port}/control/advance`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ seconds }),
    });
    if (!answer.ok) throw new Error(`advance: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { result: { now: number } }).result.now;
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

test("after kill -9 in the midst of refreshes all tables are whole, and schedules go on", async () => {
  running = await Server.start();
  let client = await running.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "use schema d.public",
    "create table base (id int, g int)",
    "create dynamic table rows_of target_lag = downstream warehouse = wh as select id, g from base where g <> 3",
    "create dynamic table sums target_lag = '1 minute' warehouse = wh as select g, count(*) as n, sum(id) as s from rows_of group by g",
    "create dynamic table top target_lag = '1 minute' warehouse = wh as select g, n from sums order by n desc, g limit 3",
  );
  let acknowledged = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let alive = true;
    const writer = client;
    const writing = (async () => {
      while (alive) {
        await writer.run(
          `insert into base select seq4(), seq4() % 7 from table(generator(rowcount => 2000))`,
          `update base set g = (g + 1) % 7 where id % 5 = ${round}`,
        );
        acknowledged += 2_000;
      }
    })().catch(() => undefined);
    const server = running;
    const refreshing = (async () => {
      while (alive) await server.advance(48);
    })().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 500 + round * 150));
    await server.kill();
    alive = false;
    await Promise.all([writing, refreshing]);

    running = await Server.start();
    client = await running.connect();
    // A statement that was not answered may have been kept, as a whole.
    const kept = Number(await client.value("select count(*) from base"));
    expect([acknowledged, acknowledged + 2_000]).toContain(kept);
    acknowledged = kept;

    const cycles = new Map<string, Set<string>>();
    for (const [at, name, state] of await client.rows(
      "select data_timestamp, name, state from table(information_schema.dynamic_table_refresh_history(result_limit => 10000))",
    )) {
      expect(state).toBe("SUCCEEDED");
      cycles.set(at!, (cycles.get(at!) ?? new Set()).add(name!));
    }
    // Only the cycles that were cut short may lack tables, and they lack them from downstream.
    const cut = [...cycles.values()].filter((names) => names.size < 3);
    expect(cut.length).toBeLessThanOrEqual(round + 1);
    for (const names of cut) expect(["ROWS_OF", "ROWS_OF,SUMS"]).toContain([...names].sort().join());

    await running.advance(60);
    expect(await client.rows("select g, n, s from sums order by g")).toEqual(
      await client.rows("select g, count(*) as n, sum(id) as s from base where g <> 3 group by g order by g"),
    );
    expect(await client.value("select count(*) from rows_of")).toBe(
      await client.value("select count(*) from base where g <> 3"),
    );
    expect(await client.rows("select * from top order by n desc, g")).toEqual(
      await client.rows("select g, count(*) as n from base where g <> 3 group by g order by n desc, g limit 3"),
    );
  }
}, 120_000);
