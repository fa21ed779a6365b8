/** The dashboard as somebody meets it: a real Chromium, a real snowglobe, and whatever may go wrong between them. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { startClassDashboard, startDashboard, type RunningDashboard } from "../../dashboard";
import { PASSWORD, startSnowglobe, type TestClient, type TestSnowglobe } from "../../snowglobe/tests/server";
import { ALL_STATES, loadStatement, makeModels, makeMonitoring, NAMES, sendMail } from "./balboa";
import { buildPage, launchBrowser, picture } from "./browser";
import { Relay } from "./relay";

/** Of a busy computer. */
const WAIT_MS = 45_000;
jest.setTimeout(150_000);

const TOKEN = "a token that is long enough";

let snowglobe: TestSnowglobe;
let client: TestClient;
let wire: Relay;
let dashboard: RunningDashboard;
let browser: Browser;
let page: Page;
let pageFolder: string;
/** What the page complained of. */
const complaints: string[] = [];

function start(port = 0): Promise<RunningDashboard> {
  return startDashboard({
    port,
    token: TOKEN,
    pageFolder,
    names: NAMES,
    label: "snowglobe on this computer",
    intervalSeconds: 1,
    isSparing: false,
    mailFolder: path.join(snowglobe.folder, "mail"),
    environment: () => ({
      SNOWFLAKE_ACCOUNT: "local",
      SNOWFLAKE_HOST: "127.0.0.1",
      SNOWFLAKE_PORT: String(wire.port),
      SNOWFLAKE_PROTOCOL: "http",
      SNOWFLAKE_USER: "ADMIN",
      SNOWFLAKE_PASSWORD: PASSWORD,
      SNOWFLAKE_WAREHOUSE: NAMES.warehouse,
    }),
  });
}

beforeAll(async () => {
  pageFolder = mkdtempSync(path.join(os.tmpdir(), "dashboard-page-"));
  buildPage(pageFolder);
  [snowglobe, browser] = await Promise.all([startSnowglobe(), launchBrowser()]);
  client = await snowglobe.connect();
  await makeModels(client);
  await makeMonitoring(client);
  await snowglobe.advance(600);
  wire = new Relay(() => snowglobe.port);
  await wire.join();
  dashboard = await start();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto(dashboard.address);
});

afterAll(async () => {
  await browser?.close();
  await dashboard?.close();
  await wire?.cut();
  await snowglobe?.stop();
  rmSync(pageFolder, { recursive: true, force: true });
});

/** Waits until an element's text holds another one. */
async function shows(selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor({ state: "attached", timeout: WAIT_MS });
}

/** The cells of a table's body, a row a line. */
async function cells(selector: string): Promise<string[]> {
  const rows = await page.locator(`${selector} tbody tr`).all();
  return Promise.all(rows.map(async (row) => (await row.locator("th, td").allTextContents()).join(" | ")));
}

/** The pixels of a chart. */
const barsOf = (side: string): Promise<Buffer> => page.locator(`#${side} .chart`).screenshot();

test("the page shows both tables, and its address keeps no token", async () => {
  await shows("#standard .headline", "7,429 loans in 1 state");
  await shows("#dynamic .headline", "7,429 loans in 1 state");
  await shows("#status", "Live");
  expect(page.url()).toBe(`http://127.0.0.1:${dashboard.port}/`);
  expect(await cells("#dynamic")).toEqual(["California | CA | 7,429"]);
  await shows("#failures .headline", "0 failures in 1 test");
  expect(complaints).toEqual([]);
  await picture(page, "california");
});

test("data changed underneath: the dynamic table's bars change, the standard table's do not", async () => {
  await client.run(loadStatement(ALL_STATES));
  await snowglobe.advance(100);
  await shows("#dynamic .headline", "6,514 loans in 10 states");
  expect(await cells("#dynamic")).toEqual([
    "Texas | TX | 2,915",
    "Virginia | VA | 1,487",
    "Washington | WA | 888",
    "Wisconsin | WI | 516",
    "Utah | UT | 278",
    "West Virginia | WV | 187",
    "Wyoming | WY | 87",
    "South Dakota | SD | 67",
    "Vermont | VT | 57",
    "Tennessee | TN | 32",
  ]);
  await shows("#announcements", "Dynamic table: 10 states");
  await shows("#mails", "alert: errors detected");

  const [standard, dynamic] = [await barsOf("standard"), await barsOf("dynamic")];
  await client.run(loadStatement(ALL_STATES.filter((state) => state !== "TX")));
  await snowglobe.advance(100);
  await shows("#dynamic .headline", "11,028 loans in 10 states");
  expect((await barsOf("dynamic")).equals(dynamic)).toBe(false);
  expect((await barsOf("standard")).equals(standard)).toBe(true);
  await shows("#standard .headline", "7,429 loans in 1 state");
  expect(await cells("#standard")).toEqual(["California | CA | 7,429"]);
  expect(await page.locator("#dynamic canvas").getAttribute("aria-label")).toMatch(
    /^Bar chart, dynamic table: California 7,429, Virginia 1,487/,
  );
});

test("failures, task run, alert run, mail and pipeline tell the same story", async () => {
  await shows("#failures .headline", "9 failures in 1 test");
  await shows("#tasks tbody", "CAPTURE_ERRORS_TASK");
  await shows("#tasks tbody", "succeeded");
  await shows("#alerts tbody", "triggered");
  await shows("#mails", "alert: errors detected");
  await shows(".node-errors", "1 row");
  await shows(".node-stream", "all consumed");
  await shows(".node-alert", "last: TRIGGERED");
  await shows(".node-standard", "changes only when dbt runs");
  for (const step of ["raw", "staging", "dynamic", "standard", "failures", "stream", "task", "errors", "alert", "mail"])
    expect(await page.locator(`.node-${step}`).getAttribute("data-status")).not.toBe("missing");
});

test("each lag has its target, and each refresh its mark", async () => {
  const label = (name: string) =>
    page.locator("#lags article", { hasText: name }).locator("canvas").getAttribute("aria-label");
  const dynamic = await label("LOANS_BY_STATE__DYNAMIC");
  expect(dynamic).toMatch(/target 1 minute\. Refreshes shown: .*\d+ NO_DATA/);
  expect(dynamic).toMatch(/3 FULL/);
  expect(await label("STG_PERSONAL_LOANS")).toMatch(/target DOWNSTREAM \(1 min\).*3 INCREMENTAL/);
  await shows("#refreshes tbody", "incremental");
});

test("a mail's script does not run, and its picture is not fetched", async () => {
  const spy = createServer(() => spied++);
  let spied = 0;
  await new Promise<void>((resolve) => spy.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(spy.address() as AddressInfo).port}/`;
  await sendMail(
    client,
    "hostile",
    `<h1>Look</h1><script>parent.document.title = "taken"; top.location = "about:blank"</script>
     <img src="${address}picture.png"><link rel="stylesheet" href="${address}style.css"><img src=x onerror="parent.document.title = 'taken'">
     <form action="${address}form"><button>Go</button></form>`,
  );
  const mail = page.locator(".mail", { hasText: "hostile" });
  await mail.waitFor({ timeout: WAIT_MS });
  await mail.locator("summary").press("Enter");
  const body = page.frameLocator('iframe[title="Mail: hostile"]');
  await body.locator("h1").waitFor();
  expect(await body.locator("h1").textContent()).toBe("Look");
  await body.locator("button").click();
  await shows("#status", "Live");
  expect(await page.title()).toBe("Dynamic tables: live");
  expect(spied).toBe(0);
  spy.closeAllConnections();
  spy.close();
  // What the browser forbade is all that was complained of.
  expect(complaints.splice(0).filter((text) => !/sandboxed|Content Security Policy/.test(text))).toEqual([]);
  await picture(page, "all-states");
});

test("a section that cannot be read says so, and the others live", async () => {
  await client.run("alter view stg_test_failures rename to elsewhere");
  await shows("#failures .section-error", "STG_TEST_FAILURES is not there yet");
  await shows("#status", "Live");
  await client.run("alter view elsewhere rename to stg_test_failures");
  await page.locator("#failures .section-error").waitFor({ state: "hidden", timeout: WAIT_MS });
});

test("a lost connection is said, and comes back by itself to another session; focus and open details stay", async () => {
  await page.evaluate("window.wasNotReloaded = true");
  await page.locator("#dynamic summary").press("Enter");
  await wire.cut();
  await shows("#problem", /^Connection to Snowflake lost since /);
  await shows("#announcements", /^Connection to Snowflake lost since /);
  expect(await page.locator("#status").getAttribute("data-state")).toBe("lost");
  await shows("#dynamic .headline", "11,028 loans in 10 states");
  await picture(page, "connection-lost");
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "BALBOA_DEV", schema: "WORKSHOP", warehouse: NAMES.warehouse });
  await client.run(loadStatement(["CA", "TX"]));
  await snowglobe.advance(100);
  await wire.join();
  await shows("#dynamic .headline", "10,344 loans in 2 states");
  await shows("#status", "Live");
  expect(await page.locator("#problem").isHidden()).toBe(true);
  expect(await page.evaluate("window.wasNotReloaded")).toBe(true);
  expect(await page.evaluate("document.activeElement.closest('#dynamic') !== null")).toBe(true);
  expect(await page.locator("#dynamic details").getAttribute("open")).not.toBeNull();
});

test("the dashboard's own end is said, and a new one is found without a reload", async () => {
  const { port } = dashboard;
  await dashboard.close();
  await shows("#problem", /^Connection to the dashboard lost since /);
  dashboard = await start(port);
  await page.locator("#problem").waitFor({ state: "hidden", timeout: WAIT_MS });
  await shows("#status", "Live");
  expect(await page.evaluate("window.wasNotReloaded")).toBe(true);
  complaints.length = 0;
});

test("light and dark, by the system and by the button; the choice stays", async () => {
  const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
  const light = await paper();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await paper();
  expect(dark).not.toBe(light);
  await picture(page, "dark");
  await page.locator("#theme").press("Enter");
  await shows("#theme", "Theme: light");
  expect(await paper()).toBe(light);
  await page.reload();
  await shows("#status", "Live");
  expect(await paper()).toBe(light);
  await page.locator("#theme").click();
  await page.emulateMedia({ colorScheme: "light" });
  expect(await paper()).toBe(dark);
  await page.locator("#theme").click();
});

test("a phone's width needs no sideways scrolling", async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await shows("#status", "Live");
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
  await shows(".node-staging .reads", "reads PERSONAL_LOANS");
  expect(await page.locator(".node-staging .reads").isVisible()).toBe(true);
  await picture(page, "phone");
  expect(complaints).toEqual([]);
});

describe("axe finds nothing", () => {
  const looks = [
    ["light", { colorScheme: "light", forcedColors: "none" }, 1280],
    ["dark", { colorScheme: "dark", forcedColors: "none" }, 1280],
    ["the user's own colours", { colorScheme: "light", forcedColors: "active" }, 1280],
    ["a phone's width", { colorScheme: "light", forcedColors: "none" }, 360],
  ] as const;

  async function violations(where: Page): Promise<string[]> {
    // Evaluated by the browser itself, as the page's own policy lets no foreign script in.
    await where.evaluate(axe.source);
    return where.evaluate(
      `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`,
    );
  }

  test.each(looks)("on an environment's page, in %s", async (name, media, width) => {
    await page.emulateMedia({ ...media, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    await shows("#status", "Live");
    await picture(page, `environment, ${name}`);
    expect(await violations(page)).toEqual([]);
  });

  test.each(looks)("on the wall of a class, in %s", async (name, media, width) => {
    const environment = (): Record<string, string> => ({
      SNOWFLAKE_ACCOUNT: "local",
      SNOWFLAKE_HOST: "127.0.0.1",
      SNOWFLAKE_PORT: String(snowglobe.port),
      SNOWFLAKE_PROTOCOL: "http",
      SNOWFLAKE_USER: "ADMIN",
      SNOWFLAKE_PASSWORD: PASSWORD,
      SNOWFLAKE_WAREHOUSE: NAMES.warehouse,
    });
    const elsewhere = { ...NAMES, rawDatabase: "BOB_RAW", analyticsDatabase: "BOB_BALBOA_DEV" };
    const wall = await startClassDashboard({
      ...{ port: 0, token: TOKEN, pageFolder, label: "a class", intervalSeconds: 1, isSparing: false, environment },
      members: [
        { name: "ada", names: NAMES, environment, token: `${TOKEN} ada` },
        { name: "bob", names: elsewhere, environment, token: `${TOKEN} bob` },
      ],
    });
    const sheet = await browser.newPage({ viewport: { width, height: 900 }, reducedMotion: "reduce" });
    try {
      await sheet.emulateMedia({ ...media, reducedMotion: "reduce" });
      await sheet.goto(wall.address);
      await sheet.locator("#members tbody tr", { hasText: "ada" }).waitFor({ timeout: WAIT_MS });
      expect(await sheet.locator("#members tbody tr").count()).toBe(2);
      await picture(sheet, `class, ${name}`);
      expect(await violations(sheet)).toEqual([]);
      expect(await sheet.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    } finally {
      await sheet.close();
      await wall.close();
    }
  });
});
