import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { RawClient } from "./server/rawClient";

export type Cells = readonly (string | null)[];

/** A client that gives up when the server goes, as the drivers do not. */
export class ProcessClient {
  constructor(private readonly raw: RawClient) {}

  async rows(sql: string): Promise<readonly Cells[]> {
    const { success, message, data } = await this.raw.query(sql);
    if (!success) throw new Error(`${message}: ${sql}`);
    return (data!.rowset ?? []) as Cells[];
  }

  /** The first column. */
  async column(sql: string): Promise<(string | null)[]> {
    return (await this.rows(sql)).map((row) => row[0]!);
  }

  /** The first row's first column, a number. */
  async count(sql: string): Promise<number> {
    return Number((await this.column(sql))[0]);
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) await this.rows(sql);
  }
}

/** A snowglobe in a process of its own. */
export class SnowglobeProcess {
  constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
    private readonly data: string,
  ) {}

  async connect(): Promise<ProcessClient> {
    const raw = new RawClient(this.port);
    await raw.login(
      { LOGIN_NAME: "ADMIN", PASSWORD: this.secret("password") },
      "?databaseName=D&schemaName=PUBLIC&warehouse=WH",
    );
    return new ProcessClient(raw);
  }

  /** Moves its clock. */
  async advance(seconds: number): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/control/advance`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.secret("control-token")}`, "content-type": "application/json" },
      body: JSON.stringify({ seconds }),
    });
    if (!answer.ok) throw new Error(`advance: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  }

  /** kill -9, whatever is under way. */
  kill(): Promise<void> {
    return new Promise((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) return resolve();
      this.child.once("exit", () => resolve());
      this.child.kill("SIGKILL");
    });
  }

  /** SIGTERM. Resolves when the process has ended. */
  terminate(): Promise<void> {
    return new Promise((resolve) => {
      this.child.once("exit", () => resolve());
      this.child.kill("SIGTERM");
    });
  }

  private secret(name: string): string {
    return readFileSync(path.join(this.data, name), "utf8").trim();
  }
}

/** Processes that serve one data folder, one after the other. */
export interface SnowglobeProcesses {
  readonly data: string;
  start(): Promise<SnowglobeProcess>;
}

/**
 * Sets a test file up for snowglobes of their own processes: built from the sources before the tests, the last one killed
 * and the data removed after them.
 */
export function snowglobeProcesses(clock: "real" | "virtual" = "real"): SnowglobeProcesses {
  const folder = mkdtempSync(path.join(os.tmpdir(), "snowglobe-killed-"));
  const program = path.join(folder, "main.cjs");
  const data = path.join(folder, "data");
  let last: SnowglobeProcess | undefined;
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
    await last?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (): Promise<SnowglobeProcess> => {
    const child = spawn(process.execPath, [program, "--data", data, "--port", "0", "--clock", clock], {
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
    return (last = new SnowglobeProcess(child, port, data));
  };
  return { data, start };
}
