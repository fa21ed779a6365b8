import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { RunningDashboard } from "../../dashboard";
import type { Context, StackChoice } from "../context";
import { UserError } from "../errors";
import { dashboardApi } from "../lazy";
import { findRunning } from "../local/snowglobe";
import { canOpenBrowser, openBrowser } from "../output/browser";
import type { Paths } from "../paths";
import { flagsOf, stackConnection } from "../stack/connection";
import { localConnection, type ConnectionEnvironment } from "../stack/environment";
import { stackName } from "../stack/names";

export interface DashboardOptions extends StackChoice {
  readonly port: number;
  readonly intervalSeconds: number;
  /** Undefined: where somebody sits at a screen. */
  readonly open?: boolean;
}

/** Serves the dashboard of a stack until Ctrl-C. */
export async function dashboard(context: Context, options: DashboardOptions): Promise<void> {
  const { terminal, interrupt, paths } = context;
  const { environment, names } = await stackConnection(context, options, "dbt");
  const isLocal = options.target === "local";
  const running = await start(context, options, {
    environment: () => currentEnvironment(context, isLocal, environment),
    names,
    label: `${isLocal ? "snowglobe on this computer" : "Snowflake account"} · ${names.analyticsDatabase}`,
    isSparing: !isLocal,
    ...(isLocal ? { mailFolder: path.join(paths.snowglobe, "mail") } : {}),
  });
  try {
    terminal.say(`The dashboard of stack ${stackName(options)}, until Ctrl-C:\n\n  ${running.address}\n`);
    if (!isLocal) terminal.say(COST);
    if (options.open ?? canOpenBrowser(context)) openBrowser(running.address);
    if (!interrupt.signal.aborted)
      await new Promise((resolve) => interrupt.signal.addEventListener("abort", resolve, { once: true }));
  } finally {
    await running.close();
  }
}

const COST =
  "It reads only while a page is open: SHOW statements at each look, which need no warehouse; tables and histories when\n" +
  "something has changed, else every ten minutes, which may start the warehouse for a minute at a time.";

type Watched = Pick<
  Parameters<ReturnType<typeof dashboardApi>["startDashboard"]>[0],
  "environment" | "names" | "label" | "isSparing" | "mailFolder"
>;

async function start(context: Context, options: DashboardOptions, watched: Watched): Promise<RunningDashboard> {
  const pageFolder = path.join(context.paths.build, "dashboard");
  if (!existsSync(pageFolder))
    throw new UserError(`The dashboard's page is not built (${pageFolder} is missing): run node cli/build.mjs.`);
  const { port, intervalSeconds } = options;
  const token = tokenOf(context.paths, stackName(options));
  try {
    return await dashboardApi().startDashboard({ ...watched, port, intervalSeconds, token, pageFolder });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new UserError(
      `Port ${port} on 127.0.0.1 is taken, perhaps by another dashboard: ` +
        `./workshop dashboard${flagsOf(options)} --port ${port + 1}`,
    );
  }
}

/** A local snowglobe may come back on another port, or with another password after a reset. */
async function currentEnvironment(
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
 * The secret in the dashboard's address, made once for each stack: a page that is open finds its way back to a dashboard
 * that was started anew.
 */
function tokenOf(paths: Paths, stack: string): string {
  const file = path.join(paths.stacks, stack, "dashboard-token");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  mkdirSync(path.dirname(file), { recursive: true });
  const token = randomBytes(24).toString("base64url");
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}
