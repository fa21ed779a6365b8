import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { history, lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "create table base (id int, v varchar)",
    "insert into base values (1, '10')",
    "create dynamic table up target_lag = '1 minute' warehouse = wh as select id, v::int as v from base",
    "create dynamic table mid target_lag = '1 minute' warehouse = wh as select id, v from up",
    "create dynamic table leaf target_lag = '1 minute' warehouse = wh as select sum(v) as s from mid",
  );
});
afterEach(() => snowglobe.stop());

async function states(): Promise<Record<string, unknown>> {
  const rows = await client.rows("show dynamic tables");
  return Object.fromEntries(rows.map((row) => [row.name, row.scheduling_state]));
}

const SUSPENDED = "SUSPENDED";
const ACTIVE = "RUNNING";

test("SUSPEND goes downstream, RESUME comes back the same way", async () => {
  await client.run("alter dynamic table mid suspend");
  expect(await states()).toEqual({ UP: ACTIVE, MID: SUSPENDED, LEAF: SUSPENDED });
  await client.run("insert into base values (2, '5')");
  await snowglobe.advance(60);
  expect(await client.value("select count(*) from up")).toBe(2);
  expect(await client.value("select s from leaf")).toBe(10);
  expect((await client.failure("alter dynamic table leaf resume")).message).toMatch(/upstream .*'MID' is suspended/);
  await client.run("alter dynamic table leaf refresh");
  expect(await client.value("select s from leaf")).toBe(15);
  expect(await states()).toMatchObject({ MID: SUSPENDED, LEAF: SUSPENDED });
  await client.run("alter dynamic table mid resume");
  expect(await states()).toEqual({ UP: ACTIVE, MID: ACTIVE, LEAF: ACTIVE });
});

test("what was suspended by itself stays so when its upstream is resumed, with all below it", async () => {
  await client.run(
    "alter dynamic table mid suspend",
    "alter dynamic table up suspend",
    "alter dynamic table up resume",
  );
  expect(await states()).toEqual({ UP: ACTIVE, MID: SUSPENDED, LEAF: SUSPENDED });
});

test("five scheduled failures suspend the table and what reads it; RESUME starts anew", async () => {
  await client.run("insert into base values (2, 'broken')");
  await snowglobe.advance(48 * 4);
  expect(await states()).toEqual({ UP: ACTIVE, MID: ACTIVE, LEAF: ACTIVE });
  const up = await lastRefresh(client, "UP");
  expect(up).toMatchObject({ STATE: "FAILED", STATE_MESSAGE: expect.stringMatching(/'broken' is not recognized/) });
  expect(await lastRefresh(client, "MID")).toMatchObject({ STATE: "UPSTREAM_FAILED" });
  expect(await lastRefresh(client, "LEAF")).toMatchObject({ STATE: "UPSTREAM_FAILED" });
  expect(await client.value("select s from leaf")).toBe(10);

  expect((await client.failure("alter dynamic table up refresh")).message).toMatch(/'broken' is not recognized/);
  expect(await states()).toMatchObject({ UP: ACTIVE });
  await snowglobe.advance(48);
  expect(await states()).toEqual({ UP: SUSPENDED, MID: SUSPENDED, LEAF: SUSPENDED });
  const count = (await history(client)).length;
  await snowglobe.advance(480);
  expect((await history(client)).length).toBe(count);

  await client.run("delete from base where v = 'broken'", "alter dynamic table up resume");
  expect(await states()).toEqual({ UP: ACTIVE, MID: ACTIVE, LEAF: ACTIVE });
  await snowglobe.advance(60);
  expect(await lastRefresh(client, "LEAF")).toMatchObject({ STATE: "SUCCEEDED" });
});

test("a failed upstream is recovered from without any command, and a success resets the count", async () => {
  await client.run("insert into base values (2, 'broken')");
  await snowglobe.advance(48 * 4);
  await client.run("update base set v = '32' where v = 'broken'");
  await snowglobe.advance(48);
  expect(await client.value("select s from leaf")).toBe(42);
  await client.run("update base set v = 'broken' where id = 2");
  await snowglobe.advance(48 * 4);
  expect(await states()).toMatchObject({ UP: ACTIVE });
  const errors = await client.rows(
    "select name from table(information_schema.dynamic_table_refresh_history(error_only => true, name => 'UP'))",
  );
  expect(errors).toHaveLength(8);
});

test("suspension outlives a restart", async () => {
  await client.run("alter dynamic table up suspend");
  await snowglobe.restart();
  client = await snowglobe.connect();
  await client.run("use schema d.public");
  expect(await states()).toEqual({ UP: SUSPENDED, MID: SUSPENDED, LEAF: SUSPENDED });
});
