import { readFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { findRoot } from "../cli/paths";

/** What measurements were made with and on, as a line. */
export function machine(): string {
  const cpus = os.cpus();
  const gigabytes = (os.totalmem() / 2 ** 30).toFixed(0);
  const { version } = JSON.parse(readFileSync(path.join(findRoot(), "package.json"), "utf8")) as { version: string };
  return `workshop ${version}, Node ${process.version}, ${cpus.length} x ${cpus[0]?.model ?? os.arch()}, ${gigabytes} GB`;
}
