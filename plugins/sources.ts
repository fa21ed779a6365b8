import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

/**
 * The two Go modules beside this file, and what is built from them. They are two because the bridge that the Snowflake
 * plugin needs does not compile with the SDK version that the CLI needs.
 */
export interface Sources {
  /** The folder that holds `engine/` and `snowflake/`. */
  readonly dir: string;
  /** Version of the Pulumi CLI, without "v", as engine/go.mod asks for it. */
  readonly cliVersion: string;
  /** The oldest Go that builds the modules, e.g. "1.26". */
  readonly goVersion: string;
  readonly targets: readonly Target[];
}

/** One executable. */
export interface Target {
  readonly name: string;
  /** Module folder inside {@link Sources.dir}. */
  readonly module: "engine" | "snowflake";
  readonly package: string;
  /** Path inside the engine's root. */
  readonly output: string;
  readonly linkerFlags: string;
}

/** A provider plugin as the npm package of the same version asks for it. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
}

/** The plugins the workshop's program uses. A test compares the versions with those of the npm packages. */
export const PLUGINS: readonly Plugin[] = [
  { name: "command", version: "1.2.1" },
  { name: "snowflake", version: "1.3.0" },
];

/** `resource-NAME-vVERSION`, the folder under `plugins/` where the engine looks for a plugin. */
export function pluginFolder(plugin: Plugin): string {
  return `resource-${plugin.name}-v${plugin.version}`;
}

/** The executable inside {@link pluginFolder}. */
export function pluginExecutable(plugin: Plugin): string {
  return `pulumi-resource-${plugin.name}`;
}

const CLI_MODULE = "github.com/pulumi/pulumi/pkg/v3";

/**
 * Finds the Go modules.
 *
 * @param from a folder at or below the checkout; this file's own where it is not said. A bundled copy of this code lies
 *   elsewhere in the checkout, so parents are searched for `plugins/` too.
 * @returns undefined where the modules are not there, as in an installed package without them.
 */
export function findSources(from: string = __dirname): Sources | undefined {
  for (let dir = path.resolve(from); ; dir = path.dirname(dir)) {
    for (const candidate of [dir, path.join(dir, "plugins")]) {
      if (
        existsSync(path.join(candidate, "engine", "go.mod")) &&
        existsSync(path.join(candidate, "snowflake", "go.mod"))
      )
        return read(candidate);
    }
    if (dir === path.dirname(dir)) return undefined;
  }
}

function read(dir: string): Sources {
  const goMod = readFileSync(path.join(dir, "engine", "go.mod"), "utf8");
  const goVersion = /^go (\d+\.\d+)/m.exec(goMod)?.[1];
  const cliVersion = new RegExp(`^\\s*(?:require )?${CLI_MODULE.replaceAll(".", "\\.")} v(\\S+)`, "m").exec(goMod)?.[1];
  if (!goVersion || !cliVersion) throw new Error(`${dir}/engine/go.mod names no Go version or no ${CLI_MODULE}`);
  const strip = "-s -w"; // no symbol tables: 113 MB instead of 158 MB for the CLI
  const plugin = (name: string) => {
    const found = PLUGINS.find((p) => p.name === name)!;
    return path.join("home", "plugins", pluginFolder(found), pluginExecutable(found));
  };
  return {
    dir,
    cliVersion,
    goVersion,
    targets: [
      {
        name: "the Pulumi CLI",
        module: "engine",
        package: `${CLI_MODULE}/cmd/pulumi`,
        output: path.join("bin", "pulumi"),
        // Without its version the CLI prints none, and Pulumi's Automation API refuses it.
        linkerFlags: `${strip} -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${cliVersion}`,
      },
      {
        name: "the Node.js language host",
        module: "engine",
        package: "./cmd/pulumi-language-nodejs",
        // The engine looks for it beside itself.
        output: path.join("bin", "pulumi-language-nodejs"),
        linkerFlags: strip,
      },
      {
        name: "the command plugin",
        module: "engine",
        package: "./cmd/pulumi-resource-command",
        output: plugin("command"),
        linkerFlags: strip,
      },
      {
        name: "the Snowflake plugin",
        module: "snowflake",
        package: ".",
        output: plugin("snowflake"),
        linkerFlags: strip,
      },
    ],
  };
}

/**
 * Names a build: equal keys mean equal binaries. It covers the content of every source and lock file, what is built from
 * them and how, the platform, and the oldest Go version that the modules ask for. Not the version of the Go
 * installation: a build stays good when Go is updated or removed afterwards.
 */
export function engineKey(sources: Sources): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([process.platform, process.arch, sources.goVersion, sources.targets]));
  for (const file of sourceFiles(sources.dir)) {
    const content = readFileSync(path.join(sources.dir, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 20);
}

/** Files that decide what a build yields, in a fixed order. Go's own tests do not. */
function sourceFiles(dir: string): string[] {
  return ["engine", "snowflake"]
    .flatMap((module) =>
      readdirSync(path.join(dir, module), { recursive: true, withFileTypes: true })
        .filter(
          (e) => e.isFile() && (/\.go$/.test(e.name) ? !e.name.endsWith("_test.go") : /^go\.(mod|sum)$/.test(e.name)),
        )
        .map((e) => path.relative(dir, path.join(e.parentPath, e.name))),
    )
    .map((file) => file.split(path.sep).join("/"))
    .sort();
}
