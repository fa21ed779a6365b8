import * as path from "node:path";
import type { Context } from "../context";
import type { DbtEnvironment } from "./dbt";
import { findPython } from "./python";
import { ensureVirtualEnvironment } from "./virtualEnvironment";

/** Where the lock file of the 5.x connector lies in the checkout. */
const REQUIREMENTS = path.join("snowglobe", "tests", "server", "python", "requirements.txt");

/** The oldest Python that snowflake-connector-python 5 takes. */
const OLDEST_MINOR = 11;

/**
 * Interpreters with snowflake-connector-python, for tests of the real drivers: 4.x comes with dbt, 5.x gets an environment
 * of its own.
 *
 * @throws UserError when it cannot be installed
 */
export async function setUpConnectors(context: Context, dbt: DbtEnvironment): Promise<readonly string[]> {
  const { paths, env, interrupt, terminal } = context;
  const found = [path.join(dbt.bin, "python")];
  const python = await findPython(env);
  if (Number(python.version.split(".")[1]) < OLDEST_MINOR) {
    terminal.say(
      `snowflake-connector-python 5 is not tested: it needs Python 3.${OLDEST_MINOR}, this is ${python.version}`,
    );
    return found;
  }
  const step = terminal.step("Python connector 5");
  try {
    const bin = await ensureVirtualEnvironment({
      name: "connector",
      program: "python",
      requirements: path.join(paths.root, REQUIREMENTS),
      env,
      signal: interrupt.signal,
      onProgress: (text) => step.update(text),
    });
    step.done();
    return [...found, path.join(bin, "python")];
  } catch (error) {
    step.fail();
    throw error;
  }
}
