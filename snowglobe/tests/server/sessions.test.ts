/** Life and death of sessions and their tokens. */
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { startServer, type RunningServer, type ServerLimits } from "../../src/server";
import { NUMBER } from "../../src/sql/ast/dataType";
import { column, FakeEngine, table } from "./fakeEngine";
import { NodeClient } from "./nodeDriver";
import { RawClient } from "./rawClient";

let engine: FakeEngine;
let server: RunningServer | undefined;

beforeEach(() => {
  engine = new FakeEngine();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await server?.close();
  engine.dispose();
});

async function start(limits: Partial<ServerLimits> = {}): Promise<RunningServer> {
  server = await startServer(engine, { host: "127.0.0.1", port: 0, limits });
  return server;
}

/** From now on the clock is this much ahead. */
function later(seconds: number): void {
  const now = Date.now();
  jest.spyOn(Date, "now").mockImplementation(() => now + seconds * 1000);
}

test("a driver renews an expired token and repeats its statement, in the same session", async () => {
  const { port } = await start();
  const client = await NodeClient.connect(port);
  later(3601);
  expect((await client.execute("select 1")).rows).toEqual([{ "1": 1 }]);
  expect(engine.sessions).toHaveLength(1);
  expect(engine.texts).toEqual(["select 1"]);
  await client.close();
  expect(engine.sessions[0]!.closed).toBe(1);
});

test("renewal: codes and fields", async () => {
  const client = new RawClient((await start()).port);
  await client.login();
  const old = client.sessionToken;
  later(3601);
  expect(await client.query("select 1")).toMatchObject({ success: false, code: "390112", data: null });
  expect(await client.post("/session/heartbeat", undefined)).toMatchObject({ code: "390112" });
  const renewal = { oldSessionToken: old, requestType: "RENEW" };
  const { data } = await client.post("/session/token-request", renewal, client.masterToken);
  expect(data).toMatchObject({
    sessionId: engine.sessions[0]!.id,
    validityInSecondsST: 3600,
    validityInSecondsMT: 14400,
    sessionToken: expect.any(String),
    masterToken: expect.any(String),
  });
  client.sessionToken = data!.sessionToken as string;
  expect(await client.query("select 1")).toMatchObject({ success: true });
  expect(await client.post("/session/heartbeat", undefined)).toMatchObject({ success: true, data: null });
});

test("a session token is no master token, and the other way round", async () => {
  const client = new RawClient((await start()).port);
  await client.login();
  expect(await client.post("/session/token-request", { requestType: "RENEW" })).toMatchObject({ code: "390104" });
  expect(await client.post("/session/heartbeat", undefined, client.masterToken)).toMatchObject({ code: "390104" });
  expect(await client.post("/session/heartbeat", undefined, "guess")).toMatchObject({ code: "390104" });
});

test("use pushes the end of the master token's life; without use it comes", async () => {
  const client = new RawClient((await start()).port);
  await client.login();
  const renewal = { oldSessionToken: client.sessionToken, requestType: "RENEW" };
  later(14_000);
  const { data } = await client.post("/session/token-request", renewal, client.masterToken);
  jest.restoreAllMocks();
  later(28_000);
  const again = await client.post("/session/token-request", renewal, data!.masterToken as string);
  expect(again.success).toBe(true);
  jest.restoreAllMocks();
  later(28_000 + 14_401);
  expect(await client.post("/session/token-request", renewal, again.data!.masterToken as string)).toMatchObject({
    success: false,
    code: "390114",
  });
});

test("an idle session is closed by the server", async () => {
  const client = new RawClient((await start({ masterTokenSeconds: 0.2 })).port);
  await client.login();
  const [session] = engine.sessions;
  for (let tries = 0; session!.closed === 0 && tries < 500; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(session!.closed).toBe(1);
  expect(await client.query("select 1")).toMatchObject({ success: false, code: "390111" });
});

test("a logout ends what runs; the token is gone for good", async () => {
  const client = new RawClient((await start({ longPollMilliseconds: 10 })).port);
  await client.login();
  await client.query("select slow");
  expect(await client.post("/session?delete=true", {})).toMatchObject({ success: true });
  expect(engine.statements[0]!.signal.aborted).toBe(true);
  expect(engine.sessions[0]!.closed).toBe(1);
  expect(await client.query("select 1")).toMatchObject({ code: "390111" });
  expect(await client.post("/session?delete=true", {})).toMatchObject({ code: "390111" });
});

test("a driver waits for a statement that is slower than one request may be", async () => {
  const client = await NodeClient.connect((await start({ longPollMilliseconds: 20 })).port);
  let finish!: () => void;
  const gate = new Promise<void>((resolve) => (finish = resolve));
  engine.on(/^select later/, async () => {
    await gate;
    return table([column("X", NUMBER)], [["7"]]);
  });
  const slow = client.execute("select later");
  await new Promise((resolve) => setTimeout(resolve, 150));
  finish();
  expect((await slow).rows).toEqual([{ X: 7 }]);
  expect(engine.texts).toEqual(["select later"]);
  await client.close();
});

test("a statement whose answer is lost on the way is not run twice", async () => {
  const { port } = await start();
  const proxy = await lossyProxy(port);
  try {
    const client = await NodeClient.connect((proxy.address() as AddressInfo).port);
    proxy.loseNextAnswerTo("insert into t");
    const { rows } = await client.execute("insert into t values (1)");
    expect(rows).toEqual([{ "number of rows inserted": 1 }]);
    expect(proxy.lost).toBe(1);
    expect(engine.texts).toEqual(["insert into t values (1)"]);
    await client.close();
  } finally {
    proxy.closeAll();
  }
});

interface LossyProxy extends Server {
  lost: number;
  loseNextAnswerTo(text: string): void;
  closeAll(): void;
}

/** Passes bytes on, until it is told to cut the connection when the answer to a certain request comes back. */
async function lossyProxy(target: number): Promise<LossyProxy> {
  let awaited: string | undefined;
  const sockets = new Set<{ destroy(): void }>();
  const proxy = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    sockets.add(client).add(upstream);
    let doomed = false;
    client.on("data", (part) => {
      if (awaited !== undefined && part.toString().includes(awaited)) {
        doomed = true;
        awaited = undefined;
      }
      upstream.write(part);
    });
    upstream.on("data", (part) => {
      if (doomed) {
        proxy.lost += 1;
        client.resetAndDestroy();
        upstream.destroy();
      } else {
        client.write(part);
      }
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on("close", () => other.destroy());
      one.on("error", () => other.destroy());
    }
  }) as LossyProxy;
  proxy.lost = 0;
  proxy.loseNextAnswerTo = (text) => {
    awaited = text;
  };
  proxy.closeAll = () => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return proxy;
}
