import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

import type { ResultForm } from "../session/contract";

/** What may be done below a folder of the stage store: `add` never replaces a file that is there. */
export type StageAccess = "read" | "add" | "replace";

/** What a bearer of a grant may do. */
export type BearerGrant =
  | {
      readonly kind: "chunk";
      readonly userId: number;
      readonly queryId: string;
      readonly index: number;
      readonly form: ResultForm;
    }
  | { readonly kind: "stage"; readonly access: StageAccess; readonly location: string };

/**
 * Signed, expiring permissions that stand in an address or a bearer token, so that a result chunk or a stage file can
 * be fetched without a session, as drivers do. The key lives as long as the server.
 */
export class GrantSigner {
  readonly #key = randomBytes(32);

  /** @param lifeSeconds how long a grant holds */
  constructor(private readonly lifeSeconds: number) {}

  /** Text that is safe in an address. */
  sign(grant: BearerGrant): string {
    const expires = Date.now() + this.lifeSeconds * 1000;
    const payload = Buffer.from(JSON.stringify({ grant, expires })).toString("base64url");
    return `${payload}.${this.#mac(payload).toString("base64url")}`;
  }

  /** The grant behind a text; undefined when it is forged or too old. */
  verify(text: string): BearerGrant | undefined {
    const [payload, mac] = text.split(".");
    if (!payload || !mac) return undefined;
    const given = Buffer.from(mac, "base64url");
    const wanted = this.#mac(payload);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    const { grant, expires } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as {
      grant: BearerGrant;
      expires: number;
    };
    return Date.now() < expires ? grant : undefined;
  }

  #mac(payload: string): Buffer {
    return createHmac("sha256", this.#key).update(payload).digest();
  }
}
