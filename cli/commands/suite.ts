import type { Context } from "../context";
import { EXIT, Interrupted } from "../errors";
import { setUpTools } from "../setup/tools";
import { SUITES, type SuiteName } from "../test/suites";
import { add, NOTHING, type Tally } from "../test/tally";
import { runJest } from "./test";

/**
 * `suite`: runs tools that others made, unmodified, against a snowglobe of the test's own. The last line counts.
 *
 * @param names without any: all
 * @returns 0 when nothing failed and something passed
 */
export async function suite(context: Context, names: readonly SuiteName[]): Promise<number> {
  const environment = await setUpTools(context);
  let total: Tally = NOTHING;
  for (const name of names.length > 0 ? names : (Object.keys(SUITES) as SuiteName[])) {
    const tally = await runJest(context, environment, ["--maxWorkers", "1", SUITES[name]]);
    if (context.interrupt.signal.aborted) throw new Interrupted();
    context.terminal.say(`${name}: ${counts(tally)}`);
    total = add(total, tally);
  }
  context.terminal.say(counts(total));
  return total.failed === 0 ? EXIT.ok : EXIT.failure;
}

function counts({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} excluded`;
}
