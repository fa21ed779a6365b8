import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Who may see the dashboard: whoever was given the token, from this computer, on a page of ours. */
export class Access {
  private readonly cookieValue: string;

  /** @param token stands in the address that the command prints */
  constructor(private readonly token: string) {
    if (token.length < 16) throw new Error("the dashboard's token is too short");
    // Another secret than the token: a cookie that leaks opens no other browser by address.
    this.cookieValue = createHmac("sha256", token).update("dashboard cookie").digest("base64url");
  }

  isToken(text: string | null): boolean {
    return text !== null && equal(text, this.token);
  }

  /**
   * @param port cookies know no ports: each server's has a name of its own
   * @param path of the page that it opens, with all below
   */
  cookie(port: number, path = "/"): string {
    return `${cookieName(port)}=${this.cookieValue}; Path=${path}; HttpOnly; SameSite=Strict`;
  }

  hasCookie(request: IncomingMessage, port: number): boolean {
    const name = `${cookieName(port)}=`;
    const cookies = (request.headers.cookie ?? "").split(";").map((part) => part.trim());
    return cookies.some((cookie) => cookie.startsWith(name) && equal(cookie.slice(name.length), this.cookieValue));
  }
}

function cookieName(port: number): string {
  return `workshop_dashboard_${port}`;
}

function equal(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => createHmac("sha256", "").update(text).digest());
  return timingSafeEqual(x!, y!);
}

/**
 * Whether a request names this server itself. A page of some web site whose name was made to resolve to 127.0.0.1 (DNS
 * rebinding) sends its own name, and a page of another origin its own origin.
 *
 * @param host address that the server listens on
 */
export function isFromHere({ headers }: IncomingMessage, host: string, port: number): boolean {
  const hosts = [`${host}:${port}`, ...(host === "127.0.0.1" ? [`localhost:${port}`] : [])];
  if (!hosts.includes(headers.host ?? "")) return false;
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}
