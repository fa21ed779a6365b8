/**
 * The answers to all probes are what docs/parity.md says. `npm run parity` writes the file anew.
 *
 * Not proved: that Snowflake itself answers so; what a probe expects was read in its documentation.
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { formatPage } from "./page";
import { SECTIONS } from "./probes";
import { runSections, type Finding } from "./run";
import type { Section } from "./probe";

const PAGE = path.join(__dirname, "../../../docs/parity.md");

let found: ReadonlyMap<Section, readonly Finding[]>;
beforeAll(async () => {
  found = await runSections(SECTIONS);
}, 300_000);

test("no answer differs from Snowflake's documentation, but those that say why", () => {
  const unexplained = [...found.values()].flat().filter(isUnexplained);
  expect(unexplained.map(({ probe, answer }) => ({ sql: probe.sql, expected: probe.expected, answer }))).toEqual([]);
});

test("no explanation outlives its difference", () => {
  const explained = [...found.values()].flat().filter(({ probe }) => probe.differs !== undefined);
  expect(explained.filter(({ verdict }) => verdict !== "differs").map(({ probe }) => probe.sql)).toEqual([]);
});

test("docs/parity.md says what the probes found (npm run parity writes it)", async () => {
  const page = formatPage(found);
  if (process.env.PARITY_WRITE) await writeFile(PAGE, page);
  expect(await readFile(PAGE, "utf8")).toBe(page);
});

function isUnexplained({ verdict, probe }: Finding): boolean {
  return verdict === "differs" && probe.differs === undefined;
}
