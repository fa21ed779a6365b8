import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import * as path from "node:path";

/** Where Pulumi publishes its installation script, the CLI's archives and the plugins. */
const PUBLISHED = "https://get.pulumi.com/install.sh";
const PROBE_MS = 3_000;
const REMEMBER_MS = 6 * 3600 * 1000;
const MEMORY = "download-failed.json";

/**
 * Whether Pulumi's published files can be downloaded from here.
 *
 * Behind a firewall that drops packets a download attempt costs half a minute and more before it fails, so one small
 * request with a short limit decides. A failure is remembered for six hours, because `up` must not pay for it each time;
 * not longer, because a laptop changes networks. Success is not remembered: what was downloaded is then there.
 */
export async function canDownload(cache: string, probe: (url: string, ms: number) => Promise<boolean> = head) {
  const file = path.join(cache, MEMORY);
  try {
    const { at } = JSON.parse(readFileSync(file, "utf8")) as { at: number };
    const age = Date.now() - at;
    if (age >= 0 && age < REMEMBER_MS) return false;
  } catch {
    // Nothing remembered.
  }
  if (await probe(PUBLISHED, PROBE_MS)) return true;
  rememberFailure(cache);
  return false;
}

/** Makes {@link canDownload} say no for a while, after a download that began and failed. */
export function rememberFailure(cache: string): void {
  mkdirSync(cache, { recursive: true });
  writeFileSync(path.join(cache, MEMORY), JSON.stringify({ at: Date.now() }));
}

function head(url: string, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(url, { method: "HEAD", timeout: ms }, (response) => {
      response.resume();
      done(response.statusCode === 200);
    });
    // The option above is about silence on the socket; this limit is about everything, name lookup included.
    const limit = setTimeout(() => done(false), ms);
    const done = (answer: boolean) => {
      clearTimeout(limit);
      asked.destroy();
      resolve(answer);
    };
    asked.on("error", () => done(false)).on("timeout", () => done(false));
    asked.end();
  });
}
