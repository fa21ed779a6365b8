import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** A password as it is kept: salt and scrypt hash in hex. */
export function hashPassword(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  return `${salt.toString("hex")}:${scryptSync(password, salt, HASH_BYTES).toString("hex")}`;
}

export function passwordMatches(password: string, kept: string): boolean {
  const [salt, hash] = kept.split(":");
  const expected = Buffer.from(hash ?? "", "hex");
  const given = scryptSync(password, Buffer.from(salt ?? "", "hex"), HASH_BYTES);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
