import { probe, type Section } from "../probe";

export const tables: Section = {
  title: "Statements: tables, views, sequences",
  page: "CREATE TABLE",
  probes: [
    probe(
      "CREATE TABLE",
      "create table t (id int not null, name varchar default 'n', at timestamp_ntz)",
      "Table T successfully created.",
    ),
    probe("CREATE TABLE of a name that is taken", "create table t (x int)", {
      error: "Object 'PROBE_DB.PROBE.T' already exists.",
    }),
    probe(
      "CREATE TABLE IF NOT EXISTS",
      "create table if not exists t (x int)",
      "T already exists, statement succeeded.",
    ),
    probe("CREATE OR REPLACE TABLE", "create or replace table t2 (x int)", "Table T2 successfully created."),
    probe("CREATE OR ALTER TABLE", "create or alter table t2 (x int, y int)", "Table T2 successfully created.", {
      page: "CREATE OR ALTER <object>",
    }),
    probe("CREATE TABLE ... AS", "create table t3 as select 1 as a, 'x' as b", "Table T3 successfully created."),
    probe("CREATE TABLE ... LIKE", "create table t4 like t", "Table T4 successfully created."),
    probe("CREATE TABLE ... CLONE", "create table t5 clone t3", "Table T5 successfully created.", {
      page: "CREATE <object> ... CLONE",
    }),
    probe("CREATE TRANSIENT TABLE", `show tables like 'tr' ->> select "kind" from $1`, "TRANSIENT", {
      before: ["create transient table tr (x int)"],
    }),
    probe("CREATE TEMPORARY TABLE", `show tables like 'tmp' ->> select "kind" from $1`, "TEMPORARY", {
      before: ["create temporary table tmp (x int)"],
    }),
    probe("PRIMARY KEY is declared, not enforced", "insert into pk values (1), (1)", "2", {
      before: ["create table pk (id int primary key)"],
      page: "Constraints",
    }),
    probe(
      "NOT NULL is enforced",
      "insert into t (name) values ('a')",
      { error: "NULL result in a non-nullable column" },
      { page: "Constraints" },
    ),
    probe("AUTOINCREMENT", "select id from seqs order by id", [["1"], ["2"]], {
      before: ["create table seqs (id int autoincrement, v int)", "insert into seqs (v) values (5), (6)"],
    }),
    probe("DEFAULT with an expression", "select n is not null from defs", "TRUE", {
      before: [
        "create table defs (x int, n timestamp_ltz default current_timestamp())",
        "insert into defs (x) values (1)",
      ],
    }),
    probe(
      "CREATE EXTERNAL TABLE",
      "create external table ex location = @st file_format = (type = csv)",
      { refused: "CREATE EXTERNAL TABLE" },
      { page: "CREATE EXTERNAL TABLE" },
    ),
    probe(
      "CREATE HYBRID TABLE",
      "create hybrid table hy (id int primary key)",
      { refused: "CREATE HYBRID TABLE" },
      { page: "CREATE HYBRID TABLE" },
    ),
    probe(
      "CREATE ICEBERG TABLE",
      "create iceberg table ice (id int)",
      { refused: "CREATE ICEBERG TABLE" },
      { page: "CREATE ICEBERG TABLE" },
    ),
    probe(
      "ALTER TABLE ... ADD COLUMN",
      "alter table t3 add column c int default 7",
      "Statement executed successfully.",
      { page: "ALTER TABLE" },
    ),
    probe("a new column's default in old rows", "select c from t3", "7", { page: "ALTER TABLE" }),
    probe("ALTER TABLE ... RENAME COLUMN", "alter table t3 rename column c to d", "Statement executed successfully.", {
      page: "ALTER TABLE",
    }),
    probe("ALTER TABLE ... DROP COLUMN", "alter table t3 drop column d", "Statement executed successfully.", {
      page: "ALTER TABLE",
    }),
    probe(
      "ALTER TABLE ... ALTER COLUMN, a wider type",
      "alter table t3 alter column b set data type varchar(200)",
      "Statement executed successfully.",
      { page: "ALTER TABLE ... ALTER COLUMN" },
    ),
    probe(
      "ALTER TABLE ... ALTER COLUMN, another kind of type",
      "alter table t3 alter column b set data type number",
      { error: "cannot change column B from type VARCHAR" },
      { page: "ALTER TABLE ... ALTER COLUMN" },
    ),
    probe("ALTER TABLE ... SET CHANGE_TRACKING", `show tables like 't3' ->> select "change_tracking" from $1`, "ON", {
      before: ["alter table t3 set change_tracking = true"],
      page: "ALTER TABLE",
    }),
    probe("ALTER TABLE ... RENAME TO", "alter table t5 rename to t6", "Statement executed successfully.", {
      page: "ALTER TABLE",
    }),
    probe("ALTER TABLE ... SWAP WITH", "alter table t6 swap with t4", "Statement executed successfully.", {
      page: "ALTER TABLE",
    }),
    probe("ALTER TABLE ... CLUSTER BY", `show tables like 't3' ->> select "cluster_by" from $1`, "LINEAR(A)", {
      before: ["alter table t3 cluster by (a)"],
      page: "ALTER TABLE",
    }),
    probe(
      "DESCRIBE TABLE",
      `describe table t ->> select "name", "type", "null?", "default" from $1`,
      [
        ["ID", "NUMBER(38,0)", "N", null],
        ["NAME", "VARCHAR(16777216)", "Y", "'n'"],
        ["AT", "TIMESTAMP_NTZ(9)", "Y", null],
      ],
      { page: "DESCRIBE TABLE" },
    ),
    probe(
      "SHOW TABLES",
      `show tables like 'T3' ->> select "name", "database_name", "schema_name", "kind", "rows" from $1`,
      [["T3", "PROBE_DB", "PROBE", "TABLE", "1"]],
      { page: "SHOW TABLES" },
    ),
    probe(
      "SHOW TABLES ... STARTS WITH ... LIMIT",
      `show terse tables starts with 'T' limit 2 ->> select "name" from $1`,
      [["T"], ["T2"]],
      { page: "SHOW TABLES" },
    ),
    probe("SHOW TABLES HISTORY", "show tables history like 't2' ->> select count(*) from $1", "1", {
      page: "SHOW TABLES",
    }),
    probe("SHOW COLUMNS", `show columns in table t3 ->> select "column_name" from $1`, [["A"], ["B"]], {
      page: "SHOW COLUMNS",
    }),
    probe("SHOW PRIMARY KEYS", `show primary keys in table pk ->> select "column_name" from $1`, "ID", {
      page: "SHOW PRIMARY KEYS",
    }),
    probe("COMMENT ON TABLE", `show tables like 't3' ->> select "comment" from $1`, "three", {
      before: ["comment on table t3 is 'three'"],
      page: "COMMENT",
    }),
    probe(
      "INFORMATION_SCHEMA.TABLES",
      "select table_name, table_type, row_count from information_schema.tables where table_name = 'T3'",
      [["T3", "BASE TABLE", "1"]],
      { page: "TABLES view" },
    ),
    probe(
      "INFORMATION_SCHEMA.COLUMNS",
      "select column_name, data_type from information_schema.columns where table_name = 'T3' order by ordinal_position",
      [
        ["A", "NUMBER"],
        ["B", "TEXT"],
      ],
      { page: "COLUMNS view" },
    ),
    probe("DROP TABLE", "drop table t3", "T3 successfully dropped.", { page: "DROP TABLE" }),
    probe(
      "DROP TABLE of a name that there is not",
      "drop table t3",
      { error: "'PROBE_DB.PROBE.T3' does not exist or not authorized." },
      { page: "DROP TABLE" },
    ),
    probe(
      "DROP TABLE IF EXISTS",
      "drop table if exists t3",
      "Drop statement executed successfully (T3 already dropped).",
      { page: "DROP TABLE" },
    ),
    probe("UNDROP TABLE", "undrop table t3", "Table T3 successfully restored.", { page: "UNDROP TABLE" }),
    probe("TRUNCATE TABLE", "truncate table t3", "Statement executed successfully.", { page: "TRUNCATE TABLE" }),
    probe("CREATE VIEW", "create view v (one, two) as select a, b from t3", "View V successfully created.", {
      page: "CREATE VIEW",
    }),
    probe(
      "CREATE VIEW ... COPY GRANTS",
      "create or replace view v copy grants as select a from t3",
      "View V successfully created.",
      { page: "CREATE VIEW" },
    ),
    probe("CREATE SECURE VIEW", `show views like 'sv' ->> select "is_secure" from $1`, "true", {
      before: ["create secure view sv as select 1 as x"],
      page: "CREATE VIEW",
    }),
    probe("CREATE TEMPORARY VIEW", "create temporary view tv as select 1 as x", "View TV successfully created.", {
      page: "CREATE VIEW",
    }),
    probe(
      "CREATE MATERIALIZED VIEW",
      "create materialized view mv as select a from t3",
      { refused: "CREATE MATERIALIZED VIEW" },
      { page: "CREATE MATERIALIZED VIEW" },
    ),
    probe("ALTER VIEW ... RENAME TO", "alter view v rename to v2", "Statement executed successfully.", {
      page: "ALTER VIEW",
    }),
    probe(
      "SHOW VIEWS",
      `show views like 'v2' ->> select "name", "text" from $1`,
      [["V2", "create or replace view v copy grants as select a from t3"]],
      { page: "SHOW VIEWS" },
    ),
    probe("DROP VIEW", "drop view v2", "V2 successfully dropped.", { page: "DROP VIEW" }),
    probe(
      "DROP TABLE of a view",
      "drop table sv",
      { error: "Object found is of type 'VIEW', not specified type 'TABLE'." },
      { page: "DROP TABLE" },
    ),
    probe("CREATE SEQUENCE", "create sequence sq start = 10 increment = 5", "Sequence SQ successfully created.", {
      page: "CREATE SEQUENCE",
    }),
    probe("sequence.NEXTVAL", "select sq2.nextval", "1", { before: ["create sequence sq2"], page: "Using sequences" }),
    probe("SHOW SEQUENCES", "show sequences like 'sq%' ->> select \"name\" from $1", [["SQ"], ["SQ2"]], {
      page: "SHOW SEQUENCES",
    }),
    probe(
      "CREATE FUNCTION in SQL",
      "create function twice(x int) returns int as 'x * 2'",
      "Function TWICE successfully created.",
      { page: "CREATE FUNCTION" },
    ),
    probe(
      "CREATE FUNCTION in Python",
      "create function p(x int) returns int language python runtime_version = '3.11' handler = 'f' as 'def f(x): return x'",
      { refused: "CREATE FUNCTION in LANGUAGE PYTHON" },
      { page: "CREATE FUNCTION" },
    ),
    probe("a function in JavaScript", "select js(2)", "7", {
      before: ["create function js(n float) returns float language javascript as 'return N + 5;'"],
      page: "Introduction to JavaScript UDFs",
    }),
    probe("a procedure in JavaScript", "call jp()", "7", {
      before: [
        `create procedure jp() returns float language javascript as $$ var rs = snowflake.execute({ sqlText: "select 7" }); rs.next(); return rs.getColumnValue(1); $$`,
      ],
      page: "Writing stored procedures in JavaScript",
    }),
    probe(
      "CREATE PROCEDURE in SQL",
      "create procedure pr() returns int language sql as 'begin return 1; end'",
      "Function PR successfully created.",
      { page: "CREATE PROCEDURE" },
    ),
    probe(
      "CREATE MASKING POLICY",
      "create masking policy mp as (v varchar) returns varchar -> '*'",
      "Masking policy MP successfully created.",
      { page: "CREATE MASKING POLICY" },
    ),
    probe("a masked column", "select v from masked", "*", {
      before: ["create table masked (v varchar masking policy mp)", "insert into masked values ('secret')"],
      page: "Understanding Column-level Security",
    }),
    probe(
      "CREATE ROW ACCESS POLICY",
      "create row access policy rp as (v varchar) returns boolean -> true",
      "Row access policy RP successfully created.",
      { page: "CREATE ROW ACCESS POLICY" },
    ),
    probe("rows behind a policy", "select count(*) from guarded", "0", {
      before: [
        "create row access policy none_at_all as (v varchar) returns boolean -> false",
        "create table guarded (v varchar) row access policy none_at_all on (v)",
        "insert into guarded values ('secret')",
      ],
      page: "Understanding row access policies",
    }),
    probe("CREATE TAG", "create tag tg", "Tag TG successfully created.", { page: "CREATE TAG" }),
    probe("a tag of a table", "select system$get_tag('tg', 'masked', 'table')", "x", {
      before: ["alter table masked set tag tg = 'x'"],
      page: "SYSTEM$GET_TAG",
    }),
    probe(
      "CREATE TAG that propagates",
      "create tag spreading propagate = on_dependency",
      { refused: "PROPAGATE" },
      { page: "CREATE TAG" },
    ),
    probe(
      "CREATE PIPE",
      "create pipe pp as copy into t2 from @st",
      { refused: "CREATE PIPE" },
      { page: "CREATE PIPE" },
    ),
    probe(
      "CREATE EVENT TABLE",
      "create event table ev",
      { refused: "CREATE EVENT TABLE" },
      { page: "CREATE EVENT TABLE" },
    ),
    probe(
      "CREATE CORTEX SEARCH SERVICE",
      "create cortex search service cs on a warehouse = w target_lag = '1 day' as select 1 as a",
      { refused: "CREATE CORTEX SEARCH SERVICE" },
      { page: "CREATE CORTEX SEARCH SERVICE" },
    ),
  ],
};
