import { compilationError, invalidValue, unsupported } from "../errors";
import { isDocumentedParameter } from "./documentedParameters";

/** A parameter as drivers see it, with its JSON type. */
export type ParameterValue = string | number | boolean;

/** Where a parameter can be set. */
export type ParameterLevel = "SESSION" | "WAREHOUSE" | "DATABASE" | "SCHEMA" | "TABLE" | "TASK" | "USER" | "ACCOUNT";

export interface ParameterDefinition {
  readonly name: string;
  readonly type: "BOOLEAN" | "NUMBER" | "STRING";
  readonly default: ParameterValue;
  readonly levels: readonly ParameterLevel[];
  readonly description: string;
  /** Values that a string parameter takes; any when absent. */
  readonly values?: readonly string[];
  /** Least and greatest value of a number. */
  readonly range?: readonly [least: number, greatest: number];
  /** Values that change an answer in a way that this server does not do are refused by name: everywhere, or at levels. */
  readonly fixed?: boolean | readonly ParameterLevel[];
}

const SESSION: readonly ParameterLevel[] = ["SESSION", "USER", "ACCOUNT", "TASK"];
const OBJECT: readonly ParameterLevel[] = ["DATABASE", "SCHEMA", "ACCOUNT"];
const TABLES: readonly ParameterLevel[] = ["TABLE", "SCHEMA", "DATABASE", "ACCOUNT"];
const TASKS: readonly ParameterLevel[] = ["TASK", "SCHEMA", "DATABASE", "ACCOUNT"];

function define(
  name: string,
  value: ParameterValue,
  levels: readonly ParameterLevel[],
  description: string,
  more: Pick<ParameterDefinition, "values" | "range" | "fixed"> = {},
): ParameterDefinition {
  const type = typeof value === "boolean" ? "BOOLEAN" : typeof value === "number" ? "NUMBER" : "STRING";
  return { name, type, default: value, levels, description, ...more };
}

const FIXED = { fixed: true };
const RESULT_FORMATS = { values: ["ARROW", "JSON", "ARROW_FORCE"] };

/** Snowflake's parameters that drivers, tools and the workshop read or set. Source: "Parameters". */
export const PARAMETERS: readonly ParameterDefinition[] = [
  define("ABORT_DETACHED_QUERY", false, SESSION, "Whether a query ends when its client goes away", FIXED),
  define("AUTOCOMMIT", true, SESSION, "Whether each statement outside a transaction commits by itself"),
  define("BINARY_INPUT_FORMAT", "HEX", SESSION, "Format of text cast to BINARY", FIXED),
  define("BINARY_OUTPUT_FORMAT", "HEX", SESSION, "Format of BINARY values shown", { values: ["HEX", "BASE64"] }),
  define("CLIENT_MEMORY_LIMIT", 1536, SESSION, "Megabytes a driver may use for results"),
  define(
    "CLIENT_METADATA_REQUEST_USE_CONNECTION_CTX",
    false,
    SESSION,
    "Whether metadata calls look only in the current schema",
  ),
  define("CLIENT_PREFETCH_THREADS", 4, SESSION, "Threads of a driver that fetch results"),
  define("CLIENT_RESULT_CHUNK_SIZE", 160, SESSION, "Megabytes of a result chunk"),
  define("CLIENT_RESULT_COLUMN_CASE_INSENSITIVE", false, SESSION, "Whether drivers find columns regardless of case"),
  define("CLIENT_SESSION_KEEP_ALIVE", false, SESSION, "Whether drivers keep the session alive"),
  define("CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY", 3600, SESSION, "Seconds between heartbeats"),
  // Above any batch: drivers then send array binds inline instead of by a stage.
  define("CLIENT_STAGE_ARRAY_BINDING_THRESHOLD", 1_000_000_000, SESSION, "Values from which array binds go by a stage"),
  define("CLIENT_TELEMETRY_ENABLED", false, SESSION, "Whether drivers send telemetry"),
  define("CLIENT_TIMESTAMP_TYPE_MAPPING", "TIMESTAMP_LTZ", SESSION, "Type of bound timestamps"),
  define("DATE_INPUT_FORMAT", "AUTO", SESSION, "Format of text cast to DATE"),
  define("DATE_OUTPUT_FORMAT", "YYYY-MM-DD", SESSION, "Format of DATE values shown"),
  define("ENABLE_UNLOAD_PHYSICAL_TYPE_OPTIMIZATION", true, SESSION, "Types of unloaded Parquet columns"),
  define("DEFAULT_NULL_ORDERING", "LAST", SESSION, "Where NULLs stand in ascending order", {
    values: ["FIRST", "LAST"],
  }),
  define("ERROR_ON_NONDETERMINISTIC_MERGE", true, SESSION, "Whether MERGE fails when a row has several matches"),
  define("ERROR_ON_NONDETERMINISTIC_UPDATE", false, SESSION, "Whether UPDATE fails when a row has several matches"),
  define("GEOGRAPHY_OUTPUT_FORMAT", "GeoJSON", SESSION, "Format of GEOGRAPHY values shown"),
  define("GEOMETRY_OUTPUT_FORMAT", "GeoJSON", SESSION, "Format of GEOMETRY values shown"),
  define("GO_QUERY_RESULT_FORMAT", "ARROW", SESSION, "Form of the rows that the Go driver gets", RESULT_FORMATS),
  define("JDBC_QUERY_RESULT_FORMAT", "JSON", SESSION, "Form of the rows that JDBC gets", RESULT_FORMATS),
  define("JDBC_TREAT_TIMESTAMP_NTZ_AS_UTC", false, SESSION, "How JDBC reads TIMESTAMP_NTZ"),
  define("JDBC_USE_SESSION_TIMEZONE", true, SESSION, "Whether JDBC shows times in the session's zone"),
  define("JSON_INDENT", 2, SESSION, "Blanks by which JSON output is indented", { range: [0, 16] }),
  define("JS_TREAT_INTEGER_AS_BIGINT", false, SESSION, "Whether the Node.js driver gives integers as BigInt"),
  define("LOCK_TIMEOUT", 43200, SESSION, "Seconds a statement waits for a lock"),
  define("MULTI_STATEMENT_COUNT", 1, SESSION, "Statements in one request; 0 is any"),
  define("NOORDER_SEQUENCE_AS_DEFAULT", true, [...SESSION, ...OBJECT], "Whether new sequences need not rise"),
  define("ODBC_TREAT_DECIMAL_AS_INT", false, SESSION, "How ODBC reads integers"),
  define("ODBC_QUERY_RESULT_FORMAT", "JSON", SESSION, "Form of the rows that ODBC gets", RESULT_FORMATS),
  define(
    "PYTHON_CONNECTOR_QUERY_RESULT_FORMAT",
    "ARROW",
    SESSION,
    "Form of the rows that the Python connector gets",
    RESULT_FORMATS,
  ),
  define("QUERY_TAG", "", SESSION, "Tag of the session's statements in the history"),
  define(
    "QUOTED_IDENTIFIERS_IGNORE_CASE",
    false,
    [...SESSION, ...OBJECT],
    "Whether quoted identifiers fold too",
    // Objects do not tell sessions how to read their statements.
    { fixed: ["DATABASE", "SCHEMA", "ACCOUNT"] },
  ),
  define("ROW_TIMESTAMP_DEFAULT", false, OBJECT, "Whether new tables have ROW_TIMESTAMP"),
  define("ROWS_PER_RESULTSET", 0, SESSION, "Most rows of a result; 0 is no limit"),
  define("S3_STAGE_VPCE_DNS_NAME", "", SESSION, "DNS name of a private endpoint"),
  define("SEARCH_PATH", "$current, $public", SESSION, "Schemas searched for unqualified names", FIXED),
  define("STATEMENT_QUEUED_TIMEOUT_IN_SECONDS", 0, [...SESSION, "WAREHOUSE"], "Seconds a statement may be queued"),
  define("STATEMENT_TIMEOUT_IN_SECONDS", 172_800, [...SESSION, "WAREHOUSE"], "Seconds a statement may run"),
  define("STRICT_JSON_OUTPUT", false, SESSION, "Whether JSON output is strictly JSON", FIXED),
  define("TIME_INPUT_FORMAT", "AUTO", SESSION, "Format of text cast to TIME"),
  define("TIME_OUTPUT_FORMAT", "HH24:MI:SS", SESSION, "Format of TIME values shown"),
  define("TIMESTAMP_DAY_IS_ALWAYS_24H", false, SESSION, "Whether days have 24 hours in date arithmetic", FIXED),
  define("TIMESTAMP_INPUT_FORMAT", "AUTO", SESSION, "Format of text cast to a timestamp"),
  define("TIMESTAMP_LTZ_OUTPUT_FORMAT", "", SESSION, "Format of TIMESTAMP_LTZ values shown"),
  define("TIMESTAMP_NTZ_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3", SESSION, "Format of TIMESTAMP_NTZ values shown"),
  define("TIMESTAMP_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM", SESSION, "Format of timestamps shown"),
  define("TIMESTAMP_TYPE_MAPPING", "TIMESTAMP_NTZ", SESSION, "What TIMESTAMP means", FIXED),
  define("TIMESTAMP_TZ_OUTPUT_FORMAT", "", SESSION, "Format of TIMESTAMP_TZ values shown"),
  define("TIMEZONE", "America/Los_Angeles", SESSION, "Time zone of the session"),
  define("TRANSACTION_ABORT_ON_ERROR", false, SESSION, "Whether an error rolls the transaction back", FIXED),
  define("TRANSACTION_DEFAULT_ISOLATION_LEVEL", "READ COMMITTED", SESSION, "Isolation of transactions", {
    values: ["READ COMMITTED"],
  }),
  define("TWO_DIGIT_CENTURY_START", 1970, SESSION, "First year of the century of two-digit years", {
    range: [1900, 2100],
  }),
  define("UNSUPPORTED_DDL_ACTION", "ignore", SESSION, "What unsupported DDL does", FIXED),
  define("USE_CACHED_RESULT", true, SESSION, "Whether results may be used again"),
  define("WEEK_OF_YEAR_POLICY", 0, SESSION, "How weeks of a year are counted", { range: [0, 1] }),
  define("WEEK_START", 0, SESSION, "First day of the week", { range: [0, 7] }),

  define("CATALOG", "", OBJECT, "Catalog of Iceberg tables", FIXED),
  define("DATA_RETENTION_TIME_IN_DAYS", 1, TABLES, "Days of time travel", { range: [0, 90] }),
  define("DEFAULT_DDL_COLLATION", "", TABLES, "Collation of new columns", FIXED),
  define("ENABLE_CONSOLE_OUTPUT", false, OBJECT, "Whether console output is kept", FIXED),
  define("EXTERNAL_VOLUME", "", OBJECT, "Volume of Iceberg tables", FIXED),
  define("LOG_LEVEL", "OFF", [...OBJECT, "TASK", "SESSION"], "Severity of messages kept", FIXED),
  define("MAX_CONCURRENCY_LEVEL", 8, ["WAREHOUSE", "ACCOUNT"], "Statements that run at once"),
  define("MAX_DATA_EXTENSION_TIME_IN_DAYS", 14, TABLES, "Days by which retention is extended for streams", {
    range: [0, 90],
  }),
  define("PIPE_EXECUTION_PAUSED", false, ["SCHEMA", "ACCOUNT"], "Whether pipes stand still", FIXED),
  define("REPLACE_INVALID_CHARACTERS", false, OBJECT, "Whether invalid UTF-8 is replaced", FIXED),
  define("STORAGE_SERIALIZATION_POLICY", "OPTIMIZED", OBJECT, "Encoding of Iceberg tables", FIXED),
  define("SUSPEND_TASK_AFTER_NUM_FAILURES", 10, TASKS, "Failures in a row after which a task is suspended"),
  define("TASK_AUTO_RETRY_ATTEMPTS", 0, TASKS, "How often a failed task graph is tried again"),
  define("METRIC_LEVEL", "NONE", [...OBJECT, "SESSION"], "Metrics kept", FIXED),
  define("TRACE_LEVEL", "OFF", [...OBJECT, "TASK", "SESSION"], "Trace events kept", FIXED),
  define("USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE", "Medium", TASKS, "First size of serverless compute"),
  define("USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS", 30, TASKS, "Seconds between runs of a triggered task"),
  define("USER_TASK_TIMEOUT_MS", 3_600_000, TASKS, "Milliseconds a task run may take"),
];

const BY_NAME = new Map(PARAMETERS.map((definition) => [definition.name, definition]));

export function parameterDefinition(name: string): ParameterDefinition | undefined {
  return BY_NAME.get(name.toUpperCase());
}

/**
 * A value for a parameter, brought to its type.
 * @throws SnowflakeError for an unknown parameter, a value of the wrong kind, or one that this server does not do
 */
export function parameterValue(name: string, value: ParameterValue, level: ParameterLevel = "SESSION"): ParameterValue {
  const definition = parameterDefinition(name);
  if (!definition) {
    if (isDocumentedParameter(name.toUpperCase())) throw unsupported(`parameter ${name.toUpperCase()}`);
    throw compilationError(`invalid parameter '${name.toUpperCase()}'`, "001006", "42000");
  }
  const typed = coerce(definition, value);
  if (typed === undefined) throw invalidValue(String(value), definition.name);
  const { fixed } = definition;
  if ((fixed === true || (fixed && fixed.includes(level))) && typed !== definition.default) {
    throw unsupported(`${definition.name} = ${String(value)}`);
  }
  if (definition.range && !(Number(typed) >= definition.range[0] && Number(typed) <= definition.range[1])) {
    throw invalidValue(String(value), definition.name);
  }
  if (definition.values && !definition.values.includes(String(typed)))
    throw invalidValue(String(value), definition.name);
  return typed;
}

function coerce(definition: ParameterDefinition, value: ParameterValue): ParameterValue | undefined {
  const text = String(value);
  switch (definition.type) {
    case "BOOLEAN":
      return /^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : undefined;
    case "NUMBER":
      // Go drivers send large numbers back as 1e+09.
      return /^-?\d+(?:e\+?\d+)?$/i.test(text) ? Number(text) : undefined;
    case "STRING": {
      if (
        !definition.values &&
        definition.fixed === true &&
        text.toUpperCase() === String(definition.default).toUpperCase()
      ) {
        return definition.default;
      }
      return definition.values?.find((one) => one === text.toUpperCase()) ?? text;
    }
  }
}
