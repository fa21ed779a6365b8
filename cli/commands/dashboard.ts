import * as path from "node:path";
import type { Context, StackChoice } from "../context";
import { COST, currentEnvironment, pageFolder, serve, tokenOf } from "../dashboard/serve";
import { flagsOf, stackConnection } from "../stack/connection";
import { stackName } from "../stack/names";

export interface DashboardOptions extends StackChoice {
  readonly port: number;
  readonly intervalSeconds: number;
  /** Undefined: where somebody sits at a screen. */
  readonly open?: boolean;
}

/** Serves the dashboard of a stack until Ctrl-C. */
export async function dashboard(context: Context, options: DashboardOptions): Promise<void> {
  const { terminal, paths } = context;
  const { environment, names } = await stackConnection(context, options, "dbt");
  const isLocal = options.target === "local";
  const { port, intervalSeconds, open } = options;
  const folder = pageFolder(paths);
  const { startDashboard } = await import("../../dashboard/index.js");
  await serve(
    context,
    () =>
      startDashboard({
        environment: () => currentEnvironment(context, isLocal, environment),
        names,
        label: `${isLocal ? "snowglobe on this computer" : "Snowflake account"} · ${names.analyticsDatabase}`,
        isSparing: !isLocal,
        ...(isLocal ? { mailFolder: path.join(paths.snowglobe, "mail") } : {}),
        ...{ port, intervalSeconds, token: tokenOf(paths, stackName(options)), pageFolder: folder },
      }),
    ({ address }) => {
      terminal.say(`The dashboard of stack ${stackName(options)}, until Ctrl-C:\n\n  ${address}\n`);
      if (!isLocal) terminal.say(COST);
    },
    { port, elsewhere: `./workshop dashboard${flagsOf(options)}`, ...(open === undefined ? {} : { open }) },
  );
}
