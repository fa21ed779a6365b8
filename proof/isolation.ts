/**
 * What sessions see of each other, recorded and looked through at the end: nothing of a transaction that was rolled back
 * or is not committed (dirty reads), no increment lost, each change of a stream consumed once, and within a transaction
 * the same rows from a stream each time.
 *
 *     ./workshop proof isolation [--seconds 20] [--json]
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
const WRITERS = 4;
const READERS = 4;
const COUNTERS = 4;
const CONSUMERS = 2;
/** Rows that each transaction writes, in statements of their own. */
const PARTS = 3;

/** What happened. */
class History {
  readonly committed = new Set<number>();
  readonly rolledBack = new Set<number>();
  /** By transaction: how many of its rows a reader saw at once. */
  readonly reads: { readonly transaction: number; readonly parts: number }[] = [];
  increments = 0;
  /** Pairs of readings of a stream within one transaction. */
  readonly streams: { readonly first: string; readonly second: string }[] = [];
  private transactions = 0;

  begin(): number {
    return ++this.transactions;
  }
}

type Work = (runner: PlainRunner, history: History) => Promise<void>;

const write: Work = async (runner, history) => {
  const id = history.begin();
  await runner.run("begin");
  for (let part = 0; part < PARTS; part++) await runner.run(`insert into log values (${id}, ${part})`);
  if (Math.random() < 0.3) {
    history.rolledBack.add(id);
    await runner.run("rollback");
  } else {
    await runner.run("commit");
    history.committed.add(id);
  }
};

const read: Work = async (runner, history) => {
  for (const [id, parts] of await runner.rows("select id, count(*) from log group by id")) {
    history.reads.push({ transaction: Number(id), parts: Number(parts) });
  }
};

const increment: Work = async (runner, history) => {
  const sql = "update counter set n = n + 1";
  if (Math.random() < 0.5) {
    await runner.run(sql);
    history.increments += 1;
    return;
  }
  await runner.run("begin");
  await runner.run(sql);
  const keeps = Math.random() < 0.7;
  await runner.run(keeps ? "commit" : "rollback");
  if (keeps) history.increments += 1;
};

const consume: Work = async (runner, history) => {
  const rows = async (): Promise<string> => JSON.stringify(await runner.rows("select id, part from s order by 1, 2"));
  await runner.run("begin");
  const first = await rows();
  await new Promise((resolve) => setTimeout(resolve, 5));
  history.streams.push({ first, second: await rows() });
  await runner.run("insert into consumed select id, part from s");
  await runner.run(Math.random() < 0.3 ? "rollback" : "commit");
};

/** @returns what contradicts the promise, a line each */
async function contradictions(runner: PlainRunner, history: History): Promise<string[]> {
  const found: string[] = [];
  for (const { transaction, parts } of history.reads) {
    if (history.rolledBack.has(transaction)) found.push(`dirty read: transaction ${transaction} was rolled back`);
    if (parts !== PARTS) found.push(`dirty read: ${parts} of ${PARTS} rows of transaction ${transaction}`);
  }
  const [[n] = []] = await runner.rows("select n from counter");
  if (Number(n) !== history.increments) found.push(`lost updates: ${n} after ${history.increments} increments`);
  for (const { first, second } of history.streams) {
    if (first !== second) found.push(`a stream changed within a transaction: ${first} became ${second}`);
  }
  await runner.run("insert into consumed select id, part from s");
  const consumed = await runner.rows("select id, count(*), count(distinct part) from consumed group by id");
  for (const [id, all, distinct] of consumed) {
    if (Number(all) !== PARTS || Number(distinct) !== PARTS) found.push(`changes of ${id} were consumed ${all} times`);
    if (!history.committed.has(Number(id))) found.push(`changes of ${id}, which was not committed, were consumed`);
  }
  if (consumed.length !== history.committed.size) {
    found.push(`${consumed.length} of ${history.committed.size} transactions were consumed`);
  }
  return found;
}

async function prove(folder: string, seconds: number): Promise<{ history: History; found: string[] }> {
  const server = await snowglobe(path.join(findRoot(), "snowglobe", "dist", "main.cjs"), folder);
  const history = new History();
  try {
    const first = await plainHttp(server, "");
    for (const sql of [
      "create warehouse wh",
      "create database d",
      "create table log (id int, part int)",
      "create table counter (n int)",
      "insert into counter values (0)",
      "create table consumed (id int, part int)",
      "create stream s on table log",
    ])
      await first.run(sql);
    const end = Date.now() + seconds * 1000;
    const roles: readonly (readonly [Work, number])[] = [
      [write, WRITERS],
      [read, READERS],
      [increment, COUNTERS],
      [consume, CONSUMERS],
    ];
    const sessions = roles.flatMap(([work, count]) => Array.from({ length: count }, () => work));
    await Promise.all(
      sessions.map(async (work) => {
        const runner = await plainHttp(server, PLACE);
        while (Date.now() < end) await work(runner, history);
        await runner.close();
      }),
    );
    return { history, found: await contradictions(await plainHttp(server, PLACE), history) };
  } finally {
    await server.stop();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: "boolean", default: false }, seconds: { type: "string", default: "20" } },
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), "workshop-proof-isolation-"));
  try {
    const { history, found } = await prove(folder, Number(values.seconds));
    const counts = {
      committed: history.committed.size,
      rolledBack: history.rolledBack.size,
      reads: history.reads.length,
      increments: history.increments,
      streamReads: history.streams.length,
    };
    if (values.json)
      console.log(JSON.stringify({ machine: machine(), ...counts, contradictions: found }, undefined, 2));
    else {
      console.log(machine());
      console.log(`${counts.committed} transactions committed and ${counts.rolledBack} rolled back, looked at`);
      console.log(
        `${counts.reads} times; ${counts.increments} increments; ${counts.streamReads} readings of a stream:`,
      );
      console.log(found.length === 0 ? "no dirty read, no lost update, each change consumed once." : "");
      for (const line of found.slice(0, 20)) console.error(line);
    }
    if (found.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
