import { accessSync, constants, existsSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { canDownload, rememberFailure, UNREACHABLE } from "./download";
import { messageOf } from "./errors";
import { missingPlugins, userPulumiHome } from "./home";
import { run } from "./process";
import type { Report } from "./progress";
import { PLUGINS, type Plugin } from "./sources";

/** A Pulumi CLI that was installed, not built here. */
export interface Installation {
  /** Holds bin/pulumi. */
  readonly root: string;
  readonly version: string;
}

/** Either an installation or why there is none, for people. */
export type Found = { readonly installation: Installation } | { readonly reason: string };

/** The oldest CLI whose engine serves the npm packages; newer ones have served older SDKs so far. */
const OLDEST_CLI = [3, 150] as const;
const VERSION_MS = 20_000;
const INSTALL_MS = 10 * 60_000;

/**
 * The full installation on PATH: a CLI of a version that serves, with the Node language host beside it. What does not
 * serve (a version manager's shim that does not run, a CLI alone, an old one) does not end the search.
 *
 * @param cache engines that were made there are passed over: they are found by name
 */
export async function findOnPath(env: NodeJS.ProcessEnv, cache: string, signal?: AbortSignal): Promise<Found> {
  const reasons: string[] = [];
  const tried = new Set<string>();
  for (const dir of (env.PATH ?? "").split(path.delimiter)) {
    const file = path.join(dir, "pulumi");
    // A launcher of the npm package is in node_modules/.bin; it is looked at as the npm package.
    if (!path.isAbsolute(dir) || dir.includes("node_modules") || !isExecutable(file)) continue;
    const real = realpathSync(file);
    if (real.includes(`${path.sep}node_modules${path.sep}`) || isBelow(real, cache) || tried.has(real)) continue;
    tried.add(real);
    const found = await checkFile(file, real, env, signal);
    if ("installation" in found) return found;
    reasons.push(found.reason);
  }
  return { reason: reasons.join("; ") || "not there" };
}

async function checkFile(file: string, real: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Found> {
  const bin = [real, file].map((f) => path.dirname(f)).find((d) => path.basename(d) === "bin");
  if (!bin || !isExecutable(path.join(bin, "pulumi")))
    return { reason: `${file} is not in a folder named "bin", where Pulumi's Automation API looks for it` };
  if (!isExecutable(path.join(bin, "pulumi-language-nodejs")))
    return { reason: `${file} has no pulumi-language-nodejs beside it, so it is not a full installation` };
  return checkVersion(path.dirname(bin), env, signal);
}

function isBelow(file: string, folder: string): boolean {
  const real = existsSync(folder) ? realpathSync(folder) : folder;
  return file.startsWith(real + path.sep);
}

/**
 * The CLI that the npm package `pulumi` brings, which is a launcher that downloads it at first use. The package is
 * looked up from the folder; it is no dependency of the workshop, whoever installed it wants it to be used.
 *
 * @param download whether the package may download the CLI now.
 */
export async function findByNpm(
  from: string,
  env: NodeJS.ProcessEnv,
  download: false | { readonly cache: string; readonly report: Report },
  signal?: AbortSignal,
): Promise<Found> {
  const launcher = npmLauncher(from);
  if (!launcher) return { reason: "not installed" };
  const root = path.join(userPulumiHome(env), "versions", launcher.version);
  if (!isExecutable(path.join(root, "bin", "pulumi"))) {
    if (!download) return { reason: `it has not downloaded Pulumi ${launcher.version} yet` };
    if (!(await canDownload(download.cache))) return { reason: UNREACHABLE };
    download.report({ step: "download", message: `downloading Pulumi ${launcher.version}` });
    const env2 = { ...env, PULUMI_VERSION: launcher.version, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const result = await run(process.execPath, [launcher.main, "version"], {
      env: env2,
      signal,
      timeoutMs: INSTALL_MS,
      onErrorLine: (line) => download.report({ step: "download", message: line }),
    });
    if (result.code !== 0) {
      rememberFailure(download.cache);
      return { reason: `its download failed: ${result.failure ?? result.stderr.trim().split("\n").at(-1)}` };
    }
  }
  return checkVersion(root, env, signal);
}

function npmLauncher(from: string): { version: string; main: string } | undefined {
  try {
    const require = createRequire(path.join(from, "package.json"));
    const file = require.resolve("pulumi/package.json");
    const { version, bin } = require(file) as { version: string; bin?: string | { pulumi?: string } };
    const main = typeof bin === "string" ? bin : bin?.pulumi;
    return main ? { version, main: path.join(path.dirname(file), main) } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Sees to it that an installation has the workshop's plugins in a Pulumi folder, by its own download.
 *
 * @returns why they are not there, or undefined where they are.
 */
export async function acquirePlugins(
  installation: Installation,
  home: string,
  env: NodeJS.ProcessEnv,
  download: false | { readonly cache: string; readonly report: Report },
  signal?: AbortSignal,
): Promise<string | undefined> {
  const missing = missingPlugins(home);
  if (missing.length === 0) return undefined;
  if (!download) return `its plugins ${named(missing)} are not installed`;
  if (!(await canDownload(download.cache)))
    return `its plugins ${named(missing)} are not installed, and ${UNREACHABLE}`;
  const failure = await installPlugins(installation.root, home, missing, { env, report: download.report, signal });
  if (failure !== undefined) rememberFailure(download.cache);
  return failure;
}

/**
 * Has a CLI download plugins into a Pulumi folder.
 *
 * @param root holds bin/pulumi
 * @returns what failed, or undefined
 */
export async function installPlugins(
  root: string,
  home: string,
  plugins: readonly Plugin[],
  { env, report, signal }: { readonly env: NodeJS.ProcessEnv; readonly report: Report; readonly signal?: AbortSignal },
): Promise<string | undefined> {
  for (const [i, plugin] of plugins.entries()) {
    const message = `downloading the Pulumi plugin ${named([plugin])}`;
    report({ step: "download", message, done: PLUGINS.length - plugins.length + i, total: PLUGINS.length });
    const result = await run(
      path.join(root, "bin", "pulumi"),
      ["plugin", "install", "resource", plugin.name, plugin.version],
      { env: { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" }, signal, timeoutMs: INSTALL_MS },
    );
    if (result.code !== 0) return `${message} failed: ${result.failure ?? result.stderr.trim().split("\n").at(-1)}`;
  }
  return undefined;
}

function named(plugins: readonly Plugin[]): string {
  return plugins.map((p) => `${p.name} ${p.version}`).join(" and ");
}

async function checkVersion(root: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Found> {
  const file = path.join(root, "bin", "pulumi");
  try {
    const result = await run(file, ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      signal,
      timeoutMs: VERSION_MS,
    });
    const version = /^v?(\d+)\.(\d+)\.\S+/m.exec(result.stdout);
    if (result.code !== 0 || !version) {
      const said = result.failure ?? result.stderr.trim().split("\n").at(-1);
      return { reason: `"${file} version" gave no version${said ? ` (${said})` : ""}` };
    }
    const [major, minor] = OLDEST_CLI;
    if (Number(version[1]) < major || (Number(version[1]) === major && Number(version[2]) < minor))
      return { reason: `${file} is ${version[0]}, and ${major}.${minor} is the oldest that serves` };
    return { installation: { root, version: version[0].replace(/^v/, "") } };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { reason: messageOf(error) };
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return existsSync(file) && statSync(file).isFile();
  } catch {
    return false;
  }
}
