/** Keys, and what they refer to; privileges, roles and schema objects as INFORMATION_SCHEMA lists them. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create database d",
    "create schema d.s",
    "create table d.s.parent (id int primary key, a int, b int, constraint ab unique (a, b) rely)",
    `create table d.public.child (
       id int autoincrement start 5 increment 2 order,
       parent_id int constraint to_parent references d.s.parent (id) on delete cascade on update set null,
       x int, y int, constraint to_ab foreign key (y, x) references d.s.parent (b, a) match simple)`,
    "create table d.s.tree (id int primary key, up int references tree)",
    "use schema d.s",
  );
});

afterAll(() => snowglobe.stop());

const imported = async (sql: string): Promise<unknown[]> =>
  (await client.rows(sql)).map((row) => [
    row.fk_name,
    `${String(row.fk_schema_name)}.${String(row.fk_table_name)}.${String(row.fk_column_name)}`,
    `${String(row.pk_schema_name)}.${String(row.pk_table_name)}.${String(row.pk_column_name)}`,
    row.key_sequence,
  ]);

const TO_PARENT = ["TO_PARENT", "PUBLIC.CHILD.PARENT_ID", "S.PARENT.ID", 1];
const TO_AB = [
  ["TO_AB", "PUBLIC.CHILD.Y", "S.PARENT.B", 1],
  ["TO_AB", "PUBLIC.CHILD.X", "S.PARENT.A", 2],
];

describe("foreign keys", () => {
  test("SHOW IMPORTED KEYS lists those of a table, SHOW EXPORTED KEYS those that refer to it", async () => {
    expect(await imported("show imported keys in table d.public.child")).toEqual([TO_PARENT, ...TO_AB]);
    expect(await imported("show imported keys in schema d.public")).toEqual([TO_PARENT, ...TO_AB]);
    expect(await imported("show exported keys in table parent")).toEqual([TO_PARENT, ...TO_AB]);
    expect(await imported("show exported keys in table d.public.child")).toEqual([]);
    expect(await client.rows("show imported keys in database d")).toHaveLength(4);
    const [row] = await client.rows("show imported keys in table d.public.child");
    expect(Object.keys(row!)).toEqual([
      ...["created_on", "pk_database_name", "pk_schema_name", "pk_table_name", "pk_column_name"],
      ...["fk_database_name", "fk_schema_name", "fk_table_name", "fk_column_name", "key_sequence"],
      ...["update_rule", "delete_rule", "fk_name", "pk_name", "deferrability", "rely", "comment"],
    ]);
    expect(row).toMatchObject({ update_rule: "SET NULL", delete_rule: "CASCADE", deferrability: "NOT DEFERRABLE" });
  });

  test("INFORMATION_SCHEMA has them beside the keys that they refer to", async () => {
    const rows = await client.rows(
      `select rc.constraint_name, rc.match_option, rc.update_rule, rc.delete_rule, tc.table_name, tc.constraint_type
       from d.information_schema.referential_constraints rc
       join d.information_schema.table_constraints tc on tc.constraint_name = rc.unique_constraint_name
       where rc.constraint_schema = 'PUBLIC' order by 1`,
    );
    expect(rows.map((row) => Object.values(row))).toEqual([
      ["TO_AB", "SIMPLE", "NO ACTION", "NO ACTION", "PARENT", "UNIQUE"],
      ["TO_PARENT", "FULL", "SET NULL", "CASCADE", "PARENT", "PRIMARY KEY"],
    ]);
    const kinds = await client.rows(
      `select table_schema, table_name, constraint_type, enforced, rely from d.information_schema.table_constraints
       where table_name <> 'TREE' order by 1, 2, 3, constraint_name`,
    );
    expect(kinds.map((row) => Object.values(row))).toEqual([
      ["PUBLIC", "CHILD", "FOREIGN KEY", "NO", "NO"],
      ["PUBLIC", "CHILD", "FOREIGN KEY", "NO", "NO"],
      ["S", "PARENT", "PRIMARY KEY", "NO", "NO"],
      ["S", "PARENT", "UNIQUE", "NO", "YES"],
    ]);
  });

  test("follow renamings, and go with what they refer to", async () => {
    await client.run(
      "create table one (a int primary key, b int unique)",
      "create table two (x int, y int)",
      "alter table two add constraint r foreign key (x) references one",
      "alter table two add column z int references one (b)",
      "alter table one rename column a to aa",
      "alter table one rename to first",
    );
    const referred = async (): Promise<unknown[]> =>
      (await imported("show imported keys in table two")).map((row) => (row as unknown[]).slice(1, 3));
    expect(await referred()).toEqual([
      ["S.TWO.X", "S.FIRST.AA"],
      ["S.TWO.Z", "S.FIRST.B"],
    ]);
    await client.run("alter table first drop primary key");
    expect(await referred()).toEqual([["S.TWO.Z", "S.FIRST.B"]]);
    await client.run("drop table first");
    expect(await referred()).toEqual([]);
    await client.run("undrop table first");
    expect(await referred()).toEqual([["S.TWO.Z", "S.FIRST.B"]]);
    await client.run("drop table two", "drop table first");
  });

  test("a clone of the schema refers to itself", async () => {
    await client.run("create schema d.copy clone d.s");
    expect(await imported("show imported keys in schema d.copy")).toEqual([
      [expect.any(String), "COPY.TREE.UP", "COPY.TREE.ID", 1],
    ]);
    await client.run("drop schema d.copy", "use schema d.s");
  });

  test("CREATE OR ALTER keeps, adds and takes them away", async () => {
    await client.run("create table t (p int)", "create or alter table t (p int references parent (id), q int unique)");
    expect(await imported("show imported keys in table t")).toEqual([[expect.any(String), "S.T.P", "S.PARENT.ID", 1]]);
    expect(await client.rows("show unique keys in table t")).toHaveLength(1);
    await client.run("create or alter table t (p int references tree, q int unique)");
    expect(await imported("show imported keys in table t")).toEqual([[expect.any(String), "S.T.P", "S.TREE.ID", 1]]);
    await client.run("create or alter table t (p int, q int)");
    expect(await imported("show imported keys in table t")).toEqual([]);
    await client.run("drop table t");
  });
});

test("identity columns", async () => {
  const [row] = await client.rows(
    `select is_identity, identity_generation, identity_start, identity_increment, identity_cycle, identity_ordered, kind
     from d.information_schema.columns where table_name = 'CHILD' and column_name = 'ID'`,
  );
  expect(Object.values(row!)).toEqual(["YES", "BY DEFAULT", "5", "2", "NO", "YES", "COLUMN"]);
  const [other] = await client.rows(
    `select is_identity, identity_generation, identity_ordered from d.information_schema.columns
     where table_name = 'CHILD' and column_name = 'X'`,
  );
  expect(Object.values(other!)).toEqual(["NO", null, null]);
});

test("routines, sequences, stages and file formats", async () => {
  await client.run(
    "create schema d.objects",
    "create function f(a int, b varchar) returns varchar(20) comment = 'eff' as 'b'",
    "create function rows_of(n int) returns table (x int, y varchar) as 'select n, ''a'''",
    "create procedure p() returns int language sql as 'begin return 1; end'",
    "create sequence q start 3 increment 2 comment = 'numbers'",
    "create stage st",
    "create file format ff type = csv field_delimiter = '|' skip_header = 1",
  );
  const of = async (sql: string): Promise<unknown[]> => (await client.rows(sql)).map((row) => Object.values(row));
  expect(
    await of(
      `select function_name, argument_signature, data_type, character_maximum_length, function_language,
       function_definition, comment from information_schema.functions where function_schema = 'OBJECTS' order by 1`,
    ),
  ).toEqual([
    ["F", "(A NUMBER, B VARCHAR)", "VARCHAR(20)", 20, "SQL", "b", "eff"],
    ["ROWS_OF", "(N NUMBER)", "TABLE (X NUMBER(38,0), Y VARCHAR(16777216))", null, "SQL", "select n, 'a'", null],
  ]);
  expect(
    await of(
      "select procedure_name, argument_signature, data_type, numeric_precision, owner_role_type from information_schema.procedures where procedure_schema = 'OBJECTS'",
    ),
  ).toEqual([["P", "()", "NUMBER(38,0)", 38, "ROLE"]]);
  expect(
    await of(
      "select sequence_name, start_value, \"INCREMENT\", ordered, comment from information_schema.sequences where sequence_schema = 'OBJECTS'",
    ),
  ).toEqual([["Q", "3", "2", "NO", "numbers"]]);
  expect(
    await of("select stage_name, stage_type from information_schema.stages where stage_schema = 'OBJECTS'"),
  ).toEqual([["ST", "Internal Named"]]);
  expect(
    await of(
      "select file_format_type, field_delimiter, skip_header, trim_space from information_schema.file_formats where file_format_schema = 'OBJECTS'",
    ),
  ).toEqual([["CSV", "|", 1, "false"]]);
  expect(await client.value("select catalog_name from d.information_schema.information_schema_catalog_name")).toBe("D");
  await client.run("use schema d.s");
});

test("privileges and roles are those that the session's role may see", async () => {
  await client.run(
    "create role reader",
    "create role writer",
    "grant role reader to role writer",
    "create user ann password = 'a long enough password' default_role = writer",
    "grant role writer to user ann",
    "grant usage on database d to role reader",
    "grant usage on schema d.s to role reader",
    "grant select on table d.s.parent to role reader with grant option",
  );
  const ann = await snowglobe.connect({ user: "ANN", password: "a long enough password" });
  const of = async (sql: string): Promise<unknown[]> => (await ann.rows(sql)).map((row) => Object.values(row));
  expect(
    await of(
      `select grantor, grantee, granted_to, table_catalog, table_schema, table_name, privilege_type, is_grantable
       from d.information_schema.table_privileges order by privilege_type`,
    ),
  ).toEqual([
    ["ACCOUNTADMIN", "ACCOUNTADMIN", "ROLE", "D", "S", "PARENT", "OWNERSHIP", "YES"],
    ["ACCOUNTADMIN", "READER", "ROLE", "D", "S", "PARENT", "SELECT", "YES"],
  ]);
  expect(
    await of(
      `select object_catalog, object_schema, object_name, object_type, privilege_type
       from d.information_schema.object_privileges where grantee = 'READER' and object_type <> 'ROLE' order by 4`,
    ),
  ).toEqual([
    [null, null, "D", "DATABASE", "USAGE"],
    ["D", null, "S", "SCHEMA", "USAGE"],
    ["D", "S", "PARENT", "TABLE", "SELECT"],
  ]);
  expect(await of("select role_name from d.information_schema.enabled_roles order by 1")).toEqual([
    ["PUBLIC"],
    ["READER"],
    ["WRITER"],
  ]);
  expect(await of("select grantee, role_name from d.information_schema.applicable_roles order by 2")).toEqual([
    ["ANN", "PUBLIC"],
    ["WRITER", "READER"],
    ["ANN", "WRITER"],
  ]);
});
