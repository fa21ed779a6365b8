import { readFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UserError } from "../errors";
import { connectionVariables, readConnectionFiles, type NamedConnection } from "./connectionFile";
import { accountConnection, type ConnectionEnvironment } from "./environment";

/** The variable that each setting of a connection becomes. Other settings are for other clients. */
const VARIABLES: Readonly<Record<string, string>> = {
  account: "SNOWFLAKE_ACCOUNT",
  host: "SNOWFLAKE_HOST",
  port: "SNOWFLAKE_PORT",
  protocol: "SNOWFLAKE_PROTOCOL",
  user: "SNOWFLAKE_USER",
  username: "SNOWFLAKE_USER",
  authenticator: "SNOWFLAKE_AUTHENTICATOR",
  password: "SNOWFLAKE_PASSWORD",
  passcode: "SNOWFLAKE_PASSCODE",
  private_key_raw: "SNOWFLAKE_PRIVATE_KEY",
  private_key_file: "SNOWFLAKE_PRIVATE_KEY_PATH",
  private_key_path: "SNOWFLAKE_PRIVATE_KEY_PATH",
  private_key_file_pwd: "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
  private_key_passphrase: "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
  token: "SNOWFLAKE_TOKEN",
  token_file_path: "SNOWFLAKE_TOKEN_FILE_PATH",
  role: "SNOWFLAKE_ROLE",
  rolename: "SNOWFLAKE_ROLE",
  warehouse: "SNOWFLAKE_WAREHOUSE",
  warehousename: "SNOWFLAKE_WAREHOUSE",
  database: "SNOWFLAKE_DATABASE",
  dbname: "SNOWFLAKE_DATABASE",
  schema: "SNOWFLAKE_SCHEMA",
  schemaname: "SNOWFLAKE_SCHEMA",
};

/**
 * Variables of the caller's that count no more where a connection has one of these settings: one account's name with
 * another's host, or a password beside somebody else's key, would be nobody's connection.
 */
const REPLACED: readonly { readonly by: readonly string[]; readonly variables: readonly string[] }[] = [
  {
    by: ["account"],
    variables: [
      "SNOWFLAKE_ORGANIZATION_NAME",
      "SNOWFLAKE_ACCOUNT_NAME",
      "SNOWFLAKE_HOST",
      "SNOWFLAKE_PORT",
      "SNOWFLAKE_PROTOCOL",
    ],
  },
  {
    by: ["password", "private_key_raw", "private_key_file", "private_key_path", "token", "token_file_path"],
    variables: [
      "SNOWFLAKE_AUTHENTICATOR",
      "SNOWFLAKE_PASSWORD",
      "SNOWFLAKE_PASSCODE",
      "SNOWFLAKE_PRIVATE_KEY",
      "SNOWFLAKE_PRIVATE_KEY_PATH",
      "SNOWFLAKE_PRIVATE_KEY_FILE",
      "SNOWFLAKE_TOKEN",
      "SNOWFLAKE_TOKEN_FILE_PATH",
    ],
  },
];

/**
 * A connection to the user's account: a named one or the environment's own, in the form that engine, loader and dbt all
 * read. Opens nothing.
 *
 * @param name of a connection, as --connection says it
 * @throws UserError when there is no such connection, or a file cannot be used
 */
export function accountEnvironment(env: NodeJS.ProcessEnv, name?: string): ConnectionEnvironment {
  const named = namedConnection(env, name);
  const merged = { ...env, ...named };
  return { ...named, ...accountConnection(merged), ...portableCredentials(merged) };
}

/**
 * The variables of a named connection: settings of `SNOWFLAKE_CONNECTIONS_NAME_KEY` before those of the file. What neither
 * has stays as the caller's own SNOWFLAKE_* say. Variables that must not count are set to "".
 *
 * Without a name the default connection is taken (SNOWFLAKE_DEFAULT_CONNECTION_NAME, `default_connection_name`, `default`)
 * where the environment names no account; one that does is a connection by itself.
 *
 * @param name as --connection says it
 * @throws UserError when there is no such connection, or its file cannot be used
 */
function namedConnection(env: NodeJS.ProcessEnv, name?: string): ConnectionEnvironment {
  const wanted = name ?? (env.SNOWFLAKE_DEFAULT_CONNECTION_NAME || undefined);
  if (wanted === undefined && (env.SNOWFLAKE_ACCOUNT || env.SNOWFLAKE_ACCOUNT_NAME)) return {};
  const { connections, defaultName, file } = readConnectionFiles(env);
  const chosen = wanted ?? defaultName ?? "default";
  const settings = { ...connections.get(chosen), ...connectionVariables(env, chosen) };
  if (Object.keys(settings).length === 0) {
    // Nobody asked for a connection of a file: the drivers say what is missing in the environment.
    if (wanted === undefined && defaultName === undefined) return {};
    const known = [...connections.keys()].join(", ") || "none";
    throw new UserError(`There is no connection '${chosen}' in ${file} (there: ${known}), nor in the environment.`);
  }
  return variablesOf(settings);
}

function variablesOf(settings: NamedConnection): ConnectionEnvironment {
  const replaced = REPLACED.filter(({ by }) => by.some((key) => settings[key])).flatMap(({ variables }) => variables);
  const given = Object.entries(VARIABLES).filter(([key]) => settings[key]);
  return { ...blank(...replaced), ...Object.fromEntries(given.map(([key, variable]) => [variable, settings[key]!])) };
}

/**
 * Credentials in the one form that engine, loader and dbt all read. The Snowflake provider knows no files and no
 * programmatic access tokens: keys and tokens are read from their files, and such a token stands in for the password, as
 * Snowflake allows. They reach programs by their environment only.
 *
 * Snowflake documentation: "Key-pair authentication and key-pair rotation", "Using programmatic access tokens for
 * authentication".
 *
 * @param env the caller's variables, with those of the connection over them
 * @throws UserError when a file cannot be read
 */
export function portableCredentials(env: NodeJS.ProcessEnv): ConnectionEnvironment {
  const keyFile = env.SNOWFLAKE_PRIVATE_KEY_PATH || env.SNOWFLAKE_PRIVATE_KEY_FILE;
  if (env.SNOWFLAKE_PRIVATE_KEY || keyFile) {
    const key = env.SNOWFLAKE_PRIVATE_KEY || readSecret(keyFile!, "private key");
    const passphrase =
      env.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE || env.SNOWFLAKE_PRIVATE_KEY_FILE_PWD || env.PRIVATE_KEY_PASSPHRASE;
    if (/BEGIN ENCRYPTED/.test(key) && !passphrase)
      throw new UserError("The private key is encrypted: set PRIVATE_KEY_PASSPHRASE to its passphrase.");
    return {
      // CI systems often keep the key in one line with "\n" written out.
      SNOWFLAKE_PRIVATE_KEY: key.replaceAll("\\n", "\n"),
      SNOWFLAKE_AUTHENTICATOR: env.SNOWFLAKE_AUTHENTICATOR || "SNOWFLAKE_JWT",
      ...(passphrase ? { SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: passphrase } : {}),
      ...blank("SNOWFLAKE_PASSWORD", "SNOWFLAKE_TOKEN", "SNOWFLAKE_TOKEN_FILE_PATH"),
    };
  }
  const tokenFile = env.SNOWFLAKE_TOKEN_FILE_PATH;
  if (!env.SNOWFLAKE_TOKEN && !tokenFile) return {};
  const token = env.SNOWFLAKE_TOKEN || readSecret(tokenFile!, "token");
  const isAccessToken = /^(|PROGRAMMATIC_ACCESS_TOKEN)$/i.test(env.SNOWFLAKE_AUTHENTICATOR ?? "");
  return isAccessToken
    ? {
        SNOWFLAKE_PASSWORD: token,
        SNOWFLAKE_AUTHENTICATOR: "SNOWFLAKE",
        ...blank("SNOWFLAKE_TOKEN", "SNOWFLAKE_TOKEN_FILE_PATH"),
      }
    : { SNOWFLAKE_TOKEN: token, ...blank("SNOWFLAKE_TOKEN_FILE_PATH") };
}

function blank(...variables: readonly string[]): ConnectionEnvironment {
  return Object.fromEntries(variables.map((variable) => [variable, ""]));
}

function readSecret(file: string, what: string): string {
  const where = file.replace(/^~(?=$|\/)/, os.homedir());
  try {
    return readFileSync(path.resolve(where), "utf8").trim();
  } catch (error) {
    throw new UserError(`The ${what} cannot be read from ${file} (${(error as NodeJS.ErrnoException).code}).`);
  }
}
