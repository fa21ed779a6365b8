import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../errors";

const run = promisify(execFile);

/** dbt-core 1.11 needs it. */
const OLDEST_PYTHON = "3.10";
/** The newest that the lock file was made for; a newer one may lack wheels. */
const NEWEST_PYTHON = "3.13";

export interface Python {
  readonly executable: string;
  /** As "3.12". */
  readonly version: string;
}

/** Runs a candidate; gives what it prints, or undefined when there is no such program. */
export type Probe = (command: string, args: readonly string[]) => Promise<string | undefined>;

const SCRIPT = "import sys; print('%d.%d' % sys.version_info[:2]); print(sys.executable)";

/**
 * Finds a Python that dbt runs on: WORKSHOP_PYTHON, else the first of `python3`, `python3.13` ... `python3.10`, `python`
 * on PATH.
 *
 * @throws UserError that says what was found instead
 */
export async function findPython(env: NodeJS.ProcessEnv, probe: Probe = probeProgram(env)): Promise<Python> {
  const wanted = `Python ${OLDEST_PYTHON} to ${NEWEST_PYTHON}`;
  const hint = "Install one from https://www.python.org, or name its executable in WORKSHOP_PYTHON.";
  const chosen = env.WORKSHOP_PYTHON;
  const found: string[] = [];
  for (const command of chosen ? [chosen] : candidates()) {
    const answer = await probe(command, ["-c", SCRIPT]);
    const [version, executable] = answer?.trim().split(/\r?\n/) ?? [];
    if (!version || !executable) continue;
    if (isSupported(version)) return { executable, version };
    found.push(version);
  }
  if (chosen && found.length === 0)
    throw new UserError(`WORKSHOP_PYTHON is "${chosen}", which does not run as a Python; dbt needs ${wanted}.`);
  if (found.length === 0) throw new UserError(`Python is missing; dbt needs ${wanted}. ${hint}`);
  throw new UserError(`dbt needs ${wanted}; there is only ${[...new Set(found)].join(", ")}. ${hint}`);
}

function candidates(): string[] {
  const [oldest, newest] = [minor(OLDEST_PYTHON), minor(NEWEST_PYTHON)];
  const versions = Array.from({ length: newest - oldest + 1 }, (_, i) => `python3.${newest - i}`);
  return ["python3", ...versions, "python"];
}

function isSupported(version: string): boolean {
  return version.startsWith("3.") && minor(version) >= minor(OLDEST_PYTHON) && minor(version) <= minor(NEWEST_PYTHON);
}

function minor(version: string): number {
  return Number(version.split(".")[1]);
}

function probeProgram(env: NodeJS.ProcessEnv): Probe {
  return async (command, args) => {
    try {
      return (await run(command, args, { env, timeout: 20_000 })).stdout;
    } catch {
      return undefined;
    }
  };
}
