import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UserError } from "../errors";
import { isRunning, waitUntilGone } from "../local/processes";
import { PROJECT, type Paths } from "../paths";

/** A resource in a state file. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** An operation that was under way when the engine ended. */
export interface PendingOperation {
  /** `creating`, `updating`, `deleting`, `reading` or `importing`. */
  readonly type: string;
  readonly resource: {
    readonly urn: string;
    readonly type?: string;
    readonly inputs?: Readonly<Record<string, unknown>>;
  };
}

/** The last deployment of a stack, as `pulumi stack export` gives it. */
export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly PendingOperation[];
}

/** Where Pulumi's file backend keeps the stacks of this project ("DIY backends": .pulumi/stacks/PROJECT/STACK.json). */
function stacksFolder(paths: Paths): string {
  return path.join(paths.backend, ".pulumi", "stacks", PROJECT);
}

/** Names of the local target's stacks. */
export function localStacks(paths: Paths): string[] {
  const folder = stacksFolder(paths);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => path.basename(name, ".json"))
    .sort();
}

/**
 * The state of a local stack, read without the engine.
 *
 * @returns undefined when there is no such stack
 * @throws UserError when the file is damaged
 */
export function readDeployment(paths: Paths, stack: string): Deployment | undefined {
  const file = path.join(stacksFolder(paths), `${stack}.json`);
  if (!existsSync(file)) return undefined;
  try {
    const content = JSON.parse(readFileSync(file, "utf8")) as { checkpoint?: { latest?: Deployment | null } };
    return content.checkpoint?.latest ?? {};
  } catch {
    throw new UserError(
      `The state of stack ${stack} is damaged (${file}): put the copy ${stack}.json.bak beside it in its place, or run ./workshop local reset --state.`,
    );
  }
}

interface BackendLock {
  readonly pid: number;
  readonly hostname: string;
}

/** How long an engine whose command died may take to notice it and end. */
const ORPHAN_MS = 20_000;

/**
 * Removes the locks of engines that are gone (killed, or the computer was switched off); the engine itself never does.
 * Locks of other computers stay: their processes cannot be seen.
 *
 * @throws UserError when an engine still works on the stack
 */
export async function releaseStaleLocks(paths: Paths, stack: string, orphanMs: number = ORPHAN_MS): Promise<void> {
  // The folder's middle part is the organization, which a file backend calls "organization".
  const folder = path.join(paths.backend, ".pulumi", "locks", "organization", PROJECT, stack);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".json")) continue;
    const file = path.join(folder, name);
    const lock = readLock(file);
    if (lock && lock.hostname !== os.hostname()) continue;
    if (lock && isRunning(lock.pid) && !(await waitUntilGone(lock.pid, orphanMs)))
      throw new UserError(
        `Process ${lock.pid} is working on stack ${stack}: wait until it has ended, or end it with: kill -INT ${lock.pid}`,
      );
    for (const made of [file, `${file}.attrs`]) rmSync(made, { force: true });
  }
}

/**
 * Removes what describes a state file and was cut short: the backend writes the state itself in one step, but not the
 * `.attrs` beside it, and a killed engine may leave that empty. Without it the state is read all the same. To be called
 * when no engine works on the stack.
 */
export function removeTornAttributes(paths: Paths, stack: string): void {
  const folder = stacksFolder(paths);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${stack}.json`) || !name.endsWith(".attrs")) continue;
    const file = path.join(folder, name);
    try {
      JSON.parse(readFileSync(file, "utf8"));
    } catch {
      rmSync(file, { force: true });
    }
  }
}

/** Undefined when the file was cut short by a crash: no engine holds such a lock. */
function readLock(file: string): BackendLock | undefined {
  try {
    const lock = JSON.parse(readFileSync(file, "utf8")) as Partial<BackendLock>;
    return typeof lock.pid === "number" ? { pid: lock.pid, hostname: lock.hostname ?? os.hostname() } : undefined;
  } catch {
    return undefined;
  }
}
