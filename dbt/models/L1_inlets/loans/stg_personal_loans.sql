{#
  INCREMENTAL is asked for: AUTO would choose ADAPTIVE, which may make all rows anew after a change in bulk, and the
  stream on this table shows what each refresh changed. The setting workshop:stagingRefreshMode chooses otherwise.
#}
{{
    config(
        materialized='dynamic_table',
        snowflake_warehouse=env_var('WORKSHOP_WAREHOUSE', 'WH_TRANSFORMING_DYNAMIC_TABLES'),
        target_lag='DOWNSTREAM',
        refresh_mode=env_var('WORKSHOP_STAGING_REFRESH_MODE', 'INCREMENTAL'),
        initialize='ON_CREATE',
        on_configuration_change='apply'
    )
}}

with raw_loans as (

    select * from {{ source('loans', 'personal_loans') }}

),

typed as (

    select
        cast(loan_id as varchar) as loan_id,
        cast(member_id as number(38, 0)) as member_id,
        cast(loan_amnt as number(38, 0)) as loan_amnt,
        cast(funded_amnt as number(38, 0)) as funded_amnt,
        cast(funded_amnt_inv as float) as funded_amnt_inv,
        cast(term as varchar) as term,
        cast(int_rate as float) as int_rate,
        cast(installment as float) as installment,
        cast(grade as varchar) as grade,
        cast(sub_grade as varchar) as sub_grade,
        cast(emp_title as varchar) as emp_title,
        cast(emp_length as varchar) as emp_length,
        cast(home_ownership as varchar) as home_ownership,
        cast(annual_inc as float) as annual_inc,
        cast(verification_status as varchar) as verification_status,
        cast(issue_d as varchar) as issue_d,
        cast(loan_status as varchar) as loan_status,
        cast(pymnt_plan as varchar) as pymnt_plan,
        cast(url as varchar) as url,
        cast("DESC" as varchar) as "DESC",
        cast(purpose as varchar) as purpose,
        cast(title as varchar) as title,
        cast(zip_code as varchar) as zip_code,
        cast(addr_state as varchar) as addr_state,
        cast(dti as float) as dti,
        cast(delinq_2_yrs as float) as delinq_2_yrs,
        cast(earliest_cr_line as varchar) as earliest_cr_line,
        cast(inq_last_6_mths as float) as inq_last_6_mths,
        cast(mths_since_last_delinq as float) as mths_since_last_delinq,
        cast(mths_since_last_record as float) as mths_since_last_record,
        cast(open_acc as float) as open_acc,
        cast(pub_rec as float) as pub_rec,
        cast(revol_bal as number(38, 0)) as revol_bal,
        cast(revol_util as varchar) as revol_util,
        cast(total_acc as float) as total_acc,
        cast(initial_list_status as varchar) as initial_list_status,
        cast(out_prncp as float) as out_prncp,
        cast(out_prncp_inv as float) as out_prncp_inv,
        cast(total_pymnt as float) as total_pymnt,
        cast(total_pymnt_inv as float) as total_pymnt_inv,
        cast(total_rec_prncp as float) as total_rec_prncp,
        cast(total_rec_int as float) as total_rec_int,
        cast(total_rec_late_fee as float) as total_rec_late_fee,
        cast(recoveries as float) as recoveries,
        cast(collection_recovery_fee as float) as collection_recovery_fee,
        cast(last_pymnt_d as varchar) as last_pymnt_d,
        cast(last_pymnt_amnt as float) as last_pymnt_amnt,
        cast(next_pymnt_d as varchar) as next_pymnt_d,
        cast(last_credit_pull_d as varchar) as last_credit_pull_d,
        cast(collections_12_mths_ex_med as float) as collections_12_mths_ex_med,
        cast(mths_since_last_major_derog as float) as mths_since_last_major_derog,
        cast(policy_code as number(38, 0)) as policy_code
    from raw_loans

)

select * from typed
