import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import * as path from "node:path";
import { readManifest, engineDir } from "./cache";
import { ensureCached, type CachedEngine } from "./cachedEngine";
import { canDownload, rememberFailure, UNREACHABLE } from "./download";
import { EngineError, messageOf } from "./errors";
import { installPlugins } from "./installed";
import { run } from "./process";
import type { Report } from "./progress";
import { PLUGINS } from "./sources";

export interface PublishedOptions {
  /** Of the CLI, without "v". */
  readonly version: string;
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  /** A folder from which the npm package @pulumi/pulumi is found. */
  readonly sourceDir: string;
  readonly signal?: AbortSignal;
  readonly report: Report;
}

const INSTALL_MS = 15 * 60_000;

/**
 * Pulumi's own installation program, by its Automation API, in a process of its own: so it can be ended, and follows the
 * proxy of the environment where Node.js can. Arguments: the API's path, the version, the folder to install into.
 */
const INSTALL = `
const [api, version, root] = process.argv.slice(1);
const { PulumiCommand } = require(api);
const { SemVer } = require(require.resolve("semver", { paths: [api] }));
PulumiCommand.install({ root, version: new SemVer(version) }).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
`;

/** Names the engine that is downloaded: its version, its plugins, and what it runs on. */
function keyOf(version: string): string {
  const what = JSON.stringify(["published", process.platform, process.arch, version, PLUGINS]);
  return createHash("sha256").update(what).digest("hex").slice(0, 20);
}

/** The root of the engine that was downloaded earlier, if it is there. */
export function downloadedRoot(cache: string, version: string): string | undefined {
  const root = engineDir(cache, keyOf(version));
  return readManifest(root) && root;
}

/**
 * Returns the engine as Pulumi publishes it, CLI and plugins, and downloads it into the cache where it is not there yet.
 * A download that fails is remembered for a while.
 *
 * @throws EngineError saying why it cannot be downloaded
 */
export async function ensureDownloaded(options: PublishedOptions): Promise<CachedEngine> {
  const { cache, version, env, report, signal } = options;
  const key = keyOf(version);
  const present = downloadedRoot(cache, version);
  if (!present && !(await canDownload(cache))) throw new EngineError(UNREACHABLE);
  const make = async (into: string) => {
    try {
      await installCli(options, into);
      const failure = await installPlugins(into, path.join(into, "home"), PLUGINS, { env, report, signal });
      if (failure !== undefined) throw new EngineError(failure);
    } catch (error) {
      if (!signal?.aborted) rememberFailure(cache);
      throw error;
    }
    return { version };
  };
  return ensureCached({ cache, key, doing: "download", make, signal, report });
}

async function installCli({ version, env, sourceDir, report, signal }: PublishedOptions, into: string): Promise<void> {
  report({ step: "download", message: `downloading Pulumi ${version}` });
  let api: string;
  try {
    api = createRequire(path.join(sourceDir, "package.json")).resolve("@pulumi/pulumi/automation");
  } catch (error) {
    throw new EngineError(`the npm package @pulumi/pulumi is not installed: ${messageOf(error).split("\n")[0]}`);
  }
  const result = await run(process.execPath, ["-e", INSTALL, api, version, into], {
    env: { ...env, NODE_USE_ENV_PROXY: "1", PULUMI_SKIP_UPDATE_CHECK: "true" },
    signal,
    timeoutMs: INSTALL_MS,
  });
  if (result.code !== 0)
    throw new EngineError(`its download failed: ${result.failure ?? result.stderr.trim().split("\n").at(-1)}`);
}
