import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { EngineAborted } from "./errors";

const HEARTBEAT_MS = 5_000;
/** A holder that has not touched its lock for so long is gone, even if a process of its id lives (ids are reused). */
const SILENT_MS = 60_000;
const POLL_MS = 250;

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Called on each look while another process holds the lock. */
  readonly onWait?: (holderPid: number) => void;
}

/**
 * Runs `work` while holding a lock file, which other processes respect. A lock whose holder is dead is taken over.
 *
 * Two holders at once are possible in one case (a holder suspended for more than a minute), so `work` must stay correct
 * then: builds go to a folder of their own and are moved into place as a whole.
 *
 * @throws EngineAborted when the signal ends the wait.
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const mine = JSON.stringify({ pid: process.pid, token: randomUUID() });
  while (!tryCreate(file, mine)) {
    const holder = readHolder(file);
    if (holder && isStale(file, holder)) takeAway(file, holder.content);
    else if (holder) {
      if (options.signal?.aborted) throw new EngineAborted();
      options.onWait?.(holder.pid);
      await sleep(POLL_MS, undefined, { signal: options.signal }).catch(() => {
        throw new EngineAborted();
      });
    }
  }
  const heartbeat = setInterval(() => touch(file, mine), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (readHolder(file)?.content === mine) rmSync(file, { force: true });
  }
}

/** Whether a process of this id exists; one of another user counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

interface Holder {
  readonly pid: number;
  readonly content: string;
}

function tryCreate(file: string, content: string): boolean {
  // Written aside and linked, so that nobody ever reads a lock without its content.
  const aside = `${file}.${randomUUID()}`;
  writeFileSync(aside, content);
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readHolder(file: string): Holder | undefined {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch {
    return undefined; // released since
  }
  try {
    return { pid: (JSON.parse(content) as { pid: number }).pid, content };
  } catch {
    return { pid: 0, content }; // not ours: damaged; judged by its age alone
  }
}

function isStale(file: string, holder: Holder): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return false;
  return (holder.pid > 0 && !isAlive(holder.pid)) || Date.now() - stat.mtimeMs > SILENT_MS;
}

/** Removes a stale lock, but not one that somebody made in its place in the meantime. */
function takeAway(file: string, stale: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another one was quicker
  }
  try {
    if (readFileSync(aside, "utf8") !== stale) linkSync(aside, file);
  } catch {
    // A third one holds the lock by now.
  } finally {
    rmSync(aside, { force: true });
  }
}

function touch(file: string, mine: string): void {
  try {
    if (readFileSync(file, "utf8") !== mine) return;
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Taken over; see withLock.
  }
}
