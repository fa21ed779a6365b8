import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "../../plugins/lock";
import { Interrupted, UserError } from "../errors";
import type { Paths } from "../paths";
import { isServing, requestShutdown } from "./control";
import { commandLineOf, isRunning, waitUntilGone } from "./processes";
import { readRecord, type SnowglobeRecord } from "./record";

export const DEFAULT_PORT = 8437;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 25;

export interface StartOptions {
  /** TCP port; else WORKSHOP_SNOWGLOBE_PORT, else 8437. 0 lets the system choose. */
  readonly port?: number;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** A running snowglobe, and whether this call started it. */
export type Started = SnowglobeRecord & { readonly wasRunning: boolean };

/** The running snowglobe of this checkout; undefined when none runs, whatever a dead one left. */
export async function findRunning(paths: Paths): Promise<SnowglobeRecord | undefined> {
  const record = readRecord(paths.snowglobe);
  return record && isRunning(record.pid) && (await isServing(record)) ? record : undefined;
}

/**
 * Starts snowglobe in the background, or finds it running. One that was started from an older program (a checkout that
 * was updated since) is started anew; its data stay.
 *
 * @throws UserError with snowglobe's own words when it does not start (port taken, data file in use)
 */
export async function startSnowglobe(paths: Paths, options: StartOptions): Promise<Started> {
  if (!existsSync(paths.snowglobeProgram))
    throw new UserError(`snowglobe is not built (${paths.snowglobeProgram} is missing): run node cli/build.mjs.`);
  mkdirSync(paths.state, { recursive: true });
  return withLock(path.join(paths.state, "snowglobe.lock"), { signal: options.signal }, async () => {
    const running = await findRunning(paths);
    const wanted = options.port ?? portFrom(options.env);
    if (running) {
      const isOld = statSync(paths.snowglobeProgram).mtimeMs > Date.parse(running.startedAt);
      const isElsewhere = options.port !== undefined && options.port !== 0 && options.port !== running.port;
      if (!isOld && !isElsewhere) return { ...running, wasRunning: true };
    }
    // A record whose process does not answer may be of one that hangs: it holds the data file.
    await stopSnowglobe(paths);
    return { ...(await launch(paths, wanted ?? running?.port ?? DEFAULT_PORT, options)), wasRunning: false };
  });
}

function portFrom(env: NodeJS.ProcessEnv): number | undefined {
  const text = env.WORKSHOP_SNOWGLOBE_PORT;
  if (!text) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UserError(`WORKSHOP_SNOWGLOBE_PORT is "${text}": give a port from 0 to 65535.`);
  return port;
}

async function launch(paths: Paths, port: number, options: StartOptions): Promise<SnowglobeRecord> {
  // Somebody may have deleted the data file alone; what is made in its place is another instance.
  if (!hasData(paths)) rmSync(path.join(paths.snowglobe, "instance-id"), { force: true });
  const log = openSync(paths.snowglobeLog, "a", 0o600);
  const logBegin = statSync(paths.snowglobeLog).size;
  const child = spawn(
    process.execPath,
    ["--enable-source-maps", paths.snowglobeProgram, "--data", paths.snowglobe, "--port", String(port)],
    { detached: true, stdio: ["ignore", log, log], cwd: paths.state, env: options.env },
  );
  closeSync(log);
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code, signal) => (ended ??= `ended with ${signal ?? `code ${code}`}`));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (ended === undefined && Date.now() < deadline) {
    if (options.signal?.aborted) {
      child.kill("SIGTERM");
      throw new Interrupted();
    }
    const record = readRecord(paths.snowglobe);
    if (record?.pid === child.pid && record !== undefined && (await isServing(record))) {
      child.removeAllListeners();
      child.unref();
      return record;
    }
    await sleep(POLL_MS);
  }
  const words = readFileSync(paths.snowglobeLog).subarray(logBegin).toString("utf8").trim();
  if (ended === undefined) {
    child.kill("SIGKILL");
    throw new UserError(`snowglobe did not answer within ${START_TIMEOUT_MS / 1000} s; its log: ${paths.snowglobeLog}`);
  }
  throw new UserError(startFailure(words, ended, port, paths.snowglobeLog));
}

/** One line out of what snowglobe said before it ended. */
function startFailure(words: string, ended: string, port: number, log: string): string {
  const last = words
    .split("\n")
    .filter(Boolean)
    .at(-1)
    ?.replace(/^snowglobe: /, "");
  if (/EADDRINUSE|port \d+ (on \S+ )?is (taken|in use)|address already in use/i.test(words))
    return `snowglobe cannot listen on port ${port}: another program uses it. Choose another one: ./workshop local start --port 0 (any free port), or set WORKSHOP_SNOWGLOBE_PORT.`;
  return last ? `snowglobe did not start: ${last} (log: ${log})` : `snowglobe did not start: it ${ended} (log: ${log})`;
}

/**
 * Stops the snowglobe of this checkout: asks it, then SIGTERM, then SIGKILL. Its data stay.
 *
 * @param graceMs how long each of the three may take
 * @returns whether one ran
 */
export async function stopSnowglobe(paths: Paths, graceMs: number = STOP_TIMEOUT_MS): Promise<boolean> {
  const record = readRecord(paths.snowglobe);
  if (!record) return false;
  const remove = (): void => rmSync(path.join(paths.snowglobe, "snowglobe.json"), { force: true });
  if (!isRunning(record.pid) || !((await isServing(record)) || isSnowglobe(record.pid, paths))) {
    // Killed, and its process id may be another program's by now.
    remove();
    return false;
  }
  const gone = (): Promise<boolean> => waitUntilGone(record.pid, graceMs);
  if ((await requestShutdown(paths.snowglobe, record.port)) && (await gone())) return true;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!isRunning(record.pid)) break;
    process.kill(record.pid, signal);
    if (await gone()) break;
  }
  remove();
  return true;
}

/** Whether a process is a snowglobe on this checkout's data, by its command line. */
function isSnowglobe(pid: number, paths: Paths): boolean {
  const command = commandLineOf(pid);
  return command !== undefined && command.includes(paths.snowglobeProgram) && command.includes(paths.snowglobe);
}

/** Whether there are data to serve. */
export function hasData(paths: Paths): boolean {
  return existsSync(path.join(paths.snowglobe, "snowglobe.duckdb"));
}

/** Stops snowglobe and removes its data and log. */
export async function resetSnowglobe(paths: Paths): Promise<void> {
  await stopSnowglobe(paths);
  rmSync(paths.snowglobe, { recursive: true, force: true });
  rmSync(paths.snowglobeLog, { force: true });
}
