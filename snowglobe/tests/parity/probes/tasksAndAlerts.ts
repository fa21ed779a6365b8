import { probe, type Section } from "../probe";

const TASK = (columns: string, name: string): string =>
  `select ${columns} from table(information_schema.task_history(task_name => '${name}')) where state <> 'SCHEDULED' order by scheduled_time desc limit 1`;
const ALERT = (columns: string, name: string): string =>
  `select ${columns} from table(information_schema.alert_history(alert_name => '${name}')) where state <> 'SCHEDULED' order by scheduled_time desc limit 1`;

export const tasksAndAlerts: Section = {
  title: "Tasks, alerts, notifications",
  page: "CREATE TASK",
  before: [
    "create table sink (x int)",
    "create table src (x int) change_tracking = true",
    "create stream s on table src",
    "alter user admin set email = 'admin@example.com'",
  ],
  probes: [
    probe(
      "CREATE TASK",
      "create task t warehouse = probe_wh schedule = '1 minute' as insert into sink values (1)",
      "Task T successfully created.",
    ),
    probe(
      "a new task is suspended",
      `show tasks like 't' ->> select "state", "schedule", "definition" from $1`,
      [["suspended", "1 minute", "insert into sink values (1)"]],
      { page: "SHOW TASKS" },
    ),
    probe("EXECUTE TASK", "select count(*) from sink", "1", { before: ["execute task t", 1], page: "EXECUTE TASK" }),
    probe("ALTER TASK ... RESUME", "select count(*) from sink", "3", {
      before: ["alter task t resume", 120],
      page: "ALTER TASK",
    }),
    probe(
      "TASK_HISTORY",
      TASK("state, scheduled_from, query_text", "T"),
      [["SUCCEEDED", "SCHEDULE", "insert into sink values (1)"]],
      { page: "TASK_HISTORY" },
    ),
    probe("a task that fails", TASK("state, error_message like '%Division by zero%'", "BAD"), [["FAILED", "TRUE"]], {
      before: ["alter task t suspend", "create task bad schedule = '1 minute' as select 1 / 0", "execute task bad", 1],
      page: "TASK_HISTORY",
    }),
    probe(
      "CRON with a time zone",
      `show tasks like 'cron' ->> select "schedule" from $1`,
      "USING CRON 0 9 * * MON Europe/Berlin",
      {
        before: ["create task cron warehouse = probe_wh schedule = 'USING CRON 0 9 * * MON Europe/Berlin' as select 1"],
      },
    ),
    probe("a schedule that is none", "create task no schedule = 'now and then' as select 1", { error: "schedule" }),
    probe("WHEN is false: SKIPPED", TASK("state", "W"), "SKIPPED", {
      before: [
        "create task w warehouse = probe_wh schedule = '1 minute' when system$stream_has_data('s') as insert into sink select x from s",
        "alter task w resume",
        60,
      ],
    }),
    probe("a triggered task", TASK("state, scheduled_from", "TR"), [["SUCCEEDED", "TRIGGER"]], {
      before: [
        "alter task w suspend",
        "create task tr warehouse = probe_wh when system$stream_has_data('s') as insert into sink select x from s",
        "alter task tr resume",
        "insert into src values (7)",
        60,
      ],
      page: "Triggered tasks",
    }),
    probe("it consumed the stream", "select system$stream_has_data('s')", "FALSE", { page: "Triggered tasks" }),
    probe("a graph: AFTER", TASK("state", "CHILD"), "SUCCEEDED", {
      before: [
        "create task root warehouse = probe_wh schedule = '60 minutes' as select 1",
        "create task child warehouse = probe_wh after root as select 2",
        "alter task child resume",
        "execute task root",
        5,
      ],
      page: "Create a sequence of tasks with a task graph",
    }),
    probe("FINALIZE", TASK("state", "FIN"), "SUCCEEDED", {
      before: [
        "create task fin warehouse = probe_wh finalize = root as select 3",
        "alter task fin resume",
        "execute task root",
        5,
      ],
      page: "Create a sequence of tasks with a task graph",
    }),
    probe("SYSTEM$TASK_DEPENDENTS_ENABLE", "select system$task_dependents_enable('probe_db.probe.root')", "TRUE", {
      page: "SYSTEM$TASK_DEPENDENTS_ENABLE",
    }),
    probe(
      "SHOW TASKS: predecessors",
      `show tasks like 'child' ->> select parse_json("predecessors")[0]::varchar from $1`,
      "PROBE_DB.PROBE.ROOT",
      { page: "SHOW TASKS" },
    ),
    probe(
      "a serverless triggered task needs its interval",
      "create task sl when system$stream_has_data('s') as select 1",
      { error: "TARGET_COMPLETION_INTERVAL" },
      { page: "Triggered tasks" },
    ),
    probe(
      "SHOW PARAMETERS IN TASK",
      `show parameters like 'suspend_task_after_num_failures' in task t ->> select "value" from $1`,
      "10",
      { page: "SHOW PARAMETERS" },
    ),
    probe("DROP TASK", "drop task t", "T successfully dropped.", { page: "DROP TASK" }),
    probe(
      "CREATE ALERT",
      "create alert a warehouse = probe_wh schedule = '1 minute' if (exists (select 1 from sink where x = 7)) then insert into src values (100)",
      "Alert A successfully created.",
      { page: "CREATE ALERT" },
    ),
    probe(
      "conditions are not checked at creation",
      "create alert nochk warehouse = probe_wh schedule = '1 minute' if (exists (select * from not_there)) then select 1",
      "Alert NOCHK successfully created.",
      { page: "CREATE ALERT" },
    ),
    probe(
      "SHOW ALERTS",
      `show alerts like 'a' ->> select "name", "state", "schedule", "condition", "action" from $1`,
      [["A", "suspended", "1 minute", "select 1 from sink where x = 7", "insert into src values (100)"]],
      { page: "SHOW ALERTS" },
    ),
    probe("EXECUTE ALERT", ALERT("state, scheduled_from", "A"), [["TRIGGERED", "EXECUTE ALERT"]], {
      before: ["execute alert a", 1],
      page: "ALERT_HISTORY",
    }),
    probe("a scheduled alert", ALERT("state, scheduled_from", "A"), [["TRIGGERED", "SCHEDULE"]], {
      before: ["alter alert a resume", 60],
      page: "ALERT_HISTORY",
    }),
    probe("CONDITION_FALSE", ALERT("state", "A"), "CONDITION_FALSE", {
      before: ["delete from sink", "alter task tr suspend", 60],
      page: "ALERT_HISTORY",
    }),
    probe("CONDITION_FAILED", ALERT("state", "NOCHK"), "CONDITION_FAILED", {
      before: ["alter alert a suspend", "execute alert nochk", 1],
      page: "ALERT_HISTORY",
    }),
    probe("an alert on new data", "select x from seen", "500", {
      before: [
        "create table seen (x int)",
        "create alert nd if (exists (select * from src where x > 200)) then insert into seen select x from table(result_scan(snowflake.alert.get_condition_query_uuid()))",
        "alter alert nd resume",
        "insert into src values (300), (500)",
        "delete from src where x = 300",
        10,
        "delete from seen where x = 300",
      ],
      page: "Setting up alerts based on data in Snowflake",
    }),
    probe("its history", ALERT("state, scheduled_from", "ND"), [["TRIGGERED", "TRIGGER"]], { page: "ALERT_HISTORY" }),
    probe(
      "EXECUTE ALERT of one on new data",
      "execute alert nd",
      { error: "new data" },
      { page: "Setting up alerts based on data in Snowflake" },
    ),
    probe("DROP ALERT", "drop alert a", "A successfully dropped.", { page: "DROP ALERT" }),
    probe(
      "CREATE NOTIFICATION INTEGRATION of type EMAIL",
      "create notification integration probe_mail type = email enabled = true allowed_recipients = ('admin@example.com')",
      "Integration PROBE_MAIL successfully created.",
      { page: "CREATE NOTIFICATION INTEGRATION (email)" },
    ),
    probe(
      "a recipient who is no user",
      "create notification integration probe_bad type = email enabled = true allowed_recipients = ('who@example.com')",
      { error: "Email recipients in the given list at indexes [1] are not allowed." },
      { page: "CREATE NOTIFICATION INTEGRATION (email)" },
    ),
    probe("SYSTEM$SEND_EMAIL", "call system$send_email('probe_mail', 'admin@example.com', 'Subject', 'Text')", "TRUE", {
      page: "SYSTEM$SEND_EMAIL",
    }),
    probe(
      "a recipient who is not allowed",
      "call system$send_email('probe_mail', 'who@example.com', 'Subject', 'Text')",
      { error: "who@example.com" },
      { page: "SYSTEM$SEND_EMAIL" },
    ),
    probe(
      "SYSTEM$SEND_SNOWFLAKE_NOTIFICATION",
      "call system$send_snowflake_notification(snowflake.notification.text_html('<b>x</b>'), snowflake.notification.email_integration_config('probe_mail', 'Hello', array_construct('admin@example.com')))",
      "Enqueued notifications",
      { page: "SYSTEM$SEND_SNOWFLAKE_NOTIFICATION" },
    ),
    probe("NOTIFICATION_HISTORY", "select count(*) > 0 from table(information_schema.notification_history())", "TRUE", {
      page: "NOTIFICATION_HISTORY",
    }),
    probe(
      "SHOW NOTIFICATION INTEGRATIONS",
      `show notification integrations like 'probe_mail' ->> select "type", "category", "enabled" from $1`,
      [["EMAIL", "NOTIFICATION", "TRUE"]],
      { page: "SHOW NOTIFICATION INTEGRATIONS" },
    ),
    probe(
      "a webhook",
      "create notification integration hook type = webhook enabled = true webhook_url = 'https://example.com'",
      { refused: "NOTIFICATION INTEGRATION with TYPE = WEBHOOK" },
      { page: "CREATE NOTIFICATION INTEGRATION (webhooks)" },
    ),
    probe("DROP INTEGRATION", "drop integration probe_mail", "PROBE_MAIL successfully dropped.", {
      page: "DROP INTEGRATION",
    }),
  ],
};
