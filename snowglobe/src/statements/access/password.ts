import { createHash, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** How many passwords are remembered as right. */
const REMEMBERED = 1_000;

/**
 * Digests of passwords that were right, by the kept hash; in memory only. scrypt is slow on purpose, about 50 ms, which
 * each of dbt's several logins a command would pay again.
 */
const right = new Map<string, Buffer>();

/** A password as it is kept: salt and scrypt hash in hex. */
export function hashPassword(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const kept = `${salt.toString("hex")}:${scryptSync(password, salt, HASH_BYTES).toString("hex")}`;
  remember(password, kept);
  return kept;
}

export function passwordMatches(password: string, kept: string): boolean {
  const known = right.get(kept);
  if (known && timingSafeEqual(known, digest(password))) return true;
  const [salt, hash] = kept.split(":");
  const expected = Buffer.from(hash ?? "", "hex");
  const given = scryptSync(password, Buffer.from(salt ?? "", "hex"), HASH_BYTES);
  const matches = expected.length === given.length && timingSafeEqual(expected, given);
  if (matches) remember(password, kept);
  return matches;
}

function remember(password: string, kept: string): void {
  right.set(kept, digest(password));
  const [oldest] = right.keys();
  if (right.size > REMEMBERED) right.delete(oldest!);
}

function digest(password: string): Buffer {
  return createHash("sha256").update(password).digest();
}
