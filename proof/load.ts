/**
 * Many sessions at once against a model: each has rows of its own in a table of all, knows what must be there, and
 * compares; beside that they move money between accounts, whose sum everybody checks.
 *
 *     ./workshop proof load [--sessions 16] [--seconds 60] [--json]
 */
import { mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { machine } from "../bench/machine";
import { plainHttp, type PlainRunner } from "../bench/statements/clients";
import { snowglobe } from "../bench/statements/servers";
import { findRoot } from "../cli/paths";

const PLACE = "databaseName=D&schemaName=PUBLIC&warehouse=WH";
const ACCOUNTS = 8;
const MONEY = 1_000;

interface Counts {
  statements: number;
  comparisons: number;
  rolledBack: number;
  failed: number;
  deadlocks: number;
}

const below = (most: number): number => Math.floor(Math.random() * most);

/** One session: what it does, and what it knows. */
class ModelSession {
  /** Its own rows. */
  private rows = new Map<number, number>();
  private next = 0;

  constructor(
    private readonly runner: PlainRunner,
    private readonly id: number,
    private readonly counts: Counts,
  ) {}

  async act(): Promise<void> {
    switch (below(6)) {
      case 0:
        return this.compare();
      case 1:
        return this.unlessDeadlocked(() => this.transfer());
      case 2:
        return this.unlessDeadlocked(() => this.transaction());
      case 3:
        return this.unlessDeadlocked(() => this.fail());
      default:
        return this.write(this.rows);
    }
  }

  /** @throws Error where the table is not what the model says */
  async compare(): Promise<void> {
    const found = await this.read(`select n, v from t where s = ${this.id} order by n`);
    const seen = found.map(([n, v]) => `${n}=${v}`).join(" ");
    const expected = [...this.rows].sort(([a], [b]) => a - b).map(([n, v]) => `${n}=${v}`);
    if (seen !== expected.join(" ")) {
      throw new Error(`session ${this.id} sees ${seen.slice(0, 200)} instead of ${expected.join(" ").slice(0, 200)}`);
    }
    const [[sum] = []] = await this.read("select sum(balance) from bank");
    if (Number(sum) !== ACCOUNTS * MONEY) throw new Error(`the accounts hold ${sum} instead of ${ACCOUNTS * MONEY}`);
    this.counts.comparisons += 2;
  }

  private async run(sql: string): Promise<void> {
    this.counts.statements += 1;
    await this.runner.run(sql);
  }

  private read(sql: string): ReturnType<PlainRunner["rows"]> {
    this.counts.statements += 1;
    return this.runner.rows(sql);
  }

  /** @param rows what the model becomes */
  private async write(rows: Map<number, number>): Promise<void> {
    const keys = [...rows.keys()];
    const chosen = keys[below(keys.length)];
    const kind = below(4);
    if (chosen === undefined || kind < 2) {
      const fresh = Array.from({ length: 1 + below(5) }, () => [this.next++, below(100)] as const);
      await this.run(`insert into t values ${fresh.map(([n, v]) => `(${this.id}, ${n}, ${v})`).join(", ")}`);
      for (const [n, v] of fresh) rows.set(n, v);
    } else if (kind === 2) {
      await this.run(`update t set v = v + 1 where s = ${this.id} and n >= ${chosen}`);
      for (const [n, v] of rows) if (n >= chosen) rows.set(n, v + 1);
    } else {
      await this.run(`delete from t where s = ${this.id} and n = ${chosen}`);
      rows.delete(chosen);
    }
  }

  /** Who inserted and now wants to update waits for others who do the same: one of them is told so, and gives up. */
  private async unlessDeadlocked(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error as Error).message.includes("is a deadlock")) throw error;
      this.counts.deadlocks += 1;
      await this.run("rollback");
    }
  }

  private async transaction(): Promise<void> {
    const rows = new Map(this.rows);
    await this.run("begin");
    for (let at = below(4); at >= 0; at--) await this.write(rows);
    if (Math.random() < 0.3) {
      await this.run("rollback");
      this.counts.rolledBack += 1;
    } else {
      await this.run("commit");
      this.rows = rows;
    }
  }

  private async transfer(): Promise<void> {
    const amount = 1 + below(50);
    await this.run("begin");
    await this.run(`update bank set balance = balance - ${amount} where id = ${below(ACCOUNTS)}`);
    await this.run(`update bank set balance = balance + ${amount} where id = ${below(ACCOUNTS)}`);
    await this.run(Math.random() < 0.3 ? "rollback" : "commit");
  }

  /** What fails within a transaction leaves nothing behind, and the transaction goes on. */
  private async fail(): Promise<void> {
    const rows = new Map(this.rows);
    await this.run("begin");
    await this.write(rows);
    const failed = await this.run(`insert into t select ${this.id}, -1, 1 / (n - n) from t where s = ${this.id}`).then(
      () => false,
      () => true,
    );
    if (failed) this.counts.failed += 1;
    await this.run("commit");
    this.rows = rows;
  }
}

async function prove(folder: string, sessions: number, seconds: number): Promise<Counts> {
  const server = await snowglobe(path.join(findRoot(), "snowglobe", "dist", "main.cjs"), folder);
  const counts: Counts = { statements: 0, comparisons: 0, rolledBack: 0, failed: 0, deadlocks: 0 };
  try {
    const first = await plainHttp(server, "");
    for (const sql of [
      "create warehouse wh",
      "create database d",
      "create table t (s int, n int, v int)",
      "create table bank (id int, balance int)",
      `insert into bank values ${Array.from({ length: ACCOUNTS }, (_, id) => `(${id}, ${MONEY})`).join(", ")}`,
    ])
      await first.run(sql);
    const end = Date.now() + seconds * 1000;
    const work = Array.from({ length: sessions }, async (_, id) => {
      const runner = await plainHttp(server, PLACE);
      const session = new ModelSession(runner, id, counts);
      while (Date.now() < end) await session.act();
      await session.compare();
      await runner.close();
    });
    await Promise.all(work);
    await first.close();
  } finally {
    await server.stop();
  }
  return counts;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      sessions: { type: "string", default: "16" },
      seconds: { type: "string", default: "60" },
    },
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), "workshop-proof-load-"));
  const [sessions, seconds] = [Number(values.sessions), Number(values.seconds)];
  try {
    const counts = await prove(folder, sessions, seconds);
    if (values.json) console.log(JSON.stringify({ machine: machine(), sessions, seconds, ...counts }, undefined, 2));
    else {
      console.log(machine());
      console.log(`${sessions} sessions, ${seconds} s: ${counts.statements} statements, of them ${counts.failed} that`);
      console.log(
        `had to fail; ${counts.rolledBack} transactions rolled back, ${counts.deadlocks} ended by a deadlock;`,
      );
      console.log(`${counts.comparisons} comparisons with the model, no difference.`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
