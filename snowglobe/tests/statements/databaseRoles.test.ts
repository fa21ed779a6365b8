/** Database roles: privileges on one database, granted to account roles. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let admin: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  admin = await snowglobe.connect();
  await admin.run(
    "create warehouse w",
    "create database d",
    "create table d.public.t (a int)",
    "insert into d.public.t values (1)",
    "create role ops",
    "create user ola password = 'ola''s secret' default_role = ops",
    "grant role ops to user ola",
    "grant usage on warehouse w to role ops",
    "use schema d.public",
  );
});

afterAll(() => snowglobe.stop());

test("privileges of a database role reach those that it is granted to", async () => {
  const ola = await snowglobe.connect({ user: "ola", password: "ola's secret", warehouse: "w" });
  expect(await admin.rows("create database role d.reader comment = 'reads'")).toEqual([
    { status: "Database role READER successfully created." },
  ]);
  await admin.run(
    "create database role inner_role",
    "grant usage on schema d.public to database role d.reader",
    "grant select on all tables in schema d.public to database role inner_role",
    "grant database role inner_role to database role d.reader",
  );
  expect(await ola.failure("select * from d.public.t")).toMatchObject({ code: "002003" });
  await admin.run("grant database role d.reader to role ops");
  expect(await ola.rows("select * from d.public.t")).toEqual([{ A: 1 }]);
  await admin.run(
    "grant select on future tables in schema d.public to database role d.reader",
    "create table d.public.u (b int)",
  );
  expect(await ola.rows("select * from d.public.u")).toEqual([]);
  await ola.run("use database d");
  expect(
    await ola.row("select is_database_role_in_session('READER') as r, is_database_role_in_session('NONE') as n"),
  ).toEqual({ R: true, N: false });
  await admin.run("revoke database role d.reader from role ops");
  expect(await ola.failure("select * from d.public.t")).toMatchObject({ code: "002003" });
});

test("what is shown of them", async () => {
  await admin.run("grant database role d.reader to role ops");
  expect(await admin.rows("show database roles in database d")).toMatchObject([
    { name: "INNER_ROLE", granted_to_roles: 0, granted_to_database_roles: 1, owner: "ACCOUNTADMIN" },
    { name: "READER", granted_to_roles: 1, granted_database_roles: 1, comment: "reads" },
  ]);
  expect(await admin.rows("show grants to database role d.reader")).toMatchObject([
    { privilege: "USAGE", granted_on: "DATABASE", name: "D", granted_to: "DATABASE_ROLE", grantee_name: "D.READER" },
    { privilege: "USAGE", granted_on: "SCHEMA", name: "D.PUBLIC" },
    { privilege: "USAGE", granted_on: "DATABASE_ROLE", name: "D.INNER_ROLE" },
    { privilege: "SELECT", granted_on: "TABLE", name: "D.PUBLIC.U" },
  ]);
  expect(await admin.rows("show grants of database role d.reader")).toMatchObject([
    { role: "D.READER", granted_to: "ROLE", grantee_name: "OPS" },
  ]);
});

test("changes of them", async () => {
  await admin.run(
    "alter database role d.inner_role rename to d.deep",
    "alter database role d.deep set comment = 'c'",
    "create or alter database role d.deep comment = 'd'",
  );
  expect(await admin.row("show database roles in database d limit 1")).toMatchObject({ name: "DEEP", comment: "d" });
  expect(await admin.failure("create database role d.deep")).toMatchObject({ code: "002002" });
  await admin.run(
    "create database role if not exists d.deep",
    "drop database role d.deep",
    "drop database role if exists d.deep",
  );
  expect(await admin.failure("drop database role d.deep")).toMatchObject({ code: "002003" });
  expect(await admin.rows("show grants to database role d.reader")).not.toContainEqual(
    expect.objectContaining({ granted_on: "DATABASE_ROLE" }),
  );
});

test("they stay within their database", async () => {
  await admin.run("create database other", "create table other.public.x (a int)", "create database role other.o");
  const outside = { sqlState: "42501" };
  expect(await admin.failure("grant select on other.public.x to database role d.reader")).toMatchObject(outside);
  expect(await admin.failure("grant usage on warehouse w to database role d.reader")).toMatchObject(outside);
  expect(await admin.failure("grant database role other.o to database role d.reader")).toMatchObject(outside);
  expect(await admin.failure("grant role ops to database role d.reader")).toMatchObject(outside);
  expect(await admin.failure("use role d.reader")).toBeTruthy();
});

test("a clone of the database has them, with what they may do in it", async () => {
  await admin.run("create database e clone d");
  expect(await admin.rows("show grants to database role e.reader")).toMatchObject([
    { privilege: "USAGE", granted_on: "SCHEMA", name: "E.PUBLIC" },
    { privilege: "SELECT", granted_on: "TABLE", name: "E.PUBLIC.U" },
    { privilege: "USAGE", granted_on: "DATABASE", name: "E" },
  ]);
});
