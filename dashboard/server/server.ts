/**
 * The dashboard's server: the page, a stream of snapshots, and the bodies of local mails. On 127.0.0.1 only, and only for
 * whoever was given the token.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Environment } from "../../loader/connection";
import { Mailbox } from "../mailbox";
import type { WatchedNames } from "../names";
import { Poller } from "../poller";
import { WatchedReader } from "../reader";
import type { Snapshot } from "../snapshot";
import { Access, isFromHere } from "./access";
import { readAssets, type Assets } from "./assets";
import { MAIL_POLICY, mailPage } from "./mailPage";

const HOST = "127.0.0.1";

/** The page runs its own files only; a mail is shown in a frame of this server. */
const PAGE_POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS = {
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Resource-Policy": "same-origin",
};

export interface DashboardOptions {
  /** TCP port; 0 lets the system choose. */
  readonly port: number;
  /** Whoever knows it may look. At least 16 characters. */
  readonly token: string;
  /** Folder of the built page. */
  readonly pageFolder: string;
  /** The SNOWFLAKE_* variables, asked for at each login. */
  readonly environment: () => Environment | Promise<Environment>;
  readonly names: WatchedNames;
  /** What is watched, for people. */
  readonly label: string;
  readonly intervalSeconds: number;
  /** See ReaderOptions; for an account, where warehouses cost. */
  readonly isSparing: boolean;
  /** Folder of .eml files. */
  readonly mailFolder?: string;
}

export interface RunningDashboard {
  readonly port: number;
  /** With the token. */
  readonly address: string;
  close(): Promise<void>;
}

/** @throws the system's error when the port cannot be had */
export async function startDashboard(options: DashboardOptions): Promise<RunningDashboard> {
  const dashboard = new Dashboard(options);
  const port = await dashboard.listen(options.port);
  return {
    port,
    address: `http://${HOST}:${port}/?token=${encodeURIComponent(options.token)}`,
    close: () => dashboard.close(),
  };
}

class Dashboard {
  private readonly access: Access;
  private readonly assets: Assets;
  private readonly mailbox: Mailbox | undefined;
  private readonly poller: Poller;
  private readonly server: Server;
  private port = 0;

  constructor({ token, pageFolder, mailFolder, ...options }: DashboardOptions) {
    if (token.length < 16) throw new Error("the dashboard's token is too short");
    this.access = new Access(token);
    this.assets = readAssets(pageFolder);
    this.mailbox = mailFolder === undefined ? undefined : new Mailbox(mailFolder);
    const { names, isSparing, environment, label } = options;
    this.poller = new Poller({
      environment,
      intervalMs: options.intervalSeconds * 1000,
      reader: new WatchedReader({ names, isSparing, mailbox: this.mailbox }),
      about: { pageVersion: this.assets.version, label },
    });
    this.server = createServer((request, response) => {
      // A fault in one answer must not end the process, which an unhandled rejection would.
      this.answer(request, response).catch(() => fail(response));
    });
  }

  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, HOST, () => {
        this.port = (this.server.address() as AddressInfo).port;
        resolve(this.port);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await Promise.all([closed, this.poller.close()]);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (!isFromHere(request, this.port)) return end(response, 403, "This server is for pages of its own only.");
    if (request.method !== "GET" && request.method !== "HEAD") return end(response, 405, "This server only reads.");
    const { path, query } = targetOf(request);
    const isInvited = path === "/" && this.access.isToken(query.get("token"));
    if (!isInvited && !this.access.hasCookie(request, this.port))
      return end(response, 401, "Open the address that ./workshop dashboard prints: it holds the token.");
    if (isInvited) response.setHeader("Set-Cookie", this.access.cookie(this.port));
    if (path === "/events") return this.stream(request, response);
    if (path.startsWith("/mail/")) return this.mail(path.slice("/mail/".length), response);
    this.file(path, response);
  }

  private file(path: string, response: ServerResponse): void {
    const asset = this.assets.files.get(path);
    if (!asset) return end(response, 404, "There is no such page.");
    response.setHeader("Content-Security-Policy", PAGE_POLICY);
    response.writeHead(200, { "Content-Type": asset.type }).end(asset.content);
  }

  /** Snapshots as server-sent events, until the page goes. */
  private stream(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
    const unsubscribe = this.poller.subscribe((snapshot: Snapshot) => {
      // A page that sleeps misses some; it gets the newest when it wakes.
      if (response.writableNeedDrain) return;
      response.write(`event: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`);
    });
    request.once("close", unsubscribe);
  }

  private async mail(id: string, response: ServerResponse): Promise<void> {
    const body = await this.mailbox?.body(id).catch(() => undefined);
    if (!body) return end(response, 404, "This mail's body is not known here.");
    response.setHeader("Content-Security-Policy", MAIL_POLICY);
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(mailPage(body));
  }
}

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
