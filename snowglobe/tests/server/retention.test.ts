/** What the server itself keeps of ended statements is bounded; the engine's store is the second place to look. */
import { startServer, type RunningServer, type ServerLimits } from "../../src/server";
import { VARCHAR } from "../../src/sql/ast/dataType";
import { column, FakeEngine, table } from "./fakeEngine";
import { RawClient } from "./rawClient";

let engine: FakeEngine;
let server: RunningServer;
let client: RawClient;

async function start(limits: Partial<ServerLimits>): Promise<void> {
  engine = new FakeEngine();
  engine.on(/^select big/, async ({ sqlText }) => table([column("X", VARCHAR)], [[sqlText.padEnd(600, "x")]]));
  server = await startServer(engine, { host: "127.0.0.1", port: 0, limits });
  client = new RawClient(server.port);
  await client.login();
}

afterEach(async () => {
  await server.close();
  engine.dispose();
});

async function run(sqlText: string): Promise<string> {
  return (await client.query(sqlText)).data!.queryId as string;
}

async function code(queryId: string): Promise<string | null> {
  return (await client.get(`/queries/${queryId}/result`)).code;
}

test("results are the engine's to keep", async () => {
  await start({});
  const first = await run("select big 1");
  expect((await client.get(`/queries/${first}/result`)).data!.rowset).toEqual([["select big 1".padEnd(600, "x")]]);
  engine.kept.clear();
  expect(await code(first)).toBe("000709");
});

test("the status of old statements is forgotten, the state of kept results is known", async () => {
  await start({ rememberedStatements: 2 });
  const first = await run("select 1");
  await run("select 1");
  await run("select 1");
  const status = async (): Promise<unknown> => (await client.get(`/monitoring/queries/${first}`)).data!.queries;
  expect(await status()).toEqual([
    { id: first, status: "SUCCESS", state: "SUCCEEDED", errorCode: null, errorMessage: null },
  ]);
  engine.kept.clear();
  expect(await status()).toEqual([]);
});
