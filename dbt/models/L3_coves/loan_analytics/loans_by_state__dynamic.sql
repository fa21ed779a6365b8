{{
    config(
        materialized='dynamic_table',
        snowflake_warehouse=env_var('WORKSHOP_WAREHOUSE', 'WH_TRANSFORMING_DYNAMIC_TABLES'),
        target_lag=env_var('WORKSHOP_TARGET_LAG', '1 minute'),
        refresh_mode='AUTO',
        initialize='ON_CREATE',
        on_configuration_change='apply',
        grants=analyst_grants()
    )
}}

with loans as (

    select * from {{ ref('stg_personal_loans') }}

),

states as (

    select * from {{ ref('state_codes') }}

)

select
    loans.addr_state as state,
    states.state_name,
    count(*) as number_of_loans
from loans
inner join states
    on loans.addr_state = states.state_code
group by 1, 2
order by states.state_name desc
limit 10
