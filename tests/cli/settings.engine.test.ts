/**
 * Every setting changes on a living stack, there and back: each `up` succeeds, the next one would change nothing, `destroy`
 * leaves nothing. A walk through random settings, drawn by a seed that a failure names; WORKSHOP_SETTINGS_STEPS=40 and
 * WORKSHOP_SETTINGS_SEED walk further and elsewhere.
 */
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { COLUMNS } from "../../loader/columns";
import { sampleLoans } from "../../loader/sample/generate";
import type { ConfigKey } from "../../components/config";
import { CheckoutCopy } from "./support/checkout";
import { removeFolders } from "./support/context";

const STEPS = Number(process.env.WORKSHOP_SETTINGS_STEPS ?? 3);
const SEED = Number(process.env.WORKSHOP_SETTINGS_SEED ?? 7);
/** Of a busy computer: two commands. */
const STEP_MS = 10 * 60_000;
jest.setTimeout((STEPS + 2) * STEP_MS);

/** Values beside the default of each setting. Other states than California fail the data test, and so are left out. */
const VALUES = {
  environment: ["prd"],
  accessRoles: ["false"],
  monitoring: ["false"],
  serverless: ["true"],
  alertSchedule: ["5 minutes", "USING CRON 0 8 * * * Europe/Berlin"],
  dynamicTableLag: ["2 minutes", "1 hour"],
  recipients: ["ada@example.com", "ada@example.com,bob@example.com"],
  source: ["sample.csv"],
  parentRole: ["ACCOUNTADMIN"],
} as const satisfies Partial<Record<ConfigKey, readonly string[]>>;

type Settings = Partial<Record<keyof typeof VALUES, string>>;

/** About half of the settings at their defaults. */
const settings: fc.Arbitrary<Settings> = fc
  .record(
    Object.fromEntries(
      Object.entries(VALUES).map(([key, values]) => [key, fc.option(fc.constantFrom(...values), { freq: 1 })]),
    ),
  )
  .map((drawn) => Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== null)) as Settings);

let checkout: CheckoutCopy;
beforeAll(() => {
  checkout = new CheckoutCopy();
  // The first rows of the sample as a file of their own.
  const rows = [COLUMNS.map(({ name }) => name.toLowerCase())];
  for (const loan of sampleLoans()) if (rows.push(loan) > 3_000) break;
  const csv = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\n");
  writeFileSync(path.join(checkout.root, "sample.csv"), `${csv}\n`);
});
afterAll(async () => {
  await checkout.run("local", "reset", "--yes", "--state");
  removeFolders();
});

const walk: readonly Settings[] = [{}, ...fc.sample(settings, { numRuns: STEPS, seed: SEED }), {}];

test(`a walk of ${STEPS} steps by seed ${SEED}`, async () => {
  for (const [step, chosen] of walk.entries()) {
    const lines = Object.entries(chosen).map(([key, value]) => `  workshop:${key}: ${JSON.stringify(value)}`);
    writeFileSync(
      path.join(checkout.root, "Pulumi.local.yaml"),
      ["config:", "  workshop:target: local", ...lines, ""].join("\n"),
    );
    const { code, err } = await checkout.run("up", "--json");
    expect({ step, chosen, code, err: code === 0 ? "" : err }).toEqual({ step, chosen, code: 0, err: "" });
    const { changes } = await checkout.json<{ changes: unknown[] }>("preview");
    expect({ step, chosen, changes }).toEqual({ step, chosen, changes: [] });
  }
  const { code, err } = await checkout.run("destroy", "--yes");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(checkout.leftOvers()).toEqual([]);
  expect(checkout.processes()).toEqual([]);
});
