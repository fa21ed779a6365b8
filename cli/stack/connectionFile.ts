import { existsSync, readFileSync, statSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as smolToml from "smol-toml" with { "resolution-mode": "import" };
import { UserError } from "../errors";

// The package has a form for require, but declares its types for import only.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { parse, TomlError } = require("smol-toml") as typeof smolToml;

/**
 * Named connections by the conventions of the Snowflake CLI. Snowflake documentation: "Configuring Snowflake CLI",
 * "Managing Snowflake connections".
 */

/** The settings of a connection by their names in the file, in lower case; values as text. */
export type NamedConnection = Readonly<Record<string, string>>;

export interface ConnectionFiles {
  /** By name. */
  readonly connections: ReadonlyMap<string, NamedConnection>;
  /** `default_connection_name` of config.toml. */
  readonly defaultName?: string;
  /** Where the connections were looked for, for messages. */
  readonly file: string;
}

/**
 * The folder of Snowflake's settings: SNOWFLAKE_HOME, else `~/.snowflake` if it is there, else where the system keeps
 * settings.
 */
export function snowflakeHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME ?? os.homedir();
  if (env.SNOWFLAKE_HOME) return path.resolve(env.SNOWFLAKE_HOME.replace(/^~(?=$|\/)/, home));
  const own = path.join(home, ".snowflake");
  if (existsSync(own)) return own;
  if (platform === "darwin") return path.join(home, "Library", "Application Support", "snowflake");
  if (platform === "win32") return path.join(env.LOCALAPPDATA ?? path.join(home, "AppData", "Local"), "snowflake");
  return path.join(env.XDG_CONFIG_HOME || path.join(home, ".config"), "snowflake");
}

/**
 * The connections of `connections.toml`, where that is there, else those of `config.toml`.
 *
 * @throws UserError for a file that others may read, as it may hold secrets, and for one that is no TOML
 */
export function readConnectionFiles(env: NodeJS.ProcessEnv, platform?: NodeJS.Platform): ConnectionFiles {
  const home = snowflakeHome(env, platform);
  const [own, config] = [path.join(home, "connections.toml"), path.join(home, "config.toml")];
  const settings = readToml(config);
  const connections = existsSync(own) ? readToml(own) : tableOf(settings?.connections);
  const defaultName = settings?.default_connection_name;
  return {
    file: existsSync(own) ? own : config,
    connections: new Map(Object.entries(connections ?? {}).map(([name, table]) => [name, textsOf(tableOf(table))])),
    ...(typeof defaultName === "string" ? { defaultName } : {}),
  };
}

function readToml(file: string): Record<string, unknown> | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) return undefined;
  // Windows has no such modes.
  if (process.platform !== "win32" && found.mode & 0o077)
    throw new UserError(`${file} may hold secrets and others may read it: run chmod 0600 "${file}".`);
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The parser's message goes on with the lines themselves, which may hold a secret.
    throw new UserError(`${file}:${error.line}:${error.column} is not valid TOML: fix it there.`);
  }
}

function tableOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function textsOf(table: Record<string, unknown> = {}): NamedConnection {
  return Object.fromEntries(
    Object.entries(table).flatMap(([key, value]) =>
      ["string", "number", "bigint", "boolean"].includes(typeof value) ? [[key.toLowerCase(), String(value)]] : [],
    ),
  );
}

/** Settings of a connection that the environment gives: `SNOWFLAKE_CONNECTIONS_NAME_KEY`. */
export function connectionVariables(env: NodeJS.ProcessEnv, name: string): NamedConnection {
  const prefix = `SNOWFLAKE_CONNECTIONS_${name.toUpperCase()}_`;
  return Object.fromEntries(
    Object.entries(env).flatMap(([variable, value]) =>
      variable.toUpperCase().startsWith(prefix) && value ? [[variable.slice(prefix.length).toLowerCase(), value]] : [],
    ),
  );
}
