/**
 * Snowflake's numeric statement types, as drivers read them from `statementTypeId`: DML types decide whether a client
 * reports affected rows, MULTI whether it goes on to fetch children. The high bits are the family (0x3000 DML,
 * 0x4000 session control, 0x5000 transactions, 0x6000 DDL, 0x7000 files).
 */
export const STATEMENT_TYPE = {
  UNKNOWN: 0x0000,
  /** SELECT, CALL, EXECUTE IMMEDIATE and whatever else answers with rows. */
  SELECT: 0x1000,
  DML: 0x3000,
  INSERT: 0x3100,
  UPDATE: 0x3200,
  DELETE: 0x3300,
  MERGE: 0x3400,
  MULTI_TABLE_INSERT: 0x3500,
  /** COPY INTO a table. */
  COPY: 0x3600,
  /** COPY INTO a stage. */
  UNLOAD: 0x3700,
  RECLUSTER: 0x3800,
  SESSION_CONTROL: 0x4000,
  ALTER_SESSION: 0x4100,
  USE: 0x4300,
  USE_DATABASE: 0x4301,
  USE_SCHEMA: 0x4302,
  USE_WAREHOUSE: 0x4303,
  SHOW: 0x4400,
  DESCRIBE: 0x4500,
  LIST: 0x4701,
  TRANSACTION_CONTROL: 0x5000,
  BEGIN: 0x5100,
  COMMIT: 0x5200,
  ROLLBACK: 0x5300,
  DDL: 0x6000,
  GET: 0x7101,
  PUT: 0x7102,
  REMOVE: 0x7103,
  MULTI_STATEMENT: 0xa000,
} as const;

/** One of the numbers above. */
export type StatementTypeId = (typeof STATEMENT_TYPE)[keyof typeof STATEMENT_TYPE];
