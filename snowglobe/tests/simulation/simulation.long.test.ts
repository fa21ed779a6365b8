/**
 * Random accounts: tables, queries, changes, DDL, refreshes, streams and tasks in random order, with restarts and kills
 * between any two steps and between any two commits. See "Simulation" in snowglobe's README for how to run more, and how
 * to replay.
 */
import fc from "fast-check";
import type { DataFolder } from "./account";
import { Coverage } from "./coverage";
import { FULL_OPERATORS, INCREMENTAL_OPERATORS } from "./query";
import { emptyAccount, simulateCase } from "./simulate";
import { simulatedCase, type Case } from "./steps";

const CASES = Number(process.env.SIMULATION_CASES ?? 30);
const SEED = Number(process.env.SIMULATION_SEED ?? 20_260_105);
const PATH = process.env.SIMULATION_PATH;
/** Looks for the smallest case that fails, which takes a while. */
const SHRINK = process.env.SIMULATION_SHRINK === "1";

/** An empty account with a warehouse and a database, copied for each case. */
let template: DataFolder;
const coverage = new Coverage();
let done = 0;

/** A long run says from time to time how far it is. */
const TOLD_EVERY = 100;

beforeAll(async () => {
  template = await emptyAccount();
});
afterAll(() => template.remove());

async function simulate(one: Case): Promise<void> {
  await simulateCase(template, one, coverage);
  if (++done % TOLD_EVERY === 0) process.stderr.write(`${done} cases of seed ${SEED} passed\n`);
}

test("in random accounts dynamic tables, streams and tasks keep their promises", async () => {
  const result = await fc.check(fc.asyncProperty(simulatedCase, simulate), {
    seed: SEED,
    path: PATH,
    numRuns: PATH === undefined ? CASES : 1,
    endOnFailure: !SHRINK || PATH !== undefined,
  });
  if (process.env.SIMULATION_COVERAGE === "1") process.stdout.write(`${coverage.summary()}\n`);
  if (!result.failed) return;
  const replay = `SIMULATION_SEED=${result.seed} SIMULATION_PATH=${result.counterexamplePath} npx jest snowglobe/tests/simulation`;
  throw new Error(
    `case ${result.numRuns} failed. Replay it with\n  ${replay}\n${(result.errorInstance as Error).message}`,
  );
}, 86_400_000);

/** What happens in any run of some length: a promise that nothing puts to the test is kept by everything. */
const REACHED = [
  ...INCREMENTAL_OPERATORS.map((operator) => `ADAPTIVE queries with: ${operator}`),
  ...["table", "project", "filter", "join", "unionAll", "distinct", "group", "window", "flatten"].map(
    (operator) => `deltas through: ${operator}`,
  ),
  ...["change", "transaction", "advance", "refresh", "suspend", "resume", "consume", "changeDuring", "ddl"].map(
    (kind) => `step: ${kind}`,
  ),
  ...["table", "filter", "join", "unionAll", "distinct", "group", "window", "flatten"].map(
    (operator) => `deltas found by CHANGES: ${operator}`,
  ),
  "refresh: CREATION SUCCEEDED FULL",
  "refresh: SCHEDULED SUCCEEDED FULL",
  "refresh: SCHEDULED SUCCEEDED INCREMENTAL",
  "refresh: SCHEDULED SUCCEEDED NO_DATA",
  "refresh: MANUAL SUCCEEDED INCREMENTAL",
  "refresh: compared with time travel",
  "leave: restart",
  "leave: kill",
  "kill: between two commits",
  "stream sums: S0, consumed",
  "stream sums: S1, consumed",
  "stream sums: S2, consumed",
  "task runs: K0 SUCCEEDED",
  "task runs: K1 SUCCEEDED",
  "task runs: K1 SKIPPED",
  "task runs: K2 SUCCEEDED",
  "consumed: rollback",
  "custom: sums compared",
  "frozen: regions that a refresh left alone",
  "ddl: createOrAlter",
  "ddl: clone",
  "boundary: tables that may read through one",
  "prediction: INCREMENTAL",
  "prediction: NO_DATA",
  "prediction: FULL",
  "prediction: CUSTOM_INCREMENTAL",
  "task graphs: runs of a child",
  "alerts: triggered",
];

/** Rarer: in a run of a few hundred cases. */
const REACHED_IN_THE_END = [
  ...FULL_OPERATORS.map((operator) => `FULL queries with: ${operator}`),
  ...INCREMENTAL_OPERATORS.map((operator) => `deltas through: ${operator}`),
  "refresh: SCHEDULED FAILED",
  "refresh: SCHEDULED UPSTREAM_FAILED",
  "refresh: SCHEDULED SUCCEEDED REINITIALIZE",
  "ddl: key",
  "prediction: REINITIALIZE",
  "prediction: failure",
];

test("the simulation reaches what it is about", () => {
  if (PATH !== undefined || CASES < 30) return;
  const wanted = CASES < 400 ? REACHED : [...REACHED, ...REACHED_IN_THE_END];
  expect(wanted.filter((what) => coverage.of(what) === 0)).toEqual([]);
});
