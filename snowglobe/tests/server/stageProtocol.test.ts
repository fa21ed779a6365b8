/** Addresses of stage files without a driver: who may read and write what, and whole files only. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { startServer, type RunningServer } from "../../src/server";
import { FakeEngine } from "./fakeEngine";
import { quietLogger } from "./quietLogger";
import { raw, RawClient, type RawAnswer } from "./rawClient";
import { STAGE_FOLDER, teachStages } from "./stageScripts";

const GO = { "User-Agent": "Go/2.1.0 (linux-amd64) gc/go1.24" };

let engine: FakeEngine;
let server: RunningServer;
let client: RawClient;
const logger = quietLogger();

beforeEach(async () => {
  engine = new FakeEngine();
  teachStages(engine);
  mkdirSync(join(engine.stageRoot, ".incoming"));
  writeFileSync(join(engine.stageRoot, ".incoming", "left-over"), "of a killed server");
  server = await startServer(engine, { host: "127.0.0.1", port: 0, logger });
  client = new RawClient(server.port);
  await client.login();
});

afterEach(async () => {
  await server.close();
  engine.dispose();
});

interface Transfer {
  readonly command: string;
  readonly src_locations: string[];
  readonly presignedUrls: string[];
  readonly stageInfo: { presignedUrl: string | null; endPoint: string | null; creds: { GCS_ACCESS_TOKEN?: string } };
}

async function transfer(sqlText: string, headers: Record<string, string> = GO): Promise<Transfer> {
  const path = "/queries/v1/query-request";
  return (await client.post(path, { sqlText }, client.sessionToken, headers)).data as unknown as Transfer;
}

function put(url: string, body: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const { pathname, search } = new URL(url);
  return raw(server.port, pathname + search, { method: "PUT", body, headers });
}

test("the address of a PUT stores the file that the statement names, and only below its folder", async () => {
  const { command, src_locations, stageInfo } = await transfer("put file:///home/me/f.csv @st/in overwrite=true");
  expect({ command, src_locations }).toEqual({ command: "UPLOAD", src_locations: ["/home/me/f.csv"] });
  expect(stageInfo).toMatchObject({ endPoint: null, creds: {} });
  const url = new URL(stageInfo.presignedUrl!);
  expect(url.pathname).toBe(`/stage/${STAGE_FOLDER}/in/f.csv`);
  const digest = createHash("sha256").update("a,b").digest("base64");
  expect((await put(url.href, "a,b", { "x-goog-meta-sfc-digest": digest })).status).toBe(200);
  expect(readFileSync(join(engine.stageRoot, STAGE_FOLDER, "in", "f.csv"), "utf8")).toBe("a,b");
  const at = (path: string): Promise<RawAnswer> => raw(server.port, path + url.search, { method: "PUT", body: "x" });
  for (const path of [
    `/stage/${STAGE_FOLDER}/elsewhere.csv`,
    `/stage/${STAGE_FOLDER}/in2/f.csv`,
    `/stage/${STAGE_FOLDER}/in`,
    "/stage/../in/f.csv",
  ]) {
    expect((await at(path)).status).toBe(403);
  }
  const names = [
    "../up.csv",
    "%2e%2e/up.csv",
    "..%2fup.csv",
    "a/../../../up.csv",
    "a%5cb",
    "a%00b",
    ".",
    "%2e",
    "x/",
    "%zz",
  ];
  for (const name of [...names, "x".repeat(256)]) {
    expect((await at(`/stage/${STAGE_FOLDER}/in/${name}`)).status).toBe(400);
  }
  expect(engine.stageFiles(STAGE_FOLDER)).toEqual(["in"]);
  expect(engine.stageFiles(`${STAGE_FOLDER}/in`)).toEqual(["f.csv"]);
  expect(engine.stageFiles(".")).toEqual([".incoming", STAGE_FOLDER]);
});

test("an address to read does not write, one to write does not read, none does neither", async () => {
  const { stageInfo } = await transfer("put file:///f.csv @st overwrite=true");
  const write = new URL(stageInfo.presignedUrl!);
  expect((await put(write.href, "content")).status).toBe(200);
  expect((await raw(server.port, write.pathname + write.search)).status).toBe(403);
  const { presignedUrls, src_locations } = await transfer("get @st file:///tmp");
  expect(src_locations).toEqual(["f.csv"]);
  const read = new URL(presignedUrls[0]!);
  const answer = await raw(server.port, read.pathname + read.search);
  expect(answer).toMatchObject({ status: 200, headers: { "content-length": "7" } });
  expect(answer.bytes.toString()).toBe("content");
  expect((await put(read.href, "changed")).status).toBe(403);
  expect((await put(write.href.replace("grant=", "grant=x"), "changed")).status).toBe(403);
  expect((await raw(server.port, read.pathname)).status).toBe(403);
  expect((await raw(server.port, `/stage/${STAGE_FOLDER}/none.csv${read.search}`)).status).toBe(404);
});

test("HEAD tells size and digest to a bearer, and nothing of a file that is not there", async () => {
  const { stageInfo } = await transfer("put file:///f.csv @st", { "User-Agent": "JavaScript/3.3.0" });
  expect(stageInfo).toMatchObject({ endPoint: `http://127.0.0.1:${server.port}/stage`, presignedUrl: null });
  const headers = { Authorization: `Bearer ${stageInfo.creds.GCS_ACCESS_TOKEN}` };
  const path = `/stage/${STAGE_FOLDER}/f.csv`;
  expect((await raw(server.port, path, { method: "HEAD", headers })).status).toBe(404);
  expect((await raw(server.port, path, { method: "PUT", headers, body: "abc" })).status).toBe(200);
  const digest = createHash("sha256").update("abc").digest("base64");
  expect(await raw(server.port, path, { method: "HEAD", headers })).toMatchObject({
    status: 200,
    headers: { "content-length": "3", "x-goog-meta-sfc-digest": digest },
  });
});

test("an address of a PUT without OVERWRITE adds files and replaces none", async () => {
  const { stageInfo } = await transfer("put file:///f.csv @st");
  expect((await put(stageInfo.presignedUrl!, "first")).status).toBe(200);
  // As after an answer that was lost.
  expect((await put(stageInfo.presignedUrl!, "first")).status).toBe(200);
  const refused = await put(stageInfo.presignedUrl!, "second");
  expect(refused.status).toBe(412);
  const message = "File 'f.csv' is in the stage already: write OVERWRITE = TRUE to replace it.";
  expect(JSON.parse(refused.bytes.toString())).toMatchObject({ success: false, message });
  expect(readFileSync(join(engine.stageRoot, STAGE_FOLDER, "f.csv"), "utf8")).toBe("first");
  const replacing = await transfer("put file:///f.csv @st overwrite=true");
  expect((await put(replacing.stageInfo.presignedUrl!, "second")).status).toBe(200);
  expect(readFileSync(join(engine.stageRoot, STAGE_FOLDER, "f.csv"), "utf8")).toBe("second");
  expect(engine.stageFiles(".incoming")).toEqual([]);
});

test("the digest that a sender adds is no check: some take it of a stream before they have read it", async () => {
  const url = new URL((await transfer("put file:///f.csv @st overwrite=true")).stageInfo.presignedUrl!);
  const ofNothing = createHash("sha256").digest("base64");
  expect((await put(url.href, "a,b", { "x-goog-meta-sfc-digest": ofNothing })).status).toBe(200);
  expect(readFileSync(join(engine.stageRoot, STAGE_FOLDER, "f.csv"), "utf8")).toBe("a,b");
});

test("bytes that break off leave no file", async () => {
  const url = new URL((await transfer("put file:///f.csv @st overwrite=true")).stageInfo.presignedUrl!);
  await new Promise<void>((resolve) => {
    const upload = request({ host: url.hostname, port: url.port, path: url.pathname + url.search, method: "PUT" });
    upload.on("error", () => resolve());
    upload.setHeader("Content-Length", 1000);
    upload.write("only a part", () => setTimeout(() => upload.destroy(new Error("gone")), 20));
  });
  for (let tries = 0; engine.stageFiles(".incoming").length > 0 && tries < 500; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(engine.stageFiles(".incoming")).toEqual([]);
  expect(engine.stageFiles(STAGE_FOLDER)).toEqual([]);
  expect(logger.errors).toEqual([]);
});

test("a file that cannot be stored is no success", async () => {
  const { stageInfo } = await transfer("put file:///f.csv @st overwrite=true");
  writeFileSync(join(engine.stageRoot, STAGE_FOLDER), "a file where a folder must be");
  expect((await put(stageInfo.presignedUrl!, "x")).status).toBe(500);
  expect(logger.errors.splice(0)).toHaveLength(1);
});
