import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/**
 * Deletes the secret, unless the user's settings in the checkout (`Pulumi.local.yaml`, `Pulumi.local-alice.yaml`) are
 * encrypted with it, by `pulumi stack init` or `pulumi config set --secret`: they could not be read any more.
 */
export function removePassphrase(paths: Paths): void {
  const isEncrypted = (file: string): boolean =>
    /^encryptionsalt:/m.test(readFileSync(path.join(paths.root, file), "utf8"));
  const settings = readdirSync(paths.root).filter((name) => /^Pulumi\.local(-[^.]+)?\.yaml$/.test(name));
  if (!settings.some(isEncrypted)) rmSync(paths.passphrase, { force: true });
}
