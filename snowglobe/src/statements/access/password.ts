import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** How many passwords are remembered as right. */
const REMEMBERED = 1_000;

/**
 * Digests of passwords that were right, by the kept hash; in memory only. scrypt is slow on purpose, about 50 ms, which
 * each of dbt's several logins a command would pay again.
 */
const right = new Map<string, Buffer>();

/** A hash that no password has, for logins of users who are not there. */
const NOBODY = `${randomBytes(SALT_BYTES).toString("hex")}:${"00".repeat(HASH_BYTES)}`;

const slowHash = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;

/**
 * Hashes are made on libuv's threads, which statements need as well: of those that wait, two are made at a time, so that
 * logins by the thousand hold up nobody else.
 */
const AT_ONCE = 2;
let working = 0;
const waiting: (() => void)[] = [];

async function hash(password: string, salt: Buffer): Promise<Buffer> {
  if (working >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else working++;
  try {
    return await slowHash(password, salt, HASH_BYTES);
  } finally {
    // Whoever is next takes the place over.
    const next = waiting.shift();
    if (next) next();
    else working--;
  }
}

/** A password as it is kept: salt and scrypt hash in hex. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const kept = `${salt.toString("hex")}:${(await hash(password, salt)).toString("hex")}`;
  remember(password, kept);
  return kept;
}

/**
 * Whether a password is the one that is kept.
 *
 * @param kept null for a user who is not there, or has no password: as slow as a wrong password, so that nobody learns by
 *   the time which users there are
 */
export async function passwordMatches(password: string, kept: string | null): Promise<boolean> {
  const known = kept === null ? undefined : right.get(kept);
  if (known && timingSafeEqual(known, digest(password))) return true;
  const [salt, expectedHex] = (kept ?? NOBODY).split(":");
  const expected = Buffer.from(expectedHex ?? "", "hex");
  const given = await hash(password, Buffer.from(salt ?? "", "hex"));
  const matches = kept !== null && expected.length === given.length && timingSafeEqual(expected, given);
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
