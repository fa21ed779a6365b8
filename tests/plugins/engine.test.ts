/**
 * Which engine is taken, and what is said where there is none. Small scripts stand in for installed CLIs and for Go; the
 * real ones are met in the *.engine.test.ts files beside this one.
 */
import { chmodSync, existsSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { ensureEngine, findEngine, type EngineOptions } from "../../plugins/engine";
import { canDownload } from "../../plugins/download";
import type { Builder } from "../../plugins/build";
import { removeScratch, ROOT, scratch } from "./support";

afterEach(removeScratch);

const quickBuilder: Builder = ({ into, sources }) => {
  for (const target of sources.targets) {
    mkdirSync(path.dirname(path.join(into, target.output)), { recursive: true });
    writeFileSync(path.join(into, target.output), target.name);
  }
  return Promise.resolve("go1.99");
};
const noBuilder: Builder = () => Promise.reject(new Error("nothing may be built here"));

const COMMAND = path.join("resource-command-v1.2.1", "pulumi-resource-command");

function script(file: string, body: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

/** A full installation in `dir/bin`. */
function installation(dir: string, version = "v3.300.0"): string {
  script(path.join(dir, "bin", "pulumi"), `echo ${version}`);
  script(path.join(dir, "bin", "pulumi-language-nodejs"), "exit 0");
  return path.join(dir, "bin");
}

function plugins(home: string): void {
  for (const [name, version] of [
    ["command", "1.2.1"],
    ["snowflake", "1.3.0"],
  ])
    script(path.join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`), "exit 0");
}

/** An environment with nothing in it but what is given, and a remembered "cannot download", so that nothing is tried. */
function world(
  env: NodeJS.ProcessEnv = {},
  builder: Builder = noBuilder,
): { home: string; stateDir: string; options: EngineOptions } {
  const home = scratch();
  const stateDir = path.join(home, "state");
  const cache = path.join(home, "cache");
  mkdirSync(cache);
  writeFileSync(path.join(cache, "download-failed.json"), JSON.stringify({ at: Date.now() }));
  // No folder of the machine is on PATH: what is installed there must not be found. The scripts name their interpreter.
  const own = { HOME: home, WORKSHOP_CACHE_DIR: cache, PATH: "" };
  return { home, stateDir, options: { env: { ...own, ...env }, stateDir, sourceDir: ROOT, builder } };
}

describe("pulumi on PATH", () => {
  test("is taken before all else, with its own folder and its own plugin acquisition", async () => {
    const { home, options } = world({ PATH: installation(scratch()) });
    plugins(path.join(home, ".pulumi"));
    const engine = await ensureEngine(options);
    expect(engine).toEqual({
      source: "path",
      root: path.dirname(options.env!.PATH!),
      version: "3.300.0",
      pulumiHome: path.join(home, ".pulumi"),
      env: { PULUMI_HOME: path.join(home, ".pulumi"), PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
  });

  test("may be a link to the installation", async () => {
    const real = installation(scratch());
    const { home, options } = world({ PATH: path.join(scratch()) });
    symlinkSync(path.join(real, "pulumi"), path.join(options.env!.PATH!, "pulumi"));
    plugins(path.join(home, ".pulumi"));
    expect((await ensureEngine(options)).root).toBe(path.dirname(real));
  });

  test.each([
    ["without its plugins, which cannot be downloaded", "v3.300.0", true, "command 1.2.1 and snowflake 1.3.0 are not"],
    ["that is too old", "v3.90.0", true, "is v3.90.0, and 3.150 is the oldest that serves"],
    ["without a language host", "v3.300.0", false, "has no pulumi-language-nodejs beside it"],
    ["that does not run", "nothing; echo 'No version is set for command pulumi' >&2", true, "(No version is set for"],
  ])("%s is passed over for a build", async (_what, version, full, reason) => {
    const bin = path.join(scratch(), "bin");
    if (full) installation(path.dirname(bin), version);
    else script(path.join(bin, "pulumi"), `echo ${version}`);
    const { options } = world({ PATH: bin }, quickBuilder);
    expect((await ensureEngine(options)).source).toBe("built");
    const alone = { ...options, env: { ...options.env, WORKSHOP_ENGINE: "path" } };
    await expect(ensureEngine(alone)).rejects.toThrow(reason);
  });
});

test("what does not serve on PATH does not end the search for what does", async () => {
  const shims = path.join(scratch(), "shims");
  script(path.join(shims, "pulumi"), "echo 'No version is set for command pulumi' >&2; exit 126");
  const old = installation(scratch(), "v3.90.0");
  const full = installation(scratch());
  const { home, options } = world({ PATH: [shims, old, full].join(path.delimiter) });
  plugins(path.join(home, ".pulumi"));
  expect(await ensureEngine(options)).toMatchObject({ source: "path", root: path.dirname(full) });
  const without = world({ PATH: [shims, old].join(path.delimiter), WORKSHOP_ENGINE: "path" });
  await expect(ensureEngine(without.options)).rejects.toThrow(/shims\/pulumi is not in a folder .*; .* is v3\.90\.0/);
});

describe("the npm package", () => {
  function npmPackage(): string {
    const dir = path.join(scratch(), "node_modules", "pulumi");
    mkdirSync(dir, { recursive: true });
    const manifest = { name: "pulumi", version: "3.265.0", bin: { pulumi: "run.js" } };
    writeFileSync(path.join(dir, "package.json"), JSON.stringify(manifest));
    return path.dirname(path.dirname(dir));
  }

  test("is taken where it has downloaded the CLI, with links to its plugins", async () => {
    const { home, stateDir, options } = world();
    const root = path.join(home, ".pulumi", "versions", "3.265.0");
    script(path.join(root, "bin", "pulumi"), "echo v3.265.0");
    plugins(path.join(home, ".pulumi"));
    const engine = await ensureEngine({ ...options, sourceDir: npmPackage() });
    expect(engine).toMatchObject({
      source: "npm",
      root,
      version: "3.265.0",
      pulumiHome: path.join(stateDir, "pulumi"),
    });
    expect(engine.env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).toBe("true");
    expect(readlinkSync(path.join(stateDir, "pulumi", "plugins", COMMAND))).toBe(
      path.join(home, ".pulumi", "plugins", COMMAND),
    );
  });

  test("that has not downloaded the CLI and cannot is passed over", async () => {
    const { options } = world({ WORKSHOP_ENGINE: "npm" });
    await expect(ensureEngine({ ...options, sourceDir: npmPackage() })).rejects.toThrow("get.pulumi.com");
  });
});

describe("a build", () => {
  test("is made where nothing else is there, and is found by the next search without building", async () => {
    const { stateDir, options } = world({}, quickBuilder);
    expect(await findEngine(options)).toBeUndefined();
    const engine = await ensureEngine(options);
    expect(engine).toMatchObject({ source: "built", version: "3.255.0", pulumiHome: path.join(stateDir, "pulumi") });
    expect(
      existsSync(path.join(engine.pulumiHome, "plugins", "resource-snowflake-v1.3.0", "pulumi-resource-snowflake")),
    ).toBe(true);
    expect(await findEngine({ ...options, builder: noBuilder })).toEqual(engine);
    expect(existsSync(path.join(engine.root, "bin", "pulumi-language-nodejs"))).toBe(true);
  });

  test("on PATH is not taken for an installation of the user's", async () => {
    const { options } = world({}, quickBuilder);
    const { root } = await ensureEngine(options);
    for (const name of ["pulumi", "pulumi-language-nodejs"]) chmodSync(path.join(root, "bin", name), 0o755);
    const again = { ...options, env: { ...options.env, PATH: path.join(root, "bin") } };
    expect(await findEngine(again)).toMatchObject({ source: "built", root });
  });

  test("puts nothing into the user's own folder; where asked to, it uses the login that is kept there", async () => {
    const { home, stateDir, options } = world({}, quickBuilder);
    const engine = await ensureEngine({ ...options, usersLogin: true });
    expect(engine.pulumiHome).toBe(path.join(stateDir, "pulumi"));
    expect(engine.env.PULUMI_CREDENTIALS_PATH).toBe(path.join(home, ".pulumi"));
    expect(existsSync(path.join(home, ".pulumi"))).toBe(false);
    expect((await ensureEngine(options)).env.PULUMI_CREDENTIALS_PATH).toBeUndefined();
  });

  test("moves the links of a state folder when the engine changed", async () => {
    const { stateDir, options } = world({}, quickBuilder);
    const link = path.join(stateDir, "pulumi", "plugins", COMMAND);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync("/nowhere", link);
    const engine = await ensureEngine(options);
    expect(readlinkSync(link)).toBe(path.join(engine.root, "home", "plugins", COMMAND));
  });
});

describe("where there is no engine", () => {
  test("one error names the four ways, and that Go is missing", async () => {
    const { options } = world();
    const failure = await ensureEngine({ ...options, builder: undefined }).catch((error: Error) => error.message);
    expect(failure).toBe(
      [
        "There is no Pulumi engine, and it takes one of these:",
        "  1. pulumi on PATH: not there",
        "  2. the npm package pulumi: not installed",
        "  3. a download from Pulumi: Pulumi's download site (get.pulumi.com) cannot be reached",
        "  4. a build from Go modules: Go is missing; Go 1.26 or newer is needed (https://go.dev/dl/)",
        "Easiest: install Pulumi (https://www.pulumi.com/docs/install/) and run this again.",
      ].join("\n"),
    );
  });

  test("a Go that is too old is named", async () => {
    const bin = scratch();
    script(path.join(bin, "go"), "echo go1.25.3");
    const { options } = world({ PATH: bin });
    await expect(ensureEngine({ ...options, builder: undefined })).rejects.toThrow(
      "go1.25.3 is too old; Go 1.26 or newer is needed",
    );
  });

  test("what Go says about an unreachable module is repeated, without its list of downloads", async () => {
    const bin = scratch();
    script(
      path.join(bin, "go"),
      `case "$1" in env) echo go1.26.8 ;; *) echo "go: downloading a v1" >&2; echo "a@v1: no such host" >&2; exit 1 ;; esac`,
    );
    const { options } = world({ PATH: bin, WORKSHOP_ENGINE: "built" });
    const failure = await ensureEngine({ ...options, builder: undefined }).catch((error: Error) => error.message);
    expect(failure).toContain("a@v1: no such host");
    expect(failure).not.toContain("downloading");
  });

  test("a Go that claims to have built, and wrote nothing, leaves no engine", async () => {
    const bin = scratch();
    script(path.join(bin, "go"), `case "$1" in env) echo go1.26.8 ;; *) exit 0 ;; esac`);
    const { options } = world({ PATH: bin, WORKSHOP_ENGINE: "built" });
    await expect(ensureEngine({ ...options, builder: undefined })).rejects.toThrow("but wrote no program");
    expect(await findEngine(options)).toBeUndefined();
  });

  test("an unknown WORKSHOP_ENGINE is refused", async () => {
    const { options } = world({ WORKSHOP_ENGINE: "docker" });
    await expect(ensureEngine(options)).rejects.toThrow(
      'WORKSHOP_ENGINE is "docker"; it may be one of path, npm, downloaded, built.',
    );
  });
});

describe("whether Pulumi can be downloaded", () => {
  test("is asked once, and a failure is remembered", async () => {
    const cache = scratch();
    let asked = 0;
    const unreachable = () => Promise.resolve(++asked < 0);
    expect(await canDownload(cache, unreachable)).toBe(false);
    expect(await canDownload(cache, unreachable)).toBe(false);
    expect(asked).toBe(1);
  });

  test("is asked again after six hours, and success is not remembered", async () => {
    const cache = scratch();
    writeFileSync(path.join(cache, "download-failed.json"), JSON.stringify({ at: Date.now() - 6 * 3600 * 1000 - 1 }));
    let asked = 0;
    const reachable = () => Promise.resolve(++asked > 0);
    expect(await canDownload(cache, reachable)).toBe(true);
    expect(await canDownload(cache, reachable)).toBe(true);
    expect(asked).toBe(2);
  });
});
