/**
 * Keeps the 22 queries of TPC-H (scale 0.01, each as AUTO makes it and, where that follows changes, as INCREMENTAL) and a
 * warehouse like TPC-DI's (40 dynamic tables over 17 tables) through cycles of inserts, updates, deletes, overwrites,
 * merges and kills. After each all of them are compared with their queries.
 *
 *     ./workshop proof tpc [--cycles 50] [--json]
 */
import { parseArgs } from "node:util";
import { machine } from "../bench/machine";
import { play, tpch, warehouse, type Pipeline, type Played } from "../snowglobe/tests/tpc/play";

const SCALE = 0.01;

async function proved(name: string, pipeline: Pipeline, cycles: number, json: boolean): Promise<void> {
  const all: Played[] = [];
  if (!json) process.stdout.write(`${name}\n`);
  const modes = await play(pipeline, cycles, (one) => {
    all.push(one);
    if (json) return;
    const actions = Object.entries(one.actions).map(([action, count]) => `${action} ${count}`);
    const killed = one.killed ? ", after a kill" : "";
    process.stdout.write(
      `  cycle ${String(one.cycle + 1).padStart(3)}: ${one.took.toFixed(0).padStart(6)} ms, ${actions.join(", ")}${killed}\n`,
    );
  });
  const times = all.map((one) => one.took).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  const compared = all.reduce((sum, one) => sum + one.compared, 0);
  if (json)
    process.stdout.write(
      `${JSON.stringify({ name, machine: machine(), modes, compared, differences: 0, median, all })}\n`,
    );
  else {
    const text = Object.entries(modes).map(([mode, count]) => `${count} ${mode}`);
    process.stdout.write(
      `  ${text.join(", ")}; ${compared} comparisons, differences = 0; a cycle takes ${median.toFixed(0)} ms\n`,
    );
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: "boolean", default: false }, cycles: { type: "string", default: "50" } },
  });
  const cycles = Number(values.cycles);
  await proved(`TPC-H's 22 queries at scale ${SCALE}`, tpch(SCALE), cycles, values.json);
  await proved("40 dynamic tables over 17 tables", warehouse(1), cycles, values.json);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
