-- Statements as dbt, the provider, drivers and the workshop's worksheets send them.
create dynamic table BALBOA.DEV.stg_personal_loans

        target_lag = 'downstream'
        warehouse = WH_TRANSFORM
        refresh_mode = AUTO
        initialize = ON_CREATE
        scheduler = 'ENABLE'
        as (
            with source as (select * from raw.loans.personal_loans) select a::int as b, desc, cast(desc as text) as desc from source
        )
/* {"app": "dbt"} */;
show terse schemas in database BALBOA
    limit 10000;
create schema if not exists BALBOA.DEV_DBT_TEST__AUDIT;
show objects in BALBOA.DEV
    limit 10000
     from 'X';
show user functions in BALBOA.DEV;
show dynamic tables like 'STG_PERSONAL_LOANS' in schema "BALBOA"."DEV";
alter dynamic table "BALBOA"."DEV"."LOANS_BY_STATE__DYNAMIC" set
        target_lag = '5 minutes'
        warehouse = x;
alter dynamic table X unset initialization_warehouse;
alter dynamic table X set immutable where (a > 1);
alter dynamic table X unset immutable where;
alter dynamic table X cluster by (a, b);
alter dynamic table x drop clustering key;
alter dynamic table x refresh;
drop dynamic table if exists "BALBOA"."DEV"."X";
comment on dynamic table X IS $$the text$$;
drop table if exists "D"."S"."X__dbt_backup" cascade;
alter table "D"."S"."X" rename to "D"."S"."X__dbt_backup";
create or replace transient table D.S.x
    as (
select 1 as a
    )
/* x */;
create or replace   view D.S.x
 as (
 select 1 a
 );
create transient table D.S.state_codes (state_code text,state_name text);
BEGIN;
insert overwrite into D.S.state_codes (state_code, state_name) values
 ('CA','California'),('NY','New York');
COMMIT;
select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error from ( select * from a.b.c ) dbt_internal_test;
select * from (select 1 a) as __dbt_sbq where false limit 0;
create or replace temporary view D.S.x__dbt_tmp ("LOAN_ID" COMMENT $$the id$$, "B" COMMENT $$$$) as (select 1, 2);
describe table D.S.x__dbt_tmp;
-- back compat for old kwarg name
  begin;
merge into D.S.x as DBT_INTERNAL_DEST using D.S.x__dbt_tmp as DBT_INTERNAL_SOURCE on ((DBT_INTERNAL_SOURCE.a = DBT_INTERNAL_DEST.a)) when matched then update set "A" = DBT_INTERNAL_SOURCE."A" when not matched then insert ("A","B") values ("A","B");
comment on table D.S.x IS $$..$$;
alter  table D.S.x alter "LOAN_ID" COMMENT $$the id$$, "ADDR_STATE" COMMENT $$$$;
grant select on D.S.x to REPORTER;
show grants on D.S.x;
select current_warehouse() as warehouse;
use warehouse WH_OTHER;
show parameters like 'query_tag' in session;
alter session set query_tag = 'x';
alter session unset query_tag;
select table_schema, table_name from BALBOA.information_schema.tables where table_schema ilike '%DBT_TEST__AUDIT' and table_type = 'BASE TABLE' order by 1,2;
with tables as (select table_catalog as "table_database" from BALBOA.information_schema.tables where ((("table_schema" ilike 'DEV' and upper("table_schema") = upper('DEV'))))), columns as (select 1 from BALBOA.information_schema.columns) select * from tables join columns using ("table_database","table_schema","table_name") order by "column_index";
select max(last_updated::timestamp) as max_loaded_at, convert_timezone('UTC', current_timestamp()) as snapshotted_at from RAW.LOANS.PERSONAL_LOANS;
select table_schema as schema, table_name as identifier, last_altered as last_modified from t;
create or replace
 transient
 table D.DEV2.x
 clone D.DEV.x;
CREATE WAREHOUSE "W" WAREHOUSE_SIZE = 'XSMALL' AUTO_SUSPEND = 60 INITIALLY_SUSPENDED = true COMMENT = 'a' --terraform_provider_usage_tracking {"json":1};
;
SHOW WAREHOUSES LIKE 'W';
SHOW PARAMETERS IN WAREHOUSE "W";
SHOW REPLICATION DATABASES WITH PRIMARY a.b.c;
DESCRIBE TABLE "A"."B"."C" TYPE = COLUMNS;
CREATE STREAM "A"."B"."S" ON TABLE "A"."B"."C" APPEND_ONLY = false;
CREATE TASK "A"."B"."T" WAREHOUSE = "W" SCHEDULE = '5 MINUTES' WHEN system$stream_has_data('s') AS select 1;
ALTER TASK "A"."B"."T" RESUME;
CREATE NOTIFICATION INTEGRATION "N" TYPE = EMAIL ENABLED = true ALLOWED_RECIPIENTS = ('a@b.c', 'd@e.f');
CREATE ALERT "A"."B"."AL" WAREHOUSE = "W" SCHEDULE = '1 MINUTE' IF (EXISTS (select 1 from t)) THEN select 2;
GRANT USAGE ON WAREHOUSE "W" TO ROLE "R" WITH GRANT OPTION;
GRANT SELECT ON FUTURE DYNAMIC TABLES IN SCHEMA a.b TO ROLE r;
GRANT EXECUTE TASK, EXECUTE MANAGED TASK ON ACCOUNT TO ROLE r;
GRANT ALL PRIVILEGES ON ALL TABLES IN DATABASE d TO DATABASE ROLE d.r;
GRANT OWNERSHIP ON TABLE d.s.t TO ROLE r COPY CURRENT GRANTS;
GRANT DATABASE ROLE SNOWFLAKE.ALERT_VIEWER TO ROLE r;
REVOKE GRANT OPTION FOR USAGE ON SCHEMA a.b FROM ROLE r CASCADE;
show dynamic tables in schema x ->> select "name", "rows" from $1 ->> select count(*) from $2;
create or replace task t target_completion_interval='1 minutes' when system$stream_has_data('dynamic_table_stream') as
begin
  delete from errors_table;
  insert into errors_table select * from stg_test_failures where count_failed > 0;
  create or replace temp table x as select * from dynamic_table_stream;
end;
select * from table(information_schema.task_history(scheduled_time_range_start => dateadd('hour',-1,current_timestamp()), result_limit => 10, task_name => 'capture_errors_task'));
create or replace alert error_alert if (exists (select 'a' || b::string from errors_table)) then
begin
  let s varchar := (select array_to_string(array_agg($1)::array, '') from (select * from table(result_scan(snowflake.alert.get_condition_query_uuid())) limit 20));
  call system$send_snowflake_notification(snowflake.notification.text_html('<h1>' || :s), snowflake.notification.email_integration_config('i','x',array_construct('a','b'),null,null));
end;
CREATE OR REPLACE TEMPORARY STAGE SYSTEM$BIND file_format=( type=csv field_optionally_enclosed_by='"' );
CREATE TEMPORARY STAGE IF NOT EXISTS SYSTEM$BIND file_format=(type=csv encoding='UTF8' escape_unenclosed_field=NONE);
PUT file://1'@SYSTEM$BIND/abc-d' overwrite=true auto_compress=false source_compression=gzip;
put 'file:///tmp/placeholder/1' '@SYSTEM$BIND/abc' overwrite=true;
PUT file://40000.csv ? source_compression=auto_detect;
get @~/x/y.csv file:///tmp/out/;
copy into raw.loans.t (a,b) from (select $1, t.$2::int from @stg/a/b.csv.gz (file_format => 'ff') t) file_format = (type = csv skip_header=1 field_optionally_enclosed_by='"' null_if=('')) on_error = SKIP_FILE_10% purge = true files=('a','b');
copy into @s/out/ from (select * from t) file_format=(type=csv) overwrite=true header=true;
declare
  c cursor for select a from t;
  r resultset default (show tables);
  e exception (-20001, 'bad');
  n int default 0;
begin
  begin transaction;
  for x in c do
    n := n + x.a;
    if (n > 3) then break; elseif (n = 2) then continue; else null; end if;
  end for;
  for i in reverse 1 to 10 loop let y := i; end loop;
  while (n < 3) do n := n + 1; end while;
  repeat n := n - 1; until (n = 0) end repeat;
  loop exit; end loop lab;
  case (n) when 1 then raise e; else return table(r); end case;
  case when n = 1 then return 1; end;
  open c using (n); fetch c into n; close c;
  select a, b into :x, :y from t;
  execute immediate 'select ?' using (n);
  r := (execute immediate :n);
  call p(1) into :n;
  return case when n > 1 then 'a' else 'b' end;
exception
  when e or statement_error then return 1;
  when other then rollback; raise;
end;
select x:a.b[0]::string, listagg(x, ',') within group (order by y) over (partition by z order by w rows between 1 preceding and current row), count(distinct a, b), t.* exclude (a) replace (b+1 as b) rename (c as d), * ilike '%x%', from t, lateral flatten(input => t.v) f, table(flatten(v:a)) g asof join q match_condition (t.a >= q.a) on t.b = q.b qualify row_number() over (order by 1) = 1;
select * from t at(offset => -60) as a, t2 before(statement => 'x'), t3 changes(information => default) at(timestamp => '2020-01-01'::timestamp) end(timestamp => current_timestamp);
select * from values (1,2),(3,4) as v(a,b) union all (select 1, 2) minus select 3, 4 order by all desc nulls last limit 10 offset 5;
select * from monthly pivot(sum(amount) for month in ('JAN','FEB' as f)) as p (id, j, f) sample (10 rows) seed (3);
select * from t unpivot include nulls (v for n in (a, b as bb));
select top 10 a, not b and c is not distinct from d or e not like any ('a%', 'b') escape '!' , date '2020-01-01' + interval '1 day', extract(year from d), trim(both 'x' from y), substring(a from 2 for 3), position('a' in b) from t group by grouping sets ((a, b), a, ());
select filter(a, x -> x > 1), reduce(a, 0, (acc, x) -> acc + x), transform(a, x int -> x), {'k': 1, 'z': [1,2]}, iff(a,b,c), $v, ?, :1, :nm from t;
