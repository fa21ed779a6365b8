import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { ensureCached, type CachedEngine } from "./cachedEngine";
import { EngineError } from "./errors";
import { run } from "./process";
import type { Report } from "./progress";
import { engineKey, type Sources, type Target } from "./sources";

export interface BuildContext {
  readonly sources: Sources;
  /** An empty folder that becomes the engine's root. */
  readonly into: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly report: Report;
}

/** Makes every target of the sources under `into`; returns the toolchain's version. */
export type Builder = (context: BuildContext) => Promise<string>;

export interface BuildOptions {
  readonly sources: Sources;
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly report: Report;
  /** {@link buildWithGo} where it is not said. */
  readonly builder?: Builder;
}

/**
 * Returns the root of the engine built from these sources, and builds it where it is not there yet. An interrupted build
 * leaves no engine; Go's own cache keeps what was compiled, so that the next one goes on there.
 */
export function ensureBuilt(options: BuildOptions): Promise<CachedEngine> {
  const { sources, builder = buildWithGo } = options;
  const make = async (into: string) => ({
    version: sources.cliVersion,
    go: await builder({ ...options, into }),
  });
  return ensureCached({ ...options, key: engineKey(sources), doing: "build", make });
}

/** Never writes go.mod or go.sum, and takes nothing from a workspace or a checkout around the modules. */
const MODE = ["-mod=readonly", "-trimpath", "-buildvcs=false"];
const GO_PROBE_MS = 60_000;

/** Downloads the modules and builds with the Go toolchain on PATH, in the user's module and build caches. */
const buildWithGo: Builder = async ({ sources, into, env: base, signal, report }) => {
  const env = { ...base, CGO_ENABLED: "0", GOWORK: "off" };
  const toolchain = await goVersion(sources, env, signal);
  const modules = [...new Set(sources.targets.map((t) => t.module))];

  // Counting what has to be compiled also downloads every module that is needed, and says so line by line.
  const total = modules.reduce((sum, module) => sum + lockedModules(sources, module), 0);
  let downloaded = 0;
  const stale = new Set<string>();
  for (const module of modules) {
    const packages = sources.targets.filter((t) => t.module === module).map((t) => t.package);
    report({ step: "modules", message: "looking at the Go modules", done: downloaded, total });
    const listed = await go(
      ["list", ...MODE, "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", ...packages],
      sources,
      module,
      env,
      signal,
      (line) => {
        const name = /^go: downloading (\S+ \S+)/.exec(line)?.[1];
        if (name) report({ step: "modules", message: `downloading ${name}`, done: ++downloaded, total });
      },
    );
    for (const name of listed.split("\n")) if (name) stale.add(name);
  }

  let compiled = 0;
  for (const target of sources.targets) {
    const message = `building ${target.name}`;
    report({ step: "packages", message, done: compiled, total: stale.size });
    const output = path.join(into, target.output);
    await go(
      ["build", ...MODE, "-v", "-ldflags", target.linkerFlags, "-o", output, target.package],
      sources,
      target.module,
      env,
      signal,
      (line) => {
        if (stale.delete(line)) report({ step: "packages", message, done: ++compiled, total: compiled + stale.size });
      },
    );
    // A wrapper around Go may end well without doing anything; half an engine must not be kept as a whole one.
    if (!existsSync(output)) {
      throw new EngineError(
        `"go build" of ${target.name} ended without an error but wrote no program: check which go is first on PATH.`,
      );
    }
  }
  return toolchain;
};

async function goVersion(sources: Sources, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<string> {
  // Asked inside the module, an older Go first fetches the toolchain that go.mod names, or says why it cannot.
  const cwd = path.join(sources.dir, "engine");
  const result = await run("go", ["env", "GOVERSION"], { cwd, env, signal, timeoutMs: GO_PROBE_MS });
  const version = /^go(\d+)\.(\d+)/.exec(result.stdout);
  const [major, minor] = sources.goVersion.split(".").map(Number);
  const wanted = `Go ${sources.goVersion} or newer is needed (https://go.dev/dl/)`;
  if (result.code === null && /ENOENT/.test(result.failure ?? "")) throw new EngineError(`Go is missing; ${wanted}`);
  if (result.code !== 0)
    throw new EngineError(`Go does not work here: ${result.failure ?? lastLines(result.stderr, 2)}; ${wanted}`);
  if (version && (Number(version[1]) < major! || (Number(version[1]) === major && Number(version[2]) < minor!)))
    throw new EngineError(`${result.stdout.trim()} is too old; ${wanted}`);
  return result.stdout.trim();
}

async function go(
  args: readonly string[],
  sources: Sources,
  module: Target["module"],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
  onErrorLine: (line: string) => void,
): Promise<string> {
  const result = await run("go", args, { cwd: path.join(sources.dir, module), env, signal, onErrorLine });
  if (result.code === 0) return result.stdout;
  const reason = lastLines(result.stderr.replace(/^go: downloading .*\n?/gm, ""), 5) || result.failure;
  throw new EngineError(`"go ${args[0]}" failed in plugins/${module}: ${result.failure ?? ""}\n${reason}`);
}

/** How many modules the lock file pins with their content, the most that can be downloaded. */
function lockedModules(sources: Sources, module: string): number {
  const lines = readFileSync(path.join(sources.dir, module, "go.sum"), "utf8").split("\n");
  return lines.filter((line) => line && !line.includes("/go.mod ")).length;
}

function lastLines(text: string, count: number): string {
  return text.trim().split("\n").slice(-count).join("\n");
}
