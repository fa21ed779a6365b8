/** A whole snowglobe inside the test's process: data in a temporary folder, a clock that only the test moves. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type snowflake from "snowflake-sdk";
import { VirtualClock } from "../src/clock";
import { startServer, type RunningServer } from "../src/server";
import { AlertRunner } from "../src/services/alertRunner";
import { Housekeeper } from "../src/services/housekeeper";
import { Mailer, type MailerOptions } from "../src/services/mailer";
import { Refresher } from "../src/services/refresher";
import { TransactionWatch } from "../src/services/transactionWatch";
import { TaskRunner } from "../src/services/taskRunner";
import { Engine } from "../src/session/engine";
import { hashPassword } from "../src/statements/access/password";
import { openInstance } from "../src/session/open";
import { NodeClient, type Row } from "./server/nodeDriver";

/** 2026-01-05T12:00:00Z in microseconds: where every test's clock begins. */
export const START = Date.UTC(2026, 0, 5, 12) * 1000;

/** Of ADMIN. */
export const PASSWORD = "correct horse battery staple";
/** Made once for all servers of a test file: hashing is slow on purpose. */
const PASSWORD_HASH = hashPassword(PASSWORD);

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
  private stopServing: () => Promise<void> = () => Promise.resolve();
  private server!: RunningServer;
  /** Errors of services: a test may look, `stop` fails when there are any left. */
  readonly serviceErrors: unknown[] = [];
  engine!: Engine;
  mailer!: Mailer;

  constructor(
    readonly folder: string,
    readonly clock: VirtualClock,
    private readonly mailerOptions: Pick<MailerOptions, "smtpUrl"> = {},
  ) {}

  get port(): number {
    return this.server.port;
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
    const instance = await openInstance({
      folder: this.folder,
      clock: this.clock,
      firstUser: { name: "ADMIN", passwordHash: await PASSWORD_HASH },
      memoryLimit: "1GB",
      version: "0.0.0-test",
    });
    const engine = new Engine(instance);
    this.engine = engine;
    this.server = await startServer(engine, { host: "127.0.0.1", port });
    const report = (error: unknown): void => void this.serviceErrors.push(error);
    this.mailer = new Mailer(instance, { folder: path.join(this.folder, "mail"), ...this.mailerOptions }, report);
    const services = [
      this.mailer,
      new Refresher(instance, report),
      new TaskRunner(instance, report),
      new AlertRunner(instance, report),
      new Housekeeper(instance, report),
      new TransactionWatch(instance, report),
    ];
    for (const service of services) service.start();
    this.stopServing = async () => {
      for (const service of services) service.stop();
      await this.server.close();
      await engine.close();
      await instance.storage.close();
    };
  }

  private async close(): Promise<void> {
    await Promise.all(this.clients.splice(0).map((client) => client.close().catch(() => undefined)));
    await this.stopServing();
  }
}

/** Starts a snowglobe for a test file or a test; `stop` it afterwards. */
export async function startSnowglobe(mailerOptions: Pick<MailerOptions, "smtpUrl"> = {}): Promise<TestSnowglobe> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "snowglobe-test-"));
  const snowglobe = new TestSnowglobe(folder, new VirtualClock(START), mailerOptions);
  await snowglobe.open();
  return snowglobe;
}
