import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { RawClient } from "../server/rawClient";

const ROUNDS = Number(process.env.ALERT_KILL_ROUNDS ?? 3);
const folder = mkdtempSync(path.join(os.tmpdir(), "snowglobe-alerts-killed-"));
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

/** A snowglobe in a process of its own, on the real clock, with a client that gives up when it goes. */
class Server {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: RawClient,
  ) {}

  static async start(): Promise<Server> {
    const child = spawn(process.execPath, [program, "--data", data, "--port", "0"], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, NODE_PATH: path.resolve("node_modules"), UV_THREADPOOL_SIZE: "16" },
    });
    const port = await new Promise<number>((resolve, reject) => {
      let errors = "";
      child.stderr.on("data", (text: Buffer) => {
        errors += text.toString();
        const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(errors)?.[1];
        if (found) resolve(Number(found));
      });
      child.on("exit", () => reject(new Error(`snowglobe ended: ${errors}`)));
    });
    const client = new RawClient(port);
    const password = readFileSync(path.join(data, "password"), "utf8").trim();
    await client.login({ LOGIN_NAME: "ADMIN", PASSWORD: password }, "?databaseName=D&schemaName=PUBLIC&warehouse=WH");
    return new Server(child, client);
  }

  async column(sql: string): Promise<(string | null)[]> {
    const { success, message, data: answer } = await this.client.query(sql);
    if (!success) throw new Error(`${message}: ${sql}`);
    return ((answer!.rowset ?? []) as (string | null)[][]).map((row) => row[0]!);
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) await this.column(sql);
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

/** The ids that the mails tell of. */
function mailed(): number[] {
  const box = path.join(data, "mail");
  return readdirSync(box).flatMap((name) => {
    const text = readFileSync(path.join(box, name), "utf8").replace(/=\r?\n/g, "");
    return /ids\[([\d,]*)\]/.exec(text)![1]!.split(",").map(Number);
  });
}

const ascending = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b);
const RESULT = "table(result_scan(snowflake.alert.get_condition_query_uuid()))";

test("after kill -9 every row that was inserted has been acted upon once", async () => {
  running = await Server.start();
  await running.run(
    "create warehouse wh",
    "create database d",
    "use schema d.public",
    "alter user admin set email = 'admin@example.com'",
    "create notification integration mails type = email enabled = true",
    "create table t (id int) change_tracking = true",
    "create table seen (id int)",
    `create alert rows_alert if (exists (select id from t)) then insert into seen select * from ${RESULT}`,
    `create alert mail_alert if (exists (select id from t)) then
     begin
       let ids varchar := (select listagg(id, ',') from ${RESULT});
       call system$send_email('mails', 'admin@example.com', 'new', 'ids[' || :ids || ']');
     end`,
    "alter alert rows_alert resume",
    "alter alert mail_alert resume",
  );
  let next = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const server = running;
    let alive = true;
    const writing = (async () => {
      try {
        while (alive) await server.run(`insert into t values (${next++})`);
      } catch (error) {
        // The server's end is what is wanted; anything before it is not.
        if (alive) throw error;
      }
    })();
    writing.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 1_300 + round * 370));
    alive = false;
    await server.kill();
    await writing;
    running = await Server.start();
  }
  await running.run(`insert into t values (${next++})`);
  const all = ascending((await running.column("select id from t")).map(Number));
  expect(all.length).toBeGreaterThan(ROUNDS);
  let seen: number[] = [];
  while (seen.length < all.length || mailed().length < all.length) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    seen = (await running.column("select id from seen")).map(Number);
  }
  expect(ascending(seen)).toEqual(all);
  expect(ascending(mailed())).toEqual(all);
}, 120_000);
