/** A whole snowglobe inside the test's process: data in a temporary folder, a clock that only the test moves. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type snowflake from "snowflake-sdk";
import { VirtualClock } from "../src/clock";
import type { Mailer } from "../src/services/mailer";
import type { Engine } from "../src/session/engine";
import { startSnowglobe as start, type Snowglobe } from "../src/start";
import { NodeClient, type Row } from "./server/nodeDriver";

/** 2026-01-05T12:00:00Z in microseconds: where every test's clock begins. */
export const START = Date.UTC(2026, 0, 5, 12) * 1000;

/** Of ADMIN. */
export const PASSWORD = "correct horse battery staple";

/** How a client connects; without a user: ADMIN with its default role ACCOUNTADMIN. */
export interface ConnectOptions {
  readonly user?: string;
  readonly password?: string;
  readonly role?: string;
  readonly database?: string;
  readonly schema?: string;
  readonly warehouse?: string;
}

/** What Snowflake answered to a statement that failed. */
export interface SqlFailure {
  readonly code: string;
  readonly sqlState: string;
  readonly message: string;
}

/** One connection of the real driver. */
export class TestClient {
  constructor(readonly driver: NodeClient) {}

  /** Runs one statement; rows as objects by column name, values as the driver makes them. */
  async rows(sqlText: string, binds?: snowflake.Binds): Promise<Row[]> {
    return (await this.driver.execute(sqlText, binds === undefined ? {} : { binds })).rows;
  }

  /** Runs statements one after the other; for those whose rows do not matter. */
  async run(...statements: readonly string[]): Promise<void> {
    for (const sqlText of statements) await this.driver.execute(sqlText);
  }

  /** The only row of a statement. */
  async row(sqlText: string): Promise<Row> {
    const rows = await this.rows(sqlText);
    if (rows.length !== 1) throw new Error(`${rows.length} rows instead of one: ${sqlText}`);
    return rows[0]!;
  }

  /** The first column of each row. */
  async column(sqlText: string): Promise<unknown[]> {
    return (await this.rows(sqlText)).map((row) => Object.values(row)[0]);
  }

  /** The only value of a statement. */
  async value(sqlText: string): Promise<unknown> {
    return Object.values(await this.row(sqlText))[0];
  }

  /** Runs a statement that must fail. */
  async failure(sqlText: string): Promise<SqlFailure> {
    try {
      await this.driver.execute(sqlText);
    } catch (error) {
      const { code, sqlState, message } = error as SqlFailure;
      return { code, sqlState, message };
    }
    throw new Error(`did not fail: ${sqlText}`);
  }

  close(): Promise<void> {
    return this.driver.close();
  }
}

export class TestSnowglobe {
  private readonly clients: TestClient[] = [];
  private running: Snowglobe | undefined;
  /** Errors of services: a test may look, `stop` fails when there are any left. */
  readonly serviceErrors: unknown[] = [];

  constructor(
    readonly folder: string,
    readonly clock: VirtualClock,
    private readonly options: { readonly smtpUrl?: string } = {},
  ) {}

  private get server(): Snowglobe {
    if (!this.running) throw new Error("this snowglobe is stopped");
    return this.running;
  }

  get port(): number {
    return this.server.port;
  }

  get engine(): Engine {
    return this.server.engine;
  }

  get mailer(): Mailer {
    return this.server.mailer;
  }

  async connect(options: ConnectOptions = {}): Promise<TestClient> {
    const { user = "ADMIN", password = PASSWORD, ...rest } = options;
    const client = new TestClient(await NodeClient.connect(this.port, { username: user, password, ...rest }));
    this.clients.push(client);
    return client;
  }

  /** Moves the clock and returns when all that became due (refreshes above all) has run. */
  advance(seconds: number): Promise<void> {
    return this.clock.advance(seconds * 1e6);
  }

  /** Stops and opens the same data again, on the same port; connections are gone. */
  async restart(): Promise<void> {
    const { port } = this;
    await this.close();
    await this.open(port);
  }

  async stop(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
    if (this.serviceErrors.length > 0) throw this.serviceErrors[0];
  }

  async open(port = 0): Promise<void> {
    this.running = await start({
      ...this.options,
      dataDir: this.folder,
      port,
      password: PASSWORD,
      clock: this.clock,
      memoryLimit: "1GB",
      onEvent: (event) => {
        if (event.kind === "serviceFailed") this.serviceErrors.push(event.error);
      },
    });
  }

  private async close(): Promise<void> {
    await Promise.all(this.clients.splice(0).map((client) => client.close().catch(() => undefined)));
    await this.running?.stop();
    this.running = undefined;
  }
}

/** Starts a snowglobe for a test file or a test; `stop` it afterwards. */
export async function startSnowglobe(options: { readonly smtpUrl?: string } = {}): Promise<TestSnowglobe> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "snowglobe-test-"));
  const snowglobe = new TestSnowglobe(folder, new VirtualClock(START), options);
  await snowglobe.open();
  return snowglobe;
}
