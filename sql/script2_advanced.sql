-- The second worksheet of the workshop: who tells me when bad data has come? A stream sees each refresh that changed
-- the dynamic table, a task keeps the data tests that fail then, and an alert mails them.
--
-- `./workshop up` has made all of this already. Here it is by hand: each statement replaces what up made, and
-- `./workshop refresh` and another up bring that back. (With `pulumi config set workshop:monitoring false` up makes
-- none of it.) Run the first worksheet before, up to its step 4, so that only California is loaded.
--
-- Steps marked shell are commands for a terminal in the checkout. With an attendee, every name that the whole account
-- sees has a prefix (ALICE_BALBOA_DEV, ALICE_SEND_EMAIL_NOTIFICATIONS), and the schema WORKSHOP has the name of the
-- attendee.


-- 0. Once for the account: who may mail to whom -----------------------------------------------------------------------

USE ROLE ACCOUNTADMIN;

-- An account mails to its own users only, and only to addresses that they have verified. Put yours in, here and in
-- step 5. Where up has made the integration, it stays as it is.
CREATE NOTIFICATION INTEGRATION IF NOT EXISTS SEND_EMAIL_NOTIFICATIONS
  TYPE = EMAIL
  ENABLED = TRUE
  ALLOWED_RECIPIENTS = ('attendee@example.com');

GRANT USAGE ON INTEGRATION SEND_EMAIL_NOTIFICATIONS TO ROLE TRANSFORMER_DBT;

-- An alert's action may ask for what its condition found only with this role.
GRANT DATABASE ROLE SNOWFLAKE.ALERT_VIEWER TO ROLE TRANSFORMER_DBT;

-- To run tasks and alerts, on a warehouse or on compute that Snowflake brings (MANAGED).
GRANT EXECUTE TASK, EXECUTE MANAGED TASK, EXECUTE ALERT, EXECUTE MANAGED ALERT ON ACCOUNT TO ROLE TRANSFORMER_DBT;


-- 1. A stream on the dynamic table ------------------------------------------------------------------------------------

-- TRANSFORMER_DBT owns what dbt built, and will own what watches it: tasks and alerts do what their owner may.
USE ROLE TRANSFORMER_DBT;
USE WAREHOUSE WH_TRANSFORMING_DYNAMIC_TABLES;
USE SCHEMA BALBOA_DEV.WORKSHOP;

-- Only a dynamic table that is refreshed incrementally has changes to follow: STG_PERSONAL_LOANS has,
-- LOANS_BY_STATE__DYNAMIC, which is refreshed in full, has not.
CREATE OR REPLACE STREAM DYNAMIC_TABLE_STREAM ON DYNAMIC TABLE STG_PERSONAL_LOANS;

-- A stream begins empty. Looking into it does not move it on; DML that reads it does.
SELECT METADATA$ACTION, METADATA$ISUPDATE, COUNT(*) AS CHANGES FROM DYNAMIC_TABLE_STREAM GROUP BY 1, 2;

SELECT SYSTEM$STREAM_HAS_DATA('DYNAMIC_TABLE_STREAM') AS HAS_DATA;


-- 2. A table for the failures -----------------------------------------------------------------------------------------

-- The columns of the view of test failures, and no row. The alert follows its changes, so they are tracked from the
-- start.
CREATE OR REPLACE TABLE ERRORS_TABLE CHANGE_TRACKING = TRUE AS
SELECT * FROM STG_TEST_FAILURES WHERE FALSE;


-- 3. A task that the stream triggers ----------------------------------------------------------------------------------

-- Without a schedule a task runs when its WHEN becomes true, at most every 30 seconds. The three statements of its body
-- are one transaction: either the table holds the failures of now and the stream has moved on, or nothing has happened
-- and the next run tries again. A serverless task, on compute that Snowflake brings, would say
-- TARGET_COMPLETION_INTERVAL = '1 MINUTE' in the place of the warehouse.
CREATE OR REPLACE TASK CAPTURE_ERRORS_TASK
  WAREHOUSE = WH_TRANSFORMING_DYNAMIC_TABLES
  WHEN SYSTEM$STREAM_HAS_DATA('DYNAMIC_TABLE_STREAM')
AS
BEGIN
  BEGIN TRANSACTION;
  DELETE FROM ERRORS_TABLE;
  INSERT INTO ERRORS_TABLE SELECT * FROM STG_TEST_FAILURES WHERE COUNT_FAILED > 0;
  -- This keeps no row, but it reads the stream, which moves on with the commit. (A CREATE TABLE ... AS would end the
  -- transaction.)
  INSERT INTO ERRORS_TABLE (TEST_NAME) SELECT METADATA$ACTION FROM DYNAMIC_TABLE_STREAM WHERE FALSE;
  COMMIT;
EXCEPTION
  WHEN OTHER THEN
    ROLLBACK;
    RAISE;
END;

-- A new task is suspended.
ALTER TASK CAPTURE_ERRORS_TASK RESUME;

-- ALTER TASK CAPTURE_ERRORS_TASK SUSPEND;


-- 4. All states come back ---------------------------------------------------------------------------------------------

-- shell: ./workshop load

-- Within about a minute the dynamic tables are refreshed, and within half a minute more the task has run. Run these
-- again until it has: TRIGGER says what started it.
SELECT NAME, STATE, ERROR_MESSAGE, SCHEDULED_FROM, SCHEDULED_TIME, COMPLETED_TIME
FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(
  SCHEDULED_TIME_RANGE_START => DATEADD('HOUR', -1, CURRENT_TIMESTAMP()),
  RESULT_LIMIT => 10,
  TASK_NAME => 'CAPTURE_ERRORS_TASK'
))
ORDER BY SCHEDULED_TIME DESC;

-- One row, with a COUNT_FAILED of 49. The stream is empty again.
SELECT * FROM ERRORS_TABLE;

SELECT SYSTEM$STREAM_HAS_DATA('DYNAMIC_TABLE_STREAM') AS HAS_DATA;


-- 5. An alert on new data ---------------------------------------------------------------------------------------------

-- Without a schedule an alert looks whenever rows are inserted into the table of its condition, and at those rows
-- only; so it mails with each refresh that changed the data, as long as a test fails, and not when all is well again.
-- Without a warehouse it is serverless. The condition makes a line of HTML for each failure, the action puts up to 20
-- of them into a mail.
CREATE OR REPLACE ALERT ERROR_ALERT
IF (EXISTS (
  SELECT '<li>' || TEST_NAME || ' in ' || ARRAY_TO_STRING(TESTED_MODELS::ARRAY, ', ')
    || ', failures: ' || COUNT_FAILED || '</li>' AS LINE
  FROM ERRORS_TABLE
))
THEN
DECLARE
  LINES VARCHAR;
BEGIN
  SELECT ARRAY_TO_STRING(ARRAY_AGG(LINE), '')
    INTO :LINES
    FROM (SELECT LINE FROM TABLE(RESULT_SCAN(SNOWFLAKE.ALERT.GET_CONDITION_QUERY_UUID())) LIMIT 20);
  CALL SYSTEM$SEND_SNOWFLAKE_NOTIFICATION(
    SNOWFLAKE.NOTIFICATION.TEXT_HTML('<p>Data tests fail after a refresh:</p><ul>' || :LINES || '</ul>'),
    SNOWFLAKE.NOTIFICATION.EMAIL_INTEGRATION_CONFIG(
      'SEND_EMAIL_NOTIFICATIONS',
      'Data tests fail in BALBOA_DEV.WORKSHOP',
      ARRAY_CONSTRUCT('attendee@example.com'),
      NULL,
      NULL
    )
  );
END;

-- A new alert is suspended. From here on it sees what is inserted.
ALTER ALERT ERROR_ALERT RESUME;

-- Change the data once more, for example by loading all states but one, and wait for the mail.
-- shell: ./workshop load --states CA,NY,TX

-- What the alert did. State and schema are in upper case here, and text is compared as it stands. An alert on new
-- data has no run ahead, so there is no SCHEDULED to leave out.
SELECT
  TO_CHAR(CONVERT_TIMEZONE('America/Los_Angeles', SCHEDULED_TIME), 'YYYY-MM-DD HH24:MI:SS') AS SCHEDULED,
  NAME,
  STATE,
  SQL_ERROR_MESSAGE,
  TIMESTAMPDIFF('SECOND', SCHEDULED_TIME, COMPLETED_TIME) AS SECONDS
FROM TABLE(INFORMATION_SCHEMA.ALERT_HISTORY())
WHERE SCHEMA_NAME = 'WORKSHOP' AND NAME = 'ERROR_ALERT'
ORDER BY SCHEDULED_TIME DESC
LIMIT 20;

-- And what became of the mails. On snowglobe they are files in .workshop/snowglobe/mail as well.
SELECT CREATED, STATUS, ERROR_MESSAGE
FROM TABLE(INFORMATION_SCHEMA.NOTIFICATION_HISTORY(INTEGRATION_NAME => 'SEND_EMAIL_NOTIFICATIONS'))
ORDER BY CREATED DESC
LIMIT 10;


-- 6. Back to good data ------------------------------------------------------------------------------------------------

-- shell: ./workshop load --states CA

-- After the next refresh the table is empty, and no mail is sent.
SELECT * FROM ERRORS_TABLE;
