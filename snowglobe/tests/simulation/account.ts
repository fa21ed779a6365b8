/** A whole snowglobe without HTTP: data in a folder, its services on a virtual clock; it can be restarted and killed. */
import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { VirtualClock } from "../../src/clock";
import { AlertRunner } from "../../src/services/alertRunner";
import { Housekeeper } from "../../src/services/housekeeper";
import { Refresher } from "../../src/services/refresher";
import { TaskRunner } from "../../src/services/taskRunner";
import type { ClientSession } from "../../src/session/contract";
import { Engine } from "../../src/session/engine";
import { openInstance } from "../../src/session/open";
import type { Instance, RefreshMethod } from "../../src/execution/instance";
import { hashPassword } from "../../src/statements/access/password";
import type { Storage } from "../../src/storage";

export type Cells = readonly (string | null)[];

const USER = "ADMIN";
const PASSWORD = "correct horse battery staple";
const PASSWORD_HASH = hashPassword(PASSWORD);

/** What is copied when a running account is killed, or made from a template. */
export class DataFolder {
  private constructor(readonly path: string) {}

  static create(): DataFolder {
    return new DataFolder(mkdtempSync(path.join(os.tmpdir(), "snowglobe-simulation-")));
  }

  /** A copy of what is on disk now: what a process that was killed would have left. */
  copy(): DataFolder {
    const copy = DataFolder.create();
    cpSync(this.path, copy.path, { recursive: true });
    return copy;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Calls back after a number of commits, counted from when it was armed; who committed waits for it. */
class CommitHook {
  private left = 0;
  private ring: (() => void | Promise<void>) | undefined;

  constructor(storage: Storage) {
    const write = storage.write.bind(storage);
    const commit = storage.commit.bind(storage);
    // What has been committed is on disk when the promise is kept, and nobody has heard of it yet.
    storage.write = (async (...args: Parameters<typeof write>) => {
      const result = await write(...args);
      await this.count();
      return result;
    }) as typeof storage.write;
    storage.commit = async (...args) => {
      const version = await commit(...args);
      await this.count();
      return version;
    };
  }

  arm(commits: number, ring: () => void | Promise<void>): void {
    this.left = commits;
    this.ring = ring;
  }

  /** Rings if it has not yet. */
  async finish(): Promise<void> {
    this.left = 1;
    await this.count();
  }

  disarm(): void {
    this.ring = undefined;
  }

  private async count(): Promise<void> {
    if (!this.ring || --this.left > 0) return;
    const ring = this.ring;
    this.ring = undefined;
    await ring();
  }
}

export class Account {
  private readonly services: readonly { start(): void; stop(): void }[];
  private readonly hook: CommitHook;
  private session!: ClientSession;
  private other!: ClientSession;

  private constructor(
    readonly folder: DataFolder,
    readonly instance: Instance,
    readonly clock: VirtualClock,
    private readonly method: RefreshMethod,
    /** Errors of services that are no failure of a refresh or a task. */
    readonly serviceErrors: unknown[],
  ) {
    const report = (error: unknown): void => void serviceErrors.push(error);
    this.services = [
      new Refresher(instance, report),
      new TaskRunner(instance, report),
      new AlertRunner(instance, report),
      new Housekeeper(instance, report),
    ];
    this.hook = new CommitHook(instance.storage);
  }

  /** @param time of the clock, µs since the epoch */
  static async open(
    folder: DataFolder,
    time: number,
    method: RefreshMethod = "CHEAPER",
    serviceErrors: unknown[] = [],
  ): Promise<Account> {
    const clock = new VirtualClock(time);
    const instance = await openInstance({
      folder: folder.path,
      clock,
      firstUser: { name: USER, passwordHash: await PASSWORD_HASH },
      memoryLimit: "1GB",
      version: "0.0.0-test",
      refreshMethod: method,
    });
    const account = new Account(folder, instance, clock, method, serviceErrors);
    for (const service of account.services) service.start();
    account.session = await account.login();
    account.other = await account.login();
    return account;
  }

  /** Rows of one statement, values as text. */
  async rows(sqlText: string): Promise<Cells[]> {
    return this.execute(this.session, sqlText);
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const sqlText of statements) await this.execute(this.session, sqlText);
  }

  /** In a second session, for transactions that stay open meanwhile. */
  async runBeside(...statements: readonly string[]): Promise<void> {
    for (const sqlText of statements) await this.execute(this.other, sqlText);
  }

  rowsBeside(sqlText: string): Promise<Cells[]> {
    return this.execute(this.other, sqlText);
  }

  async value(sqlText: string): Promise<string | null> {
    return (await this.rows(sqlText))[0]![0]!;
  }

  /** Moves the clock, µs, and returns when all that became due has run. */
  advance(microseconds: number): Promise<void> {
    return this.clock.advance(microseconds);
  }

  /** Stops as by SIGTERM and opens the same data again. */
  async restart(): Promise<Account> {
    const time = this.clock.now();
    await this.close();
    return Account.open(this.folder, time, this.method, this.serviceErrors);
  }

  /** Opens what is on disk at this moment, as after kill -9. */
  async kill(): Promise<Account> {
    const [folder, time] = [this.folder.copy(), this.clock.now()];
    await this.discard();
    return Account.open(folder, time, this.method, this.serviceErrors);
  }

  /**
   * Runs work and kills the account after some of its commits, before anybody heard of the last one.
   *
   * @returns the account that is opened after the kill
   */
  async killDuring(commits: number, work: () => Promise<void>): Promise<Account> {
    let left: { readonly folder: DataFolder; readonly time: number } | undefined;
    this.hook.arm(commits, () => {
      left = { folder: this.folder.copy(), time: this.clock.now() };
    });
    await work();
    await this.hook.finish();
    await this.discard();
    return Account.open(left!.folder, left!.time, this.method, this.serviceErrors);
  }

  /** Runs work, and a statement in the second session in the midst of its refreshes: after some of their commits. */
  async runDuringRefreshes(commits: number, sqlText: string, work: () => Promise<void>): Promise<void> {
    const { refreshes } = this.instance;
    const run = refreshes.run.bind(refreshes);
    // What the refreshes bring their tables to has been decided by now.
    refreshes.run = (body) => {
      refreshes.run = run;
      this.hook.arm(commits, async () => void (await this.rowsBeside(sqlText)));
      return run(body);
    };
    await work();
    refreshes.run = run;
    this.hook.disarm();
  }

  async close(): Promise<void> {
    for (const service of this.services) service.stop();
    await this.session.close();
    await this.other.close();
    await this.instance.storage.close();
  }

  /** Closes and removes the data. */
  async discard(): Promise<void> {
    await this.close();
    this.folder.remove();
  }

  private login(): Promise<ClientSession> {
    return new Engine(this.instance).login({
      user: USER,
      password: PASSWORD,
      databaseName: "D",
      warehouseName: "WH",
      parameters: { TIMEZONE: "UTC" },
      clientApplication: "simulation",
    });
  }

  private async execute(session: ClientSession, sqlText: string): Promise<Cells[]> {
    try {
      const result = await session.execute({
        sqlText,
        queryId: randomUUID(),
        describeOnly: false,
        signal: new AbortController().signal,
      });
      return JSON.parse(`[${result.chunks.map((chunk) => chunk.json).join(",")}]`) as Cells[];
    } catch (error) {
      throw new Error(`${(error as Error).message}\n  in: ${sqlText}`, { cause: error });
    }
  }
}
