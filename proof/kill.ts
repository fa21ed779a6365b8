/**
 * Kills snowglobe in the midst of writes, over and over (kill -9), and looks after each start whether all that was
 * acknowledged is there, nothing is there twice, and no transaction is there by half.
 *
 *     ./workshop proof kill [--cycles 20] [--json]
 */
import { mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { machine } from "../bench/machine";
import { plainHttp, type Runner } from "../bench/statements/clients";
import { snowglobe } from "../bench/statements/servers";
import { findRoot } from "../cli/paths";

const WRITERS = 4;
/** Rows of each transaction. */
const ROWS = 3;
const PLACE = "databaseName=D&schemaName=PUBLIC&warehouse=WH";

interface Result {
  readonly cycles: number;
  readonly acknowledged: number;
  readonly starts: readonly number[];
}

/** Writes transactions of some rows until the server is gone. @param acknowledged gets the number of each that it said is there */
async function write(runner: Runner, writer: number, from: number, acknowledged: Set<number>): Promise<void> {
  try {
    for (let at = from; ; at += WRITERS) {
      const id = at + writer;
      if (id % 2 === 0) {
        await runner.run(`insert into t values ${Array.from({ length: ROWS }, () => `(${id})`).join(", ")}`);
      } else {
        await runner.run("begin");
        for (let row = 0; row < ROWS; row++) await runner.run(`insert into t values (${id})`);
        await runner.run("commit");
      }
      acknowledged.add(id);
    }
  } catch {
    // Killed.
  }
}

async function prove(folder: string, cycles: number): Promise<Result> {
  const program = path.join(findRoot(), "snowglobe", "dist", "main.cjs");
  const acknowledged = new Set<number>();
  const starts: number[] = [];
  for (let cycle = 0; cycle <= cycles; cycle++) {
    const begun = performance.now();
    const server = await snowglobe(program, folder);
    starts.push(performance.now() - begun);
    try {
      if (cycle === 0) {
        const first = await plainHttp(server, "");
        for (const sql of ["create warehouse wh", "create database d", "create table t (id int)"]) await first.run(sql);
        await first.close();
      }
      const reader = await plainHttp(server, PLACE);
      const found = new Map<number, number>();
      for (const [id, count] of await reader.rows("select id, count(*) from t group by id")) {
        found.set(Number(id), Number(count));
      }
      await reader.close();
      for (const [id, count] of found) {
        if (count !== ROWS) throw new Error(`cycle ${cycle}: ${count} of the ${ROWS} rows of transaction ${id}`);
      }
      for (const id of acknowledged) {
        if (!found.has(id)) throw new Error(`cycle ${cycle}: transaction ${id} was acknowledged and is lost`);
      }
      if (cycle === cycles) break;
      const from = (cycle + 1) * 1_000_000;
      const writers = await Promise.all(Array.from({ length: WRITERS }, () => plainHttp(server, PLACE)));
      const writing = writers.map((runner, writer) => write(runner, writer, from, acknowledged));
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 400));
      await server.kill();
      await Promise.all(writing);
      for (const runner of writers) await runner.close();
    } finally {
      await server.kill();
    }
  }
  return { cycles, acknowledged: acknowledged.size, starts };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: "boolean", default: false }, cycles: { type: "string", default: "20" } },
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), "workshop-proof-kill-"));
  try {
    const { cycles, acknowledged, starts } = await prove(folder, Number(values.cycles));
    const sorted = [...starts].sort((a, b) => a - b);
    const [median, longest] = [sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!];
    if (values.json)
      console.log(JSON.stringify({ machine: machine(), cycles, acknowledged, median, longest }, undefined, 2));
    else {
      console.log(machine());
      console.log(`${cycles} kills: all ${acknowledged} acknowledged transactions are there, none by half.`);
      console.log(`Starts after a kill: median ${median.toFixed(0)} ms, longest ${longest.toFixed(0)} ms.`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
