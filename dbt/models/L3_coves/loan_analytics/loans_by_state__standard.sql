{{
    config(
        materialized='table',
        transient=(target.name != 'prd'),
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
