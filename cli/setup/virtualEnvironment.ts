import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { cacheDir } from "../../plugins/cache";
import { withLock } from "../../plugins/lock";
import { Interrupted, UserError } from "../errors";
import { findPython } from "./python";

export interface VirtualEnvironmentOptions {
  /** What is installed, for messages and the folder's name. */
  readonly name: string;
  /** A file of its `bin` folder that is there once all is installed. */
  readonly program: string;
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
 * A Python virtual environment of a lock file in the per-user cache; made once. Names of environments hold the lock
 * file's hash, so that checkouts of different versions do not disturb each other. A half-made one, from an interruption,
 * is made anew.
 *
 * @returns its `bin` folder
 * @throws UserError when Python is missing or a package cannot be installed
 */
export async function ensureVirtualEnvironment(options: VirtualEnvironmentOptions): Promise<string> {
  const { env, signal } = options;
  const python = await findPython(env);
  const cache = cacheDir(env);
  const dir = folderOf(options, python.version);
  const bin = path.join(dir, "bin");
  if (isComplete(dir, options.program)) return bin;
  mkdirSync(cache, { recursive: true });
  const onWait = (pid: number): void => options.onProgress?.(`waiting for process ${pid}, which installs it`);
  await withLock(`${dir}.lock`, { signal, onWait }, async () => {
    if (isComplete(dir, options.program)) return;
    rmSync(dir, { recursive: true, force: true });
    await install(dir, python.executable, options);
    writeFileSync(path.join(dir, COMPLETE), "");
  });
  return bin;
}

type Place = Pick<VirtualEnvironmentOptions, "name" | "program" | "requirements" | "env">;

/** The environment's `bin` folder if it is there; makes nothing. */
export async function findVirtualEnvironment(options: Place): Promise<string | undefined> {
  const python = await findPython(options.env).catch(() => undefined);
  if (!python) return undefined;
  const dir = folderOf(options, python.version);
  return isComplete(dir, options.program) ? path.join(dir, "bin") : undefined;
}

function folderOf({ name, requirements, env }: Place, pythonVersion: string): string {
  return path.join(cacheDir(env), `${name}-${keyOf(requirements, pythonVersion)}`);
}

function isComplete(dir: string, program: string): boolean {
  return existsSync(path.join(dir, COMPLETE)) && existsSync(path.join(dir, "bin", program));
}

/** Equal keys mean equal environments. */
export function keyOf(requirements: string, pythonVersion: string): string {
  const hash = createHash("sha256").update(JSON.stringify([process.platform, process.arch, pythonVersion]));
  return hash.update(readFileSync(requirements)).digest("hex").slice(0, 20);
}

async function install(dir: string, python: string, options: VirtualEnvironmentOptions): Promise<void> {
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
    if (options.signal?.aborted) throw new Interrupted(`Interrupted; the next run installs ${options.name} anew.`);
    if (code !== 0) throw new UserError(installFailure(options.name, tail));
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
export function installFailure(name: string, tail: readonly string[]): string {
  const error = tail.findLast((line) => /^ERROR: /.test(line)) ?? tail.at(-1) ?? "no reason given";
  const reason = error.replace(/^ERROR: /, "").trim();
  return `${name} could not be installed: ${reason}\nCheck the network (or pip's settings for an index or proxy) and run this again.`;
}

const runProgram: Run = (program, args, { env, signal, onLine }) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], signal });
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", onLine);
    child.once("error", (error) => (error.name === "AbortError" ? resolve(1) : reject(error)));
    child.once("close", (code) => resolve(code ?? 1));
  });
