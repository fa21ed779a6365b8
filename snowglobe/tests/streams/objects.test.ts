import { startSnowglobe, START, type TestClient, type TestSnowglobe } from "../server";
import { consume, hasData, prepare, shown } from "./stream";

const DAY = 86_400;

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
  await client.run("create table t (id int)");
});
afterEach(() => snowglobe.stop());

test("SHOW STREAMS and DESCRIBE STREAM", async () => {
  await client.run(
    "create stream s on table t comment = 'first'",
    "create view v as select id from t",
    "create stream a on view v append_only = true",
  );
  const rows = await client.rows("show streams in schema d.public");
  expect(rows.map((row) => row.name)).toEqual(["A", "S"]);
  expect(rows[1]).toEqual({
    created_on: new Date(START / 1000),
    name: "S",
    database_name: "D",
    schema_name: "PUBLIC",
    owner: "ACCOUNTADMIN",
    comment: "first",
    table_name: "D.PUBLIC.T",
    source_type: "Table",
    base_tables: "D.PUBLIC.T",
    type: "DELTA",
    stale: "false",
    mode: "DEFAULT",
    stale_after: new Date(START / 1000 + 14 * DAY * 1000),
    invalid_reason: "N/A",
    owner_role_type: "ROLE",
  });
  expect(rows[0]).toMatchObject({
    source_type: "View",
    table_name: "D.PUBLIC.V",
    base_tables: "D.PUBLIC.T",
    mode: "APPEND_ONLY",
  });
  expect(await client.rows("describe stream s")).toEqual([rows[1]]);
  expect(await client.rows("show streams like 's'")).toEqual([rows[1]]);
  await client.run("alter stream s set comment = 'other'");
  expect((await client.row("desc stream s")).comment).toBe("other");
  await client.run("alter stream s unset comment", "comment on stream a is 'said'");
  expect((await client.rows("show streams")).map((row) => row.comment)).toEqual(["said", ""]);
  expect(await client.value("drop stream s")).toBe("S successfully dropped.");
  expect(await client.value("drop stream if exists s")).toMatch(/already dropped/);
  expect((await client.failure("select * from s")).code).toBe("002003");
  expect((await client.failure("describe stream s")).message).toMatch(/Stream 'D.PUBLIC.S' does not exist/);
});

test("streams, tables and views share their names", async () => {
  await client.run("create stream s on table t");
  expect((await client.failure("create table s (id int)")).message).toMatch(/already exists/);
  expect((await client.failure("create or replace table s (id int)")).message).toMatch(
    /Object found is of type 'STREAM'/,
  );
  expect((await client.failure("create stream t on table t")).message).toMatch(/already exists/);
  expect((await client.failure("drop table s")).message).toMatch(/type 'STREAM', not specified type 'TABLE'/);
  expect((await client.failure("insert into s values (1)")).message).toMatch(/type 'STREAM'/);
  expect((await client.failure("alter table t rename to s")).message).toMatch(/already exists/);
  expect((await client.failure("create stream x on table s")).message).toMatch(
    /type 'STREAM', not specified type 'TABLE'/,
  );
});

test.each([
  ["create stream s on view t", /Object found is of type 'TABLE', not specified type 'VIEW'/],
  ["create stream s on table missing", /Object 'D.PUBLIC.MISSING' does not exist or not authorized/],
  ["create stream s on stage st", /Unsupported feature 'CREATE STREAM ON STAGE'/],
  ["create stream s on external table t", /Unsupported feature 'CREATE STREAM ON EXTERNAL TABLE'/],
  ["create stream s on table t insert_only = true", /Unsupported feature 'CREATE STREAM ... INSERT_ONLY = TRUE'/],
  ["create stream s clone x", /Unsupported feature 'CREATE STREAM ... CLONE'/],
  ["create stream s on table t nonsense = 1", /invalid property 'NONSENSE'/],
  ["select system$stream_has_data('missing')", /Stream 'D.PUBLIC.MISSING' does not exist or not authorized/],
  ["create dynamic table dt target_lag = '1 minute' warehouse = wh as select * from on_t", /stream in a dynamic table/],
  ["select * from on_t at (offset => -1)", /Unsupported feature 'time travel on a stream'/],
  ["alter stream on_t rename to other", /Unsupported feature 'ALTER STREAM renameTo'/],
])("%s is refused", async (statement, message) => {
  await client.run("create stream on_t on table t");
  expect((await client.failure(statement)).message).toMatch(message);
});

test("the first stream of the owner switches change tracking on", async () => {
  const tracking = async (): Promise<unknown> => (await client.rows("show tables like 'T'"))[0]!.change_tracking;
  expect(await tracking()).toBe("OFF");
  await client.run("create stream s on table t");
  expect(await tracking()).toBe("ON");
});

test("privileges: to make, to read, and to switch change tracking on", async () => {
  await client.run(
    "create role r",
    "create user u password = 'a long password' default_role = r",
    "grant role r to user u",
    "grant usage on warehouse wh to role r",
    "grant usage on database d to role r",
    "grant usage on schema d.public to role r",
  );
  const other = await snowglobe.connect({
    user: "u",
    password: "a long password",
    database: "D",
    schema: "PUBLIC",
    warehouse: "WH",
  });
  expect((await other.failure("create stream s on table t")).message).toMatch(
    /Insufficient privileges .* schema 'PUBLIC'/,
  );
  await client.run("grant create stream on schema d.public to role r");
  expect((await other.failure("create stream s on table t")).message).toMatch(/'D.PUBLIC.T' does not exist/);
  await client.run("grant select on table t to role r");
  expect((await other.failure("create stream s on table t")).message).toMatch(
    /Insufficient privileges to operate on stream source without CHANGE_TRACKING enabled 'T'/,
  );
  await client.run("alter table t set change_tracking = true");
  await other.run("create stream s on table t");
  await client.run("create stream admins on table t", "insert into t values (1)");
  expect(await shown(other, "s")).toEqual(["+1"]);
  expect((await other.failure("select * from admins")).message).toMatch(/'D.PUBLIC.ADMINS' does not exist/);
  expect((await other.failure("select system$stream_has_data('admins')")).message).toMatch(/does not exist/);
  await client.run("grant select on stream admins to role r");
  expect(await shown(other, "admins")).toEqual(["+1"]);
  expect((await other.failure("drop stream admins")).message).toMatch(/Insufficient privileges .* stream 'ADMINS'/);
  await client.run("revoke select on table t from role r");
  expect((await other.failure("select * from admins")).message).toMatch(/'D.PUBLIC.T' does not exist/);
});

test("COPY GRANTS and future grants", async () => {
  await client.run(
    "create role r",
    "grant select on future streams in schema d.public to role r",
    "create stream s on table t",
  );
  const grants = async (): Promise<unknown[]> =>
    (await client.rows("show grants on stream s")).map((row) => `${String(row.privilege)} ${String(row.grantee_name)}`);
  expect(await grants()).toContain("SELECT R");
  await client.run("revoke select on future streams in schema d.public from role r");
  await client.run("create or replace stream s copy grants on table t");
  expect(await grants()).toContain("SELECT R");
  await client.run("create or replace stream s on table t");
  expect(await grants()).not.toContain("SELECT R");
});

test("a renamed source is followed; a replaced or dropped one makes the stream stale", async () => {
  await client.run("create stream s on table t", "insert into t values (1)", "alter table t rename to renamed");
  expect(await shown(client, "s")).toEqual(["+1"]);
  expect((await client.row("describe stream s")).table_name).toBe("D.PUBLIC.RENAMED");
  await client.run("drop table renamed");
  expect((await client.row("describe stream s")).stale).toBe("true");
  expect((await client.failure("select * from s")).message).toMatch(
    /Base TABLE 'D.PUBLIC.RENAMED' dropped, cannot read from stream 'D.PUBLIC.S'/,
  );
  await client.run("undrop table renamed");
  expect(await shown(client, "s")).toEqual(["+1"]);
  await client.run("create or replace table renamed (id int)");
  expect((await client.failure("insert into renamed select id from s")).message).toMatch(/dropped, cannot read/);
  expect(await client.rows("show streams")).toMatchObject([{ stale: "true" }]);
});

test("a gap in change tracking cannot be read over", async () => {
  await client.run(
    "create stream s on table t",
    "alter table t set change_tracking = false",
    "insert into t values (1)",
    "alter table t set change_tracking = true",
  );
  expect((await client.failure("select * from s")).message).toMatch(/has been missing for the time range requested/);
  await client.run("create or replace stream s on table t", "insert into t values (2)");
  expect(await shown(client, "s")).toEqual(["+2"]);
});

/** Ends of history come after a day or two, or the tests would run housekeeping for weeks. */
const SHORT = "alter table t set data_retention_time_in_days = 0 max_data_extension_time_in_days";

test("a stream keeps its changes beyond the retention, and is stale after the extension", async () => {
  await client.run(`${SHORT} = 1`);
  await client.run("create stream s on table t", "insert into t values (1), (2)", "create stream later on table t");
  await client.run("delete from t where id = 1");
  await snowglobe.advance(0.9 * DAY);
  expect(await shown(client, "later")).toEqual(["-1"]);
  expect(await shown(client, "s")).toEqual(["+2"]);
  await consume(client, "later");
  expect((await client.row("describe stream later")).stale_after).toEqual(
    new Date(snowglobe.clock.now() / 1000 + DAY * 1000),
  );
  await client.run("delete from t");
  await snowglobe.advance(0.5 * DAY);
  expect((await client.failure("select * from s")).message).toMatch(/Stream D.PUBLIC.S has become stale/);
  expect((await client.row("describe stream s")).stale).toBe("true");
  // What was given up does not come back with a longer extension.
  await client.run("alter table t set max_data_extension_time_in_days = 90");
  expect((await client.failure("select * from s")).message).toMatch(/has become stale/);
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  expect((await client.failure("select * from s")).message).toMatch(/has become stale/);
  expect(await shown(client, "later")).toEqual(["-2"]);
});

test("asking an empty stream keeps it fresh, also over a restart", async () => {
  await client.run(`${SHORT} = 1`, "create stream s on table t", "create stream asked on table t");
  for (let times = 0; times < 3; times++) {
    await snowglobe.advance(0.4 * DAY);
    expect(await hasData(client, "asked")).toBe(false);
  }
  await snowglobe.advance(3600);
  await snowglobe.restart();
  client = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  expect((await client.row("describe stream s")).stale).toBe("true");
  expect((await client.row("describe stream asked")).stale).toBe("false");
  await client.run("insert into t values (1)");
  expect(await hasData(client, "asked")).toBe(true);
  expect(await shown(client, "asked")).toEqual(["+1"]);
});

test("a transaction sees what a stream showed at its begin, though housekeeping comes by", async () => {
  await client.run(
    "alter table t set data_retention_time_in_days = 0",
    "insert into t values (1), (2)",
    "create stream s on table t",
    "delete from t where id = 1",
  );
  const second = await snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  await second.run("begin");
  expect(await shown(second, "s")).toEqual(["-1"]);
  await consume(client, "s");
  await snowglobe.advance(3600);
  expect(await shown(second, "s")).toEqual(["-1"]);
  await second.run("rollback");
  expect(await shown(second, "s")).toEqual([]);
});

test("a stream goes and comes back with its schema", async () => {
  await client.run(
    "create stream s on table t",
    "insert into t values (1)",
    "drop schema public",
    "undrop schema public",
  );
  await client.run("use schema d.public");
  expect(await shown(client, "s")).toEqual(["+1"]);
});
