/**
 * Measures a class on the local target: wall time, processor time and memory of one command for each of its steps. It works
 * in a state folder and on a port of its own, so that the user's environment stays untouched, and ends with an error where
 * anything is left behind.
 *
 *     ./workshop bench class [--attendees 30] [--json]
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { formatTable } from "../cli/output/table";
import { findRoot } from "../cli/paths";
import { machine } from "./machine";

interface Measurement {
  readonly name: string;
  readonly seconds: number;
  /** Of all processors together, snowglobe included; undefined where the system does not tell (no /proc). */
  readonly processorSeconds?: number;
  /** The most that all processes together held in memory, snowglobe included, and snowglobe alone. */
  readonly peakMegabytes?: number;
  readonly snowglobeMegabytes?: number;
}

/** Milliseconds between two looks at the processes. */
const LOOK_MS = 500;
const PAGE_BYTES = 4_096;
/** Of /proc/PID/stat. Linux: USER_HZ is 100 on every platform that Node.js runs on. */
const TICKS_PER_SECOND = 100;

const root = findRoot();
const state = mkdtempSync(path.join(os.tmpdir(), "workshop-bench-class-"));
const environment = { ...process.env, WORKSHOP_STATE_DIR: state, WORKSHOP_SNOWGLOBE_PORT: "0", NO_COLOR: "1" };

interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly bytes: number;
  readonly ticks: number;
  readonly isSnowglobe: boolean;
}

/** Processes of this measurement: the command's descendants, and the snowglobe of its state folder. */
function processes(command: number): Seen[] {
  if (!existsSync("/proc/self/stat")) return [];
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (seen(Number(name)) ?? []) : []));
  const ours = new Set([command]);
  // Parents have lower numbers nearly always; twice round catches the others.
  for (let round = 0; round < 2; round++) for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  return all.filter(({ pid, isSnowglobe }) => ours.has(pid) || isSnowglobe);
}

function seen(pid: number): Seen | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses, which may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return {
      pid,
      parent: Number(fields[1]),
      ticks: Number(fields[11]) + Number(fields[12]),
      bytes: Number(fields[21]) * PAGE_BYTES,
      isSnowglobe: words.includes(state) && words.includes("main.cjs"),
    };
  } catch {
    return undefined;
  }
}

/** Runs a command and measures it. @throws Error with what it printed when it fails */
async function measure(name: string, args: readonly string[]): Promise<Measurement> {
  process.stderr.write(`${name} ...\n`);
  const begun = performance.now();
  const program = path.join(root, ".workshop", "build", "cli.cjs");
  const child = spawn(process.execPath, [program, ...args], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
  const before = new Map(processes(-1).map(({ pid, ticks }) => [pid, ticks]));
  const ticks = new Map<number, number>();
  let peak = 0;
  let snowglobe = 0;
  const timer = setInterval(() => {
    const now = processes(child.pid!);
    for (const one of now) ticks.set(one.pid, one.ticks - (before.get(one.pid) ?? 0));
    peak = Math.max(peak, sum(now.map(({ bytes }) => bytes)));
    snowglobe = Math.max(snowglobe, sum(now.filter((one) => one.isSnowglobe).map(({ bytes }) => bytes)));
  }, LOOK_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => clearInterval(timer));
  if (code !== 0)
    throw new Error(`./workshop ${args.join(" ")} ended with ${code}:\n${Buffer.concat(output).toString()}`);
  return {
    name,
    seconds: (performance.now() - begun) / 1000,
    ...(peak === 0
      ? {}
      : {
          processorSeconds: sum([...ticks.values()]) / TICKS_PER_SECOND,
          peakMegabytes: peak / 2 ** 20,
          snowglobeMegabytes: snowglobe / 2 ** 20,
        }),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

async function main(): Promise<number> {
  const given = process.argv.indexOf("--attendees");
  const attendees = given < 0 ? 30 : Number(process.argv[given + 1]);
  const who = ["--attendees", String(attendees)];
  try {
    const measurements = [
      await measure(`class up, ${attendees} attendees`, ["class", "up", ...who]),
      await measure("class up, no change", ["class", "up", ...who]),
      await measure("class load, all states", ["class", "load", ...who]),
      await measure("class status", ["class", "status", ...who]),
      await measure("class destroy", ["class", "destroy", "--yes", ...who]),
    ];
    const left = readdirSync(state);
    if (left.length > 0) throw new Error(`class destroy left ${left.join(", ")}`);
    if (process.argv.includes("--json")) {
      process.stdout.write(`${JSON.stringify({ machine: machine(), attendees, measurements }, undefined, 2)}\n`);
    } else {
      const megabytes = (value: number | undefined): string => (value === undefined ? "" : `${Math.round(value)} MB`);
      const rows = measurements.map((one) => [
        one.name,
        `${one.seconds.toFixed(1)} s`,
        one.processorSeconds === undefined ? "" : `${one.processorSeconds.toFixed(0)} s`,
        megabytes(one.peakMegabytes),
        megabytes(one.snowglobeMegabytes),
      ]);
      const head = ["command", "wall time", "processor", "memory, most", "of that snowglobe"];
      process.stdout.write(`${machine()}\n\n${formatTable(head, rows)}\n`);
    }
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    // What a failed step left runs on otherwise.
    await measure("cleaning up", ["local", "reset", "--yes", "--state"]).catch(() => undefined);
    return 1;
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

void main().then((code) => {
  process.exitCode = code;
});
