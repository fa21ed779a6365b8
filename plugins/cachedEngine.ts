import { mkdirSync, renameSync, rmSync } from "node:fs";
import { buildingDir, engineDir, prune, readManifest, writeManifest, type Manifest } from "./cache";
import { EngineAborted } from "./errors";
import { isAlive, withLock } from "./lock";
import type { Report } from "./progress";

export interface CachedEngine {
  readonly root: string;
  readonly manifest: Manifest;
}

export interface CacheOptions {
  readonly cache: string;
  /** Equal keys mean equal engines. */
  readonly key: string;
  /** What is done where the engine is not there, in a word, as "build". */
  readonly doing: string;
  /** Makes the engine in an empty folder, and tells what it is. */
  readonly make: (into: string) => Promise<Omit<Manifest, "madeInMs">>;
  readonly signal?: AbortSignal;
  readonly report: Report;
}

/**
 * Returns an engine of the per-user cache, and makes it where it is not there yet: in a folder of its own that is moved
 * into place when it is whole, by one process at a time.
 *
 * @throws EngineAborted when the signal ended it; nothing half done is left
 */
export async function ensureCached(options: CacheOptions): Promise<CachedEngine> {
  const { cache, key, doing, report, signal } = options;
  const root = engineDir(cache, key);
  const present = readManifest(root);
  if (present) return { root, manifest: present };

  mkdirSync(cache, { recursive: true });
  let lastHolder: number | undefined;
  const onWait = (pid: number) => {
    if (pid !== lastHolder)
      report({ step: "wait", message: `waiting for the ${doing} that process ${pid} is running` });
    lastHolder = pid;
  };
  return withLock(`${root}.lock`, { signal, onWait }, async () => {
    const meanwhile = readManifest(root);
    if (meanwhile) return { root, manifest: meanwhile };
    prune(cache, isAlive);
    const into = buildingDir(cache, key);
    rmSync(into, { recursive: true, force: true });
    mkdirSync(into);
    const begun = performance.now();
    try {
      const made = await options.make(into);
      if (signal?.aborted) throw new EngineAborted();
      const manifest = { ...made, madeInMs: Math.round(performance.now() - begun) };
      writeManifest(into, manifest);
      rmSync(root, { recursive: true, force: true }); // without a manifest it is no engine
      renameSync(into, root);
      report({ step: "done", message: "the Pulumi engine is there" });
      return { root, manifest };
    } finally {
      rmSync(into, { recursive: true, force: true });
    }
  });
}
