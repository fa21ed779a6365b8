/** Masking and row access policies: who sees what, and who may set them. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let admin: TestClient;
let analyst: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  admin = await snowglobe.connect();
  await admin.run(
    "create warehouse w",
    "create database d",
    "use schema d.public",
    "create role analyst",
    "create role junior",
    "create role policy_admin",
    "grant role junior to role analyst",
    "create user ann password = 'ann''s secret' default_role = analyst",
    "grant role analyst to user ann",
    "grant role policy_admin to user ann",
    "grant usage on database d to role analyst",
    "grant usage on schema d.public to role analyst",
    "grant usage on database d to role policy_admin",
    "grant usage on schema d.public to role policy_admin",
    "grant usage on warehouse w to role analyst",
    "grant usage on warehouse w to role policy_admin",
  );
  analyst = await snowglobe.connect({
    user: "ann",
    password: "ann's secret",
    role: "ANALYST",
    warehouse: "w",
    database: "d",
    schema: "public",
  });
  await analyst.run("use secondary roles none");
});

afterAll(() => snowglobe.stop());

describe("masking policies", () => {
  beforeAll(() =>
    admin.run(
      "create table people (id int, email varchar(20), visibility varchar, pay number(10, 2))",
      "insert into people values (1, 'a@x.com', 'PUBLIC', 10.25), (2, 'b@y.com', 'PRIVATE', 20.5)",
      "grant select, insert, update, delete on people to role analyst",
      `create masking policy email_mask as (val string) returns string ->
         case when current_role() in ('ACCOUNTADMIN') then val else '*********' end comment = 'for e-mail'`,
      "alter table people modify column email set masking policy email_mask",
    ),
  );

  test("values are masked by the role that queries, wherever the column stands", async () => {
    expect(await admin.column("select email from people order by id")).toEqual(["a@x.com", "b@y.com"]);
    expect(await analyst.column("select email from people order by id")).toEqual(["*********", "*********"]);
    expect(await analyst.column("select id from people where email = 'a@x.com'")).toEqual([]);
    expect(await analyst.rows("select email, count(*) as n from people group by email")).toEqual([
      { EMAIL: "*********", N: 2 },
    ]);
    expect(
      await analyst.column("select p.id from people p join people q on p.email = q.email order by 1"),
    ).toHaveLength(4);
  });

  test("the owner's view and a copy hold what the querying role may see", async () => {
    await admin.run("create view pv as select email from people", "grant select on view pv to role analyst");
    expect(await analyst.column("select distinct email from pv")).toEqual(["*********"]);
    await admin.run("grant create table on schema public to role analyst");
    await analyst.run("create table copied as select email from people");
    await admin.run("grant ownership on table copied to role accountadmin revoke current grants");
    expect(await admin.column("select distinct email from copied")).toEqual(["*********"]);
    await admin.run("create table cloned clone people");
    await admin.run("grant select on cloned to role analyst");
    expect(await analyst.column("select distinct email from cloned")).toEqual(["*********"]);
  });

  test("statements that change rows compare with what their role sees", async () => {
    await analyst.run("update people set visibility = visibility where email = 'a@x.com'");
    expect(await analyst.row("update people set id = id where email = 'a@x.com'")).toEqual({
      "number of rows updated": 0,
      "number of multi-joined rows updated": 0,
    });
    expect(await analyst.row("delete from people where email like '%@%'")).toEqual({ "number of rows deleted": 0 });
    await analyst.run("insert into people values (3, 'c@z.com', 'PRIVATE', 1)");
    expect(await admin.column("select email from people where id = 3")).toEqual(["c@z.com"]);
    await analyst.run(
      "merge into people p using (select 3 as id) s on p.id = s.id and p.email = '*********' when matched then delete",
    );
    expect(await admin.column("select count(*) from people")).toEqual([2]);
  });

  test("conditional columns, numbers and a second policy", async () => {
    await admin.run(
      `create masking policy by_visibility as (email varchar, vis string) returns varchar ->
         case when current_role() = 'ACCOUNTADMIN' or vis = 'PUBLIC' then email else 'hidden' end`,
      "create masking policy no_pay as (p number) returns number -> iff(is_role_in_session('ACCOUNTADMIN'), p, -1)",
    );
    expect(
      await admin.failure(
        "alter table people modify column email set masking policy by_visibility using (email, visibility)",
      ),
    ).toMatchObject({
      message: expect.stringContaining("already attached to another masking policy") as string,
    });
    await admin.run(
      "alter table people modify column email set masking policy by_visibility using (email, visibility) force, column pay set masking policy no_pay",
    );
    expect(await analyst.rows("select email, pay from people order by id")).toEqual([
      { EMAIL: "a@x.com", PAY: -1 },
      { EMAIL: "hidden", PAY: -1 },
    ]);
    expect(await admin.column("select pay from people order by id")).toEqual([10.25, 20.5]);
    expect(await admin.failure("alter table people modify column id set masking policy email_mask")).toMatchObject({
      message: expect.stringContaining("of type NUMBER(38,0)") as string,
    });
    await admin.run(
      "alter table people rename column visibility to vis2",
      "alter table people modify column pay unset masking policy",
    );
    expect(await analyst.column("select email from people order by id")).toEqual(["a@x.com", "hidden"]);
    expect(await admin.failure("alter table people drop column vis2")).toMatchObject({
      message: expect.stringContaining("a policy is set on it") as string,
    });
    await admin.run("alter table people modify column email set masking policy email_mask force");
  });

  test("the body may ask another table, with the policy owner's rights", async () => {
    await admin.run(
      "create table entitlement (role string)",
      "create masking policy entitled as (v string) returns string -> case when exists (select 1 from entitlement where role = current_role()) then v else null end",
      "create table secrets (s string masking policy entitled with tag (none_such = 'x'))".replace(
        " with tag (none_such = 'x')",
        "",
      ),
      "insert into secrets values ('top')",
      "grant select on secrets to role analyst",
    );
    expect(await analyst.column("select s from secrets")).toEqual([null]);
    await admin.run("insert into entitlement values ('ANALYST')");
    expect(await analyst.column("select s from secrets")).toEqual(["top"]);
    await admin.run("alter masking policy entitled set body -> sha2(v)");
    expect(await analyst.column("select length(s) from secrets")).toEqual([64]);
  });

  test("streams and dynamic tables read behind the policy", async () => {
    await admin.run(
      "create stream ps on table people show_initial_rows = true",
      "grant select on stream ps to role analyst",
      "create dynamic table pd target_lag = downstream warehouse = w as select id, email from people",
      "alter table pd modify column email set masking policy email_mask",
      "grant select on pd to role analyst",
    );
    expect(await analyst.column("select distinct email from ps")).toEqual(["*********"]);
    expect(await admin.column("select email from pd order by id")).toEqual(["a@x.com", "b@y.com"]);
    expect(await analyst.column("select distinct email from pd")).toEqual(["*********"]);
  });

  test("what is shown of them", async () => {
    expect(await admin.row("describe masking policy email_mask")).toEqual({
      name: "EMAIL_MASK",
      signature: "(VAL VARCHAR)",
      return_type: "VARCHAR(16777216)",
      body: "case when current_role() in ('ACCOUNTADMIN') then val else '*********' end",
    });
    expect(await admin.row("show masking policies like 'email%'")).toMatchObject({
      name: "EMAIL_MASK",
      database_name: "D",
      schema_name: "PUBLIC",
      kind: "MASKING_POLICY",
      owner: "ACCOUNTADMIN",
      comment: "for e-mail",
      options: "",
      owner_role_type: "ROLE",
    });
    const references = "table(information_schema.policy_references(policy_name => 'd.public.email_mask'))";
    expect(
      await admin.rows(`select ref_entity_name, ref_column_name, policy_status from ${references} order by 1`),
    ).toEqual([
      { REF_ENTITY_NAME: "CLONED", REF_COLUMN_NAME: "EMAIL", POLICY_STATUS: "ACTIVE" },
      { REF_ENTITY_NAME: "PD", REF_COLUMN_NAME: "EMAIL", POLICY_STATUS: "ACTIVE" },
      { REF_ENTITY_NAME: "PEOPLE", REF_COLUMN_NAME: "EMAIL", POLICY_STATUS: "ACTIVE" },
    ]);
    expect(
      await admin.row('describe table people ->> select "policy name" as p from $1 where "name" = \'EMAIL\''),
    ).toEqual({
      P: "D.PUBLIC.EMAIL_MASK",
    });
  });

  test("a policy in use cannot be dropped or replaced", async () => {
    const inUse = { message: expect.stringContaining("cannot be dropped/replaced as it is associated") as string };
    expect(await admin.failure("drop masking policy email_mask")).toMatchObject(inUse);
    expect(
      await admin.failure("create or replace masking policy email_mask as (v string) returns string -> v"),
    ).toMatchObject(inUse);
    expect(await admin.failure("create masking policy bad as (v string) returns number -> 1")).toMatchObject({
      message: expect.stringContaining("return type mismatch") as string,
    });
    await admin.run("drop masking policy by_visibility");
  });

  test("the rights to set and unset", async () => {
    await admin.run("create table theirs (e string)", "grant ownership on table theirs to role policy_admin");
    await analyst.run("use role policy_admin");
    expect(await analyst.failure("alter table theirs modify column e set masking policy email_mask")).toMatchObject({
      code: "002003",
    });
    await admin.run("grant apply on masking policy email_mask to role policy_admin");
    await analyst.run("alter table theirs modify column e set masking policy email_mask");
    expect(await analyst.failure("alter table people modify column email unset masking policy")).toMatchObject({
      code: "002003",
    });
    await admin.run("grant apply masking policy on account to role policy_admin");
    await analyst.run("alter table people modify column email unset masking policy");
    await analyst.run("alter table if exists people modify column email set masking policy email_mask");
    await analyst.run("use role analyst");
  });
});

describe("row access policies", () => {
  beforeAll(() =>
    admin.run(
      "create table sales (region varchar, amount int)",
      "insert into sales values ('EU', 1), ('NA', 2), ('WW', 3)",
      "create table managers (manager varchar, region varchar)",
      "insert into managers values ('ANALYST', 'EU')",
      `create row access policy by_region as (r varchar) returns boolean ->
         current_role() = 'ACCOUNTADMIN' or exists (select 1 from managers where manager = current_role() and region = r)`,
      "alter table sales add row access policy by_region on (region)",
      "grant all on table sales to role analyst",
    ),
  );

  test("rows are seen by the role that queries", async () => {
    expect(await admin.column("select count(*) from sales")).toEqual([3]);
    expect(await analyst.column("select amount from sales")).toEqual([1]);
    expect(await analyst.column("select count(*) from sales")).toEqual([1]);
  });

  test("UPDATE, DELETE and MERGE reach the rows that are seen, INSERT is free", async () => {
    expect(await analyst.row("update sales set amount = amount + 10")).toMatchObject({ "number of rows updated": 1 });
    await analyst.run("insert into sales values ('NA', 5)");
    expect(await analyst.row("delete from sales")).toEqual({ "number of rows deleted": 1 });
    await analyst.run(
      "merge into sales using (select 'NA' as r) s on sales.region = s.r when matched then update set amount = 0",
    );
    expect(await admin.rows("select region, amount from sales order by 1, 2")).toEqual([
      { REGION: "NA", AMOUNT: 2 },
      { REGION: "NA", AMOUNT: 5 },
      { REGION: "WW", AMOUNT: 3 },
    ]);
  });

  test("on views, after the table's own; one at a time", async () => {
    await admin.run(
      "create row access policy small as (n number) returns boolean -> n < 4",
      "create view sv (region, amount) with row access policy small on (amount) as select * from sales",
    );
    expect(await admin.column("select amount from sv order by 1")).toEqual([2, 3]);
    expect(await admin.failure("alter table sales add row access policy small on (amount)")).toMatchObject({
      message: expect.stringContaining("already has a row access policy") as string,
    });
    await admin.run("alter table sales drop row access policy by_region, add row access policy small on (amount)");
    expect(await admin.column("select amount from sales order by 1")).toEqual([2, 3]);
    await admin.run("alter table sales drop all row access policies");
    expect(await admin.column("select amount from sales order by 1")).toEqual([2, 3, 5]);
  });

  test("a column belongs to one kind of policy", async () => {
    await admin.run(
      "create table both_kinds (e string masking policy email_mask, n int) with row access policy small on (n)",
    );
    expect(
      await admin.failure(
        "create table neither (e string masking policy email_mask) row access policy by_region on (e)",
      ),
    ).toMatchObject({
      message: expect.stringContaining("at the same time") as string,
    });
  });

  test("what is shown of them", async () => {
    expect(await admin.row("show row access policies like 'small'")).toMatchObject({
      name: "SMALL",
      kind: "ROW_ACCESS_POLICY",
    });
    expect(await admin.row("describe row access policy small")).toEqual({
      name: "SMALL",
      signature: "(N NUMBER)",
      return_type: "BOOLEAN",
      body: "n < 4",
    });
    expect(
      await admin.row(
        "select policy_name, policy_kind, ref_arg_column_names from table(information_schema.policy_references(ref_entity_name => 'd.public.sv', ref_entity_domain => 'view'))",
      ),
    ).toEqual({ POLICY_NAME: "SMALL", POLICY_KIND: "ROW_ACCESS_POLICY", REF_ARG_COLUMN_NAMES: '["AMOUNT"]' });
  });
});

describe("roles as policies see them", () => {
  test("CURRENT_ROLE in a view is the session's, INVOKER_ROLE the owner's", async () => {
    await admin.run(
      "create view whose as select current_role() as c, invoker_role() as i, is_role_in_session('JUNIOR') as j, is_role_in_session('ACCOUNTADMIN') as a",
      "grant select on view whose to role analyst",
    );
    expect(await analyst.row("select * from whose")).toEqual({ C: "ANALYST", I: "ACCOUNTADMIN", J: true, A: false });
    expect(
      await analyst.row("select is_role_in_session('analyst') as small, is_role_in_session(null) is null as n"),
    ).toEqual({
      SMALL: false,
      N: true,
    });
  });

  test("the tag of the protected column, and policies on tags", async () => {
    await admin.run(
      "create tag pii allowed_values 'show', 'hide'",
      `create masking policy by_tag as (v string) returns string ->
         case when system$get_tag_on_current_column('pii') = 'show' then v else '#' end`,
      "alter tag pii set masking policy by_tag",
      "create table tagged (a string with tag (pii = 'show'), b string, n int) with tag (pii = 'hide')",
      "insert into tagged values ('a', 'b', 1)",
    );
    expect(await admin.row("select * from tagged")).toEqual({ A: "a", B: "#", N: 1 });
    expect(await admin.failure("drop tag pii")).toMatchObject({
      message: expect.stringContaining("masking policies") as string,
    });
    await admin.run("alter tag pii unset masking policy by_tag");
    expect(await admin.row("select b from tagged")).toEqual({ B: "b" });
  });
});
