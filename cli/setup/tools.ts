import * as path from "node:path";
import type { Context } from "../context";
import { findPython } from "./python";
import { ensureVirtualEnvironment } from "./virtualEnvironment";

/** Where the lock files of the tools lie in the checkout. */
const TOOLS = path.join("snowglobe", "tests", "tools");

/** The oldest Python that the versions of the lock files take. */
const OLDEST_MINOR = 11;

/**
 * Other people's tools, for tests that use them as they are: an environment with the libraries, and one with the Snowflake
 * CLI, which pins what it needs.
 *
 * @returns what the tests find in their environment; nothing where Python is too old for them
 * @throws UserError when they cannot be installed
 */
export async function setUpTools(context: Context): Promise<Record<string, string>> {
  const { version } = await findPython(context.env);
  if (Number(version.split(".")[1]) < OLDEST_MINOR) {
    context.terminal.say(`other people's tools are not tested: they need Python 3.${OLDEST_MINOR}, this is ${version}`);
    return {};
  }
  const libraries = await environment(context, "tools", "schemachange", path.join(TOOLS, "requirements.txt"));
  const cli = await environment(context, "snow", "snow", path.join(TOOLS, "snow", "requirements.txt"));
  return { SNOWGLOBE_TEST_TOOLS_PYTHON: path.join(libraries, "python"), SNOWGLOBE_TEST_SNOW: path.join(cli, "snow") };
}

async function environment(context: Context, name: string, program: string, requirements: string): Promise<string> {
  const { paths, env, interrupt, terminal } = context;
  const step = terminal.step(name === "snow" ? "Snowflake CLI" : "Python tools");
  try {
    const bin = await ensureVirtualEnvironment({
      name,
      program,
      requirements: path.join(paths.root, requirements),
      env,
      signal: interrupt.signal,
      onProgress: (text) => step.update(text),
    });
    step.done();
    return bin;
  } catch (error) {
    step.fail();
    throw error;
  }
}
