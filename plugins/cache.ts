import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Written last into a finished engine; a folder without it is not one. */
export interface Manifest {
  readonly version: string;
  /** The Go toolchain that built it, e.g. "go1.26.8"; absent where it was downloaded. */
  readonly go?: string;
  readonly madeInMs: number;
}

const MANIFEST = "engine.json";
const UNUSED_DAYS = 30;

/** Per-user cache: `WORKSHOP_CACHE_DIR`, else `snowflake-workshop` under `XDG_CACHE_HOME` or `~/.cache`. */
export function cacheDir(env: NodeJS.ProcessEnv): string {
  if (env.WORKSHOP_CACHE_DIR) return path.resolve(env.WORKSHOP_CACHE_DIR);
  // The XDG specification says that a relative path is to be ignored.
  const xdg = env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : undefined;
  return path.join(xdg ?? path.join(env.HOME ?? os.homedir(), ".cache"), "snowflake-workshop");
}

export function engineDir(cache: string, key: string): string {
  return path.join(cache, `engine-${key}`);
}

/** Where an engine is made until it is whole; the process id tells left-over ones. */
export function buildingDir(cache: string, key: string): string {
  return path.join(cache, `building-${key}-${process.pid}`);
}

/** The manifest of a finished engine, or undefined. Notes that it was used (see {@link prune}). */
export function readManifest(dir: string): Manifest | undefined {
  const file = path.join(dir, MANIFEST);
  try {
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      // A cache made by someone else (an image of a CI machine) may be readable only; it is then not pruned by us either.
    }
    return manifest;
  } catch {
    return undefined;
  }
}

export function writeManifest(dir: string, manifest: Manifest): void {
  writeFileSync(path.join(dir, MANIFEST), JSON.stringify(manifest) + "\n");
}

/**
 * Removes what interrupted runs left (their process is gone) and engines that nobody used for 30 days; each takes
 * about 210 MB.
 */
export function prune(cache: string, isAlive: (pid: number) => boolean): void {
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache)) {
    const dir = path.join(cache, name);
    const pid = /^building-[0-9a-f]+-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined ? !isAlive(Number(pid)) : /^engine-[0-9a-f]+$/.test(name) && isUnused(dir))
      rmSync(dir, { recursive: true, force: true });
  }
}

function isUnused(dir: string): boolean {
  const used = statSync(path.join(dir, MANIFEST), { throwIfNoEntry: false }) ?? statSync(dir);
  return Date.now() - used.mtimeMs > UNUSED_DAYS * 24 * 3600 * 1000;
}
