import { probe, type Section } from "../probe";

export const account: Section = {
  title: "Statements: account, databases, schemas, access",
  page: "SQL command reference",
  before: ["create table t (x int)", "insert into t values (1)"],
  probes: [
    probe(
      "CREATE WAREHOUSE",
      "create warehouse probe_other warehouse_size = 'SMALL' auto_suspend = 60 initially_suspended = true",
      "Warehouse PROBE_OTHER successfully created.",
      { page: "CREATE WAREHOUSE" },
    ),
    probe(
      "ALTER WAREHOUSE ... SET",
      "alter warehouse probe_other set warehouse_size = medium, comment = 'c'",
      "Statement executed successfully.",
      { page: "ALTER WAREHOUSE" },
    ),
    probe(
      "SHOW WAREHOUSES",
      `show warehouses like 'probe_other' ->> select "name", "state", "size", "auto_suspend", "comment" from $1`,
      [["PROBE_OTHER", "SUSPENDED", "Medium", "60", "c"]],
      { page: "SHOW WAREHOUSES" },
    ),
    probe("ALTER WAREHOUSE ... RESUME", "alter warehouse probe_other resume", "Statement executed successfully.", {
      page: "ALTER WAREHOUSE",
    }),
    probe("DROP WAREHOUSE", "drop warehouse probe_other", "PROBE_OTHER successfully dropped.", {
      page: "DROP WAREHOUSE",
    }),
    probe("USE WAREHOUSE", "use warehouse probe_wh", "Statement executed successfully.", { page: "USE WAREHOUSE" }),
    probe(
      "CREATE DATABASE",
      "create transient database probe_two comment = 'x'",
      "Database PROBE_TWO successfully created.",
      { page: "CREATE DATABASE" },
    ),
    probe(
      "SHOW DATABASES",
      `show databases like 'probe_two' ->> select "name", "is_current", "options", "comment" from $1`,
      [["PROBE_TWO", "Y", "TRANSIENT", "x"]],
      { page: "SHOW DATABASES" },
    ),
    probe(
      "a database's own schemas",
      `show schemas in database probe_two ->> select "name" from $1 order by 1`,
      [["INFORMATION_SCHEMA"], ["PUBLIC"]],
      { page: "CREATE DATABASE" },
    ),
    probe(
      "ALTER DATABASE ... SET",
      "alter database probe_two set data_retention_time_in_days = 0",
      "Statement executed successfully.",
      { page: "ALTER DATABASE" },
    ),
    probe("CREATE DATABASE ... CLONE", "select count(*) from probe_clone.probe.t", "1", {
      before: ["create database probe_clone clone probe_db"],
      page: "CREATE <object> ... CLONE",
    }),
    probe("DROP DATABASE", "drop database probe_clone", "PROBE_CLONE successfully dropped.", { page: "DROP DATABASE" }),
    probe("UNDROP DATABASE", "undrop database probe_clone", "Database PROBE_CLONE successfully restored.", {
      page: "UNDROP DATABASE",
    }),
    probe("USE DATABASE, SCHEMA", "use schema probe_db.probe", "Statement executed successfully.", {
      page: "USE SCHEMA",
    }),
    probe("CREATE SCHEMA", "create schema probe_db.s2 with managed access", "Schema S2 successfully created.", {
      page: "CREATE SCHEMA",
    }),
    probe(
      "SHOW SCHEMAS",
      `show schemas like 's2' in database probe_db ->> select "name", "options" from $1`,
      [["S2", "MANAGED ACCESS"]],
      { page: "SHOW SCHEMAS" },
    ),
    probe("DESCRIBE SCHEMA", `describe schema probe_db.probe ->> select "name", "kind" from $1`, [["T", "TABLE"]], {
      page: "DESCRIBE SCHEMA",
    }),
    probe("DROP SCHEMA", "drop schema probe_db.s2", "S2 successfully dropped.", {
      before: ["use schema probe_db.probe"],
      page: "DROP SCHEMA",
    }),
    probe("UNDROP SCHEMA", "undrop schema probe_db.s2", "Schema S2 successfully restored.", { page: "UNDROP SCHEMA" }),
    probe("CREATE ROLE", "create role probe_role", "Role PROBE_ROLE successfully created.", {
      before: ["use schema probe_db.probe"],
      page: "CREATE ROLE",
    }),
    probe("GRANT ROLE", "grant role probe_role to user admin", "Statement executed successfully.", {
      page: "GRANT ROLE",
    }),
    probe(
      "GRANT ... TO ROLE",
      "grant usage on database probe_db to role probe_role",
      "Statement executed successfully.",
      { page: "GRANT <privileges> TO ROLE" },
    ),
    probe(
      "GRANT ON ALL, ON FUTURE",
      "grant select on future tables in schema probe_db.probe to role probe_role",
      "Statement executed successfully.",
      { page: "GRANT <privileges> TO ROLE" },
    ),
    probe(
      "SHOW GRANTS TO ROLE",
      `show grants to role probe_role ->> select "privilege", "granted_on", "name" from $1`,
      [["USAGE", "DATABASE", "PROBE_DB"]],
      { page: "SHOW GRANTS" },
    ),
    probe(
      "SHOW FUTURE GRANTS",
      `show future grants in schema probe_db.probe ->> select "privilege", "grant_on" from $1`,
      [["SELECT", "TABLE"]],
      { page: "SHOW GRANTS" },
    ),
    probe(
      "privileges are enforced",
      "select * from probe_db.probe.t",
      { error: "does not exist or not authorized" },
      { before: ["use role probe_role", "use secondary roles none"], page: "Overview of access control" },
    ),
    probe(
      "what a role lacks, by name",
      "create schema probe_db.mine",
      { error: "Insufficient privileges to operate on database 'PROBE_DB'" },
      { page: "Overview of access control" },
    ),
    probe("REVOKE", "revoke usage on database probe_db from role probe_role", "Statement executed successfully.", {
      before: ["use role accountadmin"],
      page: "REVOKE <privileges>",
    }),
    probe("GRANT OWNERSHIP", `show tables like 't' in schema probe_db.probe ->> select "owner" from $1`, "PROBE_ROLE", {
      before: ["grant ownership on table probe_db.probe.t to role probe_role"],
      page: "GRANT OWNERSHIP",
    }),
    probe(
      "CREATE USER",
      "create user probe_user password = 'Correct-horse-9' default_role = probe_role",
      "User PROBE_USER successfully created.",
      { page: "CREATE USER" },
    ),
    probe("ALTER USER", "alter user probe_user set email = 'probe@example.com'", "Statement executed successfully.", {
      page: "ALTER USER",
    }),
    probe(
      "DESCRIBE USER",
      `describe user probe_user ->> select "value" from $1 where "property" = 'EMAIL'`,
      "probe@example.com",
      { page: "DESCRIBE USER" },
    ),
    probe(
      "SHOW USERS",
      `show users like 'probe_user' ->> select "name", "email" from $1`,
      [["PROBE_USER", "probe@example.com"]],
      { page: "SHOW USERS" },
    ),
    probe("DROP USER", "drop user probe_user", "PROBE_USER successfully dropped.", { page: "DROP USER" }),
    probe("DROP ROLE", "drop role probe_role", "PROBE_ROLE successfully dropped.", { page: "DROP ROLE" }),
    probe("CREATE DATABASE ROLE", "create database role probe_db.dr", "Database role DR successfully created.", {
      page: "CREATE DATABASE ROLE",
    }),
    probe("SHOW ROLES", `show roles like 'sysadmin' ->> select "name" from $1`, "SYSADMIN", { page: "SHOW ROLES" }),
    probe(
      "ALTER SESSION, SHOW PARAMETERS",
      `show parameters like 'query_tag' in session ->> select "value", "level" from $1`,
      [["tag", "SESSION"]],
      { before: ["alter session set query_tag = 'tag'"], page: "SHOW PARAMETERS" },
    ),
    probe("ALTER ACCOUNT", "alter account set timezone = 'UTC'", "Statement executed successfully.", {
      page: "ALTER ACCOUNT",
    }),
    probe("SET, UNSET", "select $x || $y", "a1", { before: ["set (x, y) = ('a', 1)"], page: "SET" }),
    probe("SHOW VARIABLES", `show variables like 'x' ->> select "value" from $1`, "a", { page: "SHOW VARIABLES" }),
    probe("BEGIN, ROLLBACK", "select count(*) from t", "1", {
      before: ["begin", "insert into t values (2)", "rollback"],
      page: "Transactions",
    }),
    probe("DDL commits an open transaction", "select count(*) from t", "2", {
      before: ["begin", "insert into t values (2)", "create table t2 (x int)", "rollback"],
      page: "Transactions",
    }),
    probe("a failing statement leaves the transaction open", "select count(*) from t", "3", {
      before: ["begin", "insert into t values (3)"],
      page: "Transactions",
    }),
    probe("SHOW TRANSACTIONS", "show transactions ->> select count(*) from $1", "1", { page: "SHOW TRANSACTIONS" }),
    probe("COMMIT", "commit", "Statement executed successfully.", { page: "COMMIT" }),
    probe("SHOW OBJECTS", `show objects like 't' ->> select "name", "kind" from $1`, [["T", "TABLE"]], {
      page: "SHOW OBJECTS",
    }),
    probe("SHOW FUNCTIONS", "show functions like 'abs' ->> select count(*) > 0 from $1", "TRUE"),
    probe("SHOW USER FUNCTIONS", "show user functions like 'abs' ->> select count(*) from $1", "0", {
      page: "SHOW USER FUNCTIONS",
    }),
    probe(
      "CREATE RESOURCE MONITOR",
      "create resource monitor rm with credit_quota = 10",
      { refused: "CREATE RESOURCE MONITOR" },
      { page: "CREATE RESOURCE MONITOR" },
    ),
    probe(
      "CREATE NETWORK POLICY",
      "create network policy np allowed_ip_list = ('127.0.0.1')",
      { refused: "CREATE NETWORK POLICY" },
      { page: "CREATE NETWORK POLICY" },
    ),
    probe(
      "CREATE STORAGE INTEGRATION",
      "create storage integration si type = external_stage storage_provider = 'S3' enabled = true storage_aws_role_arn = 'a' storage_allowed_locations = ('s3://b/')",
      { refused: "CREATE STORAGE INTEGRATION" },
      { page: "CREATE STORAGE INTEGRATION" },
    ),
    probe("CREATE SHARE", "create share sh", { refused: "CREATE SHARE" }, { page: "CREATE SHARE" }),
    probe(
      "CREATE COMPUTE POOL",
      "create compute pool cp min_nodes = 1 max_nodes = 1 instance_family = CPU_X64_XS",
      { refused: "CREATE COMPUTE POOL" },
      { page: "CREATE COMPUTE POOL" },
    ),
    probe("CREATE STREAMLIT", "create streamlit sl", { refused: "CREATE STREAMLIT" }, { page: "CREATE STREAMLIT" }),
    probe(
      "SNOWFLAKE.ACCOUNT_USAGE",
      "select iff(count(*) > 0, 'some', 'none') from snowflake.account_usage.databases",
      "some",
      { page: "Account Usage" },
    ),
  ],
};
