import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSnowglobe, type Snowglobe, type SnowglobeOptions } from "./start";

/** What a test may say of its snowglobe; folder and clock are the helper's. */
export type TestSnowglobeOptions = Omit<SnowglobeOptions, "dataDir" | "clock" | "onEvent">;

/** What a test's driver connects with; `accessUrl` is snowflake-sdk's, the rest is every driver's. */
export interface ConnectionOptions {
  readonly accessUrl: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: "http";
  readonly account: string;
  readonly username: string;
  readonly password: string;
}

/** A snowglobe for tests: data in a temporary folder, a clock that only the test moves, a state to come back to. */
export class TestSnowglobe {
  private readonly failures: unknown[] = [];
  private running: Snowglobe | undefined;
  private kept: string | undefined;

  private constructor(
    private readonly folder: string,
    private readonly options: TestSnowglobeOptions,
  ) {}

  /** Starts a new, empty account. `stop` it at the end. */
  static async start(options: TestSnowglobeOptions = {}): Promise<TestSnowglobe> {
    const folder = mkdtempSync(path.join(tmpdir(), "snowglobe-"));
    const made = new TestSnowglobe(folder, options);
    await made.open(options.port);
    return made;
  }

  private get server(): Snowglobe {
    if (!this.running) throw new Error("this snowglobe is stopped");
    return this.running;
  }

  get port(): number {
    return this.server.port;
  }

  connection(): ConnectionOptions {
    const { url, host, port, account, user, password } = this.server;
    return { accessUrl: url, host, port, protocol: "http", account, username: user, password };
  }

  /** Moves the clock ahead and returns when all that became due (refreshes, tasks, alerts) has run. */
  advance(seconds: number): Promise<void> {
    return this.server.advance(seconds);
  }

  now(): Date {
    return this.server.now();
  }

  /** Keeps the account as it is now. Open connections end; the port stays. */
  async snapshot(): Promise<void> {
    this.kept ??= mkdtempSync(path.join(tmpdir(), "snowglobe-kept-"));
    const { kept } = this;
    await this.reopened(() => copyOver(this.data, kept));
  }

  /** Brings the account back to the last snapshot. Open connections end; the port stays. */
  async restore(): Promise<void> {
    const { kept } = this;
    if (kept === undefined) throw new Error("there is no snapshot to come back to");
    await this.reopened(() => copyOver(kept, this.data));
  }

  /** @throws the first error that a refresh, task, alert or mail met without any history telling it */
  async stop(): Promise<void> {
    await this.close();
    for (const folder of [this.folder, this.kept]) if (folder) rmSync(folder, { recursive: true, force: true });
    if (this.failures.length > 0) throw this.failures[0];
  }

  private get data(): string {
    return path.join(this.folder, "data");
  }

  private async open(port: number | undefined): Promise<void> {
    this.running = await startSnowglobe({
      ...this.options,
      dataDir: this.data,
      clock: "virtual",
      port: port ?? 0,
      onEvent: (event) => {
        if (event.kind === "serviceFailed") this.failures.push(event.error);
      },
    });
  }

  private async close(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  private async reopened(change: () => void): Promise<void> {
    const { port } = this.server;
    await this.close();
    change();
    await this.open(port);
  }
}

function copyOver(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}

/**
 * A snowglobe for the tests of a file or of a `describe`: started before the first, stopped after the last.
 *
 * @returns gives it to a test; throws outside of tests
 */
export function useSnowglobe(options: TestSnowglobeOptions = {}): () => TestSnowglobe {
  let started: TestSnowglobe | undefined;
  beforeAll(async () => {
    started = await TestSnowglobe.start(options);
  });
  afterAll(async () => {
    await started?.stop();
    started = undefined;
  });
  return () => {
    if (!started) throw new Error("useSnowglobe: the tests have not begun yet");
    return started;
  };
}
