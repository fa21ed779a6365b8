/** CREATE OR ALTER of the kinds that a pipeline uses. Source: "CREATE OR ALTER <object>". */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse wh", "create database d", "use schema d.public", "create table t (a int, b int)");
});
afterAll(() => snowglobe.stop());

test("a task is made, and then altered in place", async () => {
  await client.run(
    "create or alter task ca warehouse = wh schedule = '60 minutes' comment = 'c' as select 1",
    "grant monitor on task ca to role public",
  );
  const before = await client.row("show tasks like 'CA'");
  await client.run("create or alter task ca warehouse = wh schedule = '30 minutes' as select 2");
  expect(await client.row("show tasks like 'CA'")).toMatchObject({
    id: before.id,
    schedule: "30 minutes",
    definition: "select 2",
    comment: "",
    state: "suspended",
  });
  expect((await client.rows("show grants on task ca")).map((row) => row.privilege)).toContain("MONITOR");
  await client.run("alter task ca resume");
  await client.failure("create or alter task ca warehouse = wh schedule = '10 minutes' as select 2");
  await client.run("alter task ca suspend");
});

test("an alert keeps its state", async () => {
  const alert = (schedule: string): string =>
    `create or alter alert al warehouse = wh schedule = '${schedule}' if (exists (select 1 from t)) then insert into t values (1, 1)`;
  await client.run(alert("60 minute"), "alter alert al resume", alert("30 minute"));
  expect(await client.row("show alerts like 'AL'")).toMatchObject({ schedule: "30 minute", state: "started" });
  await client.run("drop alert al");
});

test("a view keeps its grants", async () => {
  await client.run(
    "create or alter view v as select a from t",
    "grant select on view v to role public",
    "create or alter view v comment = 'c' as select a, b from t",
  );
  expect((await client.rows("describe view v")).map((row) => row.name)).toEqual(["A", "B"]);
  expect((await client.rows("show grants on view v")).map((row) => row.privilege)).toContain("SELECT");
  await client.failure("create or alter view v as select * from v");
});

test("schemas, databases, warehouses, roles, stages and file formats", async () => {
  await client.run(
    "create or alter schema s comment = 'c'",
    "create table s.inside (a int)",
    "create or alter schema s",
  );
  expect(await client.row("show schemas like 'S'")).toMatchObject({ comment: "" });
  expect(await client.value("select count(*) from d.s.inside")).toBe(0);
  await client.run("create or alter database d comment = 'kept'", "use schema d.public");
  expect(await client.value("select count(*) from t")).toBe(0);
  await client.run(
    "create or alter warehouse wh warehouse_size = small auto_suspend = 30",
    "create or alter warehouse wh",
  );
  expect(await client.row("show warehouses like 'WH'")).toMatchObject({ size: "X-Small", auto_suspend: 600 });
  await client.run("create or alter role r comment = 'c'", "grant role r to user admin", "create or alter role r");
  expect(await client.row("show roles like 'R'")).toMatchObject({ comment: "", assigned_to_users: 1 });
  await client.run("create or alter stage st comment = 'a'", "create or alter stage st comment = 'b'");
  expect(await client.row("show stages like 'ST'")).toMatchObject({ comment: "b" });
  await client.run(
    "create or alter file format ff type = csv",
    "create or alter file format ff type = csv skip_header = 1",
  );
  await client.failure("create or alter stage if not exists st");
});

test("a table gets the columns, keys and properties of the statement", async () => {
  await client.run(
    "create or alter table x (id int primary key, v varchar(10) default 'n', gone int) comment = 'c'",
    "insert into x values (1, 'one', 1)",
    "create stream changes on table x",
    "create or alter table x (id int, v varchar(20) not null, fresh int default 7, unique (v) rely)",
  );
  expect(await client.rows("select * from x")).toEqual([{ ID: 1, V: "one", FRESH: 7 }]);
  expect((await client.rows("describe table x")).map((row) => [row.name, row.type, row["null?"], row.default])).toEqual(
    [
      ["ID", "NUMBER(38,0)", "Y", null],
      ["V", "VARCHAR(20)", "N", null],
      ["FRESH", "NUMBER(38,0)", "Y", "7"],
    ],
  );
  expect(await client.rows("show primary keys in x")).toEqual([]);
  expect(await client.rows("show unique keys in x")).toMatchObject([{ column_name: "V", rely: true }]);
  expect(await client.row("show tables like 'X'")).toMatchObject({ comment: "" });
  await client.failure("create or alter table x (between int, id int)");
  await client.failure("create or alter table x (v varchar(20), id int)");
  await client.failure("create or alter table x (other int)");
  await client.failure("create or alter view x as select 1 as one");
  expect((await client.rows("describe table x")).map((row) => row.name)).toEqual(["ID", "V", "FRESH"]);
});
