import { spawn } from "node:child_process";

/** Path of the real dbt; tests that need it are skipped without. */
export const DBT = process.env.WORKSHOP_DBT;

if (!DBT) console.warn("Skipped: set WORKSHOP_DBT to the path of dbt to run the tests that need it.");

export interface DbtOutcome {
  readonly code: number | null;
  readonly output: string;
}

/**
 * Runs dbt with the given variables and none of the caller's SNOWFLAKE_*.
 *
 * @param project folder of the project and its profiles
 * @param folder where dbt is started
 */
export function runDbt(
  args: readonly string[],
  project: string,
  folder: string,
  env: Record<string, string>,
): Promise<DbtOutcome> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(SNOWFLAKE_|DBT_|WORKSHOP_)/.test(name));
  return new Promise((done, failed) => {
    const child = spawn(DBT!, ["--no-use-colors", ...args, "--project-dir", project, "--profiles-dir", project], {
      cwd: folder,
      env: {
        ...Object.fromEntries(inherited),
        DBT_SEND_ANONYMOUS_USAGE_STATS: "false",
        SNOWFLAKE_DISABLE_PLATFORM_DETECTION: "true",
        ...env,
      },
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", failed);
    child.on("close", (code) => done({ code, output }));
  });
}
