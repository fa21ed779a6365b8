/**
 * A Snowflake connection from the environment, by the conventions of Snowflake's own tools ("Connecting to Snowflake
 * with the Snowflake CLI", "Node.js options reference"). Secrets come from the environment or from files only.
 *
 * | variable | meaning |
 * |---|---|
 * | SNOWFLAKE_ACCOUNT | account identifier, or SNOWFLAKE_ORGANIZATION_NAME and SNOWFLAKE_ACCOUNT_NAME |
 * | SNOWFLAKE_USER | login name |
 * | SNOWFLAKE_PASSWORD | password |
 * | SNOWFLAKE_PRIVATE_KEY, or SNOWFLAKE_PRIVATE_KEY_PATH / _FILE | key pair (PEM, or the path of one) |
 * | SNOWFLAKE_PRIVATE_KEY_PASSPHRASE / _FILE_PWD, PRIVATE_KEY_PASSPHRASE | passphrase of the key |
 * | SNOWFLAKE_TOKEN, or SNOWFLAKE_TOKEN_FILE_PATH | token (a programmatic access token unless AUTHENTICATOR says otherwise) |
 * | SNOWFLAKE_AUTHENTICATOR | SNOWFLAKE_JWT, OAUTH, EXTERNALBROWSER, ... |
 * | SNOWFLAKE_ROLE, _WAREHOUSE, _DATABASE, _SCHEMA | current role and objects |
 * | SNOWFLAKE_HOST, _PORT, _PROTOCOL | another address than the account's own; plain http only on this computer |
 */
import "./driverSettings";
import * as snowflake from "snowflake-sdk";
import { LoadError } from "./errors";
import { isLoopback, LocalServer } from "./localServer";

/** The variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A row of a result, by column name in the server's spelling. */
export type ResultRow = Record<string, unknown>;

/** The servers of connections to this computer. */
const localServers = new WeakMap<snowflake.Connection, LocalServer>();

/** Error numbers that Snowflake answers when an object is missing or hidden from the role. */
const MISSING_OBJECT = new Set(["2003", "2043"]);

/**
 * The driver's options for the environment's connection. Opens nothing.
 *
 * @throws LoadError that names the missing or contradictory variable
 */
export function connectionOptions(env: Environment): snowflake.ConnectionOptions {
  const account = env.SNOWFLAKE_ACCOUNT || joined(env.SNOWFLAKE_ORGANIZATION_NAME, env.SNOWFLAKE_ACCOUNT_NAME);
  if (!account) throw new LoadError("No Snowflake account: set SNOWFLAKE_ACCOUNT");
  const options: snowflake.ConnectionOptions = {
    account,
    username: env.SNOWFLAKE_USER || undefined,
    role: env.SNOWFLAKE_ROLE || undefined,
    warehouse: env.SNOWFLAKE_WAREHOUSE || undefined,
    database: env.SNOWFLAKE_DATABASE || undefined,
    schema: env.SNOWFLAKE_SCHEMA || undefined,
    accessUrl: accessUrl(env),
    application: "dynamic_tables_workshop",
    ...credentials(env),
  };
  const needsUser = !/^(OAUTH|EXTERNALBROWSER|WORKLOAD_IDENTITY)/i.test(options.authenticator ?? "");
  if (needsUser && !options.username) throw new LoadError("No Snowflake user: set SNOWFLAKE_USER");
  // The driver tells a missing option from a present one by the key alone.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function joined(organisation: string | undefined, account: string | undefined): string | undefined {
  return organisation && account ? `${organisation}-${account}` : undefined;
}

function accessUrl(env: Environment): string | undefined {
  const host = env.SNOWFLAKE_HOST;
  if (!host) return undefined;
  const protocol = (env.SNOWFLAKE_PROTOCOL || "https").toLowerCase();
  if (protocol !== "http" && protocol !== "https") {
    throw new LoadError(`SNOWFLAKE_PROTOCOL '${protocol}' is neither http nor https`);
  }
  if (protocol === "http" && !isLoopback(host)) {
    throw new LoadError(`SNOWFLAKE_PROTOCOL http would send the password in clear to ${host}: use https`);
  }
  const port = env.SNOWFLAKE_PORT || (protocol === "http" ? "80" : "443");
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535 || Number(port) === 0) {
    throw new LoadError(`SNOWFLAKE_PORT '${port}' is not a port: give a number from 1 to 65535`);
  }
  return `${protocol}://${host}:${port}`;
}

function credentials(env: Environment): snowflake.ConnectionOptions {
  const authenticator = env.SNOWFLAKE_AUTHENTICATOR || undefined;
  const keyPath = env.SNOWFLAKE_PRIVATE_KEY_PATH || env.SNOWFLAKE_PRIVATE_KEY_FILE;
  const privateKeyPass =
    env.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE || env.SNOWFLAKE_PRIVATE_KEY_FILE_PWD || env.PRIVATE_KEY_PASSPHRASE;
  if (env.SNOWFLAKE_PRIVATE_KEY || keyPath) {
    return {
      authenticator: authenticator ?? "SNOWFLAKE_JWT",
      // CI systems often keep the key in one line with "\n" written out.
      ...(env.SNOWFLAKE_PRIVATE_KEY
        ? { privateKey: env.SNOWFLAKE_PRIVATE_KEY.replaceAll("\\n", "\n") }
        : { privateKeyPath: keyPath }),
      ...(privateKeyPass ? { privateKeyPass } : {}),
    };
  }
  if (env.SNOWFLAKE_TOKEN || env.SNOWFLAKE_TOKEN_FILE_PATH) {
    return {
      authenticator: authenticator ?? "PROGRAMMATIC_ACCESS_TOKEN",
      ...(env.SNOWFLAKE_TOKEN ? { token: env.SNOWFLAKE_TOKEN } : { tokenFilePath: env.SNOWFLAKE_TOKEN_FILE_PATH }),
    };
  }
  if (!env.SNOWFLAKE_PASSWORD && !/^(EXTERNALBROWSER|OAUTH_|WORKLOAD_IDENTITY)/i.test(authenticator ?? "")) {
    throw new LoadError(
      "No Snowflake credentials: set SNOWFLAKE_PASSWORD, SNOWFLAKE_PRIVATE_KEY_PATH or SNOWFLAKE_TOKEN",
    );
  }
  return { authenticator, password: env.SNOWFLAKE_PASSWORD || undefined };
}

/**
 * Opens a connection from the environment.
 *
 * @param driverOptions further options of the driver
 * @throws LoadError when a variable is missing, nothing listens at the address, or Snowflake refuses the login
 */
export async function connectFromEnvironment(
  env: Environment = process.env,
  driverOptions: Partial<snowflake.ConnectionOptions> = {},
): Promise<snowflake.Connection> {
  const options = { ...connectionOptions(env), ...driverOptions };
  const local =
    options.accessUrl && isLoopback(new URL(options.accessUrl).hostname)
      ? new LocalServer(options.accessUrl)
      : undefined;
  // By default the driver writes a log file into the current folder and copies it to the console.
  const silent = (): void => undefined;
  snowflake.configure({
    customLogger: { error: silent, warn: silent, info: silent, debug: silent, trace: silent },
    ...(local ? { useEnvProxy: false } : {}),
  });
  await local?.check();
  try {
    const connection = await (local ? local.watch(connect(options)) : connect(options));
    if (local) localServers.set(connection, local);
    return connection;
  } catch (error) {
    const where = options.accessUrl ?? `account ${options.account}`;
    throw new LoadError(`Cannot log in to Snowflake (${where}): ${messageOf(error)}`, { cause: error });
  }
}

/** By callback, because the promise of connectAsync also resolves where the login is refused (snowflake-sdk 3.3.0). */
function connect(options: snowflake.ConnectionOptions): Promise<snowflake.Connection> {
  return new Promise((resolve, reject) => {
    snowflake.createConnection(options).connect((error, connection) => {
      if (error) reject(error);
      else resolve(connection);
    });
  });
}

/**
 * Runs one statement to its end.
 *
 * @returns the rows of its result
 * @throws the driver's error, or LoadError when a server on this computer goes away
 */
export function execute(
  connection: snowflake.Connection,
  sqlText: string,
  binds?: snowflake.Binds,
): Promise<ResultRow[]> {
  const work = new Promise<ResultRow[]>((resolve, reject) => {
    connection.execute({
      sqlText,
      ...(binds ? { binds } : {}),
      complete: (error, _statement, rows) => {
        if (error) reject(error);
        else resolve((rows ?? []) as ResultRow[]);
      },
    });
  });
  return whileReachable(connection, work);
}

/**
 * Has a query checked, names and types, without running it. Needs no warehouse.
 *
 * @throws Error of Snowflake's where the query cannot be compiled
 */
export async function describe(connection: snowflake.Connection, sqlText: string): Promise<void> {
  const work = new Promise<void>((resolve, reject) => {
    connection.execute({ sqlText, describeOnly: true, complete: (error) => (error ? reject(error) : resolve()) });
  });
  await whileReachable(connection, work);
}

/**
 * Waits for some work of the driver with a connection.
 *
 * @throws what the work throws, or LoadError when a server on this computer goes away
 */
export function whileReachable<T>(connection: snowflake.Connection, work: Promise<T>): Promise<T> {
  return localServers.get(connection)?.watch(work) ?? work;
}

/**
 * Ends the session; with it go its temporary objects. Never fails: there is nothing that a caller could do. When the
 * server has gone away the driver goes on trying by itself: end the process by `process.exit`.
 */
export async function closeConnection(connection: snowflake.Connection): Promise<void> {
  const local = localServers.get(connection);
  if (local?.isGone || !connection.isUp()) return;
  const work = new Promise<void>((resolve) => connection.destroy(() => resolve()));
  await (local?.watch(work) ?? work).catch(() => undefined);
}

/** An error's message in one line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/g, " ").trim();
}

/** Whether Snowflake said that an object does not exist or is not authorized. */
export function isMissingObject(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return MISSING_OBJECT.has(String(code).replace(/^0+/, ""));
}
