/**
 * What an ordinary user and a stranger can do to others: hostile statements and requests, one after the other, each given
 * a few seconds; meanwhile another session asks `select 1` over and over. At the end the server must still be there, and
 * end within five seconds of SIGTERM while a statement runs.
 *
 *     ./workshop proof attack [--json]
 */
import { mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { machine } from "../bench/machine";
import { plainHttp, type Runner } from "../bench/statements/clients";
import { snowglobe, type ServerProcess } from "../bench/statements/servers";
import { formatTable } from "../cli/output/table";
import { findRoot } from "../cli/paths";
import { ATTACKS, type Attack } from "./attacks";

/** How long an attack may go on before it is cancelled, in milliseconds. */
const PATIENCE = 4_000;
/** How long another session may wait, in milliseconds: generous, since the computer may be busy. */
const BOUND = 1_000;
const STOP_BOUND = 5_000;

interface Line {
  readonly attack: string;
  readonly answer: string;
  readonly milliseconds: number;
  /** The longest that another session waited for `select 1`, in milliseconds. */
  readonly othersWaited: number;
}

/** Asks over and over. */
class Bystander {
  longest = 0;
  private asking: Promise<void>;
  private isDone = false;

  constructor(private readonly runner: Runner) {
    this.asking = this.ask();
  }

  async end(): Promise<number> {
    this.isDone = true;
    await this.asking;
    return this.longest;
  }

  private async ask(): Promise<void> {
    while (!this.isDone) {
      const begun = performance.now();
      await this.runner.run("select 1");
      this.longest = Math.max(this.longest, performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

const PLACE = "databaseName=HOSTILE&schemaName=PUBLIC&warehouse=WH";

async function carryOut(attack: Attack, server: ServerProcess): Promise<string> {
  if (attack.send) return attack.send(server);
  // A session of its own, which a statement that goes on does not hold up for the next.
  const attacker = await plainHttp(server, PLACE);
  try {
    await attacker.run(`alter session set statement_timeout_in_seconds = ${PATIENCE / 1000}`);
    await attacker.run(attack.sql!);
    return "answered";
  } catch (error) {
    return (error as Error).message.split("\n").slice(0, 2).join(" ").slice(0, 70);
  } finally {
    await attacker.close();
  }
}

async function prove(folder: string): Promise<{ lines: Line[]; stop: number }> {
  const server = await snowglobe(path.join(findRoot(), "snowglobe", "dist", "main.cjs"), folder);
  try {
    const first = await plainHttp(server, "");
    for (const sql of [
      "create warehouse wh",
      "create database hostile",
      "create table hostile (x int, v variant)",
      "insert into hostile select 1, parse_json('{\"a\": 1}')",
    ])
      await first.run(sql);
    const lines: Line[] = [];
    for (const attack of ATTACKS) {
      const bystander = new Bystander(first);
      const begun = performance.now();
      const late = new Promise<string>((resolve) => setTimeout(() => resolve("goes on"), 3 * PATIENCE).unref());
      const answer = await Promise.race([carryOut(attack, server), late]);
      const milliseconds = performance.now() - begun;
      lines.push({ attack: attack.name, answer, milliseconds, othersWaited: await bystander.end() });
    }
    const last = await plainHttp(server, PLACE);
    const endless = ATTACKS.find(({ name }) => name === "product of two millions")!.sql!;
    last.run(endless).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const begun = performance.now();
    await server.stop();
    return { lines, stop: performance.now() - begun };
  } finally {
    await server.stop();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
  const folder = mkdtempSync(path.join(os.tmpdir(), "workshop-proof-attack-"));
  try {
    const { lines, stop } = await prove(folder);
    const late = lines.filter(({ othersWaited }) => othersWaited > BOUND);
    if (values.json) console.log(JSON.stringify({ machine: machine(), attacks: lines, stop }, undefined, 2));
    else {
      const rows = lines.map((line) => [
        line.attack,
        line.answer,
        line.milliseconds.toFixed(0),
        line.othersWaited.toFixed(0),
      ]);
      console.log(`${machine()}\n\n${formatTable(["attack", "answer", "ms", "others waited, ms"], rows)}`);
      console.log(`\nSIGTERM with a statement running: ended after ${stop.toFixed(0)} ms`);
    }
    for (const { attack, othersWaited } of late)
      console.error(`${attack}: others waited ${othersWaited.toFixed(0)} ms`);
    if (late.length > 0 || stop > STOP_BOUND) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
