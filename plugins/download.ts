import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/** Where Pulumi publishes its installation script, the CLI's archives and the plugins. */
const PUBLISHED = "https://get.pulumi.com/install.sh";
/** Why nothing is downloaded, for people. */
export const UNREACHABLE = "Pulumi's download site (get.pulumi.com) cannot be reached";
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

/** Node.js takes the limit for everything: name lookup, connection and answer. */
async function head(url: string, ms: number): Promise<boolean> {
  try {
    return (await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(ms) })).ok;
  } catch {
    return false;
  }
}
