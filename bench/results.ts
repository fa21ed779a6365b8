/**
 * What large results cost: a table of six columns read whole by snowflake-sdk and by the Python connector, beside
 * fakesnow through the same connector, all in one run on accounts of their own; and how much memory the server took,
 * also while four sessions read the largest result slowly at once.
 *
 *     ./workshop bench results [--max-rows 1000000] [--json]
 *
 * WORKSHOP_BENCH_PYTHON names a python that has snowflake-connector-python, and WORKSHOP_FAKESNOW that of fakesnow's
 * virtual environment (see bench sql): without them their columns stay empty.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs, promisify } from "node:util";
import { formatTable } from "../cli/output/table";
import { findRoot } from "../cli/paths";
import { machine } from "./machine";
import { driver, plainHttp, type Runner, type Server } from "./statements/clients";
import { fakesnow, snowglobe, type ServerProcess } from "./statements/servers";

const ROWS = 1_000_000;
const SMALLEST = 10_000;

/** Reads a query twice and prints the seconds of the second time, and how many rows came. */
const SCRIPT = `
import json, os, sys, time
import snowflake.connector
given = json.load(sys.stdin)
connection = snowflake.connector.connect(
    host="127.0.0.1", port=given["port"], protocol="http", account="bench", user=given["user"],
    password=os.environ["BENCH_PASSWORD"], database="BENCH", schema="PUBLIC", warehouse="WH",
    session_parameters={"CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False},
)
cursor = connection.cursor()
for attempt in range(2):
    begun = time.perf_counter()
    rows = cursor.execute(given["sql"]).fetchall()
    seconds = time.perf_counter() - begun
print(json.dumps({"seconds": seconds, "rows": len(rows)}))
connection.close()
`;

/** Seconds for one reading of all rows. */
interface Line {
  readonly rows: number;
  readonly node: number;
  readonly python?: number;
  readonly fakesnow?: number;
  /** Most memory that the server has held so far, MB. */
  readonly serverMegabytes?: number;
}

interface Measured {
  readonly lines: readonly Line[];
  /** Most memory that the server held while some sessions read the largest result slowly, MB. */
  readonly slowReadersMegabytes?: number;
}

/** The table by doubling, in words that any Snowflake stand-in knows. */
function preparation(rows: number): string[] {
  const texts = [
    "create or replace table big (id int, amount number(12, 2), name varchar, note varchar, made_at timestamp_ntz, flag boolean)",
    "insert into big values (0, 0.25, 'name 0', 'some longer text of row 0', '2026-01-01 00:00:00', true)",
  ];
  for (let made = 1; made < rows; made *= 2) {
    texts.push(
      `insert into big select id + ${made}, amount + ${made}, 'name ' || (id + ${made}),` +
        ` 'some longer text of row ' || (id + ${made}), dateadd('second', ${made}, made_at), not flag` +
        ` from big where id < ${Math.min(made, rows - made)}`,
    );
  }
  return texts;
}

const READ = "select * from big";

async function python(interpreter: string, server: Server, rows: number): Promise<number> {
  const running = promisify(execFile)(interpreter, ["-c", SCRIPT], {
    env: { ...process.env, BENCH_PASSWORD: server.password },
  });
  running.child.stdin!.end(JSON.stringify({ port: server.port, user: server.user, sql: READ }));
  const seen = JSON.parse((await running).stdout) as { seconds: number; rows: number };
  if (seen.rows !== rows) throw new Error(`${seen.rows} rows came instead of ${rows}`);
  return seen.seconds;
}

async function node(runner: Runner): Promise<number> {
  await runner.run(READ);
  const begun = performance.now();
  await runner.run(READ);
  return (performance.now() - begun) / 1000;
}

/** As Linux tells it; elsewhere unknown. @param what VmHWM: the most so far; VmRSS: now */
function megabytes(pid: number | undefined, what: "VmHWM" | "VmRSS"): number | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/status`, "utf8")
      .split("\n")
      .find((one) => one.startsWith(`${what}:`));
    const found = /(\d+) kB/.exec(line ?? "")?.[1];
    return found === undefined ? undefined : Math.round(Number(found) / 1024);
  } catch {
    return undefined;
  }
}

/** Sessions that read one large result each, slowly and at once. */
const SLOW_READERS = 4;
/** Milliseconds between two chunks. */
const PAUSE = 20;

/** @returns most megabytes that the server held meanwhile; undefined where the system does not tell */
async function slowReaders(server: ServerProcess, place: string): Promise<number | undefined> {
  let most: number | undefined;
  const watch = setInterval(() => (most = Math.max(most ?? 0, megabytes(server.pid, "VmRSS") ?? 0) || undefined), 50);
  const read = async (): Promise<void> => {
    const runner = await plainHttp(server, place);
    for (const url of await runner.addresses(READ)) {
      await (await fetch(url)).arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    await runner.close();
  };
  await Promise.all(Array.from({ length: SLOW_READERS }, read));
  clearInterval(watch);
  return most;
}

async function measure(folder: string, most: number): Promise<Measured> {
  const place = "databaseName=BENCH&schemaName=PUBLIC&warehouse=WH";
  const servers: ServerProcess[] = [];
  const runners: Runner[] = [];
  const kept = (runner: Runner): Runner => (runners.push(runner), runner);
  const run = async (runner: Runner, texts: readonly string[]): Promise<void> => {
    for (const text of texts) await runner.run(text);
  };
  try {
    const ours = await snowglobe(path.join(findRoot(), "snowglobe", "dist", "main.cjs"), path.join(folder, "account"));
    servers.push(ours);
    const admin = kept(await plainHttp(ours, ""));
    await run(admin, ["create warehouse wh", "create database bench"]);
    const writer = kept(await plainHttp(ours, place));
    const reader = kept(await driver(ours, { database: "BENCH", schema: "PUBLIC", warehouse: "WH" }));
    const { WORKSHOP_BENCH_PYTHON: interpreter, WORKSHOP_FAKESNOW: peerPython } = process.env;
    let peer: { readonly server: ServerProcess; readonly writer: Runner } | undefined;
    if (peerPython) {
      const server = await fakesnow(peerPython);
      servers.push(server);
      peer = { server, writer: kept(await plainHttp(server, place)) };
      await run(peer.writer, ["create database if not exists bench", "use schema bench.public"]);
    }
    const lines: Line[] = [];
    for (let rows = Math.min(SMALLEST, most); ; rows = Math.min(rows * 10, most)) {
      await run(writer, preparation(rows));
      if (peer) await run(peer.writer, preparation(rows));
      const seconds = await node(reader);
      const ofPython = interpreter ? await python(interpreter, ours, rows) : undefined;
      const ofPeer = peer && peerPython ? await python(peerPython, peer.server, rows) : undefined;
      lines.push({
        rows,
        node: seconds,
        ...(ofPython !== undefined && { python: ofPython }),
        ...(ofPeer !== undefined && { fakesnow: ofPeer }),
        serverMegabytes: megabytes(ours.pid, "VmHWM"),
      });
      if (rows < most) continue;
      const slow = await slowReaders(ours, place);
      return { lines, ...(slow !== undefined && { slowReadersMegabytes: slow }) };
    }
  } finally {
    for (const runner of runners) await runner.close();
    for (const server of servers) await server.stop();
  }
}

function shown(lines: readonly Line[]): string {
  const seconds = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(2));
  return formatTable(
    ["rows", "snowflake-sdk, s", "Python, s", "fakesnow, Python, s", "", "server, MB"],
    lines.map((line) => [
      line.rows.toLocaleString("en"),
      seconds(line.node),
      seconds(line.python),
      seconds(line.fakesnow),
      line.python === undefined || line.fakesnow === undefined ? "" : `${(line.fakesnow / line.python).toFixed(1)} x`,
      String(line.serverMegabytes ?? ""),
    ]),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: "boolean", default: false }, "max-rows": { type: "string" } },
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), "workshop-bench-results-"));
  try {
    const { lines, slowReadersMegabytes: slow } = await measure(folder, Number(values["max-rows"] ?? ROWS));
    if (values.json) {
      console.log(JSON.stringify({ machine: machine(), results: lines, slowReadersMegabytes: slow }, undefined, 2));
    } else {
      console.log(`${machine()}\n\n${shown(lines)}`);
      if (slow !== undefined) {
        console.log(
          `\n${SLOW_READERS} sessions read the largest result slowly at once: the server held ${slow} MB at most.`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
