/** Clients that mean no good, or are slow: they cost the server little, and others nothing. */
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { startServer, type RunningServer } from "../../src/server";
import { FakeEngine } from "./fakeEngine";
import { quietLogger } from "./quietLogger";
import { raw, RawClient } from "./rawClient";

let engine: FakeEngine;
let server: RunningServer;
let client: RawClient;
const sockets: Socket[] = [];

beforeEach(async () => {
  engine = new FakeEngine();
  const limits = { stalledMilliseconds: 300, longPollMilliseconds: 50 };
  server = await startServer(engine, { host: "127.0.0.1", port: 0, logger: quietLogger(), limits });
  client = new RawClient(server.port);
  await client.login();
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
  engine.dispose();
});

/** Sends bytes, and collects what comes back until the server ends the connection or `until` has come. */
function talk(bytes: string, until: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(server.port, "127.0.0.1", () => void socket.write(bytes));
    sockets.push(socket);
    socket.on("data", (part: Buffer) => {
      text += part.toString();
      if (until.test(text)) resolve(text);
    });
    socket.on("error", () => undefined).on("close", () => resolve(text));
  });
}

const LOGIN = "/session/v1/login-request";

describe("before a login", () => {
  test.each([
    ["plain", "x".repeat(300 * 1024), {}],
    ["a megabyte that packs into a kilobyte", gzipSync("[".repeat(1024 * 1024)), { "Content-Encoding": "gzip" }],
  ])("a large body is not read: %s", async (_, body, headers: Record<string, string>) => {
    for (const path of [LOGIN, "/session/token-request"]) {
      expect((await raw(server.port, path, { method: "POST", headers, body })).status).toBe(413);
    }
    expect(await client.query("select 1")).toMatchObject({ success: true });
  });

  test("without a right token no body is read at all", async () => {
    const body = gzipSync(`{"sqlText":"${"x".repeat(1024 * 1024)}"}`);
    const headers = { "Content-Encoding": "gzip", Authorization: 'Snowflake Token="guess"' };
    for (const path of ["/queries/v1/query-request", "/queries/v1/abort-request", "/session"]) {
      const answer = await raw(server.port, `${path}?delete=true`, { method: "POST", headers, body });
      expect(JSON.parse(answer.bytes.toString())).toMatchObject({ success: false, code: "390104" });
    }
  });
});

test("a body that stalls is given up", async () => {
  const head = (encoding: string) =>
    `POST ${LOGIN} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Encoding: ${encoding}\r\nContent-Length: 1000\r\n\r\n`;
  expect(await talk(`${head("identity")}{"data":`, /\}$/)).toMatch(/^HTTP\/1.1 408 .*body for 0.3 seconds/s);
  expect(await talk(head("gzip"), /\}$/)).toMatch(/^HTTP\/1.1 408 /);
});

test("a body that nobody wants is cut when it does not end", async () => {
  const path = "/telemetry/send";
  const text = await talk(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n\r\n${"x".repeat(3 * 1024 * 1024)}`,
    /never/,
  );
  expect(text).not.toContain("never");
});

test("2,000 connections that say nothing, and as many that say half a word, leave room for others", async () => {
  const ready: Promise<void>[] = [];
  for (let at = 0; at < 2_000; at++) {
    ready.push(
      new Promise((resolve, reject) => {
        const socket = connect(server.port, "127.0.0.1", () => {
          if (at % 2) socket.write("GET /heal");
          resolve();
        });
        socket.once("error", reject);
        sockets.push(socket);
      }),
    );
    if (at % 200 === 0) await Promise.all(ready);
  }
  await Promise.all(ready);
  for (const socket of sockets) socket.on("error", () => undefined);
  expect(await client.query("select 1")).toMatchObject({ success: true });
});
