import { readPassword, type SnowglobeRecord } from "../local/record";
import type { Paths } from "../paths";

/** The variables by which loader, dbt and the Snowflake provider learn where to connect and as whom. */
export type ConnectionEnvironment = Readonly<Record<string, string>>;

/**
 * Variables that would mix a user's own account into a local connection. They are set to "", which every reader takes
 * for absent: the engine's environment can add to this process's, but not take away from it.
 */
const FOREIGN = [
  "SNOWFLAKE_PRIVATE_KEY",
  "SNOWFLAKE_PRIVATE_KEY_PATH",
  "SNOWFLAKE_PRIVATE_KEY_FILE",
  "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
  "SNOWFLAKE_PRIVATE_KEY_FILE_PWD",
  "PRIVATE_KEY_PASSPHRASE",
  "SNOWFLAKE_TOKEN",
  "SNOWFLAKE_TOKEN_FILE_PATH",
  "SNOWFLAKE_PASSCODE",
  "SNOWFLAKE_WAREHOUSE",
  "SNOWFLAKE_DATABASE",
  "SNOWFLAKE_SCHEMA",
] as const;

/**
 * A connection to the local snowglobe.
 *
 * @param record of the running snowglobe
 */
export function localConnection(
  paths: Paths,
  record: Pick<SnowglobeRecord, "port">,
  env: NodeJS.ProcessEnv,
): ConnectionEnvironment {
  return {
    ...Object.fromEntries(FOREIGN.map((name) => [name, ""])),
    SNOWFLAKE_HOST: "127.0.0.1",
    SNOWFLAKE_PORT: String(record.port),
    SNOWFLAKE_PROTOCOL: "http",
    SNOWFLAKE_INSECURE_MODE: "true",
    SNOWFLAKE_ACCOUNT: "WORKSHOP-SNOWGLOBE",
    SNOWFLAKE_ORGANIZATION_NAME: "WORKSHOP",
    SNOWFLAKE_ACCOUNT_NAME: "SNOWGLOBE",
    SNOWFLAKE_USER: "ADMIN",
    SNOWFLAKE_PASSWORD: readPassword(paths.snowglobe),
    SNOWFLAKE_AUTHENTICATOR: "SNOWFLAKE",
    SNOWFLAKE_ROLE: "ACCOUNTADMIN",
    // The provider fills gaps from the user's ~/.snowflake/config otherwise; a file that is not there counts as empty.
    SNOWFLAKE_PROFILE: "default",
    SNOWFLAKE_CONFIG_PATH: `${paths.state}/no-snowflake-config`,
    DISABLE_TELEMETRY: "true",
    // The drivers' questions to the clouds' metadata services where they run.
    SNOWFLAKE_DISABLE_PLATFORM_DETECTION: "true",
    // The provider would go on asking for ever when snowglobe was killed; on one computer no network fails. In seconds,
    // of pauses between tries: a statement may take as long as it needs.
    SNOWFLAKE_LOGIN_TIMEOUT: "20",
    SNOWFLAKE_REQUEST_TIMEOUT: "20",
    SNOWFLAKE_MAX_RETRY_COUNT: "2",
    ...withoutProxy(env),
  };
}

/** A proxy of the user's must not be asked for this computer (the Python driver would). */
function withoutProxy(env: NodeJS.ProcessEnv): ConnectionEnvironment {
  const list = [env.NO_PROXY ?? env.no_proxy, "127.0.0.1", "localhost"].filter(Boolean).join(",");
  return { NO_PROXY: list, no_proxy: list };
}

/**
 * A connection to the user's account, from their environment. The Snowflake provider wants organization and account
 * apart, drivers want them joined; the one is made from the other.
 *
 * The credentials are not looked at here: each reader says what it misses.
 */
export function accountConnection(env: NodeJS.ProcessEnv): ConnectionEnvironment {
  const result: Record<string, string> = {};
  const joined = env.SNOWFLAKE_ACCOUNT;
  const [organization, account] = [env.SNOWFLAKE_ORGANIZATION_NAME, env.SNOWFLAKE_ACCOUNT_NAME];
  if (!joined && organization && account) result.SNOWFLAKE_ACCOUNT = `${organization}-${account}`;
  // "ORG-ACCOUNT": organization names hold no hyphen ("Account identifiers").
  const parts = /^([A-Za-z0-9_]+)-([A-Za-z0-9_-]+)$/.exec(joined ?? "");
  if (parts && !organization && !account) {
    result.SNOWFLAKE_ORGANIZATION_NAME = parts[1]!;
    result.SNOWFLAKE_ACCOUNT_NAME = parts[2]!;
  }
  return result;
}
