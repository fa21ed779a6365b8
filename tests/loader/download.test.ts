import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOWNLOAD_LIMITS, download, plainUrl } from "../../loader/download";
import { SourceError } from "../../loader/errors";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const LIMITS = { attempts: 3, backoffMs: 1, idleMs: 1_000, maxBytes: 1_000_000 };
const BODY = "x".repeat(100_000);

let folder: string;
let server: Server;
/** What the server does with the first, second ... request; the last handler serves the rest. */
let handlers: Handler[];
let requests: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "download-test-"));
  server = createServer((request, response) => {
    const handler = handlers[Math.min(requests, handlers.length - 1)]!;
    requests++;
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  requests = 0;
});

const path = (): string => join(folder, "file");
const url = (): URL => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/loans.csv?key=secret`);
const get = (limits = LIMITS, signal?: AbortSignal): Promise<void> =>
  download(url(), path(), () => undefined, signal, limits);

const good: Handler = (_request, response) => response.setHeader("content-length", BODY.length).end(BODY);
const status =
  (code: number): Handler =>
  (_request, response) =>
    response.writeHead(code).end("no");
const reset: Handler = (request) => request.socket.destroy();
/** Announces the whole, sends half, breaks the connection. */
const half: Handler = (_request, response) => {
  response.setHeader("content-length", BODY.length);
  response.write(BODY.slice(0, 50_000), () => response.socket?.destroy());
};
/** Sends half and falls silent. */
const silent: Handler = (_request, response) => {
  response.setHeader("content-length", BODY.length);
  response.write(BODY.slice(0, 50_000));
};

test("a file comes whole, with progress up to its announced size", async () => {
  handlers = [good];
  const seen: [number, number | undefined][] = [];
  await download(url(), path(), (bytes, total) => seen.push([bytes, total]), undefined, LIMITS);
  expect(readFileSync(path(), "utf8")).toBe(BODY);
  expect(seen.at(-1)).toEqual([BODY.length, BODY.length]);
  expect(requests).toBe(1);
});

test.each<[string, Handler]>([
  ["503", status(503)],
  ["429", status(429)],
  ["a reset connection", reset],
  ["half a file", half],
  ["silence", silent],
])("after %s it tries again, from the start", async (_what, bad) => {
  handlers = [bad, bad, good];
  await get();
  expect(readFileSync(path(), "utf8")).toBe(BODY);
  expect(requests).toBe(3);
});

test.each<[string, Handler, string]>([
  ["503", status(503), "the server answers 503 Service Unavailable (tried 3 times)"],
  ["reset connections", reset, "(tried 3 times)"],
  ["silence", silent, "no byte came for 1 s (tried 3 times)"],
])("after %s at each try it gives up", async (_what, bad, message) => {
  handlers = [bad];
  const failure: unknown = await get().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SourceError);
  expect((failure as Error).message).toContain(message);
  expect((failure as Error).message).toContain(`Cannot download ${plainUrl(url())}: `);
  expect((failure as Error).message).not.toContain("secret");
  expect(requests).toBe(3);
});

test.each([404, 403, 410])("%d is final: no second try", async (code) => {
  handlers = [status(code), good];
  await expect(get()).rejects.toThrow(`the server answers ${code}`);
  expect(requests).toBe(1);
});

test("a file beyond the limit is refused, announced or not", async () => {
  handlers = [good];
  await expect(get({ ...LIMITS, maxBytes: 99_999 })).rejects.toThrow("larger than the limit of 99999 bytes");
  handlers = [(_request, response) => response.write(BODY, () => response.end())];
  await expect(get({ ...LIMITS, maxBytes: 99_999 })).rejects.toThrow("larger than the limit of 99999 bytes");
  await get({ ...LIMITS, maxBytes: 100_000 });
  expect(requests).toBe(3);
});

test("a closed port is a fault of the network", async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const attempt = download(new URL(`http://127.0.0.1:${port}/x`), path(), () => undefined, undefined, LIMITS);
  await expect(attempt).rejects.toThrow("ECONNREFUSED");
});

test("a signal ends it, also while it waits for the next try", async () => {
  handlers = [status(503)];
  const controller = new AbortController();
  const attempt = get({ ...LIMITS, backoffMs: 60_000 }, controller.signal);
  setTimeout(() => controller.abort(), 50);
  await expect(attempt).rejects.toThrow("aborted");
  expect(requests).toBe(1);
});

test("the limits in use are bounded", () => {
  expect(DOWNLOAD_LIMITS.attempts).toBeGreaterThan(1);
  expect(DOWNLOAD_LIMITS.attempts * DOWNLOAD_LIMITS.idleMs).toBeLessThanOrEqual(5 * 60_000);
});
