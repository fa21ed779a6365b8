import type { NodeClient } from "../../server/nodeDriver";
import { probe, type Cell, type Probe, type Section } from "../probe";

/**
 * A probe of a result's columns: those that the page names are there, in its order. Others may stand between them:
 * Snowflake adds columns over time.
 */
function columns(sql: string, page: string, documented: string): Probe {
  const names = documented.split(" ");
  const by = async (client: NodeClient): Promise<Cell> => {
    const { statement } = await client.execute(sql);
    const found = (statement.getColumns() ?? []).map((column) => column.getName());
    return found.filter((name) => names.includes(name)).join(" ");
  };
  return probe(`columns of ${page}`, sql, documented, { page, by });
}

/** As `columns`, of a view of INFORMATION_SCHEMA. */
function view(name: string, documented: string): Probe {
  return columns(`select * from information_schema.${name}`, `${name} view`, documented);
}

export const metadata: Section = {
  title: "Columns of listings and histories",
  page: "SHOW <objects>",
  before: ["create table t (id int)"],
  probes: [
    columns(
      "show tables",
      "SHOW TABLES",
      "created_on name database_name schema_name kind comment cluster_by rows bytes owner retention_time automatic_clustering change_tracking is_external enable_schema_evolution owner_role_type is_event",
    ),
    columns(
      "show views",
      "SHOW VIEWS",
      "created_on name reserved database_name schema_name owner comment text is_secure is_materialized owner_role_type change_tracking",
    ),
    columns(
      "show schemas",
      "SHOW SCHEMAS",
      "created_on name is_default is_current database_name owner comment options retention_time owner_role_type",
    ),
    columns(
      "show databases",
      "SHOW DATABASES",
      "created_on name is_default is_current origin owner comment options retention_time kind budget owner_role_type",
    ),
    columns(
      "show roles",
      "SHOW ROLES",
      "created_on name is_default is_current is_inherited assigned_to_users granted_to_roles granted_roles owner comment",
    ),
    columns("show parameters", "SHOW PARAMETERS", "key value default level description type"),
    columns(
      "show grants to role accountadmin",
      "SHOW GRANTS",
      "created_on privilege granted_on name granted_to grantee_name grant_option granted_by",
    ),
    columns(
      "show imported keys in table t",
      "SHOW IMPORTED KEYS",
      "created_on pk_database_name pk_schema_name pk_table_name pk_column_name fk_database_name fk_schema_name fk_table_name fk_column_name key_sequence update_rule delete_rule fk_name pk_name deferrability rely comment",
    ),
    columns(
      "explain select id from t",
      "EXPLAIN",
      "step id parentOperators operation objects alias expressions partitionsTotal partitionsAssigned bytesAssigned",
    ),
    columns("show variables", "SHOW VARIABLES", "session_id created_on updated_on name value type comment"),
    columns(
      "show functions like 'abs'",
      "SHOW FUNCTIONS",
      "created_on name schema_name is_builtin is_aggregate is_ansi min_num_arguments max_num_arguments arguments description catalog_name is_table_function valid_for_clustering is_secure is_external_function language is_memoizable is_data_metric",
    ),
    columns(
      "select * from table(information_schema.query_history())",
      "QUERY_HISTORY , QUERY_HISTORY_BY_*",
      "QUERY_ID QUERY_TEXT DATABASE_NAME SCHEMA_NAME QUERY_TYPE SESSION_ID AUTHN_EVENT_ID USER_NAME USER_TYPE USER_DATABASE_NAME USER_SCHEMA_NAME ROLE_NAME WAREHOUSE_NAME WAREHOUSE_SIZE WAREHOUSE_TYPE CLUSTER_NUMBER QUERY_TAG EXECUTION_STATUS ERROR_CODE ERROR_MESSAGE START_TIME END_TIME TOTAL_ELAPSED_TIME BYTES_SCANNED ROWS_PRODUCED COMPILATION_TIME EXECUTION_TIME",
    ),
    columns(
      "describe result last_query_id()",
      "DESCRIBE RESULT",
      "name type kind null? default check expression comment",
    ),
    view(
      "TABLE_CONSTRAINTS",
      "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME CONSTRAINT_TYPE IS_DEFERRABLE INITIALLY_DEFERRED ENFORCED COMMENT CREATED LAST_ALTERED RELY",
    ),
    view(
      "REFERENTIAL_CONSTRAINTS",
      "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME UNIQUE_CONSTRAINT_CATALOG UNIQUE_CONSTRAINT_SCHEMA UNIQUE_CONSTRAINT_NAME MATCH_OPTION UPDATE_RULE DELETE_RULE COMMENT CREATED LAST_ALTERED",
    ),
    view(
      "TABLE_PRIVILEGES",
      "GRANTOR GRANTEE GRANTED_TO TABLE_CATALOG TABLE_SCHEMA TABLE_NAME PRIVILEGE_TYPE IS_GRANTABLE WITH_HIERARCHY CREATED",
    ),
    view(
      "OBJECT_PRIVILEGES",
      "GRANTOR GRANTEE GRANTED_TO OBJECT_CATALOG OBJECT_SCHEMA OBJECT_NAME OBJECT_TYPE PRIVILEGE_TYPE IS_GRANTABLE CREATED",
    ),
    view("APPLICABLE_ROLES", "GRANTEE ROLE_NAME ROLE_OWNER IS_GRANTABLE"),
    view("ENABLED_ROLES", "ROLE_NAME ROLE_OWNER"),
    view(
      "FUNCTIONS",
      "FUNCTION_CATALOG FUNCTION_SCHEMA FUNCTION_NAME FUNCTION_OWNER ARGUMENT_SIGNATURE DATA_TYPE FUNCTION_LANGUAGE FUNCTION_DEFINITION VOLATILITY IS_NULL_CALL IS_SECURE CREATED LAST_ALTERED COMMENT IS_MEMOIZABLE",
    ),
    view(
      "PROCEDURES",
      "PROCEDURE_CATALOG PROCEDURE_SCHEMA PROCEDURE_NAME PROCEDURE_OWNER ARGUMENT_SIGNATURE DATA_TYPE PROCEDURE_LANGUAGE PROCEDURE_DEFINITION CREATED LAST_ALTERED COMMENT",
    ),
    view(
      "SEQUENCES",
      "SEQUENCE_CATALOG SEQUENCE_SCHEMA SEQUENCE_NAME SEQUENCE_OWNER DATA_TYPE START_VALUE INCREMENT CREATED LAST_ALTERED ORDERED COMMENT",
    ),
    view(
      "STAGES",
      "STAGE_CATALOG STAGE_SCHEMA STAGE_NAME STAGE_URL STAGE_REGION STAGE_TYPE STAGE_OWNER COMMENT CREATED LAST_ALTERED",
    ),
    view(
      "FILE_FORMATS",
      "FILE_FORMAT_CATALOG FILE_FORMAT_SCHEMA FILE_FORMAT_NAME FILE_FORMAT_OWNER FILE_FORMAT_TYPE RECORD_DELIMITER FIELD_DELIMITER SKIP_HEADER DATE_FORMAT NULL_IF COMPRESSION CREATED LAST_ALTERED COMMENT",
    ),
    columns("describe table t", "DESCRIBE TABLE", "name type kind null? default check expression comment"),
    columns(
      "show dynamic tables",
      "SHOW DYNAMIC TABLES",
      "created_on name database_name schema_name cluster_by rows bytes owner target_lag refresh_mode refresh_mode_reason warehouse comment text automatic_clustering scheduling_state last_suspended_on is_clone is_replica is_iceberg data_timestamp owner_role_type",
    ),
    columns(
      "show streams",
      "SHOW STREAMS",
      "created_on name database_name schema_name owner comment table_name source_type base_tables type stale mode stale_after invalid_reason owner_role_type",
    ),
    columns(
      "show tasks",
      "SHOW TASKS",
      "created_on name id database_name schema_name owner comment warehouse schedule predecessors state definition condition allow_overlapping_execution error_integration last_committed_on last_suspended_on owner_role_type config task_relations last_suspended_reason",
    ),
    columns(
      "show alerts",
      "SHOW ALERTS",
      "created_on name database_name schema_name owner comment warehouse schedule state condition action owner_role_type",
    ),
    columns(
      "show notification integrations",
      "SHOW NOTIFICATION INTEGRATIONS",
      "name type category enabled comment created_on direction",
    ),
    columns(
      "select * from table(information_schema.dynamic_table_refresh_history())",
      "DYNAMIC_TABLE_REFRESH_HISTORY",
      "NAME SCHEMA_NAME DATABASE_NAME STATE STATE_CODE STATE_MESSAGE QUERY_ID DATA_TIMESTAMP REFRESH_START_TIME REFRESH_END_TIME COMPLETION_TARGET QUALIFIED_NAME LAST_COMPLETED_DEPENDENCY STATISTICS REFRESH_ACTION REINIT_REASON REFRESH_TRIGGER TARGET_LAG_SEC GRAPH_HISTORY_VALID_FROM INPUTS_WITH_CHANGED_DATA WAREHOUSE EXECUTE_AS_USER SECONDARY_ROLE_NAMES",
    ),
    columns(
      "select * from table(information_schema.dynamic_tables())",
      "DYNAMIC_TABLES",
      "NAME SCHEMA_NAME DATABASE_NAME QUALIFIED_NAME TARGET_LAG_SEC TARGET_LAG_TYPE SCHEDULING_STATE MEAN_LAG_SEC MAXIMUM_LAG_SEC TIME_ABOVE_TARGET_LAG_SEC TIME_WITHIN_TARGET_LAG_RATIO LATEST_DATA_TIMESTAMP LAST_COMPLETED_REFRESH_STATE LAST_COMPLETED_REFRESH_STATE_CODE LAST_COMPLETED_REFRESH_STATE_MESSAGE EXECUTING_REFRESH_QUERY_ID RECOMMENDATIONS",
    ),
    columns(
      "select * from table(information_schema.dynamic_table_graph_history())",
      "DYNAMIC_TABLE_GRAPH_HISTORY",
      "NAME SCHEMA_NAME DATABASE_NAME QUALIFIED_NAME INPUTS TARGET_LAG_TYPE TARGET_LAG_SEC QUERY_TEXT VALID_FROM VALID_TO SCHEDULING_STATE ALTER_TRIGGER EXECUTE_AS_USER SECONDARY_ROLE_NAMES",
    ),
    columns(
      "select * from table(information_schema.task_history())",
      "TASK_HISTORY",
      "QUERY_ID NAME DATABASE_NAME SCHEMA_NAME QUERY_TEXT CONDITION_TEXT STATE ERROR_CODE ERROR_MESSAGE SCHEDULED_TIME QUERY_START_TIME NEXT_SCHEDULED_TIME COMPLETED_TIME ROOT_TASK_ID GRAPH_VERSION RUN_ID RETURN_VALUE SCHEDULED_FROM ATTEMPT_NUMBER CONFIG QUERY_HASH QUERY_HASH_VERSION QUERY_PARAMETERIZED_HASH QUERY_PARAMETERIZED_HASH_VERSION GRAPH_RUN_GROUP_ID BACKFILL_INFO",
    ),
    columns(
      "select * from table(information_schema.alert_history())",
      "ALERT_HISTORY",
      "NAME DATABASE_NAME SCHEMA_NAME CONDITION CONDITION_QUERY_ID ACTION ACTION_QUERY_ID STATE SQL_ERROR_CODE SQL_ERROR_MESSAGE SCHEDULED_TIME COMPLETED_TIME SCHEDULED_FROM",
    ),
  ],
};
