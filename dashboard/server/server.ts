/**
 * The dashboard's server: pages, a stream of snapshots for each, and the bodies of local mails. Only for whoever was given
 * a page's token, and without being asked otherwise on 127.0.0.1 only.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mergePatch } from "../mergePatch";
import { isFromHere } from "./access";
import type { Assets } from "./assets";
import { MAIL_POLICY, mailPage } from "./mailPage";
import type { Mount } from "./mount";

/** This computer, for programs on it alone. */
const LOOPBACK = "127.0.0.1";

/** The pages run their own files only; a mail is shown in a frame of this server. */
const PAGE_POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS = {
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Serves pages, each to its own readers. */
export class PageServer {
  private readonly server: Server;
  private port = 0;

  /**
   * @param mounts pages by where they lie; the one of `/` comes last
   * @param host address of this computer to listen on
   */
  constructor(
    private readonly assets: Assets,
    private readonly mounts: readonly Mount[],
    private readonly host: string = LOOPBACK,
  ) {
    this.server = createServer((request, response) => {
      // A fault in one answer must not end the process, which an unhandled rejection would.
      this.answer(request, response).catch(() => fail(response));
    });
  }

  /**
   * @param port 0 lets the system choose
   * @returns the port
   * @throws the system's error when it cannot be had
   */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, this.host, () => {
        this.port = (this.server.address() as AddressInfo).port;
        resolve(this.port);
      });
    });
  }

  /** The address that opens a page, with its token. */
  address(path: string, token: string): string {
    return `http://${this.host}:${this.port}${path}?token=${encodeURIComponent(token)}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await Promise.all([closed, ...this.mounts.map((mount) => mount.close())]);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (!isFromHere(request, this.host, this.port))
      return end(response, 403, "This server is for pages of its own only.");
    if (request.method !== "GET" && request.method !== "HEAD") return end(response, 405, "This server only reads.");
    const { path, query } = targetOf(request);
    // What is no path at all lies nowhere; who may see the first page is told so.
    const mount = this.mounts.find((one) => path.startsWith(one.path)) ?? this.mounts.at(-1)!;
    const [own] = mount.access;
    const isInvited = path === mount.path && own.isToken(query.get("token"));
    if (!isInvited && !mount.access.some((access) => access.hasCookie(request, this.port)))
      return refuse(response, path === mount.path);
    if (isInvited) response.setHeader("Set-Cookie", own.cookie(this.port, mount.path));
    const name = path.startsWith(mount.path) ? path.slice(mount.path.length) : path;
    if (name === "events") return this.stream(mount, request, response);
    if (name.startsWith("mail/")) return this.mail(mount, name.slice("mail/".length), response);
    this.file(name === "" ? mount.page : name, response);
  }

  private file(name: string, response: ServerResponse): void {
    const asset = this.assets.files.get(name);
    if (!asset) return end(response, 404, "There is no such page.");
    response.setHeader("Content-Security-Policy", PAGE_POLICY);
    response.writeHead(200, { "Content-Type": asset.type }).end(asset.content);
  }

  /** A snapshot and then what changes of it, as server-sent events, until the page goes. */
  private stream(mount: Mount, request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
    let sent: object | undefined;
    const unsubscribe = mount.subscribe((snapshot) => {
      // A page that sleeps misses some; it gets the newest when it wakes.
      if (response.writableNeedDrain) return;
      const [event, data] = sent ? ["change", mergePatch(sent, snapshot) ?? {}] : ["snapshot", snapshot];
      sent = snapshot;
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    });
    request.once("close", unsubscribe);
  }

  private async mail(mount: Mount, id: string, response: ServerResponse): Promise<void> {
    const body = await mount.mail?.(id).catch(() => undefined);
    if (!body) return end(response, 404, "This mail's body is not known here.");
    response.setHeader("Content-Security-Policy", MAIL_POLICY);
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(mailPage(body));
  }
}

/** Somebody without the token; to a person a page says what to do. */
function refuse(response: ServerResponse, isPage: boolean): void {
  if (!isPage) return end(response, 401, WITHOUT_TOKEN);
  response.setHeader("Content-Security-Policy", PAGE_POLICY);
  response
    .writeHead(401, { "Content-Type": "text/html; charset=utf-8" })
    .end(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<meta name="color-scheme" content="light dark"><title>Dashboard: token wanted</title>` +
        `<main><h1>This page wants its token</h1><p>${WITHOUT_TOKEN}</p></main></html>`,
    );
}

const WITHOUT_TOKEN = "Open the address that ./workshop dashboard prints: it holds the token.";

function end(response: ServerResponse, status: number, line: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${line}\n`);
}

function fail(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else end(response, 500, "This page cannot be shown: the dashboard failed on the request.");
}

/**
 * What a request asks for, as it came: no name turns into another one unseen, and no text is refused by a parser (`//`
 * is no URL, yet a client may send it).
 */
function targetOf(request: IncomingMessage): { readonly path: string; readonly query: URLSearchParams } {
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  if (mark < 0) return { path: target, query: new URLSearchParams() };
  return { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) };
}
