import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;
beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse w", "create database d", "create table t (ts timestamp_ntz, tm time)");
});
afterAll(() => snowglobe.stop());

/** What would lose digits: values that Snowflake keeps and this server has no room for. */
const LOSING = [
  "select '2026-03-01 00:00:00.123456789'::timestamp_ntz",
  "select '2026-03-01 00:00:00.1234567 +0100'::timestamp_tz",
  "select column1::timestamp_ltz from values ('2026-03-01 00:00:00.000000001')",
  "select try_to_timestamp('2026-03-01 00:00:00.123456789')",
  "select '00:00:00.123456789'::time",
  "select to_timestamp('2026-03-01 00:00:00.123456789', 'YYYY-MM-DD HH24:MI:SS.FF9')",
  "select to_timestamp('1487654321321456789')",
  "select to_timestamp(1487654321321456789, 9)",
  "select to_timestamp_ntz(1.1234567)",
  "select timestamp_ntz_from_parts(2013, 4, 5, 12, 0, 0, 987654321)",
  "select time_from_parts(12, 34, 56, 987654321)",
  "select dateadd(ns, 1500, '2026-03-01'::timestamp_ntz)",
  "insert into t (ts) values ('2026-03-01 00:00:00.123456789')",
  "insert into t (tm) values ('00:00:00.123456789')",
];

it.each(LOSING)("%s is refused by name, and never cut", async (statement) => {
  expect(await client.failure(statement)).toMatchObject({
    code: "000002",
    message: expect.stringContaining("nanoseconds") as string,
  });
});

it("what a type of fewer digits cuts anyway is cut", async () => {
  expect(
    await client.row(
      `select '2026-03-01 00:00:00.123456789'::timestamp_ntz(6)::varchar as a,
         to_char('00:00:00.123456789'::time(6), 'FF9') as b, '2026-03-01 00:00:00.123456789'::date::varchar as c`,
    ),
  ).toEqual({ A: "2026-03-01 00:00:00.123", B: "123456000", C: "2026-03-01" });
});
