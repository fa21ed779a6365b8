"""
The original workshop's steps with its own tools, against nothing but a server: dlt loads by Parquet, the worksheets'
statements run through the connector, the page reads through Snowpark. What dbt builds stands here as the statements that it
sends; dbt itself has tests of its own.
"""

import dlt
import pandas
import snowflake.connector
from checks import FOLDER, HERE, PASSWORD, check, rows
from dlt.destinations import snowflake as destination
from dlt.destinations.impl.snowflake import sql_client
from snowflake.snowpark import Session

connect = snowflake.connector.connect
cursor = connect(**HERE).cursor()
STATES = ["CA"] * 6 + ["NY"] * 3 + ["WY", "TX"]
LOANS = pandas.DataFrame(
    {"LOAN_ID": [str(n) for n in range(len(STATES))], "LOAN_AMNT": [1000 + n for n in range(len(STATES))], "ADDR_STATE": STATES}
)
DEV = "balboa_dev.gomezn"

# As an administrator makes it: none of it is in the worksheets.
ADMIN = """
create warehouse wh_loading; create warehouse wh_transforming_dynamic_tables; create database raw; create database balboa_dev;
create schema balboa_dev.gomezn; create role loader; grant role loader to user admin; grant role loader to role sysadmin; grant usage on warehouse wh_loading to role loader;
grant usage, create schema on database raw to role loader; create user ann email = 'ann@example.com';
create notification integration send_email_notifications type = email enabled = true; use warehouse wh_loading
"""


def run(*statements):
    for statement in statements:
        cursor.execute(statement)
    return rows(cursor.fetchall())


def value(statement):
    return cursor.execute(statement).fetchone()[0]


def load():
    """The workshop's loader: one resource that yields a frame, replaced as a whole."""
    sql_client.snowflake_lib.connect = lambda **given: connect(**{**given, **HERE})
    credentials = {"database": "RAW", "username": "ADMIN", "password": PASSWORD, "host": "local", "warehouse": "WH_LOADING", "role": "LOADER"}
    target = destination(credentials=credentials, destination_name="datacoves_snowflake")

    @dlt.resource(name="personal_loans", write_disposition="replace")
    def personal_loans():
        yield LOANS

    loads = dlt.pipeline("loans", destination=target, dataset_name="loans", pipelines_dir=f"{FOLDER}/pipelines")
    loads.run(personal_loans(), loader_file_format="parquet")


def loaded():
    load()
    columns = run("describe table raw.loans.personal_loans")
    return [[column[0] for column in columns], value("select count(*) from raw.loans.personal_loans")]


def built():
    return run(
        f"use schema {DEV}",
        "create table state_codes (state_name varchar, state_code varchar)",
        "insert into state_codes values ('California', 'CA'), ('New York', 'NY'), ('Texas', 'TX'), ('Wyoming', 'WY')",
        """create or replace dynamic table stg_personal_loans target_lag = 'downstream' warehouse = wh_transforming_dynamic_tables
           refresh_mode = AUTO initialize = ON_CREATE as (
             with raw_source as (select * from raw.loans.personal_loans)
             select loan_id::varchar as loan_id, loan_amnt::number as loan_amnt, addr_state::varchar as addr_state from raw_source)""",
        """create or replace dynamic table loans_by_state__dynamic target_lag = '1 minute' warehouse = wh_transforming_dynamic_tables as (
             select addr_state as state, state_name, count(*) as number_of_loans from stg_personal_loans
             join state_codes on addr_state = state_code group by 1, 2 order by state_name desc limit 10)""",
        """create or replace transient table loans_by_state__standard as
             select addr_state as state, state_name, count(*) as number_of_loans from stg_personal_loans
             join state_codes on addr_state = state_code group by 1, 2 order by state_name desc limit 10""",
        """create or replace view stg_test_failures as
             select 'accepted_values' as test_name, count(*) as count_failed,
               case when count(*) != 0 then 'ERROR' end as error_state, case when count(*) != 0 then 'WARNING' end as warning_state,
               parse_json('["stg_personal_loans"]') as tested_models
             from (select addr_state from stg_personal_loans where addr_state not in ('CA') group by addr_state)""",
        """show dynamic tables in schema balboa_dev.gomezn
             ->> select "name", "rows", "target_lag", "refresh_mode", "warehouse" from $1 order by "name" """,
    )


def states(table):
    return [row[0] for row in run(f"select distinct addr_state from {table} order by 1")]


def came_back():
    tracked = "show tables like 'personal_loans' in schema raw.loans ->> select \"change_tracking\" from $1"
    load()
    before = states(f"{DEV}.stg_personal_loans")
    run(f"alter dynamic table {DEV}.loans_by_state__dynamic refresh")
    failures = run(f"select count_failed, error_state, warning_state from {DEV}.stg_test_failures")
    return [before, states(f"{DEV}.stg_personal_loans"), failures, value(tracked)]


CAPTURE = """
create task capture_errors_task target_completion_interval = '1 minutes' when system$stream_has_data('dynamic_table_stream') as
begin
  delete from errors_table;
  insert into errors_table select * from stg_test_failures where count_failed > 0;
  create or replace temp table consumed as select * from dynamic_table_stream;
end
"""

ALERT = """
create or replace alert error_alert
  if (exists (select '<li>' || test_name || ': ' || count_failed || '</li>' as item from errors_table))
  then begin
    let items varchar := (select array_to_string(array_agg(item), '') from (
      select item from table(result_scan(snowflake.alert.get_condition_query_uuid())) limit 20));
    call system$send_snowflake_notification(
      snowflake.notification.text_html('<h1>Errors</h1>' || :items),
      snowflake.notification.email_integration_config(
        'send_email_notifications', 'alert: errors detected on dynamic table refresh', array_construct('ann@example.com'), null, null));
  end
"""


def captured():
    run(
        "create or replace stream dynamic_table_stream on dynamic table stg_personal_loans",
        "create table errors_table as select * from stg_test_failures where false",
        CAPTURE,
        "alter task capture_errors_task resume",
        "alter table errors_table set change_tracking = true",
        ALERT,
        "alter alert error_alert resume",
        "insert into raw.loans.personal_loans (loan_id, loan_amnt, addr_state) values ('x', 1, 'NY')",
        "alter dynamic table loans_by_state__dynamic refresh",
    )
    return run("select metadata$action, addr_state from dynamic_table_stream")


def page():
    """What the page draws: both tables, the largest first."""
    session = Session.builder.configs({**HERE, "database": "BALBOA_DEV", "schema": "GOMEZN", "warehouse": "WH_LOADING"}).create()
    standard, dynamic = [
        session.sql(f"select * from loans_by_state__{kind} order by number_of_loans desc, state").to_pandas()
        for kind in ["standard", "dynamic"]
    ]
    failures = session.table("stg_test_failures").select("test_name", "count_failed").to_pandas()
    return [standard.values.tolist(), dynamic.values.tolist(), failures.values.tolist()]


check("what an administrator makes", lambda: run(*[part for part in ADMIN.split(";")]) and "made")
check("dlt loads the frame's columns alone", loaded)
check(
    "only California is left",
    lambda: [run("use role loader", "alter table raw.loans.personal_loans set change_tracking = true",
                 "delete from raw.loans.personal_loans where addr_state != 'CA'"), run("use role accountadmin") and "back"],
)
check("what dbt builds, and how the dynamic tables are shown", built)
check("the bad rows come back", came_back)
check("a stream on the dynamic table, a task and an alert on new data", captured)
check("the page", page)
