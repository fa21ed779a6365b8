import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../../plugins/lock";

const POLL_MS = 25;

/**
 * Whether a process runs. One that has ended but that its parent has not taken note of does not: in a container without
 * an init process such ones stay for ever.
 */
export function isRunning(pid: number): boolean {
  return isAlive(pid) && !isDefunct(pid);
}

function isDefunct(pid: number): boolean {
  try {
    // "pid (name) state ..."; the name may hold anything, so count from its last parenthesis.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
  } catch {
    // No /proc (macOS), where every orphan is reaped.
    return false;
  }
}

/** A process's command line; undefined when it cannot be seen. */
export function commandLineOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    // No /proc here.
  }
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined;
  }
}

/** Waits for a process to end. False when it still runs after so many milliseconds. */
export async function waitUntilGone(pid: number, milliseconds: number): Promise<boolean> {
  for (const deadline = Date.now() + milliseconds; Date.now() < deadline; await sleep(POLL_MS))
    if (!isRunning(pid)) return true;
  return !isRunning(pid);
}
