/**
 * Measures the commands of the workshop on an installed checkout with an empty state, beside the design's budgets. It
 * works in a state folder and on a port of its own, so that the user's environment stays untouched.
 *
 *     ./workshop bench up [--json]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { formatTable } from "../cli/output/table";
import { findRoot } from "../cli/paths";

/** Budgets in seconds, on a computer with 2 cores. */
const STEPS = [
  { name: "local start", args: ["local", "start"], budget: 0.5 },
  { name: "up, empty state", args: ["up"], budget: 40 },
  { name: "up, no change", args: ["up", "--expect-no-changes"], budget: 8 },
  { name: "preview, no change", args: ["preview", "--expect-no-changes"], budget: 6 },
  { name: "destroy", args: ["destroy", "--yes"], budget: 8 },
] as const;

interface Measurement {
  readonly name: string;
  readonly seconds: number;
  readonly budget: number;
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

async function measure(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  // Once unmeasured, so that dbt and the engine are installed and the file cache is warm: the budgets are about an
  // installed checkout.
  process.stderr.write("warming up: up and destroy\n");
  await run(["up"]);
  await run(["destroy", "--yes"]);
  for (const { name, args, budget } of STEPS) {
    const seconds = await run(args);
    process.stderr.write(`${name}: ${seconds.toFixed(2)} s\n`);
    measurements.push({ name, seconds, budget });
  }
  return measurements;
}

function machine(): string {
  const cpus = os.cpus();
  const gigabytes = (os.totalmem() / 2 ** 30).toFixed(0);
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
  return `workshop ${version}, Node ${process.version}, ${cpus.length} x ${cpus[0]?.model ?? os.arch()}, ${gigabytes} GB`;
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
        `${budget} s`,
        seconds <= budget ? "within" : "OVER",
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
