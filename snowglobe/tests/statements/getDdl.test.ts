/** GET_DDL: the text that it gives, and that running it makes the same object again. */
import { splitStatements } from "../../src/sql";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "create schema d.s",
    "create user ann email = 'ann@example.com'",
    "create table parent (id int primary key, k varchar(3) unique)",
    "create table src (a int, b varchar)",
  );
});

afterAll(() => snowglobe.stop());

const ddl = async (kind: string, name: string, full = ""): Promise<string> =>
  String(await client.value(`select get_ddl('${kind}', '${name.replaceAll("'", "''")}'${full})`));

/** One object of each kind: how it is made, and what GET_DDL says of it. */
const OBJECTS: readonly (readonly [kind: string, name: string, create: string, text: string])[] = [
  [
    "table",
    "t",
    `create table t (id int autoincrement start 5 increment 2 order primary key, "low er" varchar(10) not null default 'it''s' comment 'c\\\\d',
       ts timestamp_ntz(3) default current_timestamp(), p int, constraint u unique (p) rely,
       constraint fk foreign key (p) references parent (id) on delete cascade)
     cluster by (p, "low er") data_retention_time_in_days = 5 change_tracking = true comment = 'all of it'`,
    `create or replace TABLE T (
\tID NUMBER(38,0) NOT NULL autoincrement start 5 increment 2 order,
\t"low er" VARCHAR(10) NOT NULL DEFAULT 'it''s' COMMENT 'c\\\\d',
\tTS TIMESTAMP_NTZ(3) DEFAULT CURRENT_TIMESTAMP(),
\tP NUMBER(38,0),
\tprimary key (ID),
\tconstraint U unique (P) rely,
\tconstraint FK foreign key (P) references D.S.PARENT(ID) on delete cascade
) cluster by (P, "low er") DATA_RETENTION_TIME_IN_DAYS=5 CHANGE_TRACKING=TRUE COMMENT='all of it'
;`,
  ],
  ["table", "plain", "create table plain (a int)", "create or replace TABLE PLAIN (\n\tA NUMBER(38,0)\n);"],
  [
    "table",
    "tr",
    "create transient table tr (v variant, o object, n number(5,2), f float, d date, b binary(5))",
    "create or replace TRANSIENT TABLE TR (\n\tV VARIANT,\n\tO OBJECT,\n\tN NUMBER(5,2),\n\tF FLOAT,\n\tD DATE,\n\tB BINARY(5)\n);",
  ],
  [
    "view",
    "v",
    "create secure view v (x comment 'ex', y) comment = 'vee' as select a, -- a comment\n b from src where b <> 'it''s'",
    "create or replace secure view V(\n\tX COMMENT 'ex',\n\tY\n) COMMENT='vee' as select a, -- a comment\n b from src where b <> 'it''s';",
  ],
  [
    "dynamic_table",
    "dt",
    "create dynamic table dt (a int, total comment 'sum') target_lag = '5 minutes' warehouse = wh refresh_mode = full comment = 'dee' as select a, count(*) from src group by a",
    "create or replace dynamic table DT(\n\tA NUMBER(38,0),\n\tTOTAL COMMENT 'sum'\n) target_lag = '5 minutes' refresh_mode = FULL initialize = ON_CREATE warehouse = WH COMMENT='dee'\n as\nselect a, count(*) from src group by a;",
  ],
  [
    "stream",
    "st",
    "create stream st on table src append_only = true comment = 'news'",
    "create or replace stream ST on table D.S.SRC append_only = true COMMENT='news';",
  ],
  [
    "task",
    "tk",
    "create task tk warehouse = wh schedule = 'USING CRON 0 0 * * * UTC' config = '{\"a\": 1}' user_task_timeout_ms = 60000 comment = 'tee' when system$stream_has_data('ST') as insert into src values (1, 'it''s')",
    `create or replace task TK
\twarehouse=WH
\tschedule='USING CRON 0 0 * * * UTC'
\tconfig='{"a": 1}'
\tUSER_TASK_TIMEOUT_MS=60000
\tCOMMENT='tee'
\twhen system$stream_has_data('ST')
\tas insert into src values (1, 'it''s');`,
  ],
  [
    "task",
    "child",
    "create task child warehouse = wh after root as select 1",
    "create or replace task CHILD\n\twarehouse=WH\n\tafter D.S.ROOT\n\tas select 1;",
  ],
  [
    "alert",
    "al",
    "create alert al warehouse = wh schedule = '5 minute' comment = 'watch' if (exists (select 1 from src where a > 1)) then insert into src values (2, 'x')",
    "create or replace alert AL\n\twarehouse=WH\n\tschedule='5 minute'\n\tCOMMENT='watch'\n\tif (exists(select 1 from src where a > 1))\n\tthen insert into src values (2, 'x');",
  ],
  [
    "sequence",
    "sq",
    "create sequence sq start = 7 increment = 3 order comment = 'count'",
    "create or replace sequence SQ start with 7 increment by 3 order COMMENT='count';",
  ],
  [
    "function",
    "f(int, varchar)",
    "create function f(a int, b varchar default 'x') returns varchar(20) strict memoizable comment = 'eff' as $$ b || 'it''s' || a $$",
    `CREATE OR REPLACE FUNCTION "F"("A" NUMBER(38,0), "B" VARCHAR(16777216) DEFAULT 'x')
RETURNS VARCHAR(20)
LANGUAGE SQL
STRICT
MEMOIZABLE
COMMENT='eff'
AS ' b || ''it''''s'' || a ';`,
  ],
  [
    "function",
    "rows_of(number)",
    "create function rows_of(n number) returns table (x int, y varchar) as 'select n, b from src'",
    `CREATE OR REPLACE FUNCTION "ROWS_OF"("N" NUMBER(38,0))
RETURNS TABLE ("X" NUMBER(38,0), "Y" VARCHAR(16777216))
LANGUAGE SQL
AS 'select n, b from src';`,
  ],
  [
    "procedure",
    "p(float)",
    "create procedure p(f float) returns float not null language sql execute as caller as begin return f * 2; end",
    `CREATE OR REPLACE PROCEDURE "P"("F" FLOAT)
RETURNS FLOAT NOT NULL
LANGUAGE SQL
EXECUTE AS CALLER
AS 'begin return f * 2; end';`,
  ],
  [
    "file_format",
    "ff",
    "create file format ff type = csv field_delimiter = '|' skip_header = 1 null_if = ('NULL', '\\\\N') field_optionally_enclosed_by = '\"' trim_space = true compression = gzip comment = 'eff'",
    "create or replace file format FF\n\tTYPE = CSV\n\tFIELD_DELIMITER = '|'\n\tSKIP_HEADER = 1\n\tNULL_IF = ('NULL', '\\\\N')\n\tFIELD_OPTIONALLY_ENCLOSED_BY = '\"'\n\tTRIM_SPACE = TRUE\n\tCOMPRESSION = GZIP\n\tCOMMENT='eff'\n;",
  ],
  [
    "stage",
    "sg",
    "create stage sg file_format = (type = json) comment = 'ess'",
    "create or replace stage SG\n\tfile_format = (TYPE = JSON)\n\tCOMMENT='ess';",
  ],
  [
    "warehouse",
    "my_wh",
    "create warehouse my_wh warehouse_size = large initially_suspended = true",
    `create or replace warehouse MY_WH
with
    warehouse_type='STANDARD'
    warehouse_size='Large'
    max_cluster_count=1
    min_cluster_count=1
    scaling_policy=STANDARD
    auto_suspend=600
    auto_resume=TRUE
    initially_suspended=TRUE
    enable_query_acceleration=FALSE
    query_acceleration_max_scale_factor=8
    max_concurrency_level=8
    statement_queued_timeout_in_seconds=0
    statement_timeout_in_seconds=172800
;`,
  ],
  [
    "integration",
    "mail",
    "create notification integration mail type = email enabled = true allowed_recipients = ('ann@example.com') comment = 'em'",
    "create or replace notification integration MAIL\n\ttype=EMAIL\n\tenabled=TRUE\n\tallowed_recipients=('ann@example.com')\n\tCOMMENT='em';",
  ],
];

describe("the text of each kind, and that it makes the same again", () => {
  beforeAll(() => client.run("create task root warehouse = wh schedule = '1 minute' as select 1"));

  test.each(OBJECTS)("%s %s", async (kind, name, create, text) => {
    await client.run(create);
    expect(await ddl(kind, name)).toBe(text);
    await client.run("use schema d.s", text);
    expect(await ddl(kind, name)).toBe(text);
  });
});

test("full names, where they are asked for", async () => {
  expect(await ddl("table", "plain", ", true")).toBe("create or replace TABLE D.S.PLAIN (\n\tA NUMBER(38,0)\n);");
  expect(await ddl("table", "plain", ", false")).toBe("create or replace TABLE PLAIN (\n\tA NUMBER(38,0)\n);");
  expect(await ddl("PROCEDURE", "d.s.p(float)", ", true")).toMatch(
    /^CREATE OR REPLACE PROCEDURE "D"."S"."P"\("F" FLOAT\)/,
  );
});

test("TABLE and VIEW stand for each other, and for dynamic tables", async () => {
  expect(await ddl("table", "v")).toBe(await ddl("view", "V"));
  expect(await ddl("view", "d.s.plain")).toBe(await ddl("TABLE", "plain"));
  expect(await ddl("table", "dt")).toBe(await ddl("DYNAMIC_TABLE", "dt"));
});

test("NULL, what is not there, what there cannot be", async () => {
  await client.run("comment on function rows_of(number) is 'its rows'");
  expect(await ddl("function", "rows_of(number)")).toContain("COMMENT='its rows'");
  expect(await client.value("select get_ddl('table', null)")).toBeNull();
  expect(await client.failure("select get_ddl('table', 'gone')")).toMatchObject({ code: "002003", sqlState: "42S02" });
  expect(await client.failure("select get_ddl('procedure', 'p(int)')")).toMatchObject({ code: "002003" });
  expect(await client.failure("select get_ddl('pipe', 'x')")).toMatchObject({ code: "000002" });
  expect(await client.failure("select get_ddl('chair', 'x')")).toMatchObject({ code: "001008" });
});

test("a secure view's text is for its owner", async () => {
  await client.run(
    "create role reader",
    "create user bob password = 'a long enough password' default_role = reader",
    "grant role reader to user bob",
    "grant usage on database d to role reader",
    "grant usage on schema d.s to role reader",
    "grant select on view d.s.v to role reader",
    "grant select on table d.s.plain to role reader",
  );
  const bob = await snowglobe.connect({ user: "BOB", password: "a long enough password" });
  expect(await bob.value("select get_ddl('table', 'd.s.plain')")).toContain("PLAIN");
  expect(await bob.failure("select get_ddl('view', 'd.s.v')")).toMatchObject({ code: "003001", sqlState: "42501" });
});

test("a schema and a database are made again with all that lies in them, whatever the names' order", async () => {
  await client.run(
    "create database whole comment = 'all'",
    "create schema whole.z with managed access data_retention_time_in_days = 3",
    "create sequence numbers",
    "create table b_child (id int default numbers.nextval, a int)",
    "create table z_parent (id int primary key)",
    "alter table b_child add constraint fk foreign key (a) references z_parent (id)",
    "create view z_view as select a from b_child",
    "create function one() returns int as 'select max(a) from z_view'",
    "create view a_view as select one() as x, v.a from z_view v, (with z_view as (select 1) select * from z_view) w",
    "create dynamic table m_table target_lag = downstream warehouse = wh as select a, count(*) c from z_view group by a",
    "create stream a_stream on dynamic table m_table",
    "create task z_root warehouse = wh schedule = '1 minute' as select 1",
    "create task a_child warehouse = wh after z_root as call again()",
    "create procedure again() returns int language sql as 'begin return 1; end'",
    "create or replace view z_view as select a from b_child where a > 0",
  );
  for (const [kind, name] of [
    ["schema", "whole.z"],
    ["database", "whole"],
  ] as const) {
    const text = await ddl(kind, name);
    expect(text.match(/^create or replace/gim)?.length).toBe(kind === "schema" ? 12 : 14);
    await client.run("use database whole", `drop ${kind} ${name}`);
    if (kind === "database") await client.run("use database d");
    for (const statement of splitStatements(text)) await client.run(statement.text);
    expect(await ddl(kind, name)).toBe(text);
  }
});

test("tags and policies, and what they are set on", async () => {
  await client.run(
    "create database guarded",
    "create schema guarded.s",
    "create table readers (role_name varchar)",
    "create tag cost allowed_values 'low', 'high' comment = 'who pays'",
    "create masking policy hide as (val varchar) returns varchar -> case when current_role() = 'ACCOUNTADMIN' then val else '***' end comment = 'hides'",
    "create row access policy rows_of as (r varchar) returns boolean -> exists (select 1 from readers where role_name = r)",
    "create table people (id int, name varchar with masking policy hide with tag (cost = 'low'), r varchar) with row access policy rows_of on (r) with tag (cost = 'high')",
    "create view seen (name) as select name from people",
    "create schema guarded.b_later",
    "create tag b_tag",
    "use schema guarded.s",
    "alter schema guarded.s set tag cost = 'low', guarded.b_later.b_tag = 'x'",
    "alter database guarded set tag cost = 'high'",
  );
  expect(await ddl("policy", "hide")).toBe(
    "create or replace MASKING POLICY HIDE as (VAL VARCHAR(16777216)) returns VARCHAR(16777216) ->\ncase when current_role() = 'ACCOUNTADMIN' then val else '***' end COMMENT='hides';",
  );
  expect(await ddl("tag", "cost")).toBe("create or replace tag COST allowed_values 'low', 'high' COMMENT='who pays';");
  expect(await ddl("table", "people")).toBe(
    `create or replace TABLE PEOPLE (
\tID NUMBER(38,0),
\tNAME VARCHAR(16777216) WITH MASKING POLICY GUARDED.S.HIDE WITH TAG (GUARDED.S.COST='low'),
\tR VARCHAR(16777216)
) WITH ROW ACCESS POLICY GUARDED.S.ROWS_OF ON (R) WITH TAG (GUARDED.S.COST='high')
;`,
  );
  for (const [kind, name] of [
    ["schema", "guarded.s"],
    ["database", "guarded"],
  ] as const) {
    const text = await ddl(kind, name);
    expect(text).toContain(
      "ALTER SCHEMA " +
        (kind === "schema" ? "S" : "GUARDED.S") +
        " SET TAG GUARDED.B_LATER.B_TAG='x', GUARDED.S.COST='low';",
    );
    await client.run("use database guarded", `drop ${kind} ${name}`);
    if (kind === "database") await client.run("use database d");
    for (const statement of splitStatements(text)) await client.run(statement.text);
    expect(await ddl(kind, name)).toBe(text);
  }
});

test("who may not apply tags and policies reads that there are some; a tag that is dropped is not named", async () => {
  await client.run(
    "use schema guarded.s",
    "create role looker",
    "grant usage on database guarded to role looker",
    "grant usage on schema guarded.s to role looker",
    "grant select on all tables in schema guarded.s to role looker",
    "grant role looker to user ann",
    "alter user ann set password = 'a long enough password' default_role = looker",
  );
  const ann = await snowglobe.connect({ user: "ANN", password: "a long enough password" });
  expect(await ann.value("select get_ddl('table', 'guarded.s.people')")).toBe(
    `create or replace TABLE PEOPLE (
\tID NUMBER(38,0),
\tNAME VARCHAR(16777216) WITH MASKING POLICY #UNKNOWN_POLICY WITH TAG (#UNKNOWN_TAG='#UNKNOWN_VALUE'),
\tR VARCHAR(16777216)
) WITH ROW ACCESS POLICY #UNKNOWN_POLICY ON (R) WITH TAG (#UNKNOWN_TAG='#UNKNOWN_VALUE')
;`,
  );
  await client.run("drop tag cost");
  expect(await ddl("table", "people")).not.toContain("TAG");
});
