/**
 * What the README says about plain Pulumi, to the letter, in a fresh clone without anything of the user's: no Pulumi on
 * PATH but the one that the README's first line puts there, no settings, no dbt. And Pulumi and ./workshop in turns on one
 * stack. The tests are one story and run in their order.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import * as path from "node:path";
import { readRecord } from "../../cli/local/record";
import { removeFolders } from "../cli/support/context";
import { CheckoutCopy, type Ended } from "../cli/support/checkout";
import { blocksOf } from "./markdown";

const MINUTE = 60_000;
jest.setTimeout(20 * MINUTE);

/** Without `./workshop test`, which installs dbt and Pulumi, the first command may take long. */
const FIRST_MS = 40 * MINUTE;

let clone: CheckoutCopy;

beforeAll(() => {
  clone = new CheckoutCopy();
  clone.commit();
});

afterAll(async () => {
  await clone.run("local", "reset", "--yes", "--state");
  removeFolders();
}, 5 * MINUTE);

/** Runs lines in a shell of the clone's, as a person would type them. */
async function shell(text: string): Promise<Ended> {
  // What `./workshop test` says to tests must not help here.
  return clone.shell(text, { WORKSHOP_DBT: undefined });
}

async function succeeds(text: string): Promise<string> {
  const { code, out, err } = await shell(text);
  if (code !== 0) throw new Error(`ended with ${code}:\n${text}\n\n${out}\n${err}`);
  return out;
}

/** Lines in a shell that has the README's first line behind it. */
const byHand = (...lines: string[]): Promise<string> =>
  succeeds(['eval "$(./workshop local env)"', ...lines].join("\n"));

const changedFiles = (): string =>
  execFileSync("git", ["status", "--porcelain"], { cwd: clone.root, encoding: "utf8" });

const databases = async (): Promise<unknown[]> => (await clone.query("SHOW DATABASES")).map(({ name }) => name).sort();

const blocks = blocksOf("README.md").filter(({ language, mark }) => language === "sh" && mark === "pulumi");

test("the README has a story of plain Pulumi", () => {
  expect(blocks.map(({ text }) => text).join("\n")).toMatch(
    /stack init local\b[^]*up --yes[^]*preview --diff[^]*refresh[^]*stack output[^]*config set workshop:attendee[^]*destroy/,
  );
});

test.each(blocks.map(({ at, text }) => [at, text]))(
  "%s, to the letter, changes no tracked file and leaves nothing",
  async (_at, text) => {
    const out = await succeeds(text);
    expect(out).toMatch(/\+ \d+ created[^]*\d+ unchanged[^]*\+ \d+ created[^]*- \d+ deleted[^]*- \d+ deleted/);
    expect(out).not.toMatch(/^\s*(warning|error):/m);
    expect(changedFiles()).toBe("");
    expect(await databases()).toEqual([]);
    expect(readdirSync(clone.root).filter((name) => name.startsWith("Pulumi.local"))).toEqual([]);
  },
  FIRST_MS,
);

describe("in turns on one stack", () => {
  test("what ./workshop made, Pulumi finds unchanged", async () => {
    expect((await clone.run("up")).code).toBe(0);
    const out = await byHand(
      "pulumi stack select local",
      "pulumi preview --expect-no-changes",
      "pulumi refresh --yes --expect-no-changes",
      "pulumi up --yes --expect-no-changes",
    );
    expect(out).toMatch(/\d+ unchanged/);
    expect(changedFiles()).toBe("");
  });

  test("a setting by `pulumi config set` counts for ./workshop, a secret one too", async () => {
    await byHand(
      "pulumi stack select local",
      "pulumi config set workshop:dynamicTableLag '2 minutes'",
      "pulumi config set --secret workshop:recipients bob@example.com",
    );
    const { changes } = await clone.json<{ changes: { name: string }[] }>("preview");
    expect(changes.map(({ name }) => name)).toEqual(expect.arrayContaining(["dbt-build"]));
    expect((await clone.run("up")).code).toBe(0);
    await byHand("pulumi up --yes --expect-no-changes --stack local");
  });

  test("./workshop pulumi is the same engine on the same stack", async () => {
    const { code, out } = await clone.run("pulumi", "stack", "output", "target", "--stack", "local");
    expect({ code, out }).toEqual({ code: 0, out: "local\n" });
    const failed = await clone.run("pulumi", "stack", "output", "nothing");
    expect(failed.code).not.toBe(0);
    expect(failed.err).toMatch(/does not have output property 'nothing'/);
  });

  test("./workshop destroys what Pulumi changed last, and the user's settings stay readable", async () => {
    expect((await clone.run("destroy", "--yes")).code).toBe(0);
    expect(clone.leftOvers()).toEqual(["passphrase"]);
    expect(readFileSync(path.join(clone.root, "Pulumi.local.yaml"), "utf8")).toMatch(/dynamicTableLag: 2 minutes/);
    expect((await clone.run("up")).code).toBe(0);
    expect((await clone.run("destroy", "--yes")).code).toBe(0);
    rmSync(path.join(clone.root, "Pulumi.local.yaml"));
    expect((await clone.run("destroy", "--yes")).code).toBe(0);
  });

  test("what Pulumi made, under a name of its own and for an attendee, ./workshop does not touch", async () => {
    await byHand("pulumi stack init mine", "pulumi config set workshop:attendee mia", "pulumi up --yes");
    expect(await databases()).toEqual(["MIA_BALBOA_DEV", "MIA_RAW"]);
    expect(await clone.query("SHOW TABLES IN SCHEMA MIA_RAW.LOANS")).toMatchObject([{ rows: 7429 }]);
    const { code, err } = await clone.run("destroy", "--yes");
    expect({ code, err }).toEqual({ code: 1, err: "There is no stack local; there is mine.\n" });
    expect(await databases()).toEqual(["MIA_BALBOA_DEV", "MIA_RAW"]);
    await byHand("pulumi destroy --yes --remove --stack mine");
    expect(changedFiles()).toBe("");
  });

  test("at last nothing is left", async () => {
    expect((await clone.run("destroy", "--yes")).code).toBe(0);
    expect(readRecord(clone.paths.snowglobe)).toBeUndefined();
    expect(clone.leftOvers()).toEqual([]);
    expect(clone.processes()).toEqual([]);
    expect(existsSync(path.join(clone.root, "Pulumi.mine.yaml"))).toBe(false);
  });
});
