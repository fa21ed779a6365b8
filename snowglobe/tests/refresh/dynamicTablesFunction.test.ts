import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run("alter session set timezone = 'UTC'", "create table base (id int, v varchar)");
});
afterEach(() => snowglobe.stop());

const create = (name: string, lag: string, query: string): string =>
  `create dynamic table ${name} target_lag = ${lag} warehouse = wh as ${query}`;

const tables = (columns: string, args = "", asked = client): Promise<Record<string, unknown>[]> =>
  asked.rows(`select ${columns} from table(information_schema.dynamic_tables(${args}))`);

const names = async (args: string): Promise<unknown[]> => (await tables("name", args)).map((row) => row.NAME).sort();

test("every documented column", async () => {
  await client.run(create("leaf", "'1 minute'", "select * from base"));
  await snowglobe.advance(30);
  expect(await tables("*")).toEqual([
    {
      NAME: "LEAF",
      SCHEMA_NAME: "PUBLIC",
      DATABASE_NAME: "D",
      QUALIFIED_NAME: "D.PUBLIC.LEAF",
      TARGET_LAG_SEC: 60,
      TARGET_LAG_TYPE: "USER_DEFINED",
      SCHEDULING_STATE: { state: "RUNNING" },
      MEAN_LAG_SEC: expect.any(Number) as number,
      MAXIMUM_LAG_SEC: expect.any(Number) as number,
      TIME_ABOVE_TARGET_LAG_SEC: 0,
      TIME_WITHIN_TARGET_LAG_RATIO: 1,
      LATEST_DATA_TIMESTAMP: expect.anything() as unknown,
      LAST_COMPLETED_REFRESH_STATE: "SUCCEEDED",
      LAST_COMPLETED_REFRESH_STATE_CODE: "SUCCESS",
      LAST_COMPLETED_REFRESH_STATE_MESSAGE: null,
      EXECUTING_REFRESH_QUERY_ID: null,
      RECOMMENDATIONS: null,
      EXECUTE_AS_USER: null,
      SECONDARY_ROLE_NAMES: null,
    },
  ]);
});

test("the lag is that of the line between refreshes: mean, maximum, and time above the target", async () => {
  await client.run(create("manual", "'1 minute'", "select * from base"), "alter dynamic table manual suspend");
  await snowglobe.advance(100);
  // Refreshed by hand after 100 s, and seen 20 s later: 0 to 100, then 0 to 20.
  await client.run("alter dynamic table manual refresh");
  await snowglobe.advance(20);
  await client.run("alter dynamic table manual set target_lag = '1 day'", "alter dynamic table manual resume");
  const measures = "mean_lag_sec, maximum_lag_sec, time_above_target_lag_sec, time_within_target_lag_ratio";
  expect(await tables(measures)).toEqual([
    {
      MEAN_LAG_SEC: Math.round((100 * 50 + 20 * 10) / 120),
      MAXIMUM_LAG_SEC: 100,
      TIME_ABOVE_TARGET_LAG_SEC: 0,
      TIME_WITHIN_TARGET_LAG_RATIO: 1,
    },
  ]);
  await client.run("alter dynamic table manual set target_lag = '1 minute'");
  const [above] = await tables(measures);
  expect(above).toMatchObject({ TIME_ABOVE_TARGET_LAG_SEC: 40 });
  expect(above!.TIME_WITHIN_TARGET_LAG_RATIO).toBeCloseTo(80 / 120, 2);
  // Of the second refresh alone.
  const since = "REFRESH_DATA_TIMESTAMP_START => dateadd(second, -60, current_timestamp())";
  expect(await tables("mean_lag_sec, maximum_lag_sec", since)).toEqual([{ MEAN_LAG_SEC: 10, MAXIMUM_LAG_SEC: 20 }]);
});

test("a suspended table has no measures, one with DOWNSTREAM no target", async () => {
  await client.run(
    create("up", "downstream", "select * from base"),
    create("leaf", "'1 minute'", "select * from up"),
    create("rest", "'1 minute'", "select * from base"),
    "alter dynamic table rest suspend",
  );
  await snowglobe.advance(60);
  const columns =
    "target_lag_sec, target_lag_type, time_within_target_lag_ratio, scheduling_state, maximum_lag_sec is null as m";
  expect(await tables(columns, "NAME => 'up'")).toEqual([
    {
      TARGET_LAG_SEC: null,
      TARGET_LAG_TYPE: "DOWNSTREAM",
      TIME_WITHIN_TARGET_LAG_RATIO: null,
      SCHEDULING_STATE: { state: "RUNNING" },
      M: false,
    },
  ]);
  expect(await tables(columns, "NAME => 'rest'")).toMatchObject([
    { M: true, SCHEDULING_STATE: { state: "SUSPENDED", reason_code: "USER_SUSPENDED" } },
  ]);
});

test("tables by name, with what is connected, and those that failed first", async () => {
  await client.run(
    create("up", "downstream", "select id, v from base"),
    create("leaf", "'1 minute'", "select * from up"),
    create("failing", "'1 minute'", "select 1 / id as q from up"),
    create("apart", "'1 minute'", "select * from base"),
    "create schema other",
    create("other.up", "'1 minute'", "select * from d.public.base"),
    "use schema d.public",
    "insert into base values (0, 'x')",
  );
  await snowglobe.advance(60);
  expect(await names("NAME => 'UP'")).toEqual(["UP"]);
  expect((await tables("schema_name", "NAME => 'other.up'")).map((row) => row.SCHEMA_NAME)).toEqual(["OTHER"]);
  expect(await names("NAME => 'd.public.none'")).toEqual([]);
  expect(await names("NAME => 'leaf', INCLUDE_CONNECTED => TRUE")).toEqual(["FAILING", "LEAF", "UP"]);
  expect(await tables("name, last_completed_refresh_state as state", "RESULT_LIMIT => 1")).toEqual([
    { NAME: "FAILING", STATE: "FAILED" },
  ]);
  const all = (await tables("name")).map((row) => row.NAME);
  expect([all[0], [...all].sort()]).toEqual(["FAILING", ["APART", "FAILING", "LEAF", "UP", "UP"]]);
});

test.each(["INCLUDE_CONNECTED => TRUE", "NAME => 'x', INCLUDE_CONNECTED => TRUE, RESULT_LIMIT => 5"])(
  "%s is refused",
  async (args) => {
    await expect(tables("*", args)).rejects.toThrow(/INCLUDE_CONNECTED needs NAME, and no RESULT_LIMIT/);
  },
);

test("without MONITOR only the name is shown", async () => {
  await client.run(
    create("leaf", "'1 minute'", "select * from base"),
    "create role reader",
    "grant usage on database d to role reader",
    "grant usage on schema d.public to role reader",
    "grant select on dynamic table leaf to role reader",
    "grant role reader to user admin",
  );
  await snowglobe.advance(60);
  await client.run("use role reader");
  const [row] = await tables("*");
  const { NAME, SCHEMA_NAME, DATABASE_NAME, QUALIFIED_NAME, ...rest } = row!;
  expect([NAME, SCHEMA_NAME, DATABASE_NAME, QUALIFIED_NAME]).toEqual(["LEAF", "PUBLIC", "D", "D.PUBLIC.LEAF"]);
  expect(new Set(Object.values(rest))).toEqual(new Set([null]));
});
