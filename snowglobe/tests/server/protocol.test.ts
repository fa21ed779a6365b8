/** The protocol without a driver: what drivers never show, and what strangers may send. */
import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { HttpError, startServer, type RunningServer } from "../../src/server";
import { StatementType } from "../../src/account/statementType";
import { NUMBER, VARCHAR } from "../../src/sql/ast/dataType";
import { column, FakeEngine, table, untilCancelled } from "./fakeEngine";
import { quietLogger } from "./quietLogger";
import { raw, RawClient } from "./rawClient";

const CONTROL_TOKEN = "control-secret";

let engine: FakeEngine;
let server: RunningServer;
let client: RawClient;
let advanced: unknown[];

beforeEach(async () => {
  engine = new FakeEngine();
  advanced = [];
  server = await startServer(engine, {
    host: "127.0.0.1",
    port: 0,
    logger: quietLogger(),
    controlToken: CONTROL_TOKEN,
    control: {
      advance: async (body) => advanced.push(body),
      refuse: async () => {
        throw new HttpError(400, "seconds must be a number");
      },
    },
    limits: { longPollMilliseconds: 50, bodyBytes: 1024 * 1024 },
  });
  client = new RawClient(server.port);
  await client.login();
});

afterEach(async () => {
  await server.close();
  engine.dispose();
});

describe("requests", () => {
  const path = "/queries/v1/query-request";

  test("a login answers all that drivers read, in the types they insist on", async () => {
    const { data } = await client.login(
      { SESSION_PARAMETERS: { query_tag: "t", AUTOCOMMIT: false, NOTHING: null } },
      "?databaseName=D&schemaName=S",
    );
    expect(data).toMatchObject({
      sessionId: 1002,
      validityInSeconds: 3600,
      masterValidityInSeconds: 14400,
      serverVersion: expect.any(String),
      sessionInfo: { databaseName: "D", schemaName: "S", warehouseName: null, roleName: null },
    });
    expect(engine.logins[1]!.parameters).toEqual({ QUERY_TAG: "t", AUTOCOMMIT: false });
    expect(data!.parameters).toContainEqual({ name: "AUTOCOMMIT", value: false });
    expect(data!.parameters).toContainEqual({ name: "BINARY_OUTPUT_FORMAT", value: "HEX" });
  });

  test("gzip and plain bodies mean the same", async () => {
    const body = JSON.stringify({ sqlText: "select 1" });
    const headers = { Authorization: `Snowflake Token="${client.sessionToken}"` };
    const plain = await raw(server.port, path, { method: "POST", headers, body });
    const packed = await raw(server.port, path, {
      method: "POST",
      headers: { ...headers, "Content-Encoding": "gzip" },
      body: gzipSync(body),
    });
    for (const answer of [plain, packed]) {
      expect(answer.headers["content-type"]).toBe("application/json");
      expect(JSON.parse(answer.bytes.toString())).toMatchObject({ success: true, data: { rowset: [["1"]] } });
    }
  });

  test.each([
    ["JSON that breaks off", '{"sqlText":', {}, 400],
    ["JSON that is no object", "[]", {}, 400],
    ["no statement", "{}", {}, 400],
    ["a bind that is none", '{"sqlText":"select 1","bindings":{"1":5}}', {}, 400],
    ["gzip that is none", "select 1", { "Content-Encoding": "gzip" }, 400],
    ["gzip that breaks off", gzipSync("x".repeat(5000)).subarray(0, 20), { "Content-Encoding": "gzip" }, 400],
    ["an unknown encoding", "x", { "Content-Encoding": "br" }, 415],
    ["a body above the limit", gzipSync("x".repeat(2 * 1024 * 1024)), { "Content-Encoding": "gzip" }, 413],
  ])("%s is refused with HTTP %4$i", async (_what, body, more: Record<string, string>, status) => {
    const headers = { Authorization: `Snowflake Token="${client.sessionToken}"`, ...more };
    const answer = await raw(server.port, path, { method: "POST", headers, body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.bytes.toString())).toMatchObject({ success: false, message: expect.any(String) });
    expect(engine.statements).toEqual([]);
    expect((await client.query("select 1")).success).toBe(true);
  });

  test("a large answer comes as it is, whatever the client could unpack", async () => {
    engine.on(/^select large/, async () => table([column("X", VARCHAR)], [["x".repeat(500_000)]]));
    const options = {
      method: "POST",
      headers: { Authorization: `Snowflake Token="${client.sessionToken}"`, "Accept-Encoding": "gzip, deflate" },
      body: JSON.stringify({ sqlText: "select large" }),
    };
    const answer = await raw(server.port, path, options);
    expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(JSON.parse(answer.bytes.toString()).data.rowset).toEqual([["x".repeat(500_000)]]);
  });

  test.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost@evil.example"])(
    "the host name %p is turned away",
    async (host) => {
      const answer = await raw(server.port, "/healthz", { headers: { Host: host } });
      expect(answer.status).toBe(421);
    },
  );

  test.each(["localhost", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST:1"])(
    "the host name %p is welcome",
    async (host) => {
      expect((await raw(server.port, "/healthz", { headers: { Host: host } })).status).toBe(200);
    },
  );

  test("unknown addresses answer 404 in JSON, the REST and SQL APIs are refused by name", async () => {
    const answer = await raw(server.port, "/nothing/here");
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.bytes.toString())).toMatchObject({ success: false, data: null });
    const api = await raw(server.port, "/api/v2/statements?async=true", { method: "POST", body: '{"statement":"x"}' });
    expect(api.status).toBe(501);
    expect(JSON.parse(api.bytes.toString())).toEqual({
      code: "000002",
      error_code: "000002",
      message: "Unsupported feature 'SQL API: use a driver and SQL'.",
      request_id: expect.any(String),
    });
    const rest = await raw(server.port, "/api/v2/databases/d?createMode=orReplace", { method: "PUT", body: "{}" });
    expect(rest.status).toBe(501);
    expect(JSON.parse(rest.bytes.toString())).toMatchObject({
      message: "Unsupported feature 'REST API: use a driver and SQL'.",
    });
  });
});

describe("statements", () => {
  test("an answer has every field that some driver reads", async () => {
    const { data, code } = await client.query("select 1");
    expect(code).toBeNull();
    expect(data).toMatchObject({
      rowset: [["1"]],
      total: 1,
      returned: 1,
      statementTypeId: StatementType.SELECT,
      version: 1,
      queryResultFormat: "json",
      numberOfBinds: 0,
      finalDatabaseName: null,
    });
    expect(data!.rowtype).toEqual([
      {
        name: "1",
        database: "",
        schema: "",
        table: "",
        nullable: true,
        type: "fixed",
        scale: 0,
        precision: 38,
        length: null,
        byteLength: null,
        collation: null,
      },
    ]);
    for (const name of ["TIMEZONE", "TIMESTAMP_OUTPUT_FORMAT", "DATE_OUTPUT_FORMAT", "BINARY_OUTPUT_FORMAT"]) {
      expect(data!.parameters).toContainEqual({ name, value: expect.any(String) });
    }
  });

  test("rows reach the client exactly as the engine wrote them", async () => {
    const json = '["1", "\\u00e9\\n",null],\n  ["2","{ \\"a\\" : 1 }","x"]';
    engine.on(/^select verbatim/, async () => ({
      ...table([column("A", NUMBER)], []),
      total: 2,
      chunks: [{ rowCount: 2, json }],
    }));
    const answer = await raw(server.port, "/queries/v1/query-request", {
      method: "POST",
      headers: { Authorization: `Snowflake Token="${client.sessionToken}"` },
      body: JSON.stringify({ sqlText: "select verbatim" }),
    });
    expect(answer.bytes.toString()).toContain(`"rowset":[${json}]`);
  });

  test("the same request id runs once, while it runs and after", async () => {
    let runs = 0;
    let finish!: () => void;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    engine.on(/^insert once/, async () => {
      runs += 1;
      await gate;
      return { ...table([column("number of rows inserted", NUMBER)], [["1"]]), statementTypeId: StatementType.INSERT };
    });
    const requestId = randomUUID();
    const first = client.query("insert once", requestId);
    const second = client.query("insert once", requestId);
    finish();
    const third = await client.query("select placeholder", requestId);
    const ids = [(await first).data!.queryId, (await second).data!.queryId, third.data!.queryId];
    expect(new Set(ids).size).toBe(1);
    expect(third.data!.rowset).toEqual([["1"]]);
    expect(runs).toBe(1);
  });

  test("a failed statement is not run again by the same request id either", async () => {
    const requestId = randomUUID();
    expect(await client.query("select nothing", requestId)).toMatchObject({ code: "002003" });
    expect(await client.query("select nothing", requestId)).toMatchObject({ code: "002003" });
    expect(engine.statements).toHaveLength(1);
  });

  test("a slow statement is asked for until it is there", async () => {
    let finish!: () => void;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    engine.on(/^select later/, async () => {
      await gate;
      return table([column("X", VARCHAR)], [["done"]]);
    });
    const { code, success, data } = await client.query("select later");
    expect({ code, success }).toEqual({ code: "333333", success: true });
    const address = data!.getResultUrl as string;
    expect(address).toBe(`/queries/${data!.queryId}/result`);
    expect((await client.get(address)).code).toBe("333333");
    finish();
    expect(await client.get(address)).toMatchObject({
      code: null,
      data: { rowset: [["done"]], queryId: data!.queryId },
    });
  });

  test("results of the user outlive the session; other users' do not exist", async () => {
    const { data } = await client.query("select 1");
    const path = `/queries/${data!.queryId}/result`;
    await client.post("/session?delete=true", undefined);
    await client.login();
    expect((await client.get(path)).data!.rowset).toEqual([["1"]]);
    const stranger = new RawClient(server.port);
    await stranger.login({ LOGIN_NAME: "stranger" });
    expect(await stranger.get(path)).toMatchObject({ success: false, code: "000709" });
    expect((await stranger.get(`/monitoring/queries/${data!.queryId}`)).data).toEqual({ queries: [] });
    expect(await stranger.post(`/queries/${data!.queryId}/abort-request`, {})).toMatchObject({ code: "000605" });
  });

  test("cancel by request id, by query id, and of nothing", async () => {
    engine.on(/^select wait/, ({ signal }) => untilCancelled(signal));
    const requestId = randomUUID();
    const { data } = await client.query("select wait", requestId);
    expect(await client.post("/queries/v1/abort-request", { requestId })).toMatchObject({ success: true });
    expect(await client.get(`/queries/${data!.queryId}/result`)).toMatchObject({
      code: "000604",
      data: { sqlState: "57014" },
    });
    const other = await client.query("select wait", randomUUID(), { asyncExec: true });
    expect(other.code).toBe("333334");
    expect(await client.post(`/queries/${other.data!.queryId}/abort-request`, undefined)).toMatchObject({
      success: true,
    });
    expect(await client.get(`/queries/${other.data!.queryId}/result`)).toMatchObject({ code: "000604" });
    expect(await client.post("/queries/v1/abort-request", { requestId })).toMatchObject({
      code: "000605",
      success: false,
    });
  });

  test("describe only passes on, and tells of array binds", async () => {
    engine.on(/^insert into d/, async ({ describeOnly }) => ({
      ...table([column("number of rows inserted", NUMBER)], describeOnly ? [] : [["1"]]),
      statementTypeId: StatementType.INSERT,
      numberOfBinds: 2,
    }));
    const { data } = await client.query("insert into d values (?, ?)", randomUUID(), { describeOnly: true });
    expect(data).toMatchObject({ rowset: [], numberOfBinds: 2, arrayBindSupported: true });
    expect(data!.metaDataOfBinds).toHaveLength(2);
  });

  test("a result of several chunks: honest counts, addresses that cannot be forged", async () => {
    const { data } = await client.query("select many");
    const chunks = data!.chunks as { url: string; rowCount: number; uncompressedSize: number }[];
    expect((data!.rowset as unknown[]).length).toBe(1000);
    expect(chunks.map((chunk) => chunk.rowCount)).toEqual([1000, 500]);
    const { pathname } = new URL(chunks[1]!.url);
    const body = await raw(server.port, pathname);
    expect(body.headers["content-type"]).not.toContain("json");
    expect(body.bytes.length).toBe(chunks[1]!.uncompressedSize);
    expect(JSON.parse(`[${body.bytes.toString()}]`)).toHaveLength(500);
    for (const forged of [
      `${pathname}x`,
      pathname.replace(/.\./, "_."),
      "/result-chunks/nothing",
      "/result-chunks/a.b",
    ]) {
      expect((await raw(server.port, forged)).status).toBe(403);
    }
  });
});

describe("control", () => {
  const headers = { Authorization: `Bearer ${CONTROL_TOKEN}` };

  test("health needs no login and says little", async () => {
    const answer = await raw(server.port, "/healthz");
    expect(JSON.parse(answer.bytes.toString())).toEqual({
      status: "ok",
      version: expect.any(String),
      pid: process.pid,
    });
  });

  test("handlers run for the bearer of the control token only", async () => {
    const body = JSON.stringify({ seconds: 60 });
    expect((await raw(server.port, "/control/advance", { method: "POST", body })).status).toBe(403);
    const wrong = { "X-Snowglobe-Control-Token": "guess" };
    expect((await raw(server.port, "/control/advance", { method: "POST", headers: wrong, body })).status).toBe(403);
    expect(advanced).toEqual([]);
    const answer = await raw(server.port, "/control/advance", { method: "POST", headers, body });
    expect(JSON.parse(answer.bytes.toString())).toEqual({ result: 1 });
    expect(advanced).toEqual([{ seconds: 60 }]);
    const refused = await raw(server.port, "/control/refuse", { method: "POST", headers, body });
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.bytes.toString())).toMatchObject({ message: "seconds must be a number" });
    for (const name of ["unknown", "constructor", "__proto__"]) {
      expect((await raw(server.port, `/control/${name}`, { method: "POST", headers })).status).toBe(404);
    }
  });

  test("a request for what is no address ends nothing but itself", async () => {
    for (const target of ["//", "//[", "http://", "http://[::1/", "*", "/%zz", "//control//%", "/?%ff"]) {
      expect({ target, ...(await raw(server.port, target)) }).toMatchObject({ target, status: 404 });
    }
    expect((await raw(server.port, "/stage/%zz")).status).toBe(400);
    expect((await raw(server.port, "/healthz")).status).toBe(200);
  });

  test("shutdown closes sessions and the port", async () => {
    expect((await raw(server.port, "/control/shutdown", { method: "POST", headers })).status).toBe(200);
    await server.closed;
    expect(engine.sessions[0]!.closed).toBe(1);
    await expect(raw(server.port, "/healthz")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("without a control token there is no control", async () => {
    const bare = await startServer(engine, { host: "127.0.0.1", port: 0 });
    expect((await raw(bare.port, "/control/shutdown", { method: "POST", headers })).status).toBe(403);
    await bare.close();
  });

  test("a port that is taken is named in one line", async () => {
    await expect(startServer(engine, { host: "127.0.0.1", port: server.port })).rejects.toThrow(
      `port ${server.port} on 127.0.0.1 is taken by another program: stop that program or choose another port`,
    );
  });
});
