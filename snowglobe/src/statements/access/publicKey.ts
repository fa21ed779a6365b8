import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { invalidValue } from "../../errors";

const LEAST_RSA_BITS = 2048;
/** Curves of ES256, ES384 and ES512, by their names in OpenSSL. */
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];

/**
 * A user's public key as RSA_PUBLIC_KEY takes it: the Base64 lines of the PEM file without its delimiters.
 * Source: "Key-pair authentication and key-pair rotation".
 */
export function publicKeyOf(text: string): KeyObject {
  return createPublicKey({ key: der(text), format: "der", type: "spki" });
}

/** As DESCRIBE USER shows it and drivers send it: `SHA256:` and the Base64 digest of the key. */
export function fingerprint(text: string): string {
  return `SHA256:${createHash("sha256").update(der(text)).digest("base64")}`;
}

/**
 * Checks what a user is to be given as a key. The error does not repeat it.
 *
 * @param property RSA_PUBLIC_KEY or RSA_PUBLIC_KEY_2, for the message
 */
export function requirePublicKey(text: string, property: string): void {
  let key: KeyObject;
  try {
    key = publicKeyOf(text);
  } catch {
    throw invalidValue("no public key in Base64 without delimiters", property);
  }
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const strong =
    key.asymmetricKeyType === "rsa" ? (modulusLength ?? 0) >= LEAST_RSA_BITS : CURVES.includes(namedCurve!);
  if (!strong) throw invalidValue("a key that is neither RSA of 2048 bits nor of a curve of ES256 to ES512", property);
}

function der(text: string): Buffer {
  return Buffer.from(text.replace(/\s/g, ""), "base64");
}
