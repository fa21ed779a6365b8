import * as path from "node:path";
import { ensureVirtualEnvironment, findVirtualEnvironment, type VirtualEnvironmentOptions } from "./virtualEnvironment";

/** dbt in a virtual environment of its own. */
export interface DbtEnvironment {
  /** The folder with `dbt` and `python`; to be put first on PATH. */
  readonly bin: string;
  readonly dbt: string;
}

export type DbtOptions = Omit<VirtualEnvironmentOptions, "name" | "program">;

const DBT = { name: "dbt", program: "dbt" };

/**
 * The virtual environment of dbt's lock file; made once, about a minute.
 *
 * @throws UserError when Python is missing or a package cannot be installed
 */
export async function ensureDbt(options: DbtOptions): Promise<DbtEnvironment> {
  return environmentIn(await ensureVirtualEnvironment({ ...options, ...DBT }));
}

/** The environment if it is there; makes nothing. */
export async function findDbt(requirements: string, env: NodeJS.ProcessEnv): Promise<DbtEnvironment | undefined> {
  const bin = await findVirtualEnvironment({ requirements, env, ...DBT });
  return bin === undefined ? undefined : environmentIn(bin);
}

function environmentIn(bin: string): DbtEnvironment {
  return { bin, dbt: path.join(bin, "dbt") };
}
