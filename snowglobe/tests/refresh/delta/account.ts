/** An account inside the test's process without a server, whose incremental refreshes follow changes whatever they cost. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { VirtualClock } from "../../../src/clock";
import { Engine } from "../../../src/session/engine";
import { openInstance } from "../../../src/session/open";
import type { ClientSession } from "../../../src/session/contract";
import type { RefreshRecord } from "../../../src/account/refreshHistory";
import type { Instance, RefreshMethod } from "../../../src/execution/instance";
import { hashPassword } from "../../../src/statements/access/password";

/** One stored row: its identity, and its values as text. */
export interface StoredRow {
  readonly id: string;
  readonly values: string;
}

export class Account {
  private constructor(
    private readonly folder: string,
    private readonly clock: VirtualClock,
    readonly instance: Instance,
    private readonly session: ClientSession,
  ) {}

  static async open(refreshMethod: RefreshMethod = "CHANGES"): Promise<Account> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "snowglobe-test-"));
    const clock = new VirtualClock(Date.UTC(2026, 0, 5, 12) * 1000);
    const password = randomUUID();
    const instance = await openInstance({
      folder,
      clock,
      firstUser: { name: "ADMIN", passwordHash: await hashPassword(password) },
      memoryLimit: "1GB",
      version: "0.0.0-test",
      refreshMethod,
    });
    const session = await new Engine(instance).login({
      user: "ADMIN",
      password,
      parameters: {},
      clientApplication: "",
    });
    const account = new Account(folder, clock, instance, session);
    await account.run("create warehouse wh", "create database d", "use schema d.public");
    return account;
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const sqlText of statements) await this.execute(sqlText);
  }

  /** The first value of a statement's first row, as text. */
  async value(sqlText: string): Promise<string> {
    const { chunks } = await this.execute(sqlText);
    const rows = JSON.parse(`[${chunks[0]!.json}]`) as (string | null)[][];
    return String(rows[0]![0]);
  }

  /** Refreshes a dynamic table a little later. @returns its record @throws Error when it fails */
  async refresh(name: string): Promise<RefreshRecord> {
    await this.clock.advance(1e6);
    await this.run(`alter dynamic table ${name} refresh`);
    return this.instance.refreshHistory.all().at(-1)!;
  }

  /** The rows of a dynamic table, the last one made under this name, as they are stored. */
  async stored(name: string): Promise<StoredRow[]> {
    const named = this.instance.catalog.list("DYNAMIC TABLE").filter((one) => one.name === name.toUpperCase());
    const table = named.reduce((last, one) => (one.id > last.id ? one : last));
    const values = table.columns.map((column) => column.physical).join(", ");
    const rows = await this.instance.storage.read(undefined, undefined, (reader) =>
      reader.rows(
        `SELECT CAST(_rid AS VARCHAR) AS id, CAST(row(${values}) AS VARCHAR) AS v FROM ${reader.current(table.storageId)} AS t`,
      ),
    );
    return rows.map((row) => ({ id: row.id as string, values: row.v as string }));
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.instance.storage.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private execute(sqlText: string) {
    return this.session.execute({
      sqlText,
      describeOnly: false,
      queryId: randomUUID(),
      signal: new AbortController().signal,
    });
  }
}
