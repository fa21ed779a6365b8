import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

/** The checkout. */
export const ROOT = path.resolve(__dirname, "..", "..");

const made: string[] = [];

/** A folder of its own under the system's temporary folder; {@link removeScratch} removes all of them. */
export function scratch(): string {
  const dir = mkdtempSync(path.join(tmpdir(), "plugins-test-"));
  made.push(dir);
  return dir;
}

export function removeScratch(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}

/** Whether a process of this id runs. One that has ended but was not waited for (a zombie) does not. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // "PID (NAME) STATE ...", where there is /proc.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return !existsSync("/proc/self");
  }
}
