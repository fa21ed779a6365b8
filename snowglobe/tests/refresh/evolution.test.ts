/** What becomes of a dynamic table when what it reads changes, and who sees it. Sources: "Modify dynamic tables", "Use streams on dynamic tables". */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { dt, freshSchema, shown } from "./documented";
import { history, lastRefresh, prepare } from "./pipeline";

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

async function refreshed(name: string): Promise<unknown> {
  await snowglobe.advance(1);
  await client.run(`alter dynamic table ${name} refresh`);
  return (await lastRefresh(client, `sc${schema}.${name}`)).REFRESH_ACTION;
}

test("a column that is not read may go; one that is read and gets another name fails", async () => {
  await client.run(dt("d", "refresh_mode = incremental", "select id from src"), "alter table src drop column amt");
  expect(await refreshed("d")).toBe("NO_DATA");
  await client.run("alter table src rename column id to id2");
  await snowglobe.advance(1);
  await client.failure("alter dynamic table d refresh");
  const last = (await history(client, `sc${schema}.D`)).at(-1)!;
  expect(last).toMatchObject({ STATE: "FAILED" });
  expect(last.STATE_MESSAGE).toContain("invalid identifier 'ID'");
});

test.each([
  ["an added column", "alter table src add column extra int", "insert into src (id, extra) values (4, 7)"],
  ["a dropped column", "alter table src drop column ts", "insert into src (id) values (4)"],
  ["a wider column", "alter table src alter column amt set data type number(20,2)", "insert into src (id) values (4)"],
])("SELECT * follows %s incrementally", async (_, change, insert) => {
  await client.run(
    dt("d", "refresh_mode = incremental", "select * from src"),
    dt("e", "", "select * from d"),
    change,
    insert,
  );
  expect(await refreshed("e")).toBe("INCREMENTAL");
  expect((await lastRefresh(client, `sc${schema}.D`)).REFRESH_ACTION).toBe("INCREMENTAL");
  expect(await client.rows("select * from e order by id")).toEqual(await client.rows("select * from src order by id"));
});

test.each([
  [
    "a column that was dropped and came again",
    ["alter table src drop column amt", "alter table src add column amt number(10,2)"],
  ],
  ["a column with a default", ["alter table src add column extra int default 7"]],
  [
    "a table that was replaced",
    ["create or replace table src (id int, amt number(10,2)) change_tracking = true", "insert into src values (5, 6)"],
  ],
])("SELECT * makes all rows anew after %s", async (_, changes) => {
  await client.run(dt("d", "refresh_mode = incremental", "select * from src"), ...changes);
  expect(await refreshed("d")).toBe("REINITIALIZE");
  expect(await client.rows("select * from d order by id")).toEqual(await client.rows("select * from src order by id"));
});

test("a column that comes before another makes all rows anew", async () => {
  await client.run(
    dt("d", "refresh_mode = incremental", "select *, 1 as one from src"),
    "alter table src add column extra int",
  );
  expect(await refreshed("d")).toBe("REINITIALIZE");
});

test("DISTINCT tells rows apart by the column that went", async () => {
  await client.run(
    dt("d", "refresh_mode = incremental", "select distinct * from (select id, grp from src) s"),
    dt("e", "refresh_mode = incremental", "select distinct * from src"),
    "alter table src drop column id",
    "alter table src drop column amt",
    "alter table src drop column ts",
  );
  await client.failure("alter dynamic table d refresh");
  expect(await refreshed("e")).toBe("REINITIALIZE");
  expect(await client.column("select * from e order by 1")).toEqual(["a", "b"]);
});

test("a view that is altered below it makes all rows anew", async () => {
  await client.run(
    "create view v as select id, amt from src",
    dt("d", "refresh_mode = incremental", "select * from v"),
    "create or alter view v as select id, amt + 1 as amt from src",
  );
  expect(await refreshed("d")).toBe("REINITIALIZE");
  expect(await client.column("select amt from d order by id")).toEqual([11, 21, 31]);
});

test("insights and states", async () => {
  await client.run(
    dt("d", "", "select id from src order by id limit 2"),
    dt("e", "refresh_mode = full", "select id from src"),
  );
  const listed = await client.rows(
    `select name, scheduling_state:state::varchar as state, array_size(recommendations:recommendations) as n,
       recommendations::varchar as text
     from table(information_schema.dynamic_tables()) where schema_name = 'SC${schema}' order by name`,
  );
  expect(listed).toMatchObject([
    { NAME: "D", STATE: "RUNNING", N: 1, TEXT: expect.stringContaining("AUTO_RESOLVED_TO_FULL_REFRESH") as string },
    { NAME: "E", STATE: "RUNNING", N: null },
  ]);
  expect((await shown(client, "D")).scheduling_state).toBe("RUNNING");
  expect(
    await client.value(
      "select scheduling_state:state::varchar from table(information_schema.dynamic_table_graph_history()) where name = 'D'",
    ),
  ).toBe("ACTIVE");
});

test("streams follow what is refreshed by changes; all rows made anew go and come", async () => {
  await client.run(dt("d", "", "select id, amt from src"), dt("f", "refresh_mode = full", "select id from src"));
  expect(await client.failure("create stream s on table d")).toMatchObject({ code: "002203", sqlState: "42601" });
  await client.failure("create stream s on dynamic table f");
  await client.run(
    "create stream s on dynamic table d",
    "create or replace table src (id int, amt number(10,2)) change_tracking = true",
    "insert into src values (1, 10), (9, 90)",
  );
  expect(await refreshed("d")).toBe("REINITIALIZE");
  expect(await client.rows("select id, metadata$action as a, metadata$isupdate as u from s order by a, id")).toEqual([
    { ID: 1, A: "DELETE", U: false },
    { ID: 2, A: "DELETE", U: false },
    { ID: 3, A: "DELETE", U: false },
    { ID: 1, A: "INSERT", U: false },
    { ID: 9, A: "INSERT", U: false },
  ]);
});
