import { hashPassword } from "../../src/statements/access/password";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { RealClock } from "../../src/clock";
import type { ClientSession } from "../../src/session/contract";
import { Engine } from "../../src/session/engine";
import { openInstance } from "../../src/session/open";
import type { Instance } from "../../src/execution/instance";

/** Made once for all accounts of a test file: hashing is slow on purpose. */
const PASSWORD_HASH = hashPassword("secret");

export type Row = (string | null)[];

/** An account of its own in a temporary folder, with a session in DB.S and a stage ST whose files tests write. */
export class CopyAccount {
  private constructor(
    private readonly folder: string,
    private readonly instance: Instance,
    private readonly engine: Engine,
    readonly session: ClientSession,
  ) {}

  static async open(): Promise<CopyAccount> {
    const folder = mkdtempSync(path.join(tmpdir(), "snowglobe-copy-"));
    const instance = await openInstance({
      folder,
      clock: new RealClock(),
      firstUser: { name: "TESTER", passwordHash: await PASSWORD_HASH },
      memoryLimit: "1GB",
      version: "0.0.0",
    });
    const engine = new Engine(instance);
    const account = new CopyAccount(folder, instance, engine, await login(engine));
    await account.run("CREATE WAREHOUSE wh");
    await account.run("CREATE DATABASE db");
    await account.run("CREATE SCHEMA s");
    await account.run("CREATE STAGE st");
    return account;
  }

  /** Another session in the same place. */
  async otherSession(): Promise<ClientSession> {
    const session = await login(this.engine);
    await execute(session, "USE SCHEMA db.s");
    await execute(session, "USE WAREHOUSE wh");
    return session;
  }

  run(sql: string, session: ClientSession = this.session): Promise<Row[]> {
    return execute(session, sql);
  }

  /** @returns column names of a statement's result */
  async columns(sql: string): Promise<string[]> {
    return (await result(this.session, sql)).columns.map((column) => column.name);
  }

  /** Puts a file where PUT @st would. `.gz` is packed. */
  async stage(name: string, content: string | Buffer): Promise<void> {
    const sent = (await result(this.session, "PUT file:///nowhere/x @st")).transfer!;
    this.write(path.join(this.engine.stageRoot, sent.location, name), name, content);
  }

  async stageIn(stage: string, name: string, content: string): Promise<void> {
    const sent = (await result(this.session, `PUT file:///nowhere/x ${stage}`)).transfer!;
    this.write(path.join(this.engine.stageRoot, sent.location, name), name, content);
  }

  /** A file of the stage ST. */
  async read(name: string): Promise<Buffer> {
    const sent = (await result(this.session, "PUT file:///nowhere/x @st")).transfer!;
    return readFileSync(path.join(this.engine.stageRoot, sent.location, name));
  }

  async close(): Promise<void> {
    await this.engine.close();
    await this.instance.storage.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(file: string, name: string, content: string | Buffer): void {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, name.endsWith(".gz") && typeof content === "string" ? gzipSync(content) : content);
  }
}

function login(engine: Engine): Promise<ClientSession> {
  return engine.login({
    user: "TESTER",
    password: "secret",
    roleName: "ACCOUNTADMIN",
    parameters: {},
    clientApplication: "test",
  });
}

function result(session: ClientSession, sqlText: string) {
  return session.execute({
    sqlText,
    describeOnly: false,
    queryId: randomUUID(),
    signal: new AbortController().signal,
  });
}

async function execute(session: ClientSession, sql: string): Promise<Row[]> {
  const { chunks } = await result(session, sql);
  return JSON.parse(
    `[${chunks
      .map((chunk) => chunk.json)
      .filter(Boolean)
      .join(",")}]`,
  ) as Row[];
}
