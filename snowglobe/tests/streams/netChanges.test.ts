import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { consume, hasData, prepare, shown } from "./stream";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());

interface Case {
  readonly name: string;
  /** What happens to a table with the rows (1, a), (2, b), (3, c) after the streams were made. */
  readonly changes: readonly string[];
  readonly standard: readonly string[];
  readonly appendOnly: readonly string[];
}

const CASES: readonly Case[] = [
  { name: "nothing", changes: [], standard: [], appendOnly: [] },
  { name: "insert", changes: ["insert into t values (4, 'd')"], standard: ["+4,d"], appendOnly: ["+4,d"] },
  { name: "delete", changes: ["delete from t where id = 2"], standard: ["-2,b"], appendOnly: [] },
  {
    name: "update",
    changes: ["update t set v = 'B' where id = 2"],
    standard: ["+u2,B", "-u2,b"],
    appendOnly: [],
  },
  {
    name: "insert then delete",
    changes: ["insert into t values (4, 'd')", "delete from t where id = 4"],
    standard: [],
    appendOnly: ["+4,d"],
  },
  {
    name: "insert then update",
    changes: ["insert into t values (4, 'd')", "update t set v = 'D' where id = 4"],
    standard: ["+4,D"],
    appendOnly: ["+4,d"],
  },
  {
    name: "update then update",
    changes: ["update t set v = 'x' where id = 1", "update t set v = 'y' where id = 1"],
    standard: ["+u1,y", "-u1,a"],
    appendOnly: [],
  },
  {
    name: "update then delete",
    changes: ["update t set v = 'x' where id = 1", "delete from t where id = 1"],
    standard: ["-1,a"],
    appendOnly: [],
  },
  {
    name: "delete then insert of the same values",
    changes: ["delete from t where id = 1", "insert into t values (1, 'a')"],
    standard: ["+1,a", "-1,a"],
    appendOnly: ["+1,a"],
  },
  { name: "truncate", changes: ["truncate table t"], standard: ["-1,a", "-2,b", "-3,c"], appendOnly: [] },
  {
    name: "insert overwrite",
    changes: ["insert overwrite into t values (1, 'a')"],
    standard: ["+1,a", "-1,a", "-2,b", "-3,c"],
    appendOnly: ["+1,a"],
  },
  {
    name: "merge",
    changes: [
      `merge into t using (select column1 as id, column2 as v from values (1, 'z'), (2, null), (9, 'n')) s on t.id = s.id
       when matched and s.v is null then delete when matched then update set v = s.v
       when not matched then insert values (s.id, s.v)`,
    ],
    standard: ["+9,n", "+u1,z", "-2,b", "-u1,a"],
    appendOnly: ["+9,n"],
  },
  {
    name: "a transaction of several statements",
    changes: ["begin", "insert into t values (4, 'd')", "update t set v = 'D' where id > 2", "commit"],
    standard: ["+4,D", "+u3,D", "-u3,c"],
    // What a commit brought, not what its statements did on the way.
    appendOnly: ["+4,D"],
  },
  { name: "a transaction rolled back", changes: ["begin", "delete from t", "rollback"], standard: [], appendOnly: [] },
];

test.each(CASES)("$name", async ({ changes, standard, appendOnly }) => {
  await client.run(
    "create or replace table t (id int, v varchar)",
    "insert into t values (1, 'a'), (2, 'b'), (3, 'c')",
    "create or replace stream s on table t",
    "create or replace stream other on table t",
    "create or replace stream appended on table t append_only = true",
    ...changes,
  );
  expect(await shown(client, "s")).toEqual(standard);
  expect(await shown(client, "appended")).toEqual(appendOnly);
  expect(await hasData(client, "s")).toBe(standard.length > 0 || appendOnly.length > 0);
  // Reading moves nothing, and one stream's consumption is not another's.
  expect(await shown(client, "s")).toEqual(standard);
  await consume(client, "s");
  expect(await shown(client, "s")).toEqual([]);
  expect(await hasData(client, "s")).toBe(false);
  expect(await shown(client, "other")).toEqual(standard);
});

test("columns: the source's, then the metadata; one row has one id in all streams", async () => {
  await client.run(
    "create or replace table t (id int, v varchar)",
    "create or replace stream a on table t",
    "create or replace stream b on table t",
    "insert into t values (1, 'x'), (2, 'y')",
  );
  const { statement } = await client.driver.execute("select * from a");
  expect(statement.getColumns()!.map((column) => column.getName())).toEqual([
    "ID",
    "V",
    "METADATA$ACTION",
    "METADATA$ISUPDATE",
    "METADATA$ROW_ID",
  ]);
  const ids = "select id, metadata$row_id as r from";
  expect(await client.rows(`${ids} a order by id`)).toEqual(await client.rows(`${ids} b order by id`));
  const both = "select count(*) from a join b on a.metadata$row_id = b.metadata$row_id and a.id = b.id";
  expect(await client.value(both)).toBe(2);
  await consume(client, "a");
  await client.run("update t set v = 'z' where id = 1");
  expect(await client.value(both)).toBe(2);
});

test("SHOW_INITIAL_ROWS shows the rows of the start first, then what changed since", async () => {
  await client.run(
    "create or replace table t (id int, v varchar)",
    "insert into t values (1, 'a'), (2, 'b')",
    "create or replace stream s on table t show_initial_rows = true",
    "delete from t where id = 1",
    "insert into t values (3, 'c')",
  );
  expect(await shown(client, "s")).toEqual(["+1,a", "+2,b"]);
  expect(await hasData(client, "s")).toBe(true);
  await consume(client, "s");
  expect(await shown(client, "s")).toEqual(["+3,c", "-1,a"]);
});

test("AT and BEFORE set the start; AT (STREAM) takes another stream's", async () => {
  await client.run("create or replace table t (id int) change_tracking = true", "insert into t values (1)");
  await snowglobe.advance(60);
  const second = (await client.driver.execute("insert into t values (2)")).statement.getQueryId();
  await snowglobe.advance(60);
  await client.run(
    "insert into t values (3)",
    "create or replace stream at_offset on table t at (offset => -60)",
    "create or replace stream before_offset on table t before (offset => -60)",
    `create or replace stream at_statement on table t at (statement => '${second}')`,
    `create or replace stream before_statement on table t before (statement => '${second}')`,
    "create or replace stream at_time on table t at (timestamp => dateadd(second, -30, current_timestamp()))",
    "create or replace stream at_stream on table t at (stream => 'before_statement')",
  );
  expect(await shown(client, "at_offset")).toEqual(["+3"]);
  expect(await shown(client, "before_offset")).toEqual(["+2", "+3"]);
  expect(await shown(client, "at_statement")).toEqual(["+3"]);
  expect(await shown(client, "before_statement")).toEqual(["+2", "+3"]);
  expect(await shown(client, "at_time")).toEqual(["+3"]);
  expect(await shown(client, "at_stream")).toEqual(["+2", "+3"]);
  expect(await client.column("select id from t at (stream => 'at_offset') order by id")).toEqual([1, 2]);
  expect((await client.failure("create stream early on table t at (offset => -86400)")).message).toMatch(
    /Time travel data is not available for table T/,
  );
});

test("CREATE OR REPLACE STREAM starts anew", async () => {
  await client.run("create or replace table t (id int)", "create or replace stream s on table t");
  await client.run("insert into t values (1)", "create or replace stream s on table t");
  expect(await shown(client, "s")).toEqual([]);
  expect((await client.failure("create stream s on table t")).message).toMatch(/Object 'D.PUBLIC.S' already exists/);
  await client.run("insert into t values (2)", "create stream if not exists s on table t");
  expect(await shown(client, "s")).toEqual(["+2"]);
});

test("CHANGES shows the same between any two points, and moves no stream", async () => {
  await client.run(
    "create or replace table t (id int, v varchar) change_tracking = true",
    "insert into t values (1, 'a')",
  );
  const first = (await client.driver.execute("insert into t values (2, 'b')")).statement.getQueryId();
  const second = (await client.driver.execute("update t set v = 'B'")).statement.getQueryId();
  await client.run("insert into t values (3, 'c')");
  const from = (what: string, information = "default"): Promise<string[]> =>
    shown(client, `t changes(information => ${information}) ${what}`);
  expect(await from(`at(statement => '${first}')`)).toEqual(["+3,c", "+u1,B", "+u2,B", "-u1,a", "-u2,b"]);
  expect(await from(`at(statement => '${first}') end(statement => '${second}')`)).toEqual([
    "+u1,B",
    "+u2,B",
    "-u1,a",
    "-u2,b",
  ]);
  expect(await from(`before(statement => '${first}') end(statement => '${first}')`)).toEqual(["+2,b"]);
  expect(await from(`before(statement => '${first}')`, "append_only")).toEqual(["+2,b", "+3,c"]);
  await client.run("create or replace table untracked (id int)");
  await snowglobe.advance(60);
  expect(
    (await client.failure("select * from untracked changes(information => default) at(offset => -10)")).message,
  ).toMatch(/Change tracking is not enabled or has been missing for the time range requested on table 'UNTRACKED'/);
});

test("new and dropped columns of the source", async () => {
  await client.run(
    "create or replace table t (id int, v varchar)",
    "insert into t values (1, 'a')",
    "create or replace stream s on table t",
    "delete from t",
    "alter table t add column n int",
    "insert into t values (2, 'b', 7)",
  );
  expect(await shown(client, "s")).toEqual(["+2,b,7", "-1,a,"]);
  await client.run("alter table t drop column v");
  expect(await shown(client, "s")).toEqual(["+2,7", "-1,"]);
});
