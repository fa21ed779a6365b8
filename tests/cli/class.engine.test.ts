/** A class of three on the local target: deployed, loaded, destroyed by one command each, and nothing left. */
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { CheckoutCopy } from "./support/checkout";
import { removeFolders } from "./support/context";

jest.setTimeout(900_000);

interface Report {
  readonly ok: boolean;
  readonly members: readonly { readonly attendee: string; readonly ok: boolean; readonly error?: string }[];
}

let checkout: CheckoutCopy;
let list: string;

beforeAll(() => {
  checkout = new CheckoutCopy();
  list = path.join(checkout.root, "class.csv");
  writeFileSync(list, "attendee\nada\nbob\ncy\n");
});
afterAll(async () => {
  await checkout.run("local", "reset", "--yes", "--state");
  removeFolders();
});

test("one that fails does not stop the others, and a second up finishes what is missing", async () => {
  // Bob's settings ask for what no source is.
  const broken = path.join(checkout.root, "Pulumi.local-bob.yaml");
  writeFileSync(broken, "config:\n  workshop:source: no-such-file.csv\n");
  const first = await checkout.run("class", "up", "--attendees", list, "--json");
  expect({ code: first.code, err: first.err }).toMatchObject({ code: 1 });
  const report = JSON.parse(first.out) as Report;
  expect(report.members.map(({ attendee, ok }) => [attendee, ok])).toEqual([
    ["ada", true],
    ["bob", false],
    ["cy", true],
  ]);
  expect(report.members[1]!.error).toMatch(/workshop:source 'no-such-file\.csv' is no file/);
  expect(first.err).toMatch(/2 of 3 done in .*; 1 failed\. .*: \.\/workshop class up --attendees .*class\.csv$/m);

  writeFileSync(broken, "config:\n  workshop:source: sample\n");
  const second = await checkout.json<Report>("class", "up", "--attendees", list);
  expect(second.members.map(({ ok }) => ok)).toEqual([true, true, true]);
});

test("one load brings every attendee's loans; each has their own", async () => {
  const { code, out } = await checkout.run("class", "load", "--states", "CA,NY");
  expect({ code, out }).toMatchObject({ code: 0 });
  expect(out).toMatch(/^✓ ada +\S+ s +\d+,\d+ loans$/m);
  const counts = await checkout.query(
    "USE WAREHOUSE ADA_WH_TRANSFORMING_DYNAMIC_TABLES",
    ["ADA", "BOB", "CY"]
      .map((name) => `SELECT COUNT(DISTINCT ADDR_STATE) AS STATES FROM ${name}_RAW.LOANS.PERSONAL_LOANS`)
      .join(" UNION ALL "),
  );
  interface Looks {
    readonly ok: boolean;
    readonly members: readonly { readonly name: string; readonly step: string; readonly loans: number }[];
  }
  const status = await checkout.json<Looks>("class", "status");
  expect(status).toMatchObject({ ok: true });
  expect(status.members.map(({ name }) => name)).toEqual(["ada", "bob", "cy"]);
  expect(counts.map(({ STATES }) => Number(STATES))).toEqual([2, 2, 2]);
});

test("destroy of some leaves the others; of all, nothing", async () => {
  const some = await checkout.json<Report>("class", "destroy", "--yes", "--attendees", "bob,nobody");
  expect(some.members.map(({ attendee, ok }) => [attendee, ok])).toEqual([["bob", true]]);
  const all = await checkout.run("destroy", "--all", "--yes");
  expect({ code: all.code, out: all.out }).toMatchObject({ code: 0 });
  expect(checkout.leftOvers()).toEqual([]);
  expect(checkout.processes()).toEqual([]);
  const none = await checkout.run("class", "destroy", "--yes");
  expect(none.out).toBe("None of them is deployed: nothing to destroy.\n");
});
