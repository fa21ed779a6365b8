import { probe, type Section } from "../probe";

const CHANGES = "select metadata$action, metadata$isupdate, id, v from s order by id, v, metadata$action";

export const streams: Section = {
  title: "Streams",
  page: "Introduction to streams",
  before: [
    "create table t (id int, v varchar)",
    "insert into t values (1, 'a'), (2, 'b')",
    "create table sink (id int)",
  ],
  probes: [
    probe("CREATE STREAM ON TABLE", "create stream s on table t", "Stream S successfully created.", {
      page: "CREATE STREAM",
    }),
    probe("a new stream shows nothing", "select count(*) from s", "0"),
    probe(
      "an update is a pair",
      CHANGES,
      [
        ["DELETE", "TRUE", "1", "a"],
        ["INSERT", "TRUE", "1", "z"],
      ],
      { before: ["update t set v = 'z' where id = 1"] },
    ),
    probe(
      "an insert that is updated is an insert",
      CHANGES,
      [
        ["DELETE", "TRUE", "1", "a"],
        ["INSERT", "TRUE", "1", "z"],
        ["INSERT", "FALSE", "3", "d"],
      ],
      { before: ["insert into t values (3, 'c')", "update t set v = 'd' where id = 3"] },
    ),
    probe("an insert that is deleted is nothing", "select count(*) from s where id = 4", "0", {
      before: ["insert into t values (4, 'x')", "delete from t where id = 4"],
    }),
    probe("METADATA$ROW_ID", "select length(metadata$row_id) from s where id = 3", "40"),
    probe("SYSTEM$STREAM_HAS_DATA", "select system$stream_has_data('s')", "TRUE", { page: "SYSTEM$STREAM_HAS_DATA" }),
    probe("a query does not consume", "select count(*) from s", "3"),
    probe("a rollback does not consume", "select count(*) from s", "3", {
      before: ["begin", "insert into sink select id from s", "rollback"],
    }),
    probe("DML consumes all, also what it filters", "select count(*) from s", "0", {
      before: ["insert into sink select id from s where 1 = 0"],
    }),
    probe("APPEND_ONLY", "select metadata$action, id from ao", [["INSERT", "5"]], {
      before: [
        "create stream ao on table t append_only = true",
        "insert into t values (5, 'e')",
        "delete from t where id = 5",
      ],
      page: "CREATE STREAM",
    }),
    probe("SHOW_INITIAL_ROWS", "select count(*) from si", "3", {
      before: ["create stream si on table t show_initial_rows = true"],
      page: "CREATE STREAM",
    }),
    probe("AT (OFFSET)", "select count(*) from sa", "1", {
      before: [60, "insert into t values (6, 'f')", "create stream sa on table t at (offset => -30)"],
      page: "CREATE STREAM",
    }),
    probe("AT (STREAM)", "select count(*) from sb", "1", {
      before: ["create stream sb on table t at (stream => 'sa')"],
      page: "CREATE STREAM",
    }),
    probe("ON VIEW", "select metadata$action, id from sv", [["INSERT", "7"]], {
      before: [
        "create view v as select id from t where id > 6",
        "create stream sv on view v",
        "insert into t values (7, 'g')",
      ],
      page: "CREATE STREAM",
    }),
    probe(
      "ON VIEW with GROUP BY",
      "create stream sg on view vg",
      { error: "GROUP BY" },
      { before: ["create view vg as select count(*) as c from t group by v"], page: "CREATE STREAM" },
    ),
    probe("ON DYNAMIC TABLE", "select metadata$action, id from sd", [["INSERT", "8"]], {
      before: [
        "create dynamic table d target_lag = '1 minute' warehouse = probe_wh as select id from t",
        "create stream sd on dynamic table d",
        "insert into t values (8, 'h')",
        60,
      ],
      page: "Use streams on dynamic tables",
    }),
    probe(
      "ON TABLE for a dynamic table",
      "create stream sx on table d",
      { error: "Object found is of type 'DYNAMIC_TABLE', not specified type 'TABLE'." },
      { page: "Use streams on dynamic tables" },
    ),
    probe(
      "ON STAGE",
      "create stream st on stage none",
      { refused: "CREATE STREAM ON STAGE" },
      { page: "CREATE STREAM" },
    ),
    probe(
      "ON EXTERNAL TABLE",
      "create stream se on external table e insert_only = true",
      { refused: "CREATE STREAM ON EXTERNAL TABLE" },
      { page: "CREATE STREAM" },
    ),
    probe(
      "SHOW STREAMS",
      `show streams like 's' ->> select "name", "table_name", "source_type", "type", "mode", "stale", "invalid_reason" from $1`,
      [["S", "PROBE_DB.PROBE.T", "Table", "DELTA", "DEFAULT", "false", "N/A"]],
      { page: "SHOW STREAMS" },
    ),
    probe("DESCRIBE STREAM", `describe stream sd ->> select "source_type" from $1`, "Dynamic Table", {
      page: "DESCRIBE STREAM",
    }),
    probe("a stream is stale when its source is replaced", `show streams like 's' ->> select "stale" from $1`, "true", {
      before: ["create or replace table t (id int, v varchar)"],
      page: "Manage streams",
    }),
    probe("ALTER STREAM ... SET COMMENT", "alter stream s set comment = 'c'", "Statement executed successfully.", {
      page: "ALTER STREAM",
    }),
    probe("DROP STREAM", "drop stream s", "S successfully dropped.", { page: "DROP STREAM" }),
  ],
};
