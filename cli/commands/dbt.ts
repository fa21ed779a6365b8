import type { Context, StackChoice } from "../context";
import { runChild } from "../setup/child";
import { setUpDbt } from "../stack/session";
import { stackConnection } from "../stack/connection";

/**
 * Runs dbt in the workshop's project against the stack's target, with the connection, names and role that `up` gives it.
 *
 * @returns dbt's exit code
 */
export async function runDbt(context: Context, choice: StackChoice, args: readonly string[]): Promise<number> {
  const { dbt } = await setUpDbt(context);
  const { environment } = await stackConnection(context, choice, "dbt");
  const { dbtProject } = context.paths;
  const env = { ...context.env, ...environment, DBT_PROJECT_DIR: dbtProject, DBT_PROFILES_DIR: dbtProject };
  return runChild(context, dbt, args, { env, cwd: dbtProject });
}
