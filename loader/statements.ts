/**
 * Every SQL statement that a load sends, in the order in which it sends them:
 *
 *  1. {@link createStage}       CREATE TEMPORARY STAGE          fails early when database or schema is missing
 *  2. {@link putFile}           PUT                             once for each file of cleaned rows
 *  3. {@link createLoadTable}   CREATE TEMPORARY TABLE
 *  4. {@link copyIntoLoadTable} COPY INTO                       all files at once
 *  5. {@link createTarget}      CREATE TABLE IF NOT EXISTS
 *  6. {@link replaceTarget}     INSERT OVERWRITE                the only statement that touches the target's rows
 *  7. {@link dropLoadTable}     DROP TABLE IF EXISTS            also after a failure
 *  8. {@link dropStage}         DROP STAGE IF EXISTS            also after a failure
 *
 * The target's rows change in one autocommitted statement: a reader sees the old rows or the new ones, never a part.
 * The table object stays, and with it its grants, its change tracking, and the streams and dynamic tables on it.
 * No statement needs a transaction, a session parameter or a current database.
 */
import { COLUMNS } from "./columns";
import { identifier, literal, withSuffix } from "./identifiers";

/** Where a load goes, as names for SQL text. */
export interface LoadNames {
  /** Database, as `RAW`. */
  readonly database: string;
  /** Schema without database, as `LOANS`. */
  readonly schema: string;
  /** Fully qualified table that is replaced. */
  readonly target: string;
  /** Fully qualified temporary table that COPY INTO fills. */
  readonly loadTable: string;
  /** Fully qualified temporary stage, without `@`. */
  readonly stage: string;
}

/**
 * Names of one load.
 *
 * @param run a short text of letters and digits, unique to the load, so that two loads at once do not meet
 * @throws LoadError when a name is not a Snowflake identifier
 */
export function loadNames(where: { database: string; schema: string; table: string }, run: string): LoadNames {
  const database = identifier(where.database, "Database");
  const schema = identifier(where.schema, "Schema");
  const table = identifier(where.table, "Table");
  const prefix = `${database}.${schema}`;
  return {
    database,
    schema,
    target: `${prefix}.${table}`,
    loadTable: `${prefix}.${withSuffix(table, `__LOAD_${run.toUpperCase()}`)}`,
    stage: `${prefix}.${withSuffix(table, `__STAGE_${run.toUpperCase()}`)}`,
  };
}

/** DESC is a keyword of SQL in other databases and in some tools, so it is always quoted. */
function columnName(name: string): string {
  return name === "DESC" ? `"DESC"` : name;
}

const COLUMN_LIST = COLUMNS.map((column) => columnName(column.name)).join(", ");

/** Snowflake documentation: "CREATE STAGE". A temporary stage goes, files and all, with the session at the latest. */
export function createStage(names: LoadNames): string {
  return `CREATE TEMPORARY STAGE ${names.stage}`;
}

/**
 * Snowflake documentation: "PUT". The file is gzip already.
 *
 * @param path absolute path of the file on this computer; backslashes (Windows) become slashes
 */
export function putFile(names: LoadNames, path: string): string {
  const slashed = path.replaceAll("\\", "/").replaceAll("'", "\\'");
  const url = slashed.startsWith("/") ? `file://${slashed}` : `file:///${slashed}`;
  return `PUT '${url}' @${names.stage} AUTO_COMPRESS = FALSE SOURCE_COMPRESSION = GZIP OVERWRITE = TRUE`;
}

/** Snowflake documentation: "CREATE TABLE", temporary tables. */
export function createLoadTable(names: LoadNames): string {
  const columns = COLUMNS.map((column) => `${columnName(column.name)} ${column.type}`);
  return `CREATE TEMPORARY TABLE ${names.loadTable} (${columns.join(", ")})`;
}

/**
 * Snowflake documentation: "COPY INTO <table>". The files have no header; text is always in double quotes (doubled
 * inside), may hold commas and newlines; a number is bare; nothing between two commas is NULL. So no text is ever taken
 * for NULL and no backslash for an escape. One bad row fails the statement.
 */
export function copyIntoLoadTable(names: LoadNames): string {
  const format = [
    "TYPE = CSV",
    "COMPRESSION = GZIP",
    "FIELD_DELIMITER = ','",
    `FIELD_OPTIONALLY_ENCLOSED_BY = '"'`,
    "ESCAPE_UNENCLOSED_FIELD = NONE",
    "EMPTY_FIELD_AS_NULL = TRUE",
    "NULL_IF = ()",
    "ENCODING = 'UTF8'",
  ];
  return `COPY INTO ${names.loadTable} FROM @${names.stage} FILE_FORMAT = (${format.join(" ")}) ON_ERROR = ABORT_STATEMENT`;
}

/** Snowflake documentation: "CREATE TABLE". Leaves an existing table as it is. */
export function createTarget(names: LoadNames): string {
  const columns = COLUMNS.map(
    (column) => `${columnName(column.name)} ${column.type} COMMENT ${literal(column.comment)}`,
  );
  return `CREATE TABLE IF NOT EXISTS ${names.target} (${columns.join(", ")}) COMMENT = 'Personal loans, one row a loan'`;
}

/** Snowflake documentation: "INSERT", OVERWRITE: old rows go and new ones come in one transaction; grants stay. */
export function replaceTarget(names: LoadNames): string {
  return `INSERT OVERWRITE INTO ${names.target} (${COLUMN_LIST}) SELECT ${COLUMN_LIST} FROM ${names.loadTable}`;
}

/** Snowflake documentation: "DROP TABLE". */
export function dropLoadTable(names: LoadNames): string {
  return `DROP TABLE IF EXISTS ${names.loadTable}`;
}

/** Snowflake documentation: "DROP STAGE". */
export function dropStage(names: LoadNames): string {
  return `DROP STAGE IF EXISTS ${names.stage}`;
}
