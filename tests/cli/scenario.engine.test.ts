/**
 * The scenarios on a deployed stack, with the real engine, loader, dbt and snowglobe, in a copy of the checkout. The tests
 * are one story and run in their order.
 */
import { CheckoutCopy } from "./support/checkout";
import { removeFolders } from "./support/context";

const MINUTE = 60_000;
jest.setTimeout(8 * MINUTE);

/** Without `./workshop test`, which installs dbt, a first run may take minutes. */
const FIRST_MS = 40 * MINUTE;
const LOANS = "RAW.LOANS.PERSONAL_LOANS";

let checkout: CheckoutCopy;

const loans = async (): Promise<unknown> =>
  (await checkout.query(`SELECT COUNT(*) AS N, SUM(LOAN_AMNT) AS S, COUNT(DISTINCT ADDR_STATE) AS D FROM ${LOANS}`))[0];

/** Waits until a command has written a text, or has ended. */
async function told(child: ReturnType<CheckoutCopy["start"]>, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    let out = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes(text)) resolve();
    });
    void child.ended.then(() => resolve());
  });
}

beforeAll(async () => {
  checkout = new CheckoutCopy();
  const { code, err } = await checkout.run("up");
  if (code !== 0) throw new Error(err);
}, FIRST_MS);

afterAll(async () => {
  await checkout.run("destroy", "--yes");
  await checkout.run("local", "stop");
  removeFolders();
}, 5 * MINUTE);

test("all four, with the clock moved, see what they expect and leave the loans as they were", async () => {
  const before = await loans();
  const { code, out, err } = await checkout.run("scenario", "all", "--fast", "--yes");
  expect([code, err]).toEqual([0, ""]);
  expect(out).not.toContain("✗");
  for (const part of ["Scenario 1 of 4", "Scenario 4 of 4", "one mail was sent", "Everything was seen as expected"])
    expect(out).toContain(part);
  expect(await loans()).toEqual(before);
  expect(await checkout.query("SHOW TABLES LIKE '%BEFORE_SCENARIO' IN DATABASE RAW")).toEqual([]);
  expect(await checkout.query("SELECT * FROM BALBOA_DEV.WORKSHOP.ERRORS_TABLE")).toEqual([]);
});

test("one that does not see what it expects says so, ends with 1, and brings the loans back", async () => {
  const before = await loans();
  await checkout.query("ALTER DYNAMIC TABLE BALBOA_DEV.WORKSHOP.LOANS_BY_STATE__DYNAMIC SUSPEND");
  const { code, out, err } = await checkout.run("scenario", "changes", "--fast", "--yes");
  expect(code).toBe(1);
  expect(out).toContain("✗ both dynamic tables were refreshed by themselves");
  expect(err).toContain("1 of ");
  expect(await loans()).toEqual(before);
  await checkout.query("ALTER DYNAMIC TABLE BALBOA_DEV.WORKSHOP.LOANS_BY_STATE__DYNAMIC RESUME");
});

test("one that is killed leaves the loans to the next, which brings them back", async () => {
  const before = await loans();
  const child = checkout.start(["scenario", "changes", "--yes"]);
  await told(child, "Wait, and do nothing");
  child.kill("SIGKILL");
  await child.ended;
  expect(await loans()).not.toEqual(before);
  const { code, out } = await checkout.run("scenario", "basic", "--fast", "--yes");
  expect(out).toContain("An earlier scenario was ended in its midst");
  expect([code, await loans()]).toEqual([0, before]);
});

test.each([
  ["it waits", ["changes"], "Wait, and do nothing"],
  ["the loans are loaded", ["errors", "--fast"], "$ ./workshop load\n"],
])("one that is interrupted while %s says so in a line and brings the loans back", async (_when, args, moment) => {
  const before = await loans();
  const child = checkout.start(["scenario", ...args, "--yes"]);
  await told(child, moment);
  child.kill("SIGTERM");
  const { code, out, err } = await child.ended;
  expect({ code, last: err.trim().split("\n").at(-1) }).toEqual({ code: 130, last: "Interrupted." });
  expect(err).not.toMatch(/\n +at /);
  expect(out).toContain("The loans are again what they were before.");
  expect(await loans()).toEqual(before);
  expect(await checkout.query("SHOW TABLES LIKE '%BEFORE_SCENARIO' IN DATABASE RAW")).toEqual([]);
});

test("what cannot be played is refused in one line", async () => {
  expect(await checkout.run("scenario", "basic")).toMatchObject({
    code: 2,
    err: "--yes must be passed in non-interactive mode\n",
  });
  expect((await checkout.run("scenario", "all", "--fast", "--yes", "--target", "account")).code).toBe(2);
  expect((await checkout.run("scenario", "everything", "--yes")).err).toContain("it is one of basic, changes");
});
