import type { Context, StackChoice } from "../context";
import { runChild } from "../setup/child";
import { setUpDbt } from "../stack/session";
import { flagsOf, stackConnection, type StackConnection } from "../stack/connection";
import { readObjects } from "../stack/objects";

/**
 * Runs dbt in the workshop's project against the stack's target, with the connection, names and role that `up` gives it.
 *
 * @returns dbt's exit code
 */
export async function runDbt(context: Context, choice: StackChoice, args: readonly string[]): Promise<number> {
  const { dbt } = await setUpDbt(context);
  const connection = await stackConnection(context, choice, "dbt");
  const { dbtProject } = context.paths;
  const env = { ...context.env, ...connection.environment, DBT_PROJECT_DIR: dbtProject, DBT_PROFILES_DIR: dbtProject };
  const code = await runChild(context, dbt, args, { env, cwd: dbtProject });
  if (args.includes("--full-refresh") || args.includes("-f")) await tellOfStaleStream(context, choice, connection);
  return code;
}

/** A dynamic table that dbt replaced leaves its stream behind, which can never be read again; dbt knows of no streams. */
async function tellOfStaleStream(
  { terminal, env }: Context,
  choice: StackChoice,
  { environment, names }: StackConnection,
): Promise<void> {
  try {
    const { stream } = (await readObjects(env, environment, names, { costsNothing: false })).monitoring;
    if (stream?.stale)
      terminal.say(
        `${stream.name} cannot be read since ${names.stagingTable} was replaced: ./workshop up${flagsOf(choice)} fixes it.`,
      );
  } catch {
    // Only a look; dbt's own outcome counts.
  }
}
