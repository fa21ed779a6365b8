/** PUT and GET through snowflake-sdk: the driver moves the bytes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { startServer, type RunningServer } from "../../src/server";
import { FakeEngine } from "./fakeEngine";
import { NodeClient } from "./nodeDriver";
import { STAGE_FOLDER, teachStages } from "./stageScripts";

let engine: FakeEngine;
let server: RunningServer;
let client: NodeClient;
let folder: string;

beforeEach(async () => {
  engine = new FakeEngine();
  teachStages(engine);
  folder = mkdtempSync(join(tmpdir(), "snowglobe-client-"));
  server = await startServer(engine, { host: "127.0.0.1", port: 0 });
  client = await NodeClient.connect(server.port);
});

afterEach(async () => {
  await client.close();
  await server.close();
  engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

function local(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function stored(name: string): Buffer {
  return readFileSync(join(engine.stageRoot, STAGE_FOLDER, name));
}

test("a file is compressed by the driver and stored whole", async () => {
  const content = Array.from({ length: 50_000 }, (_, i) => `${i},loan ${i}`).join("\n");
  const { rows } = await client.execute(`PUT file://${local("loans.csv", content)} @st`);
  expect(rows).toMatchObject([{ source: "loans.csv", target: "loans.csv.gz", status: "UPLOADED" }]);
  expect(gunzipSync(stored("loans.csv.gz")).toString()).toBe(content);
  expect(engine.stageFiles(".incoming")).toEqual([]);
});

test("a file that is to stay as it is, into a folder of the stage", async () => {
  await client.execute(`PUT 'file://${local("a b.csv", "x")}' @st/in/2024 AUTO_COMPRESS = FALSE`);
  expect(stored("in/2024/a b.csv").toString()).toBe("x");
});

test("a wildcard stores each file", async () => {
  for (const name of ["one.csv", "two.csv", "three.txt"]) local(name, name);
  const { rows } = await client.execute(`PUT file://${folder}/*.csv @st auto_compress=false`);
  expect(rows.map((row) => row.target).sort()).toEqual(["one.csv", "two.csv"]);
  expect(engine.stageFiles(STAGE_FOLDER)).toEqual(["one.csv", "two.csv"]);
});

test("a file of the same name is skipped, or replaced when the statement says so", async () => {
  const put = `PUT file://${local("f.csv", "first")} @st auto_compress=false`;
  await client.execute(put);
  local("f.csv", "second");
  expect((await client.execute(put)).rows).toMatchObject([{ status: "SKIPPED" }]);
  expect(stored("f.csv").toString()).toBe("first");
  expect((await client.execute(`${put} overwrite=true`)).rows).toMatchObject([{ status: "UPLOADED" }]);
  expect(stored("f.csv").toString()).toBe("second");
});

test("files come back with GET", async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
  mkdirSync(join(engine.stageRoot, STAGE_FOLDER), { recursive: true });
  writeFileSync(join(engine.stageRoot, STAGE_FOLDER, "data 1.bin"), bytes);
  writeFileSync(join(engine.stageRoot, STAGE_FOLDER, "empty.csv"), "");
  const target = join(folder, "out");
  mkdirSync(target);
  const { rows } = await client.execute(`GET @st file://${target}`);
  expect(rows.map((row) => [row.file, row.status]).sort()).toEqual([
    ["data 1.bin", "DOWNLOADED"],
    ["empty.csv", "DOWNLOADED"],
  ]);
  expect(readFileSync(join(target, "data 1.bin")).equals(bytes)).toBe(true);
  expect(readFileSync(join(target, "empty.csv"))).toHaveLength(0);
});
