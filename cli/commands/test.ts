import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Context } from "../context";
import { EXIT, Interrupted, UserError } from "../errors";
import { runChild } from "../setup/child";
import { setUpConnectors } from "../setup/connectors";
import { setUpEngine } from "../setup/engine";
import { setUpTools } from "../setup/tools";
import { setUpDbt } from "../stack/session";
import { checkGo, checkSources } from "../test/checks";
import { add, formatTally, NOTHING, readResults, tallyJest, type Tally } from "../test/tally";

export interface TestOptions {
  /** Only what needs neither the engine nor dbt, and does not take long. */
  readonly quick: boolean;
  /** jest's own: with any, only jest runs. */
  readonly args: readonly string[];
}

/** Test files that need the engine (and most of them snowglobe), dbt, or long: random histories, kills, a browser. */
const SLOW = String.raw`\.(engine|dbt|long)\.test\.ts$`;

/** Without those many tests wait for a server or a clock, so that more workers than cores are of use. */
const QUICK = ["--maxWorkers", "4", "--testPathIgnorePatterns", SLOW];

/**
 * Runs all checks. The last line of the output counts them.
 *
 * @returns 0 when nothing failed and something passed
 */
export async function test(context: Context, { quick, args }: TestOptions): Promise<number> {
  const environment = quick ? {} : await setUp(context);
  let tally: Tally = NOTHING;
  if (args.length === 0) {
    tally = add(tally, await checkSources(context));
    if (!quick) tally = add(tally, await checkGo(context));
  }
  tally = add(tally, await runJest(context, environment, quick ? [...args, ...QUICK] : args));
  if (context.interrupt.signal.aborted) throw new Interrupted();
  context.terminal.say(formatTally(tally));
  return tally.failed === 0 ? EXIT.ok : EXIT.failure;
}

/** What tests of the engine and of dbt find in their environment. */
async function setUp(context: Context): Promise<Record<string, string>> {
  const dbt = await setUpDbt(context);
  const connectors = await setUpConnectors(context, dbt);
  await setUpEngine(context, "local");
  const tools = await toolsIfPossible(context);
  // Tests look for the engine themselves, each with a state folder of its own; it is there now.
  return { WORKSHOP_DBT: dbt.dbt, SNOWGLOBE_TEST_PYTHON: connectors.join(path.delimiter), ...tools };
}

/** Other people's tools are large and many: where an index does not have them, the rest is tested all the same. */
async function toolsIfPossible(context: Context): Promise<Record<string, string>> {
  try {
    return await setUpTools(context);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Interrupted) throw error;
    context.terminal.say(`other people's tools are not tested: ${error.message}`);
    return {};
  }
}

/** Runs jest over the given paths and counts. @param environment what tests find in theirs beside the context's */
export async function runJest(
  context: Context,
  environment: Record<string, string>,
  args: readonly string[],
): Promise<Tally> {
  const { paths } = context;
  const folder = mkdtempSync(path.join(os.tmpdir(), "workshop-test-"));
  const results = path.join(folder, "results");
  writeFileSync(results, "");
  try {
    const jest = path.join(paths.root, "node_modules", "jest", "bin", "jest.js");
    const reporter = path.join(paths.build, "reporter.cjs");
    // Options that take a list take all that follows: ours come last.
    const code = await runChild(context, process.execPath, [jest, "--ci", ...args, "--reporters", reporter], {
      cwd: paths.root,
      // The driver's AWS client would warn of Node versions to come in each test file that loads it.
      env: {
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
        ...context.env,
        ...environment,
        WORKSHOP_TEST_RESULTS: results,
      },
    });
    return tallyJest(readResults(results), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
