import { randomUUID, verify } from "node:crypto";
import type { User } from "../catalog/objects";
import { SnowflakeError } from "../errors";
import { fingerprint, publicKeyOf } from "../statements/access/publicKey";

/** Digests by the algorithm that the token names. */
const DIGESTS: Readonly<Record<string, string>> = {
  RS256: "sha256",
  RS384: "sha384",
  RS512: "sha512",
  ES256: "sha256",
  ES384: "sha384",
  ES512: "sha512",
};

/** How far the clocks of client and server may be apart. */
const CLOCK_SKEW_SECONDS = 60;
/** A token is taken for an hour at most, whatever it says itself. Source: "Using key pair authentication" (SQL API). */
const MOST_SECONDS = 3_600;
/** Later times in seconds lie in the year 5138: what is larger is in milliseconds, as one of the drivers sends it. */
const LATEST_SECONDS = 1e11;

interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly iat?: number;
  readonly exp?: number;
}

/**
 * The user that a key-pair token speaks for, checked with that user's own keys.
 *
 * @param token a JWT signed with the user's private key
 * @param loginName as in the request; '' where the driver leaves it to the token
 * @param usersOf the user of a login name, if there is one
 * @throws SnowflakeError 390144, whatever is wrong with it: strangers learn no more
 *
 * Sources: "Key-pair authentication and key-pair rotation", "Key Pair Authentication: Troubleshooting".
 */
export function userOfKeyPair(token: string, loginName: string, userOf: (loginName: string) => User | undefined): User {
  const [head = "", body = "", signature = ""] = token.split(".");
  const header = decoded(head) as { alg?: unknown } | undefined;
  const claims = decoded(body) as Claims | undefined;
  const digest = DIGESTS[String(header?.alg)];
  if (!digest || typeof claims?.sub !== "string" || typeof claims.iss !== "string") throw invalidToken();
  // ACCOUNT.USER: an account has no dot, a user may.
  const name = claims.sub.slice(claims.sub.indexOf(".") + 1);
  if (loginName !== "" && loginName.toUpperCase() !== name.toUpperCase()) throw invalidToken();
  const user = userOf(name);
  if (!user || !isCurrent(claims)) throw invalidToken();
  const keys = [user.properties.RSA_PUBLIC_KEY, user.properties.RSA_PUBLIC_KEY_2].filter((key) => key !== undefined);
  const key = keys.find((one) => claims.iss === `${claims.sub}.${fingerprint(one)}`);
  if (!key) throw invalidToken();
  const signed = verify(
    digest,
    Buffer.from(`${head}.${body}`),
    { key: publicKeyOf(key), dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  if (!signed) throw invalidToken();
  return user;
}

function isCurrent({ iat, exp }: Claims): boolean {
  const now = Date.now() / 1000;
  const issued = seconds(iat);
  const expires = seconds(exp) ?? (issued === undefined ? undefined : issued + MOST_SECONDS);
  if (expires === undefined || now > expires + CLOCK_SKEW_SECONDS) return false;
  return issued === undefined || (issued <= now + CLOCK_SKEW_SECONDS && now <= issued + MOST_SECONDS);
}

function seconds(time: number | undefined): number | undefined {
  if (typeof time !== "number") return undefined;
  return time > LATEST_SECONDS ? time / 1000 : time;
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

function invalidToken(): SnowflakeError {
  return new SnowflakeError("390144", "08001", `JWT token is invalid. [${randomUUID()}]`);
}
