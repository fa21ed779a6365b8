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

/** Descriptions oldest first. */
const graph = (client: TestClient, columns: string, args = ""): Promise<unknown[]> =>
  client.rows(
    `select ${columns} from table(information_schema.dynamic_table_graph_history(${args}))
     order by valid_from, name`,
  );

/** A range that holds everything. */
const ALL = "HISTORY_START => '2026-01-01'::timestamp_ltz";

test("every documented column, for the whole pipeline", async () => {
  await client.run(
    "create view v as select id from base",
    create("up", "downstream", "select b.id, b.v from base b join v on v.id = b.id"),
    create("leaf", "'5 minutes'", "select count(*) as n from up"),
  );
  expect(await graph(client, "*")).toEqual([
    {
      NAME: "LEAF",
      SCHEMA_NAME: "PUBLIC",
      DATABASE_NAME: "D",
      QUALIFIED_NAME: "D.PUBLIC.LEAF",
      INPUTS: [{ kind: "DYNAMIC_TABLE", name: "D.PUBLIC.UP" }],
      TARGET_LAG_TYPE: "USER_DEFINED",
      TARGET_LAG_SEC: 300,
      QUERY_TEXT: "select count(*) as n from up",
      VALID_FROM: expect.anything(),
      VALID_TO: null,
      SCHEDULING_STATE: { state: "ACTIVE" },
      ALTER_TRIGGER: ["CREATE_DYNAMIC_TABLE"],
      EXECUTE_AS_USER: null,
      SECONDARY_ROLE_NAMES: null,
    },
    expect.objectContaining({
      NAME: "UP",
      INPUTS: [
        { kind: "TABLE", name: "D.PUBLIC.BASE" },
        { kind: "VIEW", name: "D.PUBLIC.V" },
      ],
      TARGET_LAG_TYPE: "DOWNSTREAM",
      TARGET_LAG_SEC: null,
    }),
  ]);
});

test("each change of a table ends one description and begins another", async () => {
  await client.run(create("dt", "'1 minute'", "select id from base"), "create warehouse other");
  for (const change of [
    "set target_lag = '2 minutes'",
    "set warehouse = other",
    "suspend",
    "resume",
    "rename to d.public.renamed",
    "set comment = 'no new description'",
  ]) {
    await snowglobe.advance(10);
    await client.run(`alter dynamic table ${change.includes("comment") ? "renamed" : "dt"} ${change}`);
  }
  await snowglobe.advance(10);
  await client.run("drop dynamic table renamed");
  const columns = `name, date_part(second, valid_from) as valid_from, date_part(second, valid_to) as valid_to, target_lag_sec,
    alter_trigger, scheduling_state`;
  expect(await graph(client, columns)).toEqual([]);
  const active = { state: "ACTIVE" };
  const resumed = { state: "ACTIVE", resumed_on: "2026-01-05 12:00:40.000 Z" };
  const suspended = {
    state: "SUSPENDED",
    reason_code: "USER_SUSPENDED",
    reason_message: expect.any(String) as string,
    suspended_on: "2026-01-05 12:00:30.000 Z",
  };
  const row = (name: string, from: number, to: number, lag: number, trigger: string, state: unknown): unknown => ({
    NAME: name,
    VALID_FROM: from,
    VALID_TO: to,
    TARGET_LAG_SEC: lag,
    ALTER_TRIGGER: [trigger],
    SCHEDULING_STATE: state,
  });
  expect(await graph(client, columns, ALL)).toEqual([
    row("DT", 0, 10, 60, "CREATE_DYNAMIC_TABLE", active),
    row("DT", 10, 20, 120, "ALTER_TARGET_LAG", active),
    row("DT", 20, 30, 120, "ALTER_WAREHOUSE", active),
    row("DT", 30, 40, 120, "SUSPEND", suspended),
    row("DT", 40, 50, 120, "RESUME", resumed),
    row("RENAMED", 50, 10, 120, "NONE", resumed),
  ]);
});

test("AS_OF and a range choose by time; HISTORY_END does not stand alone", async () => {
  await client.run(create("dt", "'1 minute'", "select id from base"));
  await snowglobe.advance(100);
  await client.run("alter dynamic table dt set target_lag = '2 minutes'");
  const lags = async (args: string): Promise<unknown> =>
    (await graph(client, "target_lag_sec as lag", args)).map((row) => (row as { LAG: number }).LAG);
  expect(await lags("AS_OF => '2026-01-05 12:01:00 +0000'::timestamp_tz")).toEqual([60]);
  expect(await lags("AS_OF => '2026-01-05 11:00:00 +0000'::timestamp_tz")).toEqual([]);
  expect(await lags("AS_OF => current_timestamp()")).toEqual([120]);
  expect(
    await lags(
      "HISTORY_START => '2026-01-05 12:00:10 +0000'::timestamp_tz, HISTORY_END => '2026-01-05 12:00:20 +0000'::timestamp_tz",
    ),
  ).toEqual([60]);
  expect(await lags(ALL)).toEqual([60, 120]);
  const { message } = await client.failure(
    "select * from table(information_schema.dynamic_table_graph_history(HISTORY_END => current_timestamp()))",
  );
  expect(message).toMatch(/HISTORY_END needs HISTORY_START/);
});

test("the refresh history says since when the description was valid", async () => {
  await client.run(create("dt", "'1 minute'", "select id from base"));
  await snowglobe.advance(60);
  await client.run("alter dynamic table dt set target_lag = '2 minutes'");
  await snowglobe.advance(60);
  const rows = await client.rows(
    `select distinct h.target_lag_sec as lag, g.target_lag_sec as described
     from table(information_schema.dynamic_table_refresh_history()) h
     join table(information_schema.dynamic_table_graph_history(${ALL})) g
       on g.valid_from = h.graph_history_valid_from and g.qualified_name = h.qualified_name
     order by 1`,
  );
  expect(rows).toEqual([
    { LAG: 60, DESCRIBED: 60 },
    { LAG: 120, DESCRIBED: 120 },
  ]);
});

test("without MONITOR there are names alone, without any privilege nothing", async () => {
  await client.run(
    create("dt", "'1 minute'", "select id from base"),
    create("hidden", "'1 minute'", "select id from base"),
    "create role reader",
    "grant role reader to user admin",
    "grant usage on database d to role reader",
    "grant usage on schema d.public to role reader",
    "grant select on dynamic table dt to role reader",
    "use role reader",
    "use secondary roles none",
  );
  const nothing = Object.fromEntries(
    [
      "INPUTS",
      "TARGET_LAG_TYPE",
      "TARGET_LAG_SEC",
      "QUERY_TEXT",
      "VALID_FROM",
      "VALID_TO",
      "SCHEDULING_STATE",
      "ALTER_TRIGGER",
      "EXECUTE_AS_USER",
      "SECONDARY_ROLE_NAMES",
    ].map((column) => [column, null]),
  );
  expect(await graph(client, "*")).toEqual([
    { NAME: "DT", SCHEMA_NAME: "PUBLIC", DATABASE_NAME: "D", QUALIFIED_NAME: "D.PUBLIC.DT", ...nothing },
  ]);
  await client.run("use role accountadmin", "grant monitor on dynamic table dt to role reader", "use role reader");
  expect(await graph(client, "name, target_lag_sec")).toEqual([{ NAME: "DT", TARGET_LAG_SEC: 60 }]);
});

test("descriptions outlive a restart", async () => {
  await client.run(create("dt", "'1 day'", "select id from base"), "alter dynamic table dt set target_lag = '2 days'");
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  await client.run("alter dynamic table dt set target_lag = '3 days'");
  expect(await graph(client, "target_lag_sec / 86400 as days", ALL)).toEqual([{ DAYS: 1 }, { DAYS: 2 }, { DAYS: 3 }]);
});
