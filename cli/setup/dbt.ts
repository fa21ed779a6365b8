import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { cacheDir } from "../../plugins/cache";
import { withLock } from "../../plugins/lock";
import { Interrupted, UserError } from "../errors";
import { findPython } from "./python";

/** dbt in a virtual environment of its own. */
export interface DbtEnvironment {
  /** The folder with `dbt` and `python`; to be put first on PATH. */
  readonly bin: string;
  readonly dbt: string;
}

export interface DbtOptions {
  /** The lock file: names, versions and hashes. */
  readonly requirements: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Told how far the installation has come, as "12 of 53 packages". */
  readonly onProgress?: (detail: string) => void;
  /** Runs a program and passes on its lines; for tests. */
  readonly run?: Run;
}

/** Resolves to the exit code; rejects when the program does not start. */
export type Run = (
  program: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; signal?: AbortSignal; onLine: (line: string) => void },
) => Promise<number>;

const COMPLETE = "workshop-complete";

/**
 * The virtual environment of this lock file in the per-user cache; made once, about a minute. Names of environments hold
 * the lock file's hash, so that checkouts of different versions do not disturb each other. A half-made one, from an
 * interruption, is made anew.
 *
 * @throws UserError when Python is missing or a package cannot be installed
 */
export async function ensureDbt(options: DbtOptions): Promise<DbtEnvironment> {
  const { env, signal } = options;
  const python = await findPython(env);
  const cache = cacheDir(env);
  const dir = path.join(cache, `dbt-${keyOf(options.requirements, python.version)}`);
  const made = { bin: path.join(dir, "bin"), dbt: path.join(dir, "bin", "dbt") };
  if (isComplete(dir)) return made;
  mkdirSync(cache, { recursive: true });
  const onWait = (pid: number): void => options.onProgress?.(`waiting for process ${pid}, which installs it`);
  await withLock(`${dir}.lock`, { signal, onWait }, async () => {
    if (isComplete(dir)) return;
    rmSync(dir, { recursive: true, force: true });
    await install(dir, python.executable, options);
    writeFileSync(path.join(dir, COMPLETE), "");
  });
  return made;
}

/** The environment if it is there; makes nothing. */
export async function findDbt(requirements: string, env: NodeJS.ProcessEnv): Promise<DbtEnvironment | undefined> {
  const python = await findPython(env).catch(() => undefined);
  if (!python) return undefined;
  const dir = path.join(cacheDir(env), `dbt-${keyOf(requirements, python.version)}`);
  return isComplete(dir) ? { bin: path.join(dir, "bin"), dbt: path.join(dir, "bin", "dbt") } : undefined;
}

function isComplete(dir: string): boolean {
  return existsSync(path.join(dir, COMPLETE)) && existsSync(path.join(dir, "bin", "dbt"));
}

/** Equal keys mean equal environments. */
export function keyOf(requirements: string, pythonVersion: string): string {
  const hash = createHash("sha256").update(JSON.stringify([process.platform, process.arch, pythonVersion]));
  return hash.update(readFileSync(requirements)).digest("hex").slice(0, 20);
}

async function install(dir: string, python: string, options: DbtOptions): Promise<void> {
  const run = options.run ?? runProgram;
  const tail: string[] = [];
  const step = async (program: string, args: readonly string[], onLine?: (line: string) => void): Promise<void> => {
    // Nothing of the user's own Python settings may leak in; PIP_* (an index, a certificate) is the user's way to say
    // where packages come from.
    const env = { ...options.env, PYTHONHOME: undefined, PYTHONPATH: undefined, PIP_USER: undefined };
    const code = await run(program, args, {
      env,
      signal: options.signal,
      onLine: (line) => {
        tail.push(line);
        if (tail.length > 20) tail.shift();
        onLine?.(line);
      },
    });
    if (options.signal?.aborted) throw new Interrupted("Interrupted; the next run installs dbt anew.");
    if (code !== 0) throw new UserError(installFailure(tail));
  };
  options.onProgress?.("making the virtual environment");
  await step(python, ["-m", "venv", dir]);
  const total = countPackages(readFileSync(options.requirements, "utf8"));
  let collected = 0;
  await step(path.join(dir, "bin", "python"), [...PIP_INSTALL, "--requirement", options.requirements], (line) => {
    if (line.startsWith("Collecting ")) options.onProgress?.(`${Math.min(++collected, total)} of ${total} packages`);
    else if (line.startsWith("Installing collected packages"))
      options.onProgress?.(`writing ${total} packages, about half a minute`);
  });
}

const PIP_INSTALL = [
  "-m",
  "pip",
  "install",
  "--require-hashes",
  "--no-input",
  "--disable-pip-version-check",
  "--progress-bar=off",
];

/** Packages of a lock file; some are for other platforms or Python versions, so it is an upper bound. */
export function countPackages(requirements: string): number {
  return requirements.split("\n").filter((line) => /^[A-Za-z0-9][\w.[\]-]*\s*==/.test(line)).length;
}

/** One line out of pip's last ones. */
export function installFailure(tail: readonly string[]): string {
  const error = tail.findLast((line) => /^ERROR: /.test(line)) ?? tail.at(-1) ?? "no reason given";
  const reason = error.replace(/^ERROR: /, "").trim();
  return `dbt could not be installed: ${reason}\nCheck the network (or pip's settings for an index or proxy) and run this again.`;
}

const runProgram: Run = (program, args, { env, signal, onLine }) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], signal });
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", onLine);
    child.once("error", (error) => (error.name === "AbortError" ? resolve(1) : reject(error)));
    child.once("close", (code) => resolve(code ?? 1));
  });
