/**
 * Snowflake's numeric statement types, as drivers read them from `statementTypeId`: DML types decide whether a client
 * reports affected rows, MULTI whether it goes on to fetch children. The high bits are the family (0x3000 DML,
 * 0x4000 session control, 0x5000 transactions, 0x6000 DDL, 0x7000 files).
 */
export const StatementType = {
  SELECT: 4096,
  INSERT: 12544,
  UPDATE: 12800,
  DELETE: 13056,
  MERGE: 13312,
  MULTI_TABLE_INSERT: 13568,
  COPY: 13824,
  UNLOAD: 14080,
  SCL: 16384,
  ALTER_SESSION: 16640,
  USE: 17152,
  USE_DATABASE: 17153,
  USE_SCHEMA: 17154,
  USE_WAREHOUSE: 17155,
  SHOW: 17408,
  DESCRIBE: 17664,
  LIST: 18177,
  TCL: 20480,
  BEGIN: 20736,
  COMMIT: 20992,
  ROLLBACK: 21248,
  DDL: 24576,
  GET: 28929,
  PUT: 28930,
  REMOVE: 28931,
  MULTI: 40960,
} as const;
