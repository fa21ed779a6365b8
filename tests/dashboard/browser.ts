/** A real Chromium, from the npm package that carries one: nothing is downloaded. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";

const ROOT = path.resolve(__dirname, "../..");

/** Pictures of what the tests saw; git does not keep them. */
const PICTURES = path.join(ROOT, ".workshop", "screenshots");

export async function launchBrowser(): Promise<Browser> {
  const { default: carried } = await import("@sparticuz/chromium");
  // Not the package's own arguments: they would switch off what protects one site from another.
  return chromium.launch({
    executablePath: await carried.executablePath(),
    args: ["--no-sandbox", "--no-zygote", "--disable-dev-shm-usage", "--font-render-hinting=none"],
  });
}

/**
 * With UPDATE_SCREENSHOTS in the environment: the README's pictures, `docs/images/dashboard*.png`.
 *
 * @param address of the dashboard, token included; with all states loaded
 */
export async function documentationPictures(browser: Browser, address: string): Promise<void> {
  if (!process.env.UPDATE_SCREENSHOTS) return;
  const folder = path.join(ROOT, "docs", "images");
  mkdirSync(folder, { recursive: true });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  const settle = () => page.waitForTimeout(2_000);
  const take = async (name: string, from: string, to: string): Promise<void> => {
    const [first, last] = [await boxOf(page, from), await boxOf(page, to)];
    const y = Math.max(0, first.y - 24);
    const clip = { x: 30, y, width: 1220, height: last.y + last.height + 24 - y };
    await page.screenshot({ path: path.join(folder, `${name}.png`), clip, fullPage: true });
  };
  await page.goto(address);
  await page.locator("#mails summary").first().waitFor();
  await settle();
  await take("dashboard", "header", "#pipeline");
  await take("dashboard-lag", "#lag-title", "#failures");
  await page.emulateMedia({ colorScheme: "dark" });
  await settle();
  await take("dashboard-dark", "header", "#pipeline");
  await page.setViewportSize({ width: 390, height: 844 });
  await settle();
  await page.screenshot({ path: path.join(folder, "dashboard-phone.png") });
  await page.close();
}

/** Where an element lies in the whole page. */
async function boxOf(page: Page, selector: string): Promise<{ y: number; height: number }> {
  return page
    .locator(selector)
    .first()
    .evaluate((found) => {
      const { top, height } = found.getBoundingClientRect();
      return { y: top + found.ownerDocument.defaultView.scrollY, height };
    });
}

/** Builds the page as cli/build.mjs does, into a folder of the test's. */
export function buildPage(folder: string): void {
  const script =
    "require('esbuild').buildSync({ ...require('./dashboard/page/build.json'), outdir: process.argv[1], logLevel: 'error' })";
  execFileSync(process.execPath, ["-e", script, folder], { cwd: ROOT, timeout: 30_000 });
}

/** Keeps a picture of the whole page. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true });
}
