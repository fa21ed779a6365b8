/**
 * The Pulumi engine for the workshop's commands: the CLI and the provider plugins of the versions that the npm packages
 * ask for. It is looked for in this order:
 *
 * 1. `pulumi` on PATH, if it is a full installation;
 * 2. the npm package `pulumi`, if it is installed and has downloaded the CLI, or can;
 * 3. downloaded from Pulumi into a per-user cache;
 * 4. built from the two Go modules beside this file, once, into the same cache.
 *
 * An installation serves only with its plugins: where they are missing and cannot be downloaded, the next way is tried.
 */
import * as path from "node:path";
import { ensureBuilt, type Builder } from "./build";
import { cacheDir, engineDir, readManifest } from "./cache";
import { canDownload } from "./download";
import { EngineAborted, EngineError, messageOf } from "./errors";
import { linkPlugins, userPulumiHome } from "./home";
import { acquirePlugins, findByNpm, findOnPath, type Found, type Installation } from "./installed";
import { ProgressClock, type EngineProgress, type Report } from "./progress";
import { downloadedRoot, ensureDownloaded } from "./published";
import { engineKey, findSources, type Sources } from "./sources";

export type { EngineProgress } from "./progress";

export interface Engine {
  readonly source: EngineSource;
  /** Holds `bin/pulumi`; for `PulumiCommand.get({ root })`. */
  readonly root: string;
  /** The engine's folder for plugins, logs, credentials and workspaces. */
  readonly pulumiHome: string;
  /** Of the CLI, without "v". */
  readonly version: string;
  /** To be set, over the caller's own, in the environment of every command of the engine. */
  readonly env: Readonly<Record<string, string>>;
}

export type EngineSource = "path" | "npm" | "downloaded" | "built";

export interface EngineOptions {
  /**
   * The checkout's folder for what it makes (`.workshop`). An engine that is not the user's own keeps its PULUMI_HOME in
   * `pulumi/` there, with links to the plugins; nothing of it lands in the user's own folder (`PULUMI_HOME`, `~/.pulumi`).
   */
  readonly stateDir: string;
  /** Whether the engine uses the backend of the user's own `pulumi login`, whatever its PULUMI_HOME. */
  readonly usersLogin?: boolean;
  readonly onProgress?: (p: EngineProgress) => void;
  readonly signal?: AbortSignal;
  /**
   * `process.env` where it is not said. `WORKSHOP_ENGINE` (path, npm, downloaded, built) allows one way only,
   * `WORKSHOP_CACHE_DIR` moves the cache.
   */
  readonly env?: NodeJS.ProcessEnv;
  /** Where to look for the Go modules and npm packages: a folder at or below the checkout. */
  readonly sourceDir?: string;
  /** Builds instead of the Go toolchain; for tests. */
  readonly builder?: Builder;
}

interface Search extends EngineOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly sourceDir: string;
  readonly cache: string;
  readonly report: Report;
}

/** A search of one way ends with an engine, or with why it gives none. */
type Outcome = Engine | { readonly reason: string };

/**
 * Finds the engine; downloads or builds it where it must.
 *
 * @throws EngineError naming each way and why it did not do.
 * @throws EngineAborted when the signal ended the search; nothing half done is left.
 */
export async function ensureEngine(options: EngineOptions): Promise<Engine> {
  const outcome = await searchAll(options, true);
  if ("root" in outcome) return outcome;
  throw new EngineError(outcome.reason);
}

/** Finds an engine that is ready; downloads and builds nothing. */
export async function findEngine(options: EngineOptions): Promise<Engine | undefined> {
  const outcome = await searchAll(options, false);
  return "root" in outcome ? outcome : undefined;
}

/** How {@link ensureEngine} would get an engine where none is ready: `download` or `build`, and of what. */
export async function plannedWay(
  options: Pick<EngineOptions, "env" | "sourceDir">,
): Promise<{ readonly way: "download" | "build" | "none"; readonly version?: string }> {
  const env = options.env ?? process.env;
  const sources = findSources(options.sourceDir ?? __dirname);
  if (!sources) return { way: "none" };
  const only = env.WORKSHOP_ENGINE;
  const mayDownload = (only ?? "downloaded") === "downloaded" && (await canDownload(cacheDir(env)));
  if (mayDownload) return { way: "download", version: sources.cliVersion };
  return (only ?? "built") === "built" ? { way: "build", version: sources.cliVersion } : { way: "none" };
}

const WAYS: readonly { source: EngineSource; name: string; search: (s: Search, make: boolean) => Promise<Outcome> }[] =
  [
    { source: "path", name: "pulumi on PATH", search: onPath },
    { source: "npm", name: "the npm package pulumi", search: byNpm },
    { source: "downloaded", name: "a download from Pulumi", search: downloaded },
    { source: "built", name: "a build from Go modules", search: built },
  ];

async function searchAll(options: EngineOptions, make: boolean): Promise<Outcome> {
  const env = options.env ?? process.env;
  const clock = new ProgressClock(options.onProgress ?? (() => undefined));
  const search: Search = {
    ...options,
    env,
    sourceDir: options.sourceDir ?? __dirname,
    cache: cacheDir(env),
    report: clock.report,
  };
  try {
    return await searchWays(search, make);
  } finally {
    clock.stop();
  }
}

async function searchWays(search: Search, make: boolean): Promise<Outcome> {
  const only = search.env.WORKSHOP_ENGINE;
  const ways = only ? WAYS.filter((way) => way.source === only) : WAYS;
  const known = WAYS.map((way) => way.source).join(", ");
  if (ways.length === 0) throw new EngineError(`WORKSHOP_ENGINE is "${only}"; it may be one of ${known}.`);

  const reasons: string[] = [];
  search.report({ step: "look", message: "looking for the Pulumi engine" });
  for (const [i, way] of ways.entries()) {
    if (search.signal?.aborted) throw new EngineAborted();
    const outcome = await way.search(search, make);
    if ("root" in outcome) return outcome;
    reasons.push(`  ${i + 1}. ${way.name}: ${outcome.reason.trim().replaceAll("\n", "\n     ")}`);
  }
  const reason = `There is no Pulumi engine, and it takes one of these:\n${reasons.join("\n")}\n`;
  return { reason: `${reason}Easiest: install Pulumi (https://www.pulumi.com/docs/install/) and run this again.` };
}

async function onPath(s: Search, make: boolean): Promise<Outcome> {
  const found = await findOnPath(s.env, s.cache, s.signal);
  return withPlugins(s, make, found, ({ root, version }, home) => ({
    source: "path",
    root,
    version,
    pulumiHome: home,
    // The user's own installation keeps its ways: its folder, and its acquisition of further plugins.
    env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
  }));
}

async function byNpm(s: Search, make: boolean): Promise<Outcome> {
  const found = await findByNpm(s.sourceDir, s.env, make && s, s.signal);
  return withPlugins(s, make, found, ({ root, version }, home) => finish(s, "npm", root, version, home));
}

async function withPlugins(
  s: Search,
  make: boolean,
  found: Found,
  engine: (installation: Installation, home: string) => Engine,
): Promise<Outcome> {
  if ("reason" in found) return found;
  const home = userPulumiHome(s.env);
  const reason = await acquirePlugins(found.installation, home, s.env, make && s, s.signal);
  return reason === undefined ? engine(found.installation, home) : { reason };
}

async function downloaded(s: Search, make: boolean): Promise<Outcome> {
  const sources = findSources(s.sourceDir);
  if (!sources) return { reason: "the Go modules (plugins/), which name its version, are not there" };
  const version = sources.cliVersion;
  const present = downloadedRoot(s.cache, version);
  if (present) return finish(s, "downloaded", present, version, path.join(present, "home"));
  if (!make) return { reason: "not downloaded yet" };
  if (!s.env.WORKSHOP_ENGINE && cachedRoot(s, sources)) return { reason: "there is a build" };
  return attempt(async () => {
    const { root } = await ensureDownloaded({ ...s, version });
    return finish(s, "downloaded", root, version, path.join(root, "home"));
  });
}

async function built(s: Search, make: boolean): Promise<Outcome> {
  const sources = findSources(s.sourceDir);
  if (!sources) return { reason: "the Go modules (plugins/) are not there" };
  return attempt(async () => {
    const root = make ? (await ensureBuilt({ ...s, sources })).root : cachedRoot(s, sources);
    if (!root) return { reason: "not built yet" };
    return finish(s, "built", root, sources.cliVersion, path.join(root, "home"));
  });
}

/** A way that fails leaves the next one; an interruption ends the search. */
async function attempt(way: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await way();
  } catch (error) {
    if (error instanceof EngineAborted) throw error;
    return { reason: messageOf(error) };
  }
}

function cachedRoot(s: Search, sources: Sources): string | undefined {
  const root = engineDir(s.cache, engineKey(sources));
  return readManifest(root) && root;
}

/** Gives an engine whose plugins lie in `plugins` its PULUMI_HOME. */
function finish(s: Search, source: EngineSource, root: string, version: string, plugins: string): Engine {
  const pulumiHome = path.resolve(s.stateDir, "pulumi");
  linkPlugins(pulumiHome, plugins);
  return {
    source,
    root,
    version,
    pulumiHome,
    // Either variable alone still leaves name lookups of api.pulumi.com; what is needed is there.
    env: {
      PULUMI_HOME: pulumiHome,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      ...(s.usersLogin ? { PULUMI_CREDENTIALS_PATH: s.env.PULUMI_CREDENTIALS_PATH || userPulumiHome(s.env) } : {}),
    },
  };
}
