/** Who may do what: roles, grants, ownership, users. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let admin: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  admin = await snowglobe.connect();
  await admin.run(
    "create warehouse w",
    "create database d",
    "create schema d.s",
    "create table d.s.t (a int)",
    "insert into d.s.t values (1)",
    "create role reader",
    "create role parent",
    "create user ann password = 'ann''s secret' default_role = reader",
    "grant role reader to user ann",
  );
});

afterAll(() => snowglobe.stop());

const asAnn = (role?: string): Promise<TestClient> =>
  snowglobe.connect({ user: "ann", password: "ann's secret", role, warehouse: "w" });

describe("seeing and using", () => {
  test("without USAGE nothing is there; with USAGE alone the table is not either; SELECT makes it readable", async () => {
    const ann = await asAnn();
    const missing = { code: "002003", message: expect.stringContaining("does not exist or not authorized") as string };
    expect(await ann.failure("select * from d.s.t")).toMatchObject(missing);
    expect(await ann.failure("use database d")).toMatchObject({ code: "002043" });
    expect(await ann.failure("show tables in schema d.s")).toMatchObject({ code: "002043" });
    expect(await ann.rows("show databases")).toEqual([]);
    await admin.run("grant select on d.s.t to role reader");
    expect(await ann.failure("select * from d.s.t")).toMatchObject(missing);
    await admin.run("grant usage on database d to role reader", "grant usage on schema d.s to role reader");
    // The warehouse takes a grant of its own.
    expect(await ann.failure("select * from d.s.t")).toMatchObject({ code: "000606" });
    await admin.run("grant usage on warehouse w to role reader");
    await ann.run("use warehouse w");
    expect(await ann.rows("select * from d.s.t")).toEqual([{ A: 1 }]);
    expect(await ann.failure("insert into d.s.t values (2)")).toEqual({
      code: "003001",
      sqlState: "42501",
      message: "SQL access control error:\nInsufficient privileges to operate on table 'T'",
    });
    expect(await ann.failure("drop table d.s.t")).toMatchObject({ code: "003001" });
    expect(await ann.failure("alter table d.s.t add column b int")).toMatchObject({ code: "003001" });
    await admin.run("revoke select on d.s.t from role reader", "grant insert on d.s.t to role reader");
    expect(await ann.failure("select * from d.s.t")).toMatchObject({ code: "003001" });
    await ann.run("insert into d.s.t values (2)");
    await admin.run("revoke insert on d.s.t from role reader");
    expect(await ann.failure("insert into d.s.t values (2)")).toMatchObject(missing);
  });

  test("a view reads with its owner's rights", async () => {
    await admin.run("create view d.s.v as select count(*) as n from t", "grant select on view d.s.v to role reader");
    const ann = await asAnn();
    expect(await ann.rows("select n from d.s.v")).toEqual([{ N: 2 }]);
    expect(await ann.failure("select * from d.s.t")).toMatchObject({ code: "002003" });
  });

  test("CREATE takes a privilege of its own", async () => {
    const ann = await asAnn();
    expect(await ann.failure("create table d.s.mine (a int)")).toEqual({
      code: "003001",
      sqlState: "42501",
      message: "SQL access control error:\nInsufficient privileges to operate on schema 'S'",
    });
    expect(await ann.failure("create schema d.x")).toMatchObject({ code: "003001" });
    expect(await ann.failure("create database x")).toMatchObject({ code: "003001" });
    expect(await ann.failure("create role x")).toMatchObject({ code: "003001" });
    expect(await ann.failure("create warehouse x")).toMatchObject({ code: "003001" });
    expect(await ann.failure("create user x")).toMatchObject({ code: "003001" });
    await admin.run("grant create table on schema d.s to role reader");
    await ann.run("create table d.s.mine (a int)");
    expect(await admin.row("show tables like 'mine' in schema d.s")).toMatchObject({ owner: "READER" });
    expect(await ann.failure("create view d.s.mine2 as select 1 as a")).toMatchObject({ code: "003001" });
    // Moving a table takes the privilege in the new schema.
    await admin.run("create schema d.s2", "grant usage on schema d.s2 to role reader");
    expect(await ann.failure("alter table d.s.mine rename to d.s2.mine")).toMatchObject({ code: "003001" });
    await admin.run("grant create table on schema d.s2 to role reader");
    await ann.run("alter table d.s.mine rename to d.s2.mine", "drop table d.s2.mine");
  });

  test("IF EXISTS does not hide a lack of privileges", async () => {
    const ann = await asAnn();
    expect(await ann.failure("drop view if exists d.s.v")).toMatchObject({ code: "003001" });
    expect(await ann.failure("comment if exists on view d.s.v is 'x'")).toMatchObject({ code: "003001" });
    expect(await ann.failure("alter schema if exists d.s set comment = 'x'")).toMatchObject({ code: "003001" });
  });
});

describe("roles", () => {
  test("a role has what the roles granted to it have", async () => {
    await admin.run(
      "create role child",
      "grant usage on database d to role child",
      "grant usage on schema d.s to role child",
      "grant select on d.s.t to role child",
      "grant role child to role parent",
      "grant role parent to user ann",
      "grant usage on warehouse w to role parent",
    );
    const ann = await asAnn("parent");
    expect(await ann.rows("select count(*) as n from d.s.t")).toEqual([{ N: 2 }]);
    await ann.run("use role child");
    expect(await ann.failure("use role accountadmin")).toEqual({
      code: "003013",
      sqlState: "42501",
      message:
        "SQL access control error:\nRequested role 'ACCOUNTADMIN' is not assigned to the executing user. Specify another role to activate.",
    });
    expect(await ann.failure("use role nobody")).toMatchObject({ code: "002043" });
    // A warehouse that the new role knows nothing of is not active any more.
    expect(await ann.failure("select count(*) as n from d.s.t")).toMatchObject({ code: "000606" });
    await admin.run("revoke role child from role parent");
    await ann.run("use role parent");
    expect(await ann.failure("select count(*) as n from d.s.t")).toMatchObject({ code: "002003" });
  });

  test("secondary roles add their privileges, not their ownership of new objects", async () => {
    const ann = await asAnn("reader");
    await admin.run("grant role child to user ann");
    expect(await ann.failure("select count(*) as n from d.s.t")).toMatchObject({ code: "002003" });
    await ann.run("use secondary roles all");
    expect(await ann.rows("select count(*) as n from d.s.t")).toEqual([{ N: 2 }]);
    await ann.run("create table d.s.own (a int)");
    expect(await admin.row("show tables like 'own' in schema d.s")).toMatchObject({ owner: "READER" });
    await ann.run("use secondary roles none");
    expect(await ann.failure("select count(*) as n from d.s.t")).toMatchObject({ code: "002003" });
    await ann.run("drop table d.s.own");
    await admin.run("alter user ann set default_secondary_roles = ('ALL')");
    const all = await asAnn("reader");
    expect(await all.rows("select count(*) as n from d.s.t")).toEqual([{ N: 2 }]);
    await admin.run("alter user ann set default_secondary_roles = ()");
  });

  test("DROP ROLE hands over what the role owned", async () => {
    await admin.run(
      "create role builder",
      "grant usage on database d to role builder",
      "grant usage, create table on schema d.s to role builder",
      "grant role builder to user admin",
      "use role builder",
      "create table d.s.built (a int)",
      "use role accountadmin",
      "drop role builder",
    );
    expect(await admin.row("show tables like 'built' in schema d.s")).toMatchObject({ owner: "ACCOUNTADMIN" });
    await admin.run("drop table d.s.built");
    expect(await admin.failure("drop role accountadmin")).toMatchObject({ code: "003001" });
  });

  test("a renamed role stays the owner", async () => {
    await admin.run(
      "create role old_name",
      "create table d.s.kept (a int)",
      "grant ownership on table d.s.kept to role old_name",
      "alter role old_name rename to new_name",
    );
    expect(await admin.row("show tables like 'kept' in schema d.s")).toMatchObject({ owner: "NEW_NAME" });
    expect(await admin.failure("alter role new_name rename to reader")).toMatchObject({ code: "002002" });
  });
});

describe("granting", () => {
  test("with grant option, and its revocation", async () => {
    await admin.run("create role lender", "grant role lender to user ann");
    for (const on of ["database d", "schema d.s"]) await admin.run(`grant usage on ${on} to role lender`);
    await admin.run("grant select on table d.s.t to role lender");
    const ann = await asAnn("lender");
    expect(await ann.failure("grant select on table d.s.t to role reader")).toMatchObject({ code: "003001" });
    await admin.run("grant select on table d.s.t to role lender with grant option");
    await ann.run("grant select on table d.s.t to role reader", "revoke select on table d.s.t from role reader");
    expect(await ann.failure("grant insert on table d.s.t to role reader")).toMatchObject({ code: "003001" });
    await admin.run("revoke grant option for select on table d.s.t from role lender");
    const rows = await admin.rows("show grants on table d.s.t");
    expect(rows.filter((row) => row.grantee_name === "LENDER")).toMatchObject([
      { privilege: "SELECT", grant_option: "false" },
    ]);
    expect(await ann.failure("grant select on table d.s.t to role reader")).toMatchObject({ code: "003001" });
  });

  test("in a managed access schema its owner grants, not the owner of the table", async () => {
    await admin.run(
      "create schema d.managed with managed access",
      "create table d.managed.t (a int)",
      "grant usage on schema d.managed to role lender",
      "grant ownership on table d.managed.t to role lender",
    );
    const ann = await asAnn("lender");
    expect(await ann.failure("grant select on table d.managed.t to role reader")).toMatchObject({ code: "003001" });
    await admin.run("grant select on table d.managed.t to role reader");
  });

  test("ownership moves, its grants are copied or revoked, and future ownership", async () => {
    await admin.run("create table d.s.o (a int)", "grant select on table d.s.o to role reader");
    expect(await admin.failure("grant ownership on table d.s.o to role lender")).toMatchObject({ code: "003036" });
    await admin.run("grant ownership on table d.s.o to role lender copy current grants");
    expect(await admin.rows("show grants on table d.s.o")).toMatchObject([
      { privilege: "OWNERSHIP", grantee_name: "LENDER", grant_option: "true", granted_by: "LENDER" },
      { privilege: "SELECT", grantee_name: "READER", granted_by: "LENDER" },
    ]);
    const ann = await asAnn("lender");
    await ann.run("alter table d.s.o set comment = 'mine'");
    await ann.run("grant ownership on table d.s.o to role accountadmin revoke current grants");
    expect(await admin.rows("show grants on table d.s.o")).toHaveLength(1);
    await admin.run("grant ownership on future tables in schema d.s to role lender", "create table d.s.next (a int)");
    expect(await admin.row("show tables like 'next' in schema d.s")).toMatchObject({ owner: "LENDER" });
    expect(await admin.rows("show future grants in schema d.s")).toMatchObject([
      { privilege: "OWNERSHIP", grant_on: "TABLE", name: "D.S.<TABLE>", grantee_name: "LENDER" },
    ]);
  });

  test("grants to a user's roles as SHOW GRANTS lists them", async () => {
    expect((await admin.rows("show grants to user ann")).map((row) => row.role)).toContain("READER");
    const held = await admin.rows("show grants to role lender");
    expect(held).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ privilege: "OWNERSHIP", granted_on: "TABLE", name: "D.S.NEXT" }),
        expect.objectContaining({ privilege: "USAGE", granted_on: "SCHEMA", name: "D.S", granted_to: "ROLE" }),
      ]),
    );
    expect(await admin.failure("show grants to role nobody")).toMatchObject({ code: "002003" });
  });
});

describe("users", () => {
  const login = (password: string, more: { role?: string } = {}): Promise<TestClient> =>
    snowglobe.connect({ user: "bob", password, ...more });

  test("wrong password, unknown user, disabled user, changed password", async () => {
    await admin.run("create user bob password = 'first' login_name = 'bob'");
    const client = await login("first");
    expect(await client.value("select current_role()")).toBe("PUBLIC");
    const refused = { code: "390100", message: "Incorrect username or password was specified." };
    await expect(login("second")).rejects.toMatchObject(refused);
    await expect(snowglobe.connect({ user: "nobody", password: "first" })).rejects.toMatchObject(refused);
    await admin.run("alter user bob set disabled = true");
    await expect(login("first")).rejects.toMatchObject({ code: "390101" });
    // Nobody learns without the password that the user is disabled.
    await expect(login("second")).rejects.toMatchObject(refused);
    await admin.run("alter user bob set disabled = false password = 'second'");
    await expect(login("first")).rejects.toMatchObject(refused);
    // What was open when the user was disabled has ended.
    await expect(client.rows("select 1")).rejects.toThrow();
    const again = await login("second");
    await expect(login("second", { role: "accountadmin" })).rejects.toMatchObject({ code: "390189" });
    expect(await again.failure("alter user admin set comment = 'x'")).toMatchObject({ code: "003001" });
  });

  test("defaults: role, warehouse, namespace, parameters", async () => {
    await admin.run(
      "alter user ann set default_namespace = d.s default_warehouse = w timezone = 'Europe/Berlin'",
      "grant usage on schema d.s to role reader",
    );
    const ann = await snowglobe.connect({ user: "ann", password: "ann's secret" });
    expect(
      await ann.row("select current_role() r, current_database() d, current_schema() s, current_warehouse() w"),
    ).toEqual({ R: "READER", D: "D", S: "S", W: "W" });
    expect(await ann.row("show parameters like 'timezone'")).toMatchObject({ value: "Europe/Berlin" });
    await ann.run("alter session set timezone = 'UTC'", "alter session unset timezone");
    expect(await ann.row("show parameters like 'timezone'")).toMatchObject({ value: "Europe/Berlin" });
    await admin.run("alter user ann unset timezone");
    expect(await admin.rows("show parameters like 'timezone' in user ann")).toMatchObject([
      { value: "America/Los_Angeles" },
    ]);
    // What a role may not use is not the session's either.
    const other = await snowglobe.connect({ user: "ann", password: "ann's secret", role: "public", database: "d" });
    expect(await other.value("select current_database()")).toBeNull();
  });

  test("no password is ever shown", async () => {
    const texts = JSON.stringify([await admin.rows("describe user ann"), await admin.rows("show users")]);
    expect(texts).not.toContain("secret");
    await admin.run("drop user bob");
    await expect(login("second")).rejects.toMatchObject({ code: "390100" });
  });
});
