/**
 * Measures the commands of the workshop on an installed checkout with an empty state, beside the design's budgets. It
 * works in a state folder and on a port of its own, so that the user's environment stays untouched.
 *
 *     ./workshop bench up [--json]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { formatTable } from "../cli/output/table";
import { findRoot } from "../cli/paths";
import { machine } from "./machine";

/** Seconds from the start of snowglobe's process to its first answer, for an account that is there already. */
const SNOWGLOBE = { name: "snowglobe start", budget: 0.5 } as const;

/** Commands, and their budgets in seconds on a computer with 2 cores. Starting snowglobe by command has none of its own. */
const STEPS: readonly { readonly name: string; readonly args: readonly string[]; readonly budget?: number }[] = [
  { name: "local start", args: ["local", "start"] },
  { name: "up, empty state", args: ["up"], budget: 40 },
  { name: "up, no change", args: ["up", "--expect-no-changes"], budget: 8 },
  { name: "preview, no change", args: ["preview", "--expect-no-changes"], budget: 6 },
  { name: "destroy", args: ["destroy", "--yes"], budget: 8 },
];

interface Measurement {
  readonly name: string;
  readonly seconds: number;
  readonly budget?: number;
}

const root = findRoot();
const state = mkdtempSync(path.join(os.tmpdir(), "workshop-bench-"));
const environment = { ...process.env, WORKSHOP_STATE_DIR: state, WORKSHOP_SNOWGLOBE_PORT: "0", NO_COLOR: "1" };

/** Runs a command and gives its seconds. @throws Error with what it printed when it fails */
function run(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const program = path.join(root, ".workshop", "build", "cli.cjs");
    const child = spawn(process.execPath, [program, ...args], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve((performance.now() - begun) / 1000);
      else reject(new Error(`./workshop ${args.join(" ")} ended with ${code}:\n${Buffer.concat(output).toString()}`));
    });
  });
}

/** Starts snowglobe as the commands do, by itself; gives the seconds until it serves. */
async function startSnowglobe(): Promise<number> {
  const begun = performance.now();
  const program = path.join(root, "snowglobe", "dist", "main.cjs");
  const folder = path.join(state, "alone");
  const child = spawn(process.execPath, ["--enable-source-maps", program, "--data", folder, "--port", "0"], {
    env: { ...environment, UV_THREADPOOL_SIZE: "16" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`snowglobe ended with ${code} before it served`)));
    child.stderr.on("data", (chunk: Buffer) => {
      if (chunk.includes(" serves ")) resolve();
    });
  });
  const seconds = (performance.now() - begun) / 1000;
  child.kill("SIGTERM");
  await ended;
  return seconds;
}

async function measure(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  // Once unmeasured, so that dbt and the engine are installed and the file cache is warm: the budgets are about an
  // installed checkout.
  process.stderr.write("warming up: up and destroy\n");
  await run(["up"]);
  await run(["destroy", "--yes"]);
  // The first start makes the account.
  await startSnowglobe();
  const note = (measurement: Measurement): void => {
    process.stderr.write(`${measurement.name}: ${measurement.seconds.toFixed(2)} s\n`);
    measurements.push(measurement);
  };
  note({ ...SNOWGLOBE, seconds: await startSnowglobe() });
  for (const { name, args, budget } of STEPS) note({ name, seconds: await run(args), budget });
  return measurements;
}

async function main(): Promise<number> {
  try {
    const measurements = await measure();
    if (process.argv.includes("--json")) {
      process.stdout.write(`${JSON.stringify({ machine: machine(), measurements }, undefined, 2)}\n`);
    } else {
      const rows = measurements.map(({ name, seconds, budget }) => [
        name,
        `${seconds.toFixed(2)} s`,
        budget === undefined ? "" : `${budget} s`,
        budget === undefined ? "" : seconds <= budget ? "within" : "OVER",
      ]);
      process.stdout.write(`${machine()}\n\n${formatTable(["command", "wall time", "budget", ""], rows)}\n`);
    }
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    // What a failed step left runs on otherwise.
    await run(["local", "reset", "--yes", "--state"]).catch(() => undefined);
    return 1;
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

void main().then((code) => {
  process.exitCode = code;
});
