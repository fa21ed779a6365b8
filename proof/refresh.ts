/**
 * Says of each refresh what it is going to do, as EXPLAIN CHANGES does, and compares: in random accounts with changes,
 * transactions, DDL, restarts and kills between any two steps. After each step it is asked, too, whether each dynamic
 * table is its query's result.
 *
 *     ./workshop proof refresh [--count 2000] [--seed 1] [--json]
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { Coverage } from "../snowglobe/tests/simulation/coverage";
import { emptyAccount, simulateCase } from "../snowglobe/tests/simulation/simulate";
import { simulatedCase } from "../snowglobe/tests/simulation/steps";

const OUTCOMES = ["INCREMENTAL", "CUSTOM_INCREMENTAL", "FULL", "REINITIALIZE", "NO_DATA", "failure"] as const;
/** Whether rows of an upstream table really change is not known before; see EXPLAIN CHANGES, limitations. */
const OPEN = ["changes that are none", "beyond a boundary"] as const;
/** Cases that are drawn at once. */
const BATCH = 50;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      count: { type: "string", default: "2000" },
      seed: { type: "string", default: "1" },
    },
  });
  const wanted = Number(values.count);
  const coverage = new Coverage();
  const counted = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + coverage.of(`prediction: ${name}`), 0);
  const template = await emptyAccount();
  let seed = Number(values.seed);
  let cases = 0;
  try {
    for (; counted(OUTCOMES) < wanted; seed++) {
      for (const one of fc.sample(simulatedCase, { seed, numRuns: BATCH })) {
        await simulateCase(template, one, coverage);
        cases++;
        if (process.stderr.isTTY) process.stderr.write(`\r${counted(OUTCOMES)} of ${wanted} refreshes`);
        if (counted(OUTCOMES) >= wanted) break;
      }
    }
  } finally {
    template.remove();
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
  const by = Object.fromEntries([...OUTCOMES, ...OPEN].map((name) => [name, counted([name])]));
  if (values.json) return void process.stdout.write(`${JSON.stringify({ cases, refreshes: by, mismatches: 0 })}\n`);
  process.stdout.write(`${counted(OUTCOMES)} refreshes in ${cases} random accounts, each predicted before:\n`);
  for (const [name, count] of Object.entries(by))
    process.stdout.write(`  ${name.padEnd(24)}${String(count).padStart(7)}\n`);
  process.stdout.write("mismatches = 0\n");
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
