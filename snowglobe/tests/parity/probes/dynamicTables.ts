import { probe, type Section } from "../probe";

const SHOW = (columns: string, name: string): string =>
  `show dynamic tables like '${name}' ->> select ${columns
    .split(" ")
    .map((column) => `"${column}"`)
    .join(", ")} from $1`;
const HISTORY = (columns: string, name: string): string =>
  `select ${columns} from table(information_schema.dynamic_table_refresh_history(name => '${name}')) order by data_timestamp desc limit 1`;
const base = "create or replace dynamic table";

export const dynamicTables: Section = {
  title: "Dynamic tables",
  page: "CREATE DYNAMIC TABLE",
  before: ["create table b (id int, g varchar, v int)", "insert into b values (1, 'x', 10), (2, 'y', 20)"],
  probes: [
    probe(
      "CREATE DYNAMIC TABLE",
      "create dynamic table d target_lag = '1 minute' warehouse = probe_wh as select id, v * 2 as w from b",
      "Dynamic table D successfully created.",
    ),
    probe("ON_CREATE fills at once", "select id, w from d order by id", [
      ["1", "20"],
      ["2", "40"],
    ]),
    probe(
      "INITIALIZE = ON_SCHEDULE",
      "select * from later",
      {
        error:
          "Dynamic Table is not initialized. Please run a manual refresh or wait for a scheduled refresh before querying.",
      },
      {
        before: [
          "create dynamic table later target_lag = '1 hour' warehouse = probe_wh initialize = on_schedule as select id from b",
        ],
      },
    ),
    probe(
      "a lag below one minute",
      `${base} short target_lag = '59 seconds' warehouse = probe_wh as select 1 as x`,
      { error: "lag" },
      { page: "Set the target lag for a dynamic table" },
    ),
    probe(
      "a lag below that of a table read",
      `${base} quick target_lag = '1 minute' warehouse = probe_wh as select id from later`,
      { error: "lag" },
      { page: "Set the target lag for a dynamic table" },
    ),
    probe("changes arrive within the lag", "select count(*) from d", "3", {
      before: ["insert into b values (3, 'y', 30)", 60],
      page: "Set the target lag for a dynamic table",
    }),
    probe(
      "REFRESH_ACTION = INCREMENTAL",
      HISTORY("state, refresh_action, refresh_trigger", "D"),
      [["SUCCEEDED", "INCREMENTAL", "SCHEDULED"]],
      { page: "DYNAMIC_TABLE_REFRESH_HISTORY" },
    ),
    probe("REFRESH_ACTION = NO_DATA", HISTORY("refresh_action", "D"), "NO_DATA", {
      before: [60],
      page: "DYNAMIC_TABLE_REFRESH_HISTORY",
    }),
    probe(
      "STATISTICS of a refresh",
      HISTORY("statistics:numInsertedRows::int, statistics:numDeletedRows::int", "D"),
      [["1", "1"]],
      { before: ["update b set v = 31 where id = 3", 60], page: "DYNAMIC_TABLE_REFRESH_HISTORY" },
    ),
    probe(
      "SHOW DYNAMIC TABLES",
      SHOW("name target_lag refresh_mode refresh_mode_reason warehouse scheduling_state rows", "d"),
      [["D", "1 minute", "ADAPTIVE", null, "PROBE_WH", "RUNNING", "3"]],
      { page: "SHOW DYNAMIC TABLES" },
    ),
    probe("AUTO resolves to FULL: LIMIT", SHOW("refresh_mode", "f1"), "FULL", {
      before: [`${base} f1 target_lag = downstream warehouse = probe_wh as select id from b order by id limit 1`],
      page: "Supported queries for dynamic tables",
    }),
    probe(
      "AUTO resolves to FULL: EXCEPT",
      SHOW("refresh_mode refresh_mode_reason", "f2"),
      [["FULL", "Unsupported query operator type: SetOperation[EXCEPT]"]],
      {
        before: [`${base} f2 target_lag = downstream warehouse = probe_wh as select id from b except select 1`],
        page: "Supported queries for dynamic tables",
      },
    ),
    probe("AUTO resolves to ADAPTIVE: GROUP BY", SHOW("refresh_mode", "i1"), "ADAPTIVE", {
      before: [
        `${base} i1 target_lag = downstream warehouse = probe_wh as select g, sum(v) as s, count(*) as c from b group by g`,
      ],
      page: "Supported queries for dynamic tables",
    }),
    probe("AUTO resolves to ADAPTIVE: joins", SHOW("refresh_mode", "i2"), "ADAPTIVE", {
      before: [
        `${base} i2 target_lag = downstream warehouse = probe_wh as select b.id, c.v from b left join b c on b.id = c.id`,
      ],
      page: "Supported queries for dynamic tables",
    }),
    probe("AUTO resolves to ADAPTIVE: window functions", SHOW("refresh_mode", "i3"), "ADAPTIVE", {
      before: [
        `${base} i3 target_lag = downstream warehouse = probe_wh as select id, rank() over (partition by g order by v) as r from b`,
      ],
      page: "Supported queries for dynamic tables",
    }),
    probe("AUTO resolves to FULL: the time in a column", SHOW("refresh_mode", "f3"), "FULL", {
      before: [
        `${base} f3 target_lag = downstream warehouse = probe_wh as select id, current_timestamp() as seen from b`,
      ],
      page: "Supported queries for dynamic tables",
    }),
    probe("AUTO resolves to ADAPTIVE: the time in WHERE", SHOW("refresh_mode", "i4"), "ADAPTIVE", {
      before: [
        `${base} i4 target_lag = downstream warehouse = probe_wh as select id from b where current_timestamp() > '2020-01-01'`,
      ],
      page: "Supported queries for dynamic tables",
    }),
    probe("AUTO resolves to FULL: a subquery in WHERE", SHOW("refresh_mode", "f4"), "FULL", {
      before: [
        `${base} f4 target_lag = downstream warehouse = probe_wh as select id from b where id in (select id from b)`,
      ],
      page: "Supported queries for dynamic tables",
    }),
    probe(
      "ANY_VALUE is in neither mode",
      `${base} av target_lag = downstream warehouse = probe_wh as select any_value(id) as id from b`,
      { error: "ANY_VALUE" },
      { page: "Supported queries for dynamic tables" },
    ),
    probe(
      "INCREMENTAL of an unsupported query",
      `${base} n target_lag = downstream warehouse = probe_wh refresh_mode = incremental as select id from b limit 1`,
      { error: "Limit" },
      { page: "Dynamic table refresh modes" },
    ),
    probe("DOWNSTREAM is not refreshed by itself", HISTORY("refresh_trigger", "I1"), "CREATION", {
      before: ["insert into b values (4, 'z', 1)", 600],
      page: "Set the target lag for a dynamic table",
    }),
    probe(
      "a pipeline has one data timestamp",
      "select count(distinct data_timestamp) from table(information_schema.dynamic_table_refresh_history()) where name in ('I1', 'TOP') and refresh_trigger = 'MANUAL'",
      "1",
      {
        before: [
          `${base} top target_lag = '1 hour' warehouse = probe_wh as select sum(s) as s from i1`,
          "insert into b values (5, 'z', 1)",
          "alter dynamic table top refresh",
        ],
        page: "Data consistency and pipeline boundaries",
      },
    ),
    probe("ALTER DYNAMIC TABLE ... REFRESH", `alter dynamic table later refresh ->> select count(*) from $1`, "1", {
      page: "ALTER DYNAMIC TABLE",
    }),
    probe("ALTER DYNAMIC TABLE ... SET TARGET_LAG", SHOW("target_lag", "d"), "5 minutes", {
      before: ["alter dynamic table d set target_lag = '5 minutes'"],
      page: "ALTER DYNAMIC TABLE",
    }),
    probe("ALTER DYNAMIC TABLE ... SUSPEND cascades", SHOW("scheduling_state", "top"), "SUSPENDED", {
      before: ["alter dynamic table i1 suspend"],
      page: "Suspend or resume dynamic tables",
    }),
    probe("ALTER DYNAMIC TABLE ... RESUME", SHOW("scheduling_state", "top"), "RUNNING", {
      before: ["alter dynamic table i1 resume"],
      page: "Suspend or resume dynamic tables",
    }),
    probe("SUSPENDED after five failures", SHOW("scheduling_state", "bad"), "SUSPENDED", {
      before: [
        "create table z (n int)",
        "insert into z values (1)",
        `${base} bad target_lag = '1 minute' warehouse = probe_wh as select 1 / n as x from z`,
        "insert into z values (0)",
        600,
      ],
      page: "Suspend or resume dynamic tables",
    }),
    probe(
      "a failed refresh",
      "select state, state_message like '%Division by zero%' from table(information_schema.dynamic_table_refresh_history(name => 'BAD', error_only => true)) limit 1",
      [["FAILED", "TRUE"]],
      { page: "DYNAMIC_TABLE_REFRESH_HISTORY" },
    ),
    probe("REINITIALIZE after a base was replaced", HISTORY("refresh_action", "D"), "REINITIALIZE", {
      before: [
        "create or replace table b (id int, g varchar, v int) change_tracking = true",
        "insert into b values (1, 'x', 1)",
        300,
      ],
      page: "Modify dynamic tables",
    }),
    probe(
      "DESCRIBE DYNAMIC TABLE",
      `describe dynamic table d ->> select "name", "type" from $1`,
      [
        ["ID", "NUMBER(38,0)"],
        ["W", "NUMBER(38,0)"],
      ],
      { page: "DESCRIBE DYNAMIC TABLE" },
    ),
    probe(
      "DYNAMIC_TABLE_GRAPH_HISTORY",
      "select target_lag_type, target_lag_sec, scheduling_state:state::varchar from table(information_schema.dynamic_table_graph_history()) where name = 'D' and valid_to is null",
      [["USER_DEFINED", "300", "ACTIVE"]],
      { page: "DYNAMIC_TABLE_GRAPH_HISTORY" },
    ),
    probe(
      "DML on a dynamic table",
      "insert into d values (1, 1)",
      { error: "dynamic table" },
      { page: "Dynamic tables" },
    ),
    probe("a clone is suspended", SHOW("scheduling_state is_clone", "dc"), [["SUSPENDED", "TRUE"]], {
      before: ["create dynamic table dc clone d"],
      page: "Manage dynamic tables",
    }),
    probe("DROP, UNDROP DYNAMIC TABLE", "select count(*) from dc", "1", {
      before: ["drop dynamic table dc", "undrop dynamic table dc"],
      page: "UNDROP DYNAMIC TABLE",
    }),
    probe("ADAPTIVE by name", SHOW("refresh_mode", "ad"), "ADAPTIVE", {
      before: [`${base} ad target_lag = downstream warehouse = probe_wh refresh_mode = adaptive as select id from b`],
      page: "Dynamic table refresh modes",
    }),
    probe(
      "SHOW UNIQUE KEYS",
      `show unique keys in keyed ->> select "column_name", "key_sequence" from $1`,
      [["G", "1"]],
      {
        before: [
          `${base} keyed target_lag = downstream warehouse = probe_wh as select g, count(*) as n from b group by g`,
        ],
        page: "Optimize input data for dynamic tables",
      },
    ),
    probe("CREATE OR ALTER DYNAMIC TABLE", "select twice from coa where id = 1", null, {
      before: [
        `${base} coa target_lag = downstream warehouse = probe_wh as select id from b`,
        "create or alter dynamic table coa target_lag = downstream warehouse = probe_wh as select id, id * 2 as twice from b",
      ],
      page: "Modify dynamic tables",
    }),
    probe("REFRESH USING", "select n from custom", "1", {
      before: [
        `${base} custom (n int) target_lag = downstream warehouse = probe_wh refresh using (insert into self select count(*) from b changes(information => append_only) having count(*) > 0)`,
      ],
      page: "Custom incrementalization",
    }),
    probe(
      "DYNAMIC_TABLE_REFRESH_BOUNDARY",
      `${base} beyond target_lag = downstream warehouse = probe_wh as select * from dynamic_table_refresh_boundary(keyed)`,
      "Dynamic table BEYOND successfully created.",
      { page: "Data consistency and pipeline boundaries" },
    ),
    probe(
      "EXPLAIN CHANGES",
      `explain changes alter dynamic table keyed refresh ->> select parse_json("effects")[0]:properties:effective_refresh_action::varchar from $1`,
      "NO_DATA",
      { page: "Predict refresh behavior" },
    ),
    probe(
      "EXECUTE AS USER",
      `${base} ex target_lag = downstream warehouse = probe_wh execute as user probe_runner as select id from b`,
      "Dynamic table EX successfully created.",
      {
        before: [
          "create user probe_runner",
          "grant role accountadmin to user probe_runner",
          "grant impersonate on user probe_runner to role accountadmin",
        ],
        page: "Dynamic table access control",
      },
    ),
    probe("ROW_TIMESTAMP", "select count(metadata$row_last_commit_time) = count(*) from rt", "TRUE", {
      before: [`${base} rt target_lag = downstream warehouse = probe_wh row_timestamp = true as select id from b`],
      page: "Use row timestamps to measure latency in your pipelines",
    }),
    probe(
      "IMMUTABLE WHERE",
      `${base} im target_lag = downstream warehouse = probe_wh immutable where (id < 2) as select id from b`,
      "Dynamic table IM successfully created.",
    ),
    probe(
      "SCHEDULER",
      `${base} sc target_lag = '1 hour' warehouse = probe_wh scheduler = 'ENABLE' as select id from b`,
      "Dynamic table SC successfully created.",
    ),
    probe(
      "CREATE DYNAMIC ICEBERG TABLE",
      "create dynamic iceberg table di target_lag = downstream warehouse = probe_wh as select 1 as x",
      { refused: "CREATE DYNAMIC ICEBERG TABLE" },
    ),
  ],
};
