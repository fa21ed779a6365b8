import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { cacheDir } from "../../plugins/cache";

/** Lines that are kept. */
export const HISTORY_LINES = 1_000;

/** Lines that may hold a secret are not kept. */
const SECRET = /password|passphrase|secret|private_key|token/i;

/** Where the prompt's history is kept: for each user, whatever the checkout. */
function historyFile(env: NodeJS.ProcessEnv): string {
  return path.join(cacheDir(env), "sql_history");
}

/** Lines of earlier prompts, the latest first, as node:readline wants them. */
export function loadHistory(env: NodeJS.ProcessEnv): string[] {
  const file = historyFile(env);
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).reverse() : [];
}

/** Keeps the lines, the latest first, readable by their user only. */
export function saveHistory(env: NodeJS.ProcessEnv, lines: readonly string[]): void {
  const file = historyFile(env);
  mkdirSync(path.dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  const kept = lines.slice(0, HISTORY_LINES).filter(mayBeKept).reverse();
  writeFileSync(aside, kept.map((line) => `${line}\n`).join(""), { mode: 0o600 });
  renameSync(aside, file);
}

export function mayBeKept(line: string): boolean {
  return !SECRET.test(line);
}
