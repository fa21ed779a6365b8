/** The workshop's tables, made by hand: what `up` and the second worksheet leave, without the engine and without dbt. */
import type { WatchedNames } from "../../dashboard";
import type { TestClient } from "../../snowglobe/tests/server";

export const NAMES: WatchedNames = {
  warehouse: "WH_TRANSFORMING_DYNAMIC_TABLES",
  rawDatabase: "RAW",
  rawSchema: "LOANS",
  loansTable: "PERSONAL_LOANS",
  analyticsDatabase: "BALBOA_DEV",
  analyticsSchema: "WORKSHOP",
  stream: "DYNAMIC_TABLE_STREAM",
  captureTask: "CAPTURE_ERRORS_TASK",
  errorsTable: "ERRORS_TABLE",
  errorAlert: "ERROR_ALERT",
  emailIntegration: "SEND_EMAIL_NOTIFICATIONS",
};

/** States that the models show (the last ten by name), and California. */
const STATES = [
  ["CA", "California", 7429],
  ["SD", "South Dakota", 67],
  ["TN", "Tennessee", 32],
  ["TX", "Texas", 2915],
  ["UT", "Utah", 278],
  ["VT", "Vermont", 57],
  ["VA", "Virginia", 1487],
  ["WA", "Washington", 888],
  ["WV", "West Virginia", 187],
  ["WI", "Wisconsin", 516],
  ["WY", "Wyoming", 87],
] as const;

const RAW = "RAW.LOANS.PERSONAL_LOANS";

/** The statement that replaces the loans by those of some states. */
export function loadStatement(states: readonly string[]): string {
  const wanted = states.map((state) => `'${state}'`).join(", ");
  return (
    `insert overwrite into ${RAW} select state_code || n, state_code ` +
    `from balboa_dev.workshop.state_codes, balboa_dev.workshop.numbers where n < loans and state_code in (${wanted})`
  );
}

export const ALL_STATES = STATES.map(([code]) => code);

const BY_STATE = `select l.addr_state as state, s.state_name, count(*) as number_of_loans
  from stg_personal_loans l join state_codes s on l.addr_state = s.state_code
  group by 1, 2 order by s.state_name desc limit 10`;

/** Raw loans of California, the models over them, and the view of failures. */
export async function makeModels(client: TestClient): Promise<void> {
  const states = STATES.map(([code, name, loans]) => `('${code}', '${name}', ${loans})`).join(", ");
  await client.run(
    `create warehouse ${NAMES.warehouse}`,
    "create database raw",
    "create schema raw.loans",
    `create table ${RAW} (loan_id varchar, addr_state varchar) change_tracking = true`,
    "create database balboa_dev",
    "create schema balboa_dev.workshop",
    "use schema balboa_dev.workshop",
    `create table state_codes as select * from values ${states} as s (state_code, state_name, loans)`,
    "create table numbers as select row_number() over (order by seq4()) - 1 as n from table(generator(rowcount => 7429))",
    loadStatement(["CA"]),
    `create dynamic table stg_personal_loans target_lag = downstream warehouse = ${NAMES.warehouse}
       as select loan_id, addr_state from ${RAW}`,
    `create dynamic table loans_by_state__dynamic target_lag = '1 minute' warehouse = ${NAMES.warehouse} as ${BY_STATE}`,
    `create table loans_by_state__standard as ${BY_STATE}`,
    `create view stg_test_failures as
       select 'accepted_values_stg_personal_loans_addr_state__CA' as test_name, count(*) as count_failed,
              iff(count(*) > 0, 'ERROR', null) as error_state, iff(count(*) > 0, 'WARNING', null) as warning_state,
              parse_json('["stg_personal_loans"]') as tested_models
       from (select addr_state from stg_personal_loans where addr_state <> 'CA' group by addr_state)`,
  );
}

/** Stream, table of errors, task, alert, and the integration that mails are sent by. */
export async function makeMonitoring(client: TestClient): Promise<void> {
  await client.run(
    "create stream dynamic_table_stream on dynamic table stg_personal_loans",
    "create table errors_table as select * from stg_test_failures where false",
    "alter table errors_table set change_tracking = true",
    `create task capture_errors_task warehouse = ${NAMES.warehouse}
       when system$stream_has_data('dynamic_table_stream') as
       begin
         delete from errors_table;
         insert into errors_table select * from stg_test_failures where count_failed > 0;
         create or replace temporary table consumed as select * from dynamic_table_stream;
       end`,
    "alter task capture_errors_task resume",
    "alter user admin set email = 'attendee@example.com'",
    `create notification integration ${NAMES.emailIntegration} type = email enabled = true
       allowed_recipients = ('attendee@example.com')`,
    `create alert error_alert if (exists (
       select '<li>' || test_name || ': ' || count_failed || '</li>' as line from errors_table))
     then
       call system$send_email('${NAMES.emailIntegration}', 'attendee@example.com', 'alert: errors detected',
         '<h2>Data tests fail</h2><p>The dynamic table has states that nobody expected.</p>', 'text/html')`,
    "alter alert error_alert resume",
  );
}

/** Sends an HTML mail by the integration. */
export async function sendMail(client: TestClient, subject: string, html: string): Promise<void> {
  await client.run(
    `call system$send_email('${NAMES.emailIntegration}', 'attendee@example.com', '${subject}',
       '${html.replaceAll("'", "''")}', 'text/html')`,
  );
}
