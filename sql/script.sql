-- The first worksheet of the workshop: a standard table and a dynamic table side by side.
--
-- Run it statement by statement, in a Snowflake worksheet or by any client. Steps marked shell are commands for a terminal
-- in the checkout. With an attendee, every name that the whole account sees has a prefix (ALICE_RAW), and the schema
-- WORKSHOP has the name of the attendee.

-- To start the analytics part over, drop what dbt built:
-- DROP SCHEMA BALBOA_DEV.WORKSHOP


-- 1. Change tracking, and California only -----------------------------------------------------------------------------

-- LOADER owns the raw table, so LOADER alters it. A dynamic table that another role makes can be refreshed by what has
-- changed only where the owner has switched change tracking on.
USE ROLE LOADER;
USE WAREHOUSE WH_TRANSFORMING_DYNAMIC_TABLES;

ALTER TABLE RAW.LOANS.PERSONAL_LOANS SET CHANGE_TRACKING = TRUE;

-- In this workshop each state but California counts as bad data. The first load has none. After a full load this
-- statement leaves 7,429 of the 42,535 rows.
DELETE FROM RAW.LOANS.PERSONAL_LOANS WHERE ADDR_STATE <> 'CA';


-- 2. Build ------------------------------------------------------------------------------------------------------------

-- shell: ./workshop dbt build --vars '{"persist_tests": "true"}'


-- 3. What dbt made ----------------------------------------------------------------------------------------------------

-- TRANSFORMER_DBT owns it. The operator ->> hands the result of SHOW to the next query as $1. The names of its columns are
-- in lower case, hence the quotes.
USE ROLE TRANSFORMER_DBT;

SHOW VIEWS IN SCHEMA BALBOA_DEV.WORKSHOP
->> SELECT "name" FROM $1;

SHOW TABLES IN SCHEMA BALBOA_DEV.WORKSHOP
->> SELECT "name" FROM $1;

-- STG_PERSONAL_LOANS is refreshed incrementally. LOANS_BY_STATE__DYNAMIC is not, and refresh_mode_reason says why: its
-- query has a LIMIT.
SHOW DYNAMIC TABLES IN SCHEMA BALBOA_DEV.WORKSHOP
->> SELECT "name", "rows", "target_lag", "refresh_mode", "refresh_mode_reason", "warehouse" FROM $1;


-- 4. California everywhere, and no failure ----------------------------------------------------------------------------

SELECT DISTINCT ADDR_STATE FROM RAW.LOANS.PERSONAL_LOANS ORDER BY ADDR_STATE;

SELECT DISTINCT ADDR_STATE FROM BALBOA_DEV.WORKSHOP.STG_PERSONAL_LOANS ORDER BY ADDR_STATE;

-- One row for the data test, with a COUNT_FAILED of 0. The view counts anew each time it is read.
SELECT * FROM BALBOA_DEV.WORKSHOP.STG_TEST_FAILURES;


-- 5. All states come back ---------------------------------------------------------------------------------------------

-- shell: ./workshop load

-- The raw table has them at once.
SELECT DISTINCT ADDR_STATE FROM RAW.LOANS.PERSONAL_LOANS ORDER BY ADDR_STATE;

-- The dynamic table has them after its next refresh, within about a minute. Run this again until it does.
SELECT DISTINCT ADDR_STATE FROM BALBOA_DEV.WORKSHOP.STG_PERSONAL_LOANS ORDER BY ADDR_STATE;

-- From then on COUNT_FAILED is 49, one for each state that is not California, and ERROR_STATE and WARNING_STATE are set.
SELECT * FROM BALBOA_DEV.WORKSHOP.STG_TEST_FAILURES;


-- 6. Dynamic and standard ---------------------------------------------------------------------------------------------

-- The dynamic table followed by itself. It shows the ten states whose names come last in the alphabet.
SELECT STATE, STATE_NAME, NUMBER_OF_LOANS
FROM BALBOA_DEV.WORKSHOP.LOANS_BY_STATE__DYNAMIC
ORDER BY STATE_NAME DESC;

-- The standard table still has California alone. It changes when dbt runs, and dbt build now stops before it, at the test.
SELECT STATE, STATE_NAME, NUMBER_OF_LOANS
FROM BALBOA_DEV.WORKSHOP.LOANS_BY_STATE__STANDARD
ORDER BY STATE_NAME DESC;

-- What the refreshes did. Both tables of one cycle bear the same data timestamp.
SELECT NAME, STATE, REFRESH_ACTION, REFRESH_TRIGGER, DATA_TIMESTAMP, REFRESH_END_TIME, STATISTICS
FROM TABLE(BALBOA_DEV.INFORMATION_SCHEMA.DYNAMIC_TABLE_REFRESH_HISTORY())
ORDER BY DATA_TIMESTAMP DESC, NAME
LIMIT 20;
