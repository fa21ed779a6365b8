import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Makes the folder of an account's data where it is missing: its owner's alone. */
export function prepareDataDirectory(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** A random word in a file that only its owner reads, made at the first call. */
export function secretIn(folder: string, name: string): string {
  const file = path.join(folder, name);
  try {
    const kept = readFileSync(file, "utf8").trim();
    if (kept !== "") return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const secret = randomBytes(24).toString("base64url");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
