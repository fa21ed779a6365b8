import { objectTables } from "../commands/status";
import { DASHBOARD_ADDRESS } from "../../components/dashboardAddress";
import type { WorkshopNames } from "../../components/naming";
import type { Context, StackChoice } from "../context";
import { messageOf } from "../errors";
import { flagsOf, namesOf } from "../stack/connection";
import type { ConnectionEnvironment } from "../stack/environment";
import { readObjects } from "../stack/objects";
import { formatTable } from "./table";

/** What {@link summarize} reads of the stack's outputs. */
interface Outputs {
  readonly names?: WorkshopNames;
  /** A block for connections.toml. */
  readonly connection?: string;
}

/** What `up` ends with: what was made, how to connect, what to try next. */
export async function summarize(
  context: Context,
  choice: StackChoice,
  { outputs, connection }: { outputs: Outputs; connection: ConnectionEnvironment },
): Promise<void> {
  const { terminal, env, paths } = context;
  const { bold } = terminal.colors;
  const names = outputs.names ?? namesOf(choice);
  const made = [
    ["warehouse", names.warehouse],
    ["databases", `${names.rawDatabase}, ${names.analyticsDatabase}`],
    ["schema of the models", `${names.analyticsDatabase}.${names.analyticsSchema}`],
    ["roles", `${names.loaderRole}, ${names.transformerRole}, ${names.analystRole}`],
  ];
  terminal.say(formatTable(["made", ""], made, { bold, width: terminal.columns }));
  try {
    const objects = await readObjects(env, connection, names, { costsNothing: choice.target === "local" });
    for (const table of objectTables(objects, { bold, width: terminal.columns })) terminal.say(`\n${table}`);
  } catch (error) {
    // The stack stands; only this look at it failed.
    terminal.say(`\n  The tables cannot be shown: ${messageOf(error)}`);
  }
  const { SNOWFLAKE_HOST: host, SNOWFLAKE_PORT: port, SNOWFLAKE_ACCOUNT: account } = connection;
  const local = [
    ["address", `http://${host}:${port}, account ${account}, for any Snowflake driver`],
    ["user", `ADMIN, password in ${paths.snowglobe}/password`],
    ["mail", `stays here, in ${paths.snowglobe}/mail`],
  ];
  terminal.say(`\n${formatTable(["connect", ""], choice.target === "local" ? local : [], bold)}`);
  if (outputs.connection) {
    terminal.say("  for connections.toml:");
    for (const line of outputs.connection.split("\n")) terminal.say(`    ${line}`);
  }
  const flags = flagsOf(choice);
  const next = [
    [`./workshop dashboard${flags}`, `shows all of it live, on ${DASHBOARD_ADDRESS}`],
    [
      `./workshop scenario all${choice.target === "local" ? " --fast" : ""}${flags}`,
      "walks through the workshop, step by step",
    ],
    [`./workshop load${flags}`, "brings the other states' loans; the dynamic tables follow within a minute"],
    [`./workshop status${flags}`, "shows them"],
    [`./workshop dbt${flags} build`, "runs dbt by hand; its data test fails once the other states are there"],
    [`./workshop destroy${flags}`, "deletes all of it"],
  ];
  terminal.say(`\n${formatTable(["try next", ""], next, { bold, width: terminal.columns })}`);
}
