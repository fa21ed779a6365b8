import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { UserError } from "../errors";
import type { Paths } from "../paths";

/**
 * The secret that encrypts the local stacks' secrets; random, made once, readable by its owner only. It reaches the
 * engine by the environment.
 */
export function ensurePassphrase(paths: Paths): string {
  if (!existsSync(paths.passphrase)) {
    mkdirSync(path.dirname(paths.passphrase), { recursive: true });
    const aside = `${paths.passphrase}.${process.pid}`;
    writeFileSync(aside, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
    try {
      // Linked, so that of two commands at once one wins and both read the same.
      linkSync(aside, paths.passphrase);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(aside, { force: true });
    }
  }
  const passphrase = readFileSync(paths.passphrase, "utf8").trim();
  if (!passphrase)
    throw new UserError(`${paths.passphrase} is empty: restore it, or run ./workshop local reset --state.`);
  return passphrase;
}
