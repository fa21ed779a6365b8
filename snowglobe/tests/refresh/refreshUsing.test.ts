/** REFRESH USING. Source: "Custom incrementalization". */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { freshSchema, modeOf } from "./documented";
import { lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());

let schema = 0;
beforeEach(() => freshSchema(client, `sc${++schema}`));
afterEach(() => client.run(`drop schema sc${schema}`));

const custom = (columns: string, statement: string, options = ""): string =>
  `create dynamic table s (${columns}) target_lag = '1 minute' warehouse = wh ${options} refresh using (${statement})`;
const MERGE = `merge into self t using (select grp, sum(amt) b from src changes(information => append_only) group by grp) x
  on t.grp = x.grp when matched then update set t.total = t.total + x.b
  when not matched then insert (grp, total) values (x.grp, x.b)`;

async function refreshed(): Promise<unknown[]> {
  await snowglobe.advance(1);
  await client.run("alter dynamic table s refresh");
  const { REFRESH_ACTION, INSERTED, DELETED } = await lastRefresh(client, `sc${schema}.S`);
  return [REFRESH_ACTION, INSERTED, DELETED];
}

test("a MERGE accumulates what was appended", async () => {
  await client.run(custom("grp varchar, total number(10,2)", MERGE));
  expect(await modeOf(client, "S")).toBe("CUSTOM_INCREMENTAL");
  expect(await client.rows("select * from s order by grp")).toEqual([
    { GRP: "a", TOTAL: 30 },
    { GRP: "b", TOTAL: 30 },
  ]);
  await client.run("insert into src values (4, 'b', 5, null)", "delete from src where id = 1");
  expect(await refreshed()).toEqual(["CUSTOM_INCREMENTAL", 1, 1]);
  expect(await client.column("select total from s order by grp")).toEqual([30, 35]);
  expect((await refreshed())[0]).toBe("NO_DATA");
});

test("DEFAULT shows inserts, updates and deletes", async () => {
  await client.run(
    custom(
      "id int, action varchar, is_update boolean",
      "insert into self select id, metadata$action, metadata$isupdate from src changes()",
    ),
  );
  expect(await client.column("select distinct action from s")).toEqual(["INSERT"]);
  await client.run("update src set amt = 11 where id = 1", "delete from src where id = 2");
  await refreshed();
  expect(await client.rows("select * from s where action = 'DELETE' or is_update order by id, action")).toEqual([
    { ID: 1, ACTION: "DELETE", IS_UPDATE: true },
    { ID: 1, ACTION: "INSERT", IS_UPDATE: true },
    { ID: 2, ACTION: "DELETE", IS_UPDATE: false },
  ]);
});

test("with a relied key a row that went and came again is no change", async () => {
  await client.run(
    custom(
      "grp varchar, action varchar, u boolean",
      "insert into self select grp, metadata$action, metadata$isupdate from dim changes()",
    ),
    "insert overwrite into dim values ('a', 'A2'), ('b', 'B')",
  );
  await refreshed();
  expect(await client.rows("select * from s where action = 'DELETE' or u order by action")).toEqual([
    { GRP: "a", ACTION: "DELETE", U: true },
    { GRP: "a", ACTION: "INSERT", U: true },
  ]);
});

test("SELF can be read, other tables are read whole", async () => {
  await client.run(
    custom(
      "id int, label varchar, n int",
      `insert into self select c.id, d.label, (select count(*) from self) from src changes(information => append_only) c
       join dim d on d.grp = c.grp`,
    ),
    "insert into src values (4, 'b', 5, null)",
  );
  await refreshed();
  expect(await client.rows("select * from s order by id")).toMatchObject([
    { ID: 1, LABEL: "A", N: 0 },
    { ID: 2, LABEL: "A", N: 0 },
    { ID: 3, LABEL: "B", N: 0 },
    { ID: 4, LABEL: "B", N: 3 },
  ]);
});

test("without CHANGES all is read and appended each time", async () => {
  await client.run(custom("id int", "insert into self select id from src"));
  expect(await client.value("select count(*) from s")).toBe(3);
  await client.run("insert into src values (4, 'b', 5, null)");
  await refreshed();
  expect(await client.value("select count(*) from s")).toBe(7);
});

test.each([
  ["CHANGES on SELF", "insert into self select id from self changes()"],
  ["the table's own name", "insert into self select id from s"],
  ["a bound", "insert into self select id from src changes() at (offset => -60)"],
  ["an UPDATE", "update self set id = 1"],
  ["a DELETE", "delete from self"],
  ["INSERT OVERWRITE", "insert overwrite into self select id from src"],
  ["another target", "insert into dim select grp, grp from src"],
  ["two statements", "insert into self select id from src; insert into self select id from src"],
  ["a table that is not there", "insert into self select id from nothing"],
])("%s is refused", async (_, statement) => {
  await client.failure(custom("id int", statement));
  expect(await client.rows("show dynamic tables")).toEqual([]);
});

test("clauses that do not go with it", async () => {
  const insert = "insert into self select id from src";
  await client.failure(custom("id int", insert, "frozen where (id < 2)"));
  await client.failure(custom("id int", insert, "refresh_mode = incremental"));
  await client.failure(custom("id int", insert, "start at (offset => -60)"));
  await client.failure(custom("id", insert));
  await client.failure(
    "create dynamic table s target_lag = '1 minute' warehouse = wh refresh_mode = custom_incremental as select 1 as one",
  );
});

test("BACKFILL FROM stands for the first run; START AT says where changes begin", async () => {
  const insert = "insert into self select id from src changes(information => append_only)";
  await client.run("create table snap as select 100 as id", custom("id number(3,0)", insert, "backfill from snap"));
  expect(await client.column("select id from s")).toEqual([100]);
  await client.run("insert into src values (4, 'b', 5, null)");
  await refreshed();
  expect(await client.column("select id from s order by id")).toEqual([4, 100]);

  await snowglobe.advance(60);
  await client.run("insert into src values (5, 'b', 5, null)");
  await snowglobe.advance(10);
  const start = custom("id number(3,0)", insert, "backfill from snap start at (offset => -30)");
  await client.run(start.replace("create", "create or replace"));
  expect(await client.column("select id from s")).toEqual([100]);
  await refreshed();
  expect(await client.column("select id from s order by id")).toEqual([5, 100]);
});

test("a failure leaves everything; CREATE OR ALTER goes on from the last success", async () => {
  await client.run(custom("id int", "insert into self select id from src changes(information => append_only)"));
  await client.run("alter table src rename column id to key", "insert into src values (4, 'b', 5, null)");
  expect((await client.failure("alter dynamic table s refresh")).message).toContain("invalid identifier 'ID'");
  await client.run(
    custom("id int", "insert into self select key from src changes(information => append_only)").replace(
      "create",
      "create or alter",
    ),
  );
  expect(await refreshed()).toEqual(["CUSTOM_INCREMENTAL", 1, 0]);
  expect(await client.column("select id from s order by id")).toEqual([1, 2, 3, 4]);
});

test("a replaced source stops it", async () => {
  await client.run(
    custom("id int", "insert into self select id from src changes(information => append_only)"),
    "create or replace table src (id int) change_tracking = true",
    "insert into src values (9)",
  );
  await client.failure("alter dynamic table s refresh");
  expect(await client.value("select count(*) from s")).toBe(3);
});
