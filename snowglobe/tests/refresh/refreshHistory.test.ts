import { RefreshHistory, type RefreshRecord } from "../../src/account/refreshHistory";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run(
    "alter session set timezone = 'UTC'",
    "create table base (id int, v varchar)",
    "insert into base values (1, '10'), (2, '20')",
    "create dynamic table up target_lag = '1 minute' warehouse = wh as select id, v::int as v from base",
    "create dynamic table leaf target_lag = '2 minutes' warehouse = wh as select sum(v) as s from up",
  );
  await snowglobe.advance(48);
  await client.run("insert into base values (3, '30')", "delete from base where id = 1");
  await snowglobe.advance(48);
  await client.run("insert into base values (4, 'broken')");
  await snowglobe.advance(96);
});
afterAll(() => snowglobe.stop());

const read = (args: string, columns = "*"): Promise<Record<string, unknown>[]> =>
  client.rows(`select ${columns} from table(information_schema.dynamic_table_refresh_history(${args}))`);

test("every documented column of a refresh", async () => {
  const rows = await read("name => 'leaf'");
  const refresh = rows.find((row) => row.REFRESH_TRIGGER === "SCHEDULED" && row.STATE === "SUCCEEDED")!;
  const counted = expect.any(Number) as number;
  expect(refresh).toEqual({
    NAME: "LEAF",
    SCHEMA_NAME: "PUBLIC",
    DATABASE_NAME: "D",
    STATE: "SUCCEEDED",
    STATE_CODE: "SUCCESS",
    STATE_MESSAGE: null,
    QUERY_ID: expect.any(String) as string,
    DATA_TIMESTAMP: expect.anything() as unknown,
    REFRESH_START_TIME: expect.anything() as unknown,
    REFRESH_END_TIME: expect.anything() as unknown,
    COMPLETION_TARGET: expect.anything() as unknown,
    QUALIFIED_NAME: "D.PUBLIC.LEAF",
    LAST_COMPLETED_DEPENDENCY: {
      data_timestamp: expect.stringMatching(/^2026-01-05T12:01:36/) as string,
      qualified_name: "D.PUBLIC.UP",
    },
    STATISTICS: {
      numInsertedRows: 1,
      numDeletedRows: 1,
      numCopiedRows: 0,
      numAddedPartitions: 0,
      numRemovedPartitions: 0,
      compilationTimeMs: counted,
      executionTimeMs: counted,
      queuedTimeMs: 0,
    },
    REFRESH_ACTION: "INCREMENTAL",
    REFRESH_TRIGGER: "SCHEDULED",
    TARGET_LAG_SEC: 120,
    GRAPH_HISTORY_VALID_FROM: expect.anything() as unknown,
    REINIT_REASON: null,
    INPUTS_WITH_CHANGED_DATA: [
      {
        name: "D.PUBLIC.UP",
        kind: "DYNAMIC_TABLE",
        statistics: { numRegisteredRows: 1, numUnregisteredRows: 1, numAddedPartitions: 0, numRemovedPartitions: 0 },
      },
    ],
    WAREHOUSE: "WH",
    EXECUTE_AS_USER: null,
    SECONDARY_ROLE_NAMES: null,
  });
  const [lag] = await read(
    "name => 'leaf'",
    "timestampdiff(second, lag(data_timestamp) over (order by data_timestamp), completion_target) as target, state",
  ).then((all) => all.filter((row) => row.STATE === "SUCCEEDED" && row.TARGET !== null));
  expect(lag).toMatchObject({ TARGET: 120 });
});

test("states: what failed, and what waits for it", async () => {
  expect(await read("error_only => true, name => 'up'", "distinct state, state_code")).toEqual([
    { STATE: "FAILED", STATE_CODE: "100038" },
  ]);
  expect(await read("error_only => true, name => 'leaf'", "distinct state, state_message")).toEqual([
    {
      STATE: "UPSTREAM_FAILED",
      STATE_MESSAGE:
        "Skipped refreshing because an input dynamic table failed. Some inputs failed to refresh: [D.PUBLIC.UP].",
    },
  ]);
});

test("names in any case and qualification, prefixes, ranges and limits", async () => {
  const count = async (args: string): Promise<number> => (await read(args, "name")).length;
  const all = await count("");
  const ups = await count("name => 'UP'");
  expect(ups).toBe(5);
  for (const name of ["up", "public.up", "D.Public.uP"]) expect(await count(`name => '${name}'`)).toBe(ups);
  expect(await count("name => 'other.up'")).toBe(0);
  expect(await count("name_prefix => 'd.public.u'")).toBe(ups);
  expect(await count("name_prefix => 'd.public.'")).toBe(all);
  expect(await count("result_limit => 3")).toBe(3);
  expect(await count("data_timestamp_start => '2026-01-05 12:02:00'::timestamp_ltz, name => 'up'")).toBe(2);
  expect(await count("data_timestamp_end => '2026-01-05 12:01:00'::timestamp_ltz, name => 'up'")).toBe(2);
  const [first] = await read("result_limit => 1", "date_part(epoch_second, data_timestamp) as at");
  expect(first).toEqual({ AT: Date.UTC(2026, 0, 5, 12, 3, 12) / 1000 });
  for (const limit of ["0", "10001"]) {
    expect(
      (
        await client.failure(
          `select * from table(information_schema.dynamic_table_refresh_history(result_limit => ${limit}))`,
        )
      ).message,
    ).toMatch(/RESULT_LIMIT/);
  }
});

test("a refresh under way is there until it has ended", () => {
  const history = new RefreshHistory();
  const record = { objectId: 1, state: "EXECUTING", dataTimestamp: 5 } as RefreshRecord;
  history.begin(record);
  expect(history.all()).toEqual([record]);
  history.add({ ...record, state: "SUCCEEDED" });
  expect(history.all().map((one) => one.state)).toEqual(["SUCCEEDED"]);
  history.begin(record);
  history.end(1);
  expect(history.all()).toHaveLength(1);
});
