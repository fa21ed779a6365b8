/**
 * What a statement costs: snowglobe through snowflake-sdk and by plain HTTP, beside the same statement in DuckDB and by
 * plain HTTP in fakesnow, all in one run on accounts of their own.
 *
 *     ./workshop bench sql [--json]
 *
 * fakesnow runs in a virtual environment of its own: WORKSHOP_FAKESNOW names its python, without it the columns stay
 * empty (python -m venv DIR && DIR/bin/pip install "fakesnow[server]==0.12.1" "snowflake-connector-python<5").
 */
import { mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { formatTable } from "../cli/output/table";
import { findRoot } from "../cli/paths";
import { machine } from "./machine";
import { driver, duckdb, plainHttp, type Runner } from "./statements/clients";
import { pythonTimes } from "./statements/pythonDriver";
import { fakesnow, snowglobe, type ServerProcess } from "./statements/servers";
import { NEIGHBOURS, PREPARATION, STATEMENTS, type Measured } from "./statements/statements";

/** How often fakesnow runs what takes it long. */
const FEW = 60;
const CONNECTS = 20;
const CONNECT_BUDGET = 20;

/** Milliseconds, medians. */
interface Line {
  readonly name: string;
  readonly driver: number;
  readonly http: number;
  readonly duckdb?: number;
  readonly budget: number;
  readonly fakesnowHttp?: number;
  readonly python?: number;
  readonly fakesnowPython?: number;
}

async function median(runner: Runner, texts: Iterable<string>): Promise<number> {
  const times: number[] = [];
  for (const text of texts) {
    const begun = performance.now();
    await runner.run(text);
    times.push(performance.now() - begun);
  }
  // The first ones find caches cold.
  const warm = times.slice(Math.min(20, Math.floor(times.length / 4))).sort((a, b) => a - b);
  return warm[Math.floor(warm.length / 2)]!;
}

/** @param offset so that no name is made twice */
function* texts(measured: Measured, offset: number, most: number, ofDuckDb = false): Iterable<string> {
  const text = ofDuckDb ? (measured.duckdb ?? measured.text) : measured.text;
  for (let at = 0; at < Math.min(measured.repeats, most); at++) yield text(offset + at);
}

async function prepared(runner: Runner, more: readonly string[]): Promise<Runner> {
  for (const sql of more) await runner.run(sql);
  return runner;
}

async function measure(folder: string): Promise<Line[]> {
  const place = "databaseName=BENCH&schemaName=PUBLIC&warehouse=WH";
  const servers: ServerProcess[] = [];
  const runners: Runner[] = [];
  const kept = (runner: Runner): Runner => (runners.push(runner), runner);
  try {
    const ours = await snowglobe(path.join(findRoot(), "snowglobe", "dist", "main.cjs"), path.join(folder, "account"));
    servers.push(ours);
    const first = kept(await plainHttp(ours, ""));
    await prepared(first, ["create warehouse wh", "create database bench", ...PREPARATION]);
    for (let at = 0; at < NEIGHBOURS; at++) await first.run(`create table neighbour_${at} (id int)`);
    const connects: number[] = [];
    for (let at = 0; at < CONNECTS; at++) {
      const begun = performance.now();
      const connected = await driver(ours, { database: "BENCH", schema: "PUBLIC", warehouse: "WH" });
      connects.push(performance.now() - begun);
      await connected.close();
    }
    const viaDriver = kept(await driver(ours, { database: "BENCH", schema: "PUBLIC", warehouse: "WH" }));
    const viaHttp = kept(await plainHttp(ours, place));
    const inDuckDb = kept(await prepared(await duckdb(path.join(folder, "plain.duckdb")), PREPARATION));
    let peer: { readonly server: ServerProcess; readonly runner: Runner } | undefined;
    const python = process.env.WORKSHOP_FAKESNOW;
    if (python) {
      const server = await fakesnow(python);
      servers.push(server);
      const runner = kept(await plainHttp(server, place));
      await prepared(runner, ["create database if not exists bench", "use schema bench.public", ...PREPARATION]);
      peer = { server, runner };
    }
    const lines: Line[] = [];
    for (const measured of STATEMENTS) {
      const both = !measured.alone;
      lines.push({
        name: measured.name,
        budget: measured.budget,
        driver: await median(viaDriver, texts(measured, 0, Infinity)),
        http: await median(viaHttp, texts(measured, 10_000 * Number(both), Infinity)),
        ...(both && { duckdb: await median(inDuckDb, texts(measured, 0, Infinity, true)) }),
        ...(both && peer && { fakesnowHttp: await median(peer.runner, texts(measured, 20_000, FEW)) }),
        ...(python && {
          python: await pythonTimes(python, ours, [...texts(measured, both ? 30_000 : 0, FEW)]),
          ...(both &&
            peer && { fakesnowPython: await pythonTimes(python, peer.server, [...texts(measured, 40_000, FEW)]) }),
        }),
      });
    }
    connects.sort((a, b) => a - b);
    const middle = connects[CONNECTS / 2]!;
    return [...lines, { name: "connect", driver: middle, http: NaN, budget: CONNECT_BUDGET }];
  } finally {
    for (const runner of runners) await runner.close();
    for (const server of servers) await server.stop();
  }
}

function shown(lines: readonly Line[]): string {
  const ms = (value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? "" : value.toFixed(2);
  const times = (mine: number | undefined, its: number | undefined): string =>
    mine === undefined || its === undefined ? "" : `${(its / mine).toFixed(1)} x`;
  return formatTable(
    ["p50, ms", "snowflake-sdk", "DuckDB", "over it", "budget", "plain HTTP", "fakesnow", "", "Python", "fakesnow", ""],
    lines.map((line) => [
      line.name,
      ms(line.driver),
      ms(line.duckdb),
      ms(line.driver - (line.duckdb ?? 0)),
      ms(line.budget),
      ms(line.http),
      ms(line.fakesnowHttp),
      times(line.http, line.fakesnowHttp),
      ms(line.python),
      ms(line.fakesnowPython),
      times(line.python, line.fakesnowPython),
    ]),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
  const folder = mkdtempSync(path.join(os.tmpdir(), "workshop-bench-sql-"));
  try {
    const lines = await measure(folder);
    if (values.json) console.log(JSON.stringify({ machine: machine(), statements: lines }, undefined, 2));
    else console.log(`${machine()}\n\n${shown(lines)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
