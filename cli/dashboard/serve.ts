/** What the commands that serve pages have in common. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Context } from "../context";
import { UserError } from "../errors";
import { findRunning } from "../local/snowglobe";
import { canOpenBrowser, openBrowser } from "../output/browser";
import type { Paths } from "../paths";
import { localConnection, type ConnectionEnvironment } from "../stack/environment";

/** A server that runs. */
interface Running {
  readonly address: string;
  close(): Promise<void>;
}

/** What watching an account costs, for people. */
export const COST =
  "It reads only while a page is open: SHOW statements at each look, which need no warehouse; tables and histories when\n" +
  "something has changed, else every ten minutes, which may start the warehouse for a minute at a time.";

/** The folder of the built pages. @throws UserError where they are not built */
export function pageFolder({ build }: Paths): string {
  const folder = path.join(build, "dashboard");
  if (!existsSync(folder))
    throw new UserError(`The dashboard's page is not built (${folder} is missing): run node cli/build.mjs.`);
  return folder;
}

/**
 * Starts a server, says where it is, and serves until Ctrl-C.
 *
 * @param start of the server
 * @param say what to tell once it runs
 * @param options `open`: a browser; undefined: where somebody sits at a screen. `elsewhere`: the command on another port
 */
export async function serve<R extends Running>(
  context: Context,
  start: () => Promise<R>,
  say: (running: R) => void,
  {
    open,
    port,
    host = "127.0.0.1",
    elsewhere,
  }: { readonly open?: boolean; readonly port: number; readonly host?: string; readonly elsewhere: string },
): Promise<void> {
  const { interrupt } = context;
  let running: R;
  try {
    running = await start();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new UserError(
      `Port ${port} on ${host} is taken, perhaps by another dashboard: ${elsewhere} --port ${port + 1}`,
    );
  }
  try {
    say(running);
    if (open ?? canOpenBrowser(context)) openBrowser(running.address);
    if (!interrupt.signal.aborted)
      await new Promise((resolve) => interrupt.signal.addEventListener("abort", resolve, { once: true }));
  } finally {
    await running.close();
  }
}

/** A local snowglobe may come back on another port, or with another password after a reset. */
export async function currentEnvironment(
  { env, paths }: Context,
  isLocal: boolean,
  environment: ConnectionEnvironment,
): Promise<NodeJS.ProcessEnv> {
  const running = isLocal ? await findRunning(paths) : undefined;
  const local = running ? localConnection(paths, running, env) : {};
  const { SNOWFLAKE_ROLE, SNOWFLAKE_WAREHOUSE } = environment;
  return {
    ...env,
    ...environment,
    ...local,
    ...(SNOWFLAKE_ROLE ? { SNOWFLAKE_ROLE } : {}),
    ...(SNOWFLAKE_WAREHOUSE ? { SNOWFLAKE_WAREHOUSE } : {}),
  };
}

/**
 * The secret in a dashboard's address, made once for each stack: a page that is open finds its way back to a dashboard
 * that was started anew.
 *
 * @param owner a stack, or what else has a page
 */
export function tokenOf(paths: Paths, owner: string): string {
  const file = path.join(paths.stacks, owner, "dashboard-token");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  mkdirSync(path.dirname(file), { recursive: true });
  const token = randomBytes(24).toString("base64url");
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}
