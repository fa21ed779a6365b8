import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { RawClient } from "../server/rawClient";

const ROUNDS = Number(process.env.STREAM_KILL_ROUNDS ?? 3);
const folder = mkdtempSync(path.join(os.tmpdir(), "snowglobe-streams-killed-"));
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

  async value(sql: string): Promise<number> {
    const { success, message, data: answer } = await this.raw.query(sql);
    if (!success) throw new Error(`${message}: ${sql}`);
    return Number(((answer!.rowset ?? []) as (string | null)[][])[0]?.[0]);
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) await this.value(sql);
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

test("after kill -9 every change has been consumed exactly once", async () => {
  running = await Server.start();
  let client = await running.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "use schema d.public",
    "create table source (id int)",
    "create stream single on table source",
    "create stream several on table source",
    "create table by_single (id int)",
    "create table by_several (id int)",
    "create table also (id int)",
  );
  for (let round = 0; round < ROUNDS; round++) {
    const server = running;
    const [writer, single, several] = [client, await server.connect(), await server.connect()];
    let alive = true;
    const forever = async (work: () => Promise<void>): Promise<void> => {
      try {
        while (alive) await work();
      } catch (error) {
        // The server's end is what is wanted; anything before it is not.
        if (alive) throw error;
      }
    };
    let next = round * 1_000_000;
    const working = Promise.all([
      forever(() =>
        writer.run(`insert into source select ${(next += 1000)} + seq4() from table(generator(rowcount => 500))`),
      ),
      forever(() => single.run("insert into by_single select id from single")),
      forever(() =>
        several.run(
          "begin",
          "insert into by_several select id from several",
          "insert into also select id from several",
          "commit",
        ),
      ),
    ]);
    working.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 700 + round * 230));
    alive = false;
    await server.kill();
    await working;

    running = await Server.start();
    client = await running.connect();
    await client.run(
      "insert into by_single select id from single",
      "begin",
      "insert into by_several select id from several",
      "insert into also select id from several",
      "commit",
    );
    const all = await client.value("select count(*) from source");
    expect(all).toBeGreaterThan(0);
    for (const table of ["by_single", "by_several", "also"]) {
      expect(await client.value(`select count(*) from ${table}`)).toBe(all);
      expect(await client.value(`select count(distinct id) from ${table}`)).toBe(all);
    }
  }
}, 120_000);
