import { probe, value, type Section } from "../probe";

export const contextFunctions: Section = {
  title: "Functions: context and system",
  page: "Context functions",
  before: ["create table t (k int)", "insert into t values (1)", "set answer = 42", "create view v as select k from t"],
  probes: [
    value("current_user()", "ADMIN"),
    value("current_role()", "ACCOUNTADMIN"),
    value("current_database() || '.' || current_schema()", "PROBE_DB.PROBE", {
      what: "CURRENT_DATABASE, CURRENT_SCHEMA",
    }),
    value("current_warehouse()", "PROBE_WH"),
    value("current_account() is not null", "TRUE"),
    value("is_role_in_session('ACCOUNTADMIN')", "TRUE"),
    value("current_available_roles() like '%ACCOUNTADMIN%'", "TRUE"),
    value("current_secondary_roles() is not null", "TRUE"),
    value("current_statement()", "select current_statement()"),
    value("current_transaction()", null),
    value("current_ip_address() is not null", "TRUE"),
    value("getvariable('ANSWER')", "42"),
    value("$answer + 1", "43", { what: "session variables", page: "SQL variables" }),
    value("length(last_query_id())", "36"),
    probe("RESULT_SCAN", "select k from table(result_scan(last_query_id()))", "1", {
      before: ["select k from t"],
      page: "RESULT_SCAN",
    }),
    value("system$typeof(1.5)", "NUMBER(2,1)[SB1]"),
    value("get_ddl('view', 'v')", "create or replace view V(\n\tK\n) as select k from t;"),
    value("system$last_change_commit_time('t') > 0", "TRUE"),
    probe("SYSTEM$WAIT", "call system$wait(0)", "waited 0 seconds", { page: "SYSTEM$WAIT" }),
    probe(
      "a function that there is not",
      "select no_such_function(1)",
      { error: "Unknown function NO_SUCH_FUNCTION" },
      { page: "Function reference" },
    ),
    probe(
      "too many arguments",
      "select upper('a', 'b')",
      { error: "too many arguments for function [UPPER" },
      { page: "Function reference" },
    ),
    probe("QUERY_HISTORY", "select count(*) > 0 from table(information_schema.query_history())", "TRUE", {
      page: "QUERY_HISTORY , QUERY_HISTORY_BY_*",
    }),
    probe(
      "COPY_HISTORY",
      "select count(*) from table(information_schema.copy_history(table_name => 't', start_time => dateadd(hour, -1, current_timestamp())))",
      "0",
      { page: "COPY_HISTORY" },
    ),
    probe(
      "AI_COMPLETE",
      "select ai_complete('m', 'Hello')",
      { refused: "function AI_COMPLETE" },
      { page: "AI_COMPLETE" },
    ),
    probe(
      "ST_MAKEPOINT",
      "select st_makepoint(1, 2)",
      { refused: "function ST_MAKEPOINT" },
      { page: "Geospatial functions" },
    ),
  ],
};
